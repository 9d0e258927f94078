"""The navigation of a page: chapters and sections, tables, figures."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.formats.page.markup import Markup, text
from lingtan.reports.records import Heading, Picture, Report, Table

DEEPEST = 2
"""Levels of headings in the contents."""


def write_contents(report: Report, markup: Markup) -> Iterator[str]:
    """The contents as nested lists of links."""
    words = markup.words
    yield f'<nav aria-label="{text(words.text("cover.contents"))}">\n<details open>\n'
    yield f"<summary>{text(words.text('cover.contents'))}</summary>\n<ul>\n"
    yield f'<li><a href="#page-front">{text(words.text("page.front"))}</a></li>\n'
    yield from _headings(report, markup)
    yield "</ul>\n"
    yield from _listed(report, markup, "tables")
    yield from _listed(report, markup, "figures")
    yield "</details>\n</nav>\n"


def _headings(report: Report, markup: Markup) -> Iterator[str]:
    """Sections within their chapters; a section before the first chapter stands as one."""
    within, inner = False, False
    for block in report.blocks:
        if not isinstance(block, Heading) or block.level > DEEPEST:
            continue
        if block.level == 1 or not within:
            yield ("</ul></li>\n" if inner else "</li>\n") if within else ""
            yield f"<li>{_link(block, markup)}"
            within, inner = True, False
            continue
        yield "" if inner else "\n<ul>\n"
        yield f"<li>{_link(block, markup)}</li>\n"
        inner = True
    if within:
        yield "</ul></li>\n" if inner else "</li>\n"


def _link(block: Heading, markup: Markup) -> str:
    number = markup.numbers[block.id]
    shown_number = f'<span class="number">{number}</span> ' if number else ""
    return f'<a href="#{markup.anchors[block.id]}">{shown_number}{text(block.text)}</a>'


def _listed(report: Report, markup: Markup, key: str) -> Iterator[str]:
    """All tables with a title, or all pictures, folded together."""
    links = [
        f'<li><a href="#{markup.anchors[block.id]}">{markup.caption(block, title)}</a></li>\n'
        for block in report.all_blocks()
        if isinstance(block, Table if key == "tables" else Picture)
        and (title := block.title if isinstance(block, Table) else block.chart.title)
    ]
    if links:
        yield f"<details>\n<summary>{text(markup.words.text(f'page.{key}'))}</summary>\n<ul>\n"
        yield from links
        yield "</ul>\n</details>\n"
