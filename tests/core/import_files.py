"""Files of readings for tests, and what an import makes of them as plain tuples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from lingtan.dossier.records import Cell, Row
from lingtan.errors import Fault, Place
from lingtan.metering.importing import ImportOptions, ImportPlan, plan_import, read_batches

BLANK: Mapping[str, Cell] = {
    "carrier": "electricity",
    "role": "supply",
    "quantity": "interval",
    "unit": "kWh",
}
Reading = tuple[str, datetime, Decimal]
SHANGHAI = ImportOptions(zone="Asia/Shanghai")


def register(*names: str, **cells: Cell) -> dict[str, Row]:
    """Rows of the register of meters, all alike."""
    return {
        name: Row("meters", name, {**BLANK, "meter": name, **cells}, Place("meters.csv", row=2))
        for name in names
    }


def put(folder: Path, text: str | bytes, name: str = "readings.csv", encoding: str = "utf-8") -> Path:
    """A file with this content."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return file


def put_sheet(folder: Path, rows: Iterable[Iterable[object]], name: str = "readings.xlsx") -> Path:
    """A workbook with one sheet; dates are written as dates."""
    file = folder / name
    book = xlsxwriter.Workbook(str(file), {"default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("数据")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.close()
    return file


def readings_of(plan: ImportPlan) -> list[Reading]:
    """Every reading that would be stored, sorted, values as exact decimals."""
    found: list[Reading] = []
    for batch in read_batches(plan):
        for meter, at, value in batch.frame.iter_rows():
            found.append((meter, at, Decimal(value).scaleb(batch.exponents[meter])))
    return sorted(found)


def take(
    path: Path, meters: Mapping[str, Row] | None = None, options: ImportOptions = SHANGHAI
) -> tuple[ImportPlan, list[Reading]]:
    """The plan for one path, and its readings."""
    plan = plan_import([path], meters=meters, options=options)
    return plan, readings_of(plan)


def codes(plan: ImportPlan) -> set[str]:
    """Codes of all faults of a plan."""
    return {fault.code for fault in plan.faults}


def fault_of(plan: ImportPlan, code: str) -> Fault:
    """The one fault of this code."""
    found = [fault for fault in plan.faults if fault.code == code]
    assert len(found) == 1, [fault.code for fault in plan.faults]
    return found[0]


def decided(plan: ImportPlan, subject: str) -> list[tuple[str, str]]:
    """Answers and reasons of one subject in the first table."""
    return [(d.value, d.reason) for d in plan.tables[0].decisions if d.subject == subject]
