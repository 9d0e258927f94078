"""Likely slips of the hand: a number that is off by the ratio of two units people take for one another.

Nothing is corrected here and nothing left out; a slip is named, with its numbers, and somebody looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import Column, Register, registers
from lingtan.errors import Fault, fault, sorted_once
from lingtan.factors import Registry, load_registry
from lingtan.inventory.lookup import Lookup
from lingtan.inventory.methods import load_method
from lingtan.inventory.slips.confusions import HUNDRED, apart, describe, find_likely, load_slips, shorten
from lingtan.inventory.slips.factor_slips import find_factor_slips
from lingtan.periods import Period
from lingtan.quantities import exactly, is_unit, same_dimension, scale

_NEVER_SMALL = ("oxidation_percent", "purity_percent")  # nothing in use burns, or is pure, to one per cent


@exactly
def find_slips(
    dossier: Dossier,
    *,
    registry: Registry | None = None,
    method: str = "park",
    on: date | None = None,
    known: Iterable[Fault] = (),
) -> tuple[Fault, ...]:
    """The likely slips of `dossier`: months off their series, own factors off the documents', shares.

    A cell of which `known` tells a slip already (metered against reported) is not told of again.
    """
    told = {item.place for item in known if item.code.startswith("inventory.slip-")}
    profile = load_method(method)
    lookup = Lookup(
        registry or load_registry(), dossier.park.location, dossier.park.reporting.year, profile, on
    )
    found = [*_series_slips(dossier), *find_factor_slips(dossier, lookup), *_share_slips(dossier)]
    return sorted_once(item for item in found if item.place not in told)


@dataclass(frozen=True, slots=True)
class _Month:
    """A month of a series: the number as stated in `unit`, and its value in the unit of the series."""

    row: Row
    period: Period
    stated: Decimal
    unit: str
    value: Decimal


def _series_slips(dossier: Dossier) -> Iterator[Fault]:
    """Months that stand apart from their series by the ratio of a confusion."""
    partial = _partial_months(dossier)
    for register in registers().values():
        columns = [column for column in register.columns.values() if _is_amount(column)]
        if "period" not in register.key or not columns:
            continue
        for rows in _by_key(register, dossier.rows.get(register.name, ())):
            for column in columns:
                yield from _off_months(_months(rows, column, partial), column)


def _is_amount(column: Column) -> bool:
    return column.type == "number" and bool(column.unit_column or column.unit) and column.unit != "percent"


def _by_key(register: Register, rows: Sequence[Row]) -> Iterable[list[Row]]:
    """Monthly rows by year and all of the key but the period."""
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    names = [name for name in register.key if name != "period"]
    for row in rows:
        period = row.values.get("period")
        if isinstance(period, Period) and period.month:
            found[(str(period.year), *(row.text(name) for name in names))].append(row)
    return found.values()


def _partial_months(dossier: Dossier) -> set[tuple[str, Period]]:
    """Months in which an enterprise came or went: what they are short of is no slip."""
    return {
        (row.text("enterprise"), Period(day.year, day.month))
        for row in dossier.rows.get("enterprises", ())
        for day in (row.values.get("active_from"), row.values.get("active_to"))
        if isinstance(day, date)
    }


def _months(rows: Sequence[Row], column: Column, partial: set[tuple[str, Period]]) -> list[_Month]:
    """The months with a value above zero; the first row of a month, should there be two (another fault)."""
    found: dict[Period, _Month] = {}
    first = ""
    for row in sorted(rows, key=lambda row: (str(row.values["period"]), row.place)):
        period, value = row.values["period"], row.number(column.name)
        unit = row.text(column.unit_column) if column.unit_column else column.unit
        if not isinstance(period, Period) or value is None or value <= 0 or not is_unit(unit):
            continue
        first = first or unit
        if same_dimension(unit, first) and (row.text("enterprise"), period) not in partial:
            found.setdefault(period, _Month(row, period, value, unit, value * scale(unit, first)))
    return list(found.values())


def _split(months: Sequence[_Month]) -> tuple[list[_Month], list[_Month], Decimal]:
    """The months on either side of the widest gap, the fewer last, and how wide it is (as a ratio)."""
    ordered = sorted(months, key=lambda month: (month.value, month.period))
    gaps = [apart(low.value, high.value) for low, high in pairwise(ordered)]
    widest = max(gaps, default=Decimal(1))
    at = gaps.index(widest) + 1 if gaps else 0
    low, high = ordered[:at], ordered[at:]
    return (low, high, widest) if len(low) >= len(high) else (high, low, widest)


def _off_months(months: Sequence[_Month], column: Column) -> Iterator[Fault]:
    """The months beyond the widest gap of a series, where the gap is that of a confusion."""
    limits = load_slips().limits
    percent = limits.series_percent.value
    usual, off, gap = _split(months)
    if len(usual) < limits.series_others.value:
        return
    found = []
    for month in off:
        near = sorted(usual, key=lambda one: (_distance(one, month), one.period))
        near = near[: int(limits.series_neighbours.value)]
        expected = median(one.value for one in near) * month.stated / month.value
        likely = find_likely(month.stated, expected, month.unit, of="quantity", percent=percent)
        spread = apart(max(one.value for one in near), min(one.value for one in near))
        # a season or a standstill: no clean gap, neighbours that differ, or not all beyond the gap alike
        if likely is None or gap * gap < likely.confusion.ratio or spread > limits.series_spread.value:
            return
        words = {"label": column.zh, "name": column.en, "count": len(near), "percent": percent}
        words |= {"period": month.period, "unit": month.unit, **_whose(month.row)}
        described = describe(month.stated, expected, likely)
        found.append(fault("inventory.slip-series", month.row.at(column.name), **words, **described))
    yield from found


def _distance(one: _Month, other: _Month) -> int:
    """Months between, December being next to January: what matters is the season."""
    between = abs(one.period.month - other.period.month)
    return min(between, 12 - between)


def _whose(row: Row) -> dict[str, str]:
    """Whose series it is: the enterprise, or the two between which something was handed on."""
    return {"enterprise": row.text("enterprise") or "→".join((row.text("from"), row.text("to")))}


def _share_slips(dossier: Dossier) -> Iterator[Fault]:
    """Percentages of at most 1 where others of the column are above 1, or where so little cannot be."""
    limit = load_slips().limits.share.value
    for register in registers().values():
        rows = dossier.rows.get(register.name, ())
        for column in register.columns.values():
            if column.unit != "percent" or column.type != "number":
                continue
            given = [(row, value) for row in rows if (value := row.number(column.name)) is not None]
            if column.name in _NEVER_SMALL or any(value > limit for _, value in given):
                yield from (_share(row, column, value) for row, value in given if 0 < value <= limit)


def _share(row: Row, column: Column, value: Decimal) -> Fault:
    words = {"label": column.zh, "name": column.en, "given": shorten(value)}
    return fault("inventory.slip-share", row.at(column.name), **words, expected=shorten(value * HUNDRED))
