"""A table's blocks as one row per cell that may hold a reading, each with its verdict."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import polars as pl

from lingtan.dossier.findings import Findings
from lingtan.metering.importing.clock import Clock
from lingtan.metering.importing.factors import Factors
from lingtan.metering.importing.headings import Heading
from lingtan.metering.importing.layout import Roles
from lingtan.metering.importing.naming import BAD, UNKNOWN, Naming
from lingtan.metering.importing.values import Numbers, parse_values
from lingtan.metering.importing.verdicts import CODE, TAKEN

_THREADS = 2  # blocks at work at a time; more would only take memory


class Table(Protocol):
    """A file or sheet: the first rows as text, and all of them in blocks (`row`, `c0`, `c1` …)."""

    file: str
    sheet: str
    encoding: str
    head: list[list[str]]
    width: int
    lost: int

    @property
    def separator_name(self) -> str:
        """What parts the columns of a text file; empty for other files."""
        ...

    def blocks(self, first: int, findings: Findings) -> Iterator[pl.DataFrame]:
        """Rows from number `first` on."""
        ...


@dataclass(slots=True)
class Recipe:
    """All that decides how cells of a table are taken.

    `unit`: unit of each value column, "" where the register's is meant. `latest`, `earliest`:
    instants from and up to which readings are none. `folds`: rows (and meters) of a time shown
    twice, with 0 or 1. `refused`: numbers of meters whose values are primary. `in_cells`: columns
    whose unit stands in the cells, so that a cell without is of no known unit.
    """

    heading: Heading
    roles: Roles
    clock: Clock
    mark: str
    naming: Naming
    factors: Factors
    units: dict[int, str]
    constant: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    folds: pl.DataFrame | None = None
    refused: frozenset[int] = field(default_factory=frozenset)
    in_cells: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Cells:
    """One block: `row, column, name, stamp, raw, meter, local, at, late, whole, unit, verdict`.

    `meter` is its number, `whole` (Int128) × 10^-`decimals` the value in the register's unit.
    """

    frame: pl.DataFrame
    decimals: int

    @property
    def last_row(self) -> int:
        """The row reached, for progress."""
        return int(self.frame["row"][-1])


def read_cells(table: Table, recipe: Recipe, findings: Findings) -> Iterator[Cells]:
    """Every cell of the table that may hold a reading, block by block."""
    waiting: deque[Future[Cells]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for block in table.blocks(recipe.heading.first, findings):
            if block.is_empty():
                continue
            waiting.append(pool.submit(_block_cells, block, recipe))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _block_cells(block: pl.DataFrame, recipe: Recipe) -> Cells:
    roles = recipe.roles
    times = recipe.clock.read(*(block[f"c{index}"] for index in roles.times))
    parts = [pl.col(f"c{index}").cast(pl.String) for index in roles.times]
    stamp = parts[0] if len(parts) == 1 else pl.concat_str(parts, separator=" ")
    beside = block.select(
        "row",
        stamp.alias("stamp"),
        _column(roles.unit).alias("stated"),
        _column(roles.meter).alias("name"),
    )
    rows = pl.concat([times, beside], how="horizontal")
    frame = _melted(block, rows, recipe)
    if roles.layout == "matrix":
        frame = _moved(frame, roles)
    frame = recipe.clock.place(frame, _folds(frame, recipe))
    frame = _with_meter(frame, recipe)
    numbers = parse_values(frame["raw"], recipe.mark)
    frame = _with_values(frame, numbers, recipe)
    whole, decimals, wrong = recipe.factors.apply(frame, numbers.decimals)
    frame = frame.with_columns(whole.alias("whole"))
    return Cells(_judged(frame, wrong, recipe), decimals)


def _melted(block: pl.DataFrame, rows: pl.DataFrame, recipe: Recipe) -> pl.DataFrame:
    """A row per value column of each row, in the order of the columns."""
    parts = [
        rows.with_columns(
            pl.lit(index, dtype=pl.Int32).alias("column"), _text(block[f"c{index}"]).alias("raw")
        )
        for index in recipe.roles.values
    ]
    return pl.concat(parts) if len(parts) != 1 else parts[0]


def _column(index: int) -> pl.Expr:
    return pl.col(f"c{index}").cast(pl.String) if index >= 0 else pl.lit("")


def _text(values: pl.Series) -> pl.Series:
    return values if values.dtype == pl.String else values.cast(pl.String)


def _moved(frame: pl.DataFrame, roles: Roles) -> pl.DataFrame:
    """Days of a matrix moved by the minutes of their columns."""
    minutes = dict(zip(roles.values, roles.minutes, strict=True))
    shift = pl.duration(
        minutes=pl.col("column").replace_strict(list(minutes), list(minutes.values()), return_dtype=pl.Int64)
    )
    return frame.with_columns(pl.col("local") + shift, pl.col("at") + shift)


def _folds(frame: pl.DataFrame, recipe: Recipe) -> pl.Series | None:
    if recipe.folds is None or recipe.folds.is_empty():
        return None
    return frame.join(recipe.folds, on="row", how="left", maintain_order="left")["fold"]


def _with_meter(frame: pl.DataFrame, recipe: Recipe) -> pl.DataFrame:
    roles, naming = recipe.roles, recipe.naming
    if recipe.constant is not None:
        meter: pl.Expr | pl.Series = pl.lit(naming.number(recipe.constant), dtype=pl.Int32)
    elif roles.layout == "wide":
        numbers = [naming.number(meter) for meter in roles.meters]
        meter = pl.col("column").replace_strict(list(roles.values), numbers, return_dtype=pl.Int32)
    else:
        meter = naming.numbers(frame["name"])
    return frame.with_columns(meter=meter)


def _with_values(frame: pl.DataFrame, numbers: Numbers, recipe: Recipe) -> pl.DataFrame:
    """Values, and the unit each is in: stated beside it, in its cell, or that of its column."""
    units = recipe.units
    if len(set(units.values())) == 1:
        unit = pl.lit(next(iter(units.values())))
    else:
        unit = pl.col("column").replace_strict(list(units), list(units.values()), return_dtype=pl.String)
    if recipe.roles.unit >= 0:
        unit = recipe.factors.named(frame["stated"], unit)
    frame = frame.with_columns(numbers.whole, numbers.verdict.alias("number"), unit.alias("unit"))
    bare = pl.col("column").is_in(sorted(recipe.in_cells))
    if numbers.units is None:
        return frame.with_columns(bare.alias("other"))
    cell = pl.lit(numbers.units)
    other = pl.when(cell.is_null()).then(bare).otherwise(cell != pl.col("unit"))
    return frame.with_columns(other.fill_null(False).alias("other"))


def _judged(frame: pl.DataFrame, wrong: pl.Series, recipe: Recipe) -> pl.DataFrame:
    def code(verdict: str) -> pl.Expr:
        return pl.lit(CODE[verdict], dtype=pl.UInt8)

    number = pl.col("number")
    rules: list[tuple[pl.Expr, pl.Expr]] = [
        (number == CODE["blank"], code("blank")),
        (pl.col("meter") == UNKNOWN, code("unknown-meter")),
        (pl.col("meter") == BAD, code("bad-meter")),
        (pl.col("verdict") != TAKEN, pl.col("verdict")),
    ]
    if recipe.earliest is not None:
        rules.append((pl.col("at") < recipe.earliest, code("too-early")))
    if recipe.latest is not None:
        rules.append((pl.col("at") > recipe.latest, code("future")))
    rules += [(number != TAKEN, number), (pl.col("other"), code("other-unit"))]
    if wrong.any():
        rules.append((pl.lit(wrong), code("wrong-unit")))
    if recipe.refused:
        rules.append((pl.col("meter").is_in(list(recipe.refused)), code("primary")))
    verdict = code("taken")
    for rule, answer in reversed(rules):
        verdict = pl.when(rule).then(answer).otherwise(verdict)
    return frame.with_columns(verdict.alias("verdict")).drop("number", "other")
