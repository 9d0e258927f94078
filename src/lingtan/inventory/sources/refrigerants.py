"""Fugitive gases: kilograms released by one of three methods, times the GWP of the method's set."""

from __future__ import annotations

from collections.abc import Mapping

from lingtan.dossier.records import Row
from lingtan.errors import fault
from lingtan.factors import find_equipment
from lingtan.inventory.activities import cell, cell_gap
from lingtan.inventory.completeness import read_series
from lingtan.inventory.lines import ONE, ZERO, Draft, Labelled, Part, gas_lines, number
from lingtan.inventory.records import Line, Scope
from lingtan.inventory.setting import Setting
from lingtan.trace import Gap, Node

REGISTER = "fugitive_gases"
# EPA simplified calculator logic, as in the worked case: what left stock and equipment, never below zero.
_BALANCES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "material_balance": (
        ("inventory_change_kg", "transferred_kg", "capacity_change_kg"),
        "max(0, inventory_change_kg + transferred_kg + capacity_change_kg)",
    ),
    "simplified": (
        ("new_charge_kg", "new_capacity_kg", "recharge_kg", "disposed_capacity_kg", "recovered_kg"),
        "max(0, new_charge_kg - new_capacity_kg + recharge_kg + disposed_capacity_kg - recovered_kg)",
    ),
    "screening": (("new_charge_kg", "operating_capacity_kg", "disposed_capacity_kg"), ""),
}
_TAKEN_OFF = ("new_capacity_kg", "recovered_kg")
# What screening takes of each amount: the rates by type of equipment, and the term.
_SCREENED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "new_charge_kg": (("leak_installation",), "new_charge_kg * leak_installation"),
    "operating_capacity_kg": (("leak_operation",), "operating_capacity_kg * leak_operation"),
    "disposed_capacity_kg": (
        ("leak_remaining", "leak_recovery"),
        "disposed_capacity_kg * leak_remaining * (1 - leak_recovery)",
    ),
}


def compute_refrigerants(setting: Setting) -> Part:
    """Scope 1 lines of Kyoto gases; gases outside Kyoto apart. CO2-only methods have none."""
    draft = Draft()
    if setting.method.is_co2_only:
        return draft.done()
    if not setting.dossier.is_supplied(REGISTER):
        draft.gaps.append(Gap(f"register {REGISTER}", "park"))
    for row in read_series(setting.dossier, REGISTER, setting.year, draft):
        released = released_kg(setting, row, draft)
        if released is not None:
            draft.lines.extend(_lines(setting, row, released, draft))
    return draft.done()


def released_kg(setting: Setting, row: Row, draft: Draft) -> Node | None:
    """Kilograms released by the row's method; None, with the gap, where a needed cell is blank."""
    columns, rule = _BALANCES.get(row.text("method"), ((), ""))
    blank = [column for column in columns or ("method",) if row.values.get(column) is None]
    if blank:
        draft.gaps.extend(cell_gap(row, column) for column in blank)
        return None
    inputs = tuple((column, cell(row, column, "kg")) for column in columns)
    name = f"{REGISTER}[{row.key}].released_kg"
    if rule:
        signed = (-number(node) if column in _TAKEN_OFF else number(node) for column, node in inputs)
        return Node(name, max(ZERO, sum(signed, ZERO)), "kg", rule=rule, inputs=inputs)
    return _screened(setting, row, draft, inputs)


def _screened(setting: Setting, row: Row, draft: Draft, inputs: tuple[Labelled, ...]) -> Node | None:
    """charge x k + capacity x x + disposed x y x (1 - z); only the rates of amounts that are not zero."""
    equipment = find_equipment(row.text("equipment_type"))
    if equipment is None:
        draft.faults.append(
            fault("inventory.unknown-equipment", row.at("equipment_type"), type=row.text("equipment_type"))
        )
        draft.gaps.append(cell_gap(row, "equipment_type"))
        return None
    value, rates = ZERO, list[Labelled]()
    terms, lacking = list[str](), list[str]()
    for column, node in inputs:
        kinds, term = _SCREENED[column]
        if not number(node):
            terms.append(column)
            continue
        found = [setting.lookup.leak_rate(equipment.id, kind) for kind in kinds]
        known = [rate for rate in found if rate is not None]
        if len(known) < len(kinds):
            lacking.append(column)
            continue
        share = number(known[0][1]) * (ONE - number(known[1][1]) if known[1:] else ONE)
        value, terms, rates = value + number(node) * share, [*terms, term], [*rates, *known]
    for column in lacking:
        kinds = _SCREENED[column][0]
        words = {"type": equipment.zh, "name": equipment.en, "kinds": ", ".join(kinds)}
        draft.faults.append(fault("inventory.no-leak-rate", row.at(column), **words))
        draft.gaps.append(cell_gap(row, column))
    if lacking:
        return None
    rule, name = f"max(0, {' + '.join(terms)})", f"{REGISTER}[{row.key}].released_kg"
    return Node(name, max(ZERO, value), "kg", rule=rule, inputs=(*inputs, *rates))


def _lines(setting: Setting, row: Row, released: Node, draft: Draft) -> list[Line]:
    if row.number("gwp") is not None:
        draft.faults.append(
            fault("inventory.own-gwp", row.at("gwp"), gas=row.text("gas"), value=row.text("gwp"))
        )
        potentials: tuple[tuple[Scope, Node], ...] = (("1", cell(row, "gwp", "kgCO2e/kg")),)
    else:
        potentials = setting.lookup.gwp(row.text("gas"))
    if not potentials:
        words = {"gas": row.text("gas"), "gwp_set": setting.method.gwp_set.value}
        draft.faults.append(fault("inventory.unknown-gas", row.at("gas"), **words))
        draft.gaps.append(cell_gap(row, "gas"))
    whose = (row.text("enterprise"), row.text("gas"))
    return gas_lines(REGISTER, potentials, whose=whose, released=released)
