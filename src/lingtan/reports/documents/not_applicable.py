"""不适用事项说明: what does not apply and why, where its points went, and what is not counted."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.assessment.records import IndicatorResult
from lingtan.dossier.registers import registers
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.indicators import say_inapplicable
from lingtan.reports.documents.limits import find_indicator, points_run
from lingtan.reports.documents.missing import build_missing
from lingtan.reports.records import Amount, Block, Heading, Listing, Paragraph, Row, Runs, Table
from lingtan.reports.results import Results
from lingtan.reports.rounding import amount, count
from lingtan.reports.words import Words

SOURCE_REGISTERS = (
    "energy_activity",
    "process_activity",
    "fugitive_gases",
    "electronics_gases",
    "waste_treatment",
    "wastewater",
    "transfers",
    "cogeneration",
)
NOT_COUNTED = ("scope3", "combustion_gases", "landfill", "wastewater_n2o", "digestion_n2o", "switchgear",
               "electronics", "biogenic", "non_kyoto", "national")  # fmt: skip


def build_not_applicable(results: Results, words: Words) -> tuple[Block, ...]:
    """Indicators, gates, source categories, limits of the methods, and missing data apart from all these."""
    desk = Desk(results, words)
    return (
        Heading("meaning", desk.text("not-applicable.meaning")),
        Listing(
            tuple(desk.runs(f"not-applicable.{key}") for key in ("applies_not", "is_missing", "is_zero"))
        ),
        Heading("indicators", desk.text("not-applicable.indicators")),
        *_indicators(desk),
        Heading("gates", desk.text("not-applicable.gates")),
        Paragraph(desk.runs("not-applicable.gates_none")),
        Heading("sources", desk.text("not-applicable.sources")),
        *_sources(desk),
        Heading("not-counted", desk.text("not-applicable.not_counted")),
        *_not_counted(desk),
        Heading("missing-data", desk.text("not-applicable.missing")),
        *build_missing(desk, intro="not-applicable.missing_intro"),
    )


def _indicators(desk: Desk) -> Iterator[Block]:
    results = desk.results.assessment.indicators
    left_out = [one for one in results if not one.applies]
    many = count(len(results), path="assessment/indicators")
    if not left_out:
        yield Paragraph(desk.runs("not-applicable.all_apply", many=many))
        return
    yield Paragraph(desk.runs("not-applicable.indicators_intro", many=many))
    yield _left_out(left_out, desk)
    if desk.is_scored:
        yield Paragraph(desk.runs("not-applicable.points_rule"))
        yield from _moved(desk)
    else:
        yield Paragraph(desk.runs("not-applicable.no_points"))


def _left_out(left_out: list[IndicatorResult], desk: Desk) -> Table:
    columns = desk.columns("not-applicable.left_out_columns", "0.8", "2.6", "3", "1.6", "1.2")
    rows = []
    for one in left_out:
        indicator = find_indicator(desk.results.edition, one.code)
        clause = desk.said(indicator.clause)
        cells = (one.code, desk.pick(one.zh, one.en), say_inapplicable(one, desk), clause)
        rows.append(Row((*((cell,) for cell in cells), (desk.basis(indicator.values_basis),))))
    return Table("left-out", desk.text("not-applicable.left_out_table"), columns, tuple(rows))


def _moved(desk: Desk) -> Iterator[Block]:
    """Indicators whose points differ from those of the edition."""
    moved = [
        one
        for one in desk.results.assessment.indicators
        if one.points != find_indicator(desk.results.edition, one.code).points
    ]
    if moved:
        columns = desk.columns("not-applicable.moved_columns", "0.8", "3", "2.4", "1.2>", "1.4>")
        rows = tuple(Row(_moved_cells(one, desk)) for one in moved)
        note = desk.runs("not-applicable.moved_note")
        yield Table("moved-points", desk.text("not-applicable.moved_table"), columns, rows, note)


def _moved_cells(one: IndicatorResult, desk: Desk) -> tuple[Runs, ...]:
    indicator = find_indicator(desk.results.edition, one.code)
    level = next(level for level in desk.results.edition.levels if level.code == indicator.level2)
    return (
        (one.code,),
        (desk.pick(one.zh, one.en),),
        (f"{level.code} {desk.pick(level.zh, level.en)}",),
        (_edition_points(one.code, desk),),
        (points_run(one),),
    )


def _edition_points(code: str, desk: Desk) -> Amount:
    points = find_indicator(desk.results.edition, code).points
    return amount(points, "points", path=f"edition/indicators/{code}/points")


def _sources(desk: Desk) -> tuple[Block, ...]:
    columns = desk.columns("not-applicable.sources_columns", "2", "1.2", "4")
    empty = desk.results.dossier.park.confirmed_empty
    names = (*SOURCE_REGISTERS, *(name for name in empty if name not in SOURCE_REGISTERS))
    rows = []
    for name in names:
        register = registers().get(name)
        called = desk.pick(register.zh, register.en) if register else name
        state = _state(name, desk)
        meaning = desk.text(f"not-applicable.{state}_meaning")
        rows.append(Row(((called,), (desk.text(f"not-applicable.{state}"),), (meaning,))))
    intro = Paragraph(desk.runs("not-applicable.sources_intro"))
    return intro, Table("sources-table", desk.text("not-applicable.sources_table"), columns, tuple(rows))


def _state(name: str, desk: Desk) -> str:
    """Filled in, confirmed to be empty, asked for and not handed in, or not asked for."""
    dossier = desk.results.dossier
    if dossier.rows.get(name):
        return "filled"
    if name in dossier.park.confirmed_empty:
        return "confirmed"
    lacking = {gap.datum for gap in desk.results.inventory.missing}
    return "lacking" if f"register {name}" in lacking else "not_asked"


def _not_counted(desk: Desk) -> Iterator[Block]:
    yield Paragraph(desk.runs("not-applicable.not_counted_intro"))
    yield Listing(tuple(desk.runs(f"not-applicable.not_counted_{key}") for key in NOT_COUNTED))
    inventories = {"inventory": desk.results.inventory, "national": desk.results.assessment.national}
    found = [
        fault
        for inventory in inventories.values()
        for fault in inventory.warnings
        if "not-counted" in fault.code or "outside-method" in fault.code
    ]
    if not found:
        return
    yield Paragraph(desk.runs("not-applicable.named"))
    hidden = desk.text("not-applicable.confidential")
    said = dict.fromkeys(
        hidden if desk.names.is_about_confidential(fault) else fault.words(desk.words.language).what
        for fault in found
    )
    yield Listing(tuple((text,) for text in said))
