"""Every kind of block as WordprocessingML."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.formats.word.layout import Layout
from lingtan.reports.formats.word.markup import paragraph, run
from lingtan.reports.formats.word.pictures import set_picture
from lingtan.reports.formats.word.tables import KEEP_NEXT, set_table
from lingtan.reports.records import Block, Heading, Listing, Paragraph, ParagraphLook, Picture, Table

PAGE_BREAK = "<w:pageBreakBefore/>"

_STYLES: dict[ParagraphLook, str] = {"body": "Body Text", "note": "Note", "callout": "Callout"}


def set_block(
    block: Block, layout: Layout, *, following: Block | None = None, new_page: bool = False
) -> Iterator[str]:
    """The block in small pieces; `new_page`: it begins a page, if it is a heading or a paragraph.

    A paragraph stays with the table or picture that follows: it speaks of it.
    """
    opening = PAGE_BREAK if new_page else ""
    match block:
        case Heading():
            yield _heading(block, layout, opening)
        case Paragraph():
            keep = KEEP_NEXT if isinstance(following, Table | Picture) else ""
            yield paragraph(layout.style(_STYLES[block.look]), layout.runs(block.runs), keep + opening)
        case Listing():
            yield from _items(block, layout)
        case Table():
            yield from set_table(block, layout, following)
        case Picture():
            yield from set_picture(block, layout)


def _heading(heading: Heading, layout: Layout, opening: str) -> str:
    properties = opening + layout.shell.heading_list(heading.level, numbered=heading.numbered)
    words = layout.labels[heading.id].mark(run(heading.text))
    return paragraph(layout.style(f"heading {heading.level}"), words, properties)


def _items(listing: Listing, layout: Layout) -> Iterator[str]:
    style = layout.style("List Number" if listing.ordered else "List Bullet")
    number = layout.shell.lists.add_ordered() if listing.ordered else layout.shell.lists.bullets
    properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    for item in listing.items:
        yield paragraph(style, layout.runs(item), properties)
