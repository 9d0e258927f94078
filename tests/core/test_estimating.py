"""Estimates of gaps: by hand, and against what was cut out of known series."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from lingtan.metering.estimating import METHODS, estimate_gaps

BEGIN = datetime(2023, 12, 31, 16, tzinfo=UTC)
HOURS = 8784


def estimate(
    values: np.ndarray, *, doubted: tuple[int, ...] = (), cumulative: bool = False
) -> list[dict[str, object]]:
    kept = np.flatnonzero(np.isfinite(values))
    at = pl.Series("at", [BEGIN + timedelta(hours=int(n)) for n in kept], pl.Datetime("ms", "UTC"))
    steps = pl.DataFrame({"at": at, "energy": values[kept]}).with_columns(pl.lit("M").alias("meter"))
    zeros = steps.filter(pl.col("at").is_in([BEGIN + timedelta(hours=n) for n in doubted]))
    meters = pl.DataFrame({"meter": ["M"], "cumulative": [cumulative], "interval": [60]})
    begin = round(BEGIN.timestamp() * 1000)
    window = begin, begin + HOURS * 3_600_000
    found = estimate_gaps(steps, meters, zeros.select("meter", "at"), window=window, zone="Asia/Shanghai")
    return found.sort("month", "method").to_dicts()


def test_a_short_gap_is_bridged() -> None:
    values = np.full(HOURS, 10.0)
    values[100:103] = np.nan
    values[103:] = 18.0
    (row,) = estimate(values)
    # from 10 to 18 in four steps: 12, 14, 16
    assert (row["method"], row["missing"], row["estimated"]) == ("linear", 3, 42.0)
    assert row["month"] == 1


@pytest.mark.parametrize(("hours", "method"), [(3, "linear"), (4, "same-hour")])
def test_beyond_three_hours_the_weeks_around_lend_their_values(hours: int, method: str) -> None:
    values = np.tile(np.arange(24.0), HOURS // 24)
    values[1000 : 1000 + hours] = np.nan
    (row,) = estimate(values)
    assert row["method"] == method
    assert row["estimated"] == pytest.approx(sum((1000 + n) % 24 for n in range(hours)))


def test_uncertainty_is_that_of_the_donors_added_within_a_gap() -> None:
    values = np.full(HOURS, np.nan)
    # the same hour of five working days around the gap: 8, 10, 12, 10, 10
    monday = 24 * 7  # Monday, 8 January 2024
    for day, value in zip((-3, -4, -5, 1, 2), (8, 10, 12, 10, 10), strict=True):
        values[monday + 24 * day : monday + 24 * day + 24] = value
    rows = {(row["month"], row["method"]): row for row in estimate(values)}
    january = rows[1, "same-hour"]
    spread = sqrt(((8 - 10) ** 2 + (12 - 10) ** 2) / 4)
    filled = 23 * 24 - 5 * 24  # working days of January with donors in reach, less those that were read
    assert january["missing"] == filled
    assert january["estimated"] == pytest.approx(10 * filled)
    # three gaps of one piece each lie in January: their variances are the squares of their sums
    assert sqrt(float(str(january["variance"]))) > spread * filled / 3
    assert rows[1, "none"]["missing"] == 8 * 24  # weekends: nothing was read on any


def test_a_register_is_never_estimated_and_doubted_zeros_are() -> None:
    values = np.full(HOURS, 5.0)
    values[200:230] = 0.0
    assert estimate(values, cumulative=True) == []
    assert estimate(values) == []
    (row,) = estimate(values, doubted=tuple(range(200, 230)))
    assert (row["missing"], row["estimated"]) == (30, 150.0)


def test_nothing_read_is_nothing_estimated() -> None:
    values = np.full(HOURS, np.nan)
    values[0] = 1.0
    assert {row["method"] for row in estimate(values)} == {"none"}
    assert sum(int(str(row["missing"])) for row in estimate(values)) == HOURS - 1


def test_methods_are_the_named_ones() -> None:
    assert METHODS == ("linear", "same-hour", "year-hour", "none")


@pytest.mark.shared
@pytest.mark.parametrize(("hours", "bias", "typical"), [(3, 0.02, 0.20), (24, 0.03, 0.20), (168, 0.03, 0.15)])
def test_holes_cut_into_real_meters_are_filled_about_right(
    shared: Path, hours: int, bias: float, typical: float
) -> None:
    """Electricity of 20 buildings, 2021: mean error, typical error, and how often two deviations hold it."""
    table = pd.read_parquet(shared / "data" / "cambridge_campus" / "meters_hourly.parquet").loc["2021"]
    chance = np.random.default_rng(hours)
    errors, held, wrong, whole = [], 0, 0.0, 0.0
    for name in [column for column in table if "electricity" in column and (table[column] > 0).mean() > 0.99]:
        values = np.full(HOURS, np.nan)
        values[: len(table)] = table[name].to_numpy(dtype=float)
        for start in chance.integers(1000, 7500, 5):
            cut = values.copy()
            truth = cut[start : start + hours].sum()
            cut[start : start + hours] = np.nan
            base, made = (_total(estimate(one)) for one in (values, cut))
            errors.append((made[0] - base[0] - truth) / truth)
            wrong, whole = wrong + made[0] - base[0] - truth, whole + truth
            held += abs(made[0] - base[0] - truth) <= 2 * sqrt(max(made[1] - base[1], 0))
    assert len(errors) >= 80
    assert abs(wrong / whole) <= bias
    assert np.median(np.abs(errors)) <= typical
    assert held / len(errors) >= 0.95  # of the errors lie within two stated deviations


def _total(rows: list[dict[str, object]]) -> tuple[float, float]:
    return sum(float(str(row["estimated"])) for row in rows), sum(float(str(row["variance"])) for row in rows)
