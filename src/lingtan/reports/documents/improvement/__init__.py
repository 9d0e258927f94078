"""改进清单: what to do next, what matters most first."""

from __future__ import annotations

from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.improvement.faults import build_faults
from lingtan.reports.documents.improvement.gates import build_open_gates
from lingtan.reports.documents.improvement.indicators import build_failed, build_short
from lingtan.reports.documents.improvement.plan import build_plan
from lingtan.reports.documents.missing import build_missing
from lingtan.reports.documents.self_assessment.conclusion import say_next, say_result
from lingtan.reports.documents.withheld import build_awards, build_withheld
from lingtan.reports.records import Block, Heading, Paragraph
from lingtan.reports.results import Results
from lingtan.reports.words import Words


def build_improvement(results: Results, words: Words) -> tuple[Block, ...]:
    """Gates, failed indicators, missing data, points to gain, who does it by when, faults of the dossier."""
    desk = Desk(results, words)
    return (
        Heading("standing", desk.text("improvement.standing")),
        say_result(desk),
        *say_next(desk),
        *build_awards(desk),
        *build_withheld(desk),
        Paragraph(desk.runs("improvement.order"), "note"),
        Heading("open-gates", desk.text("improvement.gates")),
        *build_open_gates(desk),
        Heading("failed", desk.text("improvement.failed")),
        *build_failed(desk),
        Heading("missing-data", desk.text("improvement.missing")),
        *build_missing(desk),
        Heading("short", desk.text("improvement.short" if desk.is_scored else "improvement.targets")),
        *build_short(desk),
        Heading("plan", desk.text("improvement.plan")),
        *build_plan(desk),
        Heading("faults", desk.text("improvement.faults")),
        *build_faults(desk),
    )
