"""What was not handed in, how many points hang on it, and whether the stars could change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from lingtan.assessment.records import MissingDatum
from lingtan.assessment.standing import Judged, Standing, as_decimal, find_award
from lingtan.trace import Gap

Affected = tuple[frozenset[str], frozenset[str]]


def find_missing(standing: Standing, gate_gaps: Mapping[str, tuple[Gap, ...]]) -> tuple[MissingDatum, ...]:
    """Every missing datum, those with most points at stake first.

    `points_at_stake` is what the indicators resting on it could still earn. The stars could
    change if supplying this datum at its best lifts the award, alone or together with all
    the others.
    """
    affected = _find_affected(standing, gate_gaps)
    everything = _union(affected.values())
    verdicts = {pair: _could_change(standing, pair, everything) for pair in set(affected.values())}
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


def _could_change(standing: Standing, pair: Affected, everything: Affected) -> bool:
    """Alone: filled against now. Together: all filled against all but this one."""
    if _award(standing, pair) != _award(standing, (frozenset(), frozenset())):
        return True
    without = everything[0] - pair[0], everything[1] - pair[1]
    return _award(standing, everything) != _award(standing, without)


def _award(standing: Standing, filled: Affected) -> str | None:
    award = find_award(standing.with_filled(*filled))
    return award.id if award else None
