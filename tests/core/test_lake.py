"""The readings lake: what goes in comes out, whatever the order; nothing twice, nothing half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_parts import (
    QUARTER,
    START,
    WHEN,
    Triple,
    disputed,
    expected,
    fingerprint,
    frame,
    held,
    moment,
    stored_files,
)

from lingtan.errors import LingtanError
from lingtan.metering.coded import CODED, is_ordered
from lingtan.metering.lake import Lake, open_lake, placing, read_bucket, spilling

METERS = ("M-1", "M-2", "表-3", "w", "z")
TRIPLES = st.lists(
    st.tuples(st.sampled_from(METERS), st.integers(0, 40), st.integers(-5, 5)), min_size=1, max_size=60
)


def new(folder: Path, name: str = "lake") -> Lake:
    return open_lake(folder / name, create=True)


def test_readings_come_back_sorted_under_codes(tmp_path: Path) -> None:
    lake = new(tmp_path)
    receipt = lake.add(frame([("B", 3, 30), ("A", 2, 20), ("B", 1, 10)]), -2, source="s", when=WHEN)
    assert (receipt.rows, receipt.new, receipt.equal, receipt.conflicts) == (3, 3, 0, 0)
    (bucket,) = lake.buckets()
    table = lake.read(bucket)
    assert dict(table.schema) == CODED
    assert is_ordered(table)
    assert held(lake) == [("A", 2, 20), ("B", 1, 10), ("B", 3, 30)]
    assert {meter.meter: meter.exponent for meter in lake.meters()} == {"A": -2, "B": -2}
    assert bucket.is_plain
    assert (bucket.first, bucket.last, bucket.rows) == (START + QUARTER, START + 3 * QUARTER, 3)


def test_an_empty_lake_is_empty(tmp_path: Path) -> None:
    lake = new(tmp_path)
    assert (lake.meters(), lake.buckets(), lake.check(), held(lake)) == ((), (), (), [])
    receipt = lake.add(frame([]), source="nothing", when=WHEN)
    assert (receipt.rows, receipt.new) == (0, 0)
    lake.compact(WHEN)
    assert lake.buckets() == ()
    assert lake.conflicts().is_empty()


def test_missing_values_are_not_stored(tmp_path: Path) -> None:
    lake = new(tmp_path)
    batch = frame([("A", 1, 1), ("A", 2, 2)]).with_columns(value=pl.Series([1, None], dtype=pl.Int64))
    receipt = lake.add(batch, source="s", when=WHEN)
    assert (receipt.rows, receipt.new, receipt.missing) == (2, 1, 1)
    assert held(lake) == [("A", 1, 1)]


@settings(max_examples=25, deadline=None)
@given(TRIPLES, st.randoms(use_true_random=False), st.integers(1, 4), st.booleans())
def test_order_number_and_repetition_of_imports_leave_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[Triple],
    random: object,
    cuts: int,
    is_live: bool,
) -> None:
    folder = tmp_path_factory.mktemp("lakes")
    whole, pieces = new(folder, "whole"), new(folder, "pieces")
    whole.add(frame(rows), -1, source="all", when=WHEN)
    shuffled = [*rows, *rows[: len(rows) // 2]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    stored = 0
    for number in range(cuts):
        receipt = pieces.add(frame(shuffled[number::cuts]), -1, source=str(number), when=WHEN)
        assert receipt.rows == receipt.new + receipt.equal
        stored += receipt.new
        settled, conflicts = expected([row for n in range(number + 1) for row in shuffled[n::cuts]])
        assert (held(pieces), disputed(pieces)) == (settled, conflicts)
        if is_live:
            pieces.compact(WHEN)
    assert stored == len(set(rows))
    pieces.compact(WHEN)
    again = pieces.add(frame(rows), -1, source="again", when=WHEN)
    assert (again.new, again.equal) == (0, len(rows))
    assert again.conflicts == len({row[:2] for row in expected(rows)[1]})
    assert fingerprint(pieces) == fingerprint(whole)
    assert pieces.check() == ()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(TRIPLES, st.integers(-3, 0)), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_finest_exponent_holds_for_all(
    tmp_path_factory: pytest.TempPathFactory, imports: list[tuple[list[Triple], int]], random: object
) -> None:
    folder = tmp_path_factory.mktemp("lakes")
    one, other = new(folder, "one"), new(folder, "other")
    many = [("filler", at, at) for at in range(2000)]  # so that small imports stay late
    for lake in (one, other):
        lake.add(frame(many), source="filler", when=WHEN)
    for rows, exponent in imports:
        one.add(frame(rows), exponent, source="s", when=WHEN)
    finest = {"filler": 0}
    for rows, exponent in imports:
        finest |= {meter: min(exponent, finest.get(meter, 0)) for meter, _, _ in rows}
    scaled = [(m, at, v * 10 ** (e - finest[m])) for rows, e in imports for m, at, v in rows]
    assert {meter.meter: meter.exponent for meter in one.meters()} == finest
    assert (held(one), disputed(one)) == expected([*many, *scaled])
    random.shuffle(imports)  # type: ignore[attr-defined]
    for rows, exponent in imports:
        other.add(frame(rows), exponent, source="s", when=WHEN)
    for lake in (one, other):
        lake.compact(WHEN)
    assert fingerprint(one) == fingerprint(other)
    assert (held(one), disputed(one)) == expected([*many, *scaled])
    assert one.check() == ()


def test_small_batches_leave_the_base_alone_until_folded(tmp_path: Path) -> None:
    lake = new(tmp_path)
    lake.add(frame([("A", at, at) for at in range(1000)]), source="year", when=WHEN)
    (base,) = stored_files(lake.folder)
    for at in range(1000, 1010):
        receipt = lake.add(frame([("A", at, at), ("new", at, 7)]), source="live", when=WHEN)
        assert receipt.new == 2
    assert base in stored_files(lake.folder)
    (bucket,) = lake.buckets()
    assert not bucket.is_plain
    assert [piece.kind for piece in bucket.pieces].count("late") <= 4, "equal sizes are merged"
    rows = [("A", at, at) for at in range(1010)] + [("new", at, 7) for at in range(1000, 1010)]
    assert held(lake) == sorted(rows)
    assert lake.add(frame(rows), source="again", when=WHEN).new == 0
    lake.compact(WHEN)
    assert all(bucket.is_plain for bucket in lake.buckets())
    assert held(lake) == sorted(rows)


def test_beyond_an_eighth_of_the_base_late_readings_are_folded(tmp_path: Path) -> None:
    lake = new(tmp_path)
    lake.add(frame([("A", at, at) for at in range(800)]), source="base", when=WHEN)
    lake.add(frame([("A", at, at) for at in range(800, 900)]), source="a hundred", when=WHEN)
    assert not lake.buckets()[0].is_plain
    lake.add(frame([("A", 900, 900)]), source="one more", when=WHEN)
    assert lake.buckets()[0].is_plain
    assert lake.buckets()[0].rows == 901


def test_several_batches_are_one_import(tmp_path: Path) -> None:
    lake, whole = new(tmp_path), new(tmp_path, "whole")
    rows = [(f"M{at % 7}", at, at * at) for at in range(500)]
    with lake.open_import("files", WHEN) as work:
        for begin in range(0, 500, 90):
            work.add(frame(rows[begin : begin + 90]), -1)
            assert lake.buckets() == ()
    assert work.receipt.new == 500
    whole.add(frame(rows), -1, source="w", when=WHEN)
    assert fingerprint(lake) == fingerprint(whole)
    assert [(receipt.source, receipt.rows, when) for receipt, when in lake.imports()] == [
        ("files", 500, WHEN)
    ]


def test_an_import_that_raises_leaves_nothing(tmp_path: Path) -> None:
    lake = new(tmp_path)
    with pytest.raises(RuntimeError), lake.open_import("bad", WHEN) as work:
        work.add(frame([("A", 1, 1)]))
        raise RuntimeError
    assert (lake.buckets(), lake.imports(), stored_files(lake.folder)) == ((), (), set())
    assert list((lake.folder / "work").iterdir()) == []


@pytest.mark.parametrize("large", [10**9, 1])
def test_what_spills_to_disk_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    whole, lake = new(tmp_path, "whole"), new(tmp_path)
    random = np.random.default_rng(5)
    rows = [(f"M{m}", int(at), int(v)) for m, at, v in random.integers(0, (90, 400, 3), (20_000, 3))]
    whole.add(frame(rows), source="w", when=WHEN)
    monkeypatch.setattr(spilling, "IN_MEMORY", 3000)
    monkeypatch.setattr(spilling, "LARGE", large)  # 1: by the compiled passes
    with lake.open_import("s", WHEN) as work:
        for begin in range(0, 20_000, 1100):
            work.add(frame(rows[begin : begin + 1100]))
    assert fingerprint(lake) == fingerprint(whole)
    assert (held(lake), disputed(lake)) == expected(rows)


def test_buckets_are_split_as_a_lake_grows_and_only_what_is_stored_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "ROWS_PER_BUCKET", 100)
    rows = [(f"M{m}", at, at) for m in range(20) for at in range(40)]  # 800 rows: eight buckets
    random = np.random.default_rng(7)
    whole, lake = new(tmp_path, "whole"), new(tmp_path)
    with whole.open_import("thrice", WHEN) as work:
        for _ in range(3):  # 2,400 rows come, 800 stay
            work.add(frame(rows))
    for part in np.array_split(random.permutation(800), 9):
        lake.add(frame([rows[place] for place in part]), source="part", when=WHEN)
        assert lake.check() == ()
    lake.compact(WHEN)
    assert fingerprint(lake) == fingerprint(whole)
    assert held(lake) == sorted(rows)
    assert [bucket.number for bucket in lake.buckets()] == sorted(
        {placing.find_bucket(f"M{m}", 3) for m in range(20)}
    )


def test_others_read_the_files_with_sql(tmp_path: Path) -> None:
    lake = new(tmp_path)
    rows = [(f"M{m}", at, at * m) for m in range(3) for at in range(50)]
    lake.add(frame([*rows, ("M1", 3, -1)]), source="s", when=WHEN)
    names = {meter.code: meter.meter for meter in lake.meters()}
    found = duckdb.sql(
        f'SELECT meter, (epoch_ms("at") - {START}) // {QUARTER} AS slot, value'
        f" FROM read_parquet('{lake.folder}/buckets/*-base-*.parquet') ORDER BY ALL"
    ).fetchall()
    assert sorted((names[m], at, v) for m, at, v in found) == [r for r in sorted(rows) if r[:2] != ("M1", 3)]
    (file,) = (lake.folder / "buckets").glob("*-base-*")
    about = json.loads(pq.read_metadata(file).metadata[b"lingtan.meters"])
    assert about == [[meter.code, meter.meter, meter.exponent] for meter in lake.meters()]


def test_the_sql_of_the_documents_gives_the_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(__file__).parents[2] / "docs" / "concepts" / "lake.md"
    code = page.read_text("utf-8").split("```python\n")[1].split("```")[0]
    lake = new(tmp_path)
    lake.add(frame([("B", 2, 123), ("A", 5, 7), ("A", 1, 50)]), {"A": 0, "B": -2}, source="s", when=WHEN)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(code, names)
    names["manifest"].close()
    table = names["readings"].pl().with_columns(pl.col("at").dt.epoch("ms"))
    assert table["meter"].to_list() == ["A", "A", "B"]
    assert table["at"].to_list() == [START + at * QUARTER for at in (1, 5, 2)]
    assert table["value"].to_list() == pytest.approx([50.0, 7.0, 1.23])


def test_a_reader_keeps_its_files_for_an_hour(tmp_path: Path) -> None:
    lake = new(tmp_path)
    lake.add(frame([("A", 1, 1)]), source="s", when=moment(0))
    (old,) = lake.buckets()
    lake.add(frame([("A", 2, 2)]), source="s", when=moment(0))
    open_lake(lake.folder)
    assert read_bucket(old)["value"].to_list() == [1]
    lake.compact(moment(3))
    assert read_bucket(old)["value"].to_list() == [1]
    lake.compact(moment(4))
    with pytest.raises(LingtanError) as caught:
        read_bucket(old)
    assert [f.code for f in caught.value.faults] == ["lake.missing-file"]
    assert held(lake) == [("A", 1, 1), ("A", 2, 2)]


def test_retired_files_go_when_told(tmp_path: Path) -> None:
    lake = new(tmp_path)
    lake.add(frame([("A", 1, 1)]), source="s", when=moment(0))
    lake.add(frame([("A", 2, 2)]), source="s", when=moment(0))
    assert len(stored_files(lake.folder)) == 2
    lake.sweep(moment(-1))
    assert len(stored_files(lake.folder)) == 2
    lake.sweep(moment(0))
    assert len(stored_files(lake.folder)) == 1
    assert lake.check() == ()
