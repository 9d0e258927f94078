"""The rules of a trace in another algebra: slopes (`slopes`), or arrays of draws (`simulate`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from lingtan.expressions.parsing import parse_rule
from lingtan.expressions.syntax import Arithmetic, Call, Constant, Name, Negation, Part
from lingtan.trace import Node

T = TypeVar("T")


class NoSlopeError(ValueError):
    """A node without a number, or a rule with parts that are no arithmetic."""


class Algebra(Protocol[T]):
    """What rules need of numbers; operators are + - * / min max."""

    def constant(self, value: float) -> T:
        """A number that is exact."""

    def leaf(self, node: Node, value: float) -> T:
        """What a leaf of the trace with this value stands for."""

    def apply(self, operator: str, one: T, other: T) -> T:
        """One operation."""

    def total(self, values: Iterator[T]) -> T:
        """The sum of all, each taken as it is made."""


class Reading(Generic[T]):
    """Nodes read in one algebra, each once: what two lines share is shared here too."""

    def __init__(self, algebra: Algebra[T]) -> None:
        self.algebra = algebra
        self._known: dict[int, tuple[Node, T]] = {}  # the node is kept: ids of nodes let go come again

    def read(self, node: Node) -> T:
        """`node` in the algebra. NoSlopeError where a value is not known or a rule is no arithmetic."""
        if id(node) not in self._known:
            self._known[id(node)] = node, self._read(node)
        return self._known[id(node)][1]

    def _read(self, node: Node) -> T:
        if not isinstance(node.value, Decimal):
            raise NoSlopeError(node.name)
        if not node.rule:
            return self.algebra.leaf(node, float(node.value))
        if node.rule == "sum":
            return self.algebra.total(self.read(child) for _, child in node.inputs)
        if node.rule == "count":
            return self.algebra.constant(float(node.value))
        inputs = dict(node.inputs)
        try:
            return self._part(parse_rule(node.rule).tree, inputs)
        except ZeroDivisionError:
            raise NoSlopeError(node.name) from None

    def _part(self, part: Part, inputs: Mapping[str, Node]) -> T:
        algebra = self.algebra
        match part:
            case Name(name=name):
                return self.read(inputs[name])
            case Constant(value=Decimal() as value):
                return algebra.constant(float(value))
            case Negation(operator="-", operand=operand):
                return algebra.apply("*", algebra.constant(-1.0), self._part(operand, inputs))
            case Arithmetic(first=first, rest=rest):
                return self._fold(self._part(first, inputs), rest, inputs)
            case Call(function="min" | "max" as function, arguments=(first, *others)):
                pairs = ((function, other) for other in others)
                return self._fold(self._part(first, inputs), pairs, inputs)
        raise NoSlopeError(type(part).__name__)

    def _fold(self, value: T, rest: Iterable[tuple[str, Part]], inputs: Mapping[str, Node]) -> T:
        for operator, part in rest:
            value = self.algebra.apply(operator, value, self._part(part, inputs))
        return value


PLAIN: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
    "min": min,
    "max": max,
}
