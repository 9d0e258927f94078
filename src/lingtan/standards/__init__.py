"""Editions of standards: read, check, compile, score, freeze, compare."""

from lingtan.standards.cases import run_cases
from lingtan.standards.compiling import CompiledEdition, CompiledFormula, compile_edition, find_register_users
from lingtan.standards.differing import Change, diff_editions, render_diff
from lingtan.standards.facts import FactDeclaration, facts
from lingtan.standards.facts import columns as declared_columns
from lingtan.standards.freezing import FrozenEdition, freeze_edition, load_frozen
from lingtan.standards.loading import (
    EditionListing,
    check_edition,
    list_editions,
    load_edition,
    lock_edition,
)
from lingtan.standards.schema import export_schema
from lingtan.standards.scoring import Scored, compute_points, score_indicator

__all__ = [
    "Change",
    "CompiledEdition",
    "CompiledFormula",
    "EditionListing",
    "FactDeclaration",
    "FrozenEdition",
    "Scored",
    "check_edition",
    "compile_edition",
    "compute_points",
    "declared_columns",
    "diff_editions",
    "export_schema",
    "facts",
    "find_register_users",
    "freeze_edition",
    "list_editions",
    "load_edition",
    "load_frozen",
    "lock_edition",
    "render_diff",
    "run_cases",
    "score_indicator",
]
