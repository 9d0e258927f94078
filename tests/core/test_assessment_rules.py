"""The rules of chapters 5, 7 and 8 on the shipped SEESA edition, by hand-made term values.

The tables give every indicator of the edition a value exactly at a limit; expected points are
those of the indicator table (design/seesa-indicators.csv), worked by hand.
"""

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
from lingtan.assessment.standing import as_decimal
from lingtan.expressions import replay


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
