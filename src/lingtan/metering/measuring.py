"""A block of whole meters to the energy of the year, and what is wrong with its readings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.dossier.records import Row
from lingtan.errors import Fault, fault
from lingtan.metering.estimating import METHODS, estimate_gaps
from lingtan.metering.findings import (
    Finding,
    count_completeness,
    find_meter_quality,
    meter_table,
    sum_months,
)
from lingtan.metering.gathering import Block
from lingtan.metering.grid import Grid
from lingtan.metering.kernel import KINDS, UNKNOWN, MeterFacts, build_setting, compute_energy, compute_steps
from lingtan.metering.kernel.setting import LARGEST, Setting
from lingtan.metering.kernel.steps import FALL, NEGATIVE, ROLLED_OVER, TOO_LARGE, USABLE
from lingtan.metering.limits import load_limits
from lingtan.metering.records import MeterEnergy, MonthRead
from lingtan.metering.register import meter_frame
from lingtan.metering.units import sum_unit
from lingtan.metering.verdicts import meter_faults
from lingtan.quantities import is_unit, same_dimension, scale

FaultOf = Callable[..., Fault]
"""`fault_of(code, meter, **context)`: a fault at the register row of `meter`."""

MINUTE_MS = 60_000
_LARGEST_DIGITS = 9  # a step beyond a thousand million of its unit is implausible
_MILLIGRAM = Decimal("1e-9")  # tonnes
_TROUBLES = {FALL: "metering.reset", NEGATIVE: "metering.negative", TOO_LARGE: "metering.too-large"}


@dataclass(frozen=True, slots=True)
class Year:
    """What every block needs: the register, the year as a grid, carbon intensity by its slots."""

    rows: Mapping[str, Row]
    grid: Grid
    intensity: NDArray[np.int64] | None

    def fault_of(self, code: str, meter: str, **context: Any) -> Fault:
        """A fault at the meter's row, instants in local time."""
        shown = {key: self.local(value) for key, value in context.items()}
        return fault(code, self.rows[meter].place, meter=meter, **shown)

    def local(self, value: Any) -> Any:
        """An instant as people of the park read it; anything else as it is."""
        if not isinstance(value, datetime):
            return value
        return value.astimezone(ZoneInfo(self.grid.zone)).isoformat(timespec="minutes")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a block came to: meters with a usable step in the year, faults, findings, sums by month."""

    meters: list[MeterEnergy]
    faults: list[Fault]
    findings: tuple[Finding, ...]
    months: pl.DataFrame
    months_read: list[MonthRead]


def measure_block(block: Block, year: Year) -> Measured:
    """Energy of every meter of the block, and what is wrong with its readings."""
    rows = {meter: year.rows[meter] for meter in block.meters if meter in year.rows}
    meters = (
        meter_frame(rows)
        .join(_observed(block, year), on="meter", how="left")
        .with_columns(pl.min_horizontal("stated", "observed").alias("interval"))
    )
    setting = _setting(block, meters, year)
    energy = compute_energy(block.readings, setting, breaks=block.breaks).totals
    steps = _named(compute_steps(block.readings, setting, breaks=block.breaks), block)
    faults = _sent_twice(block, year) + _step_faults(steps, year)
    usable = _for_quality(steps, meters, year)
    known = meters.drop("stated")
    table, doubted = meter_table(usable, known, load_limits())
    by_meter = {meter: part for (meter,), part in _by_meter(energy, block)}
    grid = year.grid
    estimates = estimate_gaps(
        usable, known, doubted, window=(grid.begin_ms, grid.end_ms), zone=grid.zone
    ).partition_by("meter", as_dict=True)
    scaled = _scaled(usable, block, year)
    findings = find_meter_quality(scaled, known, doubted, window=(grid.begin, grid.end), zone=grid.zone)
    found = []
    for facts in table.iter_rows(named=True):
        row, meter = year.rows[facts["meter"]], facts["meter"]
        exponent = block.exponents[block.meters.index(meter)]
        one = _energy(facts, row, by_meter[meter], exponent, year)
        if (meter,) in estimates:
            one = _with_estimates(one, estimates[meter,], find_factor(row, exponent)[1])
        found.append(one)
        faults += meter_faults(one, row, facts, year.fault_of)
    read = count_completeness(scaled, known, doubted, grid).drop("share")
    months_read = [MonthRead(*row) for row in read.iter_rows()]
    return Measured(found, faults, findings, sum_months(scaled, doubted), months_read)


def _scaled(usable: pl.DataFrame, block: Block, year: Year) -> pl.DataFrame:
    """`usable` with energy in the meter's unit, multiplied (`energy`), and alike for all units (`scaled`)."""
    units, alike = {}, {}
    for meter, exponent in zip(block.meters, block.exponents, strict=True):
        if meter in year.rows:
            unit, factor = find_factor(year.rows[meter], exponent)
            units[meter] = float(factor)
            alike[meter] = float(factor * _common(unit))
    name = pl.col("meter")
    return usable.with_columns(
        pl.col("energy") * name.replace_strict(units, return_dtype=pl.Float64),
        (pl.col("energy") * name.replace_strict(alike, return_dtype=pl.Float64)).alias("scaled"),
    )


