"""第三方评价报告: filled in as far as the results go; findings are fields for the evaluator to write in."""

from __future__ import annotations

from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.evaluation.checks import build_gate_checks, build_indicator_checks
from lingtan.reports.documents.evaluation.outcome import (
    build_advice,
    build_conclusion,
    build_documents,
    build_practice,
    build_problems,
    build_qualification,
)
from lingtan.reports.documents.evaluation.overview import build_overview, build_sheet
from lingtan.reports.documents.evaluation.process import build_process
from lingtan.reports.records import Block
from lingtan.reports.results import Results
from lingtan.reports.words import Words

CHAPTERS = (
    build_sheet,
    build_overview,
    build_process,
    build_gate_checks,
    build_indicator_checks,
    build_practice,
    build_problems,
    build_advice,
    build_documents,
    build_qualification,
    build_conclusion,
)


def build_evaluation(results: Results, words: Words) -> tuple[Block, ...]:
    """The outline of the form for third-party reports on green industrial parks."""
    bench = Bench(results, words)
    return tuple(block for chapter in CHAPTERS for block in chapter(bench))
