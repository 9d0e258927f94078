"""A report as data, before any format: blocks, runs, and numbers that know where they come from.

Builders (`documents`) make it out of results; writers (`formats`) set it. No writer rounds, sorts or
computes, so that all four formats say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Literal

from lingtan.errors import Language
from lingtan.reports.charts.records import Chart

UNKNOWN = "—"
_WIDE = Context(prec=2000, rounding=ROUND_HALF_EVEN)

Align = Literal["left", "right", "center"]
ParagraphLook = Literal["body", "note", "callout"]
RowLook = Literal["body", "group", "total"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of the result, rounded once to `digits` (half to even, GB/T 8170) where it is printed.

    `value` None is not known, printed as a dash. `digits` None prints every digit. `unit` is printed
    behind the number; leave it empty where the column names it. `path` says where the exact value stands
    in the JSON of the results (`assessment/indicators/C1.1/value`). `formula` is for workbooks:
    `{above}` the body cells above in this column, `{c2}` the cell of column 2 (from 0) in this row,
    `{lines:c5}` the body cells of column 5 of the table `lines`.
    """

    value: Decimal | None
    digits: int | None
    unit: str = ""
    path: str = ""
    formula: str = ""

    @property
    def rounded(self) -> Decimal | None:
        """The value as printed; never minus zero."""
        if self.value is None or self.digits is None:
            return self.value
        found = self.value.quantize(Decimal(1).scaleb(-self.digits), context=_WIDE)
        return found if found else abs(found)

    @property
    def text(self) -> str:
        """`1,234.50 tCO2e`, or a dash."""
        found = self.rounded
        if found is None:
            return UNKNOWN
        number = f"{found:,f}"
        return f"{number} {self.unit}" if self.unit else number


@dataclass(frozen=True, slots=True)
class Verdict:
    """Passed, failed or not known, with its word."""

    passed: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Points to a heading, table or picture by its id; its text is the number (`表 3`)."""

    target: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


Run = str | Amount | Verdict | Reference | Strong
Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3. `id` is unique in the report; `numbered` false for declarations."""

    id: str
    text: str
    level: int = 1
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a note is small, a callout stands in a box."""

    runs: Runs
    look: ParagraphLook = "body"


@dataclass(frozen=True, slots=True)
class Listing:
    """Items with bullets, or with numbers."""

    items: tuple[Runs, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: title (with unit), share of the width, alignment of its cells."""

    title: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right; of a `group` row the only cell spans the table."""

    cells: tuple[Runs, ...]
    look: RowLook = "body"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with caption (`title`) above and `note` (source, what a dash means) below.

    No title: no caption, no number (blocks of facts, signature fields).
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Runs = ()
    headed: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its caption below, and a note (unit, source)."""

    id: str
    chart: Chart
    note: Runs = ()


Block = Heading | Paragraph | Listing | Table | Picture


@dataclass(frozen=True, slots=True)
class Report:
    """One document. `front` is the first page below the title; `on` the day it speaks of.

    `dated` is the day printed on it and kept in the file: it comes from outside, so equal results give equal
    bytes. `blocks` begins with a heading of level 1.
    """

    kind: str
    language: Language
    title: str
    park: str
    subtitle: str
    dated: date
    software: str
    front: tuple[Block, ...]
    blocks: tuple[Block, ...]

    def all_blocks(self) -> Iterator[Block]:
        """The first page, then the rest, in reading order."""
        yield from self.front
        yield from self.blocks


def runs_of(block: Block) -> Iterator[Run]:
    """Every run of a block in reading order, titles of tables and headings as plain text."""
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield from block.runs
        case Listing():
            for item in block.items:
                yield from item
        case Table():
            yield from _runs_of_table(block)
        case Picture():
            yield block.chart.title
            yield from block.note


def _runs_of_table(table: Table) -> Iterator[Run]:
    if table.title:
        yield table.title
    if table.headed:
        yield from (column.title for column in table.columns)
    for row in table.rows:
        for cell in row.cells:
            yield from cell
    yield from table.note
