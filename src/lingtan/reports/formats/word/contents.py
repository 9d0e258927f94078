"""The table of contents: a field that Word updates, filled beforehand so that it is never empty."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.formats.word.blocks import PAGE_BREAK
from lingtan.reports.formats.word.layout import Layout
from lingtan.reports.formats.word.markup import FIELD_END, TAB, field, field_start, paragraph, run
from lingtan.reports.records import Heading, Report
from lingtan.reports.words import Words

_LEVELS = 2
_TITLES_AT = {1: 482, 2: 1134}  # where the words begin behind the number, twentieths of a point


def set_contents(report: Report, layout: Layout) -> Iterator[str]:
    """Title and entries, on a page of their own."""
    title = Words(report.language).text("layout.contents")
    yield paragraph(layout.style("TOC Heading"), run(title), PAGE_BREAK)
    headings = [block for block in report.blocks if isinstance(block, Heading) and block.level <= _LEVELS]
    start, last = field_start(f'TOC \\o "1-{_LEVELS}" \\h \\z \\u', dirty=True), len(headings) - 1
    if not headings:
        yield paragraph(layout.style("toc 1"), start + FIELD_END)
    for index, heading in enumerate(headings):
        entry = _entry(heading, layout)
        content = (start if index == 0 else "") + entry + (FIELD_END if index == last else "")
        yield paragraph(layout.style(f"toc {heading.level}"), content, _tabs(heading.level, layout.width))


def _entry(heading: Heading, layout: Layout) -> str:
    label = layout.labels[heading.id]
    number = run(label.number) + TAB if label.number else ""
    page = field(f"PAGEREF {label.anchor} \\h", "")
    words = f"{number}{run(heading.text)}{TAB}{page}"
    return f'<w:hyperlink w:anchor="{label.anchor}" w:history="1">{words}</w:hyperlink>'


def _tabs(level: int, width: int) -> str:
    return (
        f'<w:tabs><w:tab w:val="left" w:pos="{_TITLES_AT[level]}"/>'
        f'<w:tab w:val="right" w:leader="dot" w:pos="{width}"/></w:tabs>'
    )
