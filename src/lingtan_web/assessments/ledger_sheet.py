"""The net-zero balance in the order of cancellation, as the page shows it."""

from __future__ import annotations

from typing import Any

from lingtan.ledger.records import Entry, Ledger
from lingtan.trace import export_gaps, plain
from lingtan_web.assessments.labels import say_fault, say_phrase, say_register, say_total

Plain = dict[str, Any]
_STEPS = (
    ("own", "removed_tco2e"),
    ("green", "green_tco2e"),
    ("credits", "credits_tco2e"),
)


def build_ledger_sheet(ledger: Ledger) -> Plain:
    """Gross, the three steps with their entries, what is left, the rate."""
    return {
        "year": ledger.year,
        "totals": {name: _total(ledger, name) for name in ledger.totals},
        "steps": [
            {
                "id": step,
                "name": say_phrase(f"balance.step_{step}"),
                "total": _total(ledger, total),
                "entries": [_entry(entry, ledger) for entry in ledger.entries if entry.step == step],
            }
            for step, total in _STEPS
        ],
        "missing": export_gaps(ledger.missing),
        "faults": [say_fault(one) for one in ledger.faults],
    }


def _total(ledger: Ledger, name: str) -> Plain:
    node = ledger.totals[name]
    return {
        "name": name,
        "label": say_total(name),
        "value": plain(node.value),
        "unit": node.unit,
        "is_partial": bool(node.gaps),
        "explain": f"ledger.{name}",
    }


def _entry(entry: Entry, ledger: Ledger) -> Plain:
    why = next(
        (one for one in ledger.faults if one.code == entry.refused and one.place.row == entry.place.row
         and one.place.sheet == entry.place.sheet and one.place.file == entry.place.file),
        None,
    )  # fmt: skip
    return {
        "id": entry.id,
        "register": entry.register,
        "register_name": say_register(entry.register),
        "row": entry.place.row,
        "offered": plain(entry.offered),
        "unit": entry.unit,
        "used": plain(entry.used),
        "used_tco2e": plain(entry.used_tco2e),
        "refused": entry.refused,
        "why": say_fault(why) if why else None,
    }
