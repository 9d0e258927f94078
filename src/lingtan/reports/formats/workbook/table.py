"""The sheet of one table: caption, header with filter, rows, note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from lingtan.dossier.workbook_style import make_printable
from lingtan.reports.formats.plain import Names, shown
from lingtan.reports.formats.workbook.areas import Area
from lingtan.reports.formats.workbook.names import fitting
from lingtan.reports.formats.workbook.pen import Cell, Pen, put_link, put_runs, put_words
from lingtan.reports.formats.workbook.rows import (
    HIGHEST,
    LINE_HEIGHT,
    count_lines,
    count_text_lines,
    lines_of,
)
from lingtan.reports.records import Amount, Row, Runs, Table
from lingtan.texts import drawn_width

HEADER_ROW = 2
MANY_ROWS = 200
"""From here on only totals and headers say where numbers stand in the results."""

_NARROWEST, _WIDEST, _FILTER, _MARGIN = 9, 50, 4, 4
_WIDEST_OF_FEW = {1: 88, 2: 74, 3: 60}
"""Tables of few columns have room for longer lines."""

_BESIDE_FILTER = 2
"""Indent of a header that ends where the button of the filter stands."""

_UPRIGHT = 92
_WIDE_TABLE = 8
_ROW_HEIGHT = 18


def area_of(table: Table, sheet: str, names: Names) -> Area:
    """Where the body cells of a table will stand on its sheet."""
    area = Area(sheet, tuple(range(len(table.columns))))
    row = first_row(table)
    for entry in table.rows:
        lines = count_lines(entry, names)
        _extend(area, entry, row, row + lines - 1)
        row += lines
    return area


def first_row(table: Table) -> int:
    """The row of the sheet on which the first row of the table stands."""
    return HEADER_ROW + (1 if table.headed else 0)


def last_row(table: Table, names: Names) -> int:
    """The row of the sheet on which the last row of the table stands."""
    return first_row(table) - 1 + sum(count_lines(row, names) for row in table.rows)


def _extend(area: Area, entry: Row, first: int, last: int) -> None:
    if entry.look == "body":
        area.add_body(first, last)
    elif entry.look == "total":
        area.part()


@dataclass(slots=True)
class TableSheet:
    """Writes a table from above to below, so that nothing of it is kept but widths."""

    sheet: Worksheet
    pen: Pen
    table: Table
    widths: list[int] = field(default_factory=list)

    def write(self, back: str, in_text: str) -> None:
        """The whole sheet; `back` and `in_text` are the targets of the links at its head."""
        self._measure()
        self._head(back, in_text)
        area = Area(self.sheet.get_name(), tuple(range(len(self.table.columns))))
        row, filtered = first_row(self.table), first_row(self.table)
        for entry in self.table.rows:
            row = self._row(entry, row, area)
            filtered = row if entry.look == "body" else filtered
        self._note(row + 1)
        self._frame(filtered - 1)

    def _head(self, back: str, in_text: str) -> None:
        caption = f"{self.pen.names[self.table.id]}  {shown(self.table.title)}".replace("\n", " ")
        self.sheet.set_default_row(_ROW_HEIGHT)
        self.sheet.set_row(0, 26)
        put_words(self.pen, Cell(self.sheet, 0, 0, "caption"), caption)
        put_link(self.pen, Cell(self.sheet, 1, 0, "link"), back, self.pen.words.text("workbook.back"))
        put_link(self.pen, Cell(self.sheet, 1, 1, "link"), in_text, self.pen.words.text("workbook.in_text"))
        if not self.table.headed:
            return
        for index, column in enumerate(self.table.columns):
            cell = Cell(self.sheet, HEADER_ROW, index, "header", column.align)
            beside = {"indent": _BESIDE_FILTER} if column.align == "right" else {}
            put_words(self.pen, cell, shown(column.title), **beside)
            if self._has_many:
                self._explain_column(index)
        self._grow(HEADER_ROW, (shown(column.title) for column in self.table.columns))

    @property
    def _has_many(self) -> bool:
        return len(self.table.rows) > MANY_ROWS

    def _explain_column(self, index: int) -> None:
        for row in self.table.rows:
            match row.cells[index : index + 1]:
                case ((Amount(path=path),),) if path:
                    text = self.pen.words.text("workbook.path_column", path=path)
                    self.pen.note(self.sheet, HEADER_ROW, index, text)
                    return

    def _row(self, entry: Row, row: int, area: Area) -> int:
        """Writes one row of the table, gives the next free row of the sheet."""
        first = row
        if entry.look == "group":
            self._group(entry, row)
            return row + 1
        for cells in lines_of(entry, self.pen.names):
            for index, column in enumerate(self.table.columns):
                runs = cells[index] if index < len(cells) else ()
                put_runs(self.pen, Cell(self.sheet, row, index, entry.look, column.align), runs, area, index)
                self._explain(runs, entry, row, index)
            self._grow(row, (self.pen.text(runs) for runs in cells))
            row += 1
        _extend(area, entry, first, row - 1)
        return row

    def _group(self, entry: Row, row: int) -> None:
        """The words run on over the empty cells to their right, which merging would keep from sorting."""
        put_words(self.pen, Cell(self.sheet, row, 0, "group"), self.pen.text(entry.cells[0]))
        for index in range(1, len(self.table.columns)):
            put_words(self.pen, Cell(self.sheet, row, index, "group"), "")

    def _explain(self, runs: Runs, entry: Row, row: int, column: int) -> None:
        if self._has_many and entry.look != "total":
            return
        match runs:
            case (Amount(path=path),) if path:
                self.pen.note(self.sheet, row, column, self.pen.words.text("workbook.path", path=path))

    def _measure(self) -> None:
        """Widths that show the words of headers and most cells."""
        self.widths = [_header_width(column.title) for column in self.table.columns]
        widest = _WIDEST_OF_FEW.get(len(self.widths), _WIDEST)
        for row in self.table.rows:
            cells = row.cells[: len(self.widths)] if row.look != "group" else ()
            for index, runs in enumerate(cells):
                if runs and self.widths[index] < widest:
                    lines = self.pen.text(runs)[:500].split("\n")
                    wide = max(drawn_width(line) for line in lines) + _MARGIN
                    self.widths[index] = min(max(self.widths[index], wide), widest)

    def _grow(self, row: int, texts: Iterable[str]) -> None:
        """A row high enough for its longest cell, where one line is not."""
        lines = max(
            count_text_lines(text, width - _MARGIN) for text, width in zip(texts, self.widths, strict=False)
        )
        if lines > 1:
            self.sheet.set_row(row, min(LINE_HEIGHT * lines + 4, HIGHEST))

    def _note(self, row: int) -> None:
        if not self.table.note:
            return
        text = self.pen.words.text("workbook.source", text=self.pen.text(self.table.note))
        last = len(self.table.columns) - 1
        if last:
            self.sheet.merge_range(row, 0, row, last, None, self.pen.style["note"])
        lines = count_text_lines(text, sum(self.widths))
        self.sheet.set_row(row, min(LINE_HEIGHT * lines + 2, HIGHEST))
        put_words(self.pen, Cell(self.sheet, row, 0, "note"), text)

    def _frame(self, last: int) -> None:
        """Widths, header that stays in sight, filter, paper."""
        for index, width in enumerate(self.widths):
            self.sheet.set_column(index, index, width)
        wide = len(self.table.columns) > _WIDE_TABLE
        self.sheet.freeze_panes(first_row(self.table), 1 if wide else 0)
        if self.table.headed and last > HEADER_ROW:
            self.sheet.autofilter(HEADER_ROW, 0, last, len(self.table.columns) - 1)
        make_printable(self.sheet, first_row(self.table), landscape=wide or sum(self.widths) > _UPRIGHT)
        self.sheet.hide_gridlines(2)


def _header_width(title: str) -> int:
    """Room for a header in two lines and the button of the filter."""
    wide = max(drawn_width(word) for word in (*fitting(shown(title), 80).split(), ""))
    return max(_NARROWEST, min(wide, 14) + _FILTER)
