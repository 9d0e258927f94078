"""Steps of many meters as plain arrays, one meter after the other: what the finders work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Window = tuple[datetime, datetime]

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
_INSTANT_BITS = 42  # milliseconds from 1970 to 2109

ROWS: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String,
    "meter": pl.String,
    "first": pl.Datetime("ms", "UTC"),
    "last": pl.Datetime("ms", "UTC"),
    "count": pl.Int64,
    "measure": pl.String,
}
"""What every finder gives: `first` and `last` are the instants it is about, `count` how many readings."""


@dataclass(frozen=True)
class Series:
    """Usable steps in order of meter and instant.

    `meters` has one row per meter, in order: `meter, carrier, role, parent, cumulative, interval_ms`
    (0: not known). Of each step: `code` (row of `meters`), `at` and `until` (ms since 1970),
    `energy`, `month` (local), `good` (not doubted), `ordinary` (not over a gap of a register).
    """

    meters: pl.DataFrame
    code: Whole
    at: Whole
    until: Whole
    energy: Floats
    month: Whole
    good: Bools
    ordinary: Bools

    @cached_property
    def starts(self) -> Whole:
        """Where each meter begins, and the end."""
        return np.searchsorted(self.code, np.arange(self.meters.height + 1)).astype(np.int64)

    @cached_property
    def interval(self) -> Whole:
        """The interval of each meter in milliseconds, 0 where it is not known."""
        return self.meters["interval_ms"].to_numpy()

    @cached_property
    def follows(self) -> Bools:
        """Whether a step begins where the one before it ended, in the same meter."""
        found = np.zeros(len(self.code), bool)
        found[1:] = (self.code[1:] == self.code[:-1]) & (self.at[1:] <= self.until[:-1])
        return found

    def of(self, code: int) -> slice:
        """The rows of a meter."""
        return slice(int(self.starts[code]), int(self.starts[code + 1]))

    def only(self, kept: Bools) -> Series:
        """The steps of `kept`, of the same meters."""
        parts = (getattr(self, name)[kept] for name in _PER_STEP)
        return Series(self.meters, *parts)

    def find_runs(self, same: Bools) -> tuple[Whole, Whole]:
        """First row and length of each run; `same` says whether a row is like the one before it.

        A run ends where readings are missing and where a meter ends.
        """
        first = np.flatnonzero(~(same & self.follows)).astype(np.int64)
        return first, np.diff(np.append(first, len(self.code)))

    def rows(
        self, finding: str, first: Whole, last: Whole, *, count: Whole, measure: Sequence[str] = ()
    ) -> pl.DataFrame:
        """ROWS with the instants of the rows `first` and `last`."""
        span = self.at[first], self.at[last]
        return build_rows(finding, self, self.code[first], span, count=count, measure=measure)


_PER_STEP = ("code", "at", "until", "energy", "month", "good", "ordinary")


def build_rows(  # noqa: PLR0913
    finding: str, series: Series, code: Whole, span: tuple[Whole, Whole], *,
    count: Whole, measure: Sequence[str] = (),
) -> pl.DataFrame:  # fmt: skip
    """ROWS of one code of finding; `code` are rows of `series.meters`, `span` is in milliseconds."""
    columns = {
        "code": pl.Series([finding], dtype=pl.String).new_from_index(0, len(code)),
        "meter": series.meters["meter"].gather(code),
        "first": span[0],
        "last": span[1],
        "count": count,
        "measure": pl.Series(measure or [""] * len(code), dtype=pl.String),
    }
    return pl.DataFrame(columns).cast(ROWS)  # type: ignore[arg-type]


def plain(values: Floats) -> list[str]:
    """Numbers as people read them: six decimals at most."""
    return [f"{value:.6f}".rstrip("0").rstrip(".") for value in values.tolist()]


def lay_out(steps: pl.DataFrame, meters: pl.DataFrame, doubted: pl.DataFrame) -> Series:
    """Steps (`meter, at, until, energy, month`, in order) with what the register says of their meters."""
    runs = steps["meter"].rle().struct.unnest()
    facts = (
        runs.select(pl.col("value").alias("meter"))
        .join(meters, on="meter", how="left", maintain_order="left")
        .with_columns((pl.col("interval").fill_null(0) * MINUTE_MS).cast(pl.Int64).alias("interval_ms"))
    )
    code = np.repeat(np.arange(runs.height, dtype=np.int64), runs["len"].to_numpy())
    at, until = (_milliseconds(steps[name]) for name in ("at", "until"))
    interval, is_register = facts["interval_ms"].to_numpy(), facts["cumulative"].to_numpy().astype(bool)
    return Series(
        facts,
        code,
        at,
        until,
        steps["energy"].cast(pl.Float64).to_numpy(),
        steps["month"].cast(pl.Int64).to_numpy(),
        ~_is_among(code, at, facts["meter"], doubted),
        ~is_register[code] | (2 * (until - at) <= 3 * interval[code]),
    )


def _milliseconds(instants: pl.Series) -> Whole:
    found: Whole = instants.dt.epoch("ms").to_numpy()
    return found


def _is_among(code: Whole, at: Whole, names: pl.Series, doubted: pl.DataFrame) -> Bools:
    """Whether a step is one of `doubted` (`meter, at`)."""
    found = np.zeros(len(code), bool)
    if doubted.is_empty():
        return found
    codes = pl.DataFrame({"meter": names, "code": np.arange(len(names), dtype=np.int64)})
    wanted = doubted.select("meter", "at").join(codes, on="meter")
    keys = (wanted["code"].to_numpy() << _INSTANT_BITS) + _milliseconds(wanted["at"])
    have = (code << _INSTANT_BITS) + at
    place = np.minimum(np.searchsorted(have, keys), len(have) - 1)
    found[place[have[place] == keys]] = True
    return found
