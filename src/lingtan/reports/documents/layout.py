"""Headings, paragraphs and tables out of phrases: each is named by the key of its words.

A table has the phrases `<key>` (its title) and `<key>_columns` (titles of its columns, divided by `|`);
its layout gives width and alignment of each column: `2l 1r 1c`.
"""

from __future__ import annotations

from collections.abc import Iterable

from lingtan.reports.charts.records import Chart
from lingtan.reports.records import (
    Align,
    Column,
    Heading,
    Paragraph,
    ParagraphLook,
    Picture,
    Row,
    RowLook,
    Run,
    Runs,
    Table,
)
from lingtan.reports.words import Words

Cell = Run | Runs | None
_ALIGN: dict[str, Align] = {"l": "left", "r": "right", "c": "center"}


def block_id(key: str) -> str:
    """The id of the block that the phrase `key` names."""
    return key.replace(".", "-")


def build_heading(words: Words, key: str, *, level: int = 1, numbered: bool = True) -> Heading:
    """The heading that `key` names."""
    return Heading(block_id(key), words.text(key), level, numbered)


def build_paragraph(
    words: Words, key: str, *, look: ParagraphLook = "body", **values: Run | Runs
) -> Paragraph:
    """The phrase `key` as running text."""
    return Paragraph(words.runs(key, **values), look)


def build_row(*cells: Cell, look: RowLook = "body") -> Row:
    """Cells of one run or several; None is an empty cell."""
    return Row(tuple(_runs(cell) for cell in cells), look)


def _runs(cell: Cell) -> Runs:
    if cell is None:
        return ()
    return cell if isinstance(cell, tuple) else (cell,)


def build_table(  # noqa: PLR0913 keyword-only, each says one thing about the table
    words: Words,
    key: str,
    layout: str,
    rows: Iterable[Row],
    *,
    note: Runs = (),
    id: str = "",
    title: str = "",
) -> Table:
    """The table that `key` names; `id` and `title` where several have the same columns."""
    shapes = [(float(shape[:-1]), _ALIGN[shape[-1]]) for shape in layout.split()]
    titles = words.text(f"{key}_columns").split("|")
    columns = tuple(Column(title, width, align) for title, (width, align) in zip(titles, shapes, strict=True))
    return Table(id or block_id(key), title or words.text(key), columns, tuple(rows), note)


def build_pictures(kind: str, *charts: Chart | None) -> tuple[Picture, ...]:
    """The charts that there are, with their notes; ids are those of the charts within `kind`."""
    return tuple(
        Picture(f"{kind}-chart-{chart.id}", chart, (chart.caption,)) for chart in charts if chart is not None
    )
