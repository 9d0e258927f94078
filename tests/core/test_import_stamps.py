"""Stamps: zones, clocks that jump, order of day and month, begin or end of interval."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from import_files import SHANGHAI, codes, decided, fault_of, put, register, take

from lingtan.metering.importing import ImportOptions
from lingtan.metering.importing.clock import Clock
from lingtan.metering.importing.stamp_forms import find_day_first

BERLIN = ImportOptions(zone="Europe/Berlin")
E1 = register("E1")


def table(*stamps: str, head: str = "meter_id,at,value") -> str:
    return head + "\n" + "".join(f"E1,{stamp},{k + 1}\n" for k, stamp in enumerate(stamps))


def instants(tmp_path: Path, *stamps: str, options: ImportOptions = SHANGHAI) -> list[str]:
    _, found = take(put(tmp_path, table(*stamps)), E1, options)
    return [at.strftime("%m-%d %H:%M") for _, at, _ in found]


def test_without_zone_nothing_is_guessed(tmp_path: Path) -> None:
    plan, found = take(
        put(tmp_path, table("2024-01-01 00:00", "2024-01-01 01:00+08:00")), E1, ImportOptions()
    )
    assert [at for _, at, _ in found] == [datetime(2023, 12, 31, 17, tzinfo=UTC)]
    fault = fault_of(plan, "metering.time-without-offset")
    assert (fault.place.row, fault.place.column, fault.context["count"]) == (2, "at", "1")


def test_a_column_that_says_utc_is_utc(tmp_path: Path) -> None:
    text = table("2024-01-01 00:00", head="meter_id,timestamp_utc,value")
    plan, found = take(put(tmp_path, text), E1)
    assert found[0][1] == datetime(2024, 1, 1, tzinfo=UTC)
    assert decided(plan, "zone") == [("UTC", "name")]


def test_unknown_zone(tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, table("2024-01-01 00:00")), E1, ImportOptions(zone="Mars/Base"))
    assert not found and fault_of(plan, "metering.unknown-timezone").context["zone"] == "Mars/Base"


def test_hour_that_no_clock_shows(tmp_path: Path) -> None:
    stamps = ("2016-03-27 01:45", "2016-03-27 02:00", "2016-03-27 02:45", "2016-03-27 03:00")
    plan, found = take(put(tmp_path, table(*stamps)), E1, BERLIN)
    assert [at.hour * 60 + at.minute for _, at, _ in found] == [45, 60]  # 00:45 and 01:00 UTC
    fault = fault_of(plan, "import.no-such-time")
    assert (fault.place.row, fault.context["count"], fault.context["zone"]) == (3, "2", "Europe/Berlin")


def test_hour_that_stands_twice_is_told_by_order(tmp_path: Path) -> None:
    stamps = [f"2016-10-30 0{h}:{m:02d}" for h in (1, 2, 2, 3) for m in (0, 30)]
    plan, found = take(put(tmp_path, table(*stamps)), E1, BERLIN)
    begin = datetime(2016, 10, 29, 23, tzinfo=UTC)  # 01:00 summer time
    assert [at for _, at, _ in found] == [begin + k * timedelta(minutes=30) for k in range(8)]
    assert [int(v) for *_, v in found] == list(range(1, 9))
    assert fault_of(plan, "import.twice-by-order").place.row == 4
    assert not plan.has_errors


@pytest.mark.parametrize(
    "hours", [("01:00", "02:00", "03:00"), ("02:00", "02:30", "02:00"), ("02:00", "02:00", "02:00")]
)
def test_hour_that_stands_twice_and_order_does_not_tell(hours: tuple[str, ...], tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, table(*(f"2016-10-30 {hour}" for hour in hours))), E1, BERLIN)
    doubtful = sum(hour.startswith("02") for hour in hours)
    assert len(found) == len(hours) - doubtful
    fault = fault_of(plan, "import.exists-twice")
    assert fault.context["count"] == str(doubtful)


def test_blank_cells_of_the_skipped_hour_are_no_fault(tmp_path: Path) -> None:
    labels = [f"{k // 4}:{k % 4 * 15:02d}" for k in range(96)]
    cells = ["" if label.startswith("2:") else "1" for label in labels]
    text = "meter,date," + ",".join(labels) + "\nE1,2016-03-27," + ",".join(cells) + "\n"
    plan, found = take(put(tmp_path, text), E1, BERLIN)
    assert len({at for _, at, _ in found}) == 92 and not plan.has_errors


@pytest.mark.parametrize(
    ("stamps", "answer"),
    [
        (("13/01/2024 00:00", "01/02/2024 00:00"), "day-first"),
        (("01/13/2024 00:00", "01/02/2024 00:00"), "month-first"),
    ],
)
def test_order_of_day_and_month_is_read_from_the_data(
    stamps: tuple[str, ...], answer: str, tmp_path: Path
) -> None:
    plan, found = take(put(tmp_path, table(*stamps)), E1)
    assert decided(plan, "day-first") == [(answer, "data")]
    months = sorted((at + timedelta(hours=8)).month for _, at, _ in found)
    assert months == ([1, 2] if answer == "day-first" else [1, 1])


def test_order_is_found_far_below_the_first_rows(tmp_path: Path) -> None:
    stamps = [f"{day:02d}/01/2024 {hour:02d}:00" for day in range(1, 14) for hour in range(24)]
    plan, found = take(put(tmp_path, table(*stamps)), E1)
    assert decided(plan, "day-first") == [("day-first", "data")] and len(found) == 13 * 24


def test_unclear_order_is_asked_for(tmp_path: Path) -> None:
    file = put(tmp_path, table("01/02/2024 00:00", "03/04/2024 00:00"))
    plan, found = take(file, E1)
    fault = fault_of(plan, "import.day-or-month")
    assert not found and "day_first" in fault.words("en").mend and fault.place.row == 2
    _, answered = take(file, E1, ImportOptions(zone="UTC", day_first=False))
    assert [at.month for _, at, _ in answered] == [1, 3]


def test_contradicting_order_leaves_out_what_does_not_fit(tmp_path: Path) -> None:
    file = put(tmp_path, table("13/01/2024 00:00", "01/14/2024 00:00"))
    plan, found = take(file, E1)
    assert not found and "import.day-or-month" in codes(plan)
    plan, found = take(file, E1, ImportOptions(zone="UTC", day_first=True))
    assert len(found) == 1 and fault_of(plan, "metering.bad-time").place.row == 3


def test_midnight_that_closes_its_day(tmp_path: Path) -> None:
    clock = [f"{k * 15 // 60:02d}:{k * 15 % 60:02d}" for k in range(1, 96)] + ["00:00"]
    stamps = [f"{day:02d}/03/2018 {at}" for day in (12, 13) for at in clock]
    plan, found = take(put(tmp_path, table(*stamps)), E1, ImportOptions(zone="Asia/Seoul"))
    begin = datetime(2018, 3, 11, 15, tzinfo=UTC)  # midnight of the 12th in Seoul
    assert [at for _, at, _ in found] == [begin + k * timedelta(minutes=15) for k in range(192)]
    assert [int(v) for *_, v in found] == list(range(1, 193))
    assert decided(plan, "midnight") == [("closes", "order")]
    assert plan.tables[0].meters[0].shift_ms == 15 * 60_000


def series(first: str, count: int, minutes: int) -> list[str]:
    begin = datetime.fromisoformat(first)
    return [(begin + k * timedelta(minutes=minutes)).isoformat(" ", "minutes") for k in range(count)]


@pytest.mark.parametrize(
    ("first", "count", "decision"),
    [
        ("2024-01-01 00:15", 96, ("end", "ends")),
        ("2024-01-01 00:00", 96, ("begin", "begins")),
        ("2024-01-01 00:00", 97, ("begin", "default")),
        ("2024-01-01 07:00", 96, ("begin", "default")),
    ],
)
def test_begin_or_end_from_where_the_series_lies(
    first: str, count: int, decision: tuple[str, str], tmp_path: Path
) -> None:
    plan, found = take(put(tmp_path, table(*series(first, count, 15))), E1)
    assert decided(plan, "stamps") == [decision]
    assert ("import.stamps-assumed" in codes(plan)) == (decision[1] == "default")
    begin = datetime.fromisoformat(first).replace(tzinfo=UTC) - timedelta(hours=8)
    assert found[0][1] == begin - (timedelta(minutes=15) if decision[0] == "end" else timedelta())


def test_register_and_option_say_what_stamps_mark(tmp_path: Path) -> None:
    file = put(tmp_path, table(*series("2024-01-01 00:00", 96, 15)))
    begin = datetime(2023, 12, 31, 16, tzinfo=UTC)
    _, ends = take(file, E1, ImportOptions(zone="Asia/Shanghai", stamps="end"))
    assert ends[0][1] == begin - timedelta(minutes=15)
    by_register = register("E1", stamps="begin")
    plan, begins = take(file, by_register, ImportOptions(zone="Asia/Shanghai", stamps="end"))
    assert begins[0][1] == begin and ("begin", "register") in decided(plan, "stamps")


def test_end_stamps_need_an_interval(tmp_path: Path) -> None:
    file, ends = put(tmp_path, table("2024-01-01 01:00")), ImportOptions(zone="UTC", stamps="end")
    plan, found = take(file, E1, ends)
    assert fault_of(plan, "import.interval-unknown").context["meter"] == "E1"
    assert found[0][1] == datetime(2024, 1, 1, 1, tzinfo=UTC)
    plan, found = take(file, register("E1", interval_minutes=Decimal(15)), ends)
    assert found[0][1] == datetime(2024, 1, 1, 0, 45, tzinfo=UTC) and not plan.faults


def test_register_readings_are_instants(tmp_path: Path) -> None:
    plan, found = take(
        put(tmp_path, table(*series("2024-01-01 00:15", 96, 15))), register("E1", quantity="cumulative")
    )
    assert found[0][1] == datetime(2023, 12, 31, 16, 15, tzinfo=UTC)
    assert plan.tables[0].meters[0].stamps == "instant" and decided(plan, "stamps") == []


def test_names_say_begin_or_end(tmp_path: Path) -> None:
    stamps = series("2024-01-01 05:00", 10, 60)
    for head, answer in (("表号,结束时间,电量", "end"), ("表号,开始时间,电量", "begin")):
        plan, _ = take(put(tmp_path, table(*stamps, head=head)), E1)
        assert decided(plan, "stamps") == [(answer, "name")]


def test_future_and_times_too_early(tmp_path: Path) -> None:
    stamps = (
        "1970-01-01 08:00",
        "1989-12-30 23:59",
        "2024-06-30 23:59",
        "2024-07-01 00:00",
        "2024-07-01 00:01",
    )
    options = ImportOptions(zone="Asia/Shanghai", today=date(2024, 6, 30))
    plan, found = take(put(tmp_path, table(*stamps)), E1, options)
    assert [int(v) for *_, v in found] == [3, 4]  # midnight closes the last day
    late, early = fault_of(plan, "import.future"), fault_of(plan, "import.too-early")
    assert (late.place.row, late.context["today"], early.place.row, early.context["count"]) == (
        6,
        "2024-06-30",
        2,
        "2",
    )


@pytest.mark.parametrize(
    "stamp",
    ["2024-02-30 00:00", "2024-01-01 25:00", "2024-01-01 24:15", "2024-13-01", "12:00", "45000 days", "🕛"],
)
def test_what_is_no_time(stamp: str, tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, table("2024-01-01 00:00", stamp)), E1)
    assert len(found) == 1
    fault = fault_of(plan, "metering.bad-time")
    assert fault.place.row == 3 and fault.context["example"] == stamp


FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y.%m.%d %H:%M:%S",
    "%Y年%m月%d日%H时%M分%S秒",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d-%b-%Y %I:%M:%S %p",
)


@settings(deadline=None)
@given(
    moments=st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)), min_size=1, max_size=8),
    form=st.sampled_from(FORMS),
)
def test_every_form_is_read_back(moments: list[datetime], form: str) -> None:
    whole = [moment.replace(microsecond=0) for moment in moments]
    clock = Clock("UTC", day_first=True)
    frame = clock.place(clock.read(pl.Series([moment.strftime(form) for moment in whole])))
    assert frame["at"].to_list() == [moment.replace(tzinfo=UTC) for moment in whole]


@settings(deadline=None)
@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)), minutes=st.integers(-14 * 60, 14 * 60)
)
def test_offsets_are_exact(moment: datetime, minutes: int) -> None:
    moment = moment.replace(microsecond=0)
    sign = "-" if minutes < 0 else "+"
    stamp = f"{moment.isoformat()}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    frame = Clock(None).place(Clock(None).read(pl.Series([stamp])))
    assert frame["at"][0] == moment.replace(tzinfo=UTC) - timedelta(minutes=minutes)


def test_day_first_is_unclear_only_where_years_come_last() -> None:
    assert find_day_first(["2024-01-02"]) is None
    assert find_day_first(["12/12/2024"]) == "unclear"
    assert find_day_first(["13/12/2024"]) is True
    assert find_day_first(["12/13/2024"]) is False
