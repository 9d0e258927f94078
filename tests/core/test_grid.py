"""Slots of time and the local months they belong to."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import pytest

from lingtan.metering.grid import build_grid, local_days
from lingtan.periods import Period


def test_a_year_of_shanghai_in_hours() -> None:
    grid = build_grid(Period(2024), Period(2024), "Asia/Shanghai")
    assert (grid.begin, grid.end) == (
        datetime(2023, 12, 31, 16, tzinfo=UTC),
        datetime(2024, 12, 31, 16, tzinfo=UTC),
    )
    assert (grid.count, grid.slot_minutes) == (8784, 60)
    assert np.bincount(grid.period_of).tolist() == [
        days * 24 for days in (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    ]
    assert grid.periods[1] == Period(2024, 2)
    assert grid.starts_ms[1] - grid.starts_ms[0] == grid.slot_ms == 3_600_000
    assert grid.end_ms == round(grid.end.timestamp() * 1000)


def test_summer_time_moves_an_hour_between_months() -> None:
    grid = build_grid(Period(2021), Period(2021), "Europe/London")
    counts = np.bincount(grid.period_of)
    assert (grid.count, counts[2], counts[9]) == (8760, 31 * 24 - 1, 31 * 24 + 1)


@pytest.mark.parametrize(
    ("zone", "minutes"), [("Asia/Kolkata", 30), ("Asia/Kathmandu", 15), ("Asia/Shanghai", 60)]
)
def test_slots_are_as_short_as_the_zone_needs(zone: str, minutes: int) -> None:
    grid = build_grid(Period(2024, 1), Period(2024, 2), zone)
    assert grid.slot_minutes == minutes
    assert grid.count * minutes == 60 * 24 * (31 + 29)


def test_months_across_the_turn_of_the_year() -> None:
    grid = build_grid(Period(2023, 12), Period(2024, 1), "UTC")
    assert grid.periods == (Period(2023, 12), Period(2024, 1))
    assert grid.count == 62 * 24


def test_local_days_follow_the_zone() -> None:
    grid = build_grid(Period(2024, 3), Period(2024, 3), "Asia/Shanghai")
    days = local_days(grid)
    first = (datetime(2024, 3, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
    assert days[:24].tolist() == [first] * 24
    assert days[-1] == first + 30
    assert np.all(np.bincount(days - first) == 24)


def test_unknown_zone() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        build_grid(Period(2024), Period(2024), "Mars/Crater")
