"""Points of indicators: the one place where they are computed, for assessments and for the cases of editions.

Points are fractions, so that sums are exact; nothing is rounded but the value, and that only where
the edition compares rounded values (GB/T 8170 修约值比较法).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Literal

from lingtan.quantities import exactly
from lingtan.standards.records import Edition, Indicator

Comparison = Literal["full", "rounded"]


@dataclass(frozen=True, slots=True)
class Scored:
    """What a value earns on the indicator's own points.

    `value` is what was compared (rounded where the edition says so); `earned` is 0 for an indicator
    without points; `passed` None: no line to reach, or value or target not known.
    """

    value: Decimal | None
    earned: Fraction
    passed: bool | None


@exactly
def compared_value(indicator: Indicator, value: Decimal | None, *, comparison: Comparison) -> Decimal | None:
    """The value that is compared with limits: rounded half-even to `round_to` digits, or as it is."""
    if value is None or comparison == "full" or indicator.round_to is None:
        return value
    return value.quantize(Decimal(1).scaleb(-indicator.round_to), rounding=ROUND_HALF_EVEN)


def score_indicator(
    indicator: Indicator,
    value: Decimal | None,
    *,
    target: Decimal | None = None,
    comparison: Comparison = "full",
) -> Scored:
    """Points earned and whether the line is reached, for a value in the indicator's unit.

    A value exactly at `score_full_at` earns all points, exactly at `pass_at` (or the target) passes.
    A constraint worse than `pass_at` is failed and earns 0; a missing value earns 0.
    """
    value = compared_value(indicator, value, comparison=comparison)
    line = target if indicator.target is not None else indicator.pass_at
    passed = None if value is None or line is None else _reaches(indicator, value, line)
    failed = passed is False and indicator.kind == "constraint"
    if indicator.points is None or value is None or failed:
        return Scored(value, Fraction(0), passed)
    return Scored(value, Fraction(indicator.points) * _part_earned(indicator, value), passed)


def _reaches(indicator: Indicator, value: Decimal, line: Decimal) -> bool:
    return value >= line if indicator.direction == "higher" else value <= line


def _part_earned(indicator: Indicator, value: Decimal) -> Fraction:
    """0 at `score_none_at`, 1 at `score_full_at`, linear between, clipped."""
    if indicator.score_none_at is None or indicator.score_full_at is None:
        raise ValueError(f"{indicator.code} has points but no limits")  # refused when editions are loaded
    none_at, full_at = Fraction(indicator.score_none_at), Fraction(indicator.score_full_at)
    part = (Fraction(value) - none_at) / (full_at - none_at)
    return min(max(part, Fraction(0)), Fraction(1))


def compute_points(edition: Edition, applies: Mapping[str, bool]) -> dict[str, Fraction]:
    """Points at stake of each indicator by code, when some do not apply (`applies` by code).

    The points of an indicator that does not apply go to the applicable ones of its second-level
    group in proportion to their points; of a group left empty to its first-level indicator's other
    applicable ones; of a first-level indicator left empty to all. Their sum stays the same as long
    as one indicator with points applies. What does not apply, or has no points, has 0.
    """
    parents = {level.code: level.parent or level.code for level in edition.levels}
    own = {i.code: Fraction(i.points or 0) for i in edition.indicators}
    points = {code: worth if applies[code] else Fraction(0) for code, worth in own.items()}
    loose = {code: worth for code, worth in own.items() if worth and not applies[code]}
    groupings: tuple[Callable[[Indicator], str], ...] = (
        lambda i: i.level2,
        lambda i: parents.get(i.level2, i.level2),
        lambda i: "",
    )
    for group_of in groupings:
        loose = _spread(points, loose, edition.indicators, group_of=group_of)
    return points


def _spread(
    points: dict[str, Fraction],
    loose: Mapping[str, Fraction],
    indicators: Iterable[Indicator],
    *,
    group_of: Callable[[Indicator], str],
) -> dict[str, Fraction]:
    """Give loose points to those of their group that have points; what finds nobody is returned."""
    members: dict[str, list[str]] = {}
    for indicator in indicators:
        members.setdefault(group_of(indicator), []).append(indicator.code)
    left: dict[str, Fraction] = {}
    for codes in members.values():
        freed = {code: loose[code] for code in codes if code in loose}
        weight = sum((points[code] for code in codes), Fraction(0))
        if not weight:
            left |= freed
            continue
        growth = 1 + sum(freed.values(), Fraction(0)) / weight
        for code in codes:
            points[code] *= growth
    return left
