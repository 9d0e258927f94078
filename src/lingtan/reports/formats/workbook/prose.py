"""Sheets of running text: a grid of narrow columns, merged as wide as each block needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from lingtan.reports.formats.plain import shown, targets
from lingtan.reports.formats.workbook.areas import Area
from lingtan.reports.formats.workbook.names import pieces
from lingtan.reports.formats.workbook.pen import Cell, Pen, put_link, put_runs, put_words
from lingtan.reports.formats.workbook.rows import HIGHEST, LINE_HEIGHT, count_text_lines, lines_of
from lingtan.reports.records import Amount, Block, Heading, Listing, Paragraph, Picture, Row, Runs, Table

GRID = 12
GRID_WIDTH = 8.0
LINKS = GRID + 1
"""The first column of links to what a block speaks of."""

_LONGEST_LINK = 200  # the whole title stands on its sheet
_TALL = {"big": 2.0, "level1": 1.5, "level2": 1.3, "level3": 1.2, "note": 0.9}
_MOST_UNITS = 1_000  # of a paragraph in one cell: higher than 409 points no row can be


@dataclass(slots=True)
class ProseSheet:
    """Blocks one under the other. `where` is the target of links by id of a table or picture."""

    sheet: Worksheet
    pen: Pen
    where: dict[str, str]
    row: int = 0
    rows: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sheet.set_column(0, GRID - 1, GRID_WIDTH)
        self.sheet.set_column(GRID, GRID, 2)
        self.sheet.set_column(LINKS, LINKS + 3, 9)
        self.sheet.hide_gridlines(2)

    def put(self, block: Block, number: str) -> None:
        """One block; of tables and pictures with a place of their own a link."""
        match block:
            case Heading():
                self.row += 1 if self.row and block.level < 3 else 0
                self.rows[block.id] = self.row
                self.line((" ".join(filter(None, (number, shown(block.text)))),), f"level{block.level}")
            case Paragraph():
                self.line(block.runs, {"body": "words"}.get(block.look, block.look))
            case Listing():
                self._listing(block)
            case Table() if block.id in self.where:
                self._pointer(block.id, shown(block.title))
            case Table():
                self._table(block)
            case Picture():
                self._pointer(block.id, shown(block.chart.title))

    def line(self, runs: Runs, look: str = "words") -> None:
        """A paragraph across the grid, in as many rows as it is long, and links to its right."""
        self._links(runs)
        for piece in pieces(self.pen.text(runs), _MOST_UNITS):
            self._merge(0, GRID, look)
            put_words(self.pen, Cell(self.sheet, self.row, 0, look), piece)
            self._end_row(_height(piece, GRID, _TALL.get(look, 1.0)))

    def space(self) -> None:
        """An empty row."""
        self.row += 1

    def _listing(self, block: Listing) -> None:
        for index, item in enumerate(block.items, 1):
            mark = f"{index}." if block.ordered else "•"
            self.line((f"{mark} ", *item))

    def _pointer(self, id: str, title: str) -> None:
        """The caption as a link to the sheet of the table or picture."""
        self.rows[id] = self.row
        self.link(self.where[id], f"{self.pen.words.text('workbook.see', name=self.pen.names[id])}  {title}")

    def link(self, target: str, text: str) -> None:
        """A row that leads to another sheet."""
        text = next(pieces(text.replace("\n", " "), _LONGEST_LINK))
        put_link(self.pen, Cell(self.sheet, self.row, 0, "link"), target, text)
        self._end_row(LINE_HEIGHT)

    def _links(self, runs: Runs) -> None:
        known = [id for id in targets(runs) if id in self.where]
        for column, id in enumerate(known, LINKS):
            text = self.pen.words.text("workbook.see", name=self.pen.names[id])
            put_link(self.pen, Cell(self.sheet, self.row, column, "link"), self.where[id], text)

    def _table(self, table: Table) -> None:
        spans = _spread([column.width for column in table.columns])
        starts = tuple(sum(spans[:index]) for index in range(len(spans)))
        area = Area(self.sheet.get_name(), starts)
        if table.title:
            self.line((f"{self.pen.names[table.id]}  {shown(table.title)}",), "level3")
        if table.headed:
            titles = tuple((column.title,) for column in table.columns)
            self._cells(titles, table, spans, area, "header")
        for row in table.rows:
            self._row(row, table, spans, area, row.look)
        if table.note:
            self.line((self.pen.words.text("workbook.source", text=self.pen.text(table.note)),), "note")
        self.space()

    def _row(self, row: Row, table: Table, spans: Sequence[int], area: Area, look: str) -> None:
        if look == "group":
            self.line(row.cells[0], "group")
            return
        first = self.row
        for cells in lines_of(row, self.pen.names):
            self._cells(cells, table, spans, area, look)
        if look == "body":
            area.add_body(first, self.row - 1)
        else:
            area.part()

    def _cells(
        self, cells: tuple[Runs, ...], table: Table, spans: Sequence[int], area: Area, look: str
    ) -> None:
        height = LINE_HEIGHT
        for index, (column, runs) in enumerate(zip(table.columns, cells, strict=False)):
            start = area.columns[index]
            self._merge(start, spans[index], look)
            cell = Cell(self.sheet, self.row, start, look, column.align)
            put_runs(self.pen, cell, runs, area, index)
            self._explain(runs, start)
            height = max(height, _height(self.pen.text(runs), spans[index]))
        self._end_row(height)

    def _explain(self, runs: Runs, column: int) -> None:
        match runs:
            case (Amount(path=path),) if path:
                self.pen.note(self.sheet, self.row, column, self.pen.words.text("workbook.path", path=path))

    def _merge(self, start: int, span: int, look: str) -> None:
        if span > 1:
            self.sheet.merge_range(self.row, start, self.row, start + span - 1, None, self.pen.style[look])

    def _end_row(self, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.row += 1


def _spread(widths: Sequence[float]) -> tuple[int, ...]:
    """How many columns of the grid each column takes."""
    total, spans, filled = sum(widths), [], 0
    for index, _ in enumerate(widths):
        end = round(GRID * sum(widths[: index + 1]) / total)
        spans.append(max(1, end - filled))
        filled += spans[-1]
    return tuple(spans)


def _height(text: str, span: int, tall: float = 1.0) -> float:
    """The height of a row whose text fills `span` columns of the grid."""
    room = span * (GRID_WIDTH + 0.7) / tall
    return min(LINE_HEIGHT * tall * count_text_lines(text, room) + 3, HIGHEST)
