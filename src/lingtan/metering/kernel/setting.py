"""By what meters are measured: the grid of time, facts per meter, intensity and prices per slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lingtan.metering.grid import Grid

INTERVAL, CUMULATIVE, POWER = 0, 1, 2
KINDS = {"interval": INTERVAL, "cumulative": CUMULATIVE, "power": POWER}
UNKNOWN = -1
"""An intensity or price that is not known, and the row of a meter that has none."""

LARGEST = 2**50
"""No step is larger, in stored whole numbers: thousands of them in a slot still fit int64."""


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """What decides how the readings of one meter are taken; times in ms, sizes in stored numbers.

    `capacity`: the register rolls over there (0: never). `largest`: a larger step is implausible.
    `intensity`, `price`: which row of the setting is hers (UNKNOWN: none).
    """

    kind: int
    interval_ms: int = 0
    capacity: int = 0
    largest: int = LARGEST
    intensity: int = UNKNOWN
    price: int = UNKNOWN


def _nothing() -> NDArray[np.int64]:
    return np.zeros((0, 0), np.int64)


@dataclass(frozen=True)
class Setting:
    """Arrays by meter code, and intensity and prices by row and slot of `grid`, whole numbers.

    A cumulative step longer than `gap_tenths` / 10 intervals is a gap: its energy is measured, its
    distribution spread. A falling register rolled over if what it rose by, seen round its end, is
    at most `rollover_percent` of its capacity.
    """

    grid: Grid
    kind: NDArray[np.int8]
    interval_ms: NDArray[np.int64]
    capacity: NDArray[np.int64]
    largest: NDArray[np.int64]
    intensity_of: NDArray[np.int16]
    price_of: NDArray[np.int16]
    intensity: NDArray[np.int64] = field(default_factory=_nothing)
    prices: NDArray[np.int64] = field(default_factory=_nothing)
    gap_tenths: int = 15
    rollover_percent: int = 10


def build_setting(
    grid: Grid,
    meters: Sequence[MeterFacts],
    *,
    intensity: Sequence[NDArray[np.int64]] = (),
    prices: Sequence[NDArray[np.int64]] = (),
) -> Setting:
    """The setting of `meters`, whose code is their place in the sequence.

    `intensity` and `prices`: one array of `grid.count` whole numbers each, UNKNOWN where not known.
    """
    return Setting(
        grid,
        np.array([one.kind for one in meters], np.int8),
        np.array([one.interval_ms for one in meters], np.int64),
        np.array([one.capacity for one in meters], np.int64),
        np.array([min(one.largest, LARGEST) for one in meters], np.int64),
        np.array([one.intensity for one in meters], np.int16),
        np.array([one.price for one in meters], np.int16),
        _rows(grid, intensity),
        _rows(grid, prices),
    )


def _rows(grid: Grid, rows: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    found = np.empty((len(rows), grid.count), np.int64)
    for number, row in enumerate(rows):
        found[number] = row
    return found
