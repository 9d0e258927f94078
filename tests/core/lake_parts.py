"""Frames of readings and an independent account of what a lake must hold, for the tests of the lake."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl

from lingtan.metering.lake import Lake

WHEN = datetime(2025, 3, 1, 8, tzinfo=UTC)
START = 1_735_660_800_000  # 2024-12-31T16:00Z
QUARTER = 900_000

Triple = tuple[str, int, int]


def frame(rows: list[Triple]) -> pl.DataFrame:
    """(meter, quarter of an hour since START, value) as a batch."""
    return pl.DataFrame(
        {
            "meter": pl.Series([meter for meter, _, _ in rows], dtype=pl.String),
            "at": pl.Series([START + at * QUARTER for _, at, _ in rows], dtype=pl.Int64).cast(
                pl.Datetime("ms", "UTC")
            ),
            "value": pl.Series([value for _, _, value in rows], dtype=pl.Int64),
        }
    )


def moment(at: int) -> datetime:
    """The instant of a quarter of an hour."""
    return datetime.fromtimestamp((START + at * QUARTER) / 1000, tz=UTC)


def held(lake: Lake, *, corrected: bool = True) -> list[Triple]:
    """What the lake gives, under meter ids, sorted."""
    found = []
    for bucket in lake.buckets():
        names = {meter.code: meter.meter for meter in bucket.meters}
        table = lake.read(bucket, corrected=corrected)
        for code, at, value in zip(
            table["meter"].to_list(),
            table["at"].to_physical().to_list(),
            table["value"].to_list(),
            strict=True,
        ):
            found.append((names[code], (at - START) // QUARTER, value))
    return sorted(found)


def disputed(lake: Lake) -> list[Triple]:
    """The conflicts of the lake, sorted."""
    table = lake.conflicts()
    at = ((table["at"].to_physical() - START) // QUARTER).to_list()
    return sorted(zip(table["meter"].to_list(), at, table["value"].to_list(), strict=True))


def expected(rows: list[Triple]) -> tuple[list[Triple], list[Triple]]:
    """(settled, in conflict) by the stated rule, in plain Python."""
    values: dict[tuple[str, int], set[int]] = defaultdict(set)
    for meter, at, value in rows:
        values[meter, at].add(value)
    triples = sorted((*place, value) for place, several in values.items() for value in several)
    return (
        [row for row in triples if len(values[row[:2]]) == 1],
        [row for row in triples if len(values[row[:2]]) > 1],
    )


def fingerprint(lake: Lake) -> dict[str, str]:
    """Name and hash of every file the manifest speaks of, and its meters and corrections."""
    snapshot = lake.snapshot()
    files = {piece.path for bucket in snapshot.buckets for piece in bucket.pieces}
    prints = {file.name: sha256(file.read_bytes()).hexdigest() for file in files}
    return prints | {"meters": repr(snapshot.meters), "corrections": repr(snapshot.corrections)}


def stored_files(folder: Path) -> set[str]:
    """Names in the folder of buckets."""
    return {file.name for file in (folder / "buckets").iterdir()}
