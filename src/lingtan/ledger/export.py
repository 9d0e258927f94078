"""A ledger as JSON (shape: docs/reference/json.md)."""

from __future__ import annotations

from typing import Any

from lingtan.ledger.records import Ledger
from lingtan.trace import export_gaps, plain


def export_ledger(ledger: Ledger) -> dict[str, Any]:
    """`ledger` as plain data: entries in the order of cancellation, totals, what is missing."""
    return {
        "year": ledger.year,
        "entries": [
            {
                "step": entry.step,
                "id": entry.id,
                "register": entry.register,
                "offered": plain(entry.offered),
                "unit": entry.unit,
                "used": plain(entry.used),
                "used_tco2e": plain(entry.used_tco2e),
                "refused": entry.refused or None,
            }
            for entry in ledger.entries
        ],
        "totals": {name: plain(node.value) for name, node in ledger.totals.items()},
        "units": {name: node.unit for name, node in ledger.totals.items()},
        "missing": export_gaps(ledger.missing),
        "faults": [fault.as_dict() for fault in ledger.faults],
    }
