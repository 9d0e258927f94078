"""Sums that come out equal on every machine, in every order of rows.

A float sum depends on the order of its terms, and an engine's order depends on its threads. So
each value is split into whole numbers, which add up exactly in any order: thousandths where all
values are decimals of at most three places, else two limbs of a binary fraction (2^-20, 2^-60).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

LARGEST = 1e9
"""Values up to this add up without overflow for nine million readings a meter and month."""
_HIGH, _LOW = 2**20, 2**40


def milli(value: pl.Expr) -> pl.Expr:
    """`value` in thousandths as int64 where it is exactly such a decimal, else null."""
    whole = (value * 1000).round().cast(pl.Int64, strict=False)
    return pl.when((whole / 1000) == value).then(whole)


def limbs(value: pl.Expr) -> list[pl.Expr]:
    """Aggregations for `total`: sums of thousandths and limbs, and how many are no thousandths."""
    scaled = value * _HIGH
    high = scaled.round()
    return [
        milli(value).sum().alias("milli"),
        milli(value).is_null().sum().alias("not_milli"),
        high.cast(pl.Int64).sum().alias("high"),
        ((scaled - high) * _LOW).round().cast(pl.Int64).sum().alias("low"),
    ]


def total(row: Mapping[str, Any]) -> Decimal:
    """The sum out of the columns of `limbs`: exact, or the nearest float written as a decimal."""
    if not row["not_milli"]:
        return Decimal(row["milli"]) / 1000
    return Decimal(repr((row["high"] * _LOW + row["low"]) / (_HIGH * _LOW)))
