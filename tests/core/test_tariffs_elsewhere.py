"""Tariffs of other areas and of the user's own files, in any time zone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tariff_hours import SHANGHAI, day_of, month_grid, period_at

from lingtan.errors import EditionError, LingtanError
from lingtan.metering.grid import build_grid
from lingtan.metering.tariffs import (
    PERIODS,
    UNKNOWN,
    Tariff,
    build_periods,
    check_tariffs,
    check_validity,
    load_tariff,
    load_tariffs,
    load_words,
    read_price_sheet,
    read_tariffs,
    state_entries,
)
from lingtan.metering.tariffs.hours import resolve_day
from lingtan.periods import Period


def test_every_shipped_tariff_is_complete_but_for_the_one_that_quarrels() -> None:
    found = check_tariffs(date(2027, 6, 30))
    assert [(one.code, one.place.file) for one in found] == [("tariff.overlap", "cn-beijing-2023-11")]
    assert found[0].context["months"] == "7 8"
    assert (found[0].context["begin"], found[0].context["end"]) == ("16:00", "17:00")
    with pytest.raises(EditionError) as stop:
        load_tariff("cn-beijing-2023-11")
    assert stop.value.faults == found
    due = [one for one in check_tariffs(date(2027, 7, 1)) if one.code == "tariff.review-due"]
    assert len(due) == len(load_tariffs())


def test_observed_days_of_zhejiang() -> None:
    """Two periods observed in May 2025: deep valley on Labour Day at 11:00, valley the day after."""
    tariff = load_tariff("cn-zhejiang-2024-21")
    assert period_at(tariff, "2025-05-05T11:00") == "deep"
    assert period_at(tariff, "2025-05-06T11:00") == "valley"
    assert period_at(tariff, "2025-01-29T10:00") == "deep"  # Spring Festival, in hours that else are sharp
    assert period_at(tariff, "2023-12-31T11:00") == "?"
    assert [one.code for one in check_validity(tariff, month_grid("2025-05"))] == ["tariff.undated"]


def test_hours_under_a_condition_are_told() -> None:
    tariff = load_tariff("cn-anhui-2025-302")
    codes = [one.code for one in check_validity(tariff, month_grid("2026-05"))]
    assert codes == ["tariff.undated", "tariff.condition"]
    assert "d" not in day_of(tariff, "2026-05-01")


def test_half_hours_ask_for_a_finer_grid() -> None:
    tariff = load_tariff("cn-liaoning-2023-441")
    with pytest.raises(LingtanError) as stop:
        build_periods(tariff, month_grid("2024-03"))
    assert [one.code for one in stop.value.faults] == ["tariff.slot-too-coarse"]
    assert stop.value.faults[0].context["minutes"] == "30"
    assert period_at(tariff, "2024-03-04T07:29", minutes=30) == "flat"
    assert period_at(tariff, "2024-03-04T07:30", minutes=30) == "peak"
    assert period_at(tariff, "2024-03-04T10:30", minutes=30) == "flat"
    assert period_at(tariff, "2024-03-04T11:45", minutes=15) == "valley"


def test_an_unknown_tariff_names_the_nearest() -> None:
    with pytest.raises(LingtanError) as stop:
        load_tariff("sh-two-parts")
    assert [one.code for one in stop.value.faults] == ["tariff.unknown"]
    assert stop.value.faults[0].context["hint"] == "sh-two-part"


FOREIGN = """
tariffs:
- id: gb-two-rate
  zh: 英国双费率
  en: Two rates
  area: GB
  zone: {zone}
  applies_to: {{zh: 测试, en: test}}
  review_by: 2030-01-01
  versions:
  - id: gb-two-rate-1
    valid_from: 2020-01-01
    valid_to: 2024-12-30
    basis: operator-set
    source: made for this test
    hours:
    - document: none
      basis: operator-set
      source: made for this test
      rules:
      - {{period: valley, hours: "00:30-07:30"}}
      - {{period: valley, hours: "00:00-24:00", days: [rest-day], over: [peak]}}
      - {{period: flat, hours: "00:00-24:00", rest: true}}
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "tariffs.yaml"
    file.write_text(text, "utf-8")
    return file


