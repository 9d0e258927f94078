"""The instruments of a dossier entered in the book: acquired, and cancelled for the year they name.

Every row has a voucher of its own, so that entering the same dossier again adds nothing. What the
book refuses (serials that another park has, a contract twice) is a fault at the row; the rest is entered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from lingtan.dossier.records import Dossier, Row
from lingtan.errors import Fault, LingtanError, fault
from lingtan.ledger.book.book import Book
from lingtan.ledger.book.records import (
    Acquired,
    Certificates,
    Contract,
    Credits,
    OwnReduction,
    Posted,
    Removal,
    Stamp,
)
from lingtan.periods import Period

_KILO = 1000  # tonnes to kilograms, MWh to kWh


@dataclass(frozen=True, slots=True)
class Entered:
    """Entries made now, how many rows were in the book before, and why rows were not entered."""

    posted: tuple[Posted, ...]
    known: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """A row as the book takes it, and the year and quantity it was used for, if any."""

    row: Row
    acquired: Acquired
    year: int | None
    quantity: int


def enter_dossier(book: Book, dossier: Dossier, stamp: Stamp) -> Entered:
    """Enter certificates, contracts, credits, removals and carried-out measures of `dossier` in `book`.

    Contracts, removals and measures are used for their own year at once; certificates and credits
    for the year of their cancellation, if they name one.
    """
    park = dossier.park.id
    posted: list[Posted] = []
    faults: list[Fault] = []
    for row in _rows(dossier):
        lacking = [name for name in _NEEDED[row.register] if row.values.get(name) in (None, "")]
        if lacking:
            faults += [_blank(row, name) for name in lacking]
            continue
        try:
            posted += _enter(book, park, _given(row), stamp)
        except LingtanError as error:
            faults += [replace(one, place=row.place) for one in error.faults]
        except _FractionError as error:
            faults.append(
                fault("ledger.book-fraction", row.at(error.column), id=row.key, given=row.text(error.column))
            )
    new = tuple(one for one in posted if one.new)
    return Entered(new, len(posted) - len(new), tuple(faults))


class _FractionError(ValueError):
    """A quantity with a part smaller than the unit of the book."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def _rows(dossier: Dossier) -> Iterator[Row]:
    """Rows of instruments in an order that rests on their content; planned measures are none."""
    for register in _NEEDED:
        for row in sorted(dossier.rows.get(register, ()), key=lambda row: row.key):
            if register != "measures" or row.text("status") == "implemented":
                yield row


_NEEDED = {
    "removals": ("removal", "kind", "year", "quantity_tco2e"),
    "measures": ("measure", "year", "verified_reduction_tco2e"),
    "green_electricity": ("contract", "period", "kind", "settled_mwh"),
    "certificates": ("certificate", "serial_from", "generation_month", "quantity_mwh"),
    "credits": ("credit", "kind", "vintage", "serial_from", "quantity_tco2e"),
}


def _blank(row: Row, column: str) -> Fault:
    words = {"id": row.key, "cell": column, "offered": "", "unit": "", "year": ""}
    return fault("ledger.cell-blank", row.at(column), **words)


def _enter(book: Book, park: str, given: _Given, stamp: Stamp) -> Iterator[Posted]:
    voucher = f"{park}/{given.row.register}/{given.row.key}"
    acquired = book.acquire(park, given.acquired, replace(stamp, voucher=voucher))
    yield acquired
    if given.year is not None and given.quantity:
        said = given.row.values.get("cancelled_on")
        on = said if isinstance(said, date) else stamp.on
        proof = given.row.text("evidence")
        used = replace(stamp, voucher=f"{voucher}/cancel/{given.year}", proof=proof, on=on)
        yield book.cancel(park, given.year, acquired.instrument, given.quantity, used)


def _given(row: Row) -> _Given:
    build: Callable[[Row], _Given] = {
        "removals": _removal,
        "measures": _measure,
        "green_electricity": _contract,
        "certificates": _certificates,
        "credits": _credits,
    }[row.register]
    return build(row)


def _whole(row: Row, column: str, times: int = 1) -> int:
    """A quantity in the unit of the book."""
    value = (row.number(column) or Decimal(0)) * times
    if value != value.to_integral_value():
        raise _FractionError(column)
    return int(value)


def _year(row: Row, column: str) -> int | None:
    value = row.number(column)
    return None if value is None else int(value)


def _month(row: Row, column: str) -> Period:
    value = row.values[column]
    assert isinstance(value, Period)
    return value


def _removal(row: Row) -> _Given:
    kg, year = _whole(row, "quantity_tco2e", _KILO), _year(row, "year")
    assert year is not None
    kind: Any = row.text("kind")
    permanent: Any = row.values.get("permanent")
    made = Removal(row.text("removal"), kind, year, kg, row.text("evidence"), permanent=permanent)
    return _Given(row, made, year, kg)


def _measure(row: Row) -> _Given:
    kg, year = _whole(row, "verified_reduction_tco2e", _KILO), _year(row, "year")
    assert year is not None
    visible: Any = row.values.get("visible_in_inventory")
    made = OwnReduction(row.text("measure"), year, kg, row.text("evidence"), visible=visible)
    return _Given(row, made, year, kg)


def _contract(row: Row) -> _Given:
    kwh, period = _whole(row, "settled_mwh", _KILO), _month(row, "period")
    kind: Any = row.text("kind")
    made = Contract(row.text("contract"), period, kind, row.text("technology"), kwh, row.text("evidence"))
    return _Given(row, made, period.year, kwh)


def _certificates(row: Row) -> _Given:
    made = Certificates(
        row.text("certificate"),
        row.text("serial_from"),
        row.text("serial_to"),
        row.text("technology"),
        _month(row, "generation_month"),
        row.text("evidence"),
        contract=row.text("contract"),
    )
    return _Given(row, made, _year(row, "cancelled_year"), _whole(row, "quantity_mwh"))


def _credits(row: Row) -> _Given:
    kind: Any = row.text("kind")
    vintage = _year(row, "vintage")
    assert vintage is not None
    made = Credits(
        row.text("credit"),
        kind,
        row.text("registry"),
        row.text("serial_from"),
        row.text("serial_to"),
        vintage,
        row.text("evidence"),
        project=row.text("project"),
    )
    return _Given(row, made, _year(row, "cancelled_year"), _whole(row, "quantity_tco2e"))
