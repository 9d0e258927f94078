"""What tests of tariffs share: the period at a local time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lingtan.metering.grid import Grid, build_grid
from lingtan.metering.tariffs import (
    PERIODS,
    UNKNOWN,
    Tariff,
    build_periods,
)
from lingtan.periods import Period

SHANGHAI = "Asia/Shanghai"


def month_grid(text: str, zone: str = SHANGHAI, minutes: int = 60) -> Grid:
    year, month = (int(part) for part in text.split("-"))
    return build_grid(Period(year, month), Period(year, month), zone, slot_minutes=minutes)


def period_at(tariff: Tariff, when: str, minutes: int = 60) -> str:
    """The name of the period in the slot of a local time, `?` where it is not known."""
    local = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(tariff.zone))
    grid = month_grid(when[:7], tariff.zone, minutes)
    slot = (local.astimezone(UTC) - grid.begin) // timedelta(minutes=grid.slot_minutes)
    code = int(build_periods(tariff, grid)[slot])
    return "?" if code == UNKNOWN else PERIODS[code]


def day_of(tariff: Tariff, day: str) -> str:
    """The 24 hours of a day, a letter each: s p f v d, ? for not known."""
    grid = month_grid(day[:7], tariff.zone)
    begin = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(tariff.zone)).astimezone(UTC)
    first = (begin - grid.begin) // timedelta(hours=1)
    return "".join("spfvd?"[code] for code in build_periods(tariff, grid)[first : first + 24])
