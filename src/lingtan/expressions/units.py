"""What kind and unit a formula has, found when an edition is loaded, so that nothing is checked later.

Adding and comparing need units of equal scale: an edition never converts silently within a formula.
0 fits every unit. Texts compare with texts only, and a text compared with a choice must be one of it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace

from lingtan.expressions.syntax import (
    Aggregate,
    Arithmetic,
    Call,
    Choice,
    Columns,
    Comparison,
    Constant,
    Declared,
    Expression,
    ExpressionError,
    Logic,
    Membership,
    Name,
    Negation,
    Part,
    no_columns,
)
from lingtan.quantities import UnitError, combined_unit, scale

_ANY_UNIT = "any"  # of the literal 0, which fits every unit
_YES_NO = Declared("yes_no")
_ONE = Declared("number", "1")
_KINDS = {
    "number": ("数值", "a number"),
    "text": ("文字", "a text"),
    "yes_no": ("是或否", "yes or no"),
    "date": ("日期", "a date"),
    "period": ("期间", "a period"),
    "unknown": ("未知", "unknown"),
}

Scope = Callable[[str], Declared | None]


def infer_unit(
    expression: Expression, units: Mapping[str, str | Declared], *, columns: Columns = no_columns
) -> str:
    """The unit of a formula that gives a number; `units` has the unit of every outer name.

    ExpressionError if units or kinds do not fit, a name is not known, or the formula gives no number.
    """
    declared = {n: Declared("number", unit) if isinstance(unit, str) else unit for n, unit in units.items()}
    found = infer(expression, declared, columns=columns)
    if found.kind != "number":
        raise _wanted(expression.tree, "number", found)
    return "1" if found.unit == _ANY_UNIT else found.unit


def infer(
    expression: Expression, names: Mapping[str, Declared], *, columns: Columns = no_columns
) -> Declared:
    """Kind and unit of a formula over `names` and the columns of registers. ExpressionError as above."""
    found = _Inference(names.get, columns).of(expression.tree)
    if found.unit_column:
        raise _row_unit(expression.tree, found)
    return found


def infer_part(part: Part, scope: Scope) -> Declared:
    """Kind and unit of a part without aggregates."""
    return _Inference(scope, no_columns).of(part)


def _error(part: Part, zh: str, en: str) -> ExpressionError:
    return ExpressionError(zh, en, part.span[0])


def _wanted(part: Part, kind: str, found: Declared) -> ExpressionError:
    (zh, en), (found_zh, found_en) = _KINDS[kind], _KINDS[found.kind]
    return _error(part, f"此处应为{zh}，得到的是{found_zh}", f"{en} was expected, this is {found_en}")


def _row_unit(part: Part, found: Declared) -> ExpressionError:
    column = found.unit_column
    return _error(
        part,
        f"该列单位逐行填写（见 {column} 列），不能与其他单位合用",
        f"the unit of this column stands in column {column} and differs from row to row",
    )


class _Inference:
    """Kinds and units of parts within one scope of names."""

    def __init__(self, scope: Scope, columns: Columns) -> None:
        self.scope = scope
        self.columns = columns

    def of(self, part: Part) -> Declared:
        """Kind and unit of `part`."""
        match part:
            case Constant():
                return _constant(part)
            case Name():
                return self.name(part)
            case Negation():
                return self.kind(part.operand, "yes_no" if part.operator == "not" else "number")
            case Logic():
                for operand in part.operands:
                    self.kind(operand, "yes_no")
                return _YES_NO
            case Arithmetic():
                return self.arithmetic(part)
            case Comparison():
                return self.comparison(part)
            case Membership():
                for option in part.options:
                    self.same(part.item, option)
                return _YES_NO
            case Choice():
                self.kind(part.condition, "yes_no")
                return self.same(part.then, part.otherwise)
            case Call():
                return self.call(part)
        return self.aggregate(part)

    def kind(self, part: Part, kind: str) -> Declared:
        """Kind and unit of `part`, which must be of `kind` (or unknown)."""
        found = self.of(part)
        if found.kind not in (kind, "unknown"):
            raise _wanted(part, kind, found)
        return found

    def name(self, part: Name) -> Declared:
        found = self.scope(part.name)
        if found is None:
            raise _error(part, f"没有名称“{part.name}”", f"there is no name '{part.name}'")
        return found

    def same(self, left: Part, right: Part) -> Declared:
        """Kind and unit of two parts that must be alike."""
        one, other = self.of(left), self.of(right)
        if "unknown" in (one.kind, other.kind):
            return other if one.kind == "unknown" else one
        if one.kind != other.kind:
            raise _wanted(right, one.kind, other)
        if one.kind == "text":
            _refuse_unknown_word(left, right, one, other)
            return one
        return self.same_unit(right, one, other) if one.kind == "number" else one

    def same_unit(self, part: Part, one: Declared, other: Declared) -> Declared:
        """The unit of two numbers that are added or compared; 0 takes the unit of the other."""
        if _ANY_UNIT in (one.unit, other.unit):
            return other if one.unit == _ANY_UNIT else one
        if one.unit_column or other.unit_column:
            if one.unit_column != other.unit_column:
                raise _row_unit(part, one if one.unit_column else other)
            return one
        _refuse_other_scale(part, one.unit, other.unit)
        return one

    def comparison(self, part: Comparison) -> Declared:
        found = self.same(part.left, part.right)
        if part.operator not in ("==", "!=") and found.kind not in ("number", "date", "unknown"):
            raise _error(
                part,
                f"{_KINDS[found.kind][0]}只能用 == 或 != 比较",
                f"{_KINDS[found.kind][1]} compares with == and != only",
            )
        if found.kind == "period":
            raise _error(part, "期间不能直接比较，请用 year_of(期间)", "compare year_of(period) instead")
        return _YES_NO

    def arithmetic(self, part: Arithmetic) -> Declared:
        result = self.kind(part.first, "number")
        for sign, operand in part.rest:
            other = self.kind(operand, "number")
            if "unknown" in (result.kind, other.kind):
                result = Declared("unknown")
            elif sign in "+-":
                result = self.same_unit(operand, result, other)
            else:
                result = _product(operand, result, sign, other)
        return result

    def call(self, part: Call) -> Declared:
        first, *rest = part.arguments
        match part.function:
            case "known":
                self.of(first)
                return _YES_NO
            case "years_before":
                self.kind(first, "date")
                _refuse_not_years(rest[0], self.kind(rest[0], "number"))
                return Declared("date")
            case "year_of":
                found = self.of(first)
                if found.kind not in ("date", "period", "unknown"):
                    raise _wanted(first, "date", found)
                return _ONE
            case "rounded":
                self.same_unit(rest[0], _ONE, self.kind(rest[0], "number"))
                return self.kind(first, "number")
        result = self.kind(first, "number")
        for argument in rest:
            other = self.kind(argument, "number")
            result = other if result.kind == "unknown" else self.same_unit(argument, result, other)
        return result

    def aggregate(self, part: Aggregate) -> Declared:
        columns = self.columns(part.register)
        if not columns:
            raise _error(part, f"没有登记表“{part.register}”", f"there is no register '{part.register}'")
        inner = _Inference(lambda name: columns.get(name) or self.scope(name), no_columns)
        for condition in (part.where, part.of):
            if condition is not None:
                inner.kind(condition, "yes_no")
        found = [inner.kind(value, "number") for value in (part.value, part.weight) if value is not None]
        if part.function in ("count", "share"):
            return _ONE
        if found[0].unit_column:
            raise _row_unit(part, found[0])
        return replace(found[0], unit="1") if found[0].unit == _ANY_UNIT else found[0]


def _constant(part: Constant) -> Declared:
    if part.value is None:
        return Declared("unknown")
    if isinstance(part.value, bool):
        return _YES_NO
    if isinstance(part.value, str):
        return Declared("text")
    return _ONE if part.value else Declared("number", _ANY_UNIT)


def _refuse_unknown_word(left: Part, right: Part, one: Declared, other: Declared) -> None:
    for literal, choices in ((left, other.choices), (right, one.choices)):
        if isinstance(literal, Constant) and choices and literal.value not in choices:
            near = difflib.get_close_matches(str(literal.value), choices, n=1)
            hint = near[0] if near else ", ".join(choices)
            raise _error(
                literal,
                f"选项中没有“{literal.value}”，可用：{hint}",
                f"'{literal.value}' is none of the choices; meant perhaps: {hint}",
            )


def _refuse_other_scale(part: Part, one: str, other: str) -> None:
    try:
        if scale(other, one) == 1:
            return
    except UnitError:
        pass
    raise _error(
        part,
        f"单位不一致：{other} 与 {one} 不能相加减或比较",
        f"units differ: {other} cannot be added to or compared with {one}",
    )


def _refuse_not_years(part: Part, found: Declared) -> None:
    try:
        if found.kind == "unknown" or scale(found.unit, "year") == 1:
            return
    except UnitError:
        pass
    raise _error(part, f"年数的单位应为 year，不是 {found.unit}", f"years have unit year, not {found.unit}")


def _product(part: Part, one: Declared, sign: str, other: Declared) -> Declared:
    if one.unit_column or other.unit_column:
        if sign == "/" and one.unit_column == other.unit_column:
            return _ONE
        raise _row_unit(part, one if one.unit_column else other)
    if one.unit == _ANY_UNIT or other.unit == _ANY_UNIT:
        return one if other.unit == _ANY_UNIT else other
    unit = combined_unit(one.unit, sign, other.unit)
    try:
        return _ONE if scale(unit, "1") == 1 else Declared("number", unit)
    except UnitError:
        return Declared("number", unit)
