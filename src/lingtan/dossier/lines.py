"""Rows of a register as lines of raw texts: what a form or a grid holds between two readings.

A line maps the names of columns to what somebody wrote there. It is read by the same readers as
a file, so that a cell on a screen has the faults it would have in a workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lingtan.dossier.checks import check_register, id_column
from lingtan.dossier.evidence import check_evidence_ids
from lingtan.dossier.findings import Findings
from lingtan.dossier.fingerprint import cell_text
from lingtan.dossier.records import Row
from lingtan.dossier.registers import Register, registers
from lingtan.dossier.tables import Table, read_table
from lingtan.dossier.writing import csv_bytes
from lingtan.errors import Fault, Place

Line = Mapping[str, str]
Known = Mapping[str, Iterable[str]]
_FIRST_ROW = 2  # below the heading, as people count


@dataclass(frozen=True, slots=True)
class Lines:
    """What the readers made of lines.

    `rows` has an entry for each line, None where the line is blank; `faults` have the number of
    the line as the row of their place, and the name of the register as sheet.
    """

    rows: tuple[Row | None, ...]
    faults: tuple[Fault, ...]


def read_lines(
    register: Register, lines: Sequence[Line], known: Known | None = None, numbers: Sequence[int] = ()
) -> Lines:
    """Each line as a row, with its faults cell by cell and those of equal keys.

    `known` are the ids that other registers have (and the ids of evidence), by register; only
    references to registers that it names are checked. `numbers` are what the lines are called
    where they come from; without them they count from 1.
    """
    findings, known = Findings(), known or {}
    header = headings(register, lines)
    texts = ([line.get(name, "") for name in header] for line in lines)
    place = Place(sheet=register.name)
    read = read_table(Table(register, place, [header, *texts]), findings) if lines else ()
    _check(register, read, known, findings)
    by_index = {row.place.row - _FIRST_ROW: row for row in read}
    shown = [*numbers] or [*range(1, len(lines) + 1)]
    faults = tuple(_numbered(one, shown) for one in findings.all() if one.place.row != 1)
    return Lines(tuple(by_index.get(index) for index in range(len(lines))), faults)


def _check(register: Register, read: Sequence[Row], known: Known, findings: Findings) -> None:
    """Keys, references and units; stubs stand for the rows of which only the id is known."""
    crossing = Findings()
    stubs = {name: [_stub(name, one) for one in ids] for name, ids in known.items()}
    rows = {**stubs, register.name: [*read, *stubs.get(register.name, ())]}
    check_register(register, rows, crossing, known)
    if "evidence" in known:
        check_evidence_ids(None, rows, crossing)
    findings.extend(one for one in crossing.all() if _is_own(one, register))


def headings(register: Register, lines: Iterable[Line]) -> list[str]:
    """The columns of the register, then the user's own in the order they appear."""
    further = dict.fromkeys(name for line in lines for name in line if name not in register.columns)
    return [*register.columns, *further]


def row_line(row: Row) -> dict[str, str]:
    """A row as a line in the spelling of files, blanks left out; unread cells as they were written."""
    columns = registers()[row.register].columns
    texts = {name: row.unread.get(name) or cell_text(row.values[name]) for name in columns}
    texts |= row.extra
    return {name: text for name, text in texts.items() if text}


def row_ident(row: Row) -> str:
    """The id by which other registers refer to the row, empty if it has none."""
    column = next((n for n, c in registers()[row.register].columns.items() if c.type == "id"), "")
    return row.text(column) if column else ""


def lines_csv(register: Register, lines: Sequence[Line]) -> bytes:
    """The lines as a CSV file of the register, each cell as it was written."""
    header = headings(register, lines)
    return csv_bytes(header, ([line.get(name, "") for name in header] for line in lines))


def _stub(register: str, ident: str) -> Row:
    """A row of which only the id is known."""
    columns = registers()[register].columns
    name = id_column(registers()[register])
    return Row(register, ident, {**dict.fromkeys(columns), name: ident}, Place())


def _is_own(found: Fault, register: Register) -> bool:
    """Whether a fault across rows is of these lines, not of a stub."""
    return found.place.sheet == register.name and found.place.row > 0


def _numbered(found: Fault, numbers: Sequence[int]) -> Fault:
    """The fault with the number of its line instead of the row of a sheet."""
    place, context = found.place, dict(found.context)
    if "other" in context:  # the row that an equal key was met in first
        context["other"] = str(numbers[int(context["other"]) - _FIRST_ROW])
    row = numbers[place.row - _FIRST_ROW] if place.row else 0
    return Fault(found.code, Place(place.file, place.sheet, row, place.column), context)
