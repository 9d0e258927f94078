"""Virtual meters and balances of a year, out of the meters that were measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from lingtan.errors import Fault, fault
from lingtan.metering.records import MeterEnergy
from lingtan.metering.tree import MeterTree, check_balances, compute_balances


def add_virtual(
    tree: MeterTree, measured: Iterable[MeterEnergy]
) -> tuple[tuple[MeterEnergy, ...], tuple[Fault, ...]]:
    """Measured meters with the virtual ones whose parts are all measured, by id; and the tree's faults.

    A virtual meter is as complete as the least complete of its parts. One with readings of its own
    is an error and not computed.
    """
    energies = {energy.meter: energy for energy in measured}
    faults = list(tree.faults)
    for meter, parts in sorted(tree.parts.items()):
        if meter in energies:
            faults.append(fault("tree.virtual-has-readings", tree.rows[meter].at("formula"), meter=meter))
        elif all(part in energies and not tree.is_virtual(part) for part in parts):
            energies[meter] = _virtual(tree, meter, parts, energies)
    known: dict[str, Decimal | None] = {meter: energy.quantity for meter, energy in energies.items()}
    faults += check_balances(tree, compute_balances(tree, known))
    return tuple(energies[meter] for meter in sorted(energies)), tuple(faults)


def _virtual(
    tree: MeterTree, meter: str, parts: Mapping[str, Decimal], energies: Mapping[str, MeterEnergy]
) -> MeterEnergy:
    row, used = tree.rows[meter], [energies[part] for part in parts]
    months = tuple(
        sum((energies[part].months[n] * factor for part, factor in parts.items()), Decimal(0))
        for n in range(len(used[0].months))
    )
    expected = max(one.expected for one in used)
    return MeterEnergy(
        meter=meter,
        carrier=row.text("carrier"),
        unit=tree.unit(meter),
        quantity=sum(months, Decimal(0)),
        expected=expected,
        present=int(min(one.completeness for one in used) * expected),
        zeros=0,
        suspect_zeros=0,
        months=months,
        enterprise=row.text("enterprise"),
        role=row.text("role"),
        interval_minutes=max(one.interval_minutes for one in used),
        observed_minutes=max(one.observed_minutes for one in used),
        first=max((one.first for one in used if one.first), default=None),
        last=min((one.last for one in used if one.last), default=None),
        spread=sum((abs(f) * energies[p].spread for p, f in parts.items()), Decimal(0)),
        place=row.place,
    )
