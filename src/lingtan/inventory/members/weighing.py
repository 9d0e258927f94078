"""The weights that a total is shared by: measures brought to one unit, checked, and put into the formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lingtan.errors import Fault, fault
from lingtan.expressions import evaluate_plain, parse
from lingtan.inventory.lines import ONE, ZERO, Labelled, number
from lingtan.inventory.members.allocation_methods import Measure, Sharing
from lingtan.inventory.members.amounts import check_amount, in_unit, lacking, place_of
from lingtan.quantities import UnitError, add_up, is_unit, same_dimension
from lingtan.trace import Gap, Node

OUTPUTS = ("electricity", "heat")
_EFFICIENCY = Measure(unit="1", zero="refused", most=ONE)


@dataclass(slots=True)
class Weighing:
    """One allocation at work: the way to share, what it is called, and every fault found on the way.

    `is_efficiency`: electricity and heat are given as shares of the fuel.
    """

    sharing: Sharing
    name: str
    is_efficiency: bool = False
    faults: list[Fault] = field(default_factory=list)

    def common_unit(self, given: Sequence[Mapping[str, Node]]) -> str:
        """The unit of the first measure that the key leaves open; numbers without one are in `1`."""
        free = {name for name, measure in self.sharing.measures.items() if not measure.unit} | {"whole"}
        units = [node.unit for measures in given for name, node in measures.items() if name in free]
        first = units[0] if units else "1"
        return "1" if is_unit(first) and same_dimension(first, "1") else first

    def weigh(self, user: str, formula: str, unit: str, given: Mapping[str, Node]) -> Node:
        """The weight of one user; not known if one of its measures is not."""
        at = f"{self.name}[{user}]" if user else self.name
        names = sorted(parse(formula).names)
        inputs = tuple((name, self._measure(at, name, unit, user, given)) for name in names)
        values = {name: node.value for name, node in inputs}
        weight = None if self.faults or None in values.values() else evaluate_plain(formula, values)
        return Node(f"{at}.weight", weight, unit, rule=formula, inputs=inputs)

    def _measure(self, at: str, name: str, unit: str, user: str, given: Mapping[str, Node]) -> Node:
        declared, node = self.sharing.measures[name], given.get(name)
        if self.is_efficiency and name in OUTPUTS:
            declared = _EFFICIENCY
        unit = declared.unit or unit
        if node is None or node.value is None:
            gaps = node.gaps if node else ()
            return lacking(f"{at}.{name}", unit, *(gaps or (Gap(f"{at}.{name}", user or "park"),)))
        return self.brought(node, f"{at}.{name}", declared, unit)

    def brought(self, node: Node, what: str, declared: Measure, unit: str) -> Node:
        """`node` in `unit`, faults of unit and range told."""
        try:
            brought = in_unit(node, unit)
        except UnitError:
            words = {"what": what, "unit": node.unit, "needed": unit}
            self.faults.append(fault("inventory.unit-of-another-kind", place_of(node), **words))
            return node
        self.check(brought, what, declared, node)
        return brought

    def check(self, node: Node, what: str, declared: Measure | None = None, at: Node | None = None) -> None:
        """Tell if a number cannot be; `at`: the leaf it was brought from."""
        declared = declared or Measure()
        found = check_amount(node, what, zero=declared.zero == "allowed", most=declared.most, at=at)
        if found:
            self.faults.append(found)

    def check_efficiencies(self, weights: Sequence[Labelled], inputs: Mapping[str, Node]) -> None:
        """Outputs given as shares of the fuel are 1 together at most."""
        if self.is_efficiency and not self.faults and all(node.value is not None for _, node in weights):
            parts = [in_unit(inputs[name], "1") for name in OUTPUTS]
            both = Node("electricity + heat", sum((number(part) for part in parts), ZERO))
            self.check(both, f"{self.name}.{both.name}", _EFFICIENCY, inputs[OUTPUTS[0]])

    def check_names(self, names: Sequence[str]) -> None:
        """Tell each name that stands twice: its share would be lost."""
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.faults.append(fault("inventory.allocation-twice", what=self.name, name=name))

    def say(self, code: str, node: Node, **context: object) -> None:
        """A fault about this allocation, at the place of `node`."""
        self.faults.append(fault(code, place_of(node), what=self.name, **context))

    def used(self, weights: Sequence[Labelled], unit: str) -> Node:
        """The sum of the weights; not known if one is not."""
        inputs = tuple((f"n{index}", node) for index, (_, node) in enumerate(weights, 1))
        is_known = all(node.value is not None for _, node in inputs)
        value = add_up(number(node) for _, node in inputs) if is_known else None
        return Node(f"{self.name}.used", value, unit, rule="sum", inputs=inputs)

    def whole(self, given: Node, weights: Sequence[Labelled], unit: str) -> Node:
        """The whole in `unit`; a fault if the users known take more."""
        node = self._whole(given, unit)
        known = sum((number(weight) for _, weight in weights if weight.value is not None), ZERO)
        if not self.faults and isinstance(node.value, Decimal) and known > node.value:
            words = {"used": f"{known:f}", "whole": f"{node.value:f}", "unit": unit}
            self.say("inventory.allocation-over-whole", given, **words)
        return node

    def _whole(self, given: Node, unit: str) -> Node:
        if given.value is None:
            name = f"{self.name}.whole"
            return lacking(name, unit, *(given.gaps or (Gap(name, "park"),)))
        return self.brought(given, f"{self.name}.whole", Measure(), unit)

    def rest(self, whole: Node, used: Node) -> Node:
        """What no user takes; not known if one of them is not."""
        is_known = whole.value is not None and used.value is not None
        value = number(whole) - number(used) if is_known else None
        return Node(f"{self.name}.rest", value, used.unit, "whole - used", (("whole", whole), ("used", used)))