def test_a_foreign_tariff_follows_daylight_saving(tmp_path: Path) -> None:
    tariff = load_tariff("gb-two-rate", write(tmp_path, FOREIGN.format(zone="Europe/London")))
    grid = month_grid("2024-03", "Europe/London", 30)
    valley = build_periods(tariff, grid) == PERIODS.index("valley")
    # 31 days: 21 weekdays of 7 hours; 10 days of the weekend, one of which has 23 hours (31 March)
    assert valley.sum() == 2 * (21 * 7 + 9 * 24 + 23)
    autumn = build_periods(tariff, month_grid("2024-10", "Europe/London", 30)) == PERIODS.index("valley")
    assert autumn.sum() == 2 * (23 * 7 + 7 * 24 + 25)  # 27 October has 25 hours
    assert period_at(tariff, "2024-12-30T01:00", 30) == "valley"
    assert period_at(tariff, "2024-12-31T01:00", 30) == "?"


def test_daylight_saving_on_a_working_day(tmp_path: Path) -> None:
    """Egypt put its clocks forward on Friday 2023-04-28 at 00:00: half an hour of flat is missing."""
    tariff = load_tariff("gb-two-rate", write(tmp_path, FOREIGN.format(zone="Africa/Cairo")))
    grid = month_grid("2023-04", "Africa/Cairo", 30)
    valley = build_periods(tariff, grid) == PERIODS.index("valley")
    assert grid.count == 30 * 48 - 2
    assert valley.sum() == 2 * (20 * 7 + 10 * 24) - 1  # 00:30 to 01:00 never was


def test_a_zone_with_quarter_hours(tmp_path: Path) -> None:
    tariff = load_tariff("gb-two-rate", write(tmp_path, FOREIGN.format(zone="Asia/Kathmandu")))
    grid = build_grid(Period(2024, 3), Period(2024, 3), "UTC", slot_minutes=60)
    with pytest.raises(LingtanError) as stop:
        build_periods(tariff, grid)
    assert stop.value.faults[0].context["minutes"] == "15"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('"00:30-07:30"', '"00:30-25:00"'), "document.bad-value"),
        (('"00:30-07:30"', '"07:30-07:30"'), "document.bad-value"),
        (("rest: true", "rest: false"), "tariff.overlap"),
        (('"00:00-24:00", rest: true', '"08:00-24:00", rest: true'), "tariff.uncovered"),
        (("zone: Europe/London", "zone: Europe/Londen"), "document.bad-value"),
        (("valid_to: 2024-12-30", "valid_to: 2019-12-31"), "tariff.order"),
        (("valid_to: 2024-12-30", "surely_from: 2019-12-31"), "tariff.order"),
        (("period: flat", "period: shoulder"), "document.bad-value"),
        (("area: GB", "aera: GB"), "document.unknown-key"),
        (("calendar", "calendar"), None),
    ],
)
def test_faults_of_a_tariff_file(tmp_path: Path, change: tuple[str, str], code: str | None) -> None:
    file = write(tmp_path, FOREIGN.format(zone="Europe/London").replace(*change))
    if code is None:
        assert list(read_tariffs(file)) == ["gb-two-rate"]
        return
    with pytest.raises(LingtanError) as stop:
        read_tariffs(file)
    assert code in [one.code for one in stop.value.faults]


def test_an_id_that_stands_twice_and_a_file_that_is_missing(tmp_path: Path) -> None:
    text = FOREIGN.format(zone="Europe/London")
    with pytest.raises(LingtanError) as stop:
        read_tariffs(write(tmp_path, text + text.partition("tariffs:\n")[2]))
    assert [one.code for one in stop.value.faults] == ["tariff.twice"]
    with pytest.raises(LingtanError) as stop:
        read_tariffs(tmp_path / "none.yaml")
    assert [one.code for one in stop.value.faults] == ["document.unreadable"]


def test_versions_out_of_order(tmp_path: Path) -> None:
    text = FOREIGN.format(zone="Europe/London")
    version = text[text.index("  - id: gb-two-rate-1") :]
    with pytest.raises(LingtanError) as stop:
        read_tariffs(write(tmp_path, text + version))
    assert [one.code for one in stop.value.faults] == ["tariff.order"]


WINDOWS = st.lists(st.tuples(st.integers(0, 47), st.integers(1, 47)), min_size=1, max_size=3)


