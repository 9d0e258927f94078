"""Units of a file turned into those of the register, in whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from lingtan.metering.importing.values import MOST_DECIMALS
from lingtan.metering.importing.words import find_unit
from lingtan.quantities import UnitError, scale

_DIGITS = 12  # of a factor that is no decimal (1 GJ is 277.777… kWh)
NO_UNIT = ""


class Factors:
    """Factors by number of the meter and unit of the file. `units`: of the register, by number."""

    def __init__(self, units: Mapping[int, str]) -> None:
        self._units = units
        self._found: dict[tuple[int, str], Decimal | None] = {}

    def factor(self, meter: int, unit: str) -> Decimal | None:
        """What a value in `unit` is multiplied by for `meter`; None if it measures something else."""
        key = (meter, unit)
        if key not in self._found:
            target = self._units.get(meter, NO_UNIT)
            self._found[key] = Decimal(1) if NO_UNIT in (unit, target) else _scale(unit, target)
        return self._found[key]

    def named(self, stated: pl.Series, otherwise: pl.Expr) -> pl.Expr:
        """Units beside the values as ours are named; what is no unit stays as it stands."""
        cells = stated.unique().drop_nulls().to_list()
        known = {cell: find_unit(cell) or cell.strip() for cell in cells if cell.strip()}
        if not known:
            return otherwise
        unit = pl.lit(stated).replace_strict(
            list(known), list(known.values()), default=None, return_dtype=pl.String
        )
        return pl.coalesce(unit, otherwise)

    def apply(self, frame: pl.DataFrame, decimals: int) -> tuple[pl.Series, int, pl.Series]:
        """`whole` in the units of the register, its decimals, and rows whose unit does not fit."""
        pairs = _pairs(frame)
        factors = {(meter, unit): self.factor(meter, unit) for meter, unit in pairs}
        wrong = [pair for pair, factor in factors.items() if factor is None]
        whole = frame["whole"]
        none = pl.Series([False]).new_from_index(0, frame.height)
        if all(factor == 1 for factor in factors.values()):
            return whole, decimals, none
        extra, ints = _integers({pair: factor or Decimal(1) for pair, factor in factors.items()})
        table = pl.DataFrame(
            [(meter, unit, number, (meter, unit) in wrong) for (meter, unit), number in ints.items()],
            schema={"meter": pl.Int32, "unit": pl.String, "by": pl.Int128, "wrong": pl.Boolean},
            orient="row",
        )
        joined = frame.select("meter", "unit", "whole").join(
            table, on=["meter", "unit"], how="left", maintain_order="left"
        )
        product = joined.select(pl.col("whole") * pl.col("by")).to_series()
        return *_reduced(product, decimals + extra), joined["wrong"]


def _pairs(frame: pl.DataFrame) -> list[tuple[int, str]]:
    """Meters and units of a block; most blocks have one unit."""
    if (frame["unit"] == frame["unit"][0]).all():
        return [(meter, frame["unit"][0]) for meter in frame["meter"].unique().to_list()]
    return frame.select("meter", "unit").unique().rows()


def _scale(unit: str, target: str) -> Decimal | None:
    try:
        factor = scale(unit, target)
    except UnitError:
        return None
    return (
        factor if len(factor.normalize().as_tuple().digits) <= _DIGITS else Decimal(f"{factor:.{_DIGITS}g}")
    )


def _integers(factors: Mapping[tuple[int, str], Decimal]) -> tuple[int, dict[tuple[int, str], int]]:
    """Factors as whole numbers times ten to the same power, and how many decimals that adds."""
    places = [max(-int(factor.normalize().as_tuple().exponent), 0) for factor in factors.values()]
    extra = max(places, default=0)
    return extra, {pair: int(factor.scaleb(extra)) for pair, factor in factors.items()}


def _reduced(whole: pl.Series, decimals: int) -> tuple[pl.Series, int]:
    """With as many decimals as are kept, rounded half away from zero."""
    if decimals <= MOST_DECIMALS:
        return whole, decimals
    by = pl.lit(10 ** (decimals - MOST_DECIMALS), dtype=pl.Int128)
    half = pl.lit(10 ** (decimals - MOST_DECIMALS) // 2, dtype=pl.Int128)
    size = (pl.col("w").abs() + half) // by
    rounded = (
        pl.DataFrame({"w": whole})
        .select(pl.when(pl.col("w") < 0).then(size * pl.lit(-1, dtype=pl.Int128)).otherwise(size))
        .to_series()
    )
    return rounded, MOST_DECIMALS
