"""Readings to energy: files, clean readings, steps, and per meter sums, quality and emissions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from lingtan.dossier.records import Dossier, Row
from lingtan.errors import Fault, Place, fault
from lingtan.metering.cleaning import clean_readings
from lingtan.metering.limits import load_limits
from lingtan.metering.pricing import hourly_intensity, price_steps
from lingtan.metering.quality import meter_table
from lingtan.metering.records import MeterEnergy, Metering
from lingtan.metering.register import meter_frame, meter_rows
from lingtan.metering.sources import Found, read_sources
from lingtan.metering.steps import Window, energy_steps, observed_minutes
from lingtan.metering.sums import limbs, total
from lingtan.metering.verdicts import meter_faults, overall_faults
from lingtan.periods import Period
from lingtan.quantities import exactly, same_dimension, scale


@dataclass(frozen=True, slots=True)
class _Year:
    """What every step needs to know: the register, the year as instants, the local calendar."""

    rows: dict[str, Row]
    window: Window
    zone: str

    def fault_of(self, code: str, meter: str, **context: Any) -> Fault:
        """A fault at the meter's row, instants in local time."""
        shown = {key: self.local(value) for key, value in context.items()}
        return fault(code, self.rows[meter].place, meter=meter, **shown)

    def local(self, value: Any) -> Any:
        """An instant as people of the park read it; anything else as it is."""
        if not isinstance(value, datetime):
            return value
        return value.astimezone(ZoneInfo(self.zone)).isoformat(timespec="minutes")


@exactly
def compute_metering(dossier: Dossier, *, intensity: Path | None = None) -> Metering:
    """Energy of each meter that the readings name, in the dossier's reporting year.

    Reads `dossier.readings` (files or folders; see `sources`). `intensity` is a file of hourly
    carbon intensity that takes the place of any among them. The year is the local calendar year
    of the park's time zone, hour-beginning and half-open. Errors are faults of the result.
    """
    rows, zone = meter_rows(dossier), dossier.park.location.timezone
    if not dossier.readings:
        return Metering()
    try:
        window = Period(dossier.park.reporting.year).instants(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = Place("park.yaml", column="location.timezone")
        return Metering(faults=(fault("metering.unknown-timezone", place, zone=zone),))
    year = _Year(rows, window, zone)
    found = _read(dossier.readings, rows, intensity)
    meters, faults = _measure(found, year)
    faults = [*found.faults, *faults, *overall_faults(meters, rows, found)]
    files = tuple(sorted(found.digests))
    return Metering(meters, tuple(sorted(faults, key=_order)), files, found.fingerprint())


def _order(found: Fault) -> tuple[Place, str, str]:
    return found.place, found.code, str(sorted(found.context.items()))


def _read(paths: Iterable[Path], rows: dict[str, Row], intensity: Path | None) -> Found:
    found = read_sources(paths, rows.keys())
    if intensity is not None:
        other = read_sources([intensity], ())
        found.intensity = other.intensity
        found.faults += other.faults
        found.digests.update(other.digests)
    return found


def _measure(found: Found, year: _Year) -> tuple[tuple[MeterEnergy, ...], list[Fault]]:
    """Every meter with at least one usable step in the year, and what was wrong."""
    meters = meter_frame(year.rows)
    readings, cleaning_faults = clean_readings(
        _near(found.all_readings(), meters, year.window), year.fault_of
    )
    steps, step_faults = energy_steps(readings, meters, year.window, year.fault_of)
    meters = meters.join(observed_minutes(steps), on="meter", how="left").with_columns(
        pl.min_horizontal("stated", "observed").alias("interval")
    )
    local_month = pl.col("at").dt.convert_time_zone(year.zone).dt.month().alias("month")
    steps = steps.with_columns(local_month).join(
        meters.select("meter", "carrier", "role", "interval"), on="meter", how="left", maintain_order="left"
    )
    months = {(row["meter"], row["month"]): total(row) for row in _monthly(steps).iter_rows(named=True)}
    prices, intensity_faults = _prices(found, steps)
    table = meter_table(steps.drop("carrier", "role", "interval"), meters.drop("stated"), load_limits())
    energies, faults = [], [*cleaning_faults, *step_faults, *intensity_faults]
    for facts in table.iter_rows(named=True):
        row = year.rows[facts["meter"]]
        energy = _energy(facts, row, months, prices.get(facts["meter"]), year.window)
        energies.append(energy)
        faults += meter_faults(energy, row, facts, year.fault_of)
    return tuple(energies), faults


def _near(readings: pl.DataFrame, meters: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Readings of the year, and of cumulative registers also those after it, up to the next one."""
    begin, end = window
    late = readings.filter(pl.col("at") >= end).join(
        meters.filter("cumulative").select("meter"), on="meter", how="semi"
    )
    first_late = late.filter(pl.col("at") == pl.col("at").min().over("meter"))
    return pl.concat([readings.filter((pl.col("at") >= begin) & (pl.col("at") < end)), first_late])


def _monthly(steps: pl.DataFrame) -> pl.DataFrame:
    return steps.group_by("meter", "month").agg(limbs(pl.col("energy")))


def _prices(found: Found, steps: pl.DataFrame) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    """Sums of energy times intensity by meter; empty if no intensity was handed in."""
    hours, faults = hourly_intensity(found.all_intensity())
    if hours.is_empty():
        return {}, faults
    supplies = steps.filter((pl.col("carrier") == "electricity") & (pl.col("role") == "supply"))
    return {row["meter"]: row for row in price_steps(supplies, hours).iter_rows(named=True)}, faults


def _energy(
    facts: dict[str, Any],
    row: Row,
    months: dict[tuple[str, int], Decimal],
    price: dict[str, Any] | None,
    window: Window,
) -> MeterEnergy:
    factor = _multiplier(row)
    meter, interval = facts["meter"], facts["interval"] or 0
    monthly = tuple(months.get((meter, month), Decimal(0)) * factor for month in range(1, 13))
    emissions, unpriced = _emissions(price, row.text("unit"), factor)
    return MeterEnergy(
        meter=meter,
        carrier=row.text("carrier"),
        unit=row.text("unit"),
        quantity=sum(monthly, Decimal(0)),
        expected=_intervals(window, interval),
        present=facts["present"] if facts["present"] is not None else facts["readings"],
        zeros=facts["zeros"],
        suspect_zeros=facts["suspects"],
        emissions_tco2=emissions,
        months=monthly,
        clipped=facts["clipped"],
        unpriced=unpriced,
        enterprise=row.text("enterprise"),
        role=row.text("role"),
        interval_minutes=interval,
        observed_minutes=facts["observed"] or 0,
        first=facts["first"],
        last=facts["last"],
        place=row.place,
    )


def _multiplier(row: Row) -> Decimal:
    """A blank multiplier is one: the meter reads what it measures."""
    multiplier = row.number("multiplier")
    return Decimal(1) if multiplier is None else multiplier


def _intervals(window: Window, minutes: int) -> int:
    """How many intervals of `minutes` the window holds; none if their length is not known."""
    begin, end = window
    return math.ceil((end - begin).total_seconds() / 60 / minutes) if minutes else 0


def _emissions(price: dict[str, Any] | None, unit: str, factor: Decimal) -> tuple[Decimal | None, int]:
    """tCO2 of a meter, and how many steps had no intensity; None if none had, or no energy unit."""
    if price is None or not same_dimension(unit, "kWh"):
        return None, 0
    if price["milli"] is None:
        return None, price["unpriced"]
    return total(price) * factor * scale(unit, "kWh") / 1000, price["unpriced"]
