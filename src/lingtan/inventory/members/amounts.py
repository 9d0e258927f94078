"""What a given number must be before it is computed with: its unit, and within what can be."""

from __future__ import annotations

from decimal import Decimal

from lingtan.errors import NOWHERE, Fault, Place, fault
from lingtan.inventory.lines import ZERO, multiply, number, unit_scale
from lingtan.quantities import normal_unit
from lingtan.trace import Gap, Node, Origin


def place_of(node: Node) -> Place:
    """Where a leaf stands; nowhere for what was computed."""
    return node.origin.place if node.origin else NOWHERE


def in_unit(node: Node, unit: str) -> Node:
    """`node` in `unit`. UnitError if the two do not measure the same thing.

    90 minutes are 90 / 60 hours: times a sixtieth, which never ends, they would be a little more.
    """
    if node.value is None or normal_unit(node.unit) == normal_unit(unit):
        return node
    up, down = unit_scale((node.unit,), unit), unit_scale((unit,), node.unit)
    if len(up.as_tuple().digits) <= len(down.as_tuple().digits):
        return multiply(node.name, (("amount", node),), unit)
    by = Node("conversion", down, origin=Origin("parameter", f"{unit} → {node.unit}"))
    return Node(node.name, number(node) / down, unit, "amount / by", (("amount", node), ("by", by)))


def check_amount(
    node: Node, what: str, *, zero: bool = True, most: Decimal | None = None, at: Node | None = None
) -> Fault | None:
    """The fault of a known number below nought, at nought unless `zero`, or above `most`; None if it can be.

    `at`: the leaf that stands where the number was read, if `node` was made from it.
    """
    value = node.value
    if value is None:
        return None
    is_number = isinstance(value, Decimal) and value.is_finite()
    if is_number and number(node) >= ZERO and (value or zero) and (most is None or number(node) <= most):
        return None
    allowed = f"{'≥' if zero else '>'} 0" + (f", ≤ {most:f}" if most is not None else "")
    words = {"what": what, "value": value, "unit": "" if node.unit == "1" else node.unit, "allowed": allowed}
    return fault("inventory.amount-impossible", place_of(at or node), **words)


def lacking(name: str, unit: str, *gaps: Gap) -> Node:
    """A value that is not known because of `gaps`."""
    return Node(name, None, unit, origin=Origin("missing", name), gaps=gaps)
