"""Zeros and maxima that are doubted: at the limit and just beyond."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from lingtan.dossier.records import Cell, Dossier, Location, Park, Reporting, Row
from lingtan.errors import Place
from lingtan.metering import MeterEnergy, compute_metering

HOURS = 8760


def measured(folder: Path, values: list[float], **cells: Cell) -> MeterEnergy:
    """The year 2023 of a meter in Shanghai; `values` from its first hour on."""
    begin = datetime(2022, 12, 31, 16)
    stamps = [begin + timedelta(hours=n) for n in range(len(values))]
    pl.DataFrame({"timestamp_utc": stamps, "M": values}).write_parquet(folder / "r.parquet")
    blank: dict[str, Cell] = {
        "meter": "M",
        "carrier": "electricity",
        "role": "supply",
        "quantity": "interval",
    }
    row = Row("meters", "M", {**blank, "unit": "kWh", **cells}, Place("meters.csv", row=2))
    park = Park(id="p", name_zh="园区", location=Location(), reporting=Reporting(year=2023))
    (energy,) = compute_metering(
        Dossier("p", park, {"meters": (row,)}, readings=(folder / "r.parquet",))
    ).meters
    return energy


def year(value: float, **runs: tuple[int, int]) -> list[float]:
    """A year of `value`, with zeros in `runs` (first hour, hours)."""
    values = [value] * HOURS
    for first, length in runs.values():
        values[first : first + length] = [0.0] * length
    return values


def test_zeros_lower_completeness_and_not_the_sum(tmp_path: Path) -> None:
    energy = measured(tmp_path, year(2.0, gap=(100, 24)))
    assert energy.quantity == 2 * (HOURS - 24)
    assert (energy.present, energy.zeros, energy.suspect_zeros) == (HOURS, 24, 24)
    assert energy.completeness == Decimal(HOURS - 24) / Decimal(HOURS)


@pytest.mark.parametrize(("length", "doubted"), [(23, 0), (24, 24), (25, 25)])
def test_run_of_a_day_without_base_load(tmp_path: Path, length: int, doubted: int) -> None:
    values = year(2.0, gap=(100, length))
    values[0] = 0.1  # below a tenth of the median: no base load, so short runs may be real
    assert measured(tmp_path, values).suspect_zeros == doubted


@pytest.mark.parametrize(("lowest", "doubted"), [(0.2, 1), (0.19, 0)])
def test_base_load_never_drops_to_nothing(tmp_path: Path, lowest: float, doubted: int) -> None:
    values = year(2.0, gap=(100, 1))
    values[0] = lowest
    assert measured(tmp_path, values).suspect_zeros == doubted


@pytest.mark.parametrize(
    ("word", "doubted"),
    [(True, 25), (False, 0), (None, 25)],
)
def test_the_register_has_the_last_word(tmp_path: Path, word: bool | None, doubted: int) -> None:
    values = year(2.0, gap=(100, 24), dip=(500, 1))
    assert measured(tmp_path, values, zero_means_missing=word).suspect_zeros == doubted


def test_machine_that_rests_is_not_doubted(tmp_path: Path) -> None:
    assert measured(tmp_path, year(2.0, gap=(100, 24)), role="sub").suspect_zeros == 0
    evening = [2.0 if n % 24 < 16 else 0.0 for n in range(HOURS)]
    assert measured(tmp_path, evening).suspect_zeros == 0  # eight hours each night


def test_gas_that_rests_in_summer_is_not_doubted(tmp_path: Path) -> None:
    summer = year(2.0, summer=(24 * 150, 24 * 90))  # a quarter of the year is not seldom
    assert measured(tmp_path, summer, carrier="natural_gas").suspect_zeros == 0
    gap = year(2.0, gap=(24 * 150, 24))  # one day in a year in which it else always burns
    assert measured(tmp_path, gap, carrier="natural_gas").suspect_zeros == 24
    short = year(2.0, gap=(24 * 150, 23))
    assert measured(tmp_path, short, carrier="natural_gas").suspect_zeros == 0


def test_gas_dead_all_through_a_winter_month(tmp_path: Path) -> None:
    summer = {"summer": (24 * 120, 24 * 180)}
    january = year(2.0, month=(0, 24 * 31), **summer)
    assert measured(tmp_path, january, carrier="natural_gas").suspect_zeros == 24 * 31
    lit = year(2.0, month=(0, 24 * 31 - 1), **summer)  # one hour of gas: the heating was on
    assert measured(tmp_path, lit, carrier="natural_gas").suspect_zeros == 0
    whole = [0.0] * HOURS  # never used at all: nothing to compare with
    assert measured(tmp_path, whole, carrier="natural_gas").suspect_zeros == 0


@pytest.mark.parametrize(("high", "times", "clipped"), [(100.0, 2, 2), (100.0, 1, 0), (5.0, 3, 0)])
def test_maximum_that_comes_again(tmp_path: Path, high: float, times: int, clipped: int) -> None:
    values = year(2.0)
    values[10 : 10 + times] = [high] * times
    assert measured(tmp_path, values).clipped == clipped
