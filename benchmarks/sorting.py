"""Arrival order to sorted buckets: `python -m benchmarks.sorting --rows 1000000,100000000,350000000`.

Generated: cumulative registers of 10,000 meters every 15 minutes, in 0.01 kWh, each step a random
whole number of 0 … 400 times a daily shape of 0.3 … 1; Parquet files as a platform exports them
(meter id, instant, register), instant by instant, rows displaced by up to two instants, one in a
hundred arriving days late, one in a thousand twice. Measured, each in a process of its own: the
import into a readings lake; beside it the bare scan of the same files, and, up to `--peers` rows,
`ORDER BY meter, at` of DuckDB and `sort` of Polars into one Parquet file.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

METERS = 10_000
STEP_MS = 900_000
DAY = 96
LATE_SHARE, TWICE_SHARE = 0.01, 0.001
BEGIN_MS = 1_704_067_200_000  # 2024-01-01
SIZES = (1_000_000, 10_000_000, 100_000_000, 350_000_000)
Result = TypeVar("Result")
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Generate, measure, print one line per way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=",".join(map(str, SIZES)), help="numbers of rows")
    parser.add_argument("--peers", type=int, default=50_000_000, help="most rows for DuckDB and Polars")
    parser.add_argument("--folder", type=Path, help="where the files go for the time being")
    options = parser.parse_args()
    heads = ("seconds", "M rows/s", "CPU s", "bytes/row", "peak GB")
    print(f"{'rows':>12} {'way':>22} " + " ".join(f"{head:>9}" for head in heads))
    for rows in map(int, options.rows.split(",")):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            source = Path(folder) / "export"
            run_apart(generate, source, rows)
            ways = [("scan of the input", scan), ("lake", import_lake)]
            if rows <= options.peers:
                ways += [("DuckDB ORDER BY", sort_duckdb), ("Polars sort", sort_polars)]
            for name, way in ways:
                print_line(name, way, source, rows)


def print_line(name: str, way: Callable[[Path], int], source: Path, rows: int) -> None:
    """Measure one way and print it."""
    used = run_apart(measure, way, source)
    numbers = (used.seconds, rows / used.seconds / 1e6, used.cpu, used.size / rows, used.peak)
    print(f"{rows:>12,} {name:>22} " + " ".join(f"{number:>9.2f}" for number in numbers), flush=True)


def run_apart(work: Callable[..., Result], *arguments: object) -> Result:
    """The result of `work` in a new process, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


@dataclass
class Used:
    """Seconds by the clock and of the processors, bytes written, most memory in GB."""

    seconds: float
    cpu: float
    size: int
    peak: float


def measure(way: Callable[[Path], int], source: Path) -> Used:
    """Run one way."""
    begin = time.perf_counter()
    size = way(source)
    seconds = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Used(seconds, used.ru_utime + used.ru_stime, size, used.ru_maxrss / 1e6)


def generate(folder: Path, rows: int) -> None:
    """Files of two days each, in order of arrival."""
    folder.mkdir()
    park, random = Park(), np.random.default_rng(20240102)
    late = park.build_block(0, 0)
    steps = -(-rows // METERS)
    for number, first in enumerate(range(0, steps, 2 * DAY)):
        count = min(2 * DAY, steps - first)
        block = park.build_block(first, count)
        held = random.random(block.height) < LATE_SHARE
        again = random.random(block.height) < TWICE_SHARE
        now = pl.concat([block.filter(~held), late])
        late = pl.concat([block.filter(held), block.filter(again)])
        if first + count == steps:
            now = pl.concat([now, late])
        now.cast({"meter": pl.String}).write_parquet(folder / f"{number:04d}.parquet", compression="zstd")


class Park:
    """Ten thousand registers that rise."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(20240101)
        names = [f"SH-PARK-{number:05d}" for number in range(METERS)]
        self.meters = pl.Series("meter", names, dtype=pl.Enum(names)).shuffle(seed=1)
        self.registers = self.random.integers(0, 50_000_000, METERS)
        self.shape = 0.3 + 0.7 * np.sin(np.linspace(0, np.pi, DAY)) ** 2

    def build_block(self, first: int, count: int) -> pl.DataFrame:
        """`count` instants from the `first` on, rows displaced by up to two instants."""
        steps, size = np.arange(first, first + count), count * METERS
        rise = self.random.integers(0, 401, (count, METERS)) * self.shape[steps % DAY, None]
        values = self.registers + np.cumsum(rise.astype(np.int64), axis=0)
        self.registers = values[-1] if count else self.registers
        arrival = np.argsort(np.arange(size) + self.random.integers(0, 2 * METERS, size))
        at = pl.Series(BEGIN_MS + (first + arrival // METERS) * STEP_MS).cast(pl.Datetime("ms", "UTC"))
        meters = self.meters.gather(arrival % METERS)
        return pl.DataFrame({"meter": meters, "at": at, "value": values.ravel()[arrival]})


def scan(source: Path) -> int:
    """The least any way has to do: decode the input."""
    for file in sorted(source.iterdir()):
        pl.read_parquet(file)
    return 0


def import_lake(source: Path) -> int:
    """Into a new lake; bytes of its buckets."""
    import pyarrow.parquet as pq

    from lingtan.metering.lake import open_lake

    folder = source.parent / "lake"
    lake = open_lake(folder, create=True)
    with lake.open_import("export", WHEN) as work:
        for file in sorted(source.iterdir()):
            # ids stay the numbers they are in the file
            work.add(pl.DataFrame(pq.read_table(file, read_dictionary=["meter"])), -2)
    return sum(file.stat().st_size for file in (folder / "buckets").iterdir())


def sort_duckdb(source: Path) -> int:
    """Peer: DuckDB, which keeps repeated rows."""
    import duckdb

    target = source.parent / "duckdb.parquet"
    files = f"read_parquet('{source}/*.parquet')"
    duckdb.sql(f"COPY (SELECT * FROM {files} ORDER BY meter, \"at\") TO '{target}' (FORMAT parquet)")
    return target.stat().st_size


def sort_polars(source: Path) -> int:
    """Peer: Polars, streaming, which keeps repeated rows."""
    target = source.parent / "polars.parquet"
    pl.scan_parquet(source / "*.parquet").sort("meter", "at").sink_parquet(target)
    return target.stat().st_size


if __name__ == "__main__":
    main()
