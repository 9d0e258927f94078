"""Evidence behind a number: what the rows it rests on name, and what the list says it supports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lingtan.dossier.records import Dossier, Row, listed_in
from lingtan.dossier.registers import registers
from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import UNKNOWN, Block, Heading, Paragraph, Table
from lingtan.reports.records import Row as TableRow
from lingtan.trace import Node, Origin, walk

_REFERENCE = re.compile(r"(?P<register>\w+)\[(?P<key>.*)\](\.\w+)?")


def find_evidence(node: Node, dossier: Dossier, *, code: str = "") -> tuple[str, ...]:
    """Ids of the evidence behind `node` in the order of the list; those not listed come last."""
    listed = {row.text("id"): row for row in dossier.rows.get("evidence", ())}
    rows = {(row.register, row.key): row for some in dossier.rows.values() for row in some}
    origins = [one.origin for one in walk(node) if one.origin]
    found = {id for origin in origins for id in _named(origin, dossier, rows)}
    wanted = {code, *(origin.reference for origin in origins if origin.kind == "cell")} - {""}
    found |= {id for id, row in listed.items() if wanted & set(row.listed("supports"))}
    return (*(id for id in listed if id in found), *sorted(found - set(listed)))


def _named(origin: Origin, dossier: Dossier, rows: Mapping[tuple[str, str], Row]) -> Iterator[str]:
    yield from listed_in(origin.detail.get("evidence", ""))
    if origin.kind == "profile":
        yield from listed_in(dossier.park.profile_evidence.get(origin.reference.rpartition(".")[2], ""))
    match = _REFERENCE.fullmatch(origin.reference) if origin.kind == "cell" else None
    if match and (row := rows.get((match["register"], match["key"]))):
        yield from row.listed("evidence")


def say_evidence(node: Node, desk: Desk, *, code: str = "", is_lacking: bool = False) -> str:
    """The ids of the evidence; that none is named, or that it comes with data still missing."""
    found = find_evidence(node, desk.results.dossier, code=code)
    if found:
        return desk.join(found)
    return desk.text("indicators.evidence_with_data" if is_lacking else "indicators.no_evidence")


def build_evidence_list(desk: Desk) -> tuple[Block, ...]:
    """The chapter that lists every document handed in."""
    head = Heading("evidence", desk.text("evidence.heading"))
    rows = desk.results.dossier.rows.get("evidence", ())
    if not rows:
        return head, Paragraph(desk.runs("evidence.none"))
    columns = desk.columns("evidence.columns", "0.8", "2.6", "2.2", "0.9", "1")
    body = tuple(TableRow(tuple((cell,) for cell in _cells(row, desk))) for row in rows)
    return head, Table("evidence-list", desk.text("evidence.table"), columns, body)


def _cells(row: Row, desk: Desk) -> tuple[str, ...]:
    title, supports = say_title(row, desk), say_supported(row, desk)
    cells = (row.text("id"), title, supports, row.text("page"), row.text("valid_to"))
    return tuple(cell or UNKNOWN for cell in cells)


def say_title(row: Row, desk: Desk) -> str:
    """The title of a document of the list; a confidential one has none."""
    hidden = row.values.get("confidential") is True
    return desk.text("evidence.confidential") if hidden else desk.names.clean(row.text("title"))


def say_supported(row: Row, desk: Desk) -> str:
    """What a document of the list supports, in words."""
    return desk.join([_say_supported(part, desk) for part in row.listed("supports")])


def _say_supported(part: str, desk: Desk) -> str:
    """A register by its name; codes of indicators as they stand."""
    if register := registers().get(part):
        return desk.pick(register.zh, register.en)
    if part in ("boundary.geojson", "profile"):
        return desk.text(f"evidence.{part.partition('.')[0]}")
    return desk.names.clean(part)
