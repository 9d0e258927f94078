"""Activity x factor, once, for every source: units brought together, the rule kept for replay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import cache

from lingtan.errors import Fault
from lingtan.inventory.records import Line, Scope, View
from lingtan.quantities import EXACT, add_up, normal_unit, scale
from lingtan.trace import Gap, Node, Origin

ZERO = Decimal(0)
ONE = Decimal(1)
_TIDY = Context(prec=44)  # takes off the last digits that a division in base units leaves


@dataclass(frozen=True, slots=True)
class Part:
    """What one source category gives: lines, energy nodes, what is lacking, what to say."""

    lines: tuple[Line, ...] = ()
    gaps: tuple[Gap, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Draft:
    """A part while it is being put together."""

    lines: list[Line] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def done(self) -> Part:
        """The part, frozen."""
        return Part(tuple(self.lines), tuple(self.gaps), tuple(self.faults))


@cache
def unit_scale(units: tuple[str, ...], target: str, per: str = "1") -> Decimal:
    """What a product of numbers in `units`, divided by one in `per`, is multiplied by to be in `target`."""
    product = " * ".join(f"({normal_unit(unit)})" for unit in units)
    return _TIDY.plus(scale(f"{product} / ({normal_unit(per)})", target)).normalize()


@cache
def _conversion(units: tuple[str, ...], target: str, per: str) -> Node | None:
    """The leaf that stands for a change of units; None where nothing changes."""
    by = unit_scale(units, target, per)
    if by == ONE:
        return None
    text = f"{' × '.join(units)}{'' if per == '1' else f' ÷ {per}'} → {target}"
    return Node("conversion", by, origin=Origin("parameter", text), note=text)


Labelled = tuple[str, Node]


def multiply(
    name: str, inputs: Sequence[Labelled], unit: str, *, per: Labelled | None = None, note: str = ""
) -> Node:
    """The product of `inputs`, divided by `per`, in `unit`. UnitError if the units do not lead there."""
    units = tuple([node.unit for _, node in inputs])
    conversion = _conversion(units, unit, per[1].unit if per else "1")
    parts = tuple(inputs) if conversion is None else (*inputs, ("conversion", conversion))
    rule = " * ".join([label for label, _ in parts])
    value = ONE
    for _, node in parts:
        value *= number(node)
    if per is not None:
        value, rule, parts = value / number(per[1]), f"{rule} / {per[0]}", (*parts, per)
    return Node(name, value, unit, rule=rule, inputs=parts, note=note)


def negative(node: Node) -> Node:
    """`node` taken off."""
    return Node(node.name, -number(node), node.unit, rule="-amount", inputs=(("amount", node),))


def on_grid(node: Node, digits: int) -> Node:
    """`node` with no more than `digits` decimals: sums of such are exact."""
    value = number(node)
    is_fine = int(value.as_tuple().exponent) < -digits
    if not is_fine or value.adjusted() + digits >= EXACT.prec - 1:
        return node
    most = Node("digits", Decimal(digits), origin=Origin("parameter", "digits"))
    inputs, rounded = (("amount", node), ("digits", most)), value.quantize(ONE.scaleb(-digits))
    return Node(node.name, rounded, node.unit, rule="rounded(amount, digits)", inputs=inputs)


def number(node: Node) -> Decimal:
    """The decimal of a node that is known; a ValueError is our own bug."""
    if not isinstance(node.value, Decimal):
        raise ValueError(f"{node.name} has no number")
    return node.value


def build_line(  # noqa: PLR0913 keyword-only, one for each thing a line is made of
    source: str,
    scope: Scope,
    *,
    whose: tuple[str, str],
    quantity: Node,
    factor: Node,
    node: Node,
    view: View = "both",
) -> Line:
    """The line of `node`, emissions of `quantity` times `factor`; `whose`: enterprise and carrier."""
    return Line(
        source=source,
        scope=scope,
        enterprise=whose[0],
        carrier=whose[1],
        activity=number(quantity),
        unit=quantity.unit,
        factor=number(factor),
        factor_unit=factor.unit,
        factor_id=factor.name,
        emissions=number(node),
        node=node,
        view=view,
    )


def gas_lines(
    source: str, potentials: Iterable[tuple[Scope, Node]], *, whose: tuple[str, str], released: Node
) -> list[Line]:
    """The lines of a mass of gas x its GWP, Kyoto part and other part apart."""
    name = f"{released.name.removesuffix('.released_kg')}.emissions"
    return [
        build_line(
            source,
            scope,
            whose=whose,
            quantity=released,
            factor=gwp,
            node=multiply(name, (("released", released), ("gwp", gwp)), "tCO2e"),
        )
        for scope, gwp in potentials
    ]


def total(name: str, nodes: Iterable[Node], unit: str, *, gaps: Iterable[Gap] = ()) -> Node:
    """The sum of `nodes`: with gaps and nothing else unknown, with neither a zero that was looked for."""
    inputs = tuple((f"n{index}", node) for index, node in enumerate(nodes, 1))
    lacking = tuple(sorted(set(gaps)))
    if inputs:
        value = add_up([number(node) for _, node in inputs])
        return Node(name, value, unit, rule="sum", inputs=inputs, gaps=lacking)
    if lacking:
        return Node(name, None, unit, origin=Origin("missing", name), gaps=lacking)
    return Node(name, ZERO, unit, origin=Origin("confirmed", name), note="registers supplied, no such row")


def combined(name: str, rule: str, inputs: Sequence[Labelled], value: Decimal | None) -> Node:
    """A node over other totals in the unit of the first; it lacks all that they lack."""
    gaps = {gap for _, node in inputs for gap in node.gaps}
    unit = inputs[0][1].unit
    return Node(name, value, unit, rule=rule, inputs=tuple(inputs), gaps=tuple(sorted(gaps)))
