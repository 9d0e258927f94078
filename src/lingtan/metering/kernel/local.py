"""The kernel over many files of whole meters, run by threads of this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from lingtan.metering.coded import CODED
from lingtan.metering.kernel.compute import COMPILED_FROM, TOTALS, Energy, compute_energy
from lingtan.metering.kernel.setting import Setting

Read = Callable[[Path], pl.DataFrame]
"""From the path of a bucket to its readings, `CODED`."""


def read_bucket(path: Path) -> pl.DataFrame:
    """A Parquet file of whole meters in order, as the lake writes them."""
    return pl.read_parquet(path, columns=list(CODED), use_statistics=False)


def run_local(  # noqa: PLR0913
    buckets: Iterable[Path],
    setting: Setting,
    *,
    read: Read = read_bucket,
    threads: int = 0,
    hourly_to: Path | None = None,
    report: Callable[[int, int | None], None] | None = None,
) -> pl.DataFrame:
    """Totals (`TOTALS`) of all `buckets`, in order of meter; memory holds `threads` buckets.

    `threads` 0 is one per core. `hourly_to` is a folder: a file of slots (`SLOTS`) per bucket goes
    there, under the bucket's name. `report(done, all)` is told after each bucket.
    """
    paths = sorted(buckets)
    threads = threads or os.cpu_count() or 1
    compiled = _is_large(paths)

    def job(path: Path) -> pl.DataFrame:
        energy = compute_energy(
            read(path), setting, with_slots=hourly_to is not None, compiled=compiled or None
        )
        if hourly_to is not None:
            _write_slots(energy, hourly_to / path.name)
        return energy.totals

    found = []
    with ThreadPoolExecutor(threads) as pool:
        for done, totals in enumerate(pool.map(job, paths), 1):
            found.append(totals)
            if report:
                report(done, len(paths))
    return pl.concat([pl.DataFrame(schema=TOTALS), *found]).sort("meter", "period")


def _write_slots(energy: Energy, file: Path) -> None:
    """The slots of a bucket, whole or not at all."""
    assert energy.slots is not None
    temporary = file.with_name(f".{file.name}")
    energy.slots.write_parquet(temporary, compression="zstd", compression_level=1, statistics=False)
    temporary.replace(file)


def _is_large(paths: list[Path]) -> bool:
    """Whether all files together are worth compiling for."""
    return sum(path.stat().st_size for path in paths) >= COMPILED_FROM
