"""A report as a workbook: what it says on sheets of text, each table on a sheet of its own.

Numbers are numbers with their exact value, totals and products live formulas. Equal reports give equal
bytes. Rows are written as they come, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import quote_sheetname  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from lingtan.dossier.workbook_style import Style, make_printable
from lingtan.errors import LingtanError, Place, fault
from lingtan.reports.formats.plain import Names, shown
from lingtan.reports.formats.workbook.names import fitting, sheet_name
from lingtan.reports.formats.workbook.pen import LOOKS, Pen
from lingtan.reports.formats.workbook.pictures import put_picture
from lingtan.reports.formats.workbook.prose import GRID, ProseSheet
from lingtan.reports.formats.workbook.table import TableSheet, area_of, last_row
from lingtan.reports.numbering import name_blocks, number_blocks
from lingtan.reports.progress import Progress, silent
from lingtan.reports.records import Block, Heading, Picture, Report, Table
from lingtan.reports.words import Words

MOST_ROWS = 1_048_000
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST_FOOTER = 80


def write_xlsx(report: Report, file: Path, *, progress: Progress = silent) -> None:
    """The report as .xlsx; `progress` hears how many blocks are done, of how many.

    A formula may name only tables that have a sheet of their own: those with a title, after the front.
    LingtanError (report.too-many-rows) if a table is longer than a sheet.
    """
    names = name_blocks(report.all_blocks(), report.language)
    _check_lengths(report, names, file)
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(str(file), {**_OPTIONS, "tmpdir": folder})
        made = datetime.combine(report.dated, time())
        about = {"title": shown(report.title), "subject": shown(report.park), "created": made}
        book.set_properties({**about, "author": report.software})
        pen = Pen(Style(book, LOOKS), Words(report.language), names)
        _Book(book, report, pen, progress).write()
        book.close()


def _check_lengths(report: Report, names: Names, file: Path) -> None:
    faults = [
        fault("report.too-many-rows", Place(file.name), table=shown(block.title), limit=MOST_ROWS)
        for block in report.all_blocks()
        if isinstance(block, Table) and last_row(block, names) > MOST_ROWS
    ]
    if faults:
        raise LingtanError(faults)


class _Book:
    """The sheets of one report. All are made first, in the order of their tabs, then filled one by one."""

    def __init__(self, book: xlsxwriter.Workbook, report: Report, pen: Pen, progress: Progress) -> None:
        self._book, self._report, self._pen, self._progress = book, report, pen, progress
        self._numbers = number_blocks(report.all_blocks())
        self._done, self._total = 0, len(report.front) + len(report.blocks)
        self._tables = [block for block in report.blocks if isinstance(block, Table) and block.title]
        self._pictures = [block for block in report.all_blocks() if isinstance(block, Picture)]
        self._where: dict[str, str] = {}
        self._about = self._add(self._say("about"))
        self._text = self._add(self._say("text"))
        self._sheets = {table.id: self._add_table(table) for table in self._tables}
        self._charts = self._add(self._say("charts")) if self._pictures else None

    def write(self) -> None:
        """Charts, text, tables, and the first sheet, which speaks of them all."""
        if self._charts:
            self._write_charts(self._charts)
        text_rows = self._write_text()
        for table in self._tables:
            with _open(self._sheets[table.id]) as sheet:
                in_text = _target(self._text, text_rows[table.id])
                TableSheet(sheet, self._pen, table).write(_target(self._about), in_text)
                self._finish(sheet)
            self._step()
        self._write_about()
        self._about.activate()

    def _say(self, key: str) -> str:
        return self._pen.words.text(f"workbook.{key}")

    def _step(self) -> None:
        self._done += 1
        self._progress(self._done, self._total)

    def _add(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        # Private, but needed: it is opened again to be filled. Measured with 1,100 tables of 5 rows: 22 open
        # files so; without, one for each sheet, and OSError 24 at the 1,024 (macOS: 256) that systems allow.
        sheet._opt_close()
        return sheet

    def _add_table(self, table: Table) -> Worksheet:
        sheet = self._add(sheet_name(self._pen.names[table.id], table.title))
        self._where[table.id] = _target(sheet)
        self._pen.areas[table.id] = area_of(table, sheet.get_name(), self._pen.names)
        return sheet

    def _write_charts(self, charts: Worksheet) -> None:
        with _open(charts) as sheet:
            prose = ProseSheet(sheet, self._pen, {})
            for picture in self._pictures:
                put_picture(prose, picture)
                self._where[picture.id] = _target(charts, prose.rows[picture.id])
                self._step()
            self._finish_prose(prose)

    def _write_text(self) -> Mapping[str, int]:
        with _open(self._text) as sheet:
            prose = ProseSheet(sheet, self._pen, self._where)
            for block in self._report.blocks:
                self._put(prose, block)
            self._finish_prose(prose)
        return prose.rows

    def _put(self, prose: ProseSheet, block: Block) -> None:
        prose.put(block, self._numbers.get(getattr(block, "id", ""), ""))
        if getattr(block, "id", "") not in self._where:
            self._step()

    def _write_about(self) -> None:
        report, words = self._report, self._pen.words
        with _open(self._about) as sheet:
            prose = ProseSheet(sheet, self._pen, self._where)
            prose.line((report.title,), "big")
            prose.line((report.park,), "level2")
            if report.subtitle:
                prose.line((report.subtitle,))
            prose.line((f"{words.text('workbook.dated')}  {report.dated.isoformat()}",), "note")
            prose.line((f"{words.text('workbook.software')}  {report.software}",), "note")
            prose.space()
            for block in report.front:
                self._put(prose, block)
            self._contents(prose)
            prose.put(Heading("how", words.text("workbook.how"), 2), "")
            prose.line((words.text("workbook.how_numbers"),), "note")
            prose.line((words.text("workbook.how_formulas"),), "note")
            self._finish_prose(prose)

    def _contents(self, prose: ProseSheet) -> None:
        prose.put(Heading("contents", self._say("contents"), 2), "")
        prose.link(_target(self._text), f"{self._say('text')}  {self._say('all_text')}")
        for table in self._tables:
            prose.link(self._where[table.id], f"{self._pen.names[table.id]}  {shown(table.title)}")
        if self._charts:
            prose.link(_target(self._charts), f"{self._say('charts')}  {self._say('all_charts')}")

    def _finish_prose(self, prose: ProseSheet) -> None:
        """Paper without the links beside the text."""
        make_printable(prose.sheet, 0, landscape=False)
        prose.sheet.print_area(0, 0, max(prose.row - 1, 0), GRID - 1)
        self._finish(prose.sheet)

    def _finish(self, sheet: Worksheet) -> None:
        """Software, page and day at the foot of each page."""
        park, software = (_footer_words(words) for words in (self._report.park, self._report.software))
        page, day = self._pen.words.text("workbook.page"), self._report.dated.isoformat()
        sheet.set_footer(f"&L&8 {park}&C&8 {page}&R&8 {software}  {day}")


def _footer_words(words: str) -> str:
    """Words that give no orders to a footer, where & does."""
    return fitting(shown(words).replace("&", "＆").replace("\n", " "), _LONGEST_FOOTER)


@contextmanager
def _open(sheet: Worksheet) -> Iterator[Worksheet]:
    """A sheet whose file of rows is open while it is filled."""
    sheet._opt_reopen()
    try:
        yield sheet
    finally:
        sheet._opt_close()


def _target(sheet: Worksheet, row: int = 0) -> str:
    return f"{quote_sheetname(sheet.get_name())}!A{row + 1}"
