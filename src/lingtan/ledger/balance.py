"""The totals of the ledger as trace nodes: what rule, over what, down to the cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from lingtan.dossier.records import Dossier
from lingtan.dossier.registers import carriers
from lingtan.expressions import evaluate_plain
from lingtan.instruments.screening import Claim
from lingtan.inventory.records import Inventory, Line
from lingtan.quantities import add_up
from lingtan.trace import Gap, Node, Origin, Value

CLAUSE = "6.5"
_GREEN_RULE = (
    "if purchased <= 0 then 0 else if green_mwh == purchased then min(electricity, gross - removed) "
    "else min(electricity * green_mwh / purchased, gross - removed)"
)


def derived(name: str, rule: str, unit: str, inputs: Mapping[str, Node], note: str = "") -> Node:
    """The value of `rule` over `inputs`, as a node that can be replayed; it lacks what they lack."""
    values: dict[str, Value] = {label: node.value for label, node in inputs.items()}
    gaps = tuple(sorted({gap for node in inputs.values() for gap in node.gaps}))
    value = evaluate_plain(rule, values)
    return Node(name, value, unit, rule, tuple(inputs.items()), clause=CLAUSE, note=note, gaps=gaps)


def summed(name: str, claims: Iterable[Claim], unit: str, supply: tuple[Dossier, tuple[str, ...]]) -> Node:
    """The sum of the claims that count. Registers neither filled nor confirmed empty are gaps.

    With such a gap the sum holds what is there; with nothing there it is not known.
    """
    dossier, registers = supply
    gaps = tuple(
        Gap(f"register {register}", "park") for register in registers if not dossier.is_supplied(register)
    )
    nodes = [claim.node for claim in claims if not claim.refused]
    inputs = tuple((f"n{number}", node) for number, node in enumerate(nodes, 1))
    if inputs:
        value = add_up(claim.offered for claim in claims if not claim.refused)
        return Node(name, value, unit, "sum", inputs, clause=CLAUSE, gaps=gaps)
    if gaps:
        return Node(name, None, unit, origin=Origin("missing", name), clause=CLAUSE, gaps=gaps)
    note = "registers supplied, no row counts"
    return Node(name, Decimal(0), unit, origin=Origin("confirmed", name), clause=CLAUSE, note=note)


def electricity_emissions(inventory: Inventory) -> Node:
    """Location-based scope 2 of electricity: what green electricity can take off at most, tCO2e.

    Not known if electricity was bought (or nobody knows) and the inventory has no line for it.
    """
    nodes = [line.node for line in inventory.lines if _is_electricity(line)]
    inputs = tuple((f"n{number}", node) for number, node in enumerate(nodes, 1))
    value = add_up(node.value for node in nodes if isinstance(node.value, Decimal))
    name = "scope2_location_electricity_tco2e"
    if not inputs and inventory.totals["purchased_electricity_mwh"].value != 0:
        gaps = (Gap("electricity in the inventory", "park"),)
        return Node(name, None, "tCO2e", origin=Origin("missing", name), gaps=gaps)
    if not inputs:
        return Node(name, value, "tCO2e", origin=Origin("confirmed", "no electricity was bought"))
    return Node(name, value, "tCO2e", "sum", inputs)


def _is_electricity(line: Line) -> bool:
    carrier = carriers().get(line.carrier)
    is_power = carrier is not None and carrier.kind == "electricity"
    return line.scope == "2" and line.view in ("both", "location") and is_power


def green_nodes(inventory: Inventory, available: Node, removed: Node) -> tuple[Node, Node]:
    """`green_mwh`, at most what was bought, and `green_tco2e` at the location-based factor of that."""
    purchased = inventory.totals["purchased_electricity_mwh"]
    mwh = derived(
        "green_mwh",
        "max(0, min(available, purchased))",
        "MWh",
        {"available": available, "purchased": purchased},
        "never more than the electricity bought",
    )
    inputs = {
        "gross": inventory.totals["gross_tco2e"],
        "removed": removed,
        "electricity": electricity_emissions(inventory),
        "purchased": purchased,
        "green_mwh": mwh,
    }
    return mwh, derived("green_tco2e", _GREEN_RULE, "tCO2e", inputs)
