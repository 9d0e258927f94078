"""The lines of an inventory by source: how many, and their sum."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from lingtan.inventory.records import Inventory, Scope, View
from lingtan.quantities import add_up, exactly


@dataclass(frozen=True, slots=True)
class SourceSum:
    """All lines of one source, scope and view; `emissions` in the unit of the lines."""

    source: str
    scope: Scope
    view: View
    lines: int
    emissions: Decimal


@exactly
def sum_by_source(inventory: Inventory) -> tuple[SourceSum, ...]:
    """Sums in the order of the lines. Lines of view `none` stand in no total of the park."""
    groups: defaultdict[tuple[str, Scope, View], list[Decimal]] = defaultdict(list)
    for line in inventory.lines:
        groups[line.source, line.scope, line.view].append(line.emissions)
    return tuple(SourceSum(*key, len(found), add_up(found)) for key, found in groups.items())
