"""Rows of a table as rows of a sheet: one each, and further ones where a cell holds more than it may.

Nothing is cut: what a cell cannot hold stands below it, with … where it was parted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from lingtan.dossier.cells import LONGEST_CELL
from lingtan.reports.formats.plain import Names, plain
from lingtan.reports.formats.workbook.names import pieces
from lingtan.reports.records import Row, Runs, Strong, Verdict
from lingtan.texts import drawn_width

LINE_HEIGHT, HIGHEST = 15.5, 405.0
"""Of a line in points, and of a row (Excel has 409)."""

_SURELY_SHORT = LONGEST_CELL // 4


def lines_of(row: Row, names: Names) -> Iterator[tuple[Runs, ...]]:
    """The cells of the sheet row or rows of `row`."""
    if not any(_is_long(runs) for runs in row.cells):
        yield row.cells
        return
    yield from zip_longest(*(_cell_lines(runs, names) for runs in row.cells), fillvalue=())


def count_lines(row: Row, names: Names) -> int:
    """How many rows of the sheet `row` takes."""
    if not any(_is_long(runs) for runs in row.cells):
        return 1
    return sum(1 for _ in lines_of(row, names))


def _cell_lines(runs: Runs, names: Names) -> list[Runs]:
    parts = list(pieces(plain(runs, names)))
    return [runs] if len(parts) == 1 else [(part,) for part in parts]


def _is_long(runs: Runs) -> bool:
    return sum(_length(run) for run in runs) > _SURELY_SHORT


def _length(run: object) -> int:
    match run:
        case str():
            return len(run)
        case Strong(text=text) | Verdict(text=text):
            return len(text)
        case _:
            return 100


def count_text_lines(text: str, width: float) -> int:
    """How many lines `text` takes in a cell `width` Latin characters wide."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, -(-drawn_width(line) // max(1, int(width)))) for line in text.split("\n"))
