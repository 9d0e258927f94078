"""Findings in the series of one meter after the other: gaps, zeros, spikes, flat lines, edges.

All take `steps`: `meter, at, until` (ms, UTC), `energy` (of the meter's sums, before its multiplier),
`month` (local), sorted by meter and instant, usable ones only; `meters`: `meter, carrier, role,
cumulative, interval` (minutes), `parent`. All give rows: code, meter, first, last, count, measure.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from lingtan.metering.limits import Limits

ROWS: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String,
    "meter": pl.String,
    "first": pl.Datetime("ms", "UTC"),
    "last": pl.Datetime("ms", "UTC"),
    "count": pl.Int64,
    "measure": pl.String,
}
Window = tuple[datetime, datetime]
_MINUTES = 60_000


def _rows(frame: pl.DataFrame, code: str, *, measure: str | None = None) -> pl.DataFrame:
    shown = pl.lit("") if measure is None else _text(measure)
    return frame.select(
        pl.lit(code).alias("code"),
        "meter",
        "first",
        "last",
        pl.col("count").cast(pl.Int64),
        shown.alias("measure"),
    ).cast(ROWS)  # type: ignore[arg-type]


def _text(column: str) -> pl.Expr:
    return pl.col(column).round(6).cast(pl.String).str.strip_suffix(".0")


def find_gaps(steps: pl.DataFrame, meters: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Time between two usable steps that no step explains, and register steps over several intervals."""
    joined = steps.join(
        meters.select("meter", "interval", "cumulative"), on="meter", how="left", maintain_order="left"
    )
    follows = pl.col("meter").shift(-1) == pl.col("meter")
    ms = pl.col("interval") * _MINUTES
    begin = (
        pl.when("cumulative")
        .then(pl.col("at").dt.offset_by("0s") + pl.duration(milliseconds=ms))
        .otherwise("until")
    )
    end = pl.when("cumulative").then("until").otherwise(pl.when(follows).then(pl.col("at").shift(-1)))
    found = (
        joined.with_columns(begin.alias("begin"), end.alias("end"))
        .with_columns(((pl.col("end") - pl.col("begin")).dt.total_milliseconds() / ms).round().alias("count"))
        .filter(pl.col("count") >= 1)
        .with_columns(first="begin", last=pl.col("end") - pl.duration(milliseconds=ms))
    )
    return _rows(found, "gap")


