"""Tariffs: the period of every hour, by hand from the notice of State Grid Shanghai."""

from __future__ import annotations

from datetime import date

import pytest
from tariff_hours import day_of, month_grid, period_at

from lingtan.errors import LingtanError
from lingtan.metering.tariffs import (
    UNKNOWN,
    build_periods,
    check_validity,
    load_tariff,
    state_entries,
)
from lingtan.metering.tariffs.days import find_day_kind

WINTER = "vvvvvvffpppfffffffpssfvv"
SUMMER = "vvvvvvffppppsspfffpppfvv"
SEPTEMBER = "vvvvvvffpppppppfffpppfvv"
OTHER = "vvvvvvffpppfffffffpppfvv"


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2024-01-09", WINTER),  # Tuesday
        ("2024-12-31", WINTER),
        ("2025-01-02", WINTER),
        ("2024-02-29", OTHER),
        ("2024-06-28", OTHER),
        ("2024-07-01", SUMMER),
        ("2024-08-31", SUMMER),  # a Saturday: general users have no deep valley
        ("2024-09-02", SEPTEMBER),
        ("2024-09-30", SEPTEMBER),
        ("2024-10-01", OTHER),
        ("2024-11-30", OTHER),
    ],
)
def test_general_users_of_shanghai_by_month(day: str, hours: str) -> None:
    assert day_of(load_tariff("sh-two-part"), day) == hours


@pytest.mark.parametrize(
    ("when", "period"),
    [
        ("2024-07-15T11:59", "peak"),
        ("2024-07-15T12:00", "sharp"),
        ("2024-07-15T13:59", "sharp"),
        ("2024-07-15T14:00", "peak"),
        ("2024-07-15T14:59", "peak"),
        ("2024-07-15T15:00", "flat"),
        ("2024-07-15T17:59", "flat"),
        ("2024-07-15T18:00", "peak"),
        ("2024-07-15T20:59", "peak"),
        ("2024-07-15T21:00", "flat"),
        ("2024-07-15T21:59", "flat"),
        ("2024-07-15T22:00", "valley"),
        ("2024-07-15T23:59", "valley"),
        ("2024-07-16T00:00", "valley"),
        ("2024-07-16T05:59", "valley"),
        ("2024-07-16T06:00", "flat"),
        ("2024-07-16T07:59", "flat"),
        ("2024-07-16T08:00", "peak"),
        ("2024-12-16T18:59", "peak"),
        ("2024-12-16T19:00", "sharp"),
        ("2024-12-16T20:59", "sharp"),
        ("2024-12-16T21:00", "flat"),
    ],
)
def test_each_limit_at_and_just_before(when: str, period: str) -> None:
    assert period_at(load_tariff("sh-two-part"), when, minutes=1) == period


def test_single_part_and_flat_users() -> None:
    assert day_of(load_tariff("sh-one-part"), "2024-07-15") == "v" * 6 + "p" * 16 + "vv"
    for id_ in ("sh-one-part-flat", "sh-two-part-flat"):
        assert day_of(load_tariff(id_), "2024-07-15") == "f" * 24


def deep(hours: str) -> str:
    return hours.replace("v", "d")


INDUSTRY = {"sh-two-part-industry-2024": date(2024, 1, 1)}


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2025-05-18", deep(OTHER)),  # Sunday
        ("2025-05-19", OTHER),  # Monday
        ("2025-05-17", deep(OTHER)),  # Saturday
        ("2024-02-04", OTHER),  # a Sunday people work on, for Spring Festival
        ("2024-02-03", deep(OTHER)),  # the Saturday before, a rest day
        ("2024-02-09", OTHER),  # New Year's Eve was no holiday in 2024
        ("2024-02-10", deep(OTHER)),
        ("2024-02-16", deep(OTHER)),  # a Friday given for the festival
        ("2024-02-18", OTHER),  # a Sunday people work on
        ("2024-04-04", deep(OTHER)),  # Qingming
        ("2024-04-07", OTHER),  # a Sunday people work on
        ("2024-05-11", OTHER),  # a Saturday people work on
        ("2024-06-10", deep(OTHER)),  # Dragon Boat Festival, a Monday
        ("2024-09-14", SEPTEMBER),  # a Saturday people work on
        ("2024-09-17", deep(SEPTEMBER)),  # Mid-Autumn Festival
        ("2024-10-07", deep(OTHER)),
        ("2024-10-08", OTHER),
        ("2025-01-01", deep(WINTER)),  # New Year, in a month without rest days
        ("2025-01-04", WINTER),  # a Saturday of January
        ("2025-01-26", WINTER),  # a Sunday people work on
        ("2025-01-28", deep(WINTER)),  # Spring Festival in January
        ("2025-02-01", deep(OTHER)),
        ("2025-02-08", OTHER),  # a Saturday people work on
        ("2025-06-29", deep(OTHER)),  # last Sunday before summer
        ("2025-07-06", SUMMER),  # Sunday
        ("2025-08-31", SUMMER),  # Sunday
        ("2025-09-07", deep(SEPTEMBER)),  # Sunday
        ("2025-10-06", deep(OTHER)),  # Mid-Autumn within National Day
        ("2025-11-30", deep(OTHER)),  # Sunday
        ("2025-12-07", WINTER),  # Sunday
        ("2025-12-31", WINTER),
    ],
)
def test_large_industry_from_2024_with_a_stated_day(day: str, hours: str) -> None:
    assert day_of(state_entries(load_tariff("sh-two-part-industry"), INDUSTRY), day) == hours


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2023-01-01", WINTER),  # New Year was not among the three
        ("2023-01-22", deep(WINTER)),  # Spring Festival
        ("2023-02-05", OTHER),  # a Sunday
        ("2023-04-05", OTHER),  # Qingming
        ("2023-05-01", deep(OTHER)),
        ("2023-05-06", OTHER),  # a Saturday people work on
        ("2023-06-22", OTHER),  # Dragon Boat Festival
        ("2023-09-29", SEPTEMBER),  # Mid-Autumn Festival
        ("2023-10-01", deep(OTHER)),
        ("2023-10-06", deep(OTHER)),
        ("2023-10-07", OTHER),
    ],
)
def test_large_industry_under_the_earlier_rule(day: str, hours: str) -> None:
    assert day_of(load_tariff("sh-two-part-industry"), day) == hours


