"""Faults of the dossier: where, what, how to mend. Of many alike the first are told in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lingtan.errors import Fault, Severity
from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import UNKNOWN, Block, Paragraph, Row, Runs, Table
from lingtan.reports.rounding import count

TOLD_IN_FULL = 20
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def build_faults(desk: Desk) -> tuple[Block, ...]:
    """How many there are, then each with its place, errors first."""
    faults = desk.results.assessment.faults
    if not faults:
        return (Paragraph(desk.runs("improvement.no_faults")),)
    many = count(len(faults), path="faults")
    columns = desk.columns("improvement.faults_columns", "1.8", "3", "3")
    rows = tuple(_rows(faults, desk))
    intro = Paragraph(desk.runs("improvement.faults_intro", many=many))
    note = desk.runs("improvement.faults_note")
    return intro, Table("faults-table", desk.text("improvement.faults_table"), columns, rows, note)


def _rows(faults: Sequence[Fault], desk: Desk) -> Iterator[Row]:
    for severity in SEVERITIES:
        alike: dict[str, list[Fault]] = {}
        for fault in faults:
            if fault.severity == severity:
                alike.setdefault(fault.code, []).append(fault)
        if alike:
            yield Row(((desk.text(f"improvement.{severity}"),),), "group")
        for same in alike.values():
            yield from (Row(_cells(fault, desk)) for fault in same[:TOLD_IN_FULL])
            if len(same) > TOLD_IN_FULL:
                more = desk.text("improvement.more_faults", more=len(same) - TOLD_IN_FULL)
                yield Row(((UNKNOWN,), (more,), ("",)))


def _cells(fault: Fault, desk: Desk) -> tuple[Runs, ...]:
    words = fault.words(desk.words.language)
    place, mend = desk.names.clean(str(fault.place)) or UNKNOWN, desk.names.clean(words.mend)
    what = desk.names.clean(words.what)
    if desk.names.is_about_confidential(fault):
        what = desk.text("improvement.confidential_fault", code=fault.code)
    return (place,), (what,), (mend,)
