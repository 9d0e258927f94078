"""Evaluating a formula: to a plain value, to a node of the trace, and again from the trace."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from decimal import Decimal

from lingtan.expressions.aggregating import aggregate_node, total
from lingtan.expressions.parsing import one_line, parse, parse_rule
from lingtan.expressions.syntax import Columns, Expression, ExpressionError, Name, Query, Rows, no_columns
from lingtan.quantities import exactly
from lingtan.trace import Node, Value, walk


@exactly
def evaluate_plain(formula: str | Expression, values: Mapping[str, Value]) -> Value:
    """The value of a formula without aggregates; `values` has every name it uses, None is unknown.

    ExpressionError if a name is lacking, or a value is of the wrong kind.
    """
    expression = parse(formula) if isinstance(formula, str) else formula

    def look(name: str) -> Value:
        try:
            return values[name]
        except KeyError:
            raise _no_value(name) from None

    return expression.compute(look)


def _no_value(name: str) -> ExpressionError:
    return ExpressionError(f"没有给出“{name}”的值", f"no value is given for '{name}'")


@exactly
def evaluate(  # noqa: PLR0913
    expression: Expression,
    *,
    name: str,
    unit: str,
    names: Callable[[str], Node],
    rows: Rows,
    columns: Columns = no_columns,
) -> Node:
    """The value of `expression` as a node called `name` that can be replayed.

    `names(n)` gives the node of a fact, parameter or term; `rows(register)` the rows, None if the
    register was not supplied (an empty tuple: confirmed empty). `columns(register)` gives the unit
    of each column, so that cells in the trace have theirs. Parameters used only in conditions stand
    among the inputs as well. A value of the wrong kind raises ExpressionError; `infer_unit` finds
    these when an edition is loaded.
    """
    inputs: dict[str, Node] = {}
    labels: list[str] = []
    bare = {used for names_used in expression.registers.values() for used in names_used}

    def outer(outer_name: str) -> Node:
        if outer_name not in inputs:
            inputs[outer_name] = names(outer_name)
        return inputs[outer_name]

    for outer_name in expression.outer_names(columns) if columns is not no_columns else expression.names:
        outer(outer_name)
    for query in expression.queries:
        label = _label(query, {*inputs, *bare})
        inputs[label] = aggregate_node(query, name=label, outer=outer, rows=rows, columns=columns)
        labels.append(label)
    rule = _rule(expression, labels)
    values = {label: node.value for label, node in inputs.items()}
    value = parse_rule(rule).compute(values.__getitem__)
    return Node(name=name, value=value, unit=unit, rule=rule, inputs=tuple(inputs.items()))


def _label(query: Query, taken: Container[str]) -> str:
    """A name for the aggregate that nothing else in the formula has: `sum_of_buildings_floor_area_m2`."""
    aggregate = query.aggregate
    what = f"_{aggregate.value.name}" if isinstance(aggregate.value, Name) else ""
    label = plain = f"{aggregate.function}_of_{aggregate.register}{what.replace('.', '_')}"
    number = 1
    while label in taken:
        number += 1
        label = f"{plain}_{number}"
    return label


def _rule(expression: Expression, labels: Sequence[str]) -> str:
    """The formula with a label in place of each aggregate."""
    text = expression.text
    for query, label in reversed(list(zip(expression.queries, labels, strict=True))):
        begin, end = query.aggregate.span
        text = text[:begin] + label + text[end:]
    return one_line(text)


@exactly
def replay(node: Node) -> Value:
    """The value of `node`, evaluated again from its leaves by the rules written in the trace."""
    values: dict[int, Value] = {}
    for here in walk(node):
        values[id(here)] = _by_rule(here, [(label, values[id(child)]) for label, child in here.inputs])
    return values[id(node)]


def _by_rule(node: Node, inputs: Sequence[tuple[str, Value]]) -> Value:
    if not node.rule:
        return node.value
    if node.rule == "count":
        return Decimal(len(inputs))
    if node.rule == "sum":
        return total(value for _, value in inputs)
    return parse_rule(node.rule).compute(dict(inputs).__getitem__)
