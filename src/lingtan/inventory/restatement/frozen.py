"""What a result was made of, and what it said: dossier, readings, factors, method, software, numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.factors import Registry
from lingtan.inventory.compute import compute_inventory
from lingtan.inventory.methods import Method
from lingtan.inventory.records import Inventory
from lingtan.metering.records import Metering
from lingtan.quantities import add_exactly
from lingtan.trace import Node
from lingtan.version import VERSION

LineKey = tuple[str, str, str, str]
"""Source, scope, enterprise, carrier."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that decides a result: change nothing of it and the result is the same."""

    dossier: Dossier
    method: Method
    registry: Registry
    metering: Metering | None = None
    on: date | None = None

    def compute(self) -> Inventory:
        """The inventory of these inputs by the software that runs now."""
        return compute_inventory(
            self.dossier, method=self.method, metering=self.metering, registry=self.registry, on=self.on
        )


@dataclass(frozen=True, slots=True)
class Stated:
    """A total of emissions: its number, and the sums of its lines by source, scope, enterprise, carrier.

    None: not known. `gaps` counts what was lacking.
    """

    value: Decimal | None
    unit: str
    lines: Mapping[LineKey, Decimal]
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class Frozen:
    """A result that stays as it was: inputs, software, totals of emissions, and who says so.

    `frozen_on` and `note` come from outside; `fingerprint` is that of the dossier.
    """

    inputs: Inputs
    totals: Mapping[str, Stated]
    year: int
    software: str
    frozen_on: date
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the dossier's content."""
        return self.inputs.dossier.fingerprint


def build_frozen(inputs: Inputs, *, frozen_on: date, note: str = "") -> Frozen:
    """The result of `inputs` as of now, to be kept."""
    inventory = inputs.compute()
    return Frozen(inputs, state(inventory), inventory.year, VERSION, frozen_on, note)


def state(inventory: Inventory) -> dict[str, Stated]:
    """The totals of emissions of an inventory, each with the lines it is the sum of."""
    lines = {
        id(line.node): (line.source, line.scope, line.enterprise, line.carrier) for line in inventory.lines
    }
    found = {}
    for name, node in inventory.totals.items():
        if node.unit in ("tCO2", "tCO2e"):
            value = node.value if isinstance(node.value, Decimal) else None
            found[name] = Stated(value, node.unit, _sums(_below(node, lines)), len(node.gaps))
    return found


def _below(total: Node, lines: Mapping[int, LineKey]) -> Iterator[tuple[LineKey, Decimal]]:
    """The lines a total is the sum of; what it is made of beside lines (allocations) under its own name."""
    for _, node in total.inputs:
        if id(node) in lines and isinstance(node.value, Decimal):
            yield lines[id(node)], node.value
        elif node.rule == "sum" or "+" in node.rule:
            yield from _below(node, lines)
        elif isinstance(node.value, Decimal):
            yield (node.name, "", "", ""), node.value


def _sums(pairs: Iterable[tuple[LineKey, Decimal]]) -> dict[LineKey, Decimal]:
    values: defaultdict[LineKey, list[Decimal]] = defaultdict(list)
    for key, value in pairs:
        values[key].append(value)
    return {key: add_exactly(values[key]) for key in sorted(values)}
