"""The result by the evaluators' values: points, score and stars as the edition scores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lingtan.assessment.standing import Judged, Standing, as_decimal, find_award
from lingtan.standards import compute_points, score_indicator
from lingtan.standards.records import Edition, Indicator
from lingtan.standards.scoring import Comparison
from lingtan.trace import Node
from lingtan_web.reviews.rules.findings import YES, Finding, Subject, Verdict


@dataclass(frozen=True, slots=True)
class Verified:
    """Score, stars and stage by the evaluators' values; points at stake and earned per indicator."""

    score: Decimal | None
    stars: int | None
    stage: str | None
    stage_zh: str
    stage_en: str
    points: Mapping[str, Decimal]
    earned: Mapping[str, Decimal]
    passed: Mapping[str, bool | None]


def find_value(subject: Subject, finding: Finding | None) -> str | None:
    """The value that holds: the evaluator's where corrected, none where rejected, else the park's."""
    if finding is None or finding.verdict in (Verdict.ACCEPT, Verdict.QUESTION):
        return subject.value
    return finding.value if finding.verdict is Verdict.CORRECT else None


def does_apply(subject: Subject, finding: Finding | None) -> bool:
    """A rejected or corrected 'does not apply' applies."""
    return subject.applies or (finding is not None and finding.verdict in (Verdict.REJECT, Verdict.CORRECT))


def compute_verified(
    edition: Edition, subjects: Sequence[Subject], findings: Mapping[str, Finding]
) -> Verified:
    """Score `edition` over the park's values with the evaluators' findings put in their place."""
    by_code = {subject.code: subject for subject in subjects}
    applies = {i.code: does_apply(by_code[i.code], findings.get(i.code)) for i in edition.indicators}
    points = compute_points(edition, applies)
    judged = tuple(
        _judge(i, by_code[i.code], findings.get(i.code), points[i.code], edition.comparison)
        for i in edition.indicators
    )
    gates = {gate.id: _is_met(by_code[gate.id], findings.get(gate.id)) for gate in edition.gates}
    standing = Standing(edition, gates, judged)
    award, score = find_award(standing), standing.score
    return Verified(
        score=None if score is None else as_decimal(score),
        stars=award.stars if award else None,
        stage=award.id if award else None,
        stage_zh=award.zh if award else "",
        stage_en=award.en if award else "",
        points={one.indicator.code: as_decimal(one.points) for one in judged},
        earned={one.indicator.code: as_decimal(one.earned) for one in judged},
        passed={**{one.indicator.code: one.passed for one in judged}, **gates},
    )


def _is_met(subject: Subject, finding: Finding | None) -> bool | None:
    value = find_value(subject, finding)
    return None if value is None else value == YES


def _judge(
    indicator: Indicator,
    subject: Subject,
    finding: Finding | None,
    worth: Fraction,
    comparison: Comparison,
) -> Judged:
    text, applies = find_value(subject, finding), does_apply(subject, finding)
    value = Decimal(text) if text is not None and applies else None
    node = Node(indicator.id, value, indicator.unit)
    if not applies:
        return Judged(indicator, False, value, Fraction(0), Fraction(0), None, node)
    scored = score_indicator(indicator, value, target=subject.target, comparison=comparison)
    share = scored.earned / Fraction(indicator.points) if indicator.points else Fraction(0)
    return Judged(indicator, True, value, worth, worth * share, scored.passed, node)
