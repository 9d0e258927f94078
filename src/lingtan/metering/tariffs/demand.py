"""Demand: the highest mean power of a month, and what of it is billed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lingtan.metering.grid import HOUR_MINUTES
from lingtan.metering.slots import SlotEnergy
from lingtan.periods import Period
from lingtan.quantities import exactly


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest mean power of a month over slots of `minutes`: when (ms since 1970 UTC), how much.

    `power` None: no slot of the month is known. `missing`: slots of the month whose energy is not
    known, in which the power may have been higher.
    """

    month: Period
    minutes: int
    power: Decimal | None
    at_ms: int | None
    missing: int


@exactly
def find_peaks(slots: SlotEnergy, *, within: NDArray[np.bool_] | None = None) -> tuple[Peak, ...]:
    """The peak of each month of the grid, power in kW.

    The length of the grid's slots is the time over which power is averaged: 15 minutes where demand
    is metered so. Blocks of the clock, not sliding ones. `within`
    marks the slots that count (hours of a period). Of equal peaks the first is told.
    """
    grid = slots.grid
    counts = np.ones(grid.count, np.bool_) if within is None else within
    found = []
    for index, month in enumerate(grid.periods):
        own = (grid.period_of == index) & counts
        usable, missing = np.flatnonzero(own & slots.known), int(np.count_nonzero(own & ~slots.known))
        if not len(usable):
            found.append(Peak(month, grid.slot_minutes, None, None, missing))
            continue
        highest = int(usable[np.argmax(slots.energy[usable])])
        power = int(slots.energy[highest]) * slots.factor * HOUR_MINUTES / grid.slot_minutes
        found.append(Peak(month, grid.slot_minutes, power, int(grid.starts_ms[highest]), missing))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Lookback:
    """A share of the highest earlier demand is billed at least.

    `months`: of these calendar months, before or after; else of the `span` months before.
    """

    share: Decimal
    months: tuple[int, ...] = ()
    span: int = 0


@exactly
def compute_billed(
    powers: Sequence[tuple[Period, Decimal | None]],
    lookback: Lookback,
    *,
    earlier: Mapping[Period, Decimal] | None = None,
) -> tuple[Decimal | None, ...]:
    """The billed demand of each month: its own power, or the share of the highest one looked back at.

    `earlier` holds months before the first. None where a power that decides is not known.
    """
    known: dict[Period, Decimal | None] = {**(earlier or {}), **dict(powers)}
    return tuple(_billed(month, power, known, lookback) for month, power in powers)


def _billed(
    month: Period, power: Decimal | None, known: Mapping[Period, Decimal | None], lookback: Lookback
) -> Decimal | None:
    if lookback.months:
        seen = [value for one, value in known.items() if one.month in lookback.months]
    else:
        seen = [known.get(_before(month, steps)) for steps in range(1, lookback.span + 1)]
    if power is None or any(value is None for value in seen):
        return None
    highest = max((value for value in seen if value is not None), default=Decimal(0))
    return max(power, lookback.share * highest)


def _before(month: Period, steps: int) -> Period:
    number = month.year * 12 + month.month - 1 - steps
    return Period(number // 12, number % 12 + 1)
