"""The kernel over many buckets, run by Spark: extra `cluster`, files where every worker sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from lingtan.metering.kernel.compute import COMPILED_FROM, TOTALS, compute_energy
from lingtan.metering.kernel.local import Read
from lingtan.metering.kernel.setting import Setting

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TASKS_PER_SLOT = 8
T = TypeVar("T")
_SCHEMA = ", ".join(
    f"{name} {'int' if kind == pl.Int32 else 'smallint' if kind == pl.Int16 else 'bigint'}"
    for name, kind in TOTALS.items()
)


def run_spark(  # noqa: PLR0913
    session: SparkSession,
    buckets: Sequence[T],
    setting: Setting,
    *,
    read: Read[T],
    rows: int,
    tasks: int = 0,
) -> pl.DataFrame:
    """Totals (`TOTALS`) of all `buckets`, as `run_local` gives them, computed by `session`'s workers.

    Spark hands out numbers of buckets; each worker reads its own and runs the same function through
    `mapInArrow`. `rows` is about how many readings there are, as in `run_local`. `tasks` 0 is eight per
    slot: a task costs about 0.1 s before it reads anything, and what a lost worker has to repeat stays
    a small share.
    """
    context = session.sparkContext
    shared = context.broadcast((list(buckets), setting))
    compiled = rows >= COMPILED_FROM or None
    numbers = session.createDataFrame([(n,) for n in range(len(buckets))], "bucket int")

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        theirs, facts = shared.value
        for batch in batches:
            for number in batch.column(0).to_pylist():
                readings, breaks = read(theirs[number])
                totals = compute_energy(readings, facts, breaks=breaks, compiled=compiled).totals
                yield from totals.to_arrow().to_batches()

    most = tasks or TASKS_PER_SLOT * context.defaultParallelism
    spread = numbers.repartition(max(min(most, len(buckets)), 1))
    table = spread.mapInArrow(work, _SCHEMA).toArrow()
    frame = pl.DataFrame(pl.from_arrow(table), schema_overrides=TOTALS)
    return frame.select(pl.col(name).cast(kind) for name, kind in TOTALS.items()).sort("meter", "period")
