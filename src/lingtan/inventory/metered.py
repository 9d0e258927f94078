"""Metered energy as activities, where an enterprise did not report the carrier itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.dossier.registers import carriers
from lingtan.errors import Fault, fault
from lingtan.inventory.activities import Activity
from lingtan.inventory.lines import ZERO, number, unit_scale
from lingtan.inventory.slips.confusions import describe, find_likely, load_slips
from lingtan.inventory.sources.combustion import BURNT
from lingtan.metering import energy_rows
from lingtan.metering.records import MeteredQuantity, MeterEnergy, Metering
from lingtan.periods import Period
from lingtan.quantities import is_unit, same_dimension

_USE_OF_ROLE = {"supply": "purchased", "generation": "own_generation", "export": "sold"}


def read_metered(
    dossier: Dossier, metering: Metering | None, reported: Iterable[Activity], *, percent: Decimal
) -> tuple[list[Activity], list[Fault]]:
    """Activities of what is metered only; warnings where reported and metered differ by over `percent`.

    Where they differ as two units do that are taken for one another, that is said instead.
    """
    if metering is None or not metering.meters:
        return [], []
    year = dossier.park.reporting.year
    by_use: dict[tuple[str, str, str], list[Activity]] = defaultdict(list)
    carriers_reported = set()
    for activity in reported:
        use = "combustion" if activity.use in BURNT else activity.use  # one meter feeds boilers and vehicles
        by_use[activity.enterprise, activity.carrier.name, use].append(activity)
        carriers_reported.add((activity.enterprise, activity.carrier.name))
    found: list[Activity] = []
    faults: list[Fault] = []
    by_meter = {energy.meter: energy for energy in metering.meters}
    for metered in energy_rows(dossier, metering):
        if metered.carrier not in carriers():
            continue  # water and compressed air are no energy carriers of the inventory
        key = (metered.enterprise or "park", metered.carrier, _use(metered))
        if (key[0], key[1]) not in carriers_reported:
            unread = frozenset().union(*(_unread(by_meter[meter]) for meter in metered.meters))
            found.append(replace(_activity(metered, key[0], year), unread=unread))
        else:
            series = _comparable(metered, by_use.get(key, ()))
            slips = _slips(metered, [by_meter[meter] for meter in metered.meters], series)
            faults.extend(slips)
            if not slips and _is_year(series):
                faults.extend(_difference(metered, series, percent))
    return found, faults


def _use(metered: MeteredQuantity) -> str:
    """Fuel through a supply meter is burnt; anything else is bought, made or sold."""
    is_fuel = carriers()[metered.carrier].kind in ("fossil", "biogenic")
    return "combustion" if is_fuel else _USE_OF_ROLE[metered.role]


def _unread(meter: MeterEnergy) -> frozenset[int]:
    """Months without any energy, of a meter whose readings lack the length of a month or more.

    A month that was read and in which nothing was used cannot be told apart then, and is asked for too.
    """
    lacking = (meter.expected - meter.present) * meter.interval_minutes
    if lacking < _SHORTEST_MONTH:
        return frozenset()
    return frozenset(number for number, energy in enumerate(meter.months, 1) if not energy)


_SHORTEST_MONTH = 28 * 24 * 60  # minutes


def _activity(metered: MeteredQuantity, enterprise: str, year: int) -> Activity:
    return Activity(
        period=Period(year),
        enterprise=enterprise,
        carrier=carriers()[metered.carrier],
        use=_use(metered),
        item="",
        unit=metered.unit,
        node=metered.node,
        ref=f"{year}/{enterprise}/{metered.carrier}/{metered.role}/metered",
        hourly=metered.emissions_tco2 if metered.role == "supply" else None,
    )


def _is_year(series: Iterable[Activity]) -> bool:
    """Whether the reported rows cover a whole year: only then can they be held against readings."""
    months = {activity.period.month for activity in series}
    return 0 in months or len(months) == 12


def _comparable(metered: MeteredQuantity, series: Iterable[Activity]) -> list[Activity]:
    """The reported rows; none if one of them is in a unit that the meters do not measure."""
    found = list(series)
    fits = all(is_unit(one.unit) and same_dimension(one.unit, metered.unit) for one in found)
    return found if fits else []


def _slips(metered: MeteredQuantity, meters: list[MeterEnergy], series: list[Activity]) -> list[Fault]:
    """Months (or the year) whose reported amount is off the metered one by units taken for one another.

    Several rows of one period (items) are compared as their sum, and only if stated in one unit.
    """
    by_period: dict[Period, list[Activity]] = defaultdict(list)
    for activity in series:
        by_period[activity.period].append(activity)
    found = (_slip(metered, meters, period, rows) for period, rows in sorted(by_period.items()))
    return [item for item in found if item is not None]


def _slip(
    metered: MeteredQuantity, meters: list[MeterEnergy], period: Period, rows: list[Activity]
) -> Fault | None:
    unit, percent = rows[0].unit, load_slips().limits.metered_percent.value
    if any(row.unit != unit for row in rows):
        return None
    known = [meter for meter in meters if meter.months] if period.month else []
    months = (meter.months[period.month - 1] * unit_scale((meter.unit,), unit) for meter in known)
    year = metered.quantity * unit_scale((metered.unit,), unit)
    expected = sum(months, ZERO) if period.month else year
    reported = sum((number(row.node) for row in rows), ZERO)
    likely = find_likely(reported, expected, unit, of="quantity", percent=percent)
    if likely is None:
        return None
    words = {"enterprise": metered.enterprise or "park", "period": period, "unit": unit, "percent": percent}
    words |= {"carrier": rows[0].carrier.zh, "name": rows[0].carrier.en}
    return fault(
        "inventory.slip-metered",
        rows[0].at("quantity"),
        **words,
        **describe(reported, expected, likely),
    )


def _difference(metered: MeteredQuantity, series: list[Activity], percent: Decimal) -> Iterable[Fault]:
    amounts = (number(a.node) * unit_scale((a.unit,), metered.unit) for a in series)
    reported = sum(amounts, ZERO)
    apart = abs(reported - metered.quantity) * 100
    if apart > percent * reported:
        yield fault(
            "inventory.metered-differs",
            series[0].at("quantity"),
            enterprise=metered.enterprise or "park",
            carrier=series[0].carrier.zh,
            name=series[0].carrier.en,
            reported=f"{reported.normalize():f}",
            metered=f"{metered.quantity.normalize():f}",
            unit=metered.unit,
            percent=percent,
        )
