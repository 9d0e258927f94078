"""Chapters 3 and 4: every gate and indicator with the park's result and room for the evaluator's finding."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.assessment.records import GateResult, IndicatorResult
from lingtan.inventory.records import Member
from lingtan.reports.documents.bench import Bench
from lingtan.reports.documents.evidence import find_evidence
from lingtan.reports.documents.gates import say_standing
from lingtan.reports.documents.layout import build_heading, build_paragraph, build_row, build_table
from lingtan.reports.documents.limits import earned_run, points_run, value_runs, verdict_run
from lingtan.reports.documents.pathway.measures import find_own
from lingtan.reports.records import Block, Heading, Row
from lingtan.reports.rounding import amount

SAMPLED = 10


def build_gate_checks(bench: Bench) -> Iterator[Block]:
    """Gate by gate; nothing is said on the evaluator's behalf."""
    words, gates = bench.words, bench.results.assessment.gates
    yield build_heading(words, "evaluation.gates")
    if not gates:
        yield build_paragraph(words, "gates.none")
        return
    yield build_paragraph(words, "evaluation.findings")
    yield build_table(words, "evaluation.gate_checks", "2l 0.8l 2.2l 1.6l 1.2l 1.4l",
                      [_gate(bench, gate) for gate in gates])  # fmt: skip


def _gate(bench: Bench, gate: GateResult) -> Row:
    found = find_evidence(gate.node, bench.results.dossier)
    return build_row(
        bench.pick(gate.zh, gate.en), bench.verdict(gate.passed), say_standing(gate, bench),
        bench.join(found), None, None,
    )  # fmt: skip


def build_indicator_checks(bench: Bench) -> Iterator[Block]:
    """By first-level indicator; then where to look first."""
    words = bench.words
    parents = {level.code: level.parent for level in bench.results.edition.levels}
    yield build_heading(words, "evaluation.indicators")
    yield build_paragraph(words, "evaluation.indicators_text")
    for level in bench.results.assessment.levels:
        own = [] if parents[level.code] else find_own(bench, level.code)
        if own:
            name = bench.pick(level.zh, level.en)
            yield Heading(f"evaluation-level-{level.code}", name, 2)
            yield build_table(
                words, "evaluation.checks", "0.7l 2.3l 1.3r 0.8r 0.9r 0.9l 1.3l 1.6l",
                [_indicator(bench, one) for one in own],
                id=f"evaluation-checks-{level.code}", title=words.text("evaluation.checks", name=name),
            )  # fmt: skip
    yield build_heading(words, "evaluation.evidence_head", level=2)
    rows = [_grounds(bench, one) for one in bench.results.assessment.indicators]
    yield build_table(words, "evaluation.grounds", "0.8l 3l 4l", rows)
    yield build_heading(words, "evaluation.sample_head", level=2)
    yield from _sample(bench)


def _indicator(bench: Bench, one: IndicatorResult) -> Row:
    return build_row(
        one.code, bench.pick(one.zh, one.en), value_runs(one, bench), points_run(one), earned_run(one),
        verdict_run(one, bench), None, None,
    )  # fmt: skip


def _grounds(bench: Bench, one: IndicatorResult) -> Row:
    found = find_evidence(one.node, bench.results.dossier, code=one.code)
    return build_row(one.code, bench.pick(one.zh, one.en), bench.join(found))


def _sample(bench: Bench) -> Iterator[Block]:
    """The indicators with most points, and the enterprises with most emissions."""
    words = bench.words
    yield build_paragraph(words, "evaluation.sample_text")
    scored = [one for one in bench.results.assessment.indicators if one.points]
    heaviest = sorted(scored, key=lambda one: -(one.points or 0))[:SAMPLED]
    if heaviest:
        rows = [_stake(bench, one) for one in heaviest]
        yield build_table(words, "evaluation.sample_indicators", "0.8l 4l 1.2l 1r 1.2r", rows)
    members = bench.results.inventory.members
    placed = sorted(enumerate(members), key=lambda item: -_weight(item[1]))[:SAMPLED]
    if placed:
        rows = [_member(bench, place, one) for place, one in placed]
        yield build_table(words, "evaluation.sample_enterprises", "4l 1.6r 1.6r", rows)


def _stake(bench: Bench, one: IndicatorResult) -> Row:
    kind = bench.text(f"kinds.{one.kind}")
    return build_row(one.code, bench.pick(one.zh, one.en), kind, points_run(one), earned_run(one))


def _weight(member: Member) -> float:
    """What members are put in order by; it is not printed."""
    return float((member.scope1_tco2e or 0) + (member.scope2_location_tco2e or 0))


def _member(bench: Bench, place: int, one: Member) -> Row:
    path = f"inventory/members/{place}"
    return build_row(
        bench.names.enterprise(one.enterprise),
        amount(one.scope1_tco2e, "tCO2e", path=f"{path}/scope1_tco2e"),
        amount(one.scope2_location_tco2e, "tCO2e", path=f"{path}/scope2_location_tco2e"),
    )
