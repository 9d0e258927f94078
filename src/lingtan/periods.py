"""Years and months of a dossier, and the instants they cover."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(?P<year>(?:19|20)\d\d)\s*(?:年|[-/.]?)\s*(?:(?P<month>0?[1-9]|1[0-2])\s*月?)?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar year, or a month of it (`month` 0 is the whole year)."""

    year: int
    month: int = 0

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    def months(self) -> Iterator[Period]:
        """The months of the period, a month itself alone."""
        return iter([self] if self.month else [Period(self.year, m) for m in range(1, 13)])

    def covers(self, other: Period | date) -> bool:
        """Whether `other` lies wholly within this period."""
        return self.year == other.year and self.month in (0, other.month)

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """Begin and end (half-open) as UTC instants of the local calendar of `zone`."""
        begin = datetime(self.year, self.month or 1, 1, tzinfo=ZoneInfo(zone))
        last = self.month or 12
        year, month = (self.year, last + 1) if last < 12 else (self.year + 1, 1)
        end = datetime(year, month, 1, tzinfo=ZoneInfo(zone))
        return begin.astimezone(UTC), end.astimezone(UTC)


def read_period(text: str) -> Period | None:
    """`2024`, `2024-07`, `2024/7`, `202407`, `2024年7月` as a period; anything else None."""
    match = _WRITTEN.fullmatch(text.strip())
    return Period(int(match["year"]), int(match["month"] or 0)) if match else None
