"""Wastewater treated in the park: COD x methane capacity x correction factor, less what was recovered."""

from __future__ import annotations

from collections.abc import Mapping

from lingtan.dossier.records import Row
from lingtan.errors import fault
from lingtan.inventory.activities import cell, cell_gap
from lingtan.inventory.completeness import read_series
from lingtan.inventory.lines import Draft, Part, gas_lines, multiply, number
from lingtan.inventory.misfits import find_outside
from lingtan.inventory.setting import Setting
from lingtan.trace import Gap, Node

REGISTER = "wastewater"
# Names of an earlier form of the register; all anaerobic treatments but a shallow lagoon have one value.
_EARLIER: Mapping[str, str] = {"aerobic": "aerobic_well_managed", "anaerobic": "anaerobic_reactor"}


def compute_wastewater(setting: Setting) -> Part:
    """Scope 1 lines of methane; N2O has no sourced factor and is named. CO2-only methods have none."""
    if setting.method.is_co2_only:
        return Part((), (), tuple(find_outside(setting, REGISTER)))
    draft = Draft()
    if not setting.dossier.is_supplied(REGISTER):
        draft.gaps.append(Gap(f"register {REGISTER}", "park"))
    rows = read_series(setting.dossier, REGISTER, setting.year, draft)
    for row in rows:
        _row(setting, row, draft)
    if rows:
        draft.faults.append(fault("inventory.wastewater-n2o-not-counted", rows[0].at("treatment")))
    return draft.done()


def _row(setting: Setting, row: Row, draft: Draft) -> None:
    treatment = row.text("treatment")
    blank = [column for column in ("treatment", "cod_removed_t") if row.values.get(column) is None]
    draft.gaps.extend(cell_gap(row, column) for column in blank)
    if treatment == "lagoon":
        draft.faults.append(fault("inventory.lagoon-depth", row.at("treatment"), row=row.key))
        draft.gaps.append(cell_gap(row, "treatment"))
    elif not blank:
        if treatment == "aerobic":
            draft.faults.append(fault("inventory.aerobic-assumed", row.at("treatment"), row=row.key))
        _count(setting, row, _EARLIER.get(treatment, treatment), draft)


def _count(setting: Setting, row: Row, treatment: str, draft: Draft) -> None:
    capacity = setting.lookup.factor("wastewater_cod", "methane_capacity")
    correction = setting.lookup.factor(f"wastewater_{treatment}", "methane_correction")
    if capacity is None or correction is None:
        draft.gaps.append(cell_gap(row, "treatment"))
        return
    inputs = (("cod", cell(row, "cod_removed_t", "t")), ("capacity", capacity), ("correction", correction))
    generated = multiply(f"{REGISTER}[{row.key}].generated", inputs, "t")
    released = _released(row, generated, draft)
    if released is not None:
        whose = (row.text("enterprise"), "CH4")
        draft.lines.extend(gas_lines(REGISTER, setting.lookup.gwp("CH4"), whose=whose, released=released))


def _released(row: Row, generated: Node, draft: Draft) -> Node | None:
    """What was made less what was recovered; a blank claims nothing. None if more was recovered than made."""
    name = f"{REGISTER}[{row.key}].CH4"
    if row.number("methane_recovered_t") is None:
        return Node(name, generated.value, "t", rule="generated", inputs=(("generated", generated),))
    recovered = cell(row, "methane_recovered_t", "t")
    value = number(generated) - number(recovered)
    if value < 0:
        amounts = {"recovered": f"{number(recovered):f}", "generated": f"{number(generated).normalize():f}"}
        place = row.at("methane_recovered_t")
        draft.faults.append(fault("inventory.methane-over-recovered", place, row=row.key, **amounts))
        draft.gaps.append(cell_gap(row, "methane_recovered_t"))
        return None
    inputs = (("generated", generated), ("recovered", recovered))
    return Node(name, value, "t", rule="generated - recovered", inputs=inputs)