def _common(unit: str) -> Decimal:
    """What turns `unit` into kWh, m3 or t, whichever it converts to; 1 for other units."""
    for target in ("kWh", "m3", "t"):
        if is_unit(unit) and same_dimension(unit, target):
            return scale(unit, target)
    return Decimal(1)


def _with_estimates(one: MeterEnergy, estimates: pl.DataFrame, factor: Decimal) -> MeterEnergy:
    """`one` with what was estimated: rounded to what the uncertainty leaves meaningful, a millionth."""
    made = estimates.filter(pl.col("method") != "none")
    sums = dict(made.group_by("month").agg(pl.col("estimated").sum()).iter_rows())
    months = tuple(_rounded(Decimal(repr(sums.get(n, 0.0))) * factor) for n in range(1, 13))
    deviation = Decimal(repr(math.sqrt(made["variance"].sum()))) * abs(factor)
    return replace(
        one,
        estimated=sum(months, Decimal(0)),
        estimated_months=months,
        uncertainty=_rounded(deviation),
        methods=tuple(name for name in METHODS if name in set(estimates["method"])),
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_MILLIONTH)


_MILLIONTH = Decimal("1e-6")


def _meters(block: Block, year: Year) -> pl.DataFrame:
    """The register's facts of the block's meters, with observed and expected intervals (minutes)."""
    rows = {meter: year.rows[meter] for meter in block.meters if meter in year.rows}
    observed = meter_frame(rows).join(_observed(block, year), on="meter", how="left")
    return observed.with_columns(pl.min_horizontal("stated", "observed").alias("interval"))


def block_setting(block: Block, year: Year) -> Setting:
    """The kernel's setting for the meters of a block."""
    return _setting(block, _meters(block, year), year)


def find_factor(row: Row, exponent: int) -> tuple[str, Decimal]:
    """The unit of a meter's energy, and what the kernel's whole numbers are multiplied by to be in it."""
    unit, per_sum = sum_unit(row)
    return unit, _multiplier(row).scaleb(exponent) * per_sum


def _by_meter(energy: pl.DataFrame, block: Block) -> Iterable[tuple[tuple[str], pl.DataFrame]]:
    return _named(energy, block).group_by("meter", maintain_order=True)


def _named(frame: pl.DataFrame, block: Block) -> pl.DataFrame:
    """`frame` with ids for codes."""
    names = pl.Series(block.meters, dtype=pl.String)
    return frame.with_columns(names.gather(frame["meter"]).alias("meter"))


def _inside(at: str, year: Year) -> pl.Expr:
    return (pl.col(at) >= year.grid.begin) & (pl.col(at) < year.grid.end)


def _observed(block: Block, year: Year) -> pl.DataFrame:
    """`meter, observed`: the commonest whole-minute distance of readings, the shorter of two as common."""
    distance = (pl.col("at").shift(-1) - pl.col("at")).dt.total_milliseconds() / MINUTE_MS
    follows = pl.col("meter").shift(-1) == pl.col("meter")
    counted = (
        block.readings.filter(_inside("at", year))
        .select("meter", pl.when(follows).then(distance.round().cast(pl.Int64)).alias("observed"))
        .filter(pl.col("observed") >= 1)
        .group_by("meter", "observed")
        .agg(pl.len().alias("count"))
        .sort(["meter", "count", "observed"], descending=[False, True, False])
    )
    commonest = counted.group_by("meter", maintain_order=True).agg(pl.col("observed").first())
    return _named(commonest, block)


def _setting(block: Block, meters: pl.DataFrame, year: Year) -> Setting:
    intervals = dict(zip(meters["meter"], meters["interval"], strict=True))
    pairs = zip(block.meters, block.exponents, strict=True)
    facts = [_facts(year.rows.get(m), e, intervals.get(m), has=year.intensity is not None) for m, e in pairs]
    return build_setting(year.grid, facts, intensity=[] if year.intensity is None else [year.intensity])


def _facts(row: Row | None, exponent: int, interval: int | None, *, has: bool) -> MeterFacts:
    if row is None:
        return MeterFacts(KINDS["interval"])
    capacity = row.number("rolls_over_at")
    is_priced = has and row.text("carrier") == "electricity" and row.text("role") == "supply"
    return MeterFacts(
        KINDS[row.text("quantity") or "interval"],
        (interval or 0) * MINUTE_MS,
        0 if capacity is None else int(capacity.scaleb(-exponent)),
        min(10 ** (_LARGEST_DIGITS - exponent), LARGEST),
        intensity=0 if is_priced else UNKNOWN,
    )


