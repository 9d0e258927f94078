"""Chapters 5 to 9 and the conclusion: what is strong, what is not, what to do, on which documents."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lingtan.assessment.records import IndicatorResult
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.evidence import build_evidence_list
from lingtan.reports.documents.improvement.gates import build_open_gates
from lingtan.reports.documents.improvement.indicators import build_failed, build_short
from lingtan.reports.documents.inventory.quality import build_remarks
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.documents.limits import earned_run, points_run, value_runs
from lingtan.reports.documents.missing import build_missing
from lingtan.reports.documents.self_assessment.measures import build_measures
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Block, Row

STRONGEST = 10


def build_practice(bench: Bench) -> Iterator[Block]:
    """The strongest indicators, and the measures that were handed in."""
    words = bench.words
    yield build_heading(words, "evaluation.practice")
    yield build_heading(words, "evaluation.strongest_head", level=2)
    rows = [_strong(bench, one) for one in find_strongest(bench)]
    if rows:
        yield build_paragraph(words, "evaluation.strongest_text")
        yield build_table(words, "evaluation.strongest", "0.8l 4l 1.6r 1r 1.2r", rows)
    else:
        yield build_paragraph(words, "evaluation.strongest_none")
    yield from build_measures(bench)[1:]
    yield build_fields("evaluation-practice-fields", "evaluation.practice_fields", bench)


def find_strongest(bench: Bench) -> list[IndicatorResult]:
    """Indicators by the share of their points that they earned, the weightier first among equals."""
    earned = [one for one in bench.results.assessment.indicators if one.points and one.earned]
    return sorted(earned, key=lambda one: (-_share(one), -(one.points or 0)))[:STRONGEST]


def _share(one: IndicatorResult) -> Decimal:
    """What indicators are put in order by; it is not printed."""
    return (one.earned or Decimal(0)) / one.points if one.points else Decimal(0)


def _strong(bench: Bench, one: IndicatorResult) -> Row:
    value = value_runs(one, bench)
    return build_row(one.code, bench.pick(one.zh, one.en), value, points_run(one), earned_run(one))


def build_problems(bench: Bench) -> Iterator[Block]:
    """Gates and required indicators that are not passed, faults of the dossier."""
    words = bench.words
    yield build_heading(words, "evaluation.problems")
    yield build_heading(words, "evaluation.problems_gates", level=2)
    yield from build_open_gates(bench)
    yield build_heading(words, "evaluation.problems_failed", level=2)
    yield from build_failed(bench)
    yield build_heading(words, "evaluation.problems_faults", level=2)
    yield from build_remarks(bench, bench.results.assessment.faults, "dossier")
    yield build_fields("evaluation-problems-fields", "evaluation.problems_fields", bench)


def build_advice(bench: Bench) -> Iterator[Block]:
    """Data to hand in, indicators with room."""
    words = bench.words
    yield build_heading(words, "evaluation.advice")
    yield build_heading(words, "evaluation.advice_missing", level=2)
    yield from build_missing(bench)
    yield build_heading(words, "evaluation.advice_short", level=2)
    yield from build_short(bench)
    yield build_fields("evaluation-advice-fields", "evaluation.advice_fields", bench)


def build_documents(bench: Bench) -> Iterator[Block]:
    """Editions with their fingerprints, documents of the factors, evidence."""
    words = bench.words
    yield build_heading(words, "evaluation.documents_used")
    editions = [
        build_row(
            bench.pick(one.zh, one.en), bench.said(one.issuer), bench.said(one.issued_on), one.id, one.sha256
        )
        for one in bench.results.editions
    ]
    yield build_table(words, "evaluation.editions", "2.6l 1.6l 1.1l 1.8l 2.4l", editions)
    sources: dict[str, bool] = {}
    for factor in bench.results.factors:
        source = bench.say_source(factor)
        sources[source] = sources.get(source, False) or factor.second_hand
    if sources:
        rows = [_source(bench, number, *item) for number, item in enumerate(sources.items(), 1)]
        yield build_table(words, "evaluation.factor_documents", "0.6c 8l 1c", rows)
    else:
        yield build_paragraph(words, "evaluation.factor_documents_none")
    yield from build_evidence_list(bench)[1:]


def _source(bench: Bench, number: int, source: str, second_hand: bool) -> Row:
    return build_row(str(number), source, bench.text("verdicts.yes") if second_hand else "—")


def build_qualification(bench: Bench) -> Iterator[Block]:
    """Fields for the proof that the evaluator is qualified."""
    yield build_heading(bench.words, "evaluation.qualification")
    yield build_fields("evaluation-qualification-fields", "evaluation.qualification_fields", bench)


def build_conclusion(bench: Bench) -> Iterator[Block]:
    """The evaluator's conclusion and signatures, unnumbered and empty."""
    words = bench.words
    yield build_heading(words, "evaluation.conclusion", numbered=False)
    yield build_paragraph(words, "evaluation.conclusion_text")
    yield build_fields("evaluation-conclusion-fields", "evaluation.conclusion_fields", bench)
    yield build_fields("evaluation-signatures", "evaluation.signatures", bench)
