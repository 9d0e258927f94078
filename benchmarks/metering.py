"""Readings to energy: `python -m benchmarks.metering --rows 1000000,10000000,100000000,350000000`.

The readings are those of `benchmarks.sorting` (registers of 10,000 meters, every 15 minutes) with
one reading in two hundred left out, in a lake. The whole job is energy, emissions by an hourly
factor, cost by an hourly price, and gaps, per meter and month; steps over a gap are divided over
its hours. Each way runs in a process of its own and must come to the same four totals: the compiled
kernel, the same with the table of hours written, the NumPy kernel, Polars and DuckDB bucket by
bucket. Beside them the bare scan of the three columns. `--spark` adds Spark on local threads.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.sorting import METERS, SIZES, WHEN, generate, run_apart
from lingtan.metering.grid import Grid, build_grid
from lingtan.metering.kernel import KINDS, MeterFacts, Setting, build_setting, compute_energy
from lingtan.metering.kernel.local import run_local
from lingtan.metering.lake import Bucket, open_lake, read_bucket, read_whole
from lingtan.periods import Period

LEFT_OUT = 200  # one reading in so many
HOUR_MS, QUARTER_MS = 3_600_000, 900_000
LEAST_SECONDS = 1.0  # small runs are repeated
Totals = tuple[int, int, int, int]
"""Energy, emissions, cost, gaps."""


@dataclass
class Used:
    """Seconds, peak memory in GB, totals."""

    seconds: float
    peak: float
    totals: Totals | None


def main() -> None:
    """Build the lakes, measure every way, print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=",".join(map(str, SIZES)), help="numbers of readings")
    parser.add_argument("--spark", action="store_true", help="Spark too (make cluster)")
    parser.add_argument("--folder", type=Path, help="where the files go for the time being")
    options = parser.parse_args()
    start_up = run_apart(measure_start)
    print(f"a park of 35,000 readings, NumPy, nothing loaded before: {start_up[0]:.2f} s; "
          f"compiling or loading the compiled kernel: {start_up[1]:.2f} s")  # fmt: skip
    print(f"{'readings':>12} {'way':>22} {'seconds':>9} {'M/s':>8} {'x scan':>7} {'peak GB':>8}")
    for rows in map(int, options.rows.split(",")):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            size = run_apart(build_lake, Path(folder), rows)
            print(f"{rows:>12,} {'bytes per reading':>22} {size:>9.2f}", flush=True)
            run_size(Path(folder), rows, with_spark=options.spark)


def run_size(folder: Path, rows: int, *, with_spark: bool) -> None:
    """All ways on one lake; their totals are equal or the run ends."""
    ways: list[Callable[[Path, int], Totals | None]] = [
        scan, kernel, kernel_with_hours, kernel_numpy, job_polars, job_duckdb,
    ]  # fmt: skip
    if with_spark:
        ways.append(job_spark)
    seen: set[Totals] = set()
    scanned = 0.0
    for way in ways:
        used = run_apart(measure, way, folder, rows)
        scanned = scanned or used.seconds
        seen |= {used.totals} if used.totals else set()
        print(f"{rows:>12,} {way.__name__:>22} {used.seconds:>9.2f} {rows / used.seconds / 1e6:>8.1f} "
              f"{used.seconds / scanned:>7.2f} {used.peak:>8.2f}", flush=True)  # fmt: skip
    if len(seen) != 1:
        sys.exit(f"totals differ: {seen}")
    print(f"{rows:>12,} {'totals equal':>22} {next(iter(seen))}", flush=True)


def measure(way: Callable[[Path, int], Totals | None], folder: Path, rows: int) -> Used:
    """Run one way, once to load what is loaded once if it is quick; then its time."""
    begin = time.perf_counter()
    totals = way(folder, rows)
    seconds = time.perf_counter() - begin
    runs = 0
    if seconds < 20:
        begin = time.perf_counter()
        while runs == 0 or time.perf_counter() - begin < LEAST_SECONDS:
            totals = way(folder, rows)
            runs += 1
        seconds = (time.perf_counter() - begin) / runs
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Used(seconds, used.ru_maxrss / 1e6, totals)


