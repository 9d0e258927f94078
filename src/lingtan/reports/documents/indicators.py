"""Indicators by first-level indicator: values and scores, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lingtan.assessment.records import IndicatorResult, LevelResult
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.evidence import say_evidence
from lingtan.reports.documents.formulas import name_input, say_formula
from lingtan.reports.documents.levels import earned_of, points_of
from lingtan.reports.documents.limits import (
    earned_run,
    find_indicator,
    limits_runs,
    points_run,
    target_runs,
    terms_of,
    value_runs,
    verdict_run,
)
from lingtan.reports.documents.missing import say_gaps
from lingtan.reports.records import Block, Heading, Row, Run, Runs, Table
from lingtan.reports.rounding import amount
from lingtan.standards.records import Indicator


def build_sections(desk: Desk) -> Iterator[Block]:
    """A section per first-level indicator: table of results, then grounds."""
    for level in desk.results.assessment.levels:
        if _parent(level.code, desk):
            continue
        results = [one for one in desk.results.assessment.indicators if _first_level(one, desk) == level.code]
        if results:
            name = desk.text("indicators.section", code=level.code, name=desk.pick(level.zh, level.en))
            yield Heading(f"level-{level.code}", name, 2)
            yield _build_results(level, results, desk)
            yield _build_grounds(level, results, desk)


def _parent(code: str, desk: Desk) -> str:
    return next(level.parent for level in desk.results.edition.levels if level.code == code)


def _second_level(result: IndicatorResult, desk: Desk) -> str:
    return find_indicator(desk.results.edition, result.code).level2


def _first_level(result: IndicatorResult, desk: Desk) -> str:
    code = _second_level(result, desk)
    return _parent(code, desk) or code


def _build_results(level: LevelResult, results: list[IndicatorResult], desk: Desk) -> Table:
    name = desk.pick(level.zh, level.en)
    title = desk.text("indicators.results_table", name=name)
    if not desk.is_scored:
        layout = ("0.7", "3", "1", "1.6", "1.6", "0.9")
        columns = desk.columns("indicators.target_columns", *layout)
        rows = [Row(_target_cells(result, desk)) for result in results]
        note = desk.runs("indicators.target_note")
        return Table(f"results-{level.code}", title, columns, tuple(rows), note)
    scored = ("0.75", "2.5", "0.9", "1.3", "1.7", "0.8>", "1>", "0.9")
    columns = desk.columns("indicators.scored_columns", *scored)
    rows = list(_scored_rows(results, desk))
    blank: Runs = ()
    total = (desk.text("indicators.total"),)
    cells = (blank, total, blank, blank, blank, (points_of(level),), (earned_of(level),), blank)
    rows.append(Row(cells, "total"))
    return Table(f"results-{level.code}", title, columns, tuple(rows), desk.runs("indicators.scored_note"))


def _scored_rows(results: list[IndicatorResult], desk: Desk) -> Iterator[Row]:
    levels = {level.code: level for level in desk.results.assessment.levels}
    last = ""
    for result in results:
        code = _second_level(result, desk)
        if code != last and _parent(code, desk):
            yield Row((_group(levels[code], desk),), "group")
        last = code
        yield Row(_scored_cells(result, desk))


def _group(level: LevelResult, desk: Desk) -> Runs:
    name = desk.pick(level.zh, level.en)
    values = {"points": points_of(level), "earned": earned_of(level)}
    return desk.runs("indicators.group", code=level.code, name=name, **values)


def _scored_cells(result: IndicatorResult, desk: Desk) -> tuple[Runs, ...]:
    indicator = find_indicator(desk.results.edition, result.code)
    return (
        (result.code,),
        (desk.pick(result.zh, result.en),),
        (desk.text(f"kinds.{result.kind}"),),
        value_runs(result, desk),
        limits_runs(indicator),
        (points_run(result),),
        (earned_run(result),),
        (verdict_run(result, desk),),
    )


def _target_cells(result: IndicatorResult, desk: Desk) -> tuple[Runs, ...]:
    return (
        (result.code,),
        (desk.pick(result.zh, result.en),),
        (desk.text(f"kinds.{result.kind}"),),
        value_runs(result, desk),
        target_runs(result, desk),
        (verdict_run(result, desk),),
    )


def _build_grounds(level: LevelResult, results: list[IndicatorResult], desk: Desk) -> Table:
    name = desk.pick(level.zh, level.en)
    rows: list[Row] = []
    for result in results:
        rows.append(Row((((f"{result.code} {desk.pick(result.zh, result.en)}"),),), "group"))
        rows.extend(_grounds(result, desk))
    columns = desk.columns("indicators.grounds_columns", "1", "5")
    return Table(
        f"grounds-{level.code}", desk.text("indicators.grounds_table", name=name), columns, tuple(rows)
    )


def _grounds(result: IndicatorResult, desk: Desk) -> Iterator[Row]:
    indicator = find_indicator(desk.results.edition, result.code)
    yield _row("formula", (_say_formula(indicator, desk),), desk)
    if values := _values(result, desk):
        yield _row("terms", values, desk)
    yield _row("bases", (_say_bases(indicator, desk),), desk)
    if not result.applies:
        yield _row("inapplicable", (say_inapplicable(result, desk),), desk)
    if result.missing:
        yield _row("missing", (say_gaps(result.missing, desk),), desk)
    named = say_evidence(result.node, desk, code=result.code, is_lacking=bool(result.missing))
    yield _row("evidence", (named,), desk)


def _row(key: str, runs: Runs, desk: Desk) -> Row:
    return Row(((desk.text(f"indicators.{key}"),), runs))


def _say_formula(indicator: Indicator, desk: Desk) -> str:
    said = say_formula(indicator.formula, desk)
    return desk.text("indicators.percent", formula=said) if indicator.unit == "%" else said


def _values(result: IndicatorResult, desk: Desk) -> Runs:
    parts: list[Runs] = []
    for label, node, path in terms_of(result):
        name: Run = name_input(label, desk)
        if isinstance(node.value, Decimal):
            unit = desk.unit(node.unit)
            parts.append((name, " ", amount(node.value, node.unit, shown_unit=unit, path=path)))
        elif node.value is None:
            parts.append((name, " ", desk.text("verdicts.missing")))
    return desk.join_runs(parts, desk.text("indicators.semicolon"))


def _say_bases(indicator: Indicator, desk: Desk) -> str:
    return desk.text(
        "indicators.bases_value",
        clause=desk.said(indicator.clause),
        kind=desk.basis(indicator.kind_basis),
        formula=desk.basis(indicator.formula_basis),
        limits=desk.basis(indicator.values_basis),
        source=desk.said(indicator.values_source),
    )


def say_inapplicable(result: IndicatorResult, desk: Desk) -> str:
    """The stated reason why an indicator does not apply."""
    indicator = find_indicator(desk.results.edition, result.code)
    return desk.pick(result.inapplicable_reason, indicator.inapplicable_en)
