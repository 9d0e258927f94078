"""What a lake takes: columns, instants, sizes; and the rule by which readings are settled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_parts import (
    WHEN,
    expected,
    frame,
    held,
)

from lingtan.errors import LingtanError
from lingtan.metering.lake import Lake, open_lake, placing, spilling
from lingtan.metering.lake.merging import Rows, pack, settle, sort


def new(folder: Path, name: str = "lake") -> Lake:
    return open_lake(folder / name, create=True)


@pytest.mark.parametrize(
    ("meters", "rows", "bits"),
    [
        *[(0, 0, 0), (1, 10**9, 0), (2, 10**9, 1), (512, 1, 0), (513, 1, 1), (100, 2 * 10**6, 0)],
        *[(100, 2 * 10**6 + 1, 1), (10_000, 350 * 10**6, 8), (10**6, 1, 11), (10**6, 10**12, 11)],
    ],
)
def test_the_number_of_buckets(meters: int, rows: int, bits: int) -> None:
    assert placing.compute_bits(meters, rows) == bits


def test_other_kinds_of_meter_column(tmp_path: Path) -> None:
    lake = new(tmp_path)
    rows = [("A", 1, 1), ("B", 1, 2), ("C", 1, 3)]
    for number, kind in enumerate((pl.String, pl.Categorical, pl.Enum(["C", "B", "A", "unused"]))):
        batch = frame([(m, at + number, v) for m, at, v in rows]).with_columns(pl.col("meter").cast(kind))
        lake.add(batch, {"A": 0, "B": -1, "C": -2}, source=str(kind), when=WHEN)
    codes = {meter.meter: meter.code for meter in lake.meters()}
    coded = frame(rows).with_columns(
        pl.col("at") + pl.duration(minutes=45), pl.col("meter").replace_strict(codes, return_dtype=pl.Int32)
    )
    lake.add(coded, {"A": 0, "B": -1, "C": -2}, source="codes", when=WHEN)
    assert held(lake) == [(m, at, v) for m, _, v in rows for at in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("batch", "exponents", "error"),
    [
        (frame([("A", 1, 1)]).cast({"value": pl.Float64}), 0, ValueError),
        (frame([("A", 1, 1)]).cast({"at": pl.Datetime("us", "UTC")}), 0, ValueError),
        (frame([("A", 1, 1)]), 1, ValueError),
        (frame([("A", 1, 1)]), -10, ValueError),
        (frame([("A", 1, 1)]), {"B": 0}, KeyError),
        (frame([("A", 1, 1)]).with_columns(meter=pl.lit(5, pl.Int32)), 0, KeyError),
    ],
)
def test_wrong_columns_are_the_callers_fault(
    tmp_path: Path, batch: pl.DataFrame, exponents: int | dict[str, int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        new(tmp_path).add(batch, exponents, source="s", when=WHEN)


@pytest.mark.parametrize(("at", "fits"), [(-1, False), (0, True), (2**42 - 1, True), (2**42, False)])
def test_instants_from_1970_to_2109(tmp_path: Path, at: int, fits: bool) -> None:
    lake = new(tmp_path)
    batch = frame([("A", 1, 1)]).with_columns(at=pl.lit(at).cast(pl.Datetime("ms", "UTC")))
    if fits:
        assert lake.add(batch, source="s", when=WHEN).new == 1
        assert lake.read(lake.buckets()[0])["at"].to_physical().to_list() == [at]
        return
    with pytest.raises(LingtanError) as caught:
        lake.add(batch, source="s", when=WHEN)
    assert [f.code for f in caught.value.faults] == ["lake.impossible-time"]
    assert lake.buckets() == ()


@pytest.mark.parametrize("is_late", [False, True])
def test_values_that_do_not_fit_the_finest_exponent(tmp_path: Path, is_late: bool) -> None:
    lake = new(tmp_path)
    many = [("A", at, 1) for at in range(100 if is_late else 1)]
    lake.add(frame([*many, ("A", 200, 2**53), ("B", 1, 1)]), source="s", when=WHEN)
    lake.add(frame([("B", 2, 1)]), -9, source="finer, but of another meter", when=WHEN)
    lake.add(frame([("A", 201, 1)]), -3, source="still fits", when=WHEN)
    assert ("A", 200, 2**53 * 1000) in held(lake)
    with pytest.raises(LingtanError) as caught:
        lake.add(frame([("A", 202, 1)]), -4, source="too fine", when=WHEN)
    assert [f.code for f in caught.value.faults] == ["lake.too-fine"]
    assert ("A", 200, 2**53 * 1000) in held(lake)
    assert lake.check() == ()


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(-2, 2)), max_size=40),
    st.booleans(),
)
@settings(deadline=None)
def test_settled_and_disputed_by_the_rule(rows: list[tuple[int, int, int]], compiled: bool) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 3)
    settled, conflicts = settle(
        sort(Rows(pack(columns[:, 0], columns[:, 1]), columns[:, 2]), compiled=compiled)
    )
    want = expected([(str(m), at, v) for m, at, v in rows])
    for got, wanted in zip((settled, conflicts), want, strict=True):
        triples = [(int(m), int(at), v) for m, at, v in wanted]
        assert got.key.tolist() == [m << 42 | at for m, at, _ in triples]
        assert got.value.tolist() == [v for _, _, v in triples]


def test_disorder_too_great_for_the_compiled_way_is_sorted_all_the_same() -> None:
    key = np.arange(5000, dtype=np.int64)[::-1].copy()
    rows = sort(Rows(key, key * 2), compiled=True)
    assert rows.key.tolist() == list(range(5000))
    assert rows.value.tolist() == [2 * k for k in range(5000)]


def test_more_meters_than_a_bucket_has_codes_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = new(tmp_path)
    lake.add(frame([(name, 1, 1) for name in "ABC"]), source="s", when=WHEN)
    monkeypatch.setattr(placing, "RANKS", 4)
    assert lake.add(frame([("D", 1, 1)]), source="s", when=WHEN).new == 1
    with pytest.raises(LingtanError, match="no room for so many meters"):
        lake.add(frame([("E", 1, 1)]), source="s", when=WHEN)
    assert lake.check() == ()


def test_more_meters_than_an_import_can_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = new(tmp_path)
    monkeypatch.setattr(spilling, "MOST_IDS", 2)
    lake.add(frame([("D", 1, 1), ("E", 1, 1)]), source="s", when=WHEN)
    three = frame([(name, 1, 1) for name in "DEF"])
    with pytest.raises(LingtanError) as caught:
        lake.add(three, source="s", when=WHEN)
    assert [f.code for f in caught.value.faults] == ["lake.too-many-meters"]
