"""The energy kernel: rules by hand, both ways equal, an independent count, truth recovered."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingtan.errors import LingtanError
from lingtan.metering.coded import CODED
from lingtan.metering.grid import Grid, build_grid
from lingtan.metering.kernel import (
    KINDS,
    UNKNOWN,
    MeterFacts,
    Setting,
    build_setting,
    compute_energy,
    compute_steps,
)
from lingtan.metering.kernel.steps import FALL, LAST, NEGATIVE, ROLLED_OVER, TOO_LARGE, USABLE
from lingtan.metering.lake import Correction, Meter
from lingtan.metering.lake.corrections import apply_changes, build_changes
from lingtan.metering.lake.merging import from_frame, to_frame
from lingtan.metering.lake.records import State
from lingtan.periods import Period

INTERVAL, CUMULATIVE, POWER = KINDS["interval"], KINDS["cumulative"], KINDS["power"]
MINUTE, QUARTER, HOUR, DAY = 60_000, 900_000, 3_600_000, 86_400_000
JANUARY = build_grid(Period(2024, 1), Period(2024, 1), "Asia/Shanghai")
WINTER = build_grid(Period(2024, 1), Period(2024, 2), "Asia/Shanghai")
T0 = JANUARY.begin_ms
BOTH = pytest.mark.parametrize("compiled", [False, True], ids=["numpy", "numba"])


def coded(rows: Sequence[tuple[int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(CODED, pl.Int64), orient="row").cast(CODED)


def one(
    readings: Sequence[tuple[int, int]], compiled: bool, *, grid: Grid = JANUARY, facts: MeterFacts
) -> dict[str, int]:
    """Totals of one meter in the grid's first month; readings are (ms after the begin, value)."""
    setting = build_setting(grid, [facts])
    rows = [(0, grid.begin_ms + at, value) for at, value in readings]
    return compute_energy(coded(rows), setting, compiled=compiled).totals.row(0, named=True)


@BOTH
def test_register_is_differenced(compiled: bool) -> None:
    readings = [(0, 100), (QUARTER, 103), (2 * QUARTER, 103), (3 * QUARTER, 110)]
    found = one(readings, compiled, facts=MeterFacts(CUMULATIVE, QUARTER))
    assert (found["energy"], found["steps"], found["zeros"]) == (10, 3, 1)
    assert found["covered_ms"] == 3 * QUARTER
    assert found["spread"] == 0


@BOTH
def test_intervals_are_summed(compiled: bool) -> None:
    found = one([(0, 5), (HOUR, 0), (2 * HOUR, 7)], compiled, facts=MeterFacts(INTERVAL, HOUR))
    assert (found["energy"], found["steps"], found["zeros"], found["covered_ms"]) == (12, 3, 1, 3 * HOUR)


@BOTH
def test_power_is_held_until_the_next_reading_at_most_the_interval(compiled: bool) -> None:
    # 4 for a quarter of an hour, 6 for five minutes, then 2 for a quarter although nothing follows for long
    readings = [(0, 4), (QUARTER, 6), (QUARTER + 5 * MINUTE, 2), (10 * HOUR, 1)]
    found = one(readings, compiled, facts=MeterFacts(POWER, QUARTER))
    assert found["energy"] == 4 * 900 + 6 * 300 + 2 * 900 + 1 * 900
    assert found["covered_ms"] == 3 * QUARTER + 5 * MINUTE


@BOTH
def test_step_across_a_gap_is_spread_and_adds_up(compiled: bool) -> None:
    setting = build_setting(JANUARY, [MeterFacts(CUMULATIVE, QUARTER)])
    rows = [(0, T0, 0), (0, T0 + 30 * MINUTE, 1), (0, T0 + 3 * HOUR, 12)]  # 11 over 2.5 hours
    result = compute_energy(coded(rows), setting, with_slots=True, compiled=compiled)
    assert result.slots is not None
    # 0.5 h, 1 h, 1 h of 2.5 h: 11/5 = 2.2, then up to 6.6, then 11; rounded down: 2, 6, 11
    assert result.slots["energy"][:4].to_list() == [1 + 2, 4, 5, 0]
    assert result.slots["covered_ms"][:4].to_list() == [HOUR, HOUR, HOUR, 0]
    assert result.slots["spread_ms"][:4].to_list() == [30 * MINUTE, HOUR, HOUR, 0]
    totals = result.totals.row(0, named=True)
    assert (totals["energy"], totals["spread"], totals["spread_ms"]) == (12, 11, 150 * MINUTE)