def measure_start() -> tuple[float, float]:
    """Seconds of a small park in a new process, and of the first use of the compiled kernel."""
    at = grid(10**9).begin_ms + np.arange(35_000) * QUARTER_MS
    frame = pl.DataFrame({"meter": np.zeros(35_000, np.int32), "at": at, "value": np.arange(35_000)})
    readings = frame.with_columns(pl.col("at").cast(pl.Datetime("ms", "UTC")))
    setting = build_setting(grid(10**9), [facts()], intensity=[intensity(10**9)], prices=[prices(10**9)])
    begin = time.perf_counter()
    compute_energy(readings, setting)
    small = time.perf_counter() - begin
    begin = time.perf_counter()
    compute_energy(readings, setting, compiled=True)
    return small, time.perf_counter() - begin


def build_lake(folder: Path, rows: int) -> float:
    """Generate, leave some out, import, compact; bytes per reading."""
    import pyarrow.parquet as pq

    generate(folder / "export", rows)
    lake = open_lake(folder / "lake", create=True)
    random = np.random.default_rng(20240103)
    stored = 0
    with lake.open_import("export", WHEN) as work:
        for file in sorted((folder / "export").iterdir()):
            frame = pl.DataFrame(pq.read_table(file, read_dictionary=["meter"]))
            frame = frame.filter(random.random(frame.height) >= 1 / LEFT_OUT)
            work.add(frame, -2)
            stored += frame.height
            file.unlink()
    lake.compact(WHEN)
    lake.sweep(WHEN)
    return sum(file.stat().st_size for file in (folder / "lake" / "buckets").iterdir()) / stored


def grid(rows: int) -> Grid:
    """The months that so many readings of ten thousand meters fill."""
    days = rows / METERS / 96
    last = next(month for month in range(1, 13) if days <= 29 * month or month == 12)
    return build_grid(Period(2024, 1), Period(2024, last), "UTC")


def intensity(rows: int) -> NDArray[np.int64]:
    """mg/kWh by the hour."""
    return np.random.default_rng(1).integers(200_000, 800_000, grid(rows).count)


def prices(rows: int) -> NDArray[np.int64]:
    """1e-4 yuan/kWh by the hour."""
    return np.random.default_rng(2).integers(2_000, 12_000, grid(rows).count)


def weights(rows: int) -> pl.DataFrame:
    """Both by the hour, for the peers."""
    slots = np.arange(grid(rows).count)
    return pl.DataFrame({"slot": slots, "grams": intensity(rows), "price": prices(rows)})


def facts() -> MeterFacts:
    """A register read every quarter of an hour."""
    return MeterFacts(KINDS["cumulative"], QUARTER_MS, intensity=0, price=0)


def opened(folder: Path, rows: int) -> tuple[tuple[Bucket, ...], Setting]:
    """The buckets, and the setting for their codes."""
    snapshot = open_lake(folder / "lake").snapshot()
    codes = max(meter.code for meter in snapshot.meters) + 1
    one = build_setting(grid(rows), [facts()], intensity=[intensity(rows)], prices=[prices(rows)])
    names = ("kind", "interval_ms", "capacity", "largest", "intensity_of", "price_of")
    return snapshot.buckets, replace(one, **{name: np.repeat(getattr(one, name), codes) for name in names})


