"""The ordered cancellation of a park's emissions."""

from lingtan.ledger.checking import check_ledger
from lingtan.ledger.computing import compute_ledger
from lingtan.ledger.export import export_ledger
from lingtan.ledger.records import Entry, Ledger
from lingtan.ledger.rules import CancellationRules, load_rules

__all__ = [
    "CancellationRules",
    "Entry",
    "Ledger",
    "check_ledger",
    "compute_ledger",
    "export_ledger",
    "load_rules",
]
