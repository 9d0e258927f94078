"""Conversion of fuels (coking, refining, gas making): carbon in less carbon out, all of it oxidised."""

from __future__ import annotations

from lingtan.errors import fault
from lingtan.inventory.combustion import FUELS, fuel_line
from lingtan.inventory.lines import Draft, Part
from lingtan.inventory.setting import Setting


def compute_conversion(setting: Setting) -> Part:
    """Scope 1 lines: inputs with their carbon, outputs taken off (910 annex 4, oxidation 100 %)."""
    draft = Draft()
    for activity in setting.uses("conversion_in", "conversion_out", kinds=FUELS):
        factor = setting.fuels.factor(activity.enterprise, activity.carrier, activity.unit, path="conversion")
        if factor is not None:
            leaves = activity.use == "conversion_out"
            draft.lines.append(fuel_line(activity, factor, source="conversion", taken_off=leaves))
    power = tuple(
        setting.uses("conversion_in", "conversion_out", kinds=("electricity", "heat", "steam", "cold"))
    )
    for enterprise in sorted({activity.enterprise for activity in power}):
        first = next(activity for activity in power if activity.enterprise == enterprise)
        draft.faults.append(fault("inventory.power-as-conversion", first.at("use"), enterprise=enterprise))
    return draft.done()
