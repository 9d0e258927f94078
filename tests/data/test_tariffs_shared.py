"""Tariffs and hourly carbon on measured data, against the facts and against pandas."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from lingtan.metering.carbon import build_factors, compute_emissions
from lingtan.metering.grid import build_grid
from lingtan.metering.slots import whole_slots
from lingtan.metering.tariffs import (
    PERIODS,
    Contract,
    PriceSheet,
    build_periods,
    build_prices,
    compute_bill,
    compute_usage,
    find_peaks,
    load_tariff,
    load_tariffs,
    state_entries,
)
from lingtan.metering.tariffs.hours import resolve_day
from lingtan.metering.tariffs.records import Tariff
from lingtan.periods import Period

pytestmark = pytest.mark.shared

NAMES = {"尖段": "sharp", "峰段": "peak", "平段": "flat", "谷段": "valley", "深谷": "deep"}


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "data/cn_tariffs/cn_tou_hours_by_province.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def shanghai(shared: Path) -> dict[str, object]:
    facts: dict[str, object] = json.loads((shared / "data/cn_tariffs/shanghai_tou.json").read_text("utf-8"))
    return facts


def minutes_of(text: str) -> Iterator[int]:
    for window in text.replace("及", ",").split(","):
        begin, end = ([int(part) for part in clock.split(":")] for clock in window.strip().split("-"))
        first, last = begin[0] * 60 + begin[1], end[0] * 60 + end[1]
        yield from (minute % 1440 for minute in range(first, last if last > first else last + 1440))


def months_of(row: dict[str, str]) -> set[int]:
    return {int(month) for month in row["months"].split(",")} if row["months"] else set(range(1, 13))


def test_every_row_of_hours_is_carried(rows: list[dict[str, str]]) -> None:
    """Each row outside Shanghai: its hours, seen alone, are in the shipped tariff of area and document."""
    found: dict[tuple[str, str], Tariff] = {
        (one.area, one.versions[0].hours[0].document): one
        for one in load_tariffs().values()
        if one.id.startswith("cn-")
    }
    others = [row for row in rows if row["area"] != "上海"]
    assert len(others) == 225
    assert len(found) == 35
    left_out = 0
    for row in others:
        tariff = found[row["area"], row["doc_no"] or "not found"]
        own = [
            rule
            for rule in tariff.versions[0].rules
            if rule.period == NAMES[row["period"]]
            and set(rule.months) == months_of(row)
            and {minute for span in rule.hours for minute in range(*span)} == set(minutes_of(row["hours"]))
        ]
        left_out += not own
    assert left_out == 1  # Anhui: holidays of three days or more, users of 315 kVA or more


def test_hours_of_a_plain_day_are_those_of_the_rows(rows: list[dict[str, str]]) -> None:
    """Sharp before peak, deep before valley, whole-day flat last: done here minute by minute."""
    for tariff in load_tariffs().values():
        if not tariff.id.startswith("cn-") or tariff.id == "cn-beijing-2023-11":
            continue
        document = tariff.versions[0].hours[0].document
        own = [
            row for row in rows if row["area"] == tariff.area and (row["doc_no"] or "not found") == document
        ]
        for month in range(1, 13):
            periods = resolve_day(tariff.versions[0].rules, month, None)[0]
            plain = [row for row in own if not row["holidays"] and month in months_of(row)]
            here = [(NAMES[row["period"]], set(minutes_of(row["hours"]))) for row in plain]
            for minute in range(0, 1440, 15):
                names = {name for name, minutes in here if minute in minutes}
                order = [name for name in ("sharp", "deep", "peak", "valley", "flat") if name in names]
                assert PERIODS[periods[minute]] == order[0], (tariff.id, month, minute)


def test_shanghai_is_as_the_other_transcription_has_it(rows: list[dict[str, str]]) -> None:
    """The eleven rows of Shanghai against the hours written by hand from the notice."""
    for category, id_ in (("两部制", "sh-two-part"), ("单一制", "sh-one-part")):
        own = [row for row in rows if row["area"] == "上海" and row["category"] == category]
        version = load_tariff(id_).versions[0]
        for month in range(1, 13):
            periods = resolve_day(version.rules, month, None)[0]
            here = [row for row in own if month in months_of(row)]
            here.sort(key=lambda row: row["period"] != "尖段")
            for minute in range(0, 1440, 15):
                first = next(row for row in here if minute in set(minutes_of(row["hours"])))
                assert PERIODS[periods[minute]] == NAMES[first["period"]]


def test_ratios_of_shanghai(shanghai: dict[str, object]) -> None:
    two, one = (shanghai[name]["ratios"] for name in ("two_part", "single_part"))  # type: ignore[index]
    for id_, ratios, names in (
        ("sh-two-part", two, ("peak", "flat", "valley")),
        ("sh-one-part", one, ("peak", "valley")),
    ):
        version = load_tariff(id_).versions[0]
        for month in range(1, 13):
            season = "months_1_7_8_9_12" if month in (1, 7, 8, 9, 12) else "other_months"
            for name in names:
                assert version.ratio(name, month) == Decimal(str(ratios[season][name]))
    industry = load_tariff("sh-two-part-industry").versions[-1]
    assert industry.ratio("sharp", 7) == Decimal("1.25") * Decimal("1.8")
    assert industry.ratio("deep", 5) == Decimal(str(shanghai["two_part"]["deep_valley"]["ratio_of_flat"]))  # type: ignore[index]


def test_observed_periods(shanghai: dict[str, object]) -> None:
    names = {"深谷": "deep", "谷": "valley"}
    ids = {"上海": "sh-two-part-industry", "浙江": "cn-zhejiang-2024-21"}
    observed = shanghai["observed_prices_yuan_per_kWh"]
    assert len(observed) == 4  # type: ignore[arg-type]
    grid = build_grid(Period(2025, 5), Period(2025, 5), "Asia/Shanghai")
    for one in observed:  # type: ignore[attr-defined]
        at = pd.Timestamp(one["time"], tz="Asia/Shanghai").to_pydatetime()
        code = build_periods(load_tariff(ids[one["area"]]), grid)[(at - grid.begin) // timedelta(hours=1)]
        assert PERIODS[code] == names[one["period"]]


def pandas_period(frame: pd.DataFrame) -> pd.Series:
    """Periods of two-part users of Shanghai, written again as comparisons of hours and months."""
    hour, month = frame["at"].dt.hour, frame["at"].dt.month
    summer = month.isin([7, 8, 9])
    peak = hour.between(18, 20) | (summer & hour.between(8, 14)) | (~summer & hour.between(8, 10))
    sharp = (month.isin([7, 8]) & hour.between(12, 13)) | (month.isin([1, 12]) & hour.between(19, 20))
    period = pd.Series("flat", index=frame.index)
    period[peak] = "peak"
    period[sharp] = "sharp"
    period[(hour < 6) | (hour >= 22)] = "valley"
    return period


def steel(shared: Path) -> pd.DataFrame:
    """The year 2018 moved to 2023 by position, stamps at the begin of the quarter, in order."""
    frame = pd.read_csv(shared / "data/uci_steel_energy/steel_industry_15min.csv.gz")
    end = pd.to_datetime(frame["date"], format="%d/%m/%Y %H:%M")
    end += pd.to_timedelta((frame["NSM"] == 0).astype(int), unit="D")  # 00:00 stands last in its day
    frame["at"] = end - pd.Timedelta(minutes=15)
    frame = frame.sort_values("at", ignore_index=True)
    frame["at"] += pd.Timestamp("2023-01-01") - pd.Timestamp("2018-01-01")
    return frame


def test_a_year_of_the_steel_works_under_the_tariff_of_shanghai(shared: Path) -> None:
    frame = steel(shared)
    grid = build_grid(Period(2023), Period(2023), "Asia/Shanghai", slot_minutes=15)
    assert len(frame) == grid.count == 35_040
    slots = whole_slots(grid, np.rint(frame["Usage_kWh"].to_numpy() * 100).astype(np.int64), Decimal("0.01"))
    months = [
        {"month": f"2023-{n:02d}", "floating": f"0.6{n:02d}", "fixed": "0.08", "demand": "38.4"}
        for n in range(1, 13)
    ]
    sheet = PriceSheet.model_validate({"months": months})
    tariff = load_tariff("sh-two-part")
    usages = compute_usage(slots, build_periods(tariff, grid), build_prices(tariff, sheet, grid))
    bills = [
        compute_bill(usage, sheet, Contract("demand"), peak=peak)
        for usage, peak in zip(usages, find_peaks(slots), strict=True)
    ]

    frame["period"], frame["month"] = pandas_period(frame), frame["at"].dt.month
    expected = frame.groupby(["month", "period"])["Usage_kWh"].sum()
    found = {(use.month.month, part.period): float(part.energy) for use in usages for part in use.parts}
    assert found.keys() == set(expected.index)
    assert all(found[key] == pytest.approx(value, abs=1e-6) for key, value in expected.items())
    high = frame["month"].isin([1, 7, 8, 9, 12])
    ratio = frame["period"].map({"sharp": 2.25, "peak": 1.8, "flat": 1.0, "valley": 0.4}).where(
        high, frame["period"].map({"peak": 1.6, "flat": 1.0, "valley": 0.5})
    )  # fmt: skip
    cost = frame["Usage_kWh"] * (0.08 + (0.6 + frame["month"] / 1000) * ratio)
    demand = frame.groupby("month")["Usage_kWh"].max() * 4 * 38.4
    yearly = cost.groupby(frame["month"]).sum() + demand
    for bill in bills:
        assert float(bill.total or 0) == pytest.approx(yearly[bill.month.month], abs=0.005 + 1e-6)


def test_deep_valley_of_the_steel_works_against_pandas(shared: Path) -> None:
    """2023 under the earlier rule: the breaks of Spring Festival, Labour Day and National Day, by date."""
    frame = steel(shared)
    grid = build_grid(Period(2023), Period(2023), "Asia/Shanghai", slot_minutes=15)
    tariff = load_tariff("sh-two-part-industry")
    periods = build_periods(tariff, grid)
    day = frame["at"].dt.strftime("%m-%d")
    breaks = (
        day.between("01-21", "01-27") | day.between("04-29", "05-03") | day.between("09-30", "10-06")
    )  # as the State made them public, but for 29 September, which is Mid-Autumn's
    expected = breaks & (pandas_period(frame) == "valley")
    assert np.array_equal(periods == PERIODS.index("deep"), expected.to_numpy())
    assert state_entries(tariff, {}) == tariff


def test_hourly_emissions_of_a_campus_against_pandas(shared: Path) -> None:
    folder = shared / "data/cambridge_campus"
    meters = pd.read_parquet(folder / "meters_hourly.parquet")
    intensity = pd.read_parquet(folder / "grid_carbon_intensity_gb_hourly.parquet").iloc[:, 0]
    year = meters.loc["2021", "b0.electricity_kWh"].astype("float64")
    grid = build_grid(Period(2021), Period(2021), "UTC")
    assert len(year) == grid.count
    whole = np.rint(year.to_numpy() * 1000).astype(np.int64)
    at = pl.Series(intensity.index.to_numpy().astype("datetime64[ms]")).dt.replace_time_zone("UTC")
    series = pl.DataFrame({"at": at, "value": intensity.to_numpy().astype(np.float64)})
    factors = build_factors(series.sample(fraction=1, shuffle=True, seed=1), grid)
    assert factors.faults == ()
    *months, total = compute_emissions(whole_slots(grid, whole, Decimal("0.001")), factors.values)
    product = year * intensity.loc["2021"].astype("float64")
    expected = product.groupby(product.index.month).sum()
    assert len(months) == 12
    for one in months:
        assert one.month is not None
        assert float(one.emissions) == pytest.approx(expected[one.month.month], rel=1e-5)
    assert float(total.emissions) == pytest.approx(product.sum(), rel=1e-5)
    by_mean = year.sum() * intensity.loc["2021"].astype("float64").mean()
    assert float(total.difference or 0) == pytest.approx(product.sum() - by_mean, abs=1e-4 * product.sum())


def test_hourly_against_annual_of_american_regions(shared: Path) -> None:
    """A flat load has no difference; a load by day has the one that pandas finds."""
    frame = pd.read_parquet(shared / "data/us_avert_hourly_emissions/avert2023_co2_lb_per_kwh.parquet")
    grid = build_grid(Period(2023), Period(2023), "UTC")
    hour = np.arange(grid.count) % 24
    by_day = np.where((hour >= 9) & (hour < 17), 5, 1).astype(np.int64)
    for region in ("CA", "NE", "NW"):
        kilograms = frame[region].astype("float64") * 0.45359237
        at = pl.Series(grid.starts_ms).cast(pl.Datetime("ms", "UTC"))
        factors = build_factors(pl.DataFrame({"at": at, "value": kilograms.to_numpy()}), grid)
        assert factors.faults == ()
        assert kilograms.min() >= 0
        *_, flat = compute_emissions(whole_slots(grid, np.ones(grid.count, np.int64)), factors.values)
        assert flat.difference is not None
        assert abs(flat.difference) < Decimal("1e-20")
        *_, day = compute_emissions(whole_slots(grid, by_day), factors.values)
        expected = (kilograms * by_day).sum() - kilograms.mean() * by_day.sum()
        assert float(day.difference or 0) == pytest.approx(expected, abs=1e-6 * by_day.sum())


def test_negative_marginal_rates_are_told_and_not_used(shared: Path) -> None:
    frame = pd.read_parquet(shared / "data/us_avert_hourly_emissions/avert2023_co2_lb_per_kwh.parquet")
    grid = build_grid(Period(2023), Period(2023), "UTC")
    at = pl.Series(grid.starts_ms).cast(pl.Datetime("ms", "UTC"))
    factors = build_factors(pl.DataFrame({"at": at, "value": frame["SW"].to_numpy()}), grid)
    negative = int((frame["SW"] < 0).sum())
    assert negative > 0
    assert [(one.code, one.context["count"]) for one in factors.faults] == [
        ("carbon.negative", str(negative)),
        ("carbon.gaps", str(negative)),
    ]
