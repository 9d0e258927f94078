"""lingtan ledger show | check."""

from __future__ import annotations

import typer

from lingtan.cli import booking
from lingtan.cli.computing import read_inventory
from lingtan.cli.reading import AsJson, DossierPath, OnDate, ReadingsPaths
from lingtan.cli.results import print_totals
from lingtan.cli.show import answer_check, print_faults, print_json, print_table
from lingtan.ledger import compute_ledger, export_ledger
from lingtan.ledger.records import Ledger
from lingtan.texts import number

STEPS = {
    "own": "1 自主减排 own reduction",
    "green": "2 绿电绿证 green electricity",
    "credits": "3 碳信用 credits",
}


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(
        help="抵消台账：自主减排、绿电绿证、碳信用 The ordered cancellation", no_args_is_help=True
    )
    group.command("show")(show)
    group.command("check")(check)
    booking.register(group)
    app.add_typer(group, name="ledger")


def _ledger(path: str, readings: ReadingsPaths, on: OnDate) -> Ledger:
    found = read_inventory(path, readings, on)
    return compute_ledger(found.dossier, found.inventory)


def show(path: DossierPath, readings: ReadingsPaths = None, on: OnDate = None, json: AsJson = False) -> int:
    """按次序列出每一笔抵消与余量。Every instrument in order, and what is left."""
    ledger = _ledger(path, readings, on)
    if json:
        print_json(export_ledger(ledger))
        return 0
    rows = [
        (STEPS[entry.step], entry.id, f"{number(entry.offered)} {entry.unit}", number(entry.used),
         number(entry.used_tco2e), entry.refused)
        for entry in ledger.entries
    ]  # fmt: skip
    columns = ("步骤 Step", "编号 Id", ">可用 Offered", ">使用 Used", ">tCO2e", "未采用 Refused")
    print_table(f"抵消台账 Ledger {ledger.year}", columns, rows)
    print_totals("合计 Totals", "ledger", ledger.totals)
    print_faults(ledger.faults)
    return 0


def check(path: DossierPath, readings: ReadingsPaths = None, on: OnDate = None, json: AsJson = False) -> int:
    """检查次序、重复与年份。Order, double use and vintages."""
    faults = _ledger(path, readings, on).faults
    return answer_check(faults, "台账没有错误 the ledger has no errors", json=json)