def find_zeros(doubted: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Doubted zeros (`meter, at`) as spans of readings that follow one another."""
    numbered = (
        steps.select("meter", "at").with_row_index("place").join(doubted, on=["meter", "at"], how="semi")
    )
    runs = numbered.sort("place").with_columns((pl.col("place") - pl.int_range(pl.len())).alias("run"))
    found = runs.group_by("meter", "run", maintain_order=True).agg(
        pl.col("at").min().alias("first"), pl.col("at").max().alias("last"), pl.len().alias("count")
    )
    return _rows(found, "zeros")


def find_spikes(steps: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """One or two intervals far above the meter's median and its high values, and above its neighbours."""
    energy, meter = pl.col("energy"), pl.col("meter")
    multiple, beside = float(limits.spike_multiple.value), float(limits.spike_neighbours.value)
    usual = energy.filter(energy > 0).median().over("meter")
    lower = [
        pl.when(meter.shift(n) == meter).then(energy.shift(n)) * beside <= energy for n in (1, 2, -1, -2)
    ]
    before, before2, after, after2 = (one.fill_null(False) for one in lower)
    alone = (before & after) | (before & after2) | (before2 & after)
    high = energy.quantile(_HIGH).over("meter") * 2
    found = steps.filter((usual > 0) & (energy >= usual * multiple) & (energy >= high) & alone).with_columns(
        first="at", last="at", count=pl.lit(1)
    )
    return _rows(found, "spike", measure="energy")


_HIGH = 0.99  # a meter that often peaks has no spikes


def find_flat(steps: pl.DataFrame, meters: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """One value other than zero repeated for a day or longer, where that is hardly chance.

    A meter of coarse steps, or one that idles, repeats itself often: how often this value of this
    meter was followed by itself, outside the run, says how likely so long a run is.
    """
    energy, meter = pl.col("energy"), pl.col("meter")
    changes = (energy != energy.shift(1)) | (meter != meter.shift(1))
    runs = (
        steps.with_columns(changes.fill_null(True).cum_sum().alias("run"))
        .group_by("meter", "run", "energy", maintain_order=True)
        .agg(pl.col("at").min().alias("first"), pl.col("at").max().alias("last"), pl.len().alias("count"))
    )
    of_value = runs.group_by("meter", "energy").agg(
        pl.len().alias("runs"), pl.col("count").sum().alias("times")
    )
    fine = of_value.group_by("meter").agg(pl.len().alias("values")).filter(pl.col("values") >= _FINE)
    others = pl.col("times") - pl.col("count")
    repeats = (others - (pl.col("runs") - 1)).cast(pl.Float64)
    again = pl.when(others > 0).then(repeats / others).otherwise(0.0)
    found = (
        runs.join(fine, on="meter", how="semi")
        .join(of_value, on=["meter", "energy"], how="left", maintain_order="left")
        .join(meters.select("meter", "interval"), on="meter", how="left", maintain_order="left")
        .filter(pl.col("count") * pl.col("interval") >= float(limits.flat_run.value) * 60)
        .filter((energy > 0) & (pl.col("count") >= _FEWEST))
        .filter(again.pow(pl.col("count") - 1) * pl.col("runs") < _CHANCE)
    )
    return _rows(found, "flat", measure="energy")


_FEWEST = 12  # readings in a row, so that daily readings are not called flat for one day
_FINE = 200  # different values: fewer are those of a coarse meter, of which nothing can be said
_CHANCE = 1e-6


def find_dead(steps: pl.DataFrame, meters: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Supplies and generation that read nothing for a month or longer, heating in summer aside."""
    zero = pl.col("energy") == 0
    changes = (zero != zero.shift(1)) | (pl.col("meter") != pl.col("meter").shift(1))
    runs = (
        steps.with_columns(changes.fill_null(True).cum_sum().alias("run"))
        .filter(zero)
        .group_by("meter", "run", maintain_order=True)
        .agg(
            pl.col("at").min().alias("first"), pl.col("at").max().alias("last"),
            pl.col("until").max().alias("end"), pl.len().alias("count"),
        )
    )  # fmt: skip
    days = (pl.col("end") - pl.col("first")).dt.total_milliseconds() / (_MINUTES * 1440)
    found = (
        runs.join(meters.select("meter", "carrier", "role"), on="meter", how="left", maintain_order="left")
        .filter(days >= float(limits.dead_days.value))
        .filter(
            pl.col("role").is_in(["supply", "generation"]) & pl.col("carrier").is_in(["electricity", "water"])
        )
    )
    return _rows(found, "dead")


def find_clipped(steps: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """A maximum far above the mean that stands more than once."""
    energy = pl.col("energy")
    top = steps.filter(energy == energy.max().over("meter"), energy >= energy.mean().over("meter") * 1.0)
    mean = steps.group_by("meter").agg(energy.mean().alias("mean"))
    found = (
        top.group_by("meter", maintain_order=True)
        .agg(
            pl.col("at").min().alias("first"), pl.col("at").max().alias("last"),
            pl.len().alias("count"), energy.first(),
        )
        .join(mean, on="meter")
        .filter((pl.col("count") > 1) & (energy > 0))
        .filter(energy >= pl.col("mean") * float(limits.clip_multiple.value))
    )  # fmt: skip
    return _rows(found, "clipped", measure="energy")


def find_edges(steps: pl.DataFrame, window: Window, limits: Limits) -> pl.DataFrame:
    """Readings that begin late in the year, or end early."""
    begin, end = (pl.lit(one, dtype=pl.Datetime("ms", "UTC")) for one in window)
    spans = steps.group_by("meter", maintain_order=True).agg(
        pl.col("at").min().alias("from"), pl.col("until").max().alias("to"), pl.len().alias("count")
    )
    days = pl.duration(days=int(limits.edge_days.value))
    late = spans.filter(pl.col("from") - begin > days).with_columns(first=begin, last="from")
    early = spans.filter(end - pl.col("to") > days).with_columns(first="to", last=end)
    return pl.concat([_rows(late, "late-start"), _rows(early, "early-end")])
