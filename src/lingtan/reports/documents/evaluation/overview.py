"""The information sheet, and chapter 1: the park, purpose and basis of the evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.cover import facts_table, headline
from lingtan.reports.documents.inventory.subject import say_location
from lingtan.reports.documents.layout import build_heading, build_paragraph
from lingtan.reports.documents.park_facts import build_enterprises, build_identity, build_profile
from lingtan.reports.documents.signing import build_fields
from lingtan.reports.records import Block, Paragraph, Runs, Verdict


def build_sheet(bench: Bench) -> Iterator[Block]:
    """Park, third party (fields), result as the park's data give it."""
    words = bench.words
    yield build_heading(words, "evaluation.sheet", numbered=False)
    yield build_paragraph(words, "evaluation.prefilled", look="callout")
    yield build_heading(words, "evaluation.sheet_park", level=2, numbered=False)
    yield facts_table("evaluation-park", _park(bench))
    yield build_heading(words, "evaluation.sheet_evaluator", level=2, numbered=False)
    yield build_fields("evaluation-evaluator", "evaluation.evaluator_fields", bench)
    yield build_heading(words, "evaluation.sheet_result", level=2, numbered=False)
    yield facts_table("evaluation-result", _result(bench))
    yield build_fields("evaluation-evaluator-result", "evaluation.evaluator_result_fields", bench)


def _park(bench: Bench) -> list[tuple[str, Runs]]:
    park = bench.results.dossier.park
    first = park.responsible[0] if park.responsible else None
    values = {
        "name": bench.pick(park.name_zh, park.name_en),
        "address": say_location(bench) or bench.not_given,
        "head": first.name if first else bench.not_given,
        "contact": (first.email if first else "") or bench.not_given,
    }
    return [(bench.text(f"evaluation.park_{name}"), (value,)) for name, value in values.items()]


def _result(bench: Bench) -> list[tuple[str, Runs]]:
    result, edition = bench.results.assessment, bench.results.edition
    return [
        (bench.text("evaluation.result_edition"), (bench.pick(edition.zh, edition.en),)),
        (bench.text("evaluation.result_gates"), (say_gates(bench),)),
        (bench.text("evaluation.result_park"), headline(result, bench.words)),
        (bench.text("evaluation.result_years"), (bench.text("evaluation.result_years_value"),)),
    ]


def say_gates(bench: Bench) -> Verdict | str:
    """Whether every basic requirement is met; failed if one is, not known if one cannot be judged."""
    found = [gate.passed for gate in bench.results.assessment.gates]
    if not found:
        return bench.text("gates.none")
    return bench.verdict(False if False in found else None if None in found else True)


def build_overview(bench: Bench) -> Iterator[Block]:
    """The park in figures, why it is evaluated, on what grounds."""
    words, edition = bench.words, bench.results.edition
    yield build_heading(words, "evaluation.overview")
    yield build_heading(words, "evaluation.overview_park", level=2)
    yield build_identity(bench)
    yield build_profile(bench)
    yield from build_enterprises(bench)
    yield build_heading(words, "evaluation.overview_purpose", level=2)
    year = str(bench.results.dossier.park.reporting.year)
    name = bench.pick(edition.zh, edition.en)
    yield build_paragraph(words, "evaluation.purpose_text", edition=name, year=year)
    yield build_heading(words, "evaluation.overview_basis", level=2)
    issuer = bench.said(edition.issuer)
    yield build_paragraph(
        words, "evaluation.basis_text", edition=name, issuer=issuer, issued=bench.said(edition.issued_on)
    )
    if remark := bench.remark(edition):
        yield Paragraph((remark,))
    if not edition.complete:
        yield build_paragraph(words, "cover.incomplete", look="note")
