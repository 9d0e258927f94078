"""What can be done for the next award: what blocks it, data that are missing, points that could be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from lingtan.assessment.records import Assessment, GateResult, IndicatorResult, MissingDatum
from lingtan.quantities import less
from lingtan.reports.documents.limits import find_indicator
from lingtan.standards.records import Award, Edition, Indicator
from lingtan.trace import Gap
from lingtan_web.assessments import saying
from lingtan_web.assessments.grouping import group_missing
from lingtan_web.assessments.naming import find_place
from lingtan_web.assessments.records import ZERO, Step, StepKind

FAULTY = "assessment.dossier-faulty"


@dataclass(frozen=True, slots=True)
class Standing:
    """A result, its edition, and the award above the one given (None: there is none)."""

    result: Assessment
    edition: Edition
    above: Award | None

    def declared(self, one: IndicatorResult) -> Indicator:
        """What the edition says of an indicator."""
        return find_indicator(self.edition, one.code)

    def count_passed(self, level: str) -> int:
        """How many indicators of a group are passed."""
        return sum(
            one.passed is True and one.applies and self.declared(one).level2 == level
            for one in self.result.indicators
        )


def points_left(one: IndicatorResult) -> Decimal:
    """The points an indicator could still earn."""
    if not one.applies or one.points is None or one.earned is None:
        return ZERO
    return less(one.points, one.earned)


def find_blocking(standing: Standing) -> Iterator[Step]:
    """What the award above cannot be had without, its score apart: faults, gates, indicators, groups."""
    for fault in standing.result.withheld:
        if fault.code == FAULTY:
            yield saying.say_mend(fault.context["count"])
    if standing.above is None:
        return
    if standing.above.all_gates:
        yield from (_gate(gate) for gate in standing.result.gates if gate.passed is not True)
    yield from _required(standing, standing.above)
    yield from _conditions(standing, standing.above)
    if standing.above.all_groups:
        yield from _groups(standing)


def _gate(gate: GateResult) -> Step:
    register = "" if gate.passed is False else _register(gate.missing)
    data = tuple(gap.datum for gap in gate.missing)
    title, why = saying.say_gate(gate)
    asked = _asked(gate.missing)
    return Step("gate", gate.id, title, why, ZERO, True, data, asked, register, f"gate.{gate.id}")


def _required(standing: Standing, above: Award) -> Iterator[Step]:
    for one in standing.result.indicators:
        if one.applies and one.kind in above.required_kinds and one.passed is not True:
            kind: StepKind = "target" if one.passed is None and one.value is not None else "indicator"
            title, why = saying.say_required(one, standing.declared(one))
            yield _of_indicator(one, Step(kind, one.code, title, why))


def _conditions(standing: Standing, above: Award) -> Iterator[Step]:
    by_id = {one.id: one for one in standing.result.indicators}
    for condition in above.conditions:
        one = by_id[condition.indicator]
        if one.applies and (one.value is None or one.value < condition.at_least):
            title, why = saying.say_condition(one, condition.at_least, above)
            yield _of_indicator(one, Step("indicator", one.code, title, why))


def _of_indicator(one: IndicatorResult, said: Step) -> Step:
    data = tuple(gap.datum for gap in one.missing)
    asked, register = _asked(one.missing), _register(one.missing)
    return Step(
        said.kind, said.of, said.title, said.why, points_left(one), True, data, asked, register, one.code
    )


def _groups(standing: Standing) -> Iterator[Step]:
    for level in standing.edition.levels:
        passed = standing.count_passed(level.code)
        if level.at_least is not None and passed < level.at_least:
            title, why = saying.say_group(level, passed)
            yield Step("group", level.code, title, why, is_blocking=True)


def find_gainful(standing: Standing, done: Set[str]) -> Iterator[Step]:
    """Missing data that could bring points, and known values that could be better.

    `done`: what is among the blocking steps already. Points of an indicator are offered once: as data to
    supply where some are missing, else as a value to improve.
    """
    asked_for: set[str] = set()
    for same in group_missing(standing.result.missing):
        if same[0].points_at_stake and not done & {*same[0].indicators}:
            asked_for.update(same[0].indicators)
            yield _supply(same)
    for one in standing.result.indicators:
        left = points_left(one)
        if left and one.value is not None and one.code not in asked_for and one.code not in done:
            title, why = saying.say_improve(one, standing.declared(one), left)
            yield Step("improve", one.code, title, why, left, explain=one.code)


def _supply(same: Sequence[MissingDatum]) -> Step:
    first = same[0]
    title, why = saying.say_supply(first, len(same))
    return Step(
        kind="supply",
        of=first.datum,
        title=title,
        why=why,
        points=first.points_at_stake,
        data=tuple(one.datum for one in same),
        asked_of=tuple(dict.fromkeys(one.asked_of for one in same)),
        register=find_place(first.datum).register,
        explain=first.indicators[0] if first.indicators else "",
    )


def _asked(gaps: tuple[Gap, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gap.asked_of for gap in gaps))


def _register(gaps: tuple[Gap, ...]) -> str:
    return find_place(gaps[0].datum).register if gaps else ""
