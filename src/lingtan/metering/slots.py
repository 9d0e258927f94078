"""Energy of one meter by slot of a grid: what tariffs, hourly carbon and matching work on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.metering.grid import Grid


@dataclass(frozen=True)
class SlotEnergy:
    """`energy` of each slot in whole numbers, times `factor` in kWh; `known` where it is known.

    Shapes (slots,). Where it is not known the number means nothing and is in no sum.
    """

    grid: Grid
    energy: NDArray[np.int64]
    factor: Decimal
    known: NDArray[np.bool_]


def build_slots(slots: pl.DataFrame, meter: int, grid: Grid, factor: Decimal) -> SlotEnergy:
    """Of the kernel's slots (`kernel.compute.SLOTS`) those of the meter with this code.

    Known is a slot whose time is wholly covered by readings. `factor` makes stored numbers kWh
    (`measuring.find_factor`, times the scale of its unit).
    """
    own = slots.filter(pl.col("meter") == meter)
    place = (own["at"].dt.epoch("ms").to_numpy() - grid.begin_ms) // grid.slot_ms
    energy, covered = np.zeros(grid.count, np.int64), np.zeros(grid.count, np.int64)
    energy[place], covered[place] = own["energy"].to_numpy(), own["covered_ms"].to_numpy()
    return SlotEnergy(grid, energy, factor, covered >= grid.slot_ms)


def whole_slots(grid: Grid, energy: NDArray[np.int64], factor: Decimal = Decimal(1)) -> SlotEnergy:
    """Energy that is known in every slot."""
    return SlotEnergy(grid, energy, factor, np.ones(grid.count, np.bool_))
