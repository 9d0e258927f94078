"""The readings of a plan: in batches for the lake, or row by row for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from lingtan.dossier.findings import Findings
from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.importing.cells import Cells, read_cells
from lingtan.metering.importing.planning import ImportPlan, Job, Progress
from lingtan.metering.importing.records import Batch, MeterPlan
from lingtan.metering.importing.verdicts import TAKEN, VERDICTS

ROWS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "raw_stamp": pl.String,
    "raw_value": pl.String,
    "meter": pl.String,
    "at": pl.Datetime("ms", "UTC"),
    "value": pl.Float64,
    "unit": pl.String,
    "verdict": pl.String,
}


def read_batches(plan: ImportPlan, progress: Progress | None = None) -> Iterator[Batch]:
    """Every reading of `plan` that is taken, in bounded memory, in the order of the files.

    LingtanError if a file was changed since it was planned.
    """
    for job in plan.jobs:
        ids = pl.Series(job.recipe.naming.ids, dtype=pl.String)
        for cells in _cells(job):
            frame = _stored(cells, job, plan.exponents, ids)
            if not frame.is_empty():
                exponents = {meter: plan.exponents[meter] for meter in frame["meter"].unique().to_list()}
                yield Batch(frame, exponents, job.plan.file, job.plan.sheet)
            if progress is not None:
                progress(f"{job.plan.file} {job.plan.sheet}".strip(), cells.last_row)


def read_rows(plan: ImportPlan) -> Iterator[pl.DataFrame]:
    """What would become of every cell: frames of ROWS, lazily, in the order of the files.

    `verdict` is `taken`, `repeated` and `conflict` (stored as well; the lake keeps equal ones
    once and uses none that differ) or the reason why a cell is left out.
    """
    for job in plan.jobs:
        ids = pl.Series([*job.recipe.naming.ids, None, None], dtype=pl.String)
        for cells in _cells(job):
            yield _told(cells, job, ids)


def _cells(job: Job) -> Iterator[Cells]:
    facts = job.source.path.stat()
    if (facts.st_size, facts.st_mtime_ns) != job.stamp:
        raise LingtanError([fault("import.changed", Place(job.plan.file))])
    return read_cells(job.table, job.recipe, Findings())


def _shift(job: Job) -> pl.Expr:
    """The begin of the interval a stamp belongs to."""
    numbers = {meter: number for number, meter in enumerate(job.recipe.naming.ids)}
    shifts = {numbers[meter.meter]: meter.shift_ms for meter in job.plan.meters}
    if not any(shifts.values()):
        return pl.col("at")
    by = pl.col("meter").replace_strict(list(shifts), list(shifts.values()), default=0, return_dtype=pl.Int64)
    return pl.col("at") - pl.duration(milliseconds=by)


def _stored(cells: Cells, job: Job, exponents: Mapping[str, int], ids: pl.Series) -> pl.DataFrame:
    good = cells.frame.filter(pl.col("verdict") == TAKEN)
    numbers = {number: exponents.get(meter, 0) for number, meter in enumerate(job.recipe.naming.ids)}
    powers = {number: exponent + cells.decimals for number, exponent in numbers.items()}
    present = good["meter"].unique().to_list()
    whole = _scaled({number: powers[number] for number in present})
    frame = good.select("meter", _shift(job).cast(pl.Datetime("ms", "UTC")).alias("at"), whole.alias("value"))
    return frame.with_columns(ids.gather(frame["meter"]).alias("meter"))


def _scaled(powers: Mapping[int, int]) -> pl.Expr:
    """Whole numbers with the decimals of the block as whole numbers of each meter's exponent."""
    whole = pl.col("whole")
    if all(power == 0 for power in powers.values()):
        return whole.cast(pl.Int64)
    return _by_power(whole, powers).cast(pl.Int64)


def _by_power(whole: pl.Expr, powers: Mapping[int, int]) -> pl.Expr:
    def power_of(size: Mapping[int, int]) -> pl.Expr:
        values = pl.Series(list(size.values()), dtype=pl.Int128)
        if len(set(size.values())) == 1:
            return pl.lit(next(iter(size.values())), dtype=pl.Int128)
        return pl.col("meter").replace_strict(list(size), values, return_dtype=pl.Int128)

    up = power_of({meter: 10 ** max(-power, 0) for meter, power in powers.items()})
    down = power_of({meter: 10 ** max(power, 0) for meter, power in powers.items()})
    size = (whole.abs() * up + down // 2) // down
    return pl.when(whole < 0).then(size * pl.lit(-1, dtype=pl.Int128)).otherwise(size)


def _told(cells: Cells, job: Job, ids: pl.Series) -> pl.DataFrame:
    frame = cells.frame
    names = pl.Series(job.recipe.heading.names, dtype=pl.String)
    verdict = pl.Series(VERDICTS, dtype=pl.String).gather(frame["verdict"].cast(pl.UInt32))
    units = {number: meter.unit for number, meter in _plans(job).items()}
    good = pl.col("verdict") == TAKEN
    values = frame["whole"].cast(pl.Float64).to_numpy() / 10.0**cells.decimals
    unit = pl.col("meter").replace_strict(
        list(units), list(units.values()), default=None, return_dtype=pl.String
    )
    told = frame.with_columns(
        pl.lit(job.plan.file).alias("file"),
        pl.lit(job.plan.sheet).alias("sheet"),
        names.gather(frame["column"]).alias("column"),
        pl.col("stamp").alias("raw_stamp"),
        pl.col("raw").alias("raw_value"),
        ids.gather(
            pl.select(pl.when(frame["meter"] < 0).then(len(ids) - 1).otherwise(frame["meter"])).to_series()
        ).alias("id"),
        pl.when(good).then(_shift(job)).alias("begin"),
        pl.when(good).then(pl.Series("value", values)).alias("value"),
        pl.when(good).then(unit).alias("unit"),
        verdict.alias("word"),
    )
    told = _with_repeats(told, job)
    return told.select(
        *("file", "sheet", "row", "column", "raw_stamp", "raw_value"),
        pl.col("id").alias("meter"),
        pl.col("begin").cast(pl.Datetime("ms", "UTC")).alias("at"),
        *("value", "unit"),
        pl.col("word").alias("verdict"),
    )


def _plans(job: Job) -> dict[int, MeterPlan]:
    numbers = {meter: number for number, meter in enumerate(job.recipe.naming.ids)}
    return {numbers[plan.meter]: plan for plan in job.plan.meters}


def _with_repeats(told: pl.DataFrame, job: Job) -> pl.DataFrame:
    if job.repeats.is_empty():
        return told
    joined = told.join(
        job.repeats.select("meter", "at", "differ"), on=["meter", "at"], how="left", maintain_order="left"
    )
    kind = pl.when("differ").then(pl.lit("conflict")).otherwise(pl.lit("repeated"))
    is_repeat = (pl.col("word") == "taken") & pl.col("differ").is_not_null()
    return joined.with_columns(pl.when(is_repeat).then(kind).otherwise("word").alias("word"))
