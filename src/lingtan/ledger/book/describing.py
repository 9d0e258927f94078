"""An acquisition as the book keeps it, and what is wrong with it by itself."""

from __future__ import annotations

import unicodedata
from dataclasses import fields
from datetime import date
from decimal import Decimal

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.instruments.rules import CancellationRules
from lingtan.instruments.serials import SerialRange, find_range
from lingtan.instruments.validity import certificate_last_day, certificate_years, credit_years
from lingtan.ledger.book.records import (
    Acquired,
    Certificates,
    Contract,
    Credits,
    Instrument,
    OwnReduction,
    Removal,
)
from lingtan.periods import Period

REGISTER = {
    Certificates: "certificates",
    Contract: "green_electricity",
    OwnReduction: "measures",
    Removal: "removals",
    Credits: "credits",
}
UNITS = {
    "certificates": "certificate",
    "green_electricity": "kWh",
    "measures": "kg",
    "removals": "kg",
    "credits": "credit",
}
MOST = 10**15  # units of one instrument; far below what SQLite counts to
_OPTIONAL = {"commissioned", "contract", "project", "visible", "permanent", "source", "serial_to"}
_OPTIONAL |= {"generated_from", "generated_to"}
_CHOICES = {
    Contract: ("direct_supply", "green_power_trade"),
    Removal: ("sink", "ccus"),
    Credits: ("ccer", "cer", "other"),
}


def describe(park: str, given: Acquired, rules: CancellationRules) -> Instrument:
    """`given` as acquired by `park`, years and last day by `rules`; LingtanError with all that is wrong."""
    register = REGISTER[type(given)]
    place = Place(sheet=register)
    faults = [*_find_blanks(given, place), *_find_bad(given, place)]
    if faults:
        raise LingtanError(faults)
    faults = _find_contradictions(given, place)
    span, faults_of_serials = _read_serials(given, place)
    if faults or faults_of_serials:
        raise LingtanError([*faults, *faults_of_serials])
    month_from, month_to = _months(given)
    first_year, last_year = _years(given, rules)
    since = given.period if isinstance(given, Contract) else getattr(given, "year", "")
    serial_from = getattr(given, "serial_from", "").strip()
    return Instrument(
        number=0,
        key="/".join(str(part) for part in (register, park, given.id.strip(), since) if part),
        register=register,
        id=given.id.strip(),
        park=park,
        unit=UNITS[register],
        count=span.count if span else _quantity(given),
        registry=_registry(given),
        prefix=span.prefix if span else "",
        first=span.first if span else 0,
        digits=len(serial_from.upper().removeprefix(span.prefix)) if span else 0,
        project=fold(getattr(given, "project", "")),
        month_from=month_from,
        month_to=month_to,
        first_year=first_year,
        last_year=last_year,
        last_day=certificate_last_day(given.generated, rules) if isinstance(given, Certificates) else None,
        cells=_cells(given),
    )


