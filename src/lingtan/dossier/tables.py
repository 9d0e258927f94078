"""From a sheet of raw cells to the rows of a register, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from lingtan.dossier.cells import (
    CellError,
    Notes,
    Parser,
    Raw,
    clean,
    parse_id,
    parse_text,
    raw_text,
)
from lingtan.dossier.cells_dates import parse_date, parse_period
from lingtan.dossier.cells_numbers import number_parser
from lingtan.dossier.cells_words import choice_parser, parse_evidence, parse_unit, parse_yes_no
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.headers import (
    REMARK,
    SEARCHED_ROWS,
    Header,
    folded,
    is_example_mark,
    is_mark,
    read_header,
    unit_hint,
)
from lingtan.dossier.records import Cell, Row
from lingtan.dossier.registers import Column, Register
from lingtan.errors import Place

MOST_REMEMBERED = 20_000  # texts of a column whose value is kept; equal texts are parsed once

_PARSERS: dict[str, Parser] = {
    "id": parse_id,
    "ref": parse_id,
    "text": parse_text,
    "yes_no": parse_yes_no,
    "date": parse_date,
    "period": parse_period,
    "unit": parse_unit,
    "evidence": parse_evidence,
}


@dataclass(frozen=True, slots=True)
class Table:
    """The raw cells of one register: where they stand, and rows from the top of the sheet."""

    register: Register
    place: Place
    rows: Iterable[Sequence[Raw]]
    is_workbook: bool = False


def parser_of(column: Column) -> Parser:
    """The parser for the cells of a column."""
    if column.is_numeric:
        return number_parser(column)
    return choice_parser(column) if column.type == "choice" else _PARSERS[column.type]


class _ColumnReader:
    """Reads the cells of one column; texts that were clean once are remembered."""

    def __init__(self, column: Column, place: Place, findings: Findings, *, is_workbook: bool) -> None:
        self.name = column.name
        self.known: dict[str, Cell] = {}
        self._refused: dict[str, CellError] = {}
        self._column = column
        self._parse = parser_of(column)
        self._place = place
        self._findings = findings
        self._is_text_noted = is_workbook and column.is_numeric

    def read(self, raw: Raw, row: int, unread: dict[str, str]) -> Cell:
        """The value of `raw`; None if blank or refused (then its text goes to `unread`)."""
        notes: Notes = []
        try:
            value = self._value(raw, notes)
        except CellError as refusal:
            self._refuse(refusal, raw, row)
            unread[self.name] = raw_text(raw)
            return None
        for code in notes:
            self._findings.count(code, self._at(row), given=_short(raw), label=self._column.zh)
        if value is None and self._column.required:
            self._findings.add("dossier.required-blank", self._at(row), label=self._column.zh)
        elif not notes and type(raw) is str and len(self.known) < MOST_REMEMBERED:
            self.known[raw] = value
        return value

    def _value(self, raw: Raw, notes: Notes) -> Cell:
        if type(raw) is str and raw in self._refused:
            raise self._refused[raw]
        cell = clean(raw, notes)
        if cell is None:
            return None
        value = self._parse(cell, notes)
        if self._is_text_noted and value is not None and isinstance(cell, str) and not notes:
            notes.append("dossier.number-as-text")
        return value

    def _refuse(self, refusal: CellError, raw: Raw, row: int) -> None:
        if type(raw) is str and len(self._refused) < MOST_REMEMBERED:
            self._refused[raw] = refusal
        self._findings.add(refusal.code, self._at(row), label=self._column.zh, **refusal.context)

    def _at(self, row: int) -> Place:
        return Place(self._place.file, self._place.sheet, row, self.name)


def _short(raw: Raw) -> str:
    return shown(raw_text(raw))


def read_table(table: Table, findings: Findings) -> tuple[Row, ...]:
    """The rows of a register. Every fault goes to `findings`; no row and no cell is dropped."""
    rows = iter(table.rows)
    top = list(islice(rows, SEARCHED_ROWS))
    if not any(not is_blank(row) for row in top):
        return ()
    header = read_header(table.register, top, table.place, findings)
    if header is None:
        return ()
    start = header.row + 1
    while start < len(top) and _repeats_header(top[start], header, table.register):
        start += 1
    numbered = enumerate(chain(top[start:], rows), start=start + 1)
    return tuple(_TableReader(table, header, findings).read(numbered))


def is_blank(row: Sequence[Raw]) -> bool:
    """Whether no cell of the row holds anything but blanks."""
    return all(type(cell) is str and not cell.strip() for cell in row)


def _repeats_header(row: Sequence[Raw], header: Header, register: Register) -> bool:
    """Whether a row below the header is a second heading, in the other language or with units."""
    cells = [(index, cell) for index, cell in enumerate(row) if cell != ""]
    named = [(header.columns[index], cell) for index, cell in cells if index in header.columns]
    return len(named) > 1 and all(
        isinstance(cell, str) and _is_heading_of(register.columns[name], cell) for name, cell in named
    )


def _is_heading_of(column: Column, cell: str) -> bool:
    hints = (column.name, column.zh, column.en, column.unit, unit_hint(column))
    return folded(cell.strip("()（）[]")) in {folded(hint) for hint in hints if hint}


class _TableReader:
    """Reads the rows below a header."""

    def __init__(self, table: Table, header: Header, findings: Findings) -> None:
        self._table = table
        self._header = header
        self._findings = findings
        register = table.register
        self._readers = [
            (index, _ColumnReader(column, table.place, findings, is_workbook=table.is_workbook))
            for index, column in ((i, register.columns[name]) for i, name in header.columns.items())
        ]
        self._absent: dict[str, Cell] = dict.fromkeys(register.columns)
        self._headed = {*header.columns, *header.extra, header.marker}

    def read(self, numbered: Iterator[tuple[int, Sequence[Raw]]]) -> Iterator[Row]:
        """Each row that holds data."""
        width, marker, table = self._header.width, self._header.marker, self._table
        plan = [(index, reader.name, reader.known, reader.read) for index, reader in self._readers]
        has_gaps = len(self._headed - {None}) != width
        for number, cells in numbered:
            if is_blank(cells) or (marker is not None and self._is_marked(number, cells)):
                continue
            if len(cells) != width:
                cells = self._fitted(number, cells)
            unread: dict[str, str] = {}
            values = self._absent.copy()
            for index, name, known, read in plan:
                raw = cells[index]
                if type(raw) is str and raw in known:
                    values[name] = known[raw]
                else:
                    values[name] = read(raw, number, unread)
            spare = has_gaps or len(cells) > width or self._header.extra or marker is not None
            extra = self._extra(number, cells) if spare else {}
            place = Place(table.place.file, table.place.sheet, number)
            yield Row(table.register.name, _key(table.register, values), values, place, extra, unread)

    def _is_marked(self, number: int, cells: Sequence[Raw]) -> bool:
        """Whether the row is one of ours that hold no data: label, unit and example rows."""
        marker = self._header.marker
        mark = cells[marker] if marker is not None and marker < len(cells) else ""
        if not is_mark(mark):
            return False
        if is_example_mark(mark) and self._is_edited(cells):
            place = Place(self._table.place.file, self._table.place.sheet, number)
            self._findings.add("dossier.example-edited", place)
        return True

    def _is_edited(self, cells: Sequence[Raw]) -> bool:
        for index, name in self._header.columns.items():
            raw = cells[index] if index < len(cells) else ""
            if folded(raw_text(raw)) != folded(example_text(self._table.register.columns[name])):
                return True
        return False

    def _fitted(self, number: int, cells: Sequence[Raw]) -> Sequence[Raw]:
        """The row with as many cells as the header; too few is a fault in a CSV file."""
        missing = self._header.width - len(cells)
        if missing > 0:
            place = Place(self._table.place.file, self._table.place.sheet, number)
            if not self._table.is_workbook:
                width = self._header.width
                self._findings.add("dossier.short-row", place, cells=len(cells), width=width)
            return [*cells, *[""] * missing]
        return cells

    def _extra(self, number: int, cells: Sequence[Raw]) -> dict[str, str]:
        """The user's further cells as text; a cell below no heading is a fault, and is kept."""
        extra = {name: _plain(cells[index]) for index, name in self._header.extra.items()}
        marker = self._header.marker
        if marker is not None and _plain(cells[marker]):
            extra[REMARK] = _plain(cells[marker])
        for index, cell in enumerate(cells):
            if index not in self._headed and _plain(cell):
                name = f"column {index + 1}"
                extra[name] = _plain(cell)
                place = Place(self._table.place.file, self._table.place.sheet, number, name)
                self._findings.add("dossier.cell-without-header", place, given=_short(cell))
        return extra


def _plain(cell: Raw) -> str:
    text = raw_text(cell)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _key(register: Register, values: dict[str, Cell]) -> str:
    return "/".join(str(values[name]) for name in register.key if values[name] is not None)


def example_text(column: Column) -> str:
    """The example of a column as the workbook shows it: labels for choices, 是/否 for answers."""
    example = column.example
    if example is None:
        return ""
    text = str(example)
    if column.type == "choice":
        return column.choices[text][0] if text in column.choices else text
    if column.type == "yes_no":
        return "是" if text.lower() in ("yes", "true") else "否"
    return text
