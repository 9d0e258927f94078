"""Stamps of any common form as UTC instants; what no clock shows or shows twice is told, not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from lingtan.metering.importing.stamp_forms import (
    NAIVE,
    UTC_MS,
    as_text,
    is_counted,
    read_alike,
    read_counted,
    read_parts,
    read_typed,
)
from lingtan.metering.importing.verdicts import CODE, TAKEN

DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Clock:
    """How stamps are read: zone of those without offset (None: refused), order of day and month.

    `closes_day`: 00:00 is the end of the day it names, as 24:00 is.
    """

    zone: str | None
    day_first: bool | None = None
    closes_day: bool = False
    days_1904: bool = False

    def read(self, stamps: pl.Series, clocks: pl.Series | None = None) -> pl.DataFrame:
        """`local` (naive), `at` (UTC), `verdict`, `late` (a stamp 24:00) for each stamp.

        `clocks` are times of day that belong to dates in `stamps`.
        """
        frame = self._parsed(stamps, clocks)
        if self.closes_day:
            midnight = pl.col("local").dt.time() == pl.time(0, 0)
            moved = pl.when(midnight & ~pl.col("late")).then(pl.col("local") + pl.duration(days=1))
            frame = frame.with_columns(moved.otherwise("local").alias("local"))
        return frame

    def place(self, frame: pl.DataFrame, folds: pl.Series | None = None) -> pl.DataFrame:
        """`at` and `verdict` where only `local` is known. `folds`: 0 or 1 where order has told."""
        need = frame["at"].is_null() & frame["local"].is_not_null()
        if not need.any():
            return frame
        if self.zone is None:
            bare = pl.when(need).then(pl.lit(CODE["without-offset"], dtype=pl.UInt8)).otherwise("verdict")
            return frame.with_columns(bare.alias("verdict"))
        at, verdict = localise(frame["local"], self.zone, folds)
        return frame.with_columns(
            pl.coalesce(pl.col("at"), at).alias("at"),
            pl.when(need & (verdict != TAKEN)).then(verdict).otherwise("verdict").alias("verdict"),
        )

    def _parsed(self, stamps: pl.Series, clocks: pl.Series | None) -> pl.DataFrame:
        kind = stamps.dtype
        if isinstance(kind, pl.Date):
            stamps = stamps.cast(NAIVE) if clocks is None else stamps.cast(pl.String)
        if isinstance(stamps.dtype, pl.Datetime):
            return read_typed(stamps)
        text = as_text(stamps)
        if clocks is not None:
            text = text.str.replace(r"[T\s]+00:00(:00)?(\.0+)?$", "") + " " + as_text(clocks)
        elif stamps.dtype.is_numeric() or is_counted(text):
            return read_counted(text.cast(pl.Float64, strict=False), self.days_1904)
        return self._from_text(text)

    def _from_text(self, text: pl.Series) -> pl.DataFrame:
        frame = read_alike(text, self.day_first)
        odd = (frame["local"].is_null() & frame["at"].is_null() & text.is_not_null()).arg_true()
        if len(odd):
            slow = read_parts(text.gather(odd), self.day_first)
            columns = [frame[name].scatter(odd, slow[name]) for name in ("local", "at", "late")]
            frame = frame.with_columns(columns)
        known = pl.col("local").is_not_null() | pl.col("at").is_not_null()
        verdict = pl.when(known).then(TAKEN).otherwise(CODE["bad-time"]).cast(pl.UInt8)
        return frame.with_columns(verdict.alias("verdict"))


def _steady_offset(local: pl.Series, zone: str) -> timedelta | None:
    """The offset of the zone, if it is one from a day before to a day after all of `local`."""
    first, last = local.min(), local.max()
    if (
        not isinstance(first, datetime)
        or not isinstance(last, datetime)
        or not 1900 < first.year <= last.year < 2200
    ):
        return None
    days = range(-1, (last - first).days + 3)
    rule = ZoneInfo(zone)
    offsets = {rule.utcoffset(first + timedelta(days=day)) for day in days}
    return offsets.pop() if len(offsets) == 1 else None


def localise(local: pl.Series, zone: str, folds: pl.Series | None = None) -> tuple[pl.Series, pl.Series]:
    """Wall clock of `zone` as UTC instants, and verdicts: some times no clock shows, some it shows twice."""
    steady = _steady_offset(local, zone)
    if steady is not None:
        at = (local - steady).dt.replace_time_zone("UTC").cast(UTC_MS)
        return at, pl.Series("verdict", [TAKEN], dtype=pl.UInt8).new_from_index(0, len(local))
    sure = local.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    doubtful = (sure.is_null() & local.is_not_null()).arg_true()
    at = sure.dt.convert_time_zone("UTC").cast(UTC_MS)
    verdict = pl.Series("verdict", [TAKEN], dtype=pl.UInt8).new_from_index(0, len(local))
    if not len(doubtful):
        return at, verdict
    some = local.gather(doubtful)
    early, late = (
        some.dt.replace_time_zone(zone, ambiguous=which, non_existent="null")
        .dt.convert_time_zone("UTC")
        .cast(UTC_MS)
        for which in ("earliest", "latest")
    )
    fold = folds.gather(doubtful) if folds is not None else pl.Series([None] * len(some), dtype=pl.Int8)
    chosen = pl.select(pl.when(fold == 0).then(early).when(fold == 1).then(late)).to_series()
    codes = pl.select(
        pl.when(early.is_null())
        .then(CODE["no-such-time"])
        .when(fold.is_null())
        .then(CODE["exists-twice"])
        .otherwise(TAKEN)
        .cast(pl.UInt8)
    ).to_series()
    return at.scatter(doubtful, chosen), verdict.scatter(doubtful, codes)
