"""Conversion of fuels (coking, refining, gas making): carbon in less carbon out, all of it oxidised."""

from __future__ import annotations

from lingtan.errors import fault
from lingtan.inventory.lines import Draft, Part
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.combustion import FUELS, fuel_line

POWER = ("electricity", "heat", "steam", "cold")


def compute_conversion(setting: Setting) -> Part:
    """Scope 1 lines: inputs with their carbon, outputs taken off (910 annex 4, oxidation 100 %)."""
    draft = Draft()
    for activity in setting.uses("conversion_in", "conversion_out", kinds=FUELS):
        factor = setting.fuels.factor(activity.enterprise, activity.carrier, activity.unit, path="conversion")
        if factor is not None:
            leaves = activity.use == "conversion_out"
            draft.lines.append(fuel_line(activity, factor, source="conversion", taken_off=leaves))
    for activity in setting.uses("conversion_in", "conversion_out", kinds=POWER):
        place = activity.at("use")
        words = {"enterprise": activity.enterprise, "row": activity.ref}
        draft.faults.append(fault("inventory.power-as-conversion", place, **words))
    return draft.done()
