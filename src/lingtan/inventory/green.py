"""Electricity proven to be green: contracts settled, certificates cancelled for the year, each once."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.dossier.records import Row
from lingtan.errors import Fault, fault
from lingtan.inventory.activities import cell, rows_of_year
from lingtan.inventory.lines import total
from lingtan.inventory.setting import Setting
from lingtan.trace import Node

_RENEWABLE = ("wind", "solar", "hydro", "biomass")


def find_green(setting: Setting) -> tuple[Node, tuple[Fault, ...]]:
    """MWh at zero by contract or certificate of the year; a row without proof is an error, adds nothing."""
    faults: list[Fault] = []
    nodes = [*_contracts(setting, faults), *_certificates(setting, faults)]
    return total("green_mwh", nodes, "MWh"), tuple(faults)


def _contracts(setting: Setting, faults: list[Fault]) -> Iterator[Node]:
    rows = rows_of_year(setting.dossier, "green_electricity", setting.year)
    whole = {row.text("contract") for row in rows if row.text("period") == str(setting.year)}
    for row in rows:
        if row.text("contract") in whole and row.text("period") != str(setting.year):
            continue  # the row for the whole year holds its months (as in the ledger, ADR 0005)
        if row.number("settled_mwh") is None or not _is_proven(row, faults):
            continue
        technology = row.text("technology")
        if row.text("kind") == "green_power_trade" and technology and technology not in _RENEWABLE:
            faults.append(fault("inventory.not-renewable", row.at("technology"), row=row.key))
            continue
        yield cell(row, "settled_mwh", "MWh")


def _certificates(setting: Setting, faults: list[Fault]) -> Iterator[Node]:
    """Certificates cancelled for the year; those that came with a contract are counted there."""
    rows = sorted(setting.dossier.rows.get("certificates", ()), key=lambda row: (row.key, row.place))
    for row in rows:
        year = row.number("cancelled_year")
        has_amount = year == setting.year and row.number("quantity_mwh") is not None
        if has_amount and not row.text("contract") and _is_proven(row, faults):
            yield cell(row, "quantity_mwh", "MWh")


def _is_proven(row: Row, faults: list[Fault]) -> bool:
    if row.text("evidence"):
        return True
    faults.append(fault("inventory.zero-without-proof", row.at("evidence"), row=row.key))
    return False
