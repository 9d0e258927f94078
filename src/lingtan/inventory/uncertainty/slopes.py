"""First-order slopes: how a number of the trace changes when one of its inputs does."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lingtan.inventory.uncertainty.algebra import PLAIN
from lingtan.inventory.uncertainty.inputs import Inputs, Key
from lingtan.trace import Node


@dataclass(frozen=True, slots=True)
class Sloped:
    """A value, and per input its change for a relative change of that input by 1 (unit of the value)."""

    value: float
    slopes: Mapping[Key, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slopes:
    """The algebra of values with slopes. `min` and `max` have the slope of the branch that holds."""

    inputs: Inputs

    def constant(self, value: float) -> Sloped:
        """Exact: no slope."""
        return Sloped(value)

    def leaf(self, node: Node, value: float) -> Sloped:
        """The inputs behind a leaf are multipliers of its value."""
        return Sloped(value, dict.fromkeys(self.inputs.find(node), value))

    def apply(self, operator: str, one: Sloped, other: Sloped) -> Sloped:
        """Value by the operator, slopes by the rules of differentiation."""
        value = PLAIN[operator](one.value, other.value)
        match operator:
            case "+":
                return _mixed(value, (one, 1.0), (other, 1.0))
            case "-":
                return _mixed(value, (one, 1.0), (other, -1.0))
            case "*":
                return _mixed(value, (one, other.value), (other, one.value))
            case "/":
                return _mixed(value, (one, 1 / other.value), (other, -value / other.value))
        return one if value == one.value else other

    def total(self, values: Iterator[Sloped]) -> Sloped:
        """The sum, summed exactly whatever the order."""
        parts = list(values)
        by_input: defaultdict[Key, list[float]] = defaultdict(list)
        for part in parts:
            for key, slope in part.slopes.items():
                by_input[key].append(slope)
        slopes = {key: math.fsum(found) for key, found in by_input.items()}
        return Sloped(math.fsum(part.value for part in parts), slopes)


def _mixed(value: float, one: tuple[Sloped, float], other: tuple[Sloped, float]) -> Sloped:
    slopes = {key: slope * one[1] for key, slope in one[0].slopes.items()}
    for key, slope in other[0].slopes.items():
        slopes[key] = slopes.get(key, 0.0) + slope * other[1]
    return Sloped(value, slopes)
