"""Waste burnt in the park (fossil carbon only); landfill is only named."""

from __future__ import annotations

from lingtan.dossier.records import Row
from lingtan.errors import fault
from lingtan.inventory.activities import cell, cell_gap
from lingtan.inventory.completeness import read_series
from lingtan.inventory.lines import ONE, Draft, Labelled, Part, build_line, multiply, number
from lingtan.inventory.misfits import find_outside
from lingtan.inventory.records import Line, Scope
from lingtan.inventory.setting import Setting
from lingtan.inventory.sources.biological import REGISTER, TREATMENTS
from lingtan.trace import Gap, Node, Origin


def compute_waste(setting: Setting) -> Part:
    """Lines of waste burnt, biogenic CO2 apart; landfill is named, the rest has a part of its own.

    CO2-only methods have none.
    """
    if setting.method.is_co2_only:
        return Part((), (), tuple(find_outside(setting, REGISTER)))
    draft = Draft()
    if not setting.dossier.is_supplied(REGISTER):
        draft.gaps.append(Gap(f"register {REGISTER}", "park"))
    for row in read_series(setting.dossier, REGISTER, setting.year, draft):
        treatment = row.text("treatment")
        if treatment == "incineration":
            _burn(setting, row, draft)
        elif treatment not in TREATMENTS:
            draft.faults.append(fault("inventory.waste-not-counted", row.at("treatment"), row=row.key))
    return draft.done()


def _burn(setting: Setting, row: Row, draft: Draft) -> None:
    """t x carbon x fossil share x 44/12 (and the rest of the carbon as biogenic)."""
    blank = [
        c
        for c in ("quantity_t", "carbon_fraction_percent", "fossil_fraction_percent")
        if row.number(c) is None
    ]
    draft.gaps.extend(cell_gap(row, column) for column in blank)
    if blank:
        return
    fossil = multiply("fossil_share", (("fossil", cell(row, "fossil_fraction_percent", "percent")),), "1")
    rest = Node("biogenic_share", ONE - number(fossil), "1", rule="1 - fossil", inputs=(("fossil", fossil),))
    shares: tuple[tuple[Scope, Node], ...] = (("1", fossil), ("biogenic", rest))
    draft.lines.extend(_line(setting, row, scope, share) for scope, share in shares if number(share))


def _line(setting: Setting, row: Row, scope: Scope, share: Node) -> Line:
    quantity = cell(row, "quantity_t", "t")
    carbon = ("carbon_fraction", cell(row, "carbon_fraction_percent", "percent"))
    parts: tuple[Labelled, ...] = (
        carbon,
        ("share", share),
        ("co2_mass", setting.method.node("co2_molar_mass")),
    )
    per = ("carbon_mass", setting.method.node("carbon_molar_mass"))
    # tonnes of carbon in a tonne of waste: the unit of the fraction is tC/t
    content = Node(
        "tC per t",
        ONE,
        "tC/t",
        origin=Origin("parameter", "tC per t"),
        note="carbon fraction of the waste is tC per t",
    )
    factor = multiply(f"waste[{row.key}].factor", (*parts, ("carbon", content)), "tCO2/t", per=per)
    node = multiply(f"waste[{row.key}].emissions", (("quantity", quantity), ("factor", factor)), "tCO2e")
    whose = (row.text("enterprise"), row.text("waste"))
    return build_line("waste", scope, whose=whose, quantity=quantity, factor=factor, node=node)
