"""The facts an edition's formulas may name, computed once for a dossier.

Every name of `lingtan_data/schema/facts.yaml` gets a node; what rests on data that were not
handed in has no value, and says what is lacking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lingtan.dossier.boundary import is_valid_boundary
from lingtan.dossier.records import Dossier, Row
from lingtan.errors import Place
from lingtan.factors import Registry, load_registry
from lingtan.inventory import compute_inventory, compute_online_energy
from lingtan.inventory.records import Inventory
from lingtan.inventory.side_by_side import has_inventory
from lingtan.ledger import compute_ledger
from lingtan.ledger.records import Ledger
from lingtan.metering import compute_metering
from lingtan.metering.records import Metering
from lingtan.quantities import exactly
from lingtan.standards import facts as declared_facts
from lingtan.trace import Gap, Node, Origin

PARK_FILE = "park.yaml"


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What every edition is assessed on: one dossier, its energy, both balances, the ledger."""

    dossier: Dossier
    on: date
    metering: Metering
    inventory: Inventory
    national: Inventory
    ledger: Ledger
    facts: Mapping[str, Node]


@exactly
def compute_groundwork(
    dossier: Dossier, *, on: date, registry: Registry | None = None, metering: Metering | None = None
) -> Groundwork:
    """Metering, both inventories, the ledger and all facts of `dossier` on the day `on`."""
    registry = registry or load_registry()
    metering = metering or compute_metering(dossier)
    inventory, national = (
        compute_inventory(dossier, method=method, metering=metering, registry=registry, on=on)
        for method in ("park", "cn-ndrc-910")
    )
    ledger = compute_ledger(dossier, inventory)
    facts = {
        **_calendar(dossier, on),
        **_profile(dossier),
        "boundary.is_valid": _boundary(dossier),
        **_totals("park", inventory.totals),
        **_inventoried(dossier, inventory),
        **_totals("ndrc", national.totals),
        **_ledger_totals(ledger),
        "metering.online_energy_tce": compute_online_energy(dossier, metering, registry=registry),
    }
    return Groundwork(dossier, on, metering, inventory, national, ledger, facts)


def _calendar(dossier: Dossier, on: date) -> dict[str, Node]:
    year = Decimal(dossier.park.reporting.year)
    given = Origin("parameter", "date of the assessment")
    return {
        "assessment.on": Node("assessment.on", on, origin=given),
        "assessment.year": Node("assessment.year", year, origin=_profile_origin("reporting.year")),
    }


def _profile(dossier: Dossier) -> dict[str, Node]:
    names = [name for name in declared_facts() if name.startswith("profile.")]
    return {name: _profile_node(dossier, name) for name in names}


def _profile_node(dossier: Dossier, name: str) -> Node:
    value: Decimal | None = getattr(dossier.park.profile, name.removeprefix("profile."))
    origin = _profile_origin(name)
    gaps = () if value is not None else (Gap(name, "park", origin.place),)
    return Node(name, value, declared_facts()[name].unit, origin=origin, gaps=gaps)


def _profile_origin(name: str) -> Origin:
    return Origin("profile", name, Place(PARK_FILE, column=name))


def _boundary(dossier: Dossier) -> Node:
    """Valid only if a boundary was handed in; none at all is missing, not invalid."""
    name, place = "boundary.is_valid", Place("boundary.geojson")
    if dossier.boundary is None:
        return Node(name, None, gaps=(Gap("boundary.geojson", "park", place),))
    origin = Origin("cell", "boundary.geojson", place)
    return Node(name, is_valid_boundary(dossier.boundary), origin=origin)


def _totals(prefix: str, totals: Mapping[str, Node]) -> dict[str, Node]:
    return {f"{prefix}.{name}": _whole(f"{prefix}.{name}", node) for name, node in totals.items()}


def _whole(name: str, node: Node) -> Node:
    """A total as a fact: a sum with a gap is not the total, so its value is not known."""
    if node.value is None or not node.gaps:
        return replace(node, name=name)
    note = f"known part: {node.value} {node.unit}"
    return Node(name, None, node.unit, rule="unknown", inputs=(("known_part", node),), note=note)


def _ledger_totals(ledger: Ledger) -> dict[str, Node]:
    """Totals of the ledger; what would let more count is a gap that leaves the value standing."""
    facts = _totals("ledger", ledger.totals)
    return {name: replace(node, gaps=(*node.gaps, *ledger.missing)) for name, node in facts.items()}


def _inventoried(dossier: Dossier, inventory: Inventory) -> dict[str, Node]:
    """Energy of enterprises with a carbon inventory: who did not answer counts as without one.

    Where nobody answered the value is not known (docs/decisions/0002, 3).
    """
    name = "park.inventoried_energy_tce"
    rows = dossier.rows.get("enterprises", ())
    silent = [row for row in rows if has_inventory(row, inventory.year) is None]
    whole = _whole(name, inventory.totals["inventoried_energy_tce"])
    gaps = tuple(_unanswered(row) for row in silent)
    if rows and len(silent) == len(rows):
        return {name: Node(name, None, whole.unit, gaps=gaps)}
    return {name: replace(whole, gaps=(*whole.gaps, *gaps))}


def _unanswered(row: Row) -> Gap:
    column = "carbon_inventoried"
    return Gap(f"enterprises[{row.key}].{column}", row.text("enterprise"), row.at(column))
