"""The inventory of a park: every source category, totals, members, what is lacking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from lingtan.dossier.records import Dossier
from lingtan.errors import Fault
from lingtan.factors import Registry, load_registry
from lingtan.inventory.activities import read_activities, refuse_units
from lingtan.inventory.checks import find_warnings
from lingtan.inventory.completeness import find_lacking, refuse_doubles
from lingtan.inventory.energy import Energies
from lingtan.inventory.green import find_green, find_unanswered
from lingtan.inventory.lines import Part, number
from lingtan.inventory.lookup import Lookup
from lingtan.inventory.members.cogeneration import find_plants
from lingtan.inventory.members.handovers import Handovers
from lingtan.inventory.members.views import compute_members
from lingtan.inventory.metered import read_metered
from lingtan.inventory.methods import Method, load_method
from lingtan.inventory.misfits import find_misfits
from lingtan.inventory.records import Inventory, Line
from lingtan.inventory.result import Result
from lingtan.inventory.setting import Setting
from lingtan.inventory.side_by_side import park_totals
from lingtan.inventory.sources.biological import compute_biological
from lingtan.inventory.sources.combustion import compute_combustion
from lingtan.inventory.sources.conversion import compute_conversion
from lingtan.inventory.sources.electricity import compute_electricity, compute_supply
from lingtan.inventory.sources.electronics import compute_electronics
from lingtan.inventory.sources.fuels import read_fuels
from lingtan.inventory.sources.heat import Heats, compute_heat
from lingtan.inventory.sources.other_gases import compute_other_gases
from lingtan.inventory.sources.process import compute_process
from lingtan.inventory.sources.refrigerants import compute_refrigerants
from lingtan.inventory.sources.waste import compute_waste
from lingtan.inventory.sources.wastewater import compute_wastewater
from lingtan.inventory.terms import term_totals
from lingtan.metering.records import Metering
from lingtan.quantities import exactly


@exactly
def compute_inventory(
    dossier: Dossier,
    *,
    method: str | Method = "park",
    metering: Metering | None = None,
    registry: Registry | None = None,
    on: date | None = None,
) -> Inventory:
    """The inventory of `dossier` for its reporting year by `method` (one of `method_names()`, or a profile).

    `metering` stands in where an enterprise did not report a carrier itself. Emissions in tCO2e,
    energy in tce; exact decimals; every total and line is a trace node. Missing data are gaps, never
    zero and never an exception. Raises LingtanError for an unknown method.
    """
    setting, faults = _prepare(dossier, method, metering, registry or load_registry(), on)
    result = _compute(setting)
    has_members = setting.method.dual_electricity.holds  # the others know the park only
    totals = park_totals(result) if has_members else term_totals(result)
    faults += [fault for part in result.parts.values() for fault in part.faults]
    return Inventory(
        method=setting.method.id,
        year=setting.year,
        gwp=setting.method.gwp_set.value,
        totals=totals,
        lines=_in_order(line for line in result.lines() if has_members or line.view != "none"),
        members=result.views.members if has_members else (),
        missing=tuple(sorted({gap for node in totals.values() for gap in node.gaps})),
        warnings=find_warnings(setting, faults, metering),
    )


def _prepare(
    dossier: Dossier, method: str | Method, metering: Metering | None, registry: Registry, on: date | None
) -> tuple[Setting, list[Fault]]:
    """The activities of the year, their gaps, and the factors of the place."""
    profile = method if isinstance(method, Method) else load_method(method)
    year = dossier.park.reporting.year
    reported, unusable, faults = read_activities(dossier, year=year)
    metered, differing = read_metered(dossier, metering, reported, percent=profile.imbalance_percent.value)
    fit, unfit, wrong = refuse_units([*reported, *metered])
    kept, doubled, doubles = refuse_doubles(fit)
    activities = tuple(sorted(kept, key=lambda activity: activity.order))
    lookup = Lookup(registry, dossier.park.location, year, profile, on)
    lacking = find_lacking(dossier, activities, [*unusable, *unfit, *doubled], year=year)
    setting = Setting(dossier, profile, lookup, read_fuels(dossier, lookup), activities, lacking)
    return setting, [*faults, *differing, *wrong, *doubles]


def _compute(setting: Setting) -> Result:
    """Every part, the energy balance and the members."""
    green, unproven = find_green(setting)
    supply = compute_supply(setting, green)
    heats = Heats(setting)
    energies = Energies(setting, heats)
    parts = {
        "combustion": compute_combustion(setting),
        "other_gases": compute_other_gases(setting),
        "conversion": compute_conversion(setting),
        "process": compute_process(setting),
        "electronics": compute_electronics(setting),
        "fugitive_gases": compute_refrigerants(setting),
        "waste": compute_waste(setting),
        "biological": compute_biological(setting),
        "wastewater": compute_wastewater(setting),
        "electricity": compute_electricity(setting, supply),
        "heat": compute_heat(setting, heats),
    }
    parts["fuels"] = Part((), tuple(setting.fuels.gaps), tuple(setting.fuels.faults))
    burnt = parts["combustion"].lines
    plants = find_plants(setting, burnt, [*parts["combustion"].gaps, *parts["fuels"].gaps])
    handovers = Handovers(setting, energies, Heats(setting), plants)
    handed = handovers.find()
    energy = energies.compute()
    lines = [line for part in parts.values() for line in part.lines]
    lacks = [gap for part in parts.values() for gap in part.gaps]
    views = compute_members(setting, lines, energy, handed, lacks)
    parts["handed_without_factor"] = Part((), tuple(handovers.without_factor))
    # nobody said whether any is green: what was bought may be zero-rated or not
    parts["green"] = Part((), find_unanswered(setting) if number(supply.bought) else (), unproven)
    parts["misfits"] = find_misfits(setting)
    parts["internal"] = replace(handovers.draft.done(), lines=views.lines)
    parts["heat_quantities"] = Part((), tuple(heats.gaps), tuple(heats.faults))
    parts["energy"] = Part((), tuple(energies.gaps), tuple(energies.faults))
    return Result(setting, parts, supply, energies, energy, views)


def _in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines by source, scope, view, enterprise and carrier, whatever order the rows came in."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                line.source,
                line.scope,
                line.view,
                line.enterprise,
                line.carrier,
                line.node.name,
            ),
        )
    )
