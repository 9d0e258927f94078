"""自评价报告: what the park hands in to the evaluator."""

from __future__ import annotations

from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.evidence import build_evidence_list
from lingtan.reports.documents.gates import build_gate_grounds, build_gates_table
from lingtan.reports.documents.indicators import build_sections
from lingtan.reports.documents.levels import build_levels_table
from lingtan.reports.documents.missing import build_missing
from lingtan.reports.documents.pictures import show_indicators, show_levels
from lingtan.reports.documents.self_assessment.balance import build_balance_chapter
from lingtan.reports.documents.self_assessment.conclusion import build_conclusion
from lingtan.reports.documents.self_assessment.measures import build_measures
from lingtan.reports.documents.self_assessment.other_editions import build_other_editions
from lingtan.reports.documents.self_assessment.overview import build_overview
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Block, Heading, Paragraph
from lingtan.reports.results import Results
from lingtan.reports.rounding import count
from lingtan.reports.words import Words


def build_self_assessment(results: Results, words: Words) -> tuple[Block, ...]:
    """The chapters in order."""
    desk = Desk(results, words)
    return (
        *build_overview(desk),
        *build_conclusion(desk),
        *_gates(desk),
        *_indicators(desk),
        *build_balance_chapter(desk),
        Heading("missing-data", desk.text("missing.heading")),
        *build_missing(desk),
        *build_measures(desk),
        *build_other_editions(desk),
        *build_evidence_list(desk),
        *_declaration(desk),
    )


def _gates(desk: Desk) -> tuple[Block, ...]:
    many = count(len(desk.results.assessment.gates), path="assessment/gates")
    head = Heading("basic-requirements", desk.text("gates.heading"))
    if not desk.results.assessment.gates:
        return head, Paragraph(desk.runs("gates.none"))
    intro = Paragraph(desk.runs("gates.intro", many=many))
    return head, intro, build_gates_table(desk), *build_gate_grounds(desk)


def _indicators(desk: Desk) -> tuple[Block, ...]:
    many = count(len(desk.results.assessment.indicators), path="assessment/indicators")
    blocks: list[Block] = [Heading("indicators", desk.text("indicators.heading"))]
    blocks.append(Heading("indicators-overview", desk.text("indicators.overview"), 2))
    intro = "indicators.scored_intro" if desk.is_scored else "indicators.target_intro"
    blocks.append(Paragraph(desk.runs(intro, many=many)))
    if desk.is_scored:
        blocks.extend((build_levels_table(desk), *show_levels(desk), *show_indicators(desk)))
    return *blocks, *build_sections(desk)


def _declaration(desk: Desk) -> tuple[Block, ...]:
    year = str(desk.results.dossier.park.reporting.year)
    return (
        Heading("declaration", desk.text("self-assessment.declaration"), numbered=False),
        Paragraph(desk.runs("self-assessment.declaration_text", year=year)),
        build_fields("declaration-fields", "self-assessment.declaration_fields", desk),
    )
