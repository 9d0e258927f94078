"""What was not handed in, how many points hang on it, and whether the stars could change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from lingtan.assessment.records import MissingDatum
from lingtan.assessment.standing import Judged, Standing, Unmet, as_decimal, find_award, find_unmet
from lingtan.standards import score_indicator
from lingtan.standards.records import Award
from lingtan.trace import Gap

Affected = tuple[frozenset[str], frozenset[str]]


def find_missing(standing: Standing, gate_gaps: Mapping[str, tuple[Gap, ...]]) -> tuple[MissingDatum, ...]:
    """Every missing datum, those with most points at stake first.

    `points_at_stake` is what the indicators resting on it could still earn. The stars could
    change if there is a way for the other missing data to turn out, or to stay missing, in which
    this datum decides about an award.
    """
    affected = _find_affected(standing, gate_gaps)
    within_reach = _within_reach(standing, _union(affected.values()))
    verdicts = {
        pair: any(_matters(standing, pair, award) for award in within_reach)
        for pair in set(affected.values())
    }
    found = [
        MissingDatum(
            datum=gap.datum,
            asked_of=gap.asked_of,
            indicators=tuple(sorted(pair[0])),
            gates=tuple(sorted(pair[1])),
            points_at_stake=as_decimal(_stake(standing, pair[0])),
            could_change_stars=verdicts[pair],
        )
        for gap, pair in affected.items()
    ]
    return tuple(sorted(found, key=lambda m: (-m.points_at_stake, m.datum, m.asked_of)))


def _find_affected(standing: Standing, gate_gaps: Mapping[str, tuple[Gap, ...]]) -> dict[Gap, Affected]:
    indicators: defaultdict[Gap, set[str]] = defaultdict(set)
    gates: defaultdict[Gap, set[str]] = defaultdict(set)
    for judged in standing.judged:
        if _could_rise(judged):
            for gap in judged.gaps:
                indicators[_placeless(gap)].add(judged.indicator.code)
    for id_, gaps in gate_gaps.items():
        for gap in gaps:
            gates[_placeless(gap)].add(id_)
    keys = sorted({*indicators, *gates})
    return {gap: (frozenset(indicators[gap]), frozenset(gates[gap])) for gap in keys}


def _could_rise(judged: Judged) -> bool:
    if not judged.applies:
        return False
    without_points = judged.indicator.points is None and judged.passed is not True
    return judged.earned < judged.points or without_points


def _placeless(gap: Gap) -> Gap:
    """The datum itself: its row number may differ, so that order of rows never matters."""
    return Gap(gap.datum, gap.asked_of)


def _stake(standing: Standing, codes: Iterable[str]) -> Fraction:
    wanted = set(codes)
    return sum(
        (j.points - j.earned for j in standing.judged if j.applies and j.indicator.code in wanted),
        Fraction(0),
    )


def _union(pairs: Iterable[Affected]) -> Affected:
    indicators: frozenset[str] = frozenset()
    gates: frozenset[str] = frozenset()
    for more_indicators, more_gates in pairs:
        indicators, gates = indicators | more_indicators, gates | more_gates
    return indicators, gates


def _within_reach(standing: Standing, everything: Affected) -> tuple[Award, ...]:
    """Awards above the one given that the park could have, were everything missing supplied at its best."""
    awards = standing.edition.awards
    given, best = find_award(standing), find_award(standing.with_filled(*everything))
    above = awards.index(given) + 1 if given else 0
    return awards[above : awards.index(best) + 1] if best else ()


def _matters(standing: Standing, pair: Affected, award: Award) -> bool:
    """Whether something that `award` still wants may come from this datum, however the others turn out.

    Points lie anywhere between none and all, so any datum with points at stake can be the one that lifts a
    score that is short - unless what the award asks for anyway brings enough of them.
    """
    unmet = tuple(find_unmet(award, standing))
    if any(one.of in (pair[1] if one.kind.startswith("gate") else pair[0]) for one in unmet):
        return True
    if any(one.kind == "group-unmet" and _is_in_group(standing, pair[0], one.of) for one in unmet):
        return True
    if not any(one.kind == "score-too-low" for one in unmet) or not _stake(standing, pair[0]):
        return False
    at_least = (standing.score or Fraction(0)) + _brought_along(standing, unmet)
    return at_least < Fraction(award.from_score or 0)


def _is_in_group(standing: Standing, codes: frozenset[str], level: str) -> bool:
    return any(j.indicator.level2 == level and j.indicator.code in codes for j in standing.judged)


def _brought_along(standing: Standing, unmet: Iterable[Unmet]) -> Fraction:
    """The least points that come with meeting the conditions on single indicators."""
    lines: dict[str, Decimal | None] = {}
    for one in unmet:
        if one.kind in ("required-failed", "required-unknown", "condition-unmet"):
            lines[one.of] = one.needed if lines.get(one.of) is None else lines[one.of]
    found = Fraction(0)
    for judged in standing.judged:
        indicator = judged.indicator
        if indicator.code in lines and indicator.points:
            line = lines[indicator.code]
            scored = score_indicator(indicator, indicator.pass_at if line is None else line)
            least = judged.points * scored.earned / Fraction(indicator.points)
            found += max(least - judged.earned, Fraction(0))
    return found
