"""Units and exact arithmetic.

Units are checked when files are loaded; at run time numbers are plain decimals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, localcontext
from functools import cache, wraps
from typing import ParamSpec, TypeVar

import pint

import lingtan_data

EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
WIDE = Context(prec=2000, rounding=ROUND_HALF_EVEN)
UNROUNDED = Context(prec=2000, traps=[Inexact])
"""Sums and differences without any rounding at all; one that did round would be our own bug."""
_TEN_THOUSAND = re.compile(r"10\^4\s*\*?\s*")

P = ParamSpec("P")
R = TypeVar("R")


def exactly(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` with 50 significant decimal digits, whatever the caller's context is."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(EXACT):
            return function(*args, **kwargs)

    return run


def add_exactly(values: Iterable[Decimal]) -> Decimal:
    """The sum with every digit of every value, whatever their order."""
    computed = list(values)  # before the context changes: a generator would compute in the wide one
    with localcontext(UNROUNDED):
        return sum(computed, Decimal(0))


def less(amount: Decimal, *others: Decimal) -> Decimal:
    """`amount` less all `others`, with every digit."""
    return add_exactly((amount, *(other.copy_negate() for other in others)))


def add_up(values: Iterable[Decimal]) -> Decimal:
    """The exact sum, rounded once to the digits of our arithmetic: the same however terms are grouped."""
    return +add_exactly(values)


class UnitError(ValueError):
    """A unit that is not known, or two units that do not measure the same thing."""


@cache
def _registry() -> pint.UnitRegistry[Decimal]:
    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(
        non_int_type=Decimal, cache_folder=None, on_redefinition="ignore"
    )
    registry.load_definitions(str(lingtan_data.path("units.txt")))
    return registry


def normal_unit(text: str) -> str:
    """`text` as our unit names have it: full width folded, `10^4Nm3` is `万Nm3`, `%` percent."""
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = _TEN_THOUSAND.sub("万", folded).replace("·", "*").replace("%", "percent")
    return "dimensionless" if folded in ("", "1") else folded


@cache
@exactly
def _parsed(text: str) -> tuple[Decimal, str]:
    """Scale to base units, and the dimension as text."""
    try:
        unit = _registry().parse_units(normal_unit(text), as_delta=True)
        base = _registry().Quantity(Decimal(1), unit).to_root_units()
    except Exception as error:  # pint raises many kinds for text that is no unit
        raise UnitError(f"not a unit: {text!r}") from error
    return Decimal(base.magnitude), str(_registry().Quantity(1, base.units).dimensionality)


def is_unit(text: str) -> bool:
    """Whether `text` is a unit we know."""
    try:
        _parsed(text)
    except UnitError:
        return False
    return True


def dimension(unit: str) -> str:
    """The dimension of `unit` as text, equal for units that convert. UnitError if unknown."""
    return _parsed(unit)[1]


def same_dimension(one: str, other: str) -> bool:
    """Whether the two units measure the same thing."""
    return dimension(one) == dimension(other)


@cache
@exactly
def scale(source: str, target: str) -> Decimal:
    """What a number in `source` is multiplied by to be one in `target`; UnitError if no kin."""
    (up, from_dimension), (down, to_dimension) = _parsed(source), _parsed(target)
    if from_dimension != to_dimension:
        raise UnitError(f"{source} and {target} do not measure the same thing")
    return up / down


@exactly
def convert(value: Decimal, source: str, target: str) -> Decimal:
    """`value` of unit `source` in unit `target`, exactly where the factor is a decimal."""
    return value * scale(source, target)


def combined_unit(one: str, operator: str, other: str) -> str:
    """The unit of `one * other` or `one / other`."""
    left, right = normal_unit(one), normal_unit(other)
    if right == "dimensionless":
        return one
    return f"({left}) {operator} ({right})"
