"""Lingtan 零碳: from meter readings to a zero-carbon star.

    import lingtan as lt
    dossier = lt.read_dossier("examples/parks/xinghuo")
    result = lt.assess(dossier, "sh-seesa-zctp-2024", on=date(2025, 6, 30))
    lt.explain(result, "C1.1")

Everything raises `LingtanError` (with every fault found) for input that cannot be used;
missing data are results, never exceptions.
"""

from lingtan.assessment import (
    Assessment,
    assess,
    assess_all,
    explain,
    export_assessment,
    export_trace,
)
from lingtan.dossier.reading import check_dossier, read_dossier
from lingtan.dossier.records import Dossier
from lingtan.errors import DossierError, EditionError, FactorError, Fault, LingtanError
from lingtan.expressions import replay
from lingtan.factors import load_registry
from lingtan.inventory import Inventory, compute_inventory, export_inventory
from lingtan.ledger import Ledger, compute_ledger, export_ledger
from lingtan.metering import Metering, compute_metering
from lingtan.standards import load_edition
from lingtan.standards.records import Edition

__all__ = [
    "Assessment",
    "Dossier",
    "DossierError",
    "Edition",
    "EditionError",
    "FactorError",
    "Fault",
    "Inventory",
    "Ledger",
    "LingtanError",
    "Metering",
    "assess",
    "assess_all",
    "check_dossier",
    "compute_inventory",
    "compute_ledger",
    "compute_metering",
    "explain",
    "export_assessment",
    "export_inventory",
    "export_ledger",
    "export_trace",
    "load_edition",
    "load_registry",
    "read_dossier",
    "replay",
]
