"""Tables as HTML, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.formats.page.markup import Markup, attribute, text
from lingtan.reports.formats.plain import shown
from lingtan.reports.records import Amount, Row, Table

WIDE = 8
"""Tables with more columns scroll in a box of their own on every screen."""


def write_table(table: Table, markup: Markup) -> Iterator[str]:
    """The table with caption, header and note."""
    anchor = markup.anchors[table.id]
    wide = " wide" if len(table.columns) > WIDE else ""
    kind = "titled" if table.title else "untitled"
    yield f'<div class="table {kind}{wide}" id="{anchor}">\n'
    yield f'<div class="box"{_region(table, markup)}>\n<table>\n'
    if table.title:
        yield f"<caption>{markup.caption(table, table.title)}</caption>\n"
    yield _columns(table)
    if table.headed:
        yield _header(table)
    yield "<tbody>\n"
    for index, row in enumerate(table.rows):
        if row.look == "group" and index:
            yield "</tbody>\n<tbody>\n"
        yield _row(row, table, markup)
    yield "</tbody>\n</table>\n</div>\n"
    if table.note:
        yield f'<p class="note">{markup.runs(table.note)}</p>\n'
    yield "</div>\n"


def _region(table: Table, markup: Markup) -> str:
    """What is said of a box that scrolls, so that it can be reached by keyboard."""
    if not table.title:
        return ""
    name = f"{markup.names[table.id]} {shown(table.title)}"
    return f' role="region" tabindex="0" aria-label={attribute(markup.words.text("page.scrolls", name=name))}'


def _columns(table: Table) -> str:
    total = sum(column.width for column in table.columns)
    shares = (max(1, round(100 * column.width / total)) for column in table.columns)
    return "<colgroup>" + "".join(f'<col class="w{share}">' for share in shares) + "</colgroup>\n"


def _header(table: Table) -> str:
    cells = "".join(f'<th scope="col" class="{c.align}">{text(c.title)}</th>' for c in table.columns)
    return f"<thead>\n<tr>{cells}</tr>\n</thead>\n"


def _row(row: Row, table: Table, markup: Markup) -> str:
    if row.look == "group":
        span = len(table.columns)
        words = markup.runs(row.cells[0])
        return f'<tr class="group"><th scope="rowgroup" colspan="{span}">{words}</th></tr>\n'
    cells = []
    for index, (column, runs) in enumerate(zip(table.columns, row.cells, strict=False)):
        names_row = index == 0 and runs and not isinstance(runs[0], Amount)
        opened, closed = ('th scope="row"', "th") if names_row else ("td", "td")
        cells.append(f'<{opened} class="{column.align}">{markup.runs(runs)}</{closed}>')
    kind = ' class="total"' if row.look == "total" else ""
    return f"<tr{kind}>{''.join(cells)}</tr>\n"
