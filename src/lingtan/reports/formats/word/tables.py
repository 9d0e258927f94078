"""Tables: caption above, header repeated on every page, no row split, note below."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.formats.widths import count_lines, fit
from lingtan.reports.formats.word.labels import caption_label
from lingtan.reports.formats.word.layout import Layout
from lingtan.reports.formats.word.markup import attribute, paragraph, run
from lingtan.reports.records import Align, Block, Heading, Picture, Row, RowLook, Runs, Table

KEEP_NEXT = "<w:keepNext/>"
GAP = "\u3000"
"""Between the number of a caption and its words."""

_SHORT = 8
_LOW = 14
"""Tables of no more rows and lines than these stand on one page."""

_STYLES: dict[RowLook, str] = {"body": "Table Text", "group": "Table Group", "total": "Table Total"}
_LOOKS: dict[RowLook, str] = {
    "body": "",
    "group": '<w:shd w:val="clear" w:color="auto" w:fill="F3F8F7"/>',
    "total": '<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="0B5D5E"/></w:tcBorders>',
}
_ROOMY = '<w:trPr><w:cantSplit/><w:trHeight w:val="410" w:hRule="atLeast"/></w:trPr>'
_TO_SIGN = '<w:trPr><w:cantSplit/><w:trHeight w:val="794" w:hRule="atLeast"/></w:trPr>'
_WHOLE = "<w:trPr><w:cantSplit/></w:trPr>"
_HEADER = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"


def set_table(table: Table, layout: Layout, following: Block | None = None) -> Iterator[str]:
    """The table in pieces of at most one row; a little room below, unless what is `following` has its own."""
    if table.title:
        label = layout.labels[table.id]
        words = caption_label(table, label, layout.language) + run(GAP + table.title)
        yield paragraph(layout.style("Caption"), words, KEEP_NEXT)
    widths = fit(layout.width, table)
    yield _opening(table, widths, layout)
    yield from _rows(table, widths, layout)
    yield "</w:tbl>"
    if table.note:
        yield paragraph(layout.style("Note"), layout.runs(table.note))
    elif not isinstance(following, Heading | Picture):
        yield paragraph(layout.style("Table Gap"), "")


def _opening(table: Table, widths: list[int], layout: Layout) -> str:
    first = 'w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
    if not table.headed:
        first = 'w:val="0680" w:firstRow="0" w:lastRow="0" w:firstColumn="1"'
    caption = f"<w:tblCaption w:val={attribute(table.title)}/>" if table.title else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{layout.style("Lingtan Table")}"/>'
        f'<w:tblW w:w="{layout.width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook {first} w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{caption}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )


def _rows(table: Table, widths: list[int], layout: Layout) -> Iterator[str]:
    aligns = [column.align for column in table.columns]
    if table.headed:
        style = layout.style("Table Heading")
        cells = (
            _cell(_paragraph((column.title,), style, column.align, layout), width)
            for column, width in zip(table.columns, widths, strict=True)
        )
        yield f"<w:tr>{_HEADER}{''.join(cells)}</w:tr>"
    whole = _is_low(table, widths)
    for index, row in enumerate(table.rows):
        content = _row(row, widths, aligns, layout, keep=_keeps(table, index, whole=whole))
        yield f"<w:tr>{_height(table, row)}{content}</w:tr>"


def _is_low(table: Table, widths: list[int]) -> bool:
    """Whether the table is so low that it is not divided."""
    return len(table.rows) <= _SHORT and sum(count_lines(row, widths) for row in table.rows) <= _LOW


def _keeps(table: Table, index: int, *, whole: bool) -> bool:
    """Whether a row stays on the page of what follows: groups, all of a low table, the first two of a table
    and the last two, and what comes before totals.
    """
    last = len(table.rows) - 1
    if index == last:
        return bool(table.note)
    if whole or index in {0, last - 1} or table.rows[index].look == "group":
        return True
    return table.rows[index + 1].look == "total"


def _height(table: Table, row: Row) -> str:
    """Properties of a row; room for a hand where a table of fields has an empty one, or a row is to fill."""
    if not table.headed:
        return _ROOMY if all(row.cells) else _TO_SIGN
    blank = sum(not cell for cell in row.cells) if row.look == "body" else 0
    return _ROOMY if blank * 2 > len(row.cells) else _WHOLE


def _row(row: Row, widths: list[int], aligns: list[Align], layout: Layout, *, keep: bool) -> str:
    style, look = layout.style(_STYLES[row.look]), _LOOKS[row.look]
    if row.look == "group":
        words = "".join(_paragraph(cell, style, "left", layout, keep=keep) for cell in row.cells)
        return _cell(words, sum(widths), f'<w:gridSpan w:val="{len(widths)}"/>{look}')
    return "".join(
        _cell(_paragraph(cell, style, align, layout, keep=keep), width, look)
        for cell, align, width in zip(row.cells, aligns, widths, strict=True)
    )


def _cell(content: str, width: int, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def _paragraph(runs: Runs, style: str, align: Align, layout: Layout, *, keep: bool = False) -> str:
    place = "" if align == "left" else f'<w:jc w:val="{align}"/>'
    return paragraph(style, layout.runs(runs), (KEEP_NEXT if keep else "") + place)
