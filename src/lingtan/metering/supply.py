"""Which meters may be added up, so that no kilowatt-hour counts twice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import groupby

from lingtan.dossier.records import Dossier, Row
from lingtan.metering.records import MeteredQuantity, MeterEnergy, Metering
from lingtan.metering.register import ancestors, meter_rows
from lingtan.metering.tree.building import build_tree
from lingtan.quantities import add_up, dimension, exactly, scale
from lingtan.trace import Node, Origin

HOUR_MINUTES = 60
_ROLES = ("supply", "generation", "export")


def online_supply_meters(dossier: Dossier, metering: Metering) -> tuple[MeterEnergy, ...]:
    """Supply meters read online at least hourly, none below another such meter of its carrier.

    At least hourly: neither the commonest step of the readings nor the stated interval, if there
    is one, exceeds 60 minutes.
    """
    rows = meter_rows(dossier)

    def is_online(energy: MeterEnergy) -> bool:
        row = rows.get(energy.meter)
        stated = row.number("interval_minutes") if row else None
        longest = max(energy.observed_minutes, int(stated or 0))
        is_hourly = energy.observed_minutes > 0 and longest <= HOUR_MINUTES
        is_online = row is not None and row.values.get("online") is True
        return is_online and is_hourly and energy.role == "supply"

    return _topmost(metering.meters, rows, is_online)


def _topmost(
    energies: tuple[MeterEnergy, ...], rows: dict[str, Row], counts: Callable[[MeterEnergy], bool]
) -> tuple[MeterEnergy, ...]:
    """Meters that `counts`, less those below another one of the same carrier and role.

    A virtual meter is left out if one of its parts counts itself, or is below one that does.
    """
    chosen = {energy.meter: energy for energy in energies if counts(energy)}
    tree = build_tree(rows) if any(rows[meter].text("formula") for meter in chosen if meter in rows) else None

    def is_counted(meter: str, energy: MeterEnergy) -> bool:
        above = [chosen.get(row.text("meter")) for row in ancestors(meter, rows)]
        others = above if meter == energy.meter else [chosen.get(meter), *above]
        return any(a and (a.carrier, a.role) == (energy.carrier, energy.role) for a in others)

    def is_below(energy: MeterEnergy) -> bool:
        parts = tree.expand(energy.meter) if tree and energy.meter in rows else ()
        return any(is_counted(part, energy) for part in (energy.meter, *parts))

    return tuple(energy for energy in chosen.values() if not is_below(energy))


@exactly
def energy_rows(dossier: Dossier, metering: Metering) -> tuple[MeteredQuantity, ...]:
    """The year's metered energy per enterprise, carrier and role, in the unit of its first meter.

    Submeters are left out, and so is a meter below another one with readings of the same carrier
    and role, whoever owns it: its energy is in the reading above. Units that do not measure the
    same thing (kWh and m3 of gas) make two quantities. Blank `enterprise` is the park itself.
    """
    counted = _topmost(metering.meters, meter_rows(dossier), lambda energy: energy.role in _ROLES)
    ordered = sorted(counted, key=lambda energy: (*_group(energy), energy.meter))
    return tuple(_quantity(tuple(group), metering) for _, group in groupby(ordered, key=_group))


def _group(energy: MeterEnergy) -> tuple[str, str, str, str]:
    return energy.enterprise, energy.carrier, energy.role, dimension(energy.unit)


def _quantity(energies: tuple[MeterEnergy, ...], metering: Metering) -> MeteredQuantity:
    first = energies[0]
    nodes = tuple((f"meter_{n}", _node(e, metering, first.unit)) for n, e in enumerate(energies, 1))
    amounts = [node.value for _, node in nodes if isinstance(node.value, Decimal)]
    quantity = add_up(amounts)
    name = f"metered[{first.enterprise or 'park'}].{first.carrier}.{first.role}"
    emissions = [energy.emissions_tco2 for energy in energies if energy.emissions_tco2 is not None]
    return MeteredQuantity(
        enterprise=first.enterprise,
        carrier=first.carrier,
        role=first.role,
        quantity=quantity,
        unit=first.unit,
        meters=tuple(energy.meter for energy in energies),
        completeness=_completeness(energies),
        node=Node(name, quantity, first.unit, rule="sum", inputs=nodes),
        emissions_tco2=sum(emissions, Decimal(0)) if len(emissions) == len(energies) else None,
    )


def _completeness(energies: tuple[MeterEnergy, ...]) -> Decimal:
    """Mean of the meters, each with equal weight: what is missing weighs nothing in the energy."""
    return sum((energy.completeness for energy in energies), Decimal(0)) / len(energies)


def _node(energy: MeterEnergy, metering: Metering, unit: str) -> Node:
    """The meter's energy in `unit`, as a leaf on its readings or converted from one."""
    leaf = Node(
        f"meters[{energy.meter}].energy", energy.quantity, energy.unit, origin=_origin(energy, metering)
    )
    if energy.unit == unit:
        return leaf
    factor = Node(f"{unit} per {energy.unit}", scale(energy.unit, unit), f"{unit}/{energy.unit}")
    value = energy.quantity * scale(energy.unit, unit)
    return Node(leaf.name, value, unit, rule="energy * scale", inputs=(("energy", leaf), ("scale", factor)))


def _origin(energy: MeterEnergy, metering: Metering) -> Origin:
    detail = {
        "sha256": metering.fingerprint,
        "expected": str(energy.expected),
        "present": str(energy.present),
        "suspect_zeros": str(energy.suspect_zeros),
        "first": energy.first.isoformat() if energy.first else "",
        "last": energy.last.isoformat() if energy.last else "",
    }
    return Origin("readings", ", ".join(metering.files), energy.place, detail)
