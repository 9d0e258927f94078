"""Price sheets: the levels of prices by month, which only the user has."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from lingtan.documents import LARGEST_BYTES, Document, Key, Record, read_document, validate
from lingtan.dossier.findings import shown
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.metering.tariffs.records import PERIODS, PeriodName, load_words
from lingtan.periods import Period, read_period

LARGEST_PRICE = 1_000_000
"""Per unit; a larger one is a slip of the pen, and millionths of it times energy would leave int64."""


def _month(text: Any) -> Any:
    period = text if isinstance(text, Period) else read_period(str(text))
    if period is None or not period.month:
        raise ValueError("a month is written 2025-05")
    return period


Price = Annotated[Decimal, Field(ge=0, le=LARGEST_PRICE, allow_inf_nan=False)] | None


class SheetMonth(Record):
    """Prices of a month, taxes as the user's bill has them; None is not known, never zero.

    Either `floating` and `fixed`, whose sum is the flat price, or the prices of periods as they
    were made public. Per kWh; `demand` per kW and month, `capacity` per kVA and month.
    """

    month: Annotated[Period, BeforeValidator(_month)]
    floating: Price = None
    fixed: Price = None
    sharp: Price = None
    peak: Price = None
    flat: Price = None
    valley: Price = None
    deep: Price = None
    demand: Price = None
    capacity: Price = None

    def stated(self, period: PeriodName) -> Decimal | None:
        """The price of `period` as the sheet states it."""
        price: Decimal | None = getattr(self, period)
        return price

    @property
    def has_stated(self) -> bool:
        """Whether it states prices of periods."""
        return any(self.stated(period) is not None for period in PERIODS)


class PriceSheet(Record):
    """Prices by month for one tariff; `entries`: days of entry into force that the user states."""

    tariff: str = ""
    currency: str = "CNY"
    source: str = ""
    entries: dict[str, date] = Field(default_factory=dict)
    months: tuple[SheetMonth, ...] = ()

    @cached_property
    def by_month(self) -> Mapping[Period, SheetMonth]:
        """The prices by month."""
        return {one.month: one for one in self.months}


def read_price_sheet(file: Path) -> PriceSheet:
    """A price sheet from YAML, or from CSV with a row per month (headings in English or Chinese).

    LingtanError with every fault: unknown columns, cells that are no prices, a month twice, a month
    with both kinds of prices or half of one.
    """
    if file.suffix.lower() == ".csv":
        document, faults = _read_csv(file)
    else:
        document, faults = read_document(file)
    sheet = None
    if document is not None and not faults:
        sheet, faults = validate(document, PriceSheet)
    if document is not None and sheet is not None:
        faults = _check(sheet, document)
    if sheet is None or faults:
        raise LingtanError(faults)
    return sheet


def _check(sheet: PriceSheet, document: Document) -> list[Fault]:
    faults = []
    seen: set[Period] = set()
    for index, one in enumerate(sheet.months):
        place = document.place(("months", index))
        if one.month in seen:
            faults.append(fault("tariff.month-twice", place, month=one.month))
        seen.add(one.month)
        parts = (one.floating is not None) + (one.fixed is not None)
        if parts == 1 or (parts and one.has_stated):
            faults.append(fault("tariff.two-kinds", place, month=one.month))
    return faults


def _read_csv(file: Path) -> tuple[Document | None, list[Fault]]:
    try:
        raw = file.read_bytes()
        if len(raw) > LARGEST_BYTES:
            context = {"size": len(raw), "limit": LARGEST_BYTES}
            return None, [fault("document.too-large", Place(file.name), **context)]
        text = raw.decode("utf-8-sig")
    except OSError as error:
        return None, [fault("document.unreadable", Place(file.name), reason=error.strerror or error)]
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    rows = csv.reader(text.splitlines())
    try:
        heads = next(rows, [])
        names, faults = _columns(heads, file.name)
        months = [(rows.line_num, cells) for cells in rows if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        return None, [fault("document.unreadable", Place(file.name), reason=error)]
    for line, cells in months:
        if len(cells) > len(names):
            faults.append(fault("tariff.long-row", Place(file.name, row=line)))
    return _document(file.name, names, months), faults


def _columns(heads: list[str], name: str) -> tuple[list[str], list[Fault]]:
    words = load_words().columns
    known = {text: column for column, one in words.items() for text in (column, one.zh)}
    names = [known.get(head.strip(), "") for head in heads]
    place = Place(name, row=1)
    faults = [
        fault("tariff.unknown-column", place, column=shown(head), known="、".join(words))
        for head, column in zip(heads, names, strict=True)
        if not column
    ]
    faults += [
        fault("tariff.column-twice", place, column=column)
        for column in sorted(set(names) - {""})
        if names.count(column) > 1
    ]
    return names, faults


def _document(name: str, names: list[str], rows: list[tuple[int, list[str]]]) -> Document:
    lines: dict[Key, int] = {("months",): 1}
    months = []
    for index, (line, cells) in enumerate(rows):
        month = {column: cell.strip() for column, cell in zip(names, cells, strict=False) if cell.strip()}
        lines |= {("months", index, column): line for column in month} | {("months", index): line}
        months.append(month)
    return Document(name, {"source": name, "months": months}, lines)
