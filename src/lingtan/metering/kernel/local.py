"""The kernel over many files of whole meters, run by threads of this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import polars as pl

from lingtan.metering.coded import CODED
from lingtan.metering.kernel.compute import COMPILED_FROM, TOTALS, Energy, compute_energy
from lingtan.metering.kernel.setting import Setting
from lingtan.metering.kernel.steps import Breaks

T = TypeVar("T")
Read = Callable[[T], tuple[pl.DataFrame, Breaks]]
"""From a bucket, wherever it lies, to its readings (`CODED`) and breaks."""


def read_file(path: Path) -> tuple[pl.DataFrame, Breaks]:
    """A Parquet file of whole meters in order, as the lake writes them."""
    return pl.read_parquet(path, columns=list(CODED), use_statistics=False), ()


def run_local(  # noqa: PLR0913
    buckets: Sequence[T],
    setting: Setting,
    *,
    read: Read[T],
    rows: int,
    threads: int = 0,
    hourly_to: Path | None = None,
    report: Callable[[int, int | None], None] | None = None,
) -> pl.DataFrame:
    """Totals (`TOTALS`) of all `buckets`, in order of meter; memory holds `threads` buckets.

    `rows` is about how many readings there are: many are worth compiling for. `threads` 0 is one
    per core. `hourly_to` is a folder: a file of slots (`SLOTS`) per bucket goes there, numbered.
    `report(done, all)` is told after each bucket.
    """
    compiled = rows >= COMPILED_FROM or None

    def job(numbered: tuple[int, T]) -> pl.DataFrame:
        number, bucket = numbered
        readings, breaks = read(bucket)
        energy = compute_energy(
            readings, setting, breaks=breaks, with_slots=hourly_to is not None, compiled=compiled
        )
        if hourly_to is not None:
            _write_slots(energy, hourly_to / f"{number:06d}.parquet")
        return energy.totals

    found = []
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for done, totals in enumerate(pool.map(job, enumerate(buckets)), 1):
            found.append(totals)
            if report:
                report(done, len(buckets))
    return pl.concat([pl.DataFrame(schema=TOTALS), *found]).sort("meter", "period")


def _write_slots(energy: Energy, file: Path) -> None:
    """The slots of a bucket, whole or not at all; encoded as the lake's buckets are."""
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    assert energy.slots is not None
    temporary = file.with_name(f".{file.name}")
    pq.write_table(
        energy.slots.to_arrow(),
        temporary,
        compression="lz4",
        use_dictionary=["meter", "covered_ms", "spread_ms"],
        column_encoding={"at": "DELTA_BINARY_PACKED", "energy": "DELTA_BINARY_PACKED"},
        write_statistics=False,
    )
    temporary.replace(file)
