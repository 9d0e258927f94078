"""Readings in the one form the lake stores and the kernel takes: meter codes and whole numbers.

A value is a whole number times ten to the meter's exponent (`123` with exponent -2 is 1.23), so
that sums come out equal in every engine and every order of rows.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

CODED: dict[str, pl.DataType | type[pl.DataType]] = {
    "meter": pl.Int32,
    "at": pl.Datetime("ms", "UTC"),
    "value": pl.Int64,
}
"""Whole meters, sorted by `meter` and `at`, each instant of a meter once."""

FINEST = -9
_EXACT = 2.0**53  # float64 holds every whole number below
_DIGITS = 1e12  # of a total that is no decimal: leaves int64 room for a factor of a million


def is_ordered(readings: pl.DataFrame) -> bool:
    """Whether rows are sorted by meter and instant, each instant of a meter once."""
    if readings.height < 2:
        return True
    meter, at = readings["meter"].to_numpy(), readings["at"].to_physical().to_numpy()
    same, later = meter[1:] == meter[:-1], at[1:] > at[:-1]
    return bool(np.all((meter[1:] > meter[:-1]) | (same & later)))


def whole_numbers(
    values: NDArray[np.float64], *, total: float | None = None
) -> tuple[NDArray[np.int64], int]:
    """`values` as whole numbers, and the exponent of ten that goes with them.

    The exponent is the largest of 0 … -9 with which every value is met exactly. Values that are no
    such decimals (binary fractions of a converter) are rounded so that their `total` (default: the
    sum of their sizes; for a register its range) has twelve digits. ValueError for values that are
    not finite or reach 2^53.
    """
    largest = float(np.max(np.abs(values), initial=0.0))
    if not largest < _EXACT:
        raise ValueError(f"not a value of a meter: {largest}")
    for exponent in range(0, FINEST - 1, -1):
        power = 10.0**-exponent
        if largest * power >= _EXACT:
            break
        whole = np.rint(values * power)
        if np.array_equal(whole / power, values):
            return whole.astype(np.int64), exponent
    size = float(np.abs(values).sum()) if total is None else max(total, 1.0)
    room = np.log10(min(_DIGITS / size, _EXACT / largest))
    exponent = max(-max(int(np.floor(room)), 0), FINEST)
    return np.rint(values * 10.0**-exponent).astype(np.int64), exponent
