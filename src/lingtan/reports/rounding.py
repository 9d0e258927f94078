"""With how many digits a number of a unit is printed: `lingtan_data/reports/rounding.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from lingtan.documents import Record, load_record
from lingtan.reports.records import Amount
from lingtan.trace import Basis, Value


class Rounding(Record):
    """Digits by unit, and for all other units at most `otherwise` without trailing zeros."""

    basis: Basis
    source: str
    otherwise: int
    digits: Mapping[str, int]


@cache
def load_rounding() -> Rounding:
    """The shipped table; EditionError if it is wrong."""
    return load_record(Rounding, "reports", "rounding.yaml")


def amount(  # noqa: PLR0913 keyword-only, each says one thing about the number
    value: Value | float,
    unit: str,
    *,
    path: str = "",
    shown_unit: str = "",
    digits: int | None = None,
    formula: str = "",
) -> Amount:
    """`value` in `unit` as it is printed. What is not a number is not known (None).

    `shown_unit` is printed behind it, empty where a column names it. `digits` overrules the table.
    A float (from a simulation, never from scoring) becomes the decimal of its shortest form.
    """
    exact = _exact(value)
    places = digits if digits is not None else _digits(exact, unit)
    return Amount(exact, places, shown_unit, path, formula)


def _exact(value: Value | float) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float | int):
        return Decimal(repr(value))
    return value if isinstance(value, Decimal) else None


def _digits(value: Decimal | None, unit: str) -> int:
    table = load_rounding()
    if unit in table.digits:
        return table.digits[unit]
    rounded = Amount(value, table.otherwise).rounded
    if rounded is None or not rounded:
        return 0
    return max(0, -int(rounded.normalize().as_tuple().exponent))


def full(value: Decimal | None, *, path: str = "", unit: str = "") -> Amount:
    """A number of a document (factor, limit) with every digit it has."""
    if value is None:
        return Amount(None, None, unit, path)
    return Amount(Decimal(f"{value.normalize():f}"), None, unit, path)


def count(many: int, *, path: str = "", unit: str = "") -> Amount:
    """How many of something."""
    return Amount(Decimal(many), 0, unit, path)
