"""Sheets of Excel workbooks as tables of text cells; merged cells filled, hidden sheets left out."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from lingtan.dossier.cells import Raw
from lingtan.dossier.findings import Findings
from lingtan.dossier.workbooks import read_workbook
from lingtan.errors import Fault, LingtanError, Place
from lingtan.metering.importing.opening import Source
from lingtan.metering.importing.text_tables import HEAD_ROWS

_BLOCK_CELLS = 500_000
_HIDDEN = re.compile(r"<(?:\w+:)?sheet\s[^<>]*state\s*=\s*[\"'](?:veryH|h)idden[\"'][^<>]*>")
_NAME = re.compile(r"\bname\s*=\s*[\"']([^\"']*)[\"']")
_DATES_1904 = re.compile(r"date1904\s*=\s*[\"'](?:1|true|on)[\"']")
_EPOCH_YEARS = (1899, 1900, 1904)  # a time of day of 24:00 comes as a day of these


class SheetTable:
    """A sheet as a table of text cells `c0`, `c1` …; `days_1904`: bare numbers count from 1904."""

    lost = 0
    encoding = separator_name = ""

    def __init__(self, file: str, sheet: str, grid: list[list[str]], *, days_1904: bool = False) -> None:
        self.file, self.sheet, self.days_1904 = file, sheet, days_1904
        self._grid = grid
        self.width = max(map(len, grid), default=0)
        self.head = grid[:HEAD_ROWS]

    def blocks(self, first: int, findings: Findings) -> Iterator[pl.DataFrame]:
        """Rows from number `first` on, blank ones left out."""
        size = max(_BLOCK_CELLS // max(self.width, 1), 1)
        names = [f"c{index}" for index in range(self.width)]
        for start in range(first - 1, len(self._grid), size):
            rows = self._grid[start : start + size]
            columns = {
                name: [row[index] or None if index < len(row) else None for row in rows]
                for index, name in enumerate(names)
            }
            frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
            numbered = frame.with_row_index("row", start + 1).with_columns(pl.col("row").cast(pl.Int64))
            yield numbered.filter(pl.any_horizontal(pl.exclude("row").is_not_null()))


def read_sheets(source: Source, findings: Findings) -> Iterator[SheetTable]:
    """The sheets of a workbook that are shown and hold anything. LingtanError if it cannot be read."""
    with tempfile.TemporaryDirectory() as folder, source.seekable() as stream:
        copy = Path(folder, "workbook.xlsx")
        data = stream.read()
        copy.write_bytes(data)
        try:
            workbook = read_workbook(copy)
        except LingtanError as error:
            raise LingtanError(_placed(fault, source.name) for fault in error.faults) from None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        described = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    hidden = {match[1] for tag in _HIDDEN.findall(described) if (match := _NAME.search(tag))}
    merged = _merged_ranges(data)
    for title, grid in workbook.sheets.items():
        if title in hidden:
            findings.add("import.hidden-sheet", Place(source.name, title))
            continue
        cells = [[_text(cell) for cell in row] for row in grid]
        _fill_down(cells, merged.get(title, []))
        if any(map(any, cells)):
            is_1904 = _DATES_1904.search(described) is not None
            yield SheetTable(source.name, title, cells, days_1904=is_1904)


def _placed(found: Fault, file: str) -> Fault:
    place = Place(file, found.place.sheet, found.place.row, found.place.column)
    return Fault(found.code, place, found.context)


def _merged_ranges(data: bytes) -> dict[str, list[tuple[tuple[int, int], tuple[int, int]]]]:
    """Merged cells of each sheet as first and last (row, column); none where they cannot be told."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        titles = workbook.sheet_names
        return {title: workbook.get_sheet_by_name(title).merged_cell_ranges or [] for title in titles}
    except (CalamineError, OSError, ValueError):
        return {}


def _fill_down(cells: list[list[str]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Cells merged over several rows say the same in each of them (a meter id beside its days)."""
    for (top, left), (bottom, _) in ranges:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        for row in cells[top + 1 : bottom + 1]:
            if left < len(row) and not row[left]:
                row[left] = cells[top][left]


def _text(cell: Raw) -> str:
    """A cell as text: numbers in their shortest form, dates in ISO form to the second."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, datetime):
        whole = cell + timedelta(microseconds=500_000)
        return _late(cell) or whole.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return _late(cell) or cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("seconds")
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e15 else repr(float(cell))


def _late(cell: date) -> str:
    return "24:00:00" if cell.year in _EPOCH_YEARS else ""
