"""The grid of time on which energy is counted: equal slots, each in one local month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from lingtan.periods import Period

HOUR_MINUTES = 60
_MINUTE_MS = 60_000


@dataclass(frozen=True)
class Grid:
    """Slots of `slot_minutes` from `begin` (UTC), half-open, and the months they belong to.

    `periods` are local calendar months of `zone`; `period_of` has for each slot the index of its
    month. Arrays are read-only. Slots are hours unless a month of the zone begins within an hour.
    """

    begin: datetime
    slot_minutes: int
    periods: tuple[Period, ...]
    period_of: NDArray[np.int16]
    zone: str

    @property
    def count(self) -> int:
        """How many slots there are."""
        return len(self.period_of)

    @property
    def begin_ms(self) -> int:
        """The begin as milliseconds since 1970-01-01 UTC."""
        return round(self.begin.timestamp() * 1000)

    @property
    def slot_ms(self) -> int:
        """The length of a slot in milliseconds."""
        return self.slot_minutes * _MINUTE_MS

    @property
    def end(self) -> datetime:
        """The end of the last slot (UTC)."""
        return self.begin + timedelta(minutes=self.slot_minutes * self.count)

    @property
    def end_ms(self) -> int:
        """The end as milliseconds since 1970-01-01 UTC."""
        return self.begin_ms + self.slot_ms * self.count

    @cached_property
    def starts_ms(self) -> NDArray[np.int64]:
        """The begin of every slot in milliseconds since 1970-01-01 UTC."""
        return self.begin_ms + np.arange(self.count, dtype=np.int64) * self.slot_ms


def build_grid(first: Period, last: Period, zone: str, *, slot_minutes: int = HOUR_MINUTES) -> Grid:
    """The grid from the begin of `first` to the end of `last`, local calendar of `zone`.

    ZoneInfoNotFoundError for an unknown zone. Where a month begins within a slot (zones with half
    hours), slots are shortened to the longest length that divides all months.
    """
    months = _months(first, last)
    edges = [month.instants(zone)[0] for month in months] + [months[-1].instants(zone)[1]]
    offsets = [int(edge.timestamp()) // 60 for edge in edges]
    minutes = int(np.gcd.reduce([slot_minutes, *(offset % slot_minutes for offset in offsets)]))
    counts = np.diff(offsets) // minutes
    period_of = np.repeat(np.arange(len(months), dtype=np.int16), counts)
    period_of.setflags(write=False)
    return Grid(edges[0].astimezone(UTC), minutes, months, period_of, zone)


def _months(first: Period, last: Period) -> tuple[Period, ...]:
    begin, *_ = first.months()
    *_, end = last.months()
    numbers = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
    return tuple(Period(number // 12, number % 12 + 1) for number in numbers)


def local_days(grid: Grid) -> NDArray[np.int32]:
    """For each slot the local calendar day, as days since 1970-01-01."""
    zone, epoch = ZoneInfo(grid.zone), datetime(1970, 1, 1, tzinfo=UTC).date()
    starts = (datetime.fromtimestamp(ms / 1000, tz=zone) for ms in grid.starts_ms.tolist())
    return np.fromiter(((start.date() - epoch).days for start in starts), np.int32, grid.count)
