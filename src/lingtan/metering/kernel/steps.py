"""Readings to steps, vectorised: the energy of each reading, until when it lasts, what is wrong.

A register's step is the rise to its next reading. A reading of an interval is energy until its
interval ends or the next reading comes. A reading of power is held as long, and its energy is in
stored units times seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.metering.coded import CODED
from lingtan.metering.kernel.setting import CUMULATIVE, POWER, Setting

USABLE, LAST, FALL, NEGATIVE, TOO_LARGE, ROLLED_OVER = range(6)
"""Flags of a step. LAST: a register's last reading begins no step. ROLLED_OVER is usable too."""

LONGEST_S = 2**31
"""A longer step cannot be divided in int64, and is sixty-eight years long."""


class UnorderedError(ValueError):
    """Readings that are not in order: a difference would be wrong without a sign."""


@dataclass(frozen=True)
class Steps:
    """One step per reading, in the order of the readings; times in ms since 1970-01-01 UTC."""

    meter: NDArray[np.int32]
    at: NDArray[np.int64]
    until: NDArray[np.int64]
    energy: NDArray[np.int64]
    flag: NDArray[np.int8]

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Steps whose energy counts."""
        return np.isin(self.flag, (USABLE, ROLLED_OVER))


Breaks = Sequence[tuple[int, int]]
"""(code, ms): the step of a register over such an instant is unknown."""


def compute_steps(readings: pl.DataFrame, setting: Setting, *, breaks: Breaks = ()) -> pl.DataFrame:
    """`CODED` readings as steps: `meter`, `at`, `until` (UTC), `energy`, `flag`, one row per reading."""
    steps = build_steps(*columns(readings), setting, starts=find_starts(readings, breaks))
    frame = pl.DataFrame({name: getattr(steps, name) for name in ("meter", "at", "until", "energy", "flag")})
    return frame.with_columns(pl.col("at", "until").cast(CODED["at"]))


def find_starts(readings: pl.DataFrame, breaks: Breaks) -> NDArray[np.int64]:
    """Where each meter begins, and each part of a meter after a break, and the end."""
    meter = readings["meter"].to_numpy()
    inner = np.flatnonzero(meter[1:] != meter[:-1]) + 1
    begin = [0] if len(meter) else []
    starts = np.concatenate([begin, inner, [len(meter)]]).astype(np.int64)
    if not breaks:
        return starts
    at, cuts = readings["at"].to_physical().to_numpy(), []
    for code, instant in breaks:
        low, high = np.searchsorted(meter, [code, code + 1])
        cuts.append(low + np.searchsorted(at[low:high], instant) if low < high else 0)
    return np.unique(np.concatenate([starts, np.array(cuts, np.int64)]))


def columns(readings: pl.DataFrame) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """`meter`, `at` (ms) and `value` of `CODED` readings as arrays."""
    return (
        readings["meter"].to_numpy(),
        readings["at"].to_physical().to_numpy(),
        readings["value"].to_numpy(),
    )


def build_steps(
    meter: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.int64],
    setting: Setting,
    *,
    starts: NDArray[np.int64],
) -> Steps:
    """Steps of ordered readings; `starts` is where each meter or part of one begins, and the end."""
    has_next = np.ones(len(meter), np.bool_)
    has_next[starts[1:] - 1] = False
    following = at.copy()
    following[:-1] = at[1:]
    is_register = setting.kind[meter] == CUMULATIVE
    held = at + setting.interval_ms[meter]
    own = np.where(has_next, np.minimum(following, held), held)
    until = np.where(is_register, np.where(has_next, following, at), own)
    rise, rolled = _rises(meter, value, is_register & has_next, setting)
    seconds = (until - at) // 1000
    held_s = np.where(setting.kind[meter] == POWER, seconds, 1)
    energy = np.where(is_register, rise, value)
    is_large = (energy.astype(np.float64) * held_s > setting.largest[meter]) | (seconds >= LONGEST_S)
    energy = np.where(is_large, 0, energy * np.where(is_large, 1, held_s))
    flag = np.full(len(meter), USABLE, np.int8)
    flag[rolled] = ROLLED_OVER
    flag[is_large] = TOO_LARGE
    flag[energy < 0] = NEGATIVE
    flag[(energy < 0) & is_register] = FALL
    flag[is_register & ~has_next] = LAST
    return Steps(meter, at, until, energy, flag)


def _rises(
    meter: NDArray[np.int32], value: NDArray[np.int64], has_step: NDArray[np.bool_], setting: Setting
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The rise to the next reading, round the end of the register where it rolled over."""
    rise = np.zeros(len(value), np.int64)
    rise[:-1] = value[1:] - value[:-1]
    rise[~has_step] = 0
    capacity = setting.capacity[meter]
    wrapped = rise + capacity
    is_small = (wrapped >= 0) & (wrapped <= capacity // 100 * setting.rollover_percent)
    rolled = has_step & (rise < 0) & is_small & (capacity > 0)
    return np.where(rolled, wrapped, rise), rolled
