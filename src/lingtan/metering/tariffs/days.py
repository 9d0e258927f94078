"""Kinds of days: workdays, rest days and named holidays, from the kept calendar of China or the week."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

from lingtan.errors import LingtanError, fault
from lingtan.metering.tariffs.records import DayName

_NAMES: dict[str, DayName] = {
    "New Year's Day": "new-year",
    "Spring Festival": "spring-festival",
    "Tomb-sweeping Day": "qingming",
    "Labour Day": "labour-day",
    "Dragon Boat Festival": "dragon-boat",
    "Mid-autumn Festival": "mid-autumn",
    "National Day": "national-day",
}


@cache
def find_day_kind(day: date, calendar: Literal["cn", "week"]) -> DayName:
    """The kind of a day. All days off that the State gives for a holiday are of that holiday.

    LingtanError (tariff.calendar-ends) for a year that the calendar of China does not cover: its
    holidays and make-up working days are made public year by year and cannot be computed.
    """
    if calendar == "week":
        return "rest-day" if day.weekday() >= 5 else "workday"
    import chinese_calendar  # type: ignore[import-untyped]

    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        raise LingtanError([fault("tariff.calendar-ends", year=day.year)]) from None
    if not is_off:
        return "workday"
    return "rest-day" if name is None else _NAMES.get(name, "other-holiday")
