"""The rules of chapters 5, 7 and 8 on the shipped SEESA edition, by hand-made term values.

The tables give every indicator of the edition a value exactly at a limit; expected points are
those of the indicator table (design/seesa-indicators.csv), worked by hand.
"""

import itertools
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seesa_limits import (
    EDITION,
    FULL,
    GATES_OPEN,
    JUDGED_FULL,
    LAST_DECIMAL,
    NONE,
    VARIED,
    judge,
    standing,
    stars,
    worse,
)

from lingtan.assessment.missing import find_missing
from lingtan.assessment.standing import Judged, as_decimal
from lingtan.expressions import replay
from lingtan.trace import bases_of


def test_the_tables_cover_the_edition() -> None:
    assert set(VARIED) == {indicator.code for indicator in EDITION.indicators}


def test_every_indicator_at_its_full_mark_gives_100_points_and_five_stars() -> None:
    judged = judge(FULL)
    for one in judged:
        assert one.earned == Fraction(one.indicator.points or 0), one.indicator.code
    assert standing(judged).score == 100
    assert stars(judged) == 5


def test_every_indicator_at_its_zero_line_gives_nothing() -> None:
    judged = judge(NONE)
    assert standing(judged).score == 0
    assert stars(judged) is None


def test_every_constraint_exactly_at_its_pass_line() -> None:
    # by hand, points x (pass - none)/(full - none):
    expected = {
        "A1.1": Fraction(1),  # 3 x 10/30
        "A1.2": Fraction(3, 2),  # 3 x 1/2
        "A2.4": Fraction(2, 3),  # 4 x 10/60
        "B1.1": Fraction(9, 5),  # 3 x 60/100
        "B1.2": Fraction(16, 5),  # 4 x 80/100
        "B2.1": Fraction(16, 11),  # 4 x 20/55
        "C1.4": Fraction(9, 4),  # 3 x 15/20
        "D1.2": Fraction(4),  # 4 x 5/5
        "E1.2": Fraction(8, 5),  # 4 x 20/50
    }
    at_pass = {code: Decimal(row[2]) for code, row in VARIED.items() if row[2] is not None}
    judged = judge({**NONE, **at_pass})
    earned = {one.indicator.code: one.earned for one in judged if one.earned}
    assert earned == expected
    assert all(one.passed for one in judged if one.indicator.kind == "constraint")
    assert standing(judged).score == sum(expected.values())


@pytest.mark.parametrize("code", sorted(VARIED))
def test_one_last_decimal_less_gets_less(code: str) -> None:
    judged = judge({**FULL, code: worse(code, FULL[code])})
    one = standing(judged).by_id(next(i.id for i in EDITION.indicators if i.code == code))
    assert one.earned < one.points
    score = standing(judged).score
    assert score is not None and score < 100


@pytest.mark.parametrize("code", sorted(code for code, row in VARIED.items() if row[2] is not None))
def test_a_constraint_one_last_decimal_below_its_pass_line_earns_nothing(code: str) -> None:
    judged = judge({**FULL, code: worse(code, Decimal(VARIED[code][2] or "0"))})
    one = next(one for one in judged if one.indicator.code == code)
    assert (one.passed, one.earned) == (False, 0)
    assert stars(judged) is None


@pytest.mark.parametrize("code", sorted(VARIED))
def test_missing_earns_nothing_and_is_listed(code: str) -> None:
    judged = judge({**FULL, code: None})
    one = next(one for one in judged if one.indicator.code == code)
    assert (one.value, one.earned, one.applies) == (None, 0, True)
    missing = find_missing(standing(judged), {})
    affected = [m for m in missing if m.datum == f"datum of {VARIED[code][0]}"]
    assert [code in m.indicators for m in affected] == [True]
    points = one.indicator.points
    assert affected[0].points_at_stake == points
    # a constraint without its datum withholds every star; others only where points or net zero do
    constraint = one.indicator.kind == "constraint"
    assert (stars(judged) is None) == constraint
    assert affected[0].could_change_stars == (constraint or code == "E1.3")


def test_every_value_behind_the_points_counts_once_by_its_basis() -> None:
    """32 points and 2 x 32 limits, 9 pass lines, 32 formulas; a parameter used twice counts once.

    By the indicator table: all points, limits and pass lines are operator-set, but for the two limits of
    C1.2 (precedent).
    """
    counts = Counter(bases_of(one.node for one in JUDGED_FULL))
    formulas = Counter(indicator.formula_basis for indicator in EDITION.indicators)
    leaves = Counter({"operator-set": 32 + 62 + 9, "precedent": 2})
    used = {"carbon_management_items", "pathway_report_items"}
    parameters = Counter(EDITION.parameters[name].basis for name in used)
    assert counts == formulas + leaves + parameters


def test_five_stars_need_net_zero() -> None:
    almost = {**FULL, "E1.3": LAST_DECIMAL}
    assert stars(judge(almost)) == 4


