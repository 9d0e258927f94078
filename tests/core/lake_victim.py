"""An import in a process of its own, which kills itself at a chosen point or waits to be killed."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from lake_parts import QUARTER, START, WHEN

from lingtan.metering.lake import Lake, Receipt, open_lake, placing, spilling

ROWS = 30_000


def build_rows() -> pl.DataFrame:
    """30,000 readings of 40 meters, shuffled, some twice, some in conflict."""
    random = np.random.default_rng(11)
    meter, at = random.integers(0, 40, ROWS), random.integers(0, 3000, ROWS)
    names = pl.Series([f"M{number:02d}" for number in range(40)])
    instants = pl.Series(START + at * QUARTER).cast(pl.Datetime("ms", "UTC"))
    value = at * 7 + (random.random(ROWS) < 0.01)
    return pl.DataFrame({"meter": names.gather(meter), "at": instants, "value": value.astype(np.int64)})


def make_small(set_to: Callable[[object, str, object], None]) -> None:
    """Limits so low that 30,000 readings spill to disk and fill four buckets."""
    set_to(spilling, "IN_MEMORY", 5000)
    set_to(placing, "ROWS_PER_BUCKET", 8000)


def import_rows(folder: Path) -> Receipt:
    """The import that is to be whole or not at all."""
    rows = build_rows()
    lake: Lake = open_lake(folder)
    with lake.open_import("export", WHEN) as work:
        for begin in range(0, ROWS, 4000):
            work.add(rows[begin : begin + 4000], -1)
    return work.receipt


class Counter:
    """Counts what an import asks of the disk and kills the process at one of the calls."""

    def __init__(self, deadly: str, number: int, *, after: bool) -> None:
        self.deadly, self.number, self.after = deadly, number, after
        self.counts: dict[str, int] = {}

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call`, deadly at its time; "any" counts calls of every name."""

        def counted(*arguments: Any, **more: Any) -> Any:
            is_now = False
            for kind in (name, "any"):
                self.counts[kind] = self.counts.get(kind, 0) + 1
                is_now |= kind == self.deadly and self.counts[kind] == self.number
            if is_now and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = call(*arguments, **more)
            if is_now:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return counted


def run(folder: Path, started: Event, deadly: str = "", number: int = 0, after: bool = False) -> None:
    """In the child: import, with the chosen call deadly."""
    make_small(setattr)
    counter = Counter(deadly, number, after=after)
    os.fsync = counter.around("fsync", os.fsync)
    os.preadv = counter.around("preadv", os.preadv)
    Path.replace = counter.around("replace", Path.replace)  # type: ignore[method-assign]
    Path.unlink = counter.around("unlink", Path.unlink)  # type: ignore[method-assign]
    connect = sqlite3.connect

    class Connection(sqlite3.Connection):
        """Every statement is a point at which the import may die."""

        def execute(self, statement: str, *arguments: Any) -> Any:
            name = statement if statement in ("COMMIT", "BEGIN IMMEDIATE") else "statement"
            return counter.around(name, super().execute)(statement, *arguments)

    sqlite3.connect = lambda *a, **k: connect(*a, factory=Connection, **k)  # type: ignore[assignment]
    started.set()
    import_rows(folder)
    (folder / "counts").write_text("\n".join(f"{name}={n}" for name, n in counter.counts.items()), "utf-8")