def test_hours_that_depend_on_a_day_not_found_are_not_known() -> None:
    tariff = load_tariff("sh-two-part-industry")
    assert day_of(tariff, "2024-03-10") == OTHER.replace("v", "?")  # Sunday: only the newer rule has it
    assert day_of(tariff, "2024-03-11") == OTHER  # Monday: both say the same
    assert day_of(tariff, "2024-10-01") == deep(OTHER)  # both say deep
    assert day_of(tariff, "2025-05-17") == OTHER.replace("v", "?")  # the day before it is seen in force
    assert day_of(tariff, "2025-05-18") == deep(OTHER)
    found = check_validity(tariff, month_grid("2024-03"))
    assert [one.code for one in found] == ["tariff.entry-unsure"]
    assert (found[0].context["first"], found[0].context["last"]) == ("2024-03-01", "2024-03-31")
    assert found[0].severity == "warning"
    found = check_validity(tariff, month_grid("2025-05"))
    assert found[0].context["last"] == "2025-05-17"
    assert check_validity(tariff, month_grid("2025-06")) == ()
    stated = state_entries(tariff, {"sh-two-part-industry-2024": date(2024, 3, 10)})
    assert day_of(stated, "2024-03-09") == OTHER
    assert day_of(stated, "2024-03-10") == deep(OTHER)
    assert check_validity(stated, month_grid("2024-03")) == ()


@pytest.mark.parametrize(
    ("version", "day"),
    [
        ("sh-two-part-industry-2024", date(2023, 12, 31)),
        ("sh-two-part-industry-2024", date(2025, 5, 19)),
        ("sh-two-part-industry-2022", date(2023, 1, 2)),
        ("sh-two-part-industry-2030", date(2025, 1, 1)),
    ],
)
def test_days_of_entry_that_facts_exclude(version: str, day: date) -> None:
    with pytest.raises(LingtanError) as stop:
        state_entries(load_tariff("sh-two-part-industry"), {version: day})
    assert [one.code for one in stop.value.faults] == ["tariff.entry"]


def test_before_the_first_version_nothing_is_known() -> None:
    tariff = load_tariff("sh-two-part")
    assert period_at(tariff, "2022-12-31T23:00") == "?"
    assert period_at(tariff, "2023-01-01T00:00") == "valley"
    found = check_validity(tariff, month_grid("2022-12"))
    assert [one.code for one in found] == ["tariff.not-in-force"]
    assert found[0].context["last"] == "2022-12-31"


def test_beyond_the_calendar_is_a_fault_and_no_guess() -> None:
    year = next(year for year in range(2026, 2100) if not _covers(year))
    with pytest.raises(LingtanError) as stop:
        build_periods(load_tariff("sh-two-part-industry"), month_grid(f"{year}-02"))
    assert [one.code for one in stop.value.faults] == ["tariff.calendar-ends"]
    assert stop.value.faults[0].context["year"] == str(year)
    assert UNKNOWN not in build_periods(load_tariff("sh-two-part"), month_grid(f"{year}-02"))


def _covers(year: int) -> bool:
    try:
        find_day_kind(date(year, 1, 1), "cn")
    except LingtanError:
        return False
    return True


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2024, 2, 4), "workday"),
        (date(2025, 1, 26), "workday"),
        (date(2024, 2, 10), "spring-festival"),
        (date(2015, 9, 3), "other-holiday"),  # a holiday of that year alone
        (date(2024, 3, 9), "rest-day"),
        (date(2024, 3, 8), "workday"),
    ],
)
def test_kinds_of_days(day: date, kind: str) -> None:
    assert find_day_kind(day, "cn") == kind


@pytest.mark.parametrize(("day", "kind"), [(5, "workday"), (6, "rest-day"), (7, "rest-day"), (8, "workday")])
def test_the_plain_week(day: int, kind: str) -> None:
    assert find_day_kind(date(2024, 1, day), "week") == kind
