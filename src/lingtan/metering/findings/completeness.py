"""How completely a meter was read, month by month."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl

from lingtan.metering.findings.series import MINUTE_MS, Bools, Series, Whole, lay_out
from lingtan.metering.grid import Grid

COMPLETENESS: dict[str, pl.DataType | type[pl.DataType]] = {
    "meter": pl.String,
    "month": pl.Int8,
    "expected": pl.Int64,
    "present": pl.Int64,
    "doubted": pl.Int64,
    "spread": pl.Int64,
    "share": pl.Float64,
}
"""Per meter and local month, in intervals: `present` were read, `doubted` of them are not believed;
of a register `spread` lie in a gap over which its rise is known. `share` is what was read and is
believed of what is expected: (present - doubted) / expected."""


def count_completeness(
    steps: pl.DataFrame, meters: pl.DataFrame, doubted: pl.DataFrame, grid: Grid
) -> pl.DataFrame:
    """COMPLETENESS of every meter of `meters` that has an interval, also of one that was never read.

    `steps`, `meters`, `doubted`: as `find_quality`. `grid` is the year. What a register measured
    over a gap is `spread`, not `present`: nobody read it in that month.
    """
    series = lay_out(steps, meters, doubted)
    edges = _edges(grid)
    shape = (series.meters.height, len(edges) - 1)
    is_register = series.meters["cumulative"].to_numpy().astype(bool)[series.code]
    month = np.searchsorted(edges, series.at, "right") - 1
    inside = (month >= 0) & (month < shape[1])
    counted = inside & ~is_register
    present = _count(series.code, month, counted, shape)
    doubts = _count(series.code, month, inside & ~series.good, shape)
    read = _overlaps(series, edges, is_register & series.ordinary)
    over = _overlaps(series, edges, is_register & ~series.ordinary)
    ms = np.maximum(series.interval, 1)[:, None]
    frame = pl.DataFrame({
        "meter": series.meters["meter"].gather(np.repeat(np.arange(shape[0]), shape[1])),
        "month": np.tile([period.month or 0 for period in grid.periods], shape[0]),
        "present": (present + np.rint(read / ms).astype(np.int64)).ravel(),
        "doubted": doubts.ravel(),
        "spread": np.rint(over / ms).astype(np.int64).ravel(),
    })  # fmt: skip
    return _with_expected(frame, meters, grid, edges)


def _edges(grid: Grid) -> Whole:
    """Begin of each month and end of the last, ms."""
    firsts = np.searchsorted(grid.period_of, np.arange(len(grid.periods)))
    return np.append(grid.starts_ms[firsts], grid.end_ms)


def _count(code: Whole, month: Whole, kept: Bools, shape: tuple[int, int]) -> Whole:
    place = code[kept] * shape[1] + month[kept]
    return np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)


def _overlaps(series: Series, edges: Whole, kept: Bools) -> Whole:
    """Milliseconds of the kept steps in each month."""
    code, at, until = series.code[kept], series.at[kept], series.until[kept]
    found = [
        np.bincount(
            code, weights=np.clip(np.minimum(until, end) - np.maximum(at, begin), 0, None),
            minlength=series.meters.height,
        )
        for begin, end in pairwise(edges.tolist())
    ]  # fmt: skip
    return np.rint(np.stack(found, axis=1)).astype(np.int64)


def _with_expected(frame: pl.DataFrame, meters: pl.DataFrame, grid: Grid, edges: Whole) -> pl.DataFrame:
    """Meters that were never read too, how many intervals a month holds, and the share."""
    minutes = pl.DataFrame({
        "month": [period.month or 0 for period in grid.periods], "minutes": np.diff(edges) // MINUTE_MS
    })  # fmt: skip
    numbers = [pl.col(name).fill_null(0) for name in ("present", "doubted", "spread")]
    return (
        meters.filter(pl.col("interval") > 0)
        .select("meter", "interval")
        .join(minutes, how="cross")
        .join(frame.cast({"month": pl.Int64}), on=["meter", "month"], how="left")
        .with_columns(*numbers, expected=(pl.col("minutes") / pl.col("interval")).ceil().cast(pl.Int64))
        .with_columns(share=(pl.col("present") - pl.col("doubted")) / pl.col("expected"))
        .select(pl.col(name).cast(kind) for name, kind in COMPLETENESS.items())
        .sort("meter", "month")
    )
