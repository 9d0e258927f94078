"""Formulas of virtual meters: `[E001-EL] - [E001-EL-P] * 0.5` as coefficients of meters."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, VisitError

LONGEST = 2000
_DEEPEST = 30
_GRAMMAR = r"""
?sum: product | sum "+" product -> add | sum "-" product -> subtract
?product: atom | product "*" atom -> times
?atom: NUMBER -> number | METER -> meter | "-" atom -> minus | "(" sum ")"
NUMBER: /\d{1,20}(\.\d{1,20})?/
METER: /\[[^\[\]]{1,200}\]/
%ignore /[ \t　]+/
"""

Linear = dict[str, Decimal]
"""Coefficient per meter id; the constant stands under the empty id."""


class FormulaError(ValueError):
    """Why a formula cannot be read, in both languages."""


class _Reader(Transformer[Token, Linear]):
    """Sums and products of linear forms; a product of two that hold meters is none."""

    def number(self, parts: list[Token]) -> Linear:
        return {"": Decimal(parts[0])}

    def meter(self, parts: list[Token]) -> Linear:
        return {parts[0][1:-1].strip(): Decimal(1)}

    def minus(self, parts: list[Linear]) -> Linear:
        return _scaled(parts[0], Decimal(-1))

    def add(self, parts: list[Linear]) -> Linear:
        return _added(parts[0], parts[1])

    def subtract(self, parts: list[Linear]) -> Linear:
        return _added(parts[0], _scaled(parts[1], Decimal(-1)))

    def times(self, parts: list[Linear]) -> Linear:
        for one, other in (parts, parts[::-1]):
            if set(one) <= {""}:
                return _scaled(other, one.get("", Decimal(0)))
        raise FormulaError("两块表不能相乘 two meters cannot be multiplied")


def _scaled(form: Linear, factor: Decimal) -> Linear:
    return {meter: value * factor for meter, value in form.items()}


def _added(one: Linear, other: Linear) -> Linear:
    return {meter: one.get(meter, Decimal(0)) + other.get(meter, Decimal(0)) for meter in {**one, **other}}


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, start="sum", parser="lalr")


def parse_formula(text: str) -> dict[str, Decimal]:
    """Coefficient per meter id, without those that cancel out. FormulaError with the reason."""
    if len(text) > LONGEST or text.count("(") > _DEEPEST or text.count("--") > _DEEPEST:
        raise FormulaError("过长或嵌套过深 too long or nested too deeply")
    try:
        form: Any = _Reader().transform(_parser().parse(text))
    except VisitError as error:
        raise FormulaError(str(error.orig_exc)) from None
    except LarkError as error:
        raise FormulaError(_place(error)) from None
    if form.get("", Decimal(0)):
        raise FormulaError("不能加减常数 no constant may be added")
    return {meter: value for meter, value in sorted(form.items()) if meter and value}


def _place(error: LarkError) -> str:
    column = getattr(error, "column", None)
    if not isinstance(column, int) or column < 1:
        return "公式不完整 it is not complete"
    return f"第 {column} 个字符 character {column}"