def _sent_twice(block: Block, year: Year) -> list[Fault]:
    """Instants with the same value more than once, and with different ones."""
    return [
        one
        for code, rows in (("metering.duplicate", block.repeated), ("metering.conflict", block.disputed))
        for one in report_meters(code, _named(rows, block).filter(_inside("at", year)), year)
        if one.context["meter"] in year.rows
    ]


def _step_faults(steps: pl.DataFrame, year: Year) -> list[Fault]:
    """Falling registers, negative and absurdly large energies: left out and reported; roll-overs told."""
    inside = steps.filter(_inside("at", year))
    found = []
    for flag, code in (*_TROUBLES.items(), (ROLLED_OVER, "metering.rolled-over")):
        found += report_meters(code, inside.filter(pl.col("flag") == flag), year)
    return found


def report_meters(code: str, rows: pl.DataFrame, year: Year) -> list[Fault]:
    """One fault per meter in `rows`, with how many, the first and the last instant."""
    found = (
        rows.group_by("meter")
        .agg(pl.len().alias("count"), pl.col("at").min().alias("first"), pl.col("at").max().alias("last"))
        .sort("meter")
    )
    return [year.fault_of(code, **row) for row in found.iter_rows(named=True) if row["meter"] in year.rows]


def _for_quality(steps: pl.DataFrame, meters: pl.DataFrame, year: Year) -> pl.DataFrame:
    """Usable steps that begin in the year: `meter, at, energy, covered, month`."""
    usable = steps.filter(pl.col("flag").is_in([USABLE, ROLLED_OVER]) & _inside("at", year))
    kinds = meters.select("meter", is_register="cumulative")
    within = pl.min_horizontal("until", pl.lit(year.grid.end, dtype=pl.Datetime("ms", "UTC"))) - pl.col("at")
    return usable.join(kinds, on="meter", how="left", maintain_order="left").select(
        "meter",
        "at",
        pl.col("energy").cast(pl.Float64),
        "until",
        pl.when("is_register").then(within.dt.total_milliseconds() / MINUTE_MS).alias("covered"),
        pl.col("at").dt.convert_time_zone(year.grid.zone).dt.month().alias("month"),
    )


def _energy(facts: dict[str, Any], row: Row, totals: pl.DataFrame, exponent: int, year: Year) -> MeterEnergy:
    unit, factor = find_factor(row, exponent)
    months = tuple(Decimal(one) * factor for one in totals["energy"].to_list())
    interval = facts["interval"] or 0
    present = facts["present"] if facts["present"] is not None else facts["readings"]
    return MeterEnergy(
        meter=facts["meter"],
        carrier=row.text("carrier"),
        unit=unit,
        quantity=sum(months, Decimal(0)),
        expected=_intervals(year.grid, interval),
        present=present,
        zeros=facts["zeros"],
        suspect_zeros=facts["suspects"],
        emissions_tco2=None if year.intensity is None else _emissions(totals, row, factor, unit),
        months=months,
        clipped=facts["clipped"],
        unpriced=int(totals["unpriced"].sum()),
        enterprise=row.text("enterprise"),
        role=row.text("role"),
        interval_minutes=interval,
        observed_minutes=facts["observed"] or 0,
        first=facts["first"],
        last=facts["last"],
        spread=Decimal(int(totals["spread"].sum())) * factor,
        highest=None if facts["highest"] is None else Decimal(int(facts["highest"])) * factor,
        place=row.place,
    )


def _multiplier(row: Row) -> Decimal:
    """A blank multiplier is one: the meter reads what it measures."""
    multiplier = row.number("multiplier")
    return Decimal(1) if multiplier is None else multiplier


def _intervals(grid: Grid, minutes: int) -> int:
    """How many intervals of `minutes` the year holds; none if their length is not known."""
    return math.ceil(grid.count * grid.slot_minutes / minutes) if minutes else 0


def _emissions(totals: pl.DataFrame, row: Row, factor: Decimal, unit: str) -> Decimal | None:
    """tCO2 of an electricity supply by the hour; None where no hour has an intensity, or no energy unit."""
    is_priced = row.text("carrier") == "electricity" and row.text("role") == "supply"
    if not is_priced or not same_dimension(unit, "kWh"):
        return None
    weighed, unpriced = int(totals["emissions"].sum()), int(totals["unpriced"].sum())
    if not weighed and (unpriced or not totals["energy"].sum()):
        return None
    return weighed * factor * scale(unit, "kWh") * _MILLIGRAM
