"""Industrial processes: product or material x factor, the park's own factor before a document's."""

from __future__ import annotations

from lingtan.dossier.records import Row
from lingtan.dossier.registers import registers
from lingtan.errors import fault
from lingtan.inventory.activities import cell, cell_gap, is_unproven_zero
from lingtan.inventory.completeness import read_series
from lingtan.inventory.lines import Draft, Labelled, Part, build_line, multiply
from lingtan.inventory.records import Line
from lingtan.inventory.setting import Setting
from lingtan.quantities import UnitError
from lingtan.trace import Gap, Node

REGISTER = "process_activity"


def compute_process(setting: Setting) -> Part:
    """Scope 1 lines of process emissions; a register neither filled nor confirmed empty is a gap."""
    draft = Draft()
    if not setting.dossier.is_supplied(REGISTER):
        draft.gaps.append(Gap(f"register {REGISTER}", "park"))
    for row in read_series(setting.dossier, REGISTER, setting.year, draft):
        _row(setting, row, draft)
    return draft.done()


def _row(setting: Setting, row: Row, draft: Draft) -> None:
    if row.number("quantity") is None or not row.text("unit"):
        draft.gaps.append(cell_gap(row, "quantity"))
        return
    factor = _factor(setting, row, draft)
    if factor is None:
        draft.gaps.append(cell_gap(row, "factor"))
        return
    try:
        draft.lines.append(_line(row, factor))
    except UnitError:
        words = {"unit": row.text("unit"), "factor_unit": factor.unit}
        draft.faults.append(fault("inventory.process-unit", row.at("unit"), **words))
        draft.gaps.append(cell_gap(row, "unit"))


def _factor(setting: Setting, row: Row, draft: Draft) -> Node | None:
    """The row's own factor, else that of the process, else of the carbonate (per pure substance)."""
    process = row.text("process")
    if row.number("factor") is not None:
        if is_unproven_zero(setting.dossier, row, "factor"):
            draft.faults.append(fault("inventory.zero-without-evidence", row.at("factor"), row=row.key))
            return None
        if not row.text("source"):
            draft.faults.append(fault("inventory.own-factor-without-source", row.at("source"), row=row.key))
        return cell(row, "factor", row.text("factor_unit") or "tCO2/t")
    found = setting.lookup.factor(process, "process", "carbonate")
    if found is None:
        zh, en = registers()[REGISTER].columns["process"].choices.get(process, (process, process))
        draft.faults.append(fault("inventory.process-without-factor", row.at("factor"), process=zh, name=en))
    elif setting.lookup.kind_of(found) == "carbonate" and row.number("purity_percent") is None:
        draft.faults.append(fault("inventory.purity-blank", row.at("purity_percent"), row=row.key))
    return found


def _line(row: Row, factor: Node) -> Line:
    quantity = cell(row, "quantity", row.text("unit"))
    inputs: tuple[Labelled, ...] = (("quantity", quantity), ("factor", factor))
    if row.number("purity_percent") is not None:
        inputs = (*inputs, ("purity", cell(row, "purity_percent", "percent")))
    node = multiply(f"process[{row.key}].emissions", inputs, "tCO2e")
    whose = (row.text("enterprise"), row.text("process"))
    return build_line("process", "1", whose=whose, quantity=quantity, factor=factor, node=node)
