"""Totals of the park inventory: scope 1, scope 2 by place and by contract, energy at both values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lingtan.dossier.records import Row
from lingtan.inventory.energy import values
from lingtan.inventory.lines import combined, negative, total
from lingtan.inventory.result import Result
from lingtan.inventory.sources.electricity import GRID, in_mwh
from lingtan.inventory.sources.electricity import KIND as ELECTRICITY
from lingtan.trace import Node

SCOPE_1 = (
    "combustion", "fuels", "other_gases", "conversion", "process", "electronics", "fugitive_gases",
    "waste", "biological", "wastewater",
)  # fmt: skip
SCOPE_2 = ("electricity", "heat", "heat_quantities", "misfits")
CO2E, TCE, MWH = "tCO2e", "tce", "MWh"


def park_totals(result: Result) -> dict[str, Node]:
    """Every total of method `park`, by name."""
    emissions = _emissions(result)
    return {**emissions, **_energy(result), **_electricity(result), **_members(result)}


def _emissions(result: Result) -> dict[str, Node]:
    direct, indirect = result.gaps(*SCOPE_1), result.gaps(*SCOPE_2)
    scope1 = total("scope1_tco2e", result.nodes(scope="1"), CO2E, gaps=direct)
    location = total("scope2_location_tco2e", result.nodes(scope="2", view="location"), CO2E, gaps=indirect)
    by_contract = [*indirect, *result.gaps("green")]
    market = total("scope2_market_tco2e", result.nodes(scope="2", view="market"), CO2E, gaps=by_contract)
    both = (("scope1", scope1), ("scope2_location", location))
    gases = result.gaps("fugitive_gases", "electronics")
    burnt = result.gaps("combustion", "fuels", "waste")
    return {
        "scope1_tco2e": scope1,
        "scope2_location_tco2e": location,
        "scope2_market_tco2e": market,
        "gross_tco2e": combined("gross_tco2e", "scope1 + scope2_location", both, added(scope1, location)),
        "biogenic_tco2": total("biogenic_tco2", result.nodes(scope="biogenic"), "tCO2", gaps=burnt),
        "non_kyoto_tco2e": total("non_kyoto_tco2e", result.nodes(scope="non_kyoto"), CO2E, gaps=gases),
    }


def added(*nodes: Node) -> Decimal | None:
    """The sum of values, not known if one of them is not."""
    known = [node.value for node in nodes if isinstance(node.value, Decimal)]
    return sum(known, Decimal(0)) if len(known) == len(nodes) else None


def _energy(result: Result) -> dict[str, Node]:
    gaps = result.energy_gaps()
    green = result.energies.electricity("green_energy", result.supply.green, equal=True)
    own = [energy.equal for energy in result.energy if energy.is_nonfossil]
    return {
        "energy_tce_calorific": total("energy_tce_calorific", values(result.energy), TCE, gaps=gaps),
        "energy_tce_equal_value": total(
            "energy_tce_equal_value", values(result.energy, equal=True), TCE, gaps=gaps
        ),
        "nonfossil_tce_equal_value": total(
            "nonfossil_tce_equal_value",
            [*own, green] if green else own,
            TCE,
            gaps=[*gaps, *result.gaps("green")],
        ),
    }


def _electricity(result: Result) -> dict[str, Node]:
    """Consumption is what was bought and what was made and used here; what is sold was neither used."""
    setting, gaps = result.setting, result.gaps("electricity")
    bought = [in_mwh(a) for a in setting.uses("purchased", kinds=ELECTRICITY)]
    made = list(setting.uses("own_generation", kinds=(*ELECTRICITY, "biogenic")))
    sold = [negative(in_mwh(a)) for a in setting.uses("sold", kinds=ELECTRICITY) if a.carrier.name == GRID]
    renewable = [in_mwh(a) for a in made if a.carrier.name != GRID]
    used = total("electricity_mwh", [*bought, *(in_mwh(a) for a in made)], MWH, gaps=gaps)
    return {
        "electricity_mwh": used,
        "electricity_tce_calorific": _as_energy(result, used),
        "purchased_electricity_mwh": total("purchased_electricity_mwh", [*bought, *sold], MWH, gaps=gaps),
        "own_renewable_mwh": total("own_renewable_mwh", renewable, MWH, gaps=gaps),
    }


def _as_energy(result: Result, used: Node) -> Node:
    name = "electricity_tce_calorific"
    node = None if used.value is None else result.energies.electricity(name, used, equal=False)
    return replace(node, gaps=used.gaps) if node is not None else total(name, (), TCE, gaps=used.gaps)


def _members(result: Result) -> dict[str, Node]:
    """Energy of all enterprises, and of those with a carbon inventory of the reporting year."""
    handed = result.gaps("internal")
    emitted = (*handed, *result.gaps("handed_without_factor"))
    gaps, energy_of = [*result.energy_gaps(), *handed], result.views.energy_of
    rows = result.setting.dossier.rows.get("enterprises", ())
    year = result.setting.year
    covered = {row.text("enterprise") for row in rows if has_inventory(row, year)}
    inventoried = [node for name, node in energy_of.items() if name in covered]
    return {
        "members_energy_tce": total("members_energy_tce", energy_of.values(), TCE, gaps=gaps),
        "inventoried_energy_tce": total("inventoried_energy_tce", inventoried, TCE, gaps=gaps),
        "internal_transfers_tco2e": replace(result.views.internal, gaps=tuple(sorted(set(emitted)))),
    }


def has_inventory(row: Row, year: int) -> bool | None:
    """Whether an enterprise made a carbon inventory of `year`; None if nobody said."""
    said = row.values.get("carbon_inventoried")
    latest = row.number("carbon_inventory_year")
    if isinstance(said, bool):
        return said
    return None if latest is None else latest == year
