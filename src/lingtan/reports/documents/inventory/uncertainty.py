"""Chapter 9: how well the totals are known, what that rests on, and the quality of the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lingtan.inventory.uncertainty.records import Contribution, Grade, TotalUncertainty
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.records import Block, Listing, Row, Runs
from lingtan.reports.rounding import amount, count

LARGEST = 10
NAMED = 10
GROSS = "gross_tco2e"


def build_uncertainty(bench: Bench) -> Iterator[Block]:
    """Half-widths, largest contributions, what was left out, grades."""
    words, totals = bench.words, bench.results.uncertainty.totals
    yield build_heading(words, "inventory.uncertainty")
    yield build_paragraph(words, "inventory.uncertainty_intro")
    yield from build_widths(bench)
    yield build_heading(words, "inventory.contributions_head", level=2)
    yield from build_contributions(bench)
    yield from _left_out(bench, totals[GROSS])
    yield build_heading(words, "inventory.grades_head", level=2)
    yield from _grades(bench, totals[GROSS].sources)


def build_widths(bench: Bench) -> Iterator[Block]:
    """Half-widths of every total; most widths of inputs are defaults, and that is said."""
    words = bench.words
    rows = [_total(bench, name, one) for name, one in bench.results.uncertainty.totals.items()]
    yield build_table(words, "inventory.widths", "3.4l 1.5r 1.1r 1.4r 1.4r 0.9c 0.9c", rows,
                      note=words.runs("inventory.widths_note"))  # fmt: skip
    yield build_paragraph(words, "inventory.widths_set", look="callout")


def _total(bench: Bench, name: str, one: TotalUncertainty) -> Row:
    path = f"uncertainty/totals/{name}"
    grade = one.grade.grade if one.grade else None
    return build_row(
        bench.labels.total(name),
        amount(one.value, one.unit, path=f"{path}/value"),
        _shown(one.percent, "%", path=f"{path}/percent_95"),
        _shown(one.half_width, one.unit, path=f"{path}/half_width_95"),
        _shown(one.independent, one.unit, path=f"{path}/deviation_if_independent"),
        count(grade, path=f"{path}/quality/grade") if grade is not None else "—",
        bench.words.text("verdicts.yes" if one.is_complete else "verdicts.no"),
    )


def _shown(value: float | None, unit: str, *, path: str) -> Runs:
    return (amount(value, unit, path=path),)


def build_contributions(bench: Bench) -> Iterator[Block]:
    """The inputs that the variance of the gross total rests on most."""
    words, gross = bench.words, bench.results.uncertainty.totals[GROSS]
    placed = [(place, one) for place, one in enumerate(gross.inputs) if one.share > 0]
    largest = sorted(placed, key=lambda item: -item[1].share)[:LARGEST]
    if not largest:
        yield build_paragraph(words, "inventory.contributions_none")
        return
    kinds = {one.name: one for one in bench.results.uncertainty.inputs}
    rows = [_contribution(bench, place, one, kinds[one.name].role) for place, one in largest]
    yield build_paragraph(words, "inventory.contributions_intro")
    yield build_table(words, "inventory.contributions", "4l 1.2l 1.4r 1r", rows)


def _contribution(bench: Bench, place: int, one: Contribution, role: str) -> Row:
    path = f"uncertainty/totals/{GROSS}/inputs/{place}"
    return build_row(
        bench.name_input(one.name),
        bench.words.text(f"inventory.role_{role}"),
        amount(one.deviation, "tCO2e", path=f"{path}/deviation"),
        amount(one.share, "1", path=f"{path}/share", digits=4),
    )


def _left_out(bench: Bench, gross: TotalUncertainty) -> Iterator[Block]:
    """Inputs without a width and lines of unknown make: the width is too small by them."""
    for kind, names in (("without", gross.without), ("unknown", gross.unknown)):
        if names:
            many = count(len(names), path=f"uncertainty/totals/{GROSS}/{kind}")
            yield build_paragraph(bench.words, f"inventory.{kind}", many=many)
            yield Listing(tuple((bench.name_input(name),) for name in names[:NAMED]))


def _grades(bench: Bench, sources: Sequence[Grade]) -> Iterator[Block]:
    words = bench.words
    yield build_paragraph(words, "inventory.grades_intro")
    if not sources:
        yield build_paragraph(words, "inventory.grades_none")
        return
    rows = [_grade(bench, place, one) for place, one in enumerate(sources)]
    yield build_table(
        words, "inventory.grades", "3l 1.2r 1c 1.6r", rows, note=words.runs("inventory.grades_note")
    )


def _grade(bench: Bench, place: int, one: Grade) -> Row:
    path = f"uncertainty/totals/{GROSS}/quality_by_source/{place}"
    return build_row(
        bench.labels.source(one.name),
        amount(one.score, "1", path=f"{path}/score", digits=1),
        count(one.grade, path=f"{path}/grade") if one.grade is not None else "—",
        amount(one.weight, "tCO2e", path=f"{path}/weight"),
    )
