"""Which documents there are, and building one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lingtan.errors import Language
from lingtan.reports.documents.certificate_annex import build_certificate_annex
from lingtan.reports.documents.cover import build_front
from lingtan.reports.documents.evaluation import build_evaluation
from lingtan.reports.documents.factor_annex import build_factor_annex
from lingtan.reports.documents.improvement import build_improvement
from lingtan.reports.documents.inventory import build_inventory
from lingtan.reports.documents.not_applicable import build_not_applicable
from lingtan.reports.documents.pathway import build_pathway
from lingtan.reports.documents.self_assessment import build_self_assessment
from lingtan.reports.records import Block, Report
from lingtan.reports.results import Results
from lingtan.reports.words import Words

Builder = Callable[[Results, Words], tuple[Block, ...]]

BUILDERS: Mapping[str, Builder] = {
    "self-assessment": build_self_assessment,
    "inventory": build_inventory,
    "factor-annex": build_factor_annex,
    "pathway": build_pathway,
    "evaluation": build_evaluation,
    "improvement": build_improvement,
    "not-applicable": build_not_applicable,
    "certificate-annex": build_certificate_annex,
}


def build_report(results: Results, kind: str, *, language: Language = "zh") -> Report:
    """The document `kind` of `results`; KeyError if there is no such kind."""
    words = Words(language)
    return build_document(results, kind, BUILDERS[kind](results, words), words)


def build_document(results: Results, kind: str, blocks: tuple[Block, ...], words: Words) -> Report:
    """`blocks` with the title of `kind` and the first page all documents have."""
    park = results.dossier.park
    return Report(
        kind=kind,
        language=words.language,
        title=words.text(f"{kind}.title"),
        park=words.pick(park.name_zh, park.name_en),
        subtitle=words.text("cover.year_value", year=park.reporting.year),
        dated=results.dated,
        software=results.assessment.software,
        front=build_front(results, words),
        blocks=blocks,
    )
