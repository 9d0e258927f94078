"""Energy out of readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lingtan.errors import NOWHERE, Fault, Place
from lingtan.metering.findings.records import Finding
from lingtan.trace import Node


@dataclass(frozen=True, slots=True)
class MeterEnergy:
    """Energy of one meter in the reporting year, in `unit`, turned into a decimal once.

    `expected`, `present`, `zeros` count intervals; `suspect_zeros` are zeros that probably
    stand for missing readings; `clipped` are values repeated at the maximum. `months` are the
    twelve local calendar months, their sum is `quantity`. `unpriced` counts hours with energy of an
    electricity supply for which no carbon intensity is known. `spread` is the part of `quantity`
    that a register measured over gaps: its distribution over hours is not known. `highest` is the
    largest step. `estimated` is what was probably used while nothing was read, by the named
    `methods`, with its standard `uncertainty`; it is never part of `quantity`. `interval_minutes` is what
    `expected` rests on, `observed_minutes` the commonest step of the readings (0: not known).
    `first` and `last` are the first and last reading used (UTC); `place` is the meter's row.
    """

    meter: str
    carrier: str
    unit: str
    quantity: Decimal
    expected: int
    present: int
    zeros: int
    suspect_zeros: int
    emissions_tco2: Decimal | None = None
    months: tuple[Decimal, ...] = ()
    clipped: int = 0
    unpriced: int = 0
    enterprise: str = ""
    role: str = "supply"
    interval_minutes: int = 0
    observed_minutes: int = 0
    first: datetime | None = None
    last: datetime | None = None
    spread: Decimal = Decimal(0)
    highest: Decimal | None = None
    estimated: Decimal = Decimal(0)
    estimated_months: tuple[Decimal, ...] = ()
    uncertainty: Decimal = Decimal(0)
    methods: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def completeness(self) -> Decimal:
        """Share of expected intervals that have a reading not suspected to be missing."""
        good = self.present - self.suspect_zeros
        return Decimal(good) / Decimal(self.expected) if self.expected else Decimal(0)

    @property
    def share_estimated(self) -> Decimal:
        """The estimated part of measured and estimated together."""
        whole = self.quantity + self.estimated
        return self.estimated / whole if whole else Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class MonthRead:
    """How a meter was read in a local month, in intervals: see `findings.completeness.COMPLETENESS`."""

    meter: str
    month: int
    expected: int
    present: int
    doubted: int
    spread: int

    @property
    def completeness(self) -> Decimal:
        """What was read and is believed, of what is expected."""
        return Decimal(self.present - self.doubted) / self.expected if self.expected else Decimal(0)


@dataclass(frozen=True, slots=True)
class Metering:
    """All meters of the dossier that the readings name; `fingerprint` is the hash of the files.

    Meters are sorted by id. `findings` are what people must look at and nobody dismissed. `files`
    are names below the folder given, never paths of a machine.
    """

    meters: tuple[MeterEnergy, ...] = ()
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()
    dismissed: int = 0
    months_read: tuple[MonthRead, ...] = ()
    files: tuple[str, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class MeteredQuantity:
    """What an enterprise's meters of one carrier and role add up to in the year, nothing twice.

    `node` is the trace of `quantity`, down to the readings. `emissions_tco2` is known only if
    every meter has hourly emissions.
    """

    enterprise: str
    carrier: str
    role: str
    quantity: Decimal
    unit: str
    meters: tuple[str, ...]
    completeness: Decimal
    node: Node
    emissions_tco2: Decimal | None = None
