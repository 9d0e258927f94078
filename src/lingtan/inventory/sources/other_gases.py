"""CH4 and N2O of burnt fuel, where the method counts them: heating value x factor x GWP."""

from __future__ import annotations

from lingtan.errors import fault
from lingtan.inventory.activities import Activity
from lingtan.inventory.lines import Draft, Labelled, Part, build_line, multiply
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.combustion import BURNT, FUELS, source_of
from lingtan.quantities import UnitError, same_dimension
from lingtan.trace import Gap


def compute_other_gases(setting: Setting) -> Part:
    """Scope 1 lines, of biogenic fuels too. A factor in CO2e has both gases in already."""
    draft = Draft()
    burnt = setting.uses(*BURNT, kinds=FUELS) if setting.method.combustion_other_gases.holds else ()
    for activity in burnt:
        factor = setting.fuels.factor(activity.enterprise, activity.carrier, activity.unit)
        if factor is not None and "CO2e" in factor.unit:
            continue
        heating = _heating_value(setting, activity)
        for gas in ("CH4", "N2O"):
            if heating is None or not _count(setting, activity, gas, heating, draft):
                _lacks(activity, gas, draft)
    return draft.done()


def _heating_value(setting: Setting, activity: Activity) -> tuple[Labelled, ...] | None:
    """The heating value per unit of fuel, nothing where the unit is one of energy; None if not known."""
    try:
        if same_dimension(activity.unit, "GJ"):
            return ()
        ncv = setting.fuels.ncv(activity.enterprise, activity.carrier, activity.unit)
        if ncv is None:
            return None
        multiply("check", (("ncv", ncv),), f"GJ/{activity.unit}")
    except UnitError:
        return None
    return (("ncv", ncv),)


def _count(
    setting: Setting, activity: Activity, gas: str, heating: tuple[Labelled, ...], draft: Draft
) -> bool:
    kind = "mobile" if activity.use == "mobile" else "combustion"
    burnt = setting.lookup.factor(activity.carrier.name, f"{kind}_{gas.lower()}")
    if burnt is None:
        return False
    source = source_of(activity)
    for scope, gwp in setting.lookup.gwp(gas):
        inputs = (*heating, ("burnt", burnt), ("gwp", gwp))
        name = "×".join(node.name for _, node in inputs)
        factor = multiply(name, inputs, f"tCO2e/{activity.unit}")
        quantity = ("quantity", activity.node)
        node = multiply(f"{source}[{activity.ref}].{gas}", (quantity, ("factor", factor)), "tCO2e")
        whose = (activity.enterprise, activity.carrier.name)
        draft.lines.append(
            build_line(source, scope, whose=whose, quantity=activity.node, factor=factor, node=node)
        )
    return True


def _lacks(activity: Activity, gas: str, draft: Draft) -> None:
    carrier, enterprise = activity.carrier, activity.enterprise
    words = {"enterprise": enterprise, "fuel": carrier.zh, "name": carrier.en, "gas": gas}
    draft.faults.append(fault("inventory.no-other-gases", activity.at("unit"), **words))
    draft.gaps.append(Gap(f"{gas} of energy_activity[{activity.ref}]", enterprise, activity.at("unit")))
