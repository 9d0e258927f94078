"""The net-zero balance in the order of cancellation, as the page shows it."""

from __future__ import annotations

from typing import Any

from lingtan.errors import Fault, Place
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


def _find_reason(entry: Entry, ledger: Ledger) -> Fault | None:
    """The fault that says why not all of it was used: of its row, else of its kind."""
    alike = [one for one in ledger.faults if one.code == entry.refused]
    here = [one for one in alike if _row(one.place) == _row(entry.place)]
    return next(iter(here or alike), None)


def _row(place: Place) -> tuple[str, str, int]:
    return place.file, place.sheet, place.row


def _entry(entry: Entry, ledger: Ledger) -> Plain:
    why = _find_reason(entry, ledger) if entry.refused else None
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
