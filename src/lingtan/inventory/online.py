"""Energy that the platform reads by itself: online supply meters at least hourly, in tce."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.factors import Registry
from lingtan.inventory.completeness import Lacking
from lingtan.inventory.energy import Energies
from lingtan.inventory.lookup import Lookup
from lingtan.inventory.metered import read_metered
from lingtan.inventory.methods import load_method
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.fuels import read_fuels
from lingtan.inventory.sources.heat import Heats
from lingtan.metering import online_supply_meters
from lingtan.metering.records import Metering
from lingtan.quantities import add_up, exactly
from lingtan.trace import Gap, Node

NAME = "metering.online_energy_tce"


@exactly
def compute_online_energy(dossier: Dossier, metering: Metering, *, registry: Registry) -> Node:
    """Energy at calorific value (tce) of supply meters read online at least hourly (6.2, 能碳管理平台).

    Unknown without readings, or where of no meter it is said whether it is online. A meter whose
    `online` cell is blank counts as not online, and the cell is a gap. Own generation is not
    supply and is not counted.
    """
    if not metering.meters:
        return Node(NAME, None, "tce", gaps=(Gap("readings", "park"),))
    online = replace(metering, meters=online_supply_meters(dossier, metering))
    profile = load_method("park")
    percent = profile.imbalance_percent.value
    activities, _ = read_metered(dossier, online, (), percent=percent)
    lookup = Lookup(registry, dossier.park.location, dossier.park.reporting.year, profile)
    fuels = read_fuels(dossier, lookup)
    setting = Setting(dossier, profile, lookup, fuels, tuple(activities), Lacking({}, ()))
    energies = Energies(setting, Heats(setting))
    nodes = tuple(energy.calorific for energy in energies.compute())
    inputs = tuple((f"part_{number}", node) for number, node in enumerate(nodes, 1))
    undeclared = _undeclared(dossier, metering)
    if len(undeclared) == len(metering.meters):
        return Node(NAME, None, "tce", gaps=undeclared)
    gaps = (*undeclared, *energies.gaps, *energies.heats.gaps)
    return Node(NAME, _total(nodes), "tce", rule="sum", inputs=inputs, gaps=gaps)


def _total(nodes: Iterable[Node]) -> Decimal:
    return add_up(node.value for node in nodes if isinstance(node.value, Decimal))


def _undeclared(dossier: Dossier, metering: Metering) -> tuple[Gap, ...]:
    """Meters with readings of which nobody said whether the platform reads them."""
    read = {energy.meter for energy in metering.meters}
    rows = (row for row in dossier.rows.get("meters", ()) if row.text("meter") in read)
    return tuple(
        Gap(f"meters[{row.key}].online", row.text("enterprise") or "park", row.at("online"))
        for row in rows
        if row.values.get("online") is None
    )
