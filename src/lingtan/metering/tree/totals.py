"""Totals of chosen meters, refused where a kilowatt-hour would count twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from lingtan.errors import Fault, LingtanError, fault
from lingtan.metering.tree.building import MeterTree
from lingtan.quantities import scale


def find_double_counts(tree: MeterTree, chosen: Iterable[str]) -> tuple[Fault, ...]:
    """A fault for each meter whose own use is in the sum of `chosen` more than once, both paths named.

    What a meter reads holds what the meters below it read. A part of the park counts as often as
    meters above it, itself included, are in the sum, each by its coefficient: `[A] - [B]` beside B
    counts B once.
    """
    ways: dict[str, list[tuple[Decimal, str]]] = {}
    for meter in sorted(set(chosen)):
        for physical, coefficient in tree.expand(meter).items():
            name = physical if meter == physical else f"{meter} = … › {physical}"
            factor = coefficient * _back(tree, physical, meter)
            for below, path in _downwards(tree, physical, name):
                ways.setdefault(below, []).append((factor, path))
    found = []
    for meter, several in sorted(ways.items()):
        if sum(factor for factor, _ in several) > 1:
            first, second = [path for factor, path in several if factor > 0][:2] if len(several) > 1 else (
                several[0][1], several[0][1])  # fmt: skip
            place = tree.rows[meter].place
            found.append(fault("tree.counted-twice", place, meter=meter, path=first, other=second))
    return tuple(found)


def _back(tree: MeterTree, physical: str, meter: str) -> Decimal:
    """What turns a coefficient into a plain number: units of the meter back to those of the part."""
    return Decimal(1) if physical == meter else scale(tree.unit(meter), tree.unit(physical))


def _downwards(tree: MeterTree, meter: str, name: str) -> Iterable[tuple[str, str]]:
    """The meter and all below it that are fed through it, with the path to each."""
    stack = [(meter, name)]
    while stack:
        one, path = stack.pop()
        yield one, path
        stack += [
            (below, f"{path} › {below}") for below in tree.children.get(one, ()) if _is_fed(tree, below)
        ]


def _is_fed(tree: MeterTree, meter: str) -> bool:
    """Own generation is not part of what the meter above it reads; exports and virtual meters neither."""
    return tree.rows[meter].text("role") in ("supply", "sub") and not tree.is_virtual(meter)


def compute_total(
    tree: MeterTree, chosen: Iterable[str], energies: Mapping[str, Decimal | None], unit: str
) -> Decimal | None:
    """The energy of `chosen` meters in `unit`; None if that of a part is not known.

    LingtanError if something would count twice, with both paths.
    """
    wanted = sorted(set(chosen))
    faults = find_double_counts(tree, wanted)
    if faults:
        raise LingtanError(faults)
    total = Decimal(0)
    for meter in wanted:
        energy = compute_virtual(tree, meter, energies)
        if energy is None:
            return None
        total += energy * scale(tree.unit(meter), unit)
    return total


def compute_virtual(tree: MeterTree, meter: str, energies: Mapping[str, Decimal | None]) -> Decimal | None:
    """The energy of a meter, computed from its parts if it is virtual; None if a part is not known."""
    if not tree.is_virtual(meter):
        return energies.get(meter)
    if meter not in tree.parts:
        return None
    total = Decimal(0)
    for part, coefficient in tree.parts[meter].items():
        energy = energies.get(part)
        if energy is None:
            return None
        total += energy * coefficient
    return total
