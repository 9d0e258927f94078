"""The basic requirements: verdicts, why, and what each verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lingtan.assessment.records import GateResult
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.evidence import say_evidence
from lingtan.reports.documents.formulas import name_input, say_formula
from lingtan.reports.documents.missing import say_gaps
from lingtan.reports.records import Block, Paragraph, Row, Run, Runs, Table
from lingtan.reports.rounding import amount
from lingtan.standards.records import Gate
from lingtan.trace import Node


def build_gates_table(desk: Desk) -> Table:
    """Each basic requirement with verdict, reason and what it is based on."""
    columns = desk.columns("gates.columns", "2.4", "0.8", "3", "1.3", "1.5")
    rows = tuple(Row(_cells(result, desk)) for result in desk.results.assessment.gates)
    return Table("gates", desk.text("gates.table"), columns, rows, desk.runs("gates.note"))


def build_short_gates_table(desk: Desk) -> Table:
    """Each basic requirement with its verdict and clause only."""
    columns = desk.columns("gates.short_columns", "3", "1", "1.4")
    rows = []
    for result in desk.results.assessment.gates:
        clause = desk.said(find_gate(result, desk).clause)
        rows.append(Row(((desk.pick(result.zh, result.en),), (desk.verdict(result.passed),), (clause,))))
    return Table("gates", desk.text("gates.table"), columns, tuple(rows))


def find_gate(result: GateResult, desk: Desk) -> Gate:
    """The gate of the edition behind a result."""
    return next(gate for gate in desk.results.edition.gates if gate.id == result.id)


def _cells(result: GateResult, desk: Desk) -> tuple[Runs, ...]:
    gate = find_gate(result, desk)
    return (
        (desk.pick(result.zh, result.en),),
        (desk.verdict(result.passed),),
        (say_standing(result, desk),),
        (desk.said(gate.clause),),
        (desk.text("gates.bases", basis=desk.basis(gate.basis), rule=desk.basis(gate.rule_basis)),),
    )


def say_standing(result: GateResult, desk: Desk) -> str:
    """Why the gate is closed, what is lacking, or that all is there."""
    if result.passed:
        return desk.text("gates.met")
    if result.passed is None:
        return desk.text("gates.lacking", missing=say_gaps(result.missing, desk))
    return desk.pick(result.reason_zh, result.reason_en)


def build_gate_grounds(desk: Desk) -> tuple[Block, ...]:
    """On what each verdict rests: rule in words, values, evidence."""
    rows: list[Row] = []
    for result in desk.results.assessment.gates:
        rows.append(Row(((desk.pick(result.zh, result.en),),), "group"))
        rows.extend(_grounds(result, desk))
    columns = desk.columns("gates.grounds_columns", "1", "5")
    table = Table("gate-grounds", desk.text("gates.grounds_table"), columns, tuple(rows))
    return Paragraph(desk.runs("gates.grounds_intro")), table


def _grounds(result: GateResult, desk: Desk) -> Iterator[Row]:
    gate = find_gate(result, desk)
    yield Row(((desk.text("gates.rule"),), (say_formula(gate.formula, desk),)))
    values = [_value(label, node, result, desk) for label, node in result.node.inputs]
    if shown := [runs for runs in values if runs]:
        yield Row(((desk.text("gates.values"),), desk.join_runs(shown, desk.text("indicators.semicolon"))))
    named = say_evidence(result.node, desk, is_lacking=bool(result.missing))
    yield Row(((desk.text("gates.evidence"),), (named,)))


def _value(label: str, node: Node, result: GateResult, desk: Desk) -> Runs:
    name: Run = name_input(label, desk)
    if isinstance(node.value, bool):
        return (name, " ", desk.text("verdicts.yes" if node.value else "verdicts.no"))
    if not isinstance(node.value, Decimal):
        return (name, " ", desk.text("verdicts.missing")) if node.value is None else ()
    path = f"assessment/gates/{result.id}/trace/inputs/{label}/value"
    return (name, " ", amount(node.value, node.unit, shown_unit=desk.unit(node.unit), path=path))
