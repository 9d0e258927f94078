"""Meters that drift: the share that submeters have of the meter above moves one way for months."""

from __future__ import annotations

import numpy as np
import polars as pl

from lingtan.metering.findings.records import Finding, fingerprint
from lingtan.metering.findings.series import Floats
from lingtan.metering.limits import Limits, load_limits

_LEAST_MONTHS = 6
_STEADY = 0.9  # correlation of the share with time
_ALIKE = 0.98  # of the time that the best read of the family was read in that month


def sum_months(steps: pl.DataFrame, doubted: pl.DataFrame) -> pl.DataFrame:
    """What `find_drifts` needs of steps: per meter and month `sum` (of `scaled`), `read` (ms), span."""
    good = steps if doubted.is_empty() else steps.join(doubted, on=["meter", "at"], how="anti")
    return good.group_by("meter", "month", maintain_order=True).agg(
        pl.col("scaled").sum().alias("sum"),
        (pl.col("until") - pl.col("at")).dt.total_milliseconds().sum().alias("read"),
        pl.col("at").min().alias("first"),
        pl.col("at").max().alias("last"),
    )


def find_drifts(months: pl.DataFrame, meters: pl.DataFrame) -> tuple[Finding, ...]:
    """Meters above whose submeters' share changes steadily, by a straight line over the months.

    `months` as of `sum_months`, all meters of the park together: a family may lie in several blocks.
    `meters`: `meter, role, parent`. Months in which all of a family were read alike are compared.
    """
    limits = load_limits()
    shares = _shares(months, meters)
    found = []
    for (parent,), part in shares.group_by("parent", maintain_order=True):
        slope = _slope(part["month"].to_numpy().astype(float), part["share"].to_numpy())
        if slope is not None and _is_beyond(slope, limits):
            span = part["first"].min(), part["last"].max()
            data = fingerprint(part.select("month", "children", "sum").iter_rows())
            found.append(Finding(str(parent), *span, "drift", part.height, f"{slope * 100:+.2f}", data))  # type: ignore[arg-type]
    return tuple(sorted(found))


def _is_beyond(slope: float, limits: Limits) -> bool:
    return round(abs(slope) * 100, 9) >= float(limits.drift_per_month.value)


def _shares(months: pl.DataFrame, meters: pl.DataFrame) -> pl.DataFrame:
    """Per meter above and month: its `sum`, that of its `children`, their `share`, and the span."""
    below = meters.filter(pl.col("parent").is_not_null() & pl.col("role").is_in(["supply", "sub"]))
    counts = below.group_by("parent").agg(pl.len().alias("members"))
    return (
        below.select("meter", "parent")
        .join(months, on="meter")
        .sort("meter", "month")
        .group_by("parent", "month", maintain_order=True)
        .agg(
            pl.col("sum").sum().alias("children"),
            pl.len().alias("found"),
            pl.col("read").min().alias("least"),
            pl.col("read").max().alias("most"),
        )
        .join(counts, on="parent")
        .filter(pl.col("found") == pl.col("members"))
        .join(months, left_on=["parent", "month"], right_on=["meter", "month"])
        .filter(pl.min_horizontal("least", "read") >= _ALIKE * pl.max_horizontal("most", "read"))
        .filter(pl.col("sum") > 0)
        .with_columns((pl.col("children") / pl.col("sum")).alias("share"))
        .sort("parent", "month")
    )


def _slope(months: Floats, share: Floats) -> float | None:
    """Change of the share a month relative to its mean, where it is steady."""
    if len(months) < _LEAST_MONTHS or share.std() == 0 or share.mean() <= 0:
        return None
    if abs(float(np.corrcoef(months, share)[0, 1])) < _STEADY:
        return None
    return float(np.polyfit(months, share, 1)[0] / share.mean())
