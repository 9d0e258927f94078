"""The chapters of the inventory report, in their order."""

from __future__ import annotations

from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.inventory.activities import build_activities
from lingtan.reports.documents.inventory.annex import build_annex
from lingtan.reports.documents.inventory.boundary import build_boundary
from lingtan.reports.documents.inventory.cancellation import build_cancellation
from lingtan.reports.documents.inventory.comparison import build_comparison, build_restatement
from lingtan.reports.documents.inventory.declaration import build_declaration
from lingtan.reports.documents.inventory.electricity import build_electricity
from lingtan.reports.documents.inventory.emissions import build_emissions
from lingtan.reports.documents.inventory.factors import build_factors
from lingtan.reports.documents.inventory.method import build_method
from lingtan.reports.documents.inventory.quality import build_quality
from lingtan.reports.documents.inventory.subject import build_subject
from lingtan.reports.documents.inventory.uncertainty import build_uncertainty
from lingtan.reports.records import Block
from lingtan.reports.results import Results
from lingtan.reports.words import Words

CHAPTERS = (
    build_subject,
    build_boundary,
    build_method,
    build_activities,
    build_factors,
    build_emissions,
    build_electricity,
    build_cancellation,
    build_uncertainty,
    build_quality,
    build_comparison,
    build_restatement,
    build_declaration,
    build_annex,
)


def build_inventory(results: Results, words: Words) -> tuple[Block, ...]:
    """The whole report; what was not handed in is said to be lacking."""
    bench = Bench(results, words)
    return tuple(block for chapter in CHAPTERS for block in chapter(bench))
