"""Where the header of a table stands, and what its columns are called."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lingtan.metering.importing.words import find_unit, has_role, load_words, unit_of_title

Cells = Sequence[str]
_DATE = re.compile(
    r"\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|(19|20)\d{6}"
    r"|\d{1,2}[- ][A-Za-z]{3}[- ]\d{4})(\D.*)?"
)
_CLOCK = re.compile(r"\s*((上午|下午)\s*)?\d{1,2}\s*[:：时]\s*\d{0,2}.*")
_NUMBER = re.compile(r"\s*[+\-−]?[\d０-９][\d０-９.,，．' ]*([eE][+-]?\d+)?\s*\S{0,5}\s*")
_MOST_HEADERS = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """The header: its row and the first row of data (as people count), names, units by column.

    `tops` are the names of a row above whose cells span several columns; "" where there is none.
    `title_unit` is a unit that a title states for the whole table.
    """

    row: int
    first: int
    names: tuple[str, ...]
    tops: tuple[str, ...]
    units: tuple[str | None, ...]
    title_unit: str | None


def is_date(cell: str) -> bool:
    """Whether the cell looks like a date, with or without time."""
    return _DATE.fullmatch(unicodedata.normalize("NFKC", cell)) is not None


def is_clock(cell: str) -> bool:
    """Whether the cell looks like a time of day."""
    return _CLOCK.fullmatch(cell) is not None


def is_number(cell: str) -> bool:
    """Whether the cell looks like a number, perhaps with a unit."""
    return _NUMBER.fullmatch(cell) is not None


def is_blank_word(cell: str) -> bool:
    """Whether the cell says that there is no value."""
    return cell.strip().casefold() in load_words().missing


def find_heading(rows: Sequence[Cells]) -> Heading | None:
    """The heading of a table that begins with `rows`; None if there is none."""
    first = _first_data(rows)
    if first is None:
        return None
    width = max((len(_trimmed(row)) for row in rows[:first]), default=0)
    body = [_padded(row, width) for row in rows[:first]]
    while body and not any(cell.strip() for cell in body[-1]):
        body.pop()
    units: tuple[str | None, ...] = (None,) * width
    if len(body) > 1 and _is_unit_row(body[-1]):
        units = tuple(find_unit(cell) for cell in body.pop())
    if not body or sum(bool(cell.strip()) for cell in body[-1]) < 2:
        return None
    width = max(len(_trimmed(row)) for row in _header_rows(body))
    body = [row[:width] for row in body]
    tops = _tops(body, width)
    names = tuple(cell.strip() or top for cell, top in zip(body[-1], tops, strict=True))
    title = next((unit for row in body[:-1] for cell in row if (unit := unit_of_title(cell))), None)
    return Heading(len(body), first + 1, names, tops, units[:width], title)


def _trimmed(row: Cells) -> Cells:
    """The row without blank cells at its end."""
    return row[: max((i for i, cell in enumerate(row, 1) if cell.strip()), default=0)]


def _padded(row: Cells, width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _first_data(rows: Sequence[Cells]) -> int | None:
    """Index of the first row of data: a date with a number or blank beside it; else after a header."""
    for index, row in enumerate(rows):
        dated = [is_date(cell) for cell in row]
        if any(dated) and any(
            (is_number(cell) or (cell.strip() and is_blank_word(cell))) and not date
            for cell, date in zip(row, dated, strict=True)
        ):
            return _upward(rows, index, dated.index(True))
    for index, row in enumerate(rows):
        roles = ("time", "begin", "end", "date")
        if sum(bool(cell.strip()) for cell in row) > 1 and any(
            has_role(cell, role) for cell in row for role in roles
        ):
            return index + 1
    return None


def _upward(rows: Sequence[Cells], index: int, dated: int) -> int:
    """The first of the rows above that have a date in the same column, and no fewer cells."""
    width = sum(bool(cell.strip()) for cell in rows[index])
    while index and dated < len(rows[index - 1]) and is_date(rows[index - 1][dated]):
        if sum(bool(cell.strip()) for cell in rows[index - 1]) < width:
            break
        index -= 1
    return index


def _is_unit_row(row: Cells) -> bool:
    filled = [cell for cell in row if cell.strip() and not is_blank_word(cell)]
    return bool(filled) and all(find_unit(cell) for cell in filled)


def _header_rows(body: list[list[str]]) -> list[list[str]]:
    """The header row, and the row above it if that names several columns too."""
    above = body[-2:-1]
    return [body[-1], *(row for row in above if sum(bool(cell.strip()) for cell in row) > 1)]


def _tops(body: list[list[str]], width: int) -> tuple[str, ...]:
    """Names above the header row: spread over the columns they span where names repeat, or fill blanks."""
    bottom = [cell.strip() for cell in body[-1]]
    above = [[cell.strip() for cell in row] for row in _header_rows(body)[1:]]
    if not above:
        return ("",) * width
    repeated = {name for name, times in Counter(bottom).items() if times > 1 and name}
    tops, last = [], ""
    for index, cell in enumerate(above[0]):
        last = cell or last
        tops.append(last if bottom[index] in repeated else "" if bottom[index] else cell)
    return tuple(tops)
