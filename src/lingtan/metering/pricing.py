"""Hourly emissions of electricity: energy of the hour by the carbon intensity of the hour."""

from __future__ import annotations

import polars as pl

from lingtan.errors import Fault, fault
from lingtan.metering.sums import limbs

HOUR_MINUTES = 60


def hourly_intensity(intensity: pl.DataFrame) -> tuple[pl.DataFrame, list[Fault]]:
    """`hour, intensity`: the mean of each hour's values, kgCO2/kWh.

    Two different values for one instant are an error, and neither is used.
    """
    usable = intensity.filter(pl.col("value").is_finite() & pl.col("at").is_not_null()).sort("at", "value")
    instants = usable.group_by("at", maintain_order=True).agg(
        pl.col("value").min(), pl.col("value").max().alias("other")
    )
    conflicts = instants.filter(pl.col("value") != pl.col("other"))
    faults = []
    if conflicts.height:
        first, last = conflicts["at"].min(), conflicts["at"].max()
        faults.append(fault("metering.several-intensities", count=conflicts.height, first=first, last=last))
    hours = (
        instants.filter(pl.col("value") == pl.col("other"))
        .group_by(pl.col("at").dt.truncate("1h").alias("hour"), maintain_order=True)
        .agg(pl.col("value").mean().alias("intensity"))
    )
    return hours, faults


def price_steps(steps: pl.DataFrame, hours: pl.DataFrame) -> pl.DataFrame:
    """Per meter: `unpriced` steps, and the sums of energy times intensity (see `sums.total`).

    `steps` are those of electricity supplies. A step longer than an hour has no hour of its own
    and stays unpriced.
    """
    length = pl.when("cumulative").then("minutes").otherwise("interval")
    product = pl.when(length <= HOUR_MINUTES).then(pl.col("energy") * pl.col("intensity"))
    priced = (
        steps.with_columns(pl.col("at").dt.truncate("1h").alias("hour"))
        .join(hours, on="hour", how="left")
        .with_columns(product.alias("product"))
    )
    unpriced = priced.group_by("meter").agg(pl.col("product").is_null().sum().alias("unpriced"))
    sums = priced.filter(pl.col("product").is_not_null()).group_by("meter").agg(limbs(pl.col("product")))
    return unpriced.join(sums, on="meter", how="left")
