"""What a whole table holds, gathered block by block: counts, ranges, decimals, repeated instants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from lingtan.metering.importing.cells import Cells
from lingtan.metering.importing.values import MOST_DECIMALS
from lingtan.metering.importing.verdicts import CODE, TAKEN

MOST_REPEATS_CHECKED = 8_000_000  # readings of a table; beyond, repeats are left to the lake
SAMPLE_ROWS = 400_000
_MOST_TWICE = 2_000_000
_MERGE_AT = 64
Schema = Mapping[str, pl.DataType | type[pl.DataType]]


@dataclass(slots=True)
class Survey:
    """Grows with every block. `meters`: a row per meter; `left`: a row per verdict and column."""

    taken: int = 0
    blank: int = 0
    late: bool = False
    is_checked: bool = True
    _meters: list[pl.DataFrame] = field(default_factory=list)
    _left: list[pl.DataFrame] = field(default_factory=list)
    _keys: list[pl.DataFrame] = field(default_factory=list)
    _sample: list[pl.DataFrame] = field(default_factory=list)
    _twice: list[pl.DataFrame] = field(default_factory=list)
    _sampled: int = 0

    def add(self, cells: Cells) -> None:
        """Count one block."""
        frame = cells.frame
        good = frame.filter(pl.col("verdict") == TAKEN)
        self.taken += good.height
        self.late = self.late or bool(good["late"].any())
        rest = frame.filter(pl.col("verdict") != TAKEN)
        blank = rest.filter(pl.col("verdict") == CODE["blank"])
        self.blank += blank.height
        self._left.append(_left_out(rest.filter(pl.col("verdict") != CODE["blank"])))
        if not good.is_empty():
            self._meters.append(_measured(good, cells.decimals))
        self._keep(frame, good, cells.decimals)
        for name in ("_meters", "_left"):
            frames: list[pl.DataFrame] = getattr(self, name)
            if len(frames) >= _MERGE_AT:
                frames[:] = [_merged(frames) if name == "_meters" else _merged_left(frames)]

    def _keep(self, frame: pl.DataFrame, good: pl.DataFrame, decimals: int) -> None:
        if self._sampled < SAMPLE_ROWS:
            value = (pl.col("whole").cast(pl.Float64) / 10**decimals).alias("value")
            part = good.select("meter", "at", value).head(SAMPLE_ROWS - self._sampled)
            self._sample.append(part)
            self._sampled += part.height
        twice = frame.filter(pl.col("verdict") == CODE["exists-twice"])
        if not twice.is_empty() and sum(part.height for part in self._twice) < _MOST_TWICE:
            self._twice.append(twice.select("row", "meter", "local", "whole"))
        self.is_checked = self.is_checked and self.taken <= MOST_REPEATS_CHECKED
        if self.is_checked:
            value = (pl.col("whole").cast(pl.Float64) / 10**decimals).alias("value")
            self._keys.append(good.select("meter", "at", value, "row"))
        else:
            self._keys.clear()

    def meters(self) -> pl.DataFrame:
        """A row per meter: readings, ranges, sizes, decimals needed."""
        return _merged(self._meters) if self._meters else pl.DataFrame(schema={"meter": pl.Int32})

    def left(self) -> Iterator[dict[str, object]]:
        """Per verdict and column: how many, the first row, what stands there."""
        return _merged_left(self._left).iter_rows(named=True) if self._left else iter(())

    def sample(self) -> pl.DataFrame:
        """The first readings: `meter, at, value`."""
        return pl.concat(self._sample) if self._sample else pl.DataFrame(schema=_SAMPLE)

    def twice(self) -> pl.DataFrame:
        """Cells at wall-clock times that a clock shows twice: `row, meter, local, whole`."""
        return pl.concat(self._twice) if self._twice else pl.DataFrame(schema=_TWICE)

    def repeats(self) -> pl.DataFrame:
        """Instants of a meter with several readings: `meter, at, rows, differ, row` (the second)."""
        keys = pl.concat(self._keys) if self._keys else pl.DataFrame(schema={**_SAMPLE, "row": pl.Int64})
        key = keys.select(pl.col("meter").cast(pl.UInt64).hash(17) ^ pl.col("at").hash(3)).to_series()
        if key.n_unique() == len(key):
            return keys.head(0).group_by("meter", "at").agg(*_REPEAT)
        return (
            keys.filter(key.is_duplicated()).group_by("meter", "at").agg(*_REPEAT).filter(pl.col("rows") > 1)
        )


_SAMPLE: Final[Schema] = {"meter": pl.Int32, "at": pl.Datetime("ms", "UTC"), "value": pl.Float64}
_TWICE: Final[Schema] = {"row": pl.Int64, "meter": pl.Int32, "local": pl.Datetime("ms"), "whole": pl.Int128}
_REPEAT = (
    pl.len().alias("rows"),
    (pl.col("value").n_unique() > 1).alias("differ"),
    pl.col("row").sort().slice(1, 1).first().alias("row"),
)


def _measured(good: pl.DataFrame, decimals: int) -> pl.DataFrame:
    value = pl.col("value")
    frame = good.select(
        "meter", "at", "local", "column", "row", "unit", "whole",
        (pl.col("whole").cast(pl.Float64) / 10**decimals).alias("value"),
    )  # fmt: skip
    return frame.group_by("meter").agg(
        pl.len().alias("count"),
        pl.col("at").min().alias("first"),
        pl.col("at").max().alias("last"),
        pl.col("local").min().alias("local_first"),
        pl.col("local").max().alias("local_last"),
        pl.col("column").first(),
        pl.col("unit").first(),
        (value < 0).sum().alias("negative"),
        pl.col("row").filter(value < 0).min().alias("negative_row"),
        (value == 0).sum().alias("zeros"),
        value.abs().sum().alias("size"),
        value.min().alias("least"),
        value.max().alias("most"),
        (value == value.max()).sum().alias("at_most"),
        _needed(decimals).alias("decimals"),
    )


def _needed(decimals: int) -> pl.Expr:
    """Decimals without trailing zeros."""
    if decimals == 0:
        return pl.lit(0, dtype=pl.Int64)
    needs = [
        pl.when((pl.col("whole") % pl.lit(10**k, dtype=pl.Int128) != 0).any())
        .then(decimals - k + 1)
        .otherwise(0)
        for k in range(decimals, 0, -1)
    ]
    return pl.max_horizontal(needs).cast(pl.Int64)


def _merged(frames: list[pl.DataFrame]) -> pl.DataFrame:
    if len(frames) == 1:
        return frames[0]
    most = pl.col("most").max()
    return (
        pl.concat(frames)
        .group_by("meter")
        .agg(
            pl.col("count").sum(),
            pl.col("first").min(),
            pl.col("last").max(),
            pl.col("local_first").min(),
            pl.col("local_last").max(),
            pl.col("column").first(),
            pl.col("unit").first(),
            pl.col("negative").sum(),
            pl.col("negative_row").min(),
            pl.col("zeros").sum(),
            pl.col("size").sum(),
            pl.col("least").min(),
            most,
            pl.col("at_most").filter(pl.col("most") == most).sum(),
            pl.col("decimals").max(),
        )
    )


def _left_out(rest: pl.DataFrame) -> pl.DataFrame:
    return rest.group_by("verdict", "column", maintain_order=True).agg(
        pl.len().alias("count"),
        pl.col("row").min(),
        pl.col("raw").first(),
        pl.col("stamp").first(),
        pl.col("name").first(),
        pl.col("unit").first(),
    )


def _merged_left(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return (
        pl.concat(frames)
        .group_by("verdict", "column", maintain_order=True)
        .agg(pl.col("count").sum(), pl.col("row").min(), pl.col("raw", "stamp", "name", "unit").first())
        .sort("verdict", "column")
    )


def decimals_kept(needed: int, largest: float, size: float, most: float, digits: float) -> int:
    """Decimals a meter is stored with: those needed, as far as whole numbers stay below `most`.

    Values with more decimals than are kept (binary fractions) are rounded so that their sum has
    `digits` of ten, as `coded.whole_numbers` does.
    """
    kept = needed
    if needed >= MOST_DECIMALS and size > 0:
        while kept and size * 10**kept > digits:
            kept -= 1
    while kept and largest * 10**kept >= most:
        kept -= 1
    return kept
