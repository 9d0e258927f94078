"""Readings of a lake as Parquet files of a dossier: exact, and the same bytes for the same readings."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from lingtan.metering.lake.reading import read_bucket
from lingtan.metering.lake.records import Bucket, Snapshot

_PRECISION = 38


def export_readings(
    snapshot: Snapshot, folder: Path, *, since: datetime, until: datetime, stem: str = "live"
) -> tuple[Path, ...]:
    """Write what the meters read in `[since, until)` into `folder`: `meter_id`, `at`, `value` (exact).

    One file for each number of decimals, `<stem>-<decimals>.parquet`; none where nothing was read.
    Corrections are applied and instants in conflict left out, as `read_bucket` has it. LingtanError for
    a damaged lake.
    """
    parts: dict[int, list[pl.DataFrame]] = {}
    for bucket in snapshot.buckets:
        for decimals, frame in _named(bucket, since, until):
            parts.setdefault(decimals, []).append(frame)
    files = []
    for decimals, frames in sorted(parts.items()):
        file = folder / f"{stem}-{decimals}.parquet"
        _write(pl.concat(frames).sort("meter_id", "at"), decimals, file)
        files.append(file)
    return tuple(files)


def _named(bucket: Bucket, since: datetime, until: datetime) -> list[tuple[int, pl.DataFrame]]:
    """The readings of a bucket with the ids of their meters, by number of decimals."""
    names = {meter.code: meter.meter for meter in bucket.meters}
    decimals = {meter.code: -meter.exponent for meter in bucket.meters}
    at = pl.col("at").dt.epoch("ms")
    frame = read_bucket(bucket).filter(at >= _milliseconds(since), at < _milliseconds(until))
    if frame.is_empty():
        return []
    code = pl.col("meter").cast(pl.Int64)
    named = frame.select(
        code.replace_strict(names, return_dtype=pl.String).alias("meter_id"), "at", "value",
        code.replace_strict(decimals, return_dtype=pl.Int64).alias("decimals"),
    )  # fmt: skip
    return [
        (int(group["decimals"][0]), group.drop("decimals"))
        for group in named.partition_by("decimals", maintain_order=True)
    ]


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _write(frame: pl.DataFrame, decimals: int, file: Path) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    table = pa.table(
        {
            "meter_id": frame["meter_id"].to_arrow().cast(pa.string()),
            "at": frame["at"].to_arrow(),
            "value": _decimals(frame["value"], decimals),
        }
    )
    pq.write_table(table, file, compression="zstd", use_dictionary=["meter_id"])


def _decimals(values: pl.Series, decimals: int) -> Any:
    """Whole numbers as decimals with so many places: 128 bits, the low half and its sign."""
    import pyarrow as pa

    low = values.to_numpy()
    halves = np.empty((len(low), 2), dtype="<i8")
    halves[:, 0], halves[:, 1] = low, low >> 63
    kind = pa.decimal128(_PRECISION, decimals)
    return pa.Array.from_buffers(kind, len(low), [None, pa.py_buffer(halves.tobytes())])
