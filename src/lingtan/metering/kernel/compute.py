"""Whole meters to energy: a pure function from a table to tables, the same wherever it runs."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.errors import LingtanError, fault
from lingtan.metering.coded import CODED, is_ordered
from lingtan.metering.kernel.setting import Setting
from lingtan.metering.kernel.steps import Breaks, UnorderedError, build_steps, columns, find_starts
from lingtan.metering.kernel.totals import Column, SlotColumn, total_arrays

COMPILED_FROM = 2_000_000
"""Readings from which compiling pays: below, NumPy is done before Numba has started."""

TOTALS = {"meter": pl.Int32, "period": pl.Int16, **{one.name.lower(): pl.Int64 for one in Column}}
"""Columns of totals: meter code, index of the month in the grid, and `totals.Column`."""

SLOTS = {
    "meter": pl.Int32,
    "at": CODED["at"],
    "energy": pl.Int64,
    "covered_ms": pl.Int32,
    "spread_ms": pl.Int32,
}
"""Columns of slots: meter code, begin of the slot (UTC), and `totals.SlotColumn`."""


@dataclass(frozen=True, slots=True)
class Energy:
    """Result of the kernel: `totals` per meter and month (`TOTALS`); `slots` (`SLOTS`) if asked for."""

    totals: pl.DataFrame
    slots: pl.DataFrame | None = None


def compute_energy(
    readings: pl.DataFrame,
    setting: Setting,
    *,
    breaks: Breaks = (),
    with_slots: bool = False,
    compiled: bool | None = None,
) -> Energy:
    """Energy of whole meters: `CODED` readings in order, codes those of `setting`.

    One row per meter of `readings` and month of the grid, sums exact (see `totals.Column`).
    `breaks` are (code, ms): a register's step that begins before such an instant and ends at it or
    later is unknown (a meter was exchanged and nobody wrote down where the registers stood).
    `compiled`: by Numba or by NumPy, equal bit for bit; None decides by size. LingtanError if the
    readings are not ordered: a difference of unordered rows would be wrong without a sign.
    OverflowError where energy times intensity or price leaves int64.
    """
    meter = readings["meter"].to_numpy()
    starts = find_starts(readings, breaks)
    codes = meter[starts[:-1]]
    if compiled is None:
        compiled = len(meter) >= COMPILED_FROM or "lingtan.metering.kernel.onepass" in sys.modules
    try:
        totals, slots = (_one_pass if compiled else _vectorised)(readings, starts, setting, with_slots)
    except UnorderedError:
        raise LingtanError([fault("metering.unordered")]) from None
    first = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]][: len(codes)])
    if len(first) < len(codes):
        codes, totals = codes[first], np.add.reduceat(totals, first)
        slots = np.add.reduceat(slots, first, axis=1) if with_slots else slots
    return Energy(_totals_frame(codes, totals), _slots_frame(codes, slots, setting) if with_slots else None)


Arrays = tuple[NDArray[np.int64], NDArray[np.int64]]


def _one_pass(
    readings: pl.DataFrame, starts: NDArray[np.int64], setting: Setting, with_slots: bool
) -> Arrays:
    from lingtan.metering.kernel.onepass import total_one_pass

    return total_one_pass(*columns(readings), starts, setting, with_slots=with_slots)


def _vectorised(
    readings: pl.DataFrame, starts: NDArray[np.int64], setting: Setting, with_slots: bool
) -> Arrays:
    if not is_ordered(readings):
        raise UnorderedError
    steps = build_steps(*columns(readings), setting, starts=starts)
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    totals, slots = total_arrays(steps, rows, steps.meter[starts[:-1]], setting)
    return totals, slots


def _totals_frame(codes: NDArray[np.int32], totals: NDArray[np.int64]) -> pl.DataFrame:
    meters, periods, _ = totals.shape
    table = totals.reshape(meters * periods, len(Column))
    keys = {
        "meter": np.repeat(codes, periods),
        "period": np.tile(np.arange(periods, dtype=np.int16), meters),
    }
    return pl.DataFrame({**keys, **{one.name.lower(): table[:, one] for one in Column}}, schema=TOTALS)


def _slots_frame(codes: NDArray[np.int32], slots: NDArray[np.int64], setting: Setting) -> pl.DataFrame:
    _, meters, count = slots.shape
    at = pl.Series("at", np.tile(setting.grid.starts_ms, meters)).cast(CODED["at"])
    energy, covered, spread = (slots[one].reshape(-1) for one in SlotColumn)
    narrow = {"covered_ms": covered.astype(np.int32), "spread_ms": spread.astype(np.int32)}
    return pl.DataFrame(
        {"meter": np.repeat(codes, count), "at": at, "energy": energy, **narrow}, schema=SLOTS
    )
