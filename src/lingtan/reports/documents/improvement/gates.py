"""Basic requirements that are not passed."""

from __future__ import annotations

from lingtan.assessment.records import GateResult
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.formulas import say_formula
from lingtan.reports.documents.gates import find_gate, say_standing
from lingtan.reports.documents.missing import say_asked
from lingtan.reports.records import Block, Paragraph, Row, Runs, Table


def find_open(desk: Desk) -> tuple[GateResult, ...]:
    """Those failed, then those not known."""
    closed = [gate for gate in desk.results.assessment.gates if gate.passed is not True]
    return tuple(sorted(closed, key=lambda gate: gate.passed is None))


def build_open_gates(desk: Desk) -> tuple[Block, ...]:
    """What keeps each requirement from being passed; a sentence if nothing does."""
    found = find_open(desk)
    if not found:
        return (Paragraph(desk.runs("improvement.no_gates")),)
    columns = desk.columns("improvement.gates_columns", "2", "0.8", "2.6", "2.4", "1.3", "1")
    rows = tuple(Row(_cells(gate, desk)) for gate in found)
    intro = Paragraph(desk.runs("improvement.gates_intro"))
    return intro, Table("open-gates-table", desk.text("improvement.gates_table"), columns, rows)


def _cells(result: GateResult, desk: Desk) -> tuple[Runs, ...]:
    gate = find_gate(result, desk)
    asked = say_asked([gap.asked_of for gap in result.missing] or ["park"], desk)
    return (
        (desk.pick(result.zh, result.en),),
        (desk.verdict(result.passed),),
        (say_standing(result, desk),),
        (say_formula(gate.formula, desk),),
        (asked,),
        (desk.text("improvement.clause", clause=desk.said(gate.clause), basis=desk.basis(gate.rule_basis)),),
    )
