"""Energy per step: an interval reading as it is, a cumulative register as the rise to its next reading.

A step belongs to the period in which it begins, so that adjacent years share no kilowatt-hour.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from lingtan.errors import Fault
from lingtan.metering.cleaning import FaultOf, report_meters
from lingtan.metering.sums import LARGEST, milli

Window = tuple[datetime, datetime]


def energy_steps(
    readings: pl.DataFrame, meters: pl.DataFrame, window: Window, fault_of: FaultOf
) -> tuple[pl.DataFrame, list[Fault]]:
    """Steps that begin in `window`: `meter, at, energy, minutes, covered`, sorted by meter and instant.

    `readings` are clean and reach one reading beyond the window; `minutes` is the distance to the
    next reading (null for the last), `covered` how many of them a cumulative step explains.
    """
    begin, end = window
    steps = (
        _with_rises(readings)
        .join(meters.select("meter", "cumulative"), on="meter", how="left", maintain_order="left")
        .filter((pl.col("at") >= begin) & (pl.col("at") < end))
        .filter(~pl.col("cumulative") | pl.col("rise").is_not_null())
    )
    within = (pl.min_horizontal("until", pl.lit(end)) - pl.col("at")).dt.total_microseconds()
    steps = steps.select(
        "meter",
        "at",
        "cumulative",
        pl.when("cumulative").then("rise").otherwise("value").alias("energy"),
        (pl.col("gap") / 60_000_000).alias("minutes"),
        pl.when("cumulative").then(within / 60_000_000).alias("covered"),
        (pl.col("cumulative") & (pl.col("until") > end)).alias("crosses"),
    )
    return _plausible(steps, fault_of)


def _with_rises(readings: pl.DataFrame) -> pl.DataFrame:
    """`readings` with `gap` (microseconds), `until` and `rise` to the next reading of the meter."""
    following = {name: pl.col(name).shift(-1) for name in ("meter", "at", "value", "milli")}
    follows = following["meter"] == pl.col("meter")
    exact_rise = (following["milli"] - pl.col("milli")) / 1000
    rise = pl.coalesce(exact_rise, following["value"] - pl.col("value"))
    return readings.with_columns(milli(pl.col("value")).alias("milli")).with_columns(
        pl.when(follows).then((following["at"] - pl.col("at")).dt.total_microseconds()).alias("gap"),
        pl.when(follows).then(following["at"]).alias("until"),
        pl.when(follows).then(rise).alias("rise"),
    )


def _plausible(steps: pl.DataFrame, fault_of: FaultOf) -> tuple[pl.DataFrame, list[Fault]]:
    """Falling registers, negative and absurdly large energies are left out and reported."""
    falls = pl.col("energy") < 0
    large = pl.col("energy") > LARGEST
    faults = [
        *report_meters("metering.reset", steps.filter(falls & pl.col("cumulative")), fault_of),
        *report_meters("metering.negative", steps.filter(falls & ~pl.col("cumulative")), fault_of),
        *report_meters("metering.too-large", steps.filter(large), fault_of),
        *report_meters(
            "metering.step-across-edge", steps.filter(pl.col("crosses") & ~falls & ~large), fault_of
        ),
    ]
    return steps.filter(~falls & ~large), faults


def observed_minutes(steps: pl.DataFrame) -> pl.DataFrame:
    """`meter, observed`: the commonest whole-minute distance of readings, the shorter of two as common."""
    counted = (
        steps.filter(pl.col("minutes").is_not_null() & (pl.col("minutes") >= 1))
        .group_by("meter", pl.col("minutes").round().cast(pl.Int64).alias("observed"))
        .agg(pl.len().alias("count"))
        .sort(["meter", "count", "observed"], descending=[False, True, False])
    )
    return counted.group_by("meter", maintain_order=True).agg(pl.col("observed").first())
