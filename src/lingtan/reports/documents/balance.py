"""Emissions, energy and the ordered cancellation."""

from __future__ import annotations

from collections.abc import Mapping

from lingtan.errors import catalogue
from lingtan.ledger.records import Entry
from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import UNKNOWN, Block, Paragraph, Row, RowLook, Runs, Table
from lingtan.reports.rounding import amount
from lingtan.standards import facts
from lingtan.trace import Node

SHOWN_TOTALS = (
    "scope1_tco2e",
    "scope2_location_tco2e",
    "scope2_market_tco2e",
    "gross_tco2e",
    "biogenic_tco2",
    "non_kyoto_tco2e",
    "energy_tce_calorific",
    "energy_tce_equal_value",
    "electricity_mwh",
    "purchased_electricity_mwh",
    "own_renewable_mwh",
)
STEPS = ("gross_tco2e", "removed_tco2e", "green_tco2e", "credits_tco2e", "residual_tco2e")


def build_totals_table(desk: Desk) -> Table:
    """Totals of the park inventory, and whether each is whole."""
    totals = desk.results.inventory.totals
    columns = desk.columns("balance.totals_columns", "3.4", "1.6>", "1", "1")
    rows = tuple(_total(name, "inventory", totals[name], desk) for name in SHOWN_TOTALS if name in totals)
    return Table("totals", desk.text("balance.totals_table"), columns, rows, desk.runs("balance.totals_note"))


def build_national_table(desk: Desk) -> Table:
    """Totals by the national method, never added to the others."""
    totals = desk.results.assessment.national.totals
    columns = desk.columns("balance.totals_columns", "3.4", "1.6>", "1", "1")
    rows = tuple(_total(name, "national", node, desk) for name, node in totals.items())
    return Table("national", desk.text("balance.national_table"), columns, rows)


def _total(name: str, root: str, node: Node, desk: Desk) -> Row:
    prefix = {"inventory": "park", "national": "ndrc", "ledger": "ledger"}[root]
    fact = facts().get(f"{prefix}.{name}")
    called = desk.pick(fact.zh, fact.en) if fact else name
    value = amount(node.value, node.unit, path=f"{root}/totals/{name}")
    whole = desk.text("balance.partly" if node.gaps else "balance.whole")
    return Row(((called,), (value,), (desk.unit(node.unit) or "—",), (whole,)))


def build_cancellation_table(desk: Desk) -> Table:
    """From the emissions before cancellation to what remains, and the net-zero rate."""
    totals = desk.results.ledger.totals
    columns = desk.columns("balance.steps_columns", "3.4", "1.6>", "1")
    rows = []
    for name in STEPS:
        look: RowLook = "total" if name in ("gross_tco2e", "residual_tco2e") else "body"
        rows.append(_step(name, totals[name], look, desk))
    rows.append(_step("net_zero_rate", totals["net_zero_rate"], "total", desk))
    note = desk.runs("balance.steps_note")
    return Table("cancellation", desk.text("balance.steps_table"), columns, tuple(rows), note)


def _step(name: str, node: Node, look: RowLook, desk: Desk) -> Row:
    value = amount(node.value, node.unit, path=f"ledger/totals/{name}")
    called = (desk.text(f"balance.{name}"),)
    return Row((called, (value,), (desk.unit(node.unit) or desk.text("balance.fraction"),)), look)


def build_ledger_entries(desk: Desk) -> tuple[Block, ...]:
    """Every instrument in the order of cancellation: offered, used, and why not the rest."""
    entries = desk.results.ledger.entries
    if not entries:
        return (Paragraph(desk.runs("balance.no_entries")),)
    columns = desk.columns("balance.entries_columns", "1.9", "1.1", "1.1>", "1.1>", "0.7", "1.2>", "2")
    rows: list[Row] = []
    reasons = _reasons(desk)
    for place, entry in enumerate(entries):
        if place == 0 or entries[place - 1].step != entry.step:
            rows.append(Row(((desk.text(f"balance.step_{entry.step}"),),), "group"))
        rows.append(Row(_entry(place, entry, reasons, desk)))
    note = desk.runs("balance.entries_note")
    return (Table("ledger", desk.text("balance.entries_table"), columns, tuple(rows), note),)


def _entry(place: int, entry: Entry, reasons: Mapping[str, str], desk: Desk) -> tuple[Runs, ...]:
    register = (desk.text(f"balance.register_{entry.register}"),)
    if is_hidden(entry, desk):
        hidden = (desk.text("balance.confidential"),)
        return hidden, register, (UNKNOWN,), (UNKNOWN,), (entry.unit,), (UNKNOWN,), ("",)
    path = f"ledger/entries/{place}"
    reason = desk.names.clean(reasons.get(f"{entry.refused}@{entry.place}", "")) if entry.refused else ""
    return (
        (entry.id,),
        register,
        (amount(entry.offered, entry.unit, path=f"{path}/offered"),),
        (amount(entry.used, entry.unit, path=f"{path}/used"),),
        (entry.unit,),
        (amount(entry.used_tco2e, "tCO2e", path=f"{path}/used_tco2e"),),
        (reason or _why_all(entry, desk),),
    )


def _why_all(entry: Entry, desk: Desk) -> str:
    if entry.refused:
        return str(entry.refused) if entry.refused not in catalogue() else desk.text("balance.refused")
    shown_already = entry.step == "own" and entry.used and not entry.used_tco2e
    return desk.text("balance.in_inventory" if shown_already else "balance.all_used")


def is_hidden(entry: Entry, desk: Desk) -> bool:
    """Whether the instrument belongs to a confidential enterprise."""
    rows = desk.results.dossier.rows.get(entry.register, ())
    row = next((one for one in rows if one.key == entry.id), None)
    owners = () if row is None else (row.text("owner"), row.text("enterprise"))
    return any(desk.names.is_confidential(owner) for owner in owners)


def _reasons(desk: Desk) -> Mapping[str, str]:
    """What the ledger says of each refused instrument, by code and place of its row."""
    found: dict[str, str] = {}
    for fault in desk.results.ledger.faults:
        place = type(fault.place)(fault.place.file, fault.place.sheet, fault.place.row)
        found.setdefault(f"{fault.code}@{place}", fault.words(desk.words.language).what)
    return found
