"""Reading a formula: a small grammar, so that nothing but it can ever be evaluated."""

from __future__ import annotations

import dataclasses
import difflib
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from lark import Token, Tree

from lingtan.expressions.computing import FUNCTIONS, compiled
from lingtan.expressions.grammar import read_tree
from lingtan.expressions.syntax import (
    Aggregate,
    Arithmetic,
    Call,
    Choice,
    Clause,
    Comparison,
    Constant,
    Expression,
    ExpressionError,
    Logic,
    Membership,
    Name,
    Negation,
    Part,
    Query,
    Span,
    names_in,
    walk_parts,
)
from lingtan.trace import Value

LONGEST = 4000  # characters; the longest formula of the shipped editions has a few hundred
DEEPEST = 60  # levels of nesting that people still read

AGGREGATES = ("sum", "count", "share", "mean")

_LINE_BREAK = re.compile(r"[ \t]*[\r\n]\s*")


def parse(text: str) -> Expression:
    """`text` as an expression, ready to be evaluated. ExpressionError says where and what was expected."""
    if len(text) > LONGEST:
        raise ExpressionError(
            f"公式过长（{len(text)} 个字符，上限 {LONGEST}）",
            f"the formula is too long ({len(text)} characters, at most {LONGEST})",
            LONGEST,
        )
    return parse_rule(text)


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Expression:
    """As `parse`, for rules made from formulas: labels may have made them longer."""
    raw = read_tree(text)
    _refuse_deep(raw)
    return _expression(text, _part(raw))


def _expression(text: str, tree: Part) -> Expression:
    aggregates = [part for part in walk_parts(tree) if isinstance(part, Aggregate)]
    names = dict.fromkeys(names_in(tree))
    registers: dict[str, dict[str, None]] = {}
    for aggregate in aggregates:
        used = registers.setdefault(aggregate.register, {})
        for part in walk_parts(aggregate):
            if isinstance(part, Name):
                (names if "." in part.name else used)[part.name] = None
    bare = {register: tuple(used) for register, used in registers.items()}
    queries = tuple(_query(text, aggregate) for aggregate in aggregates)
    return Expression(text, tree, tuple(names), bare, queries, compiled(tree))


def _query(text: str, aggregate: Aggregate) -> Query:
    value, weight = _clause(text, aggregate.value), _clause(text, aggregate.weight)
    product = None
    if value and weight:
        rule = f"({value.text}) * ({weight.text})"
        product = _clause(rule, parse_rule(rule).tree)
    where, of = _clause(text, aggregate.where), _clause(text, aggregate.of)
    whole = one_line(text[slice(*aggregate.span)])
    return Query(aggregate, whole, value, product, weight, where, of)


def _clause(text: str, part: Part | None) -> Clause | None:
    if part is None:
        return None
    return Clause(part, one_line(text[slice(*part.span)]), names_in(part), compiled(part))


def one_line(text: str) -> str:
    """A formula written over several lines, on one (a text within it has no line break)."""
    return _LINE_BREAK.sub(" ", text.strip())


def _refuse_deep(root: Tree[Token]) -> None:
    stack: list[tuple[Any, int]] = [(root, 1)]
    while stack:
        here, depth = stack.pop()
        if depth > DEEPEST:
            raise ExpressionError(
                f"嵌套过深（上限 {DEEPEST} 层），请拆成几个有名称的项",
                f"nested too deeply (at most {DEEPEST} levels): split it into named terms",
                getattr(here.meta, "start_pos", 0) if isinstance(here, Tree) else 0,
            )
        if isinstance(here, Tree):
            stack.extend((below, depth + 1) for below in here.children)


def _span(tree: Tree[Token]) -> Span:
    return tree.meta.start_pos, tree.meta.end_pos


def _part(raw: Any) -> Part:
    tree: Tree[Token] = raw
    part: Part = _BUILDERS[str(tree.data)](tree)
    return part


def _parts(raw: list[Any]) -> tuple[Part, ...]:
    return tuple(_part(below) for below in raw)


def _number(tree: Tree[Token]) -> Part:
    token = tree.children[0]
    if token not in ("0", "1"):
        raise ExpressionError(
            f"公式中不写数值“{token}”：除 0 和 1 外，请在 parameters.yaml 中给它取名并注明单位与依据",
            f"the number '{token}' needs a name: only 0 and 1 may stand in a formula, "
            "put it into parameters.yaml with unit and basis",
            _span(tree)[0],
        )
    return Constant(_INTEGERS[str(token)], _span(tree))


def _chain(tree: Tree[Token]) -> Part:
    first, *rest = cast("list[Any]", tree.children)
    pairs = tuple((str(sign), _part(operand)) for sign, operand in zip(rest[::2], rest[1::2], strict=True))
    return Arithmetic(_part(first), pairs, _span(tree))


