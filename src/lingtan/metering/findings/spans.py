"""Findings in when a meter was read: gaps, doubted zeros, dead channels, late starts, early ends."""

from __future__ import annotations

import numpy as np
import polars as pl

from lingtan.metering.findings.series import DAY_MS, Bools, Series, Whole, Window, build_rows
from lingtan.metering.limits import Limits

_ASKED_WHEN_DEAD = ("electricity", "water")  # heating rests in summer


def find_gaps(series: Series, window: Window, limits: Limits) -> pl.DataFrame:
    """Intervals of which nothing was read, and register steps longer than one and a half intervals.

    At the edges of the year up to `edge_days`; more is a late start or an early end.
    """
    ms, is_register = series.interval[series.code], _is_register(series)
    after = np.append(series.at[1:], 0)
    ends = np.append(series.code[1:] != series.code[:-1], True)
    begin = np.where(is_register, series.at + ms, series.until)
    end = np.where(is_register, series.until, np.where(ends, begin, after))
    is_gap = (ms > 0) & (2 * (end - begin) > ms)
    inner = _gap_rows(series, series.code[is_gap], begin[is_gap], end[is_gap])
    return pl.concat([inner, *(_gap_rows(series, *edge) for edge in _edges(series, window, limits)[1])])


def _gap_rows(series: Series, code: Whole, begin: Whole, end: Whole) -> pl.DataFrame:
    ms = series.interval[code]
    count = np.maximum(np.rint((end - begin) / np.maximum(ms, 1)), 1).astype(np.int64)
    return build_rows("gap", series, code, (begin, end - ms), count=count)


def _is_register(series: Series) -> Bools:
    found: Bools = series.meters["cumulative"].to_numpy().astype(bool)[series.code]
    return found


Edge = tuple[Whole, Whole, Whole]


def _edges(series: Series, window: Window, limits: Limits) -> tuple[tuple[Edge, Edge], tuple[Edge, Edge]]:
    """Time before the first step and after the last: (late, early) beyond the limit, and within it.

    A register's last reading begins no step: one interval is no gap there.
    """
    begin, end = (round(one.timestamp() * 1000) for one in window)
    code = np.arange(series.meters.height, dtype=np.int64)
    first, last = series.at[series.starts[:-1]], series.until[series.starts[1:] - 1]
    longest = int(limits.edge_days.value) * DAY_MS
    free = series.interval * np.where(series.meters["cumulative"].to_numpy().astype(bool), 2, 1)
    beyond, within = [], []
    for low, high in ((np.full_like(first, begin), first), (last, np.full_like(last, end))):
        is_far = high - low > longest
        is_near = ~is_far & (series.interval > 0) & (high - low >= free)
        beyond.append((code[is_far], low[is_far], high[is_far]))
        within.append((code[is_near], low[is_near], high[is_near]))
    return (beyond[0], beyond[1]), (within[0], within[1])


def find_edges(series: Series, window: Window, limits: Limits) -> pl.DataFrame:
    """Readings that begin late in the year, or end early; `count` is how many there are."""
    counts = np.diff(series.starts)
    names = ("late-start", "early-end")
    return pl.concat(
        build_rows(name, series, code, (low, high), count=counts[code])
        for name, (code, low, high) in zip(names, _edges(series, window, limits)[0], strict=True)
    )


def find_zeros(series: Series) -> pl.DataFrame:
    """Doubted zeros as spans of readings that follow one another."""
    same = np.zeros(len(series.good), bool)
    same[1:] = series.good[1:] == series.good[:-1]
    first, length = series.find_runs(same)
    kept = ~series.good[first]
    first, length = first[kept], length[kept]
    return series.rows("zeros", first, first + length - 1, count=length)


def find_dead(series: Series, limits: Limits) -> pl.DataFrame:
    """Meters that read nothing for `dead_days`, though not doubted.

    Supplies and generation of electricity and water; submeters of these that are otherwise seldom
    at zero; and any meter that never reads anything else.
    """
    zero = series.energy == 0
    same = np.zeros(len(zero), bool)
    same[1:] = zero[1:] == zero[:-1]
    first, length = series.find_runs(same)
    last = first + length - 1
    lasting = series.until[last] - series.at[first] >= int(limits.dead_days.value) * DAY_MS
    kept = zero[first] & lasting & series.good[first]
    first, length, last = first[kept], length[kept], last[kept]
    code = series.code[first]
    steps = np.diff(series.starts)
    zeros = np.add.reduceat(zero, series.starts[:-1]) if len(zero) else steps
    in_runs = np.bincount(code, weights=length, minlength=len(steps))
    is_seldom = zeros - in_runs < (steps - in_runs) * float(limits.seldom_zero_share.value) / 100
    is_asked = (series.meters["carrier"].is_in(_ASKED_WHEN_DEAD)).to_numpy()
    is_main = series.meters["role"].is_in(["supply", "generation"]).to_numpy()
    asked = (is_asked & (is_main | is_seldom)) | (zeros == steps)
    wanted = asked[code]
    return series.rows("dead", first[wanted], last[wanted], count=length[wanted])
