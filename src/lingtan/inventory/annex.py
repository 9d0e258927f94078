"""The factor annex: every factor and convention a result rests on, with source, basis and weight."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from lingtan.inventory.records import Inventory
from lingtan.quantities import exactly
from lingtan.trace import Basis, Node, plain, walk

KINDS = ("factor", "parameter")


@dataclass(frozen=True, slots=True)
class UsedFactor:
    """A factor or convention: `reference` is its id; `emissions` the sum of |lines| that rest on it.

    `lines` counts these; both are 0 for what only energy or other totals rest on.
    """

    reference: str
    kind: str
    value: Decimal
    unit: str
    basis: Basis | None
    source: str
    region: str
    year: str
    because: str
    because_en: str
    second_hand: bool
    lines: int
    emissions: Decimal

    def as_dict(self) -> dict[str, object]:
        """For machines: exact decimals as strings."""
        pairs = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: plain(value) if isinstance(value, Decimal) else value for name, value in pairs}


@exactly
def find_used_factors(inventory: Inventory) -> tuple[UsedFactor, ...]:
    """All that `inventory` uses, factors before conventions, the weightiest first."""
    weights: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    leaves: dict[tuple[str, str], Node] = {}
    for line in inventory.lines:
        for key, leaf in _leaves(line.node):
            leaves.setdefault(key, leaf)
            weights[key] += abs(line.emissions)
            counts[key] += 1
    for total in inventory.totals.values():
        for key, leaf in _leaves(total):
            leaves.setdefault(key, leaf)
    found = [_used(key, leaf, counts[key], weights[key]) for key, leaf in leaves.items()]
    return tuple(
        sorted(found, key=lambda one: (KINDS.index(one.kind), -one.emissions, one.reference, one.unit))
    )


def _leaves(node: Node) -> list[tuple[tuple[str, str], Node]]:
    """Factors and sourced conventions below `node`, each once; changes of units are neither."""
    found = {}
    for leaf in walk(node):
        origin = leaf.origin
        is_known = isinstance(leaf.value, Decimal) and not leaf.inputs
        if (
            origin is not None
            and origin.kind in KINDS
            and is_known
            and (origin.kind == "factor" or leaf.basis)
        ):
            found[origin.reference, leaf.unit] = leaf
    return list(found.items())


def _used(key: tuple[str, str], leaf: Node, lines: int, emissions: Decimal) -> UsedFactor:
    assert leaf.origin is not None
    detail, value = leaf.origin.detail, leaf.value
    assert isinstance(value, Decimal)
    return UsedFactor(
        reference=key[0],
        kind=leaf.origin.kind,
        value=value,
        unit=leaf.unit,
        basis=leaf.basis,
        source=detail.get("source", ""),
        region=detail.get("region", ""),
        year=detail.get("year", ""),
        because=detail.get("because", ""),
        because_en=detail.get("because_en", ""),
        second_hand=detail.get("second_hand") == "yes",
        lines=lines,
        emissions=emissions,
    )
