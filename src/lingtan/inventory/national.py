"""Totals of the national method: annex 4 of 发改环资〔2025〕910号, term by term."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lingtan.inventory.energy import values
from lingtan.inventory.lines import combined, total
from lingtan.inventory.records import Scope
from lingtan.inventory.result import Result
from lingtan.inventory.side_by_side import added
from lingtan.trace import Node

CO2 = "tCO2"
_CLAUSE = "910 annex 4"


def national_totals(result: Result) -> dict[str, Node]:
    """E = E_fuel + E_conversion + E_electricity + E_heat + E_process; energy at equal value; E per energy."""
    terms = {
        "e_fuel_tco2": _term("e_fuel_tco2", result, "combustion", "fuels", scope="1"),
        "e_conversion_tco2": _term("e_conversion_tco2", result, "conversion", scope="1"),
        "e_electricity_tco2": _term(
            "e_electricity_tco2", result, "electricity", "misfits", "green", scope="2"
        ),
        "e_heat_tco2": _term("e_heat_tco2", result, "heat", "heat_quantities", scope="2"),
        "e_process_tco2": _term("e_process_tco2", result, "process", scope="1"),
    }
    named = tuple((name.removesuffix("_tco2"), node) for name, node in terms.items())
    rule = " + ".join(label for label, _ in named)
    emissions = combined("emissions_tco2", rule, named, added(*terms.values()))
    energy = total("energy_tce", values(result.energy, equal=True), "tce", gaps=result.energy_gaps())
    return {
        "emissions_tco2": emissions,
        "energy_tce": energy,
        "carbon_per_energy": _ratio(emissions, energy),
        **terms,
    }


def _term(name: str, result: Result, *sources: str, scope: Scope) -> Node:
    node = total(name, result.nodes(*sources, scope=scope), CO2, gaps=result.gaps(*sources))
    return replace(node, clause=_CLAUSE)


def _ratio(emissions: Node, energy: Node) -> Node:
    """tCO2 per tce; not known where no energy was used."""
    both = (("emissions", emissions), ("energy", energy))
    value = None
    if isinstance(emissions.value, Decimal) and isinstance(energy.value, Decimal) and energy.value:
        value = emissions.value / energy.value
    node = combined("carbon_per_energy", "emissions / energy", both, value)
    return replace(node, unit="tCO2/tce")
