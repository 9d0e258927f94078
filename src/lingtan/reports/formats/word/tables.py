"""Tables: caption above, header repeated on every page, no row split, note below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lingtan.reports.formats.word.labels import caption_label
from lingtan.reports.formats.word.layout import Layout
from lingtan.reports.formats.word.markup import attribute, paragraph, run
from lingtan.reports.records import Align, Row, RowLook, Runs, Table

KEEP_NEXT = "<w:keepNext/>"
GAP = "\u3000"
"""Between the number of a caption and its words."""

_STYLES: dict[RowLook, str] = {"body": "Table Text", "group": "Table Group", "total": "Table Total"}
_LOOKS: dict[RowLook, str] = {
    "body": "",
    "group": '<w:shd w:val="clear" w:color="auto" w:fill="F3F8F7"/>',
    "total": '<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="0B5D5E"/></w:tcBorders>',
}
_ROOMY = '<w:trPr><w:cantSplit/><w:trHeight w:val="454" w:hRule="atLeast"/></w:trPr>'
_WHOLE = "<w:trPr><w:cantSplit/></w:trPr>"
_HEADER = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"


def set_table(table: Table, layout: Layout) -> Iterator[str]:
    """The table in pieces of at most one row."""
    if table.title:
        label = layout.labels[table.id]
        words = caption_label(table, label, layout.language) + run(GAP + table.title)
        yield paragraph(layout.style("Caption"), words, KEEP_NEXT)
    widths = share(layout.width, [column.width for column in table.columns])
    yield _opening(table, widths, layout)
    yield from _rows(table, widths, layout)
    yield "</w:tbl>"
    if table.note:
        yield paragraph(layout.style("Note"), layout.runs(table.note))
    else:
        yield paragraph(layout.style("Table Gap"), "")


def share(total: int, parts: Sequence[float]) -> list[int]:
    """`total` divided in proportion to `parts`, whole numbers that sum up to it."""
    whole, widths, done, given = sum(parts), [], 0.0, 0
    for part in parts:
        done += part
        upto = round(total * done / whole)
        widths.append(upto - given)
        given = upto
    return widths


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
    last = len(table.rows) - 1
    for index, row in enumerate(table.rows):
        following = table.rows[index + 1].look if index < last else ""
        keep = following == "total" or (index == last and bool(table.note)) or row.look == "group"
        height = _WHOLE if table.headed else _ROOMY
        yield f"<w:tr>{height}{_row(row, widths, aligns, layout, keep=keep)}</w:tr>"


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
