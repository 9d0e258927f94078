"""The first page: title, subtitle, park, and what the report puts there."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.formats.word.blocks import PAGE_BREAK
from lingtan.reports.formats.word.layout import Layout
from lingtan.reports.formats.word.markup import paragraph, run
from lingtan.reports.records import Report


def set_cover(report: Report, layout: Layout) -> Iterator[str]:
    """The lines above the facts; none where the template has a first page of its own."""
    if layout.shell.covered:
        return
    opening = PAGE_BREAK if layout.shell.new_page else ""
    yield paragraph(layout.style("Title"), run(report.title), opening)
    if report.subtitle:
        yield paragraph(layout.style("Subtitle"), run(report.subtitle))
    yield paragraph(layout.style("Cover Park"), run(report.park))
