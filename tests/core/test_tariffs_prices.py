"""Prices of slots and price sheets, by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tariff_sheets import DERIVED, MAY, SHANGHAI, grid_of, sheet_of

from lingtan.errors import LingtanError
from lingtan.metering.tariffs import (
    UNKNOWN,
    PriceSheet,
    Tariff,
    build_prices,
    check_prices,
    load_tariff,
    read_price_sheet,
)
from lingtan.metering.tariffs.prices import whole_price
from lingtan.periods import Period


def test_prices_observed_in_may_2025() -> None:
    prices = build_prices(load_tariff("sh-two-part-industry"), sheet_of(**DERIVED), grid_of(MAY))
    sunday, monday = 17 * 24, 18 * 24
    assert prices[sunday] == 206_160  # 0.0757 + 0.2 x 0.6523; observed 0.2062
    assert prices[monday] == 401_850  # 0.0757 + 0.5 x 0.6523; observed 0.4019
    assert prices[monday + 6] == 728_000  # flat: the sum of both parts
    assert prices[monday + 8] == 1_119_380  # peak: 0.0757 + 1.6 x 0.6523
    assert abs(prices[sunday] - 206_200) <= 50
    assert abs(prices[monday] - 401_900) <= 50


def test_prices_of_every_period_in_high_season() -> None:
    sheet = PriceSheet.model_validate({"months": [{"month": "2025-07", "floating": "0.6", "fixed": "0.1"}]})
    day = build_prices(load_tariff("sh-two-part"), sheet, grid_of(Period(2025, 7)))[:24].tolist()
    expected = {"v": 340_000, "f": 700_000, "p": 1_180_000, "s": 1_450_000}  # 0.4, 1, 1.8, 2.25 of 0.6
    assert day == [expected[hour] for hour in "vvvvvvffppppsspfffpppfvv"]
    single = build_prices(load_tariff("sh-one-part"), sheet, grid_of(Period(2025, 7)))[:24].tolist()
    assert set(single[6:22]) == {820_000}  # 0.1 + 1.2 x 0.6
    assert set(single[:6] + single[22:]) == {430_000}  # 0.1 + 0.55 x 0.6


def test_ratios_of_single_part_users_in_other_months() -> None:
    prices = build_prices(load_tariff("sh-one-part"), sheet_of(floating="0.6", fixed="0.1"), grid_of(MAY))
    assert set(prices.tolist()) == {802_000, 430_000}  # 1.17 and 0.55


def test_stated_prices_go_as_they_are_and_missing_ones_are_not_known() -> None:
    sheet = sheet_of(peak="1.1194", flat="0.728", valley="0.4019")
    tariff, grid = load_tariff("sh-two-part-industry"), grid_of(Period(2025, 5), Period(2025, 6))
    prices = build_prices(tariff, sheet, grid)
    assert set(prices[18 * 24 : 19 * 24].tolist()) == {401_900, 728_000, 1_119_400}
    assert prices[17 * 24] == UNKNOWN  # a Sunday's deep valley: not stated
    assert set(prices[31 * 24 :].tolist()) == {UNKNOWN}  # June: no prices at all
    found = check_prices(tariff, sheet, grid, prices=prices)
    assert [(one.code, one.context["month"]) for one in found] == [
        ("tariff.no-price", "2025-05"),
        ("tariff.no-price", "2025-06"),
    ]
    # May from the 18th on: 18, 24, 25, 31 are rest days. 1-5 May and before: both versions agree on
    # 1-5; on 10, 11, 17 only the newer rule has deep valley. 8 hours each of 4 + 5 + 3 days.
    assert [one.context["hours"] for one in found] == ["96", "720"]


def test_a_stated_day_of_entry_settles_what_was_unsure() -> None:
    sheet = PriceSheet.model_validate({
        "tariff": "sh-two-part-industry",
        "entries": {"sh-two-part-industry-2024": "2025-05-01"},
        "months": [{"month": "2025-05", **DERIVED}],
    })  # fmt: skip
    prices = build_prices(load_tariff("sh-two-part-industry"), sheet, grid_of(MAY))
    assert prices[9 * 24] == 206_160  # Saturday 10 May
    assert UNKNOWN not in prices


def test_a_sheet_of_another_tariff() -> None:
    with pytest.raises(LingtanError) as stop:
        build_prices(load_tariff("sh-two-part"), PriceSheet(tariff="sh-one-part"), grid_of(MAY))
    assert [one.code for one in stop.value.faults] == ["tariff.other-sheet"]


def test_a_tariff_without_ratios_needs_the_price_of_each_period() -> None:
    tariff, grid = load_tariff("cn-jilin-2025-11"), grid_of(MAY)
    assert set(build_prices(tariff, sheet_of(**DERIVED), grid).tolist()) == {UNKNOWN}
    sheet = sheet_of(peak="0.9", flat="0.6", valley="0.3")
    assert set(build_prices(tariff, sheet, grid).tolist()) == {900_000, 600_000, 300_000}


@pytest.mark.parametrize(
    ("price", "whole"), [("0.0000005", 0), ("0.0000015", 2), ("0.00000051", 1), ("1.543375", 1_543_375)]
)
def test_prices_are_rounded_once_half_to_even(price: str, whole: int) -> None:
    assert whole_price(Decimal(price)) == whole


YAML = """
tariff: sh-two-part-industry
source: bills of the park
entries: {sh-two-part-industry-2024: 2024-09-01}
months:
- {month: 2025-05, floating: 0.6523, fixed: 0.0757, demand: 38, capacity: 25.5}
"""


def test_price_sheets_as_yaml_and_csv(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML, "utf-8")
    sheet = read_price_sheet(tmp_path / "a.yaml")
    assert sheet.by_month[MAY].floating == Decimal("0.6523")
    assert str(sheet.entries["sh-two-part-industry-2024"]) == "2024-09-01"
    text = "月份,浮动部分,不浮动部分,需量电价,capacity\n2025年5月,0.6523,0.0757,38,25.5\n\n2025-06,,,,\n"
    for name, encoding in (("b.csv", "utf-8-sig"), ("c.csv", "gb18030")):
        (tmp_path / name).write_text(text, encoding)
        other = read_price_sheet(tmp_path / name)
        assert other.by_month[MAY] == sheet.by_month[MAY]
        assert other.by_month[Period(2025, 6)].floating is None


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("month,floating\n2025-05,0.6\n", "tariff.two-kinds", 2),
        ("month,floating,fixed,peak\n2025-05,0.6,0.1,1\n", "tariff.two-kinds", 2),
        ("month,peak\n2025-04,1\n2025-05,1\n2025-05,1\n", "tariff.month-twice", 4),
        ("month,peek\n2025-05,1\n", "tariff.unknown-column", 1),
        ("month,peak,高峰\n2025-05,1,1\n", "tariff.column-twice", 1),
        ("month,peak\n2025-05,1,2\n", "tariff.long-row", 2),
        ("month,peak\n2025-05,-0.1\n", "document.bad-value", 2),
        ("month,peak\n2025-04,1\n2025-05,1000001\n", "document.bad-value", 3),
        ("month,peak\n2025-05,NaN\n", "document.bad-value", 2),
        ("month,peak\n2025-05,cheap\n", "document.bad-value", 2),
        ("month,peak\n2025,1\n", "document.bad-value", 2),
        ("month,peak\n2025-13,1\n", "document.bad-value", 2),
        ("peak\n1\n", "document.missing-key", 2),
    ],
)
def test_faults_of_a_price_sheet(tmp_path: Path, text: str, code: str, row: int) -> None:
    (tmp_path / "prices.csv").write_text(text, "utf-8")
    with pytest.raises(LingtanError) as stop:
        read_price_sheet(tmp_path / "prices.csv")
    assert (code, row) in [(one.code, one.place.row) for one in stop.value.faults]
    assert all(one.place.file == "prices.csv" for one in stop.value.faults)


@pytest.mark.parametrize("name", ["none.csv", "none.yaml"])
def test_a_sheet_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(LingtanError) as stop:
        read_price_sheet(tmp_path / name)
    assert [one.code for one in stop.value.faults] == ["document.unreadable"]


def test_zero_is_a_price() -> None:
    assert set(build_prices(load_tariff("sh-one-part-flat"), sheet_of(flat=0), grid_of(MAY)).tolist()) == {0}


def test_a_sheet_that_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "prices.csv").open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(LingtanError) as stop:
        read_price_sheet(tmp_path / "prices.csv")
    assert [one.code for one in stop.value.faults] == ["document.too-large"]


def test_where_two_versions_may_hold_and_prices_differ_none_is_known() -> None:
    """All hours flat in both, at ratio 1 and perhaps, from 10 May on, at ratio 2; surely so from 20 May."""
    common = {"document": "none", "basis": "operator-set", "source": "made for this test"}
    hours = [{**common, "rules": [{"period": "flat", "hours": "00:00-24:00"}]}]
    versions = [
        {
            "id": f"v{ratio}",
            "basis": "inferred",
            "source": "made for this test",
            "hours": hours,
            "ratios": {**common, "seasons": [{"of_flat": {"flat": ratio}}]},
            **days,
        }
        for ratio, days in (
            (1, {"valid_from": "2025-01-01"}),
            (2, {"valid_from": "2025-05-10", "surely_from": "2025-05-20"}),
        )
    ]
    words = {"zh": "测试", "en": "test"}
    head = {"id": "t", **words, "area": "x", "zone": SHANGHAI, "review_by": "2030-01-01", "applies_to": words}
    tariff = Tariff.model_validate({**head, "versions": versions})
    prices = build_prices(tariff, sheet_of(floating="0.6", fixed="0.1"), grid_of(MAY))
    assert set(prices[: 9 * 24].tolist()) == {700_000}
    assert set(prices[9 * 24 : 19 * 24].tolist()) == {UNKNOWN}
    assert set(prices[19 * 24 :].tolist()) == {1_300_000}
