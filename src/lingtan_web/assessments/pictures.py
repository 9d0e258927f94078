"""Charts of a calculation as SVG in both languages, with the words that stand around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from lingtan.errors import Language
from lingtan.reports.charts import (
    Chart,
    build_cancellation_chart,
    build_energy_chart,
    build_enterprise_chart,
    build_indicator_chart,
    build_level_chart,
    build_load_chart,
    build_matching_chart,
    build_scope_chart,
    build_source_chart,
    build_star_chart,
    render_svg,
)
from lingtan.reports.documents.naming import Names
from lingtan.reports.results import Results
from lingtan.reports.words import Words

LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart in one language; `name` is its file name without ending."""

    name: str
    language: Language
    svg: str
    title: str
    caption: str
    alt: str


def draw_pictures(results: Results) -> Iterator[Picture]:
    """Every chart there is something to draw for. Confidential enterprises stay unnamed in all of them."""
    for language in LANGUAGES:
        for name, chart in _charts(results, language):
            if chart is not None:
                yield Picture(name, language, render_svg(chart), chart.title, chart.caption, chart.alt)


def _charts(results: Results, language: Language) -> Iterator[tuple[str, Chart | None]]:
    for result, edition in zip(results.assessments, results.editions, strict=True):
        yield f"stars.{edition.id}", build_star_chart(result, edition, language=language)
        yield f"levels.{edition.id}", build_level_chart(result, edition, language=language)
        yield f"indicators.{edition.id}", build_indicator_chart(result, edition, language=language)
    names, inventory = _names(results, language), results.inventory
    yield "scopes", build_scope_chart(inventory, language=language)
    yield "sources", build_source_chart(inventory, language=language)
    yield "enterprises", build_enterprise_chart(inventory, names=names, language=language)
    yield "energy", build_energy_chart(inventory, names=names, language=language)
    yield "cancellation", build_cancellation_chart(results.ledger, language=language)
    if results.matching is not None:
        yield "load", build_load_chart(results.matching.hours, language=language)
        yield "matching", build_matching_chart(results.matching, language=language)


def _names(results: Results, language: Language) -> Mapping[str, str]:
    names = Names(results, Words(language))
    return {one.enterprise: names.enterprise(one.enterprise) for one in results.inventory.members}
