"""Scope 3: what others emit because of one reporter, by category, apart from scopes 1 and 2.

The same tonne is scope 1 of one enterprise and scope 3 of several, so there is no total over reporters
and none with scopes 1 and 2: `Indirect` is no `Node`, and nothing that adds nodes takes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from lingtan.documents import Record, load_record
from lingtan.errors import NOWHERE, Fault, Place, fault
from lingtan.inventory.lines import multiply, number, total
from lingtan.inventory.members.amounts import check_amount, place_of
from lingtan.quantities import UnitError, exactly
from lingtan.trace import Gap, Node, gaps_of


class Category(Record):
    """A category of scope 3: its number in the standard, its names."""

    number: int
    zh: str
    en: str


class Categories(Record):
    """All categories by name, in the order of the standard."""

    categories: Mapping[str, Category]


@cache
def scope3_categories() -> Mapping[str, Category]:
    """The shipped categories; EditionError if our file is wrong."""
    return load_record(Categories, "methods", "value_chain.yaml").categories


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something done elsewhere for the reporter: `quantity` and the factor of whoever does it."""

    category: str
    name: str
    quantity: Node
    factor: Node
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Indirect:
    """Emissions of scope 3 in tCO2e, to be read and explained, not to be added to other scopes."""

    trace: Node

    @property
    def tonnes(self) -> Decimal | None:
        """The amount; None if not known."""
        return None if self.trace.value is None else number(self.trace)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is lacking to it."""
        return gaps_of(self.trace)


@dataclass(frozen=True, slots=True)
class ValueChainLine:
    """One activity elsewhere with its factor."""

    category: str
    name: str
    quantity: Node
    factor: Node
    emissions: Indirect


@dataclass(frozen=True, slots=True)
class ValueChain:
    """Scope 3 of one reporter: every category of the standard, those without data with a gap."""

    reporter: str
    lines: tuple[ValueChainLine, ...]
    by_category: Mapping[str, Indirect]
    total: Indirect
    faults: tuple[Fault, ...]


@exactly
def compute_value_chain(
    reporter: str, activities: Iterable[Elsewhere], *, confirmed_empty: Collection[str] = ()
) -> ValueChain:
    """Scope 3 of `reporter`. A category is zero only if it is confirmed to be empty."""
    draft = _Draft(reporter)
    for activity in activities:
        draft.take(activity)
    for name in sorted({*confirmed_empty} - {*scope3_categories()}):
        draft.faults.append(_no_category(name, NOWHERE))
    for name in scope3_categories():
        if name not in confirmed_empty and name not in draft.given:
            draft.gaps[name].append(Gap(f"scope3.{name}", reporter))
    nodes = {name: draft.of_category(name) for name in scope3_categories()}
    known = [node for node in nodes.values() if node.value is not None]
    whole = total(f"{reporter}.scope3", known, "tCO2e", gaps=gaps_of(*nodes.values()))
    by_category = {name: Indirect(node) for name, node in nodes.items()}
    return ValueChain(reporter, tuple(draft.lines), by_category, Indirect(whole), tuple(draft.faults))


def _no_category(name: str, place: Place) -> Fault:
    known = "、".join(scope3_categories())
    return fault("inventory.unknown-scope3-category", place, category=name, known=known)


@dataclass(slots=True)
class _Draft:
    """A value chain while it is being put together."""

    reporter: str
    lines: list[ValueChainLine] = field(default_factory=list)
    given: set[str] = field(default_factory=set)
    gaps: defaultdict[str, list[Gap]] = field(default_factory=lambda: defaultdict(list))
    faults: list[Fault] = field(default_factory=list)

    def take(self, activity: Elsewhere) -> None:
        """A line, or what keeps it from being one."""
        category = activity.category
        self.given.add(category)
        if category not in scope3_categories():
            self.faults.append(_no_category(category, activity.place))
            return
        what = f"scope3.{category}[{activity.name}]"
        columns = {"quantity": activity.quantity, "factor": activity.factor}
        for column, node in columns.items():
            if node.value is None:
                gaps = node.gaps or (Gap(f"{what}.{column}", self.reporter, activity.place),)
                self.gaps[category].extend(gaps)
        found = [check_amount(node, f"{what}.{column}") for column, node in columns.items()]
        refused = [one for one in found if one is not None]
        self.faults.extend(refused)
        if refused:
            self.gaps[category].append(Gap(what, self.reporter, activity.place))
        elif all(node.value is not None for node in columns.values()):
            self._line(activity, what)

    def _line(self, activity: Elsewhere, what: str) -> None:
        quantity, factor = activity.quantity, activity.factor
        try:
            node = multiply(what, (("quantity", quantity), ("factor", factor)), "tCO2e")
        except UnitError:
            words = {"what": what, "unit": f"{quantity.unit} × {factor.unit}", "needed": "tCO2e"}
            self.faults.append(fault("inventory.unit-of-another-kind", place_of(quantity), **words))
            self.gaps[activity.category].append(Gap(f"{what}.unit", self.reporter, activity.place))
            return
        self.lines.append(ValueChainLine(activity.category, activity.name, quantity, factor, Indirect(node)))

    def of_category(self, name: str) -> Node:
        """The sum of a category: what is known, with the gaps."""
        nodes = [line.emissions.trace for line in self.lines if line.category == name]
        return total(f"{self.reporter}.scope3.{name}", nodes, "tCO2e", gaps=self.gaps[name])
