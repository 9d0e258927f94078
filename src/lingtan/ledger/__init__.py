"""The ordered cancellation of a park's emissions."""

from lingtan.instruments.rules import CancellationRules, load_rules
from lingtan.ledger.checking import check_ledger
from lingtan.ledger.computing import compute_ledger
from lingtan.ledger.export import export_ledger
from lingtan.ledger.records import Entry, Ledger

__all__ = [
    "CancellationRules",
    "Entry",
    "Ledger",
    "check_ledger",
    "compute_ledger",
    "export_ledger",
    "load_rules",
]
