"""Energy out of readings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lingtan.errors import Fault


@dataclass(frozen=True, slots=True)
class MeterEnergy:
    """Energy of one meter in the reporting year, in `unit`, turned into a decimal once.

    `expected`, `present`, `zeros` count intervals; `suspect_zeros` are zeros that probably
    stand for missing readings; `clipped` are values repeated at the maximum.
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

    @property
    def completeness(self) -> Decimal:
        """Share of expected intervals that have a reading not suspected to be missing."""
        good = self.present - self.suspect_zeros
        return Decimal(good) / Decimal(self.expected) if self.expected else Decimal(0)


@dataclass(frozen=True, slots=True)
class Metering:
    """All meters of the dossier that the readings name; `fingerprint` is the hash of the files."""

    meters: tuple[MeterEnergy, ...] = ()
    faults: tuple[Fault, ...] = ()
    files: tuple[str, ...] = ()
    fingerprint: str = ""