def fold(text: str) -> str:
    """`text` as it is compared: width, case and blanks do not tell two apart."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _cells(given: Acquired) -> dict[str, str]:
    values = {field.name: getattr(given, field.name) for field in fields(given)}
    return {name: str(value).strip() for name, value in values.items() if value is not None and value != ""}


def _find_blanks(given: Acquired, place: Place) -> list[Fault]:
    optional = _OPTIONAL | ({"registry"} if isinstance(given, Certificates) else set())
    found = []
    for field in fields(given):
        value = getattr(given, field.name)
        if field.name not in optional and (value is None or (isinstance(value, str) and not value.strip())):
            code = "ledger.book-no-proof" if field.name == "evidence" else "ledger.book-incomplete"
            found.append(fault(code, place, id=given.id or "-", cell=field.name))
    return found


def _find_bad(given: Acquired, place: Place) -> list[Fault]:
    found = []
    choices = _CHOICES.get(type(given))
    kind = getattr(given, "kind", "")
    if choices and kind not in choices:
        found.append(bad_value(place, "kind", kind, f"只能是 one of: {', '.join(choices)}"))
    if isinstance(given, (Contract, OwnReduction, Removal)):
        found += find_bad_quantity(_quantity(given), place)
    for name in ("year", "vintage"):
        if hasattr(given, name):
            found += find_bad_year(getattr(given, name), place, name)
    return found


def bad_value(place: Place, cell: str, given: object, reason: str) -> Fault:
    """The fault of a value that cannot be."""
    return fault("ledger.book-bad-value", place, cell=cell, given=given, reason=reason)


def find_bad_quantity(quantity: int, place: Place) -> list[Fault]:
    """A quantity is a whole number of the smallest unit, 1 or more."""
    if isinstance(quantity, int) and not isinstance(quantity, bool) and 1 <= quantity <= MOST:
        return []
    reason = f"须为 1 至 {MOST} 的整数 a whole number of the smallest unit, 1 to {MOST}"
    return [bad_value(place, "quantity", quantity, reason)]


def find_bad_year(year: int, place: Place, cell: str = "year") -> list[Fault]:
    """A year of the book is a whole number, 1990 to 2100."""
    if isinstance(year, int) and not isinstance(year, bool) and 1990 <= year <= 2100:
        return []
    return [bad_value(place, cell, year, "须为 1990 至 2100 的年份 a year, 1990 to 2100")]


def _quantity(given: Acquired) -> int:
    return given.kwh if isinstance(given, Contract) else getattr(given, "kg", 0)


def _find_contradictions(given: Acquired, place: Place) -> list[Fault]:
    if isinstance(given, Removal) and given.kind == "ccus":
        found = []
        if given.permanent is not True:
            found.append(fault("ledger.not-permanent", place, id=given.id))
        if not given.source.strip():
            found.append(fault("ledger.book-incomplete", place, id=given.id, cell="source"))
        return found
    if isinstance(given, Certificates) and given.commissioned is not None:
        last = (given.generated.year, given.generated.month or 12)
        if (given.commissioned.year, given.commissioned.month) > last:
            words = {"generated": given.generated, "commissioned": given.commissioned}
            return [fault("ledger.generated-before-commissioned", place, id=given.id, **words)]
    if isinstance(given, Contract) and given.kind == "green_power_trade" and given.technology == "nuclear":
        return [fault("ledger.not-renewable", place, id=given.id)]
    if isinstance(given, Certificates) and given.technology == "nuclear":
        return [fault("ledger.not-renewable", place, id=given.id)]
    if isinstance(given, Credits):
        begin, end = _months(given)
        if begin > end:
            reason = "起月晚于止月 first month after last month"
            return [bad_value(place, "generated_from", given.generated_from, reason)]
    return []


def _read_serials(given: Acquired, place: Place) -> tuple[SerialRange | None, list[Fault]]:
    if not isinstance(given, (Certificates, Credits)):
        return None, []
    span = find_range(given.serial_from, given.serial_to)
    if span is None:
        words = {"serial_from": given.serial_from, "serial_to": given.serial_to}
        return None, [fault("ledger.book-no-serials", place, id=given.id, **words)]
    return span, find_bad_quantity(span.count, place)


def _registry(given: Acquired) -> str:
    if isinstance(given, Credits):
        return f"{given.kind}/{fold(given.registry)}"
    return fold(given.registry) if isinstance(given, Certificates) else ""


def _months(given: Acquired) -> tuple[int, int]:
    """The months of generation; of a credit without them those of the vintage."""
    if isinstance(given, Certificates):
        begin = end = given.generated
    elif isinstance(given, Contract):
        begin = end = given.period
    elif isinstance(given, Credits):
        vintage = Period(given.vintage)
        begin = given.generated_from or given.generated_to or vintage
        end = given.generated_to or given.generated_from or vintage
    else:
        begin = end = Period(given.year)
    return begin.year * 12 + (begin.month or 1) - 1, end.year * 12 + (end.month or 12) - 1


def _years(given: Acquired, rules: CancellationRules) -> tuple[int, int]:
    if isinstance(given, Certificates):
        return certificate_years(given.generated, rules)
    if isinstance(given, Credits):
        first, last = credit_years(Decimal(given.vintage), rules)
        return int(first), int(last)
    year = given.period.year if isinstance(given, Contract) else given.year
    return year, year


def read_date(text: str) -> date | None:
    """A day as the book has it written; None if blank."""
    return date.fromisoformat(text) if text else None
