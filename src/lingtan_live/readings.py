"""A live reading, and where readings go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Reading:
    """What a meter showed: `at` in UTC to the millisecond, `value` exact, in the meter's unit."""

    meter: str
    at: datetime
    value: Decimal


class Sink(Protocol):
    """Where readings are kept."""

    def store(self, readings: Sequence[Reading]) -> None:
        """Keep `readings`; when this returns they survive a kill and a power cut.

        The same reading twice is kept once. OSError: the store cannot be written now, try again.
        ValueError or LingtanError: these readings will never be taken.
        """
        ...


class MemorySink:
    """Readings in memory, for tests and demos; nothing survives the process."""

    def __init__(self) -> None:
        self.readings: dict[Reading, int] = {}

    def store(self, readings: Sequence[Reading]) -> None:
        """Keep them, and count how often each came."""
        for reading in readings:
            self.readings[reading] = self.readings.get(reading, 0) + 1
