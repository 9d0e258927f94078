"""The first file of the package: what is in it, in which order, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.evidence import say_supported, say_title
from lingtan.reports.documents.evidence_state import Attached, find_unlisted, find_unreferenced
from lingtan.reports.records import UNKNOWN, Block, Heading, Paragraph, Row, Runs, Table
from lingtan.reports.results import Results
from lingtan.reports.rounding import count
from lingtan.reports.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the package and what it is for (a key of the words)."""

    name: str
    purpose: str


def build_index(
    results: Results, words: Words, entries: Sequence[Entry], attached: Sequence[Attached]
) -> tuple[Block, ...]:
    """Order of the files, the evidence with its state, and everything that is missing."""
    desk = Desk(results, words)
    return (*_order(desk, entries, attached), *_evidence(desk, attached), *_missing(desk, attached))


def _order(desk: Desk, entries: Sequence[Entry], attached: Sequence[Attached]) -> Iterator[Block]:
    documents = [entry for entry in entries if entry.purpose == "document"]
    yield Heading("order", desk.text("package.order"))
    yield Paragraph(
        desk.runs(
            "package.intro",
            documents=count(len(documents)),
            evidence=count(sum(one.is_packed for one in attached)),
            data=count(len(entries) - len(documents)),
        )
    )
    rows = [
        Row(((count(number),), (entry.name,), (desk.text(f"package.purpose_{entry.purpose}"),)))
        for number, entry in enumerate(entries, 1)
    ]
    columns = desk.columns("package.order_columns", "0.5>", "4", "1.4")
    yield Table("order-table", desk.text("package.order"), columns, tuple(rows))
    if desk.names.has_confidential:
        yield Paragraph(desk.runs("package.results_left_out"), "note")


def _evidence(desk: Desk, attached: Sequence[Attached]) -> Iterator[Block]:
    yield Heading("evidence", desk.text("package.evidence"))
    if not attached:
        yield Paragraph(desk.runs("package.evidence_none"))
        return
    columns = desk.columns("package.evidence_columns", "0.8", "2.4", "1", "2", "1.2")
    rows = tuple(Row(_evidence_cells(one, desk)) for one in attached)
    yield Table("evidence-table", desk.text("package.evidence_table"), columns, rows)


def _evidence_cells(one: Attached, desk: Desk) -> tuple[Runs, ...]:
    supports = say_supported(one.row, desk)
    state = desk.text(f"package.state_{one.state}")
    return (one.id,), (say_title(one.row, desk),), (one.row.text("page") or UNKNOWN,), (supports,), (state,)


def _missing(desk: Desk, attached: Sequence[Attached]) -> Iterator[Block]:
    rows = tuple(Row(tuple((cell,) for cell in cells)) for cells in _missing_cells(desk, attached))
    yield Heading("missing-files", desk.text("package.missing"))
    if not rows:
        yield Paragraph(desk.runs("package.missing_none"))
        return
    columns = desk.columns("package.missing_columns", "0.8", "1.8", "2.4", "2")
    yield Table("missing-table", desk.text("package.missing_table"), columns, rows)


def _missing_cells(desk: Desk, attached: Sequence[Attached]) -> Iterator[tuple[str, str, str, str]]:
    for one in attached:
        if one.state not in ("here", "confidential"):
            date = one.row.text("valid_to")
            why = desk.text(f"package.why_{one.state}", file=one.file, date=date)
            yield one.id, say_title(one.row, desk), why, desk.text(f"package.mend_{one.state}")
    for id in find_unlisted(desk.results):
        yield id, UNKNOWN, desk.text("package.why_unlisted"), desk.text("package.mend_unlisted")
    for name in find_unreferenced(desk.results):
        why = desk.text("package.why_unreferenced")
        yield UNKNOWN, desk.names.clean(name), why, desk.text("package.mend_unreferenced")