def scan(folder: Path, rows: int) -> None:
    """The least any way has to do: decode three columns."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(lambda bucket: read_bucket(bucket).height, opened(folder, rows)[0])) > 0


def kernel(folder: Path, rows: int) -> Totals:
    """Two threads."""
    buckets, setting = opened(folder, rows)
    return _totals(run_local(buckets, setting, read=read_whole, rows=rows, threads=2))


def kernel_with_hours(folder: Path, rows: int) -> Totals:
    """Two threads, and a table of every meter and hour."""
    buckets, setting = opened(folder, rows)
    hours = folder / "hours"
    hours.mkdir(exist_ok=True)
    return _totals(run_local(buckets, setting, read=read_whole, rows=rows, threads=2, hourly_to=hours))


def kernel_numpy(folder: Path, rows: int) -> Totals:
    """Vectorised, one bucket after the other."""
    buckets, setting = opened(folder, rows)
    return _totals(
        pl.concat([compute_energy(read_bucket(b), setting, compiled=False).totals for b in buckets])
    )


def job_spark(folder: Path, rows: int) -> Totals:
    """Spark on two local threads, its start included."""
    from pyspark.sql import SparkSession

    from lingtan.metering.kernel.spark import run_spark

    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    buckets, setting = opened(folder, rows)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    try:
        return _totals(run_spark(session, buckets, setting, read=read_whole, rows=rows))
    finally:
        session.stop()


def _totals(found: pl.DataFrame) -> Totals:
    sums = [sum(map(int, found[name].to_list())) for name in ("energy", "emissions", "cost")]
    covered = found["covered_ms"].sum()
    return (*sums, int(covered) // QUARTER_MS - int(found["steps"].sum()))  # type: ignore[return-value]


def job_polars(folder: Path, rows: int) -> Totals:
    """Bucket by bucket, shifted columns; steps over a gap exploded into their hours."""
    begin, by_hour = grid(rows).begin_ms, weights(rows)
    found = np.zeros(4, object)
    for bucket in opened(folder, rows)[0]:
        ms = pl.col("at").dt.epoch("ms") - begin
        follows = pl.col("meter").shift(-1) == pl.col("meter")
        steps = (
            read_bucket(bucket).lazy()
            .select(
                start=ms, until=ms.shift(-1), follows=follows,
                energy=pl.col("value").shift(-1) - pl.col("value"),
            )
            .filter("follows")
            .with_columns(slot=pl.col("start") // HOUR_MS, last=(pl.col("until") - 1) // HOUR_MS)
            .collect()
        )  # fmt: skip
        whole = steps.filter(pl.col("slot") == pl.col("last")).select("slot", "energy")
        edges = (
            steps.filter(pl.col("slot") != pl.col("last"))
            .with_columns(slot=pl.int_ranges("slot", pl.col("last") + 1))
            .explode("slot")
            .with_columns(
                low=pl.max_horizontal(pl.col("slot") * HOUR_MS, "start") - pl.col("start"),
                high=pl.min_horizontal((pl.col("slot") + 1) * HOUR_MS, "until") - pl.col("start"),
                span=pl.col("until") - pl.col("start"),
            )
        )
        share = pl.col("energy") * pl.col("high") // pl.col("span") - pl.col("energy") * pl.col(
            "low"
        ) // pl.col("span")
        parts = pl.concat([whole, edges.select("slot", share.alias("energy"))])
        sums = parts.join(by_hour, on="slot").select(
            pl.col("energy").sum(), (pl.col("energy") * pl.col("grams")).sum().alias("e"),
            (pl.col("energy") * pl.col("price")).sum().alias("c"),
        ).row(0)  # fmt: skip
        gaps = int(((steps["until"] - steps["start"]) // QUARTER_MS - 1).sum())
        found += np.array([*sums, gaps], object)
    return tuple(found)


SQL = """
with steps as (
  select epoch_ms("at") - {begin} as start, lead(epoch_ms("at") - {begin}) over w as until,
         lead(value) over w - value as energy
  from read_parquet('{file}') window w as (partition by meter order by "at")),
parts as (
  select start // 3600000 as slot, energy from steps
  where until is not null and start // 3600000 = (until - 1) // 3600000
  union all
  select slot, energy * (least((slot + 1) * 3600000, until) - start) // (until - start)
             - energy * (greatest(slot * 3600000, start) - start) // (until - start)
  from (select *, unnest(range(start // 3600000, (until - 1) // 3600000 + 1)) as slot from steps
        where until is not null and start // 3600000 <> (until - 1) // 3600000))
select (select sum(energy) from parts), (select sum(energy * grams) from parts join weights using (slot)),
       (select sum(energy * price) from parts join weights using (slot)),
       (select sum((until - start) // 900000 - 1) from steps where until is not null)"""


def job_duckdb(folder: Path, rows: int) -> Totals:
    """Bucket by bucket, window functions."""
    import duckdb

    con = duckdb.connect()
    con.register("weights", weights(rows).to_arrow())
    found = np.zeros(4, object)
    for bucket in opened(folder, rows)[0]:
        sql = SQL.format(begin=grid(rows).begin_ms, file=bucket.base)
        found += np.array([int(number) for number in con.sql(sql).fetchall()[0]], object)
    return tuple(found)


if __name__ == "__main__":
    assert METERS == 10_000
    main()
