"""How far a park is from the next award, and what brings it there: pure, from a result and its edition.

No costs: what is ranked is what blocks the award, then the points that could be had.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from lingtan.assessment.records import Assessment
from lingtan.quantities import add_exactly, less
from lingtan.reports.documents.limits import find_award
from lingtan.standards.records import Award, Edition
from lingtan_web.assessments import saying
from lingtan_web.assessments.records import NOTHING, ZERO, Distance, Said, Step
from lingtan_web.assessments.steps import Standing, find_blocking, find_gainful


def find_distance(result: Assessment, edition: Edition) -> Distance:
    """Where `result` stands under `edition`, what the next award lacks, and steps in order of use."""
    at = find_award(result, edition)
    reached = edition.awards[at] if at >= 0 else None
    above = edition.awards[at + 1] if at + 1 < len(edition.awards) else None
    standing = Standing(result, edition, above)
    short = _short(result, above)
    blocking = _once(find_blocking(standing))
    steps = (*blocking, *_ranked(find_gainful(standing, {step.of for step in blocking})))
    return Distance(
        headline=saying.say_headline(result, edition, reached),
        reached=reached.id if reached else None,
        next=above.id if above else None,
        next_name=Said(above.zh, above.en) if above else NOTHING,
        short=short,
        spare=_spare(result, reached),
        because=tuple(saying.say_because(result, reached)),
        lacking=tuple(_lacking(standing, blocking, short)),
        steps=steps,
        enough=_enough(steps, short),
        remark=saying.say_remark(result, edition, reached),
    )


def _short(result: Assessment, above: Award | None) -> Decimal | None:
    if result.score is None or above is None or above.from_score is None:
        return None
    return max(ZERO, less(above.from_score, result.score))


def _spare(result: Assessment, reached: Award | None) -> Decimal | None:
    if result.score is None or reached is None or reached.from_score is None:
        return None
    return less(result.score, reached.from_score)


def _lacking(standing: Standing, blocking: Sequence[Step], short: Decimal | None) -> Iterator[Said]:
    """What keeps the park from the next award, points first."""
    if short:
        yield saying.say_short(standing, short)
    for step in blocking:
        yield step.title


def _once(steps: Iterator[Step]) -> tuple[Step, ...]:
    """Each gate, indicator and group once, what comes first counts."""
    found: dict[str, Step] = {}
    for step in steps:
        found.setdefault(step.of, step)
    return tuple(found.values())


def _ranked(steps: Iterator[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (-step.points, step.of))


def _enough(steps: Sequence[Step], short: Decimal | None) -> int:
    """How many steps from the first bring the points that are short; those without points too."""
    if not short:
        return 0
    sums = [add_exactly([step.points for step in steps[:many]]) for many in range(1, len(steps) + 1)]
    return next((many for many, total in enumerate(sums, 1) if total >= short), 0)