@given(
    WINDOWS, st.sampled_from(["Asia/Shanghai", "Europe/London", "Australia/Lord_Howe", "America/New_York"])
)
def test_periods_follow_the_wall_clock(windows: list[tuple[int, int]], zone: str) -> None:
    """Whatever the zone: a slot is of the period that its wall-clock time is in, found one by one."""
    texts = [f"{_clock(begin)}-{_clock((begin + length) % 48)}" for begin, length in windows]
    rules = [{"period": "peak", "hours": texts}, {"period": "flat", "hours": "00:00-24:00", "rest": True}]
    tariff = make_tariff(zone, rules)
    grid = build_grid(Period(2024, 3), Period(2024, 4), zone, slot_minutes=15)
    periods = build_periods(tariff, grid)
    inside = {(begin + step) % 48 for begin, length in windows for step in range(length)}
    for slot in range(0, grid.count, 7):
        local = (grid.begin + slot * timedelta(minutes=15)).astimezone(ZoneInfo(zone))
        expected = "peak" if (local.hour * 60 + local.minute) // 30 in inside else "flat"
        assert PERIODS[periods[slot]] == expected


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02d}:{half_hours % 2 * 30:02d}"


def make_tariff(zone: str, rules: list[dict[str, object]]) -> Tariff:
    common = {"document": "none", "basis": "operator-set", "source": "made for this test"}
    version = {
        "id": "v1",
        "valid_from": "2000-01-01",
        "basis": "operator-set",
        "source": "made for this test",
        "hours": [{**common, "rules": rules}],
    }
    head = {"id": "t", "zh": "测试", "en": "test", "area": "x", "zone": zone, "review_by": "2030-01-01"}
    return Tariff.model_validate({**head, "applies_to": {"zh": "x", "en": "x"}, "versions": [version]})


def test_words_name_every_period_and_day() -> None:
    words = load_words()
    assert tuple(words.periods) == PERIODS
    assert len(words.days) == 10


def test_periods_of_a_whole_year_count_every_hour() -> None:
    grid = build_grid(Period(2026), Period(2026), SHANGHAI)
    counts = np.bincount(build_periods(load_tariff("sh-two-part-industry"), grid), minlength=5)
    # 2026, by hand: sharp 2 h x (31+28 ... months 1, 7, 8, 12: 31 days each) = 2 x 124
    assert counts[PERIODS.index("sharp")] == 2 * 124
    # peak: months 7-9 10 h, others 6 h, less sharp: 92 x 10 + 273 x 6 - 248
    assert counts[PERIODS.index("peak")] == 92 * 10 + 273 * 6 - 248
    # flat: months 7-9 6 h, others 10 h
    assert counts[PERIODS.index("flat")] == 92 * 6 + 273 * 10
    assert counts[PERIODS.index("valley")] + counts[PERIODS.index("deep")] == 365 * 8


def test_a_first_version_whose_day_was_not_found_is_not_sure_before_it_is_seen(tmp_path: Path) -> None:
    text = FOREIGN.format(zone="Europe/London").replace(
        "valid_to: 2024-12-30", "surely_from: 2024-03-11\n    valid_to: 2024-12-30"
    )
    tariff = load_tariff("gb-two-rate", write(tmp_path, text))
    assert period_at(tariff, "2024-03-10T01:00", 30) == "?"
    assert period_at(tariff, "2024-03-11T01:00", 30) == "valley"
    assert [one.code for one in check_validity(tariff, month_grid("2024-02", "Europe/London", 30))] == [
        "tariff.not-in-force"
    ]
    stated = state_entries(tariff, {"gb-two-rate-1": date(2024, 3, 4)})
    assert period_at(stated, "2024-03-04T01:00", 30) == "valley"
    assert period_at(stated, "2024-03-03T01:00", 30) == "?"


def test_the_files_on_the_page_can_be_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/concepts/tariffs.md").read_text("utf-8")
    tariff, sheet = (part.partition("```")[0] for part in page.split("```yaml\n")[1:])
    assert day_of(load_tariff("my-area", write(tmp_path, tariff)), "2025-01-02") == "vvvvvvffpppfffffffpssfvv"
    (tmp_path / "sheet.yaml").write_text(sheet, "utf-8")
    assert [one.month.month for one in read_price_sheet(tmp_path / "sheet.yaml").months] == [5, 6]


def test_minutes_that_two_rules_claim_are_of_no_period() -> None:
    rules = load_tariffs()["cn-beijing-2023-11"].versions[0].rules
    july, troubles = resolve_day(rules, 7, None)
    assert set(july[16 * 60 : 17 * 60].tolist()) == {UNKNOWN}
    assert UNKNOWN not in [*july[: 16 * 60], *july[17 * 60 :]]
    assert [(one.begin, one.end) for one in troubles] == [(16 * 60, 17 * 60)]
    assert resolve_day(rules, 6, None)[1] == ()