def _choice(tree: Tree[Token]) -> Part:
    condition, then, otherwise = _parts(tree.children)
    return Choice(condition, then, otherwise, _span(tree))


def _comparison(tree: Tree[Token]) -> Part:
    left, sign, right = cast("list[Any]", tree.children)
    return Comparison(str(sign), _part(left), _part(right), _span(tree))


def _call(tree: Tree[Token]) -> Part:
    function, *arguments = cast("list[Any]", tree.children)
    parts = _parts(arguments)
    if function == "count" and len(parts) == 1 and isinstance(parts[0], Name):
        return Aggregate("count", parts[0].name, None, None, None, None, _span(tree))
    if function in AGGREGATES:
        raise ExpressionError(
            f"{function} 要写成 {_USAGE[str(function)]}",
            f"{function} is written {_USAGE[str(function)]}",
            _span(tree)[0],
        )
    if function not in FUNCTIONS:
        raise _no_function(function, FUNCTIONS)
    least, most = FUNCTIONS[str(function)].arity
    if not least <= len(parts) <= most:
        raise ExpressionError(
            f"{function} 的参数个数不对：给了 {len(parts)} 个",
            f"{function} does not take {len(parts)} arguments",
            _span(tree)[0],
        )
    return Call(str(function), parts, _span(tree))


_USAGE = {
    "sum": "sum(register: value where condition)",
    "count": "count(register where condition)",
    "share": "share(register: value where condition of condition)",
    "mean": "mean(register: value weighted by weight where condition)",
}


def _no_function(token: Token, known: Any) -> ExpressionError:
    near = difflib.get_close_matches(str(token), [*known, *AGGREGATES], n=1)
    all_of = ", ".join([*AGGREGATES, *FUNCTIONS])
    zh = f"，是否应为 {near[0]}" if near else f"；可用：{all_of}"
    en = f": meant perhaps {near[0]}" if near else f"; there are {all_of}"
    return ExpressionError(
        f"没有函数“{token}”{zh}", f"there is no function '{token}'{en}", token.start_pos or 0
    )


def _aggregate(tree: Tree[Token]) -> Part:
    function, register, *rest = cast("list[Any]", tree.children)
    if function not in AGGREGATES:
        raise _no_function(function, ())
    clauses = {str(c.data): _part(c.children[0]) for c in rest if c.data in ("weight", "where", "of")}
    values = [_part(c) for c in rest if c.data not in ("weight", "where", "of")]
    value = values[0] if values else None
    weight, where, of = (clauses.get(name) for name in ("weight", "where", "of"))
    fits = (
        (value is None) == (function == "count")
        and (weight is None) == (function != "mean")
        and (where is not None or function != "share")
        and (of is None or function == "share")
    )
    inner = [below for below in (value, weight, where, of) if below is not None]
    if not fits or "." in register:
        usage = _USAGE[str(function)]
        raise ExpressionError(f"{function} 要写成 {usage}", f"{function} is written {usage}", _span(tree)[0])
    for nested in (part for below in inner for part in walk_parts(below) if isinstance(part, Aggregate)):
        raise ExpressionError(
            "聚合之内不能再写聚合，请拆成另一个项",
            "an aggregate within an aggregate: make a term of the inner one",
            nested.span[0],
        )
    return Aggregate(str(function), str(register), value, weight, where, of, _span(tree))


def _name(tree: Tree[Token]) -> Part:
    name = str(tree.children[0])
    if name in ("sum", "count"):  # alone these are rules of the trace
        usage = _USAGE[name]
        raise ExpressionError(f"{name} 要写成 {usage}", f"{name} is written {usage}", _span(tree)[0])
    return Name(name, _span(tree))


def _group(tree: Tree[Token]) -> Part:
    return dataclasses.replace(_part(tree.children[0]), span=_span(tree))


def _constant(value: Value) -> Any:
    return lambda tree: Constant(value, _span(tree))


_INTEGERS = {"0": Decimal(0), "1": Decimal(1)}
_BUILDERS: dict[str, Any] = {
    "choice": _choice,
    "disjunction": lambda tree: Logic("or", _parts(tree.children), _span(tree)),
    "conjunction": lambda tree: Logic("and", _parts(tree.children), _span(tree)),
    "negation": lambda tree: Negation("not", _part(tree.children[0]), _span(tree)),
    "minus": lambda tree: Negation("-", _part(tree.children[0]), _span(tree)),
    "comparison": _comparison,
    "membership": lambda tree: Membership(_part(tree.children[0]), _parts(tree.children[1:]), _span(tree)),
    "total": _chain,
    "product": _chain,
    "name": _name,
    "number": _number,
    "text": lambda tree: Constant(str(tree.children[0])[1:-1], _span(tree)),
    "yes": _constant(True),
    "no": _constant(False),
    "unknown": _constant(None),
    "group": _group,
    "call": _call,
    "aggregate": _aggregate,
}
