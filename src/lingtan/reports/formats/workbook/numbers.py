"""Numbers in cells: the nearest value that a spreadsheet holds, and the format that prints it.

A spreadsheet rounds ties away from zero, GB/T 8170 to even. Where the two would print different digits the
cell shows one digit more, which is exact: a workbook never shows another number than the other formats.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from lingtan.dossier.cells import decimal_of_float
from lingtan.reports.formats.plain import shown
from lingtan.reports.records import Amount

MOST_DECIMALS = 30  # of a number format of Excel
_LONGEST_UNIT = 60
_LARGEST = Decimal("9.99e307")
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)


def cell_value(amount: Amount) -> float | None:
    """The double nearest to the exact value; None if a cell cannot hold it or its unit."""
    if amount.value is None or abs(amount.value) > _LARGEST or len(amount.unit) > _LONGEST_UNIT:
        return None
    return float(amount.value)


def number_format(amount: Amount) -> str:
    """The number format of an amount that has a `cell_value`."""
    assert amount.value is not None
    if amount.digits is None:
        decimals = min(max(0, -int(amount.value.as_tuple().exponent)), MOST_DECIMALS)
        return _format(decimals, amount.unit, unsigned=False)
    printed, drawn = amount.rounded, _as_drawn(amount.value, amount.digits)
    decimals = amount.digits if drawn == printed else amount.digits + 1
    return _format(min(decimals, MOST_DECIMALS), amount.unit, unsigned=amount.value < 0 and not drawn)


def _as_drawn(value: Decimal, digits: int) -> Decimal:
    """What a spreadsheet would print: from 15 digits, ties away from zero."""
    return decimal_of_float(float(value)).quantize(Decimal(1).scaleb(-digits), context=_WIDE)


@lru_cache(maxsize=4096)
def _format(decimals: int, unit: str, *, unsigned: bool) -> str:
    """`unsigned` is for what is printed as zero, so that no minus stands before it."""
    number = "#,##0" + ("." + "0" * decimals if decimals else "")
    if unit:
        words = shown(f" {unit}").replace("\n", " ")
        number += "".join(f"\\{char}" for char in words) if '"' in words else f'"{words}"'
    return f"{number};{number}" if unsigned else number
