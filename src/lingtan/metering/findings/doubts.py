"""How good the readings of a meter are: steps counted, zeros and clipped values doubted.

A zero is doubted (`suspect`) if
1. the register says that zeros stand for missing readings (if it says they do not, none is), or
2. it lies in a run of exact zeros of `zero_run` hours or longer, on a supply whose median is above
   zero (other than electricity: also only if fewer than `seldom_zero_share` of its readings are
   zero, for standing still in summer is real), or
3. it is an electricity supply with a base load: seldom zero, its other readings never below
   `base_load_share` of the median, or
4. a gas, heat or steam supply reads zero all through a winter month and not in another one.
"""

from __future__ import annotations

import polars as pl

from lingtan.metering.limits import Limits

_HEATING = ("natural_gas", "heat", "steam")


def meter_table(
    steps: pl.DataFrame, meters: pl.DataFrame, limits: Limits
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per meter with steps (counts, zeros, clipped values, first, last), and the doubted zeros.

    `steps` has `meter, at, energy, covered, month`; `meters` also `interval`. Doubted: `meter, at`.
    """
    table = _facts(steps).join(meters, on="meter", how="left")
    suspects = _suspects(steps, table, limits)
    doubted = suspects.group_by("meter").agg(
        pl.len().alias("suspects"),
        pl.col("at").min().alias("suspects_first"),
        pl.col("at").max().alias("suspects_last"),
    )
    clipped = (pl.col("at_highest") > 1) & (
        pl.col("highest") >= pl.col("mean") * float(limits.clip_multiple.value)
    )
    counted = (
        table.join(doubted, on="meter", how="left")
        .with_columns(
            pl.col("suspects").fill_null(0),
            pl.when(clipped & (pl.col("highest") > 0)).then("at_highest").otherwise(0).alias("clipped"),
            pl.when("cumulative")
            .then((pl.col("covered") / pl.col("interval")).floor().cast(pl.Int64))
            .otherwise("readings")
            .alias("present"),
        )
        .sort("meter")
    )
    return counted, suspects


def _facts(steps: pl.DataFrame) -> pl.DataFrame:
    """Per meter: how many steps, their spread, their zeros, the first and the last."""
    energy = pl.col("energy")
    return steps.group_by("meter").agg(
        pl.len().alias("readings"),
        energy.median().alias("median"),
        energy.filter(energy > 0).min().alias("lowest"),
        energy.max().alias("highest"),
        (energy == energy.max()).sum().alias("at_highest"),
        energy.mean().alias("mean"),
        (energy == 0).sum().alias("zeros"),
        pl.col("covered").sum().alias("covered"),
        pl.col("at").min().alias("first"),
        pl.col("at").max().alias("last"),
    )


def _suspects(steps: pl.DataFrame, table: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """The doubted zeros: `meter, at`."""
    if steps.is_empty():
        return steps.select("meter", "at")
    zero = pl.col("energy") == 0
    begins = (zero != zero.shift(1)) | (pl.col("meter") != pl.col("meter").shift(1))
    runs = steps.with_columns(begins.fill_null(True).cum_sum().alias("run"))
    base_load, seldom = (
        float(limit.value) / 100 for limit in (limits.base_load_share, limits.seldom_zero_share)
    )
    is_supply, is_power = pl.col("role") == "supply", pl.col("carrier") == "electricity"
    is_used = is_supply & (pl.col("median") > 0)
    is_seldom_zero = pl.col("zeros") < pl.col("readings") * seldom
    is_long = pl.len().over("run") * pl.col("interval") >= float(limits.zero_run.value) * 60
    in_run = is_used & is_long & (is_power | is_seldom_zero)
    is_dip = is_used & is_power & is_seldom_zero & (pl.col("lowest") >= pl.col("median") * base_load)
    in_winter = is_supply & pl.col("carrier").is_in(_HEATING) & _dead_winter(steps, limits)
    rule = pl.when(pl.col("zero_means_missing").is_null()).then(in_run | is_dip | in_winter)
    return (
        runs.join(table, on="meter", how="left", maintain_order="left")
        .filter(zero & rule.otherwise("zero_means_missing"))
        .select("meter", "at")
    )


def _dead_winter(steps: pl.DataFrame, limits: Limits) -> pl.Expr:
    """Whether a step lies in a winter month that is all zero, of a meter with another that is not."""
    winter = steps.filter(pl.col("month").is_in(limits.winter))
    months = winter.group_by("meter", "month").agg((pl.col("energy") == 0).all().alias("dead"))
    mixed = months.filter(pl.col("dead").any().over("meter") & (~pl.col("dead")).any().over("meter"))
    dead = mixed.filter("dead").select(pl.struct("meter", "month").alias("key"))["key"]
    return pl.struct("meter", "month").is_in(dead.implode()) if len(dead) else pl.lit(False)
