"""Periods as people write them, and the instants they cover."""

from datetime import UTC, date, datetime

import pytest

from lingtan.periods import Period, read_period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024", Period(2024)),
        ("2024年", Period(2024)),
        ("2024-07", Period(2024, 7)),
        ("2024/7", Period(2024, 7)),
        ("202407", Period(2024, 7)),
        ("2024.07", Period(2024, 7)),
        ("2024年7月", Period(2024, 7)),
        (" 2024-12 ", Period(2024, 12)),
        ("2024-13", None),
        ("2024-00", None),
        ("24-07", None),
        ("1024", None),
        ("2024-07-01", None),
        ("", None),
    ],
)
def test_read_period(text: str, period: Period | None) -> None:
    assert read_period(text) == period


def test_months_and_covering() -> None:
    assert len(list(Period(2024).months())) == 12
    assert list(Period(2024, 2).months()) == [Period(2024, 2)]
    assert Period(2024).covers(Period(2024, 2)) and not Period(2024, 2).covers(Period(2024))
    assert Period(2024, 2).covers(date(2024, 2, 29)) and not Period(2023).covers(date(2024, 1, 1))


def test_local_year_in_universal_time() -> None:
    begin, end = Period(2024).instants("Asia/Shanghai")
    assert begin == datetime(2023, 12, 31, 16, tzinfo=UTC)
    assert end == datetime(2024, 12, 31, 16, tzinfo=UTC)


def test_a_month_with_summer_time_has_one_hour_less() -> None:
    begin, end = Period(2021, 3).instants("Europe/London")
    assert (end - begin).total_seconds() / 3600 == 31 * 24 - 1
