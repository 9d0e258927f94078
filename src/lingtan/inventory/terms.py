"""Totals of a method with one term per kind of source: annex 4 of 910, GB/T 32150, Shanghai ETS."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lingtan.inventory.energy import values
from lingtan.inventory.lines import combined, total
from lingtan.inventory.records import Scope
from lingtan.inventory.result import Result
from lingtan.inventory.side_by_side import added
from lingtan.trace import Node

_TERMS: dict[str, tuple[Scope, tuple[str, ...]]] = {
    "e_fuel": ("1", ("combustion", "fuels", "other_gases")),
    "e_conversion": ("1", ("conversion",)),
    "e_electricity": ("2", ("electricity", "misfits", "green")),
    "e_heat": ("2", ("heat", "heat_quantities")),
    "e_process": ("1", ("process", "electronics")),
}
_OTHER_GASES: dict[str, tuple[Scope, tuple[str, ...]]] = {
    "e_fugitive": ("1", ("fugitive_gases",)),
    "e_waste": ("1", ("waste", "biological", "wastewater")),
}


def term_totals(result: Result) -> dict[str, Node]:
    """E = E_fuel + E_conversion + E_electricity + E_heat + E_process (+ E_fugitive + E_waste); energy.

    Methods that count CO2 only name their totals `…_tco2`, others `…_tco2e`. Energy is at the value
    the method converts electricity at; emissions per energy only where the method has it.
    """
    method = result.setting.method
    unit = method.emissions_unit
    terms = {**_TERMS, **({} if method.is_co2_only else _OTHER_GASES)}
    nodes = {name: _term(f"{name}_{unit.lower()}", result, *terms[name]) for name in terms}
    name = f"emissions_{unit.lower()}"
    emissions = combined(name, " + ".join(nodes), tuple(nodes.items()), added(*nodes.values()))
    is_equal = method.energy_mode.value == "equal_value"
    tce = total("energy_tce", values(result.energy, equal=is_equal), "tce", gaps=result.energy_gaps())
    found = {name: emissions, "energy_tce": tce}
    if method.intensity.value == "carbon_per_energy":
        found["carbon_per_energy"] = _ratio(emissions, tce)
    return {**found, **{node.name: node for node in nodes.values()}}


def _term(name: str, result: Result, scope: Scope, sources: tuple[str, ...]) -> Node:
    unit = result.setting.method.emissions_unit
    node = total(name, result.nodes(*sources, scope=scope), unit, gaps=result.gaps(*sources))
    return replace(node, clause=result.setting.method.id)


def _ratio(emissions: Node, energy: Node) -> Node:
    """tCO2 per tce; not known where no energy was used."""
    both = (("emissions", emissions), ("energy", energy))
    value = None
    if isinstance(emissions.value, Decimal) and isinstance(energy.value, Decimal) and energy.value:
        value = emissions.value / energy.value
    node = combined("carbon_per_energy", "emissions / energy", both, value)
    return replace(node, unit="tCO2/tce")
