"""Waste composted or digested in the park: tonnes, wet or dry, x CH4 and N2O per tonne."""

from __future__ import annotations

from lingtan.dossier.records import Row
from lingtan.errors import fault
from lingtan.inventory.activities import cell, cell_gap
from lingtan.inventory.completeness import read_series
from lingtan.inventory.lines import Draft, Part, gas_lines, multiply
from lingtan.inventory.setting import Setting

REGISTER = "waste_treatment"
TREATMENTS = ("composting", "digestion")


def compute_biological(setting: Setting) -> Part:
    """Scope 1 lines. Their CO2 is biogenic and by the guidelines not counted at all.

    Doubled and missing months, a register not handed in and methods of CO2 only are said with waste burnt.
    """
    draft = Draft()
    if setting.method.is_co2_only:
        return draft.done()
    for row in read_series(setting.dossier, REGISTER, setting.year, Draft()):
        if row.text("treatment") in TREATMENTS:
            _row(setting, row, draft)
    return draft.done()


def _row(setting: Setting, row: Row, draft: Draft) -> None:
    """Wet and dry weight have factors of their own: a blank basis is a gap. A gas without factor is named."""
    blank = [column for column in ("quantity_t", "weight_basis") if row.values.get(column) is None]
    draft.gaps.extend(cell_gap(row, column) for column in blank)
    if blank:
        return
    quantity, treated = cell(row, "quantity_t", "t"), f"{row.text('treatment')}_{row.text('weight_basis')}"
    for gas in ("CH4", "N2O"):
        factor = setting.lookup.factor(treated, f"biological_{gas.lower()}")
        if factor is None:
            place = row.at("treatment")
            draft.faults.append(fault("inventory.biological-gas-not-counted", place, row=row.key, gas=gas))
            continue
        name = f"biological_treatment[{row.key}].{gas}"
        released = multiply(name, (("quantity", quantity), ("factor", factor)), "t")
        whose, gwp = (row.text("enterprise"), gas), setting.lookup.gwp(gas)
        draft.lines.extend(gas_lines("biological_treatment", gwp, whose=whose, released=released))
