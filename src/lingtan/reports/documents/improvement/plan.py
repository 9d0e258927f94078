"""Who does what by when: every item of the list in its order, to be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.improvement.gates import find_open
from lingtan.reports.documents.improvement.indicators import find_failed, find_short
from lingtan.reports.documents.missing import group_missing, say_asked
from lingtan.reports.records import Block, Paragraph, Row, Runs, Table


def build_plan(desk: Desk) -> tuple[Block, ...]:
    """Fields for the person responsible, the date and how far it is."""
    rows = tuple(_rows(desk))
    if not rows:
        return (Paragraph(desk.runs("improvement.nothing_to_do")),)
    columns = desk.columns("improvement.plan_columns", "3.6", "2", "1.2", "1.2", "1.6")
    intro = Paragraph(desk.runs("improvement.plan_intro"))
    return intro, Table("plan-table", desk.text("improvement.plan_table"), columns, rows)


def _rows(desk: Desk) -> Iterator[Row]:
    blank: Runs = ()
    for key, items in _parts(desk):
        if items:
            yield Row(((desk.text(key),),), "group")
        for what, asked in items:
            yield Row(((what,), (asked,), blank, blank, blank))


def _parts(desk: Desk) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    park = desk.names.asked("park")
    yield "improvement.gates", [(desk.pick(gate.zh, gate.en), park) for gate in find_open(desk)]
    for key, found in (("failed", find_failed(desk)), ("short", find_short(desk))):
        if key == "short":
            yield "improvement.missing", list(_data(desk))
            key = "short" if desk.is_scored else "targets"
        named = [(f"{one.code} {desk.pick(one.zh, one.en)}", park) for one in found]
        yield f"improvement.{key}", named


def _data(desk: Desk) -> Iterator[tuple[str, str]]:
    for _, same in group_missing(desk):
        asked = say_asked([datum.asked_of for datum in same], desk)
        yield desk.names.datum(same[0].datum, count=len(same)), asked
