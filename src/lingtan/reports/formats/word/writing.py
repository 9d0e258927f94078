"""Reports as Word files: the content goes to the disk block by block, no document stands in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

from lingtan.reports.formats.word.blocks import set_block
from lingtan.reports.formats.word.contents import set_contents
from lingtan.reports.formats.word.cover import set_cover
from lingtan.reports.formats.word.house import open_house
from lingtan.reports.formats.word.labels import build_labels
from lingtan.reports.formats.word.layout import Layout
from lingtan.reports.formats.word.packaging import save, set_properties
from lingtan.reports.formats.word.templates import open_template
from lingtan.reports.records import Report


def _silent(done: int, of: int) -> None:
    """Nobody waits."""


def write_docx(
    report: Report,
    file: Path,
    *,
    template: Path | None = None,
    progress: Callable[[int, int], None] = _silent,
) -> None:
    """Write `report` to `file`, in our look or in that of `template` (.docx, .dotx).

    `progress` hears how many blocks of all are set. LingtanError (report.template-…) if the template
    cannot be used.
    """
    shell = open_template(template, report) if template else open_house(report)
    layout = Layout(report.language, build_labels(report, shell.first_bookmark), shell)
    with TemporaryFile() as body:
        for piece in _set(report, layout, progress):
            body.write(piece.encode())
        body.seek(0)
        set_properties(shell.document, report)
        save(shell.document, body, file)


def _set(report: Report, layout: Layout, progress: Callable[[int, int], None]) -> Iterator[str]:
    total, done = sum(1 for _ in report.all_blocks()), 0
    yield from set_cover(report, layout)
    for block in report.front:
        yield from set_block(block, layout)
        progress(done := done + 1, total)
    yield from set_contents(report, layout)
    for block in report.blocks:
        yield from set_block(block, layout, new_page=block is report.blocks[0])
        progress(done := done + 1, total)
