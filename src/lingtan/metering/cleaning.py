"""Readings in canonical order, each instant of a meter once, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from lingtan.errors import Fault

FaultOf = Callable[..., Fault]
"""`fault_of(code, meter, **context)`: a fault at the register row of `meter`."""

KEY = ["meter", "at"]


def clean_readings(readings: pl.DataFrame, fault_of: FaultOf) -> tuple[pl.DataFrame, list[Fault]]:
    """`readings` sorted by meter and instant, usable numbers only, one value per instant.

    Equal rows are kept once. Two different values for one instant are an error and neither is
    used: which of them is right cannot be told from the data.
    """
    usable = pl.col("value").is_finite()
    faults = report_meters("metering.not-a-number", readings.filter(~usable), fault_of)
    ordered = readings.filter(usable).sort("meter", "at", "value")
    repeated = pl.struct(KEY) == pl.struct(KEY).shift(1)
    if not ordered.select(repeated.any()).item():
        return ordered, faults
    instants = ordered.group_by(KEY, maintain_order=True).agg(
        pl.len().alias("rows"), pl.col("value").min(), pl.col("value").max().alias("other")
    )
    equal = pl.col("value") == pl.col("other")
    faults += report_meters("metering.duplicate", instants.filter(equal & (pl.col("rows") > 1)), fault_of)
    faults += report_meters("metering.conflict", instants.filter(~equal), fault_of)
    return instants.filter(equal).select("meter", "at", "value"), faults


def report_meters(code: str, rows: pl.DataFrame, fault_of: FaultOf) -> list[Fault]:
    """One fault per meter in `rows`, with how many, the first and the last instant."""
    found = (
        rows.group_by("meter")
        .agg(pl.len().alias("count"), pl.col("at").min().alias("first"), pl.col("at").max().alias("last"))
        .sort("meter")
    )
    return [fault_of(code, **row) for row in found.iter_rows(named=True)]
