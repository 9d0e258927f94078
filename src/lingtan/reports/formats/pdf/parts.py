"""A report cut into parts that are typeset one at a time, so that memory does not grow with its length."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lingtan.reports.records import Block, Heading, Listing, Paragraph, Picture, Row, Runs, Table
from lingtan.texts import drawn_width

FULL = 1600  # weight at which the next chapter opens a new part; about forty pages
TOO_FULL = 2200  # weight at which any heading does
LONGEST_TABLE = 1600  # weight of the rows of a table that is kept in one piece
LINE_LETTERS = 106  # Latin letters across the width of a table
_PICTURE = 20


def is_long(blocks: Iterable[Block]) -> bool:
    """Whether the blocks make more than one part: then every chapter begins a page, so that none shows."""
    return next(itertools.islice(cut_parts(blocks), 1, None), None) is not None


def cut_parts(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    """The blocks in parts. A part begins with a chapter or a section, or goes on with a very long table."""
    part: list[Block] = []
    weight = 0
    for block in blocks:
        for index, piece in enumerate(_pieces(block)):
            if part and (weight >= FULL if index else _opens(piece, weight)):
                yield tuple(part)
                part, weight = [], 0
            part.append(piece)
            weight += _weight(piece)
    if part:
        yield tuple(part)


def _opens(block: Block, weight: int) -> bool:
    """Whether a part may begin here: never between a heading and what stands below it."""
    return isinstance(block, Heading) and weight >= (FULL if block.level == 1 else TOO_FULL)


def _pieces(block: Block) -> Iterator[Block]:
    """A table that is too long for one part in pieces of rows; the later ones have no caption."""
    if not isinstance(block, Table) or _weight(block) <= LONGEST_TABLE:
        yield block
        return
    pieces = list(_pack(block))
    yield replace(block, rows=pieces[0], note=())
    for index, rows in enumerate(pieces[1:], 1):
        note = block.note if index == len(pieces) - 1 else ()
        yield replace(block, id=f"{block.id}+{index}", title="", rows=rows, note=note)


def _pack(table: Table) -> Iterator[tuple[Row, ...]]:
    pack: list[Row] = []
    weight = 0
    for row in table.rows:
        if weight >= LONGEST_TABLE:
            yield tuple(pack)
            pack, weight = [], 0
        pack.append(row)
        weight += count_lines(row, table)
    yield tuple(pack)


def _weight(block: Block) -> int:
    """Roughly how many lines it fills."""
    match block:
        case Table():
            return 3 + sum(count_lines(row, block) for row in block.rows)
        case Picture():
            return _PICTURE
        case Paragraph():
            return 2 + drawn_length(block.runs) // 80
        case Listing():
            return 2 * len(block.items)
    return 3


def count_lines(row: Row, table: Table) -> int:
    """About how many lines a row fills, by the widths of its columns."""
    if row.look == "group":
        return 1 + drawn_length(row.cells[0]) // LINE_LETTERS
    whole = sum(column.width for column in table.columns)
    letters = (max(4, LINE_LETTERS * column.width / whole - 2) for column in table.columns)
    cells = zip(row.cells, letters, strict=False)
    return max((1 + int(drawn_length(cell) // room) for cell, room in cells), default=1)


def drawn_length(runs: Runs) -> int:
    """How many Latin letters wide the runs are; a reference counts as a few."""
    texts = (run if isinstance(run, str) else getattr(run, "text", "表 99") for run in runs)
    return sum(drawn_width(text) for text in texts)
