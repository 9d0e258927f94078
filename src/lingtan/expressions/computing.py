"""Turning the parts of a formula into closures; three-valued logic, exact decimals.

None is unknown: it spreads through arithmetic and comparison, while `unknown and no` is no and
`unknown or yes` is yes. Division by zero, and a number too large for decimals, is unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from lingtan.expressions.syntax import (
    Aggregate,
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Compute,
    Constant,
    ExpressionError,
    Logic,
    Lookup,
    Membership,
    Name,
    Negation,
    Part,
)
from lingtan.periods import Period, read_period
from lingtan.trace import Value

_ARITHMETIC: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _mismatch(part: Part, found: object) -> ExpressionError:
    return ExpressionError(
        f"此处的值“{found}”类型不对", f"the value '{found}' is of the wrong kind here", part.span[0]
    )


def compiled(part: Part) -> Compute:
    """A function from a lookup of names to the value of `part`. Aggregates raise ExpressionError."""
    match part:
        case Constant(value=value):
            return lambda look: value
        case Name(name=name):
            return lambda look: look(name)
        case Negation():
            return _negation(part)
        case Logic():
            return _logic(part)
        case Arithmetic():
            return _arithmetic(part)
        case Comparison():
            return _comparison(part)
        case Membership():
            return _membership(part)
        case Choice():
            return _choice(part)
        case Call():
            return _call(part)
    return _aggregate(part)


def _negation(part: Negation) -> Compute:
    operand, invert = compiled(part.operand), part.operator == "not"

    def run(look: Lookup) -> Value:
        value = operand(look)
        if value is None:
            return None
        if invert and isinstance(value, bool):
            return not value
        if not invert and isinstance(value, Decimal):
            return -value
        raise _mismatch(part, value)

    return run


def _logic(part: Logic) -> Compute:
    operands, decisive = [compiled(operand) for operand in part.operands], part.operator == "or"

    def run(look: Lookup) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(look)
            if value is None:
                result = None
            elif not isinstance(value, bool):
                raise _mismatch(part, value)
            elif value is decisive:
                return decisive
        return result

    return run


def _arithmetic(part: Arithmetic) -> Compute:
    first = compiled(part.first)
    rest = [(_ARITHMETIC[sign], compiled(operand)) for sign, operand in part.rest]

    def run(look: Lookup) -> Value:
        value = first(look)
        for operate, operand in rest:
            other = operand(look)
            if value is None or other is None:
                value = None
            elif isinstance(value, Decimal) and isinstance(other, Decimal):
                try:
                    value = operate(value, other)
                except ArithmeticError:
                    value = None
            else:
                raise _mismatch(part, other if isinstance(value, Decimal) else value)
        return value

    return run


def is_equal(one: Value, other: Value, part: Part) -> bool | None:
    """Whether two values of one kind are equal; None if one is unknown."""
    if one is None or other is None:
        return None
    if type(one) is not type(other):
        raise _mismatch(part, other)
    return one == other


def _comparison(part: Comparison) -> Compute:
    left, right, compare = compiled(part.left), compiled(part.right), _COMPARE[part.operator]
    is_order = part.operator not in ("==", "!=")

    def run(look: Lookup) -> Value:
        one, other = left(look), right(look)
        if one is None or other is None:
            return None
        if type(one) is not type(other) or (is_order and isinstance(one, str | bool)):
            raise _mismatch(part, other)
        try:
            return bool(compare(one, other))
        except ArithmeticError:
            return None

    return run


def _membership(part: Membership) -> Compute:
    item, options = compiled(part.item), [compiled(option) for option in part.options]

    def run(look: Lookup) -> Value:
        value = item(look)
        found = [is_equal(value, option(look), part) for option in options]
        return True if True in found else None if None in found else False

    return run


def _choice(part: Choice) -> Compute:
    condition, then, otherwise = (compiled(p) for p in (part.condition, part.then, part.otherwise))

    def run(look: Lookup) -> Value:
        holds = condition(look)
        if holds is None:
            return None
        if not isinstance(holds, bool):
            raise _mismatch(part, holds)
        return then(look) if holds else otherwise(look)

    return run


def _call(part: Call) -> Compute:
    function = FUNCTIONS[part.function]
    arguments = [compiled(argument) for argument in part.arguments]

    def run(look: Lookup) -> Value:
        values = [argument(look) for argument in arguments]
        if function.takes_unknown:
            return values[0] is not None
        if None in values:
            return None
        try:
            return function.compute(values)
        except ArithmeticError:
            return None
        except TypeError:
            raise _mismatch(part, values) from None

    return run


def _aggregate(part: Aggregate) -> Compute:
    def run(look: Lookup) -> Value:
        raise ExpressionError(
            "这里不能使用聚合，请先在 terms.yaml 中定义为一个项",
            "no aggregate may stand here: define it as a term first",
            part.span[0],
        )

    return run


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the white list: how many arguments (least, most), and what it does with known ones."""

    arity: tuple[int, int]
    compute: Callable[[list[Value]], Value]
    takes_unknown: bool = False


def _decimals(values: list[Value]) -> list[Decimal]:
    numbers = [value for value in values if isinstance(value, Decimal)]
    if len(numbers) != len(values):
        raise TypeError
    return numbers


def _whole(value: Value) -> int:
    if not isinstance(value, Decimal):
        raise TypeError
    if value != value.to_integral_value() or abs(value) > 9999:
        raise ArithmeticError
    return int(value)


def _years_before(values: list[Value]) -> Value:
    day, years = values
    if not isinstance(day, date):
        raise TypeError
    year = day.year - _whole(years)
    if not 1 <= year <= 9999:
        return None
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def _year_of(values: list[Value]) -> Value:
    value: object = values[0]
    when = read_period(value) if isinstance(value, str) else value
    if when is None:
        return None
    if not isinstance(when, date | Period):
        raise TypeError
    return Decimal(when.year)


def _rounded(values: list[Value]) -> Value:
    value, digits = values
    if not isinstance(value, Decimal):
        raise TypeError
    return value.quantize(Decimal(1).scaleb(-_whole(digits)), rounding=ROUND_HALF_EVEN)


FUNCTIONS: Mapping[str, Function] = {
    "min": Function((2, 50), lambda values: min(_decimals(values))),
    "max": Function((2, 50), lambda values: max(_decimals(values))),
    "known": Function((1, 1), lambda values: True, takes_unknown=True),
    "years_before": Function((2, 2), _years_before),
    "year_of": Function((1, 1), _year_of),
    "rounded": Function((2, 2), _rounded),
}
