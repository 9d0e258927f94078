"""A result frozen with all it was made of, and a later one split exactly into what changed."""

from lingtan.inventory.restatement.bundle import read_frozen, write_frozen
from lingtan.inventory.restatement.causes import CAUSES, Restatement, restate
from lingtan.inventory.restatement.export import export_restatement
from lingtan.inventory.restatement.frozen import Frozen, Inputs, Stated, build_frozen
from lingtan.inventory.restatement.rules import load_restatement_rules

__all__ = [
    "CAUSES",
    "Frozen",
    "Inputs",
    "Restatement",
    "Stated",
    "build_frozen",
    "export_restatement",
    "load_restatement_rules",
    "read_frozen",
    "restate",
    "write_frozen",
]
