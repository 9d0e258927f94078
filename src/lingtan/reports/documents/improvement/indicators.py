"""Indicators that are failed, and those with points still to gain or targets still to reach."""

from __future__ import annotations

from lingtan.assessment.records import IndicatorResult
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.limits import (
    earned_run,
    find_award,
    find_indicator,
    is_short,
    left_run,
    limit_run,
    points_run,
    target_runs,
    value_runs,
    verdict_run,
)
from lingtan.reports.documents.missing import say_asked
from lingtan.reports.records import UNKNOWN, Block, Paragraph, Row, Run, Runs, Table


def find_failed(desk: Desk) -> tuple[IndicatorResult, ...]:
    """Indicators of the kinds the next award requires that are not passed."""
    edition, result = desk.results.edition, desk.results.assessment
    place = min(find_award(result, edition) + 1, len(edition.awards) - 1)
    kinds = edition.awards[place].required_kinds if edition.awards else ()
    return tuple(
        one for one in result.indicators if one.applies and one.kind in kinds and one.passed is not True
    )


def find_short(desk: Desk) -> tuple[IndicatorResult, ...]:
    """Those with points to gain, most points first; without points those whose target is not reached."""
    failed = {one.code for one in find_failed(desk)}
    rest = [one for one in desk.results.assessment.indicators if one.code not in failed]
    if not desk.is_scored:
        return tuple(one for one in rest if one.applies and one.passed is not True)
    short = [one for one in rest if is_short(one)]
    return tuple(sorted(short, key=lambda one: (one.earned or 0) - (one.points or 0)))


def build_failed(desk: Desk) -> tuple[Block, ...]:
    """What each failed indicator needs; a sentence if none is failed."""
    found = find_failed(desk)
    if not found:
        return (Paragraph(desk.runs("improvement.no_failed")),)
    columns = desk.columns("improvement.failed_columns", "0.7", "2.4", "0.9", "1.3", "1.3", "1.6", "2")
    rows = tuple(Row(_failed_cells(one, desk)) for one in found)
    intro = Paragraph(desk.runs("improvement.failed_intro"))
    return intro, Table("failed-table", desk.text("improvement.failed_table"), columns, rows)


def _failed_cells(one: IndicatorResult, desk: Desk) -> tuple[Runs, ...]:
    return (
        (one.code,),
        (desk.pick(one.zh, one.en),),
        (verdict_run(one, desk),),
        value_runs(one, desk),
        _needed(one, "pass_at", desk),
        (_asked(one, desk),),
        (_clause(one, desk),),
    )


def _needed(one: IndicatorResult, limit: str, desk: Desk) -> Runs:
    """The limit to reach, or the target of an edition without points."""
    indicator = find_indicator(desk.results.edition, one.code)
    if indicator.target is not None:
        return target_runs(one, desk)
    if getattr(indicator, limit) is None:
        return (UNKNOWN,)
    sign: Run = "≥ " if indicator.direction == "higher" else "≤ "
    unit = desk.unit(one.unit)
    return (sign, limit_run(indicator, limit), f" {unit}" if unit else "")


def _asked(one: IndicatorResult, desk: Desk) -> str:
    return say_asked([gap.asked_of for gap in one.missing] or ["park"], desk)


def _clause(one: IndicatorResult, desk: Desk) -> str:
    indicator = find_indicator(desk.results.edition, one.code)
    basis = desk.basis(indicator.values_basis)
    return desk.text("improvement.clause", clause=desk.said(indicator.clause), basis=basis)


def build_short(desk: Desk) -> tuple[Block, ...]:
    """Points or targets still open; the difference is left to the workbook."""
    found = find_short(desk)
    if not found:
        return (Paragraph(desk.runs("improvement.no_short")),)
    if not desk.is_scored:
        columns = desk.columns("improvement.targets_columns", "0.6", "2.8", "1.4", "1.4", "1.6", "2")
        rows = tuple(Row(_target_cells(one, desk)) for one in found)
        intro = Paragraph(desk.runs("improvement.targets_intro"))
        return intro, Table("short-table", desk.text("improvement.targets_table"), columns, rows)
    layout = ("0.75", "2.3", "1.2", "1.3", "0.8>", "0.95>", "0.95>", "1.9")
    columns = desk.columns("improvement.short_columns", *layout)
    rows = tuple(Row(_short_cells(one, desk)) for one in found)
    intro = Paragraph(desk.runs("improvement.short_intro"))
    note = desk.runs("improvement.short_note")
    return intro, Table("short-table", desk.text("improvement.short_table"), columns, rows, note)


def _target_cells(one: IndicatorResult, desk: Desk) -> tuple[Runs, ...]:
    return (
        (one.code,),
        (desk.pick(one.zh, one.en),),
        value_runs(one, desk),
        target_runs(one, desk),
        (_asked(one, desk),),
        (_clause(one, desk),),
    )


def _short_cells(one: IndicatorResult, desk: Desk) -> tuple[Runs, ...]:
    return (
        (one.code,),
        (desk.pick(one.zh, one.en),),
        value_runs(one, desk),
        _needed(one, "score_full_at", desk),
        (points_run(one),),
        (earned_run(one),),
        (left_run(one, "{c4}-{c5}"),),
        (_clause(one, desk),),
    )
