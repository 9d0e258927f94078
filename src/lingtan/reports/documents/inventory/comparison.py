"""Chapters 11 and 12: the national method beside this one, and what was stated anew."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.inventory.restatement.causes import Restatement
from lingtan.reports.charts.restatements import build_restatement_chart
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.inventory.emissions import total
from lingtan.reports.documents.layout import (
    Cell,
    build_heading,
    build_paragraph,
    build_pictures,
    build_row,
    build_table,
)
from lingtan.reports.records import Amount, Block, Row
from lingtan.reports.rounding import amount, full

_BESIDE = {"emissions_tco2": "gross_tco2e", "energy_tce": "energy_tce_equal_value"}


def build_comparison(bench: Bench) -> Iterator[Block]:
    """Totals of both methods side by side; never added, never subtracted."""
    words = bench.words
    yield build_heading(words, "inventory.comparison")
    yield build_paragraph(words, "inventory.comparison_intro")
    rows = [_beside(bench, name) for name in bench.results.assessment.national.totals]
    yield build_table(words, "inventory.comparison_table", "3l 1.6r 1r 2.6l 1.6r 1r", rows,
                      note=words.runs("inventory.comparison_note"))  # fmt: skip


def _beside(bench: Bench, name: str) -> Row:
    """A total of the national method, and the one of this inventory that speaks of the same."""
    national, own = bench.results.assessment.national.totals[name], _BESIDE.get(name)
    value = amount(national.value, national.unit, path=f"national/totals/{name}")
    cells: list[Cell] = [None, None, None]
    if own:
        cells = [bench.labels.total(own), total(bench, own), bench.results.inventory.totals[own].unit]
    return build_row(bench.labels.total(name), value, bench.unit(national.unit), *cells)


def build_restatement(bench: Bench) -> Iterator[Block]:
    """Before and after with the causes; a sentence where nothing was stated anew."""
    words, found = bench.words, bench.results.restatements
    yield build_heading(words, "inventory.restatement")
    if not found:
        yield build_paragraph(words, "inventory.restatement_none")
        return
    yield build_paragraph(words, "inventory.restatement_intro")
    rows = [_restated(bench, place, one) for place, one in enumerate(found)]
    yield build_table(words, "inventory.restated", "3l 1.5r 1.5r 1.4r 0.9r 1r 1c", rows)
    causes = [_causes(bench, place, one) for place, one in enumerate(found)]
    yield build_table(words, "inventory.causes", "3l 1.2r 1.2r 1.2r 1.2r 1.2r", causes)
    charts = [build_restatement_chart(one, language=words.language) for one in found]
    yield from build_pictures("inventory", *charts)


def _restated(bench: Bench, place: int, one: Restatement) -> Row:
    path = f"restatements/{place}"
    amounts: list[Amount] = [
        amount(getattr(one, name), one.unit, path=f"{path}/{name}")
        for name in ("before", "after", "difference")
    ]
    percent = amount(one.percent, "%", path=f"{path}/percent")
    threshold = full(one.threshold_percent, path=f"{path}/threshold_percent")
    verdict = bench.words.text("verdicts.yes" if one.is_significant else "verdicts.no")
    return build_row(bench.labels.total(one.total), *amounts, percent, threshold, verdict)


def _causes(bench: Bench, place: int, one: Restatement) -> Row:
    """What each cause changed, in the order in which they were replaced."""
    changes = [
        amount(share.change, one.unit, path=f"restatements/{place}/causes/{at}/change")
        for at, share in enumerate(one.shares)
    ]
    return build_row(bench.labels.total(one.total), *changes)
