"""Heat, steam and cold over the park fence; steam as energy by enthalpy, never by guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from lingtan.errors import Fault, fault
from lingtan.inventory.activities import Activity, cell, cell_gap
from lingtan.inventory.lines import Draft, Part, build_line, multiply, negative, number
from lingtan.inventory.records import Line, View
from lingtan.inventory.setting import Setting
from lingtan.quantities import UnitError, is_unit, same_dimension
from lingtan.trace import Gap, Node

KINDS = ("heat", "steam", "cold")
GJ = "GJ"
SOURCE = "heat"


@dataclass(slots=True)
class Heats:
    """Quantities of heat in GJ, each worked out once; what cannot be is a gap with a fault."""

    setting: Setting
    gaps: list[Gap] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _known: dict[int, tuple[Activity, Node | None]] = field(default_factory=dict)

    def in_gj(self, activity: Activity) -> Node | None:
        """The heat of an activity in GJ above the reference enthalpy of the method."""
        key = id(activity)  # kept with the answer: the id of an activity let go is given to another
        if key not in self._known:
            self._known[key] = activity, self._convert(activity)
        return self._known[key][1]

    def _convert(self, activity: Activity) -> Node | None:
        try:
            if same_dimension(activity.unit, GJ):
                return multiply("gj", (("quantity", activity.node),), GJ)
            if _has_state(activity) and same_dimension(activity.unit, "t"):
                return self._steam(activity)
        except UnitError:
            pass
        words = {"carrier": activity.carrier.zh, "name": activity.carrier.en, "unit": activity.unit}
        self.faults.append(fault("inventory.heat-unit", activity.at("unit"), **words))
        self.gaps.append(_gap(activity, "unit"))
        return None

    def _steam(self, activity: Activity) -> Node | None:
        """Mass x (enthalpy - reference); a blank pressure or temperature is a gap, never a guess."""
        pressure = activity.row.number("pressure_mpa") if activity.row else None
        temperature = activity.row.number("temperature_c") if activity.row else None
        if pressure is None or temperature is None:
            self.faults.append(fault("inventory.steam-state", activity.at("pressure_mpa"), row=activity.ref))
            blank = (("pressure_mpa", pressure), ("temperature_c", temperature))
            self.gaps.extend(_gap(activity, column) for column, value in blank if value is None)
            return None
        enthalpy = self.setting.lookup.enthalpy(pressure, temperature)
        if enthalpy is None:
            self.gaps.append(_gap(activity, "temperature_c"))
            return None
        reference = self.setting.method.node("reference_enthalpy")
        value = number(enthalpy) - number(reference)
        both = (("enthalpy", enthalpy), ("reference", reference))
        useful = Node("useful_enthalpy", value, "kJ/kg", rule="enthalpy - reference", inputs=both)
        return multiply("gj", (("quantity", activity.node), ("useful", useful)), GJ)


def _has_state(activity: Activity) -> bool:
    """Whether the row is one of steam that could have pressure and temperature (transfers cannot)."""
    row = activity.row
    return activity.carrier.kind == "steam" and row is not None and "pressure_mpa" in row.values


def _gap(activity: Activity, column: str) -> Gap:
    if activity.row is not None:
        return cell_gap(activity.row, column)
    return Gap(f"readings[{activity.ref}].{column}", activity.enterprise)


def heat_factor(setting: Setting, enterprise: str, carrier: str) -> Node | None:
    """tCO2/GJ: measured by the enterprise, zero for non-fossil heat, else the default of the place."""
    row = setting.fuels.properties.get((enterprise, carrier))
    if row is not None and row.number("direct_factor") is not None:
        if (enterprise, carrier) in setting.fuels.unproven:
            return None
        unit = row.text("direct_factor_unit")
        is_per_heat = is_unit(unit) and same_dimension(unit, "tCO2/GJ")
        return cell(row, "direct_factor", unit) if is_per_heat else None
    if carrier == "renewable_heat":
        return setting.method.node("nonfossil_heat_factor")
    if carrier == "cold":
        return None  # no document has a default for cold
    national = setting.method.heat_place.value == "national"
    kinds = ("method_heat", "heat_default") if national else ("heat_default",)
    return setting.lookup.factor("heat", *kinds, national=national)


def compute_heat(setting: Setting, heats: Heats) -> Part:
    """Scope 2 lines of heat, steam and cold: bought, less sold at the same factor."""
    draft = Draft()
    for activity in setting.uses("purchased", "sold", kinds=KINDS):
        factor = heat_factor(setting, activity.enterprise, activity.carrier.name)
        quantity = heats.in_gj(activity)
        if factor is None:
            words = {"carrier": activity.carrier.zh, "name": activity.carrier.en}
            draft.faults.append(fault("inventory.heat-without-factor", activity.at("carrier"), **words))
            draft.gaps.append(Gap(f"fuel_properties[{activity.enterprise}/{activity.carrier.name}].direct_factor",
                                  activity.enterprise))  # fmt: skip
        elif quantity is not None:
            draft.lines.append(
                _line(activity, quantity, factor, is_shown=setting.method.export.value == "shown")
            )
    draft.gaps.extend(setting.lacking.of("heat"))
    return draft.done()


def _line(activity: Activity, quantity: Node, factor: Node, *, is_shown: bool) -> Line:
    name = f"{SOURCE}[{activity.ref}].emissions"
    node = multiply(name, (("quantity", quantity), ("factor", factor)), "tCO2e")
    view: View = "both"
    if activity.use == "sold":
        quantity, node = negative(quantity), negative(node)
        view = "none" if is_shown else "both"
    whose = (activity.enterprise, activity.carrier.name)
    return build_line(SOURCE, "2", whose=whose, quantity=quantity, factor=factor, node=node, view=view)