@pytest.mark.parametrize(
    ("lost", "expected"),
    [("10", 5), ("10.0000000001", 4), ("20", 4), ("20.0000000001", 3), ("40", 3), ("40.0000000001", None)],
)
def test_star_bands_have_inclusive_lower_bounds(lost: str, expected: int | None) -> None:
    """100 points less `lost`: taken from guiding indicators, whose points are free to go."""
    judged, rest = [], Fraction(lost)
    for one in judge(FULL):
        guiding = one.indicator.kind == "guiding" and one.indicator.code != "E1.3"
        take = min(rest, one.earned) if guiding else Fraction(0)
        rest -= take
        judged.append(replace(one, earned=one.earned - take))
    assert rest == 0
    assert stars(tuple(judged)) == expected


@given(st.sets(st.sampled_from(sorted(GATES_OPEN)), min_size=1), st.sampled_from([False, None]))
def test_a_gate_that_is_not_passed_never_yields_a_star(shut: set[str], how: bool | None) -> None:
    gates = {**GATES_OPEN, **dict.fromkeys(shut, how)}
    assert stars(JUDGED_FULL, gates) is None


@given(
    st.fixed_dictionaries({code: st.integers(0, 130) for code in VARIED}),
    st.sampled_from(sorted(VARIED)),
    st.integers(1, 50),
)
def test_the_score_never_rises_when_an_indicator_gets_worse(
    levels: dict[str, int], code: str, step: int
) -> None:
    def varied(levels: dict[str, int]) -> dict[str, Decimal | None]:
        return {c: NONE[c] + (FULL[c] - NONE[c]) * level / 100 for c, level in levels.items()}

    before = standing(judge(varied(levels))).score
    after = standing(judge(varied({**levels, code: levels[code] - step}))).score
    assert before is not None and after is not None
    assert after <= before


# Missing here; zero line, just short of the pass line, pass line and full mark are how each may turn out.
UNSUPPLIED = (
    ("A1.4", "A1.6", "C1.2", "C2.1"),  # 2, 2, 6 and 3 points: no single one of the small ones decides
    ("A2.1", "A3.1", "B1.2"),  # a constraint of 4 points that everything waits for
    ("D1.2", "E1.3", "A1.5"),
    ("A1.1", "C1.5"),
)


@pytest.mark.parametrize("absent", UNSUPPLIED, ids="+".join)
@pytest.mark.parametrize("lost", [8, 11, 17, 35])
def test_the_stars_could_change_where_a_brute_force_over_the_missing_data_says_so(
    absent: tuple[str, ...], lost: int
) -> None:
    """Every way the missing data may turn out, or stay missing, with `lost` other points gone."""
    ways: dict[str, list[Decimal | None]] = {}
    for code in absent:
        limits = [Decimal(text) for text in VARIED[code][1:] if text is not None]
        middle = (FULL[code] + NONE[code]) / 2
        ways[code] = [None, middle, *limits]
    outcomes = {}
    for values in itertools.product(*ways.values()):
        judged = judge({**FULL, **dict(zip(absent, values, strict=True))})
        outcomes[values] = stars(_without(judged, lost, absent))
    now = standing(_without(judge({**FULL, **dict.fromkeys(absent)}), lost, absent))
    said = {code: m.could_change_stars for m in find_missing(now, {}) for code in m.indicators}
    for place, code in enumerate(absent):
        decides = any(
            outcomes[values] != outcomes[(*values[:place], other, *values[place + 1 :])]
            for values in outcomes
            if values[place] is None
            for other in ways[code]
        )
        assert said[code] == decides, code


def _without(judged: tuple[Judged, ...], lost: int, untouched: tuple[str, ...]) -> tuple[Judged, ...]:
    """`lost` points less, taken from guiding indicators other than `untouched` and net zero."""
    found, rest = [], Fraction(lost)
    for one in judged:
        free = one.indicator.kind == "guiding" and one.indicator.code not in (*untouched, "E1.3")
        take = min(rest, one.earned) if free else Fraction(0)
        rest -= take
        found.append(replace(one, earned=one.earned - take))
    assert rest == 0
    return tuple(found)


def test_what_does_not_apply_gives_its_points_to_its_group() -> None:
    judged = judge({**FULL, "A3.1": Decimal(0)}, data_centre_it_energy="0")
    points = {one.indicator.code: one.points for one in judged}
    assert points["A3.2"] == 4  # 2 + 2: the only other one of its group
    assert standing(judged).score == 100
    absent = next(one for one in judged if one.indicator.code == "A3.1")
    assert not absent.applies and absent.reason


def test_every_trace_replays_to_its_points() -> None:
    varied = {code: (FULL[code] + NONE[code]) / 2 for code in VARIED}
    for one in judge(varied):
        assert replay(one.node) == one.node.value
        assert isinstance(one.node.value, Decimal)
        assert abs(one.node.value - as_decimal(one.earned)) < Decimal("1e-25")
