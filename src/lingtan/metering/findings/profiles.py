"""Findings in how months compare: a clock that runs off, a meter that drifts against its submeters."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.metering.findings.spans import ROWS
from lingtan.metering.limits import Limits

Floats = NDArray[np.float64]
_HOURS = 24
_VARIED = 0.2  # standard deviation over mean: a flat profile fits any shift
_FITS = 0.9  # correlation of the shifted month with the year
_GAIN = 0.02  # less is the difference of one month from another
_LEAST_MONTHS = 6
_STEADY = 0.9  # correlation of the share with time


def find_shifts(steps: pl.DataFrame, meters: pl.DataFrame, zone: str, limits: Limits) -> pl.DataFrame:
    """Months whose mean day fits the other months' better when moved by whole hours.

    Electricity only: the hours of heating change with the seasons.
    """
    fine = meters.filter((pl.col("interval") <= 60) & (pl.col("carrier") == "electricity")).select("meter")
    hour = pl.col("at").dt.convert_time_zone(zone).dt.hour()
    table = (
        steps.join(fine, on="meter", how="semi")
        .with_columns(hour.alias("hour"))
        .group_by("meter", "month", "hour")
        .agg(pl.col("energy").mean(), pl.col("at").min().alias("first"), pl.col("at").max().alias("last"))
    )
    found = []
    for (meter,), part in table.sort("meter", "month", "hour").group_by("meter", maintain_order=True):
        found += [(meter, *one) for one in _shifts_of(part, float(limits.shift_rest.value) / 100)]
    rows = [("clock-shift", m, first, last, count, f"{shift:+d}") for m, first, last, count, shift in found]
    return pl.DataFrame(rows, schema=ROWS, orient="row")


def _shifts_of(part: pl.DataFrame, rest: float) -> list[tuple[object, ...]]:
    days = part.group_by("month", maintain_order=True).agg(
        pl.col("energy"), pl.len().alias("hours"), pl.col("first").min(), pl.col("last").max()
    )
    whole = days.filter(pl.col("hours") == _HOURS)
    if whole.height < 3:
        return []
    profiles = np.array(whole["energy"].to_list())
    found: list[tuple[object, ...]] = []
    for number, own in enumerate(profiles):
        others = np.delete(profiles, number, axis=0)
        usual = np.median(others / np.maximum(others.mean(axis=1, keepdims=True), 1e-12), axis=0)
        if usual.std() < _VARIED or own.std() < _VARIED * own.mean():
            continue
        fits = _normal(own)[_ROLLED] @ _normal(usual) / _HOURS
        best = int(fits.argmax())
        if fits[best] >= _FITS and 1 - fits[best] <= rest * (1 - fits[6]) and fits[best] - fits[6] >= _GAIN:
            row = whole.row(number, named=True)
            found.append((row["first"], row["last"], _HOURS, best - 6))
    return found


_ROLLED = (np.arange(_HOURS)[None, :] + np.arange(-6, 7)[:, None]) % _HOURS
"""Places of the hours of a day moved by -6 … +6."""


def _normal(profile: Floats) -> Floats:
    """With mean 0 and standard deviation 1: products of two are correlations."""
    normal: Floats = (profile - profile.mean()) / profile.std()
    return normal


def _correlation(one: Floats, other: Floats) -> float:
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def find_drifts(steps: pl.DataFrame, meters: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Meters whose submeters' share of them moves one way for months.

    Months in which all of them were read are compared; the slope is that of a straight line.
    """
    months = steps.group_by("meter", "month").agg(
        pl.col("scaled").sum().alias("sum"),
        pl.col("at").min().alias("first"),
        pl.col("at").max().alias("last"),
    )
    below = meters.filter(pl.col("parent").is_not_null() & pl.col("role").is_in(["supply", "sub"]))
    counts = below.group_by("parent").agg(pl.len().alias("members"))
    sums = (
        below.select("meter", "parent")
        .join(months, on="meter")
        .group_by("parent", "month")
        .agg(pl.col("sum").sum().alias("children"), pl.len().alias("read"))
        .join(counts, on="parent")
        .filter(pl.col("read") == pl.col("members"))
        .join(months, left_on=["parent", "month"], right_on=["meter", "month"])
        .filter(pl.col("sum") > 0)
        .with_columns((pl.col("children") / pl.col("sum")).alias("share"))
        .sort("parent", "month")
    )
    rows = []
    for (parent,), part in sums.group_by("parent", maintain_order=True):
        slope = _slope(part["month"].to_numpy().astype(float), part["share"].to_numpy())
        if slope is not None and abs(slope) * 100 >= float(limits.drift_per_month.value):
            span = part["first"].min(), part["last"].max()
            rows.append(("drift", parent, *span, part.height, f"{slope * 100:+.2f}"))
    return pl.DataFrame(rows, schema=ROWS, orient="row")


def _slope(months: Floats, share: Floats) -> float | None:
    """Change of the share a month relative to its mean, where it is steady."""
    if len(months) < _LEAST_MONTHS or abs(_correlation(months, share)) < _STEADY:
        return None
    return float(np.polyfit(months, share, 1)[0] / share.mean())