@BOTH
@pytest.mark.parametrize(("minutes", "spread"), [(90, 0), (91, 9)])
def test_gap_begins_beyond_one_and_a_half_intervals(compiled: bool, minutes: int, spread: int) -> None:
    facts = MeterFacts(CUMULATIVE, HOUR)
    grid = build_grid(Period(2024, 1), Period(2024, 1), "Asia/Shanghai", slot_minutes=60)
    found = one([(0, 0), (minutes * MINUTE, 9)], compiled, grid=grid, facts=facts)
    # longer than a slot is spread whatever the interval is: 90 minutes too
    assert found["spread"] == (9 if minutes * MINUTE > grid.slot_ms else spread)
    slow = MeterFacts(CUMULATIVE, 40 * MINUTE)
    crossing = [(30 * MINUTE, 0), (30 * MINUTE + minutes * MINUTE * 2 // 3, 9)]  # 60, 60.67 minutes
    assert one(crossing, compiled, grid=grid, facts=slow)["spread"] == spread


@BOTH
def test_daily_reading_is_spread_over_its_hours(compiled: bool) -> None:
    setting = build_setting(JANUARY, [MeterFacts(INTERVAL, DAY)])
    result = compute_energy(coded([(0, T0, 48)]), setting, with_slots=True, compiled=compiled)
    assert result.slots is not None
    assert result.slots["energy"][:25].to_list() == [2] * 24 + [0]
    assert result.totals["spread"][0] == 48


@BOTH
@pytest.mark.parametrize(
    ("after", "energy", "rolled", "falls"), [(100, 110, 1, 0), (90, 100, 1, 0), (91, 101, 0, 1)]
)
def test_roll_over_at_most_a_tenth_of_the_register(
    compiled: bool, after: int, energy: int, rolled: int, falls: int
) -> None:
    capacity = 1000 if after != 100 else 1100
    facts = MeterFacts(CUMULATIVE, QUARTER, capacity=capacity)
    found = one([(0, capacity - 10), (QUARTER, after)], compiled, facts=facts)
    assert (found["rollovers"], found["falls"]) == (rolled, falls)
    assert found["energy"] == (energy if rolled else 0)


@BOTH
def test_reset_without_capacity_is_unknown_and_never_negative(compiled: bool) -> None:
    readings = [(0, 90), (QUARTER, 99), (2 * QUARTER, 3), (3 * QUARTER, 5)]
    found = one(readings, compiled, facts=MeterFacts(CUMULATIVE, QUARTER))
    assert (found["energy"], found["falls"], found["steps"]) == (11, 1, 2)
    assert found["covered_ms"] == 2 * QUARTER


@BOTH
@pytest.mark.parametrize(("value", "large"), [(500, 0), (501, 1)])
def test_implausible_step_at_and_beyond_its_limit(compiled: bool, value: int, large: int) -> None:
    found = one([(0, value), (HOUR, -1)], compiled, facts=MeterFacts(INTERVAL, HOUR, largest=500))
    assert (found["too_large"], found["negatives"]) == (large, 1)
    assert found["energy"] == (0 if large else value)


@BOTH
def test_what_crosses_the_edge_is_divided_and_neighbours_share_nothing(compiled: bool) -> None:
    february = build_grid(Period(2024, 2), Period(2024, 2), "Asia/Shanghai")
    edge = february.begin_ms
    rows = coded([(0, edge - HOUR, 0), (0, edge + 2 * HOUR, 10)])  # 10 in three hours, a third before
    facts = [MeterFacts(CUMULATIVE, QUARTER)]
    before = compute_energy(rows, build_setting(JANUARY, facts), compiled=compiled).totals.row(0, named=True)
    after = compute_energy(rows, build_setting(february, facts), compiled=compiled).totals.row(0, named=True)
    assert (before["energy"], after["energy"]) == (3, 7)
    assert (before["covered_ms"], after["covered_ms"]) == (HOUR, 2 * HOUR)
    assert (before["steps"], after["steps"]) == (1, 0)  # it begins in January


@BOTH
def test_emissions_and_cost_hour_by_hour(compiled: bool) -> None:
    intensity = np.full(JANUARY.count, UNKNOWN)
    intensity[:2] = [500, 200]
    prices = np.full(JANUARY.count, 7)
    setting = build_setting(
        JANUARY, [MeterFacts(INTERVAL, HOUR, intensity=0, price=0)], intensity=[intensity], prices=[prices]
    )
    rows = coded([(0, T0, 3), (0, T0 + HOUR, 4), (0, T0 + 2 * HOUR, 5)])
    found = compute_energy(rows, setting, compiled=compiled).totals.row(0, named=True)
    assert found["emissions"] == 3 * 500 + 4 * 200
    assert (found["unpriced"], found["uncosted"]) == (1, 0)
    assert found["cost"] == 12 * 7


@BOTH
def test_a_sum_that_leaves_int64_is_refused(compiled: bool) -> None:
    intensity = np.full(JANUARY.count, 2**40)
    facts = MeterFacts(INTERVAL, HOUR, intensity=0)
    setting = build_setting(JANUARY, [facts], intensity=[intensity])
    fits = compute_energy(coded([(0, T0, 2**21)]), setting, compiled=compiled)
    assert fits.totals["emissions"][0] == 2**61
    with pytest.raises(OverflowError, match="coarser"):
        compute_energy(coded([(0, T0, 2**22)]), setting, compiled=compiled)


@BOTH
def test_unordered_readings_are_refused(compiled: bool) -> None:
    setting = build_setting(JANUARY, [MeterFacts(CUMULATIVE, HOUR)])
    for rows in ([(0, T0 + 1, 1), (0, T0, 2)], [(0, T0, 1), (0, T0, 1)]):
        with pytest.raises(LingtanError) as refused:
            compute_energy(coded(rows), setting, compiled=compiled)
        assert [fault.code for fault in refused.value.faults] == ["metering.unordered"]


@BOTH
def test_nothing_gives_nothing(compiled: bool) -> None:
    setting = build_setting(JANUARY, [MeterFacts(CUMULATIVE, HOUR)])
    assert compute_energy(coded([]), setting, compiled=compiled).totals.is_empty()
    (alone,) = compute_energy(coded([(0, T0, 5)]), setting, compiled=compiled).totals.rows(named=True)
    assert alone["energy"] == alone["steps"] == 0


def test_steps_say_what_they_are() -> None:
    setting = build_setting(
        JANUARY, [MeterFacts(CUMULATIVE, HOUR, capacity=1000, largest=500), MeterFacts(INTERVAL, HOUR)]
    )
    values = [990, 5, 4, 600, 610]
    rows = [(0, T0 + n * HOUR, value) for n, value in enumerate(values)] + [(1, T0, -3), (1, T0 + HOUR, 8)]
    steps = compute_steps(coded(rows), setting)
    assert steps["flag"].to_list() == [ROLLED_OVER, FALL, TOO_LARGE, USABLE, LAST, NEGATIVE, USABLE]
    assert steps.filter(pl.col("flag").is_in([USABLE, ROLLED_OVER]))["energy"].to_list() == [15, 10, 8]


# ---- both ways equal, on anything ----


def hostile(chance: random.Random) -> tuple[pl.DataFrame, Setting]:
    """A few meters with every kind of trouble."""
    zone = chance.choice(["Asia/Shanghai", "Asia/Kolkata", "UTC"])
    grid = build_grid(Period(2024, 1), Period(2024, chance.choice([1, 2])), zone)
    series = [
        np.array([chance.choice([UNKNOWN, 0, 5, 500_000]) for _ in range(grid.count)]) for _ in range(2)
    ]
    rows, facts = [], []
    for meter in range(chance.randint(1, 4)):
        interval = chance.choice([0, QUARTER, HOUR, DAY, 1000, 7 * MINUTE])
        capacity, largest = chance.choice([0, 1000, 10**6]), chance.choice([10**12, 500])
        which = chance.choice([UNKNOWN, 0, 1]), chance.choice([UNKNOWN, 0, 1])
        facts.append(MeterFacts(chance.randint(0, 2), interval, capacity, largest, *which))
        at, value = grid.begin_ms - chance.choice([0, 10**5, 10**9]), chance.randint(0, 1000)
        for _ in range(chance.randint(0, 120)):
            at += chance.choice([1, 500, QUARTER, QUARTER, HOUR, 61 * MINUTE, 3 * DAY, 5 * 10**8])
            value = chance.choice([value + chance.randint(0, 50), value, chance.randint(-5, 1000), 10**14])
            rows.append((meter, at, value))
    return coded(rows), build_setting(grid, facts, intensity=series, prices=series[::-1])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_numpy_and_numba_are_equal_bit_for_bit(seed: int) -> None:
    readings, setting = hostile(random.Random(seed))
    slow, fast = (compute_energy(readings, setting, with_slots=True, compiled=c) for c in (False, True))
    assert slow.totals.equals(fast.totals)
    assert slow.slots is not None and fast.slots is not None
    assert slow.slots.equals(fast.slots)
    by_month = slow.slots.group_by("meter", maintain_order=True).agg(pl.col("energy").sum())
    assert (
        by_month.rows()
        == slow.totals.group_by("meter", maintain_order=True).agg(pl.col("energy").sum()).rows()
    )


def plain_energy(readings: pl.DataFrame, setting: Setting) -> dict[tuple[int, int], int]:
    """Energy per meter and month, step by step with fractions: slow and plain."""
    grid, found = setting.grid, {}
    rows = readings.with_columns(pl.col("at").to_physical()).rows()
    for (meter, at, value), (following, until, other) in zip(rows, [*rows, (-1, 0, 0)][1:], strict=True):
        kind, interval = int(setting.kind[meter]), int(setting.interval_ms[meter])
        if kind == CUMULATIVE:
            if following != meter:
                continue
            energy, capacity = other - value, int(setting.capacity[meter])
            if energy < 0 < capacity and 0 <= energy + capacity <= capacity // 100 * 10:
                energy += capacity
        else:
            until = min(until, at + interval) if following == meter else at + interval
            energy = value * ((until - at) // 1000) if kind == POWER else value
        if not 0 <= energy <= setting.largest[meter]:
            continue
        whole, span = 0, (until - at) // 1000
        if span == 0:
            slots = [(at - grid.begin_ms) // grid.slot_ms] if at >= grid.begin_ms else []
            shares = [energy] * len(slots)
        else:
            slots = list(
                range((at - grid.begin_ms) // grid.slot_ms, (until - 1 - grid.begin_ms) // grid.slot_ms + 1)
            )
            shares = []
            for slot in slots:
                edge = min(grid.begin_ms + (slot + 1) * grid.slot_ms, until)
                upto = energy if edge == until else int(Fraction(energy * ((edge - at) // 1000), span))
                shares.append(upto - whole)
                whole = upto
        for slot, share in zip(slots, shares, strict=True):
            if 0 <= slot < grid.count:
                key = meter, int(grid.period_of[slot])
                found[key] = found.get(key, 0) + share
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_energy_equals_a_plain_count(seed: int) -> None:
    readings, setting = hostile(random.Random(seed))
    totals = compute_energy(readings, setting, compiled=False).totals
    found = {(m, p): e for m, p, e in totals.select("meter", "period", "energy").rows() if e}
    assert found == {key: energy for key, energy in plain_energy(readings, setting).items() if energy}


def test_totals_equal_sql() -> None:
    """DuckDB's window functions as the oracle: aligned quarters, gaps, roll-overs, resets."""
    chance = np.random.default_rng(5)
    rows = []
    for meter in range(20):
        states = chance.integers(0, 400, WINTER.count * 4).cumsum() % 100_000
        kept = chance.random(WINTER.count * 4) > 0.02
        rows += [(meter, T0 + n * QUARTER, int(states[n])) for n in np.flatnonzero(kept)]
    readings = coded(rows)
    setting = build_setting(WINTER, [MeterFacts(CUMULATIVE, QUARTER, capacity=100_000)] * 20)
    mine = compute_energy(readings, setting).totals.group_by("meter").agg(pl.col("energy", "rollovers").sum())
    sql = """
        with steps as (
            select meter, lead(value) over (partition by meter order by "at") - value as rise from readings),
        rises as (select meter, rise, rise < 0 and rise + 100000 <= 10000 as rolled from steps)
        select meter, sum(case when rise >= 0 then rise when rolled then rise + 100000 end)::bigint,
               count(*) filter (where rolled)
        from rises group by meter order by meter"""
    assert mine.sort("meter").rows() == duckdb.sql(sql).fetchall()


# ---- truth recovered ----


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["Asia/Shanghai", "Europe/London"]))
def test_generated_truth_is_recovered(seed: int, zone: str) -> None:
    """A known load, read by a register with roll-overs, holes and shuffled rows: months are exact."""
    chance = random.Random(seed)
    grid = build_grid(Period(2024, 3), Period(2024, 4), zone)
    quarters = grid.count * 4
    load = [chance.choice([0, 3, 40, 250]) for _ in range(quarters)]
    capacity = 100_000
    state, rows = chance.randrange(capacity), []
    for n in range(quarters + 1):
        rows.append((0, grid.begin_ms + n * QUARTER, state % capacity))
        state += load[n] if n < quarters else 0
    edges = {0, quarters, int(np.searchsorted(grid.period_of, 1)) * 4}
    holes = {n for n in chance.sample(range(quarters), quarters // 10) if n not in edges}
    kept = [row for n, row in enumerate(rows) if n not in holes]
    kept += chance.sample(kept, 50)  # sent twice
    chance.shuffle(kept)
    readings = coded(kept).unique().sort("meter", "at")
    setting = build_setting(grid, [MeterFacts(CUMULATIVE, QUARTER, capacity=capacity)])
    totals = compute_energy(readings, setting, compiled=bool(seed % 2)).totals
    border = int(np.searchsorted(grid.period_of, 1)) * 4
    assert totals["energy"].to_list() == [sum(load[:border]), sum(load[border:])]
    assert totals["falls"].sum() == 0
    assert totals["covered_ms"].sum() == grid.count * grid.slot_ms


@BOTH
def test_step_over_a_break_is_unknown(compiled: bool) -> None:
    setting = build_setting(JANUARY, [MeterFacts(CUMULATIVE, HOUR)] * 2)
    rows = coded([(m, T0 + n * HOUR, v) for m in (0, 1) for n, v in enumerate([5, 9, 1000, 1001])])
    at = T0 + 2 * HOUR  # the register was exchanged between the second reading and the third
    for instant in (at, at - 1, T0 + HOUR + 1):
        found = compute_energy(rows, setting, breaks=[(1, instant)], compiled=compiled).totals
        assert found["energy"].to_list() == [996, 4 + 1]
        assert found["steps"].to_list() == [3, 2]
    nowhere = compute_energy(rows, setting, breaks=[(1, T0), (7, at)], compiled=compiled).totals
    assert nowhere["energy"].to_list() == [996, 996]
    steps = compute_steps(rows, setting, breaks=[(1, at)])
    assert steps.filter(pl.col("meter") == 1)["flag"].to_list() == [USABLE, LAST, USABLE, LAST]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["Asia/Shanghai", "Europe/London"]))
def test_truth_is_recovered_over_exchanges_and_resets(seed: int, zone: str) -> None:
    """A meter exchanged with its record, and one reset without: all but the unknown step comes back."""
    chance = random.Random(seed)
    grid = build_grid(Period(2024, 3), Period(2024, 4), zone)
    quarters, capacity = grid.count * 4, 10_000_000
    load = [chance.choice([0, 3, 40, 250]) for _ in range(quarters)]
    exchanged, reset = sorted(chance.sample(range(10, quarters - 10), 2))
    state, rows, final, initial = chance.randrange(2_000_000, 3_000_000), [], 0, chance.randrange(5000)
    for n in range(quarters + 1):
        if n == exchanged:  # read on the old register, then the new one goes on
            final, state = state, initial
        rows.append((0, grid.begin_ms + n * QUARTER, state))
        if n == reset:
            state = -load[n] if n < quarters else 0  # nobody wrote down the fall to nothing
        state += load[n] if n < quarters else 0
    readings = coded(rows)
    at = datetime.fromtimestamp((grid.begin_ms + exchanged * QUARTER) / 1000, tz=UTC)
    record = Correction("M", at, "exchange", "w", at, "y", value=Decimal(final), value_after=Decimal(initial))
    changes = build_changes(State(meters=(Meter(0, "M", 0),), corrections=(record,)))[0]
    corrected = to_frame(apply_changes(from_frame(readings), tuple(changes)))
    setting = build_setting(grid, [MeterFacts(CUMULATIVE, QUARTER, capacity=capacity)])
    totals = compute_energy(corrected, setting, compiled=bool(seed % 2)).totals
    fell = rows[reset + 1][2] < rows[reset][2]
    known = sum(load) - (load[reset] if fell else 0)
    assert totals["energy"].sum() == known
    assert totals["falls"].sum() == (1 if fell else 0)
