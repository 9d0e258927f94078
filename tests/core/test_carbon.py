"""Hourly carbon: intensity by slot, emissions against one factor, carbon-free matching."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.metering.carbon import (
    SHARE_PARTS,
    UNKNOWN,
    Factors,
    build_factors,
    compute_emissions,
    compute_matching,
)
from lingtan.metering.grid import Grid, build_grid
from lingtan.metering.kernel import KINDS, MeterFacts, build_setting, compute_energy
from lingtan.metering.slots import SlotEnergy, whole_slots
from lingtan.periods import Period

HOUR = 3_600_000


FEBRUARY = Period(2024, 2)


def grid_of(minutes: int = 60, last: Period = FEBRUARY) -> Grid:
    return build_grid(FEBRUARY, last, "Asia/Shanghai", slot_minutes=minutes)


def series_of(grid: Grid, values: list[float | None], step_minutes: int, shift_ms: int = 0) -> pl.DataFrame:
    at = [grid.begin_ms + shift_ms + n * step_minutes * 60_000 for n in range(len(values))]
    return pl.DataFrame({"at": at, "value": values}).with_columns(
        pl.col("at").cast(pl.Datetime("ms", "UTC")), pl.col("value").cast(pl.Float64)
    )


def codes(factors: Factors) -> list[str]:
    return [one.code for one in factors.faults]


def test_hourly_values_for_hours_and_quarters() -> None:
    grid = grid_of()
    hourly = build_factors(series_of(grid, [0.5, 0.25, 0.0000015], 60), grid)
    assert hourly.values[:4].tolist() == [500_000, 250_000, 2, UNKNOWN]
    assert hourly.step_minutes == 60
    fine = grid_of(15)
    quarters = build_factors(series_of(fine, [0.5, 0.25], 60), fine)
    assert quarters.values[:9].tolist() == [500_000] * 4 + [250_000] * 4 + [UNKNOWN]


def test_half_hours_make_the_mean_of_an_hour_if_both_are_there() -> None:
    grid = grid_of()
    factors = build_factors(series_of(grid, [0.4, 0.6, 0.1, None, 0.2, 0.4], 30), grid)
    assert factors.values[:4].tolist() == [500_000, UNKNOWN, 300_000, UNKNOWN]
    assert factors.step_minutes == 30
    assert codes(factors) == ["carbon.gaps"]
    assert factors.faults[0].context == {"count": str(29 * 24 - 2), "first": "2024-01-31T17:00+00:00"}


def test_values_that_begin_within_a_slot_count_by_time() -> None:
    grid = grid_of()
    factors = build_factors(series_of(grid, [0.4, 0.8, 0.4], 60, shift_ms=HOUR // 2), grid)
    assert factors.values[:4].tolist() == [UNKNOWN, 600_000, 600_000, UNKNOWN]


def test_a_value_holds_no_longer_than_the_step() -> None:
    grid = grid_of()
    series = series_of(grid, [0.5, 0.5, None, 0.5, 0.5], 60)
    assert build_factors(series, grid).values[:6].tolist() == [500_000, 500_000, -1, 500_000, 500_000, -1]


def test_equal_rows_are_one_and_different_ones_none() -> None:
    grid = grid_of()
    series = series_of(grid, [0.1, 0.2, 0.3, 0.4], 60)
    other = series.with_columns(pl.when(pl.col("value") == 0.2).then(0.25).otherwise("value").alias("value"))
    one_way = build_factors(pl.concat([series, other]), grid)
    other_way = build_factors(pl.concat([other, series]), grid)
    assert one_way.values.tolist() == other_way.values.tolist()
    assert one_way.values[:4].tolist() == [100_000, UNKNOWN, 300_000, 400_000]
    assert codes(one_way) == ["carbon.conflict", "carbon.gaps"]
    assert one_way.faults[0].context["count"] == "1"


@pytest.mark.parametrize(("value", "is_used"), [(0.0, True), (-0.001, False), (5.0, True), (5.001, False)])
def test_values_at_and_beyond_the_limits(value: float, is_used: bool) -> None:
    grid = grid_of()
    factors = build_factors(series_of(grid, [0.1, value, 0.1, 0.1], 60), grid)
    assert bool(factors.values[1] != UNKNOWN) is is_used
    assert ("carbon.negative" in codes(factors)) is not is_used


def test_instants_off_the_minute_are_refused() -> None:
    grid = grid_of()
    series = pl.concat([
        series_of(grid, [0.1, 0.2, 0.3], 60),
        series_of(grid, [0.9], 60, shift_ms=1),
    ])  # fmt: skip
    factors = build_factors(series, grid)
    assert factors.values[:3].tolist() == [100_000, 200_000, 300_000]
    assert codes(factors) == ["carbon.off-minute", "carbon.gaps"]


@pytest.mark.parametrize("values", [[], [0.5], [float("nan")], [float("inf"), 0.5]])
def test_a_series_without_a_step_says_nothing(values: list[float]) -> None:
    grid = grid_of()
    factors = build_factors(series_of(grid, list(values), 60), grid)
    assert set(factors.values.tolist()) == {UNKNOWN}
    assert factors.step_minutes == 0


@given(st.lists(st.integers(0, 5_000_000), min_size=48, max_size=48), st.sampled_from([15, 30, 60]))
def test_the_mean_over_time_is_kept(values: list[int], slot: int) -> None:
    """Half-hourly values in whole mg: slots of any length have the same mean, to the rounding."""
    grid = grid_of(slot)
    factors = build_factors(series_of(grid, [value / 1e6 for value in values], 30), grid)
    known = factors.values[factors.values != UNKNOWN]
    assert len(known) == 24 * 60 // slot
    assert abs(known.mean() - sum(values) / 48) <= 0.5 + 1e-6


def test_the_kernel_takes_the_factors() -> None:
    grid = grid_of()
    factors = build_factors(series_of(grid, [0.5, 0.25], 60), grid)
    readings = pl.DataFrame(
        {"meter": [0, 0, 0], "at": [grid.begin_ms + n * HOUR for n in range(3)], "value": [10, 20, 30]},
        schema={"meter": pl.Int32, "at": pl.Datetime("ms", "UTC"), "value": pl.Int64},
    )
    setting = build_setting(
        grid, [MeterFacts(KINDS["interval"], HOUR, intensity=0)], intensity=[factors.values]
    )
    totals = compute_energy(readings, setting).totals
    assert totals["emissions"].to_list() == [10 * 500_000 + 20 * 250_000]
    assert totals["unpriced"].to_list() == [1]


def test_emissions_by_the_hour_by_hand() -> None:
    grid = grid_of(last=Period(2024, 3))
    february, march = 29 * 24, 31 * 24
    factors = np.r_[np.full(february, 400_000), np.full(march, 600_000)]
    energy = np.r_[np.full(february, 30), np.full(march, 10)]
    factors[0], energy[1] = UNKNOWN, 999
    known = np.ones(grid.count, np.bool_)
    known[1] = False
    first, second, whole = compute_emissions(SlotEnergy(grid, energy, Decimal("0.1"), known), factors)
    assert (first.energy, first.unpriced, first.missing) == (3 * (february - 2), 3, 1)
    assert first.emissions == Decimal("0.4") * 3 * (february - 2)
    assert (second.emissions, second.missing, second.unpriced) == (Decimal("0.6") * march, 0, 0)
    assert (whole.month, whole.energy) == (None, first.energy + second.energy)
    assert whole.emissions == first.emissions + second.emissions
    mean = (Decimal("0.4") * (february - 1) + Decimal("0.6") * march) / (february - 1 + march)
    assert whole.mean_factor == whole.annual_factor
    assert whole.mean_factor is not None
    assert abs(whole.mean_factor - mean) < Decimal("1e-27")
    assert whole.difference is not None
    assert whole.difference < 0  # the load stands in the cleaner month
    assert whole.weighted_factor is not None
    assert abs(whole.weighted_factor - whole.emissions / whole.energy) < Decimal("1e-27")


def test_a_given_annual_factor_is_compared_with() -> None:
    grid = grid_of()
    slots = whole_slots(grid, np.full(grid.count, 2))
    (_, whole) = compute_emissions(slots, np.full(grid.count, 500_000), annual_factor=Decimal("0.5"))
    assert whole.difference == 0
    (_, whole) = compute_emissions(slots, np.full(grid.count, 500_000), annual_factor=Decimal("0.4"))
    assert whole.by_annual_factor == Decimal("0.8") * grid.count
    assert whole.difference == Decimal("0.2") * grid.count


def test_without_any_intensity_nothing_is_compared() -> None:
    grid = grid_of()
    (_, whole) = compute_emissions(whole_slots(grid, np.ones(grid.count, np.int64)), np.full(grid.count, -1))
    assert (whole.energy, whole.unpriced, whole.emissions) == (0, grid.count, 0)
    assert (whole.mean_factor, whole.difference, whole.weighted_factor) == (None, None, None)


def test_sums_beyond_64_bits_stay_exact() -> None:
    grid = grid_of()
    slots = whole_slots(grid, np.full(grid.count, 2**50))
    (_, whole) = compute_emissions(slots, np.full(grid.count, 5_000_000))
    assert whole.emissions == 5 * 2**50 * grid.count


def whole(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_matching_by_hand() -> None:
    """Load 10 each hour; sun 0, 14, 6; contract 4, 4, 4: matched 4 + 10 + 10, free 0+14+6+12 = 32."""
    found = compute_matching(whole(10, 10, 10), {"onsite": whole(0, 14, 6), "contract": whole(4, 4, 4)})
    assert found.used == {"onsite": 16, "contract": 8}  # hour 2 is full by the sun alone
    assert (found.matched, found.free, found.load) == (24, 32, 30)
    assert found.hourly_share == Decimal("0.8")
    assert found.annual_share == 1
    assert found.hourly_share_with_grid is None


def test_the_grid_adds_its_share_to_what_is_left() -> None:
    share = whole(500_000, 100_000, 250_000)
    found = compute_matching(whole(10, 10, 8), {"onsite": whole(4, 20, 0)}, grid_share=share)
    assert found.from_grid == 5  # half of 6, nothing, a quarter of 8
    assert found.hourly_share_with_grid is not None
    assert abs(found.hourly_share_with_grid - Decimal(19) / 28) < Decimal("1e-27")


def test_certificates_without_hours_count_in_the_year_alone() -> None:
    found = compute_matching(whole(10, 10), {"onsite": whole(5, 5)}, undated=4)
    assert (found.hourly_share, found.annual_share) == (Decimal("0.5"), Decimal("0.7"))


def test_unknown_slots_are_left_out_and_told() -> None:
    found = compute_matching(whole(10, UNKNOWN, 10), {"onsite": whole(10, 5, UNKNOWN)})
    assert (found.load, found.free, found.left_out, found.hourly_share) == (10, 10, 2, 1)


def test_no_load_has_no_share() -> None:
    found = compute_matching(whole(0, 0), {"onsite": whole(1, 1)})
    assert (found.hourly_share, found.annual_share) == (None, None)


@pytest.mark.parametrize(
    "given", [{"load": whole(-2)}, {"undated": -1}, {"grid_share": whole(SHARE_PARTS + 1)}]
)
def test_negative_energy_is_a_fault_of_the_caller(given: dict[str, object]) -> None:
    arguments = {"load": whole(1), "sources": {"onsite": whole(1)}, **given}
    with pytest.raises(ValueError, match=r"not negative|at most one"):
        compute_matching(**arguments)  # type: ignore[arg-type]


HOURS = st.lists(
    st.tuples(*[st.integers(0, 10**12)] * 3, st.integers(0, SHARE_PARTS)), min_size=1, max_size=40
)


@given(HOURS, st.integers(0, 39), st.integers(0, 10**12))
def test_shares_are_bounded_ordered_and_monotone(
    hours: list[tuple[int, int, int, int]], place: int, more: int
) -> None:
    load, sun, wind, share = (np.array(row, np.int64) for row in zip(*hours, strict=True))
    found = compute_matching(load, {"sun": sun, "wind": wind}, grid_share=share)
    if not load.sum():
        assert found.hourly_share is None
        return
    assert found.hourly_share is not None
    assert found.annual_share is not None
    assert found.hourly_share_with_grid is not None
    assert 0 <= found.hourly_share <= found.annual_share <= 1
    assert found.hourly_share <= found.hourly_share_with_grid <= 1
    # independent: sum of min(load, free) in plain Python
    matched = sum(min(one, a + b) for one, a, b, _ in hours)
    assert found.hourly_share == Decimal(matched) / Decimal(sum(one for one, *_ in hours)) or abs(
        found.hourly_share - Decimal(matched) / Decimal(int(load.sum()))
    ) < Decimal("1e-27")
    grown = sun.copy()
    grown[place % len(sun)] += more
    greater = compute_matching(load, {"sun": grown, "wind": wind}, grid_share=share)
    assert greater.hourly_share is not None
    assert greater.annual_share is not None
    assert greater.hourly_share >= found.hourly_share
    assert greater.annual_share >= found.annual_share
    swapped = compute_matching(load, {"wind": wind, "sun": sun})
    assert swapped.hourly_share == found.hourly_share
