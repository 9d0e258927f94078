"""Which lines are plainly activity times factor, as a formula of a workbook."""

from __future__ import annotations

from decimal import Decimal

from lingtan.inventory.records import Line
from lingtan.trace import Node

DIGITS = 17  # what a workbook reads of a number


def find_formula(line: Line, *, activity: int, factor: int) -> str:
    """`={c1}*{c2}*0.001`; empty where the emissions are not the product of the two cells shown."""
    node = line.node
    while node.rule in ("-amount", "rounded(amount, digits)"):  # the activity has the sign already
        node = node.inputs[0][1]
    inputs = dict(node.inputs)
    labels = node.rule.split(" * ")
    if len(labels) < 2 or any(label not in inputs for label in labels):
        return ""
    first, second, *rest = labels
    is_plain = abs(_value(inputs[first])) == abs(line.activity) and inputs[second].value == line.factor
    if not is_plain or rest not in ([], ["conversion"]):
        return ""
    by = "".join(f"*{_short(_value(inputs[label]))}" for label in rest)
    return f"={{c{activity}}}*{{c{factor}}}{by}"


def _value(node: Node) -> Decimal:
    return node.value if isinstance(node.value, Decimal) else Decimal("NaN")


def _short(value: Decimal) -> str:
    digits = max(0, DIGITS - 1 - value.adjusted())
    shown = round(value, digits) if -int(value.as_tuple().exponent) > digits else value
    return f"{shown:f}"
