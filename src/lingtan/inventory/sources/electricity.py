"""Electricity over the park fence: bought less sold, by place and by contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lingtan.errors import fault
from lingtan.inventory.activities import Activity
from lingtan.inventory.lines import ZERO, Draft, Part, build_line, multiply, negative, number, total
from lingtan.inventory.records import Line, View
from lingtan.inventory.setting import Setting
from lingtan.trace import Gap, Node, Origin

KIND = ("electricity",)
MWH = "MWh"
CO2E = "tCO2e"
GRID = "electricity"  # the carrier that comes from the grid; the others are solar and wind
SOURCE = "electricity"


@dataclass(frozen=True, slots=True)
class Supply:
    """Bought electricity of the park in MWh: the green part (never more than bought) and the rest."""

    bought: Node
    green: Node
    rest: Node


def compute_supply(setting: Setting, green: Node) -> Supply:
    """What was bought, and how much of it `green` (MWh, proven) covers."""
    bought = total("bought_mwh", (in_mwh(a) for a in setting.uses("purchased", kinds=KIND)), MWH)
    covered = min(number(green), number(bought))
    both = (("green", green), ("bought", bought))
    used = Node("green_used_mwh", covered, MWH, rule="min(green, bought)", inputs=both)
    left = (("bought", bought), ("green", used))
    return Supply(
        bought, used, Node("rest_mwh", number(bought) - covered, MWH, rule="bought - green", inputs=left)
    )


def compute_electricity(setting: Setting, supply: Supply) -> Part:
    """Scope 2 lines of electricity: per row by place, and for the whole park by contract.

    A method with one electricity term has the lines by contract only, counted in its single total.
    """
    draft = Draft()
    view: View = "both"
    if setting.method.dual_electricity.holds:
        view = "market"
        draft.lines.extend(_by_place(setting, draft))
    by_place = tuple(line for line in draft.lines if line.activity > 0)
    draft.lines.extend(_by_contract(setting, supply, by_place, view, draft))
    draft.gaps.extend(setting.lacking.of("electricity"))
    return draft.done()


def in_mwh(activity: Activity) -> Node:
    """The quantity in MWh."""
    if activity.unit == MWH:
        return activity.node
    return multiply("mwh", (("quantity", activity.node),), MWH)


def _by_place(setting: Setting, draft: Draft) -> Iterator[Line]:
    """Each row at the average of the grid the park lies in, or at the intensity of its hours."""
    rows = list(setting.uses("purchased", kinds=KIND))
    sold = any(True for _ in setting.uses("sold", kinds=KIND))
    needs_factor = sold or any(activity.hourly is None for activity in rows)
    kind = setting.method.electricity_kind.value
    factor = setting.lookup.grid_factor(kind) if needs_factor else None
    for activity in rows:
        if activity.hourly is not None:
            yield _hourly_line(activity)
        elif factor is not None:
            yield _line(activity, factor, "location")
        else:
            _lacks_factor(setting, draft)
    yield from _sold(setting, factor, "location", draft)


def _sold(setting: Setting, factor: Node | None, view: View, draft: Draft) -> Iterator[Line]:
    """Sold electricity goes off at the factor of the import; own solar and wind at zero if so chosen.

    A method that takes nothing off has these lines once, counted in no total.
    """
    is_shown = setting.method.export.value == "shown"
    if is_shown and view == "market":
        return
    for activity in setting.uses("sold", kinds=KIND):
        is_own = activity.carrier.name != GRID and setting.method.nonfossil_export_at_zero.holds
        used = setting.method.node("green_electricity_factor") if is_own else factor
        if used is None:
            _lacks_factor(setting, draft)
        else:
            yield _line(activity, used, "none" if is_shown else view, taken_off=True)


def _by_contract(
    setting: Setting, supply: Supply, by_place: Sequence[Line], view: View, draft: Draft
) -> Iterator[Line]:
    factor = setting.lookup.grid_factor(setting.method.market_kind.value)
    if factor is None:
        factor = _mean(by_place, supply)
        if factor is not None and number(supply.rest):
            words = {"place": setting.lookup.place, "year": setting.year}
            draft.faults.append(fault("inventory.no-residual-factor", **words))
    if number(supply.green):
        yield _pooled("green", supply.green, setting.method.node("green_electricity_factor"), view)
    if number(supply.rest):
        if factor is None:
            _lacks_factor(setting, draft)
        else:
            yield _pooled("rest", supply.rest, factor, view)
    yield from _sold(setting, factor, view, draft)


def _lacks_factor(setting: Setting, draft: Draft) -> None:
    draft.gaps.append(Gap("factor electricity", "park"))
    draft.faults.extend(setting.lookup.why_not(GRID))


def _mean(by_place: Sequence[Line], supply: Supply) -> Node | None:
    """Where no residual factor is known: the mean by place (our choice, ADR 0004)."""
    if not by_place or not number(supply.bought):
        return None
    emissions = total("purchased_by_place", (line.node for line in by_place), CO2E)
    inputs = (("emissions", emissions), ("bought", supply.bought))
    value = number(emissions) / number(supply.bought)
    return Node("mean_by_place", value, "tCO2e/MWh", rule="emissions / bought", inputs=inputs)


def _pooled(name: str, quantity: Node, factor: Node, view: View) -> Line:
    node = multiply(f"{SOURCE}[{name}].emissions", (("quantity", quantity), ("factor", factor)), CO2E)
    whose = ("", GRID)
    return build_line(SOURCE, "2", whose=whose, quantity=quantity, factor=factor, node=node, view=view)


def _hourly_line(activity: Activity) -> Line:
    """Emissions summed from readings x intensity of each hour; the factor shown is their mean."""
    emissions, quantity = activity.hourly or ZERO, number(activity.node)
    origin = Origin("readings", f"{activity.ref}.emissions")
    node = Node(f"{SOURCE}[{activity.ref}].emissions", emissions, CO2E, origin=origin,
                note="readings × hourly carbon intensity")  # fmt: skip
    mean = emissions / quantity if quantity else ZERO
    return Line(
        SOURCE, "2", activity.enterprise, activity.carrier.name, quantity, activity.unit, mean,
        f"tCO2e/{activity.unit}", "hourly_intensity", emissions, node, "location",
    )  # fmt: skip


def _line(activity: Activity, factor: Node, view: View, *, taken_off: bool = False) -> Line:
    name = f"{SOURCE}[{activity.ref}].emissions"
    node = multiply(name, (("quantity", activity.node), ("factor", factor)), CO2E)
    quantity = activity.node
    if taken_off:
        quantity, node = negative(quantity), negative(node)
    whose = (activity.enterprise, activity.carrier.name)
    return build_line(SOURCE, "2", whose=whose, quantity=quantity, factor=factor, node=node, view=view)
