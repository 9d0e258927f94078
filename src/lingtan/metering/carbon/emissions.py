"""Emissions by the hour against those of one factor for the whole time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lingtan.metering.carbon.series import INTENSITY_DIGITS, UNKNOWN
from lingtan.metering.slots import SlotEnergy
from lingtan.periods import Period
from lingtan.quantities import exactly


@dataclass(frozen=True, slots=True)
class HourlyEmissions:
    """Emissions (kgCO2) of `energy` (kWh) by the intensity of each slot, and by one factor for all.

    `month` None: the whole grid. `energy` is what an intensity is known for; `unpriced` energy has
    none and no emissions. `missing`: slots whose energy is not known. `mean_factor` is the mean of
    the intensities over time (kgCO2/kWh), `annual_factor` the one compared with. None: not known.
    """

    month: Period | None
    energy: Decimal
    unpriced: Decimal
    missing: int
    emissions: Decimal
    mean_factor: Decimal | None
    annual_factor: Decimal | None

    @property
    @exactly
    def by_annual_factor(self) -> Decimal | None:
        """Emissions of the same energy by the annual factor."""
        return None if self.annual_factor is None else self.energy * self.annual_factor

    @property
    @exactly
    def difference(self) -> Decimal | None:
        """Hourly less annual, kgCO2: above zero, the load stands in hours of dirty electricity."""
        annual = self.by_annual_factor
        return None if annual is None else self.emissions - annual

    @property
    @exactly
    def weighted_factor(self) -> Decimal | None:
        """Emissions per kWh as consumed; None without energy."""
        return self.emissions / self.energy if self.energy else None


@exactly
def compute_emissions(
    slots: SlotEnergy, factors: NDArray[np.int64], *, annual_factor: Decimal | None = None
) -> tuple[HourlyEmissions, ...]:
    """Each month of `grid`, then the whole; sums are exact.

    `factors` per slot as `build_factors` gives them. `annual_factor` (kgCO2/kWh): the mean of the
    intensities over the whole time if not given.
    """
    grid = slots.grid
    compared = _mean(factors) if annual_factor is None else annual_factor
    spans: list[tuple[Period | None, NDArray[np.bool_]]] = [
        (month, grid.period_of == index) for index, month in enumerate(grid.periods)
    ]
    spans.append((None, np.ones(grid.count, np.bool_)))
    return tuple(_within(within, slots, factors, month, compared) for month, within in spans)


def _within(
    within: NDArray[np.bool_],
    slots: SlotEnergy,
    factors: NDArray[np.int64],
    month: Period | None,
    annual_factor: Decimal | None,
) -> HourlyEmissions:
    priced = within & slots.known & (factors != UNKNOWN)
    rest = within & slots.known & (factors == UNKNOWN)
    milligrams = Decimal(_product(slots.energy[priced], factors[priced]))
    return HourlyEmissions(
        month=month,
        energy=_total(slots.energy[priced]) * slots.factor,
        unpriced=_total(slots.energy[rest]) * slots.factor,
        missing=int(np.count_nonzero(within & ~slots.known)),
        emissions=milligrams.scaleb(-INTENSITY_DIGITS) * slots.factor,
        mean_factor=_mean(factors[within]),
        annual_factor=annual_factor,
    )


def _total(values: NDArray[np.int64]) -> int:
    return sum(values.tolist())


def _product(energy: NDArray[np.int64], factors: NDArray[np.int64]) -> int:
    """Sum of products in whole numbers of any size: a year of a large meter leaves int64."""
    return sum(one * other for one, other in zip(energy.tolist(), factors.tolist(), strict=True))


def _mean(factors: NDArray[np.int64]) -> Decimal | None:
    """Mean of the known intensities over time."""
    known = factors[factors != UNKNOWN]
    return Decimal(_total(known)).scaleb(-INTENSITY_DIGITS) / len(known) if len(known) else None
