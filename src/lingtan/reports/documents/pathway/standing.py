"""Chapters 1 and 2: what the plan is for, and where the park stands."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.charts import (
    build_cancellation_chart,
    build_indicator_chart,
    build_level_chart,
    build_source_chart,
    build_star_chart,
)
from lingtan.reports.documents.balance import build_cancellation_table, build_totals_table
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.gates import build_short_gates_table
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_pictures
from lingtan.reports.documents.levels import build_levels_table
from lingtan.reports.documents.park_facts import build_identity
from lingtan.reports.documents.self_assessment.conclusion import say_result
from lingtan.reports.records import Block, Listing


def build_purpose(bench: Bench) -> Iterator[Block]:
    """Edition, principles and phases it names."""
    words, edition = bench.words, bench.results.edition
    yield build_heading(words, "pathway.purpose")
    name = words.pick(edition.zh, edition.en)
    year = str(bench.results.dossier.park.reporting.year)
    yield build_paragraph(words, "pathway.purpose_text", edition=name, year=year)
    yield build_identity(bench)
    for key, named in (("principles", edition.principles), ("process", edition.process)):
        if named:
            yield build_paragraph(words, f"pathway.{key}")
            yield Listing(tuple((_side(bench, one),) for one in named), ordered=True)


def _side(bench: Bench, both: str) -> str:
    """Of `准备阶段 / preparation` the part of this language."""
    zh, _, en = both.partition(" / ")
    return bench.pick(zh, en)


def build_standing(bench: Bench) -> Iterator[Block]:
    """Result, points, gates, emissions and what of them is cancelled."""
    words, results = bench.words, bench.results
    language = words.language
    yield build_heading(words, "pathway.standing")
    yield say_result(bench)
    yield build_heading(words, "pathway.standing_levels", level=2)
    if bench.is_scored:
        yield build_levels_table(bench)
        yield from build_pictures(
            "pathway",
            build_star_chart(results.assessment, results.edition, language=language),
            build_level_chart(results.assessment, results.edition, language=language),
            build_indicator_chart(results.assessment, results.edition, language=language),
        )
    else:
        yield build_paragraph(words, "pathway.not_scored")
    yield build_heading(words, "pathway.standing_gates", level=2)
    if results.assessment.gates:
        yield build_short_gates_table(bench)
    else:
        yield build_paragraph(words, "gates.none")
    yield build_heading(words, "pathway.standing_emissions", level=2)
    yield build_totals_table(bench)
    yield build_cancellation_table(bench)
    yield from build_pictures(
        "pathway",
        build_source_chart(results.inventory, language=language),
        build_cancellation_chart(results.ledger, language=language),
    )
