"""Fuels burnt in the park, stationary or in vehicles: each counted once, where it is burnt."""

from __future__ import annotations

from collections.abc import Iterable

from lingtan.errors import Fault, fault
from lingtan.inventory.activities import Activity
from lingtan.inventory.lines import Draft, Part, build_line, multiply, number
from lingtan.inventory.records import Line, Scope
from lingtan.inventory.setting import Setting
from lingtan.trace import Gap, Node

FUELS = ("fossil", "biogenic")
BURNT = ("combustion", "mobile")


def compute_combustion(setting: Setting) -> Part:
    """Scope 1 lines of burnt fuel; biogenic CO2 stands apart; purchases and feedstock are only listed.

    Vehicles and vessels are a source of their own.
    """
    draft = Draft()
    for activity in setting.uses(*BURNT, kinds=FUELS):
        factor = setting.fuels.factor(activity.enterprise, activity.carrier, activity.unit)
        if factor is not None:
            draft.lines.append(fuel_line(activity, factor, source=source_of(activity)))
    draft.gaps.extend(setting.lacking.of("fuel"))
    draft.faults.extend(_feedstock(setting))
    _trade(setting, draft)
    return draft.done()


def source_of(activity: Activity) -> str:
    """The source that a row of burnt fuel belongs to."""
    return "mobile_combustion" if activity.use == "mobile" else "combustion"


def fuel_line(activity: Activity, factor: Node, *, source: str, taken_off: bool = False) -> Line:
    """Quantity x factor of one fuel row; `taken_off` for carbon that leaves in a product."""
    is_biogenic = activity.carrier.kind == "biogenic"
    unit = "tCO2e" if "CO2e" in factor.unit else "tCO2"
    name = f"{source}[{activity.ref}].emissions"
    node = multiply(name, (("quantity", activity.node), ("factor", factor)), unit)
    if taken_off:
        node = Node(name, -number(node), unit, rule="-leaving", inputs=(("leaving", node),))
    scope: Scope = "biogenic" if is_biogenic else "1"
    whose = (activity.enterprise, activity.carrier.name)
    return build_line(source, scope, whose=whose, quantity=activity.node, factor=factor, node=node)


def _feedstock(setting: Setting) -> Iterable[Fault]:
    """Fuel used as material: out of fuel emissions, but named."""
    named = {(a.enterprise, a.carrier): a for a in setting.uses("feedstock", kinds=FUELS)}
    for (enterprise, carrier), activity in named.items():
        place = activity.at("use")
        yield fault("inventory.feedstock", place, enterprise=enterprise, fuel=carrier.zh, name=carrier.en)


def _trade(setting: Setting, draft: Draft) -> None:
    """Fuel bought, sold or handed on is a balance, not a use: without a use it is a gap."""
    used = {(a.enterprise, a.carrier.name) for a in setting.activities if a.use in _USES}
    named: set[tuple[str, str]] = set()
    for activity in setting.uses("purchased", "sold", "internal", "own_generation", kinds=FUELS):
        key = (activity.enterprise, activity.carrier.name)
        if key in named or _is_generation(activity):
            continue
        named.add(key)
        carrier, place = activity.carrier, activity.at("use")
        words = {"enterprise": activity.enterprise, "fuel": carrier.zh, "name": carrier.en}
        if key in used or activity.use == "sold":
            draft.faults.append(fault("inventory.fuel-trade", place, **words))
            continue
        draft.faults.append(fault("inventory.fuel-without-use", place, **words))
        draft.gaps.append(Gap(f"energy_activity[{key[0]}/{key[1]}/combustion]", key[0], activity.at("")))


_USES = (*BURNT, "feedstock", "conversion_in")


def _is_generation(activity: Activity) -> bool:
    return activity.use == "own_generation" and activity.carrier.kind == "biogenic"
