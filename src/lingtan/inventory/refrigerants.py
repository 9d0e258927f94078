"""Fugitive gases: kilograms released by one of three methods, times the GWP of the method's set."""

from __future__ import annotations

from collections.abc import Mapping

from lingtan.dossier.records import Row
from lingtan.errors import fault
from lingtan.inventory.activities import cell, cell_gap
from lingtan.inventory.completeness import read_series
from lingtan.inventory.lines import ONE, ZERO, Draft, Labelled, Part, build_line, multiply, number
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
_LEAKS = ("leak_installation", "leak_operation", "leak_remaining", "leak_recovery")


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
    """charge x k + capacity x x + disposed x y x (1 - z), the rates by type of equipment."""
    rates = setting.lookup.leak_rates(row.text("equipment_type"), _LEAKS)
    if rates is None:
        draft.faults.append(
            fault("inventory.unknown-equipment", row.at("equipment_type"), type=row.text("equipment_type"))
        )
        draft.gaps.append(cell_gap(row, "equipment_type"))
        return None
    k, x, y, z = (number(node) for _, node in rates)
    new, operating, disposed = (number(node) for _, node in inputs)
    value = max(ZERO, new * k + operating * x + disposed * y * (ONE - z))
    rule = (
        "max(0, new_charge_kg * leak_installation + operating_capacity_kg * leak_operation"
        " + disposed_capacity_kg * leak_remaining * (1 - leak_recovery))"
    )
    return Node(f"{REGISTER}[{row.key}].released_kg", value, "kg", rule=rule, inputs=(*inputs, *rates))


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
    return [_line(row, released, gwp, scope) for scope, gwp in potentials]


def _line(row: Row, released: Node, gwp: Node, scope: Scope) -> Line:
    node = multiply(f"{REGISTER}[{row.key}].emissions", (("released", released), ("gwp", gwp)), "tCO2e")
    whose = (row.text("enterprise"), row.text("gas"))
    return build_line(REGISTER, scope, whose=whose, quantity=released, factor=gwp, node=node)
