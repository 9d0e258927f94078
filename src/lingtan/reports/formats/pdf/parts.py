"""A report cut into parts that are typeset one at a time, so that memory does not grow with its length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lingtan.reports.records import Block, Heading, Listing, Paragraph, Picture, Row, Runs, Table

FULL = 900  # weight at which the next chapter opens a new part; about twenty pages
TOO_FULL = 1500  # weight at which any heading does
LONGEST_TABLE = 1200  # weight of the rows of a table that is kept in one piece
_PICTURE = 20


def cut_parts(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    """The blocks in parts. A part begins with a chapter or a section, or goes on with a very long table."""
    part: list[Block] = []
    weight = 0
    for block in blocks:
        for piece in _pieces(block):
            if part and _opens(piece, weight):
                yield tuple(part)
                part, weight = [], 0
            part.append(piece)
            weight += _weight(piece)
    if part:
        yield tuple(part)


def _opens(block: Block, weight: int) -> bool:
    if isinstance(block, Heading):
        return weight >= (FULL if block.level == 1 else TOO_FULL)
    return isinstance(block, Table) and weight >= TOO_FULL


def _pieces(block: Block) -> Iterator[Block]:
    """A table that is too long for one part in pieces of rows; the later ones have no caption."""
    if not isinstance(block, Table) or _weight(block) <= LONGEST_TABLE:
        yield block
        return
    pieces = list(_pack(block.rows))
    for index, rows in enumerate(pieces):
        note = block.note if index == len(pieces) - 1 else ()
        if index == 0:
            yield replace(block, rows=rows, note=note)
        else:
            yield replace(block, id=f"{block.id}+{index}", title="", rows=rows, note=note)


def _pack(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    pack: list[Row] = []
    weight = 0
    for row in rows:
        if weight >= LONGEST_TABLE:
            yield tuple(pack)
            pack, weight = [], 0
        pack.append(row)
        weight += _row_weight(row)
    yield tuple(pack)


def _weight(block: Block) -> int:
    """Roughly how many lines it fills."""
    match block:
        case Table():
            return 3 + sum(_row_weight(row) for row in block.rows)
        case Picture():
            return _PICTURE
        case Paragraph():
            return 2 + length(block.runs) // 40
        case Listing():
            return 2 * len(block.items)
    return 3


def length(runs: Runs) -> int:
    """Characters of the runs; a reference counts as a few."""
    return sum(len(run) if isinstance(run, str) else len(getattr(run, "text", "表 99")) for run in runs)


def _row_weight(row: Row) -> int:
    """At least one line; more for long cells."""
    return 1 + max((length(cell) // 24 for cell in row.cells), default=0)
