"""Where a park stands under an edition: gates and judged indicators, and which award that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction

from lingtan.standards.records import Award, Edition, Indicator
from lingtan.trace import Gap, Node


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator judged. `points` and `earned` after redistribution, as exact fractions.

    `gaps` are all data lacking below `node`, found once.
    """

    indicator: Indicator
    applies: bool
    value: Decimal | None
    points: Fraction
    earned: Fraction
    passed: bool | None
    node: Node
    gaps: tuple[Gap, ...] = ()
    reason: str = ""

    def as_filled(self) -> Judged:
        """The most that could be, were its missing data supplied: full points, passed."""
        return replace(self, earned=self.points, passed=True, value=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything an award asks about. `assumed` names indicators taken as fully met."""

    edition: Edition
    gates: Mapping[str, bool | None]
    judged: tuple[Judged, ...]
    assumed: frozenset[str] = frozenset()

    @property
    def score(self) -> Fraction | None:
        """Sum of points earned (7.2); None for an edition without points."""
        if self.edition.total_points is None:
            return None
        return sum((judged.earned for judged in self.judged if judged.applies), Fraction(0))

    def by_id(self, id_: str) -> Judged:
        """The judged indicator of that id."""
        return next(judged for judged in self.judged if judged.indicator.id == id_)

    def with_filled(self, indicators: frozenset[str], gates: frozenset[str]) -> Standing:
        """The best standing possible if all data missing for these were supplied."""
        judged = tuple(j.as_filled() if j.indicator.code in indicators else j for j in self.judged)
        opened = {id_: True if id_ in gates else passed for id_, passed in self.gates.items()}
        return Standing(self.edition, opened, judged, self.assumed | indicators)


def find_award(standing: Standing) -> Award | None:
    """The highest award of the edition whose every condition holds."""
    reached = [award for award in standing.edition.awards if not any(find_unmet(award, standing))]
    return reached[-1] if reached else None


@dataclass(frozen=True, slots=True)
class Unmet:
    """One reason why an award is not given: what kind, and of which gate, indicator or group."""

    kind: str
    of: str
    needed: Decimal | None = None


def find_unmet(award: Award, standing: Standing) -> Iterator[Unmet]:
    """Every condition of `award` that does not hold."""
    if award.all_gates:
        for id_, passed in standing.gates.items():
            if passed is not True:
                yield Unmet("gate-unknown" if passed is None else "gate-failed", id_)
    yield from _unmet_kinds(award, standing)
    score = standing.score
    if award.from_score is not None and (score is None or score < Fraction(award.from_score)):
        yield Unmet("score-too-low", award.id, award.from_score)
    yield from _unmet_conditions(award, standing)
    if award.all_groups:
        yield from _unmet_groups(standing)


def _unmet_kinds(award: Award, standing: Standing) -> Iterator[Unmet]:
    """Chapter 8 with 7.1: every applicable indicator of these kinds must be passed."""
    for judged in standing.judged:
        if judged.applies and judged.indicator.kind in award.required_kinds and judged.passed is not True:
            yield Unmet(_why_not_passed(judged), judged.indicator.code)


def _why_not_passed(judged: Judged) -> str:
    if judged.passed is False:
        return "required-failed"
    return "required-unknown" if judged.value is None else "target-unknown"


def _unmet_conditions(award: Award, standing: Standing) -> Iterator[Unmet]:
    for condition in award.conditions:
        judged = standing.by_id(condition.indicator)
        if not judged.applies or judged.indicator.code in standing.assumed:
            continue
        if judged.value is None or judged.value < condition.at_least:
            yield Unmet("condition-unmet", judged.indicator.code, condition.at_least)


def _unmet_groups(standing: Standing) -> Iterator[Unmet]:
    for level in standing.edition.levels:
        if level.at_least is not None and count_passed(standing, level.code) < level.at_least:
            yield Unmet("group-unmet", level.code, Decimal(level.at_least))


def count_passed(standing: Standing, level: str) -> int:
    """How many indicators of a group are passed (k-of-n rules)."""
    return sum(j.passed is True for j in standing.judged if j.applies and j.indicator.level2 == level)


def as_decimal(points: Fraction) -> Decimal:
    """Points as a decimal of 28 significant digits, exact where the fraction is a decimal."""
    return Context(prec=28).divide(Decimal(points.numerator), Decimal(points.denominator))
