"""What an uncertainty analysis gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from lingtan.errors import Fault
from lingtan.inventory.uncertainty.defaults import LEVEL, quantile
from lingtan.trace import Basis, Gap

Role = Literal["activity", "factor", "gwp"]


@dataclass(frozen=True, slots=True)
class Input:
    """A number the inventory rests on, once however many lines use it.

    `deviation` is its relative standard deviation (1 = its own value), None where it is not known.
    `kind` names the default in `methods/uncertainty.yaml`, `quality` the score of data quality;
    both are empty where there is none. `value` is None for what is only a multiplier (mean 1).
    """

    name: str
    role: Role
    kind: str
    quality: str
    value: Decimal | None
    unit: str
    deviation: float | None
    basis: Basis | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a line or an input has to do with the variance of a total.

    `deviation` is what it alone would cause, in the unit of the total; `share` its part of the
    variance. Shares sum to 1 (to 0 where nothing is uncertain); that of a line taken off may be negative.
    `value` is the emissions of a line, the value of an input.
    """

    name: str
    value: float | None
    deviation: float
    share: float


@dataclass(frozen=True, slots=True)
class Simulated:
    """A Monte Carlo run of one total, in its unit."""

    draws: int
    mean: float
    deviation: float
    p2_5: float
    p50: float
    p97_5: float


@dataclass(frozen=True, slots=True)
class Grade:
    """Data quality, weighted by emissions: activity score × factor score (1 … 36), and its band.

    `weight` is the emissions (absolute, tCO2e) that have a score; `without` names the lines that have none.
    """

    name: str
    score: float | None
    grade: int | None
    weight: float
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TotalUncertainty:
    """A total with its standard `deviation`, in `unit`; `value` None: the total is not known.

    `independent` is the deviation if no two lines shared an input. Both leave out the inputs
    named in `without` and the lines named in `unknown`; `gaps` is what the total itself lacks.
    """

    name: str
    unit: str
    value: Decimal | None
    deviation: float | None
    independent: float | None
    lines: tuple[Contribution, ...] = ()
    inputs: tuple[Contribution, ...] = ()
    without: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    simulated: Simulated | None = None
    grade: Grade | None = None
    sources: tuple[Grade, ...] = ()

    @property
    def half_width(self) -> float | None:
        """Half the 95 % interval of the propagation, taken as normal, in `unit`."""
        return None if self.deviation is None else self.deviation * quantile(LEVEL)

    @property
    def percent(self) -> float | None:
        """`half_width` in percent of the value; None where the value is zero or not known."""
        width = self.half_width
        return None if width is None or not self.value else width / abs(float(self.value)) * 100

    @property
    def is_complete(self) -> bool:
        """Whether nothing was left out."""
        return not (self.without or self.unknown or self.gaps or self.value is None)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The uncertainty of the emission totals of one inventory, the inputs by name, what to say."""

    method: str
    year: int
    totals: Mapping[str, TotalUncertainty]
    inputs: tuple[Input, ...]
    seed: int | None = None
    faults: tuple[Fault, ...] = field(default=())
