"""Simulated meters: every reading follows from its number, so the truth is always known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lingtan_live.readings import Reading


@dataclass(frozen=True, slots=True)
class Meters:
    """`count` cumulative registers in hundredths, read every `interval_seconds` from `begin`."""

    count: int = 10
    begin: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    interval_seconds: int = 900

    def name(self, meter: int) -> str:
        """The id of the meter number `meter`."""
        return f"SIM-{meter:05d}"

    def hundredths(self, meter: int, step: int) -> int:
        """The register at `step`: rises by 7 to 67 at each, differently for each meter."""
        return 1_000 * meter + 37 * step + (7919 * step + 104_729 * meter) % 31

    def reading(self, number: int) -> Reading:
        """The reading number `number` of all: meters in turn, then the next step."""
        step, meter = divmod(number, self.count)
        at = self.begin + timedelta(seconds=step * self.interval_seconds)
        return Reading(self.name(meter), at, Decimal(self.hundredths(meter, step)).scaleb(-2))


def find_truth(meters: Meters, readings: int) -> Iterator[Reading]:
    """The first `readings` readings."""
    return (meters.reading(number) for number in range(readings))
