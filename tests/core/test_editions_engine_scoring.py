"""Points of indicators: limits, pass lines, rounding, redistribution; differences of editions."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.standards import compute_points, diff_editions, load_edition, render_diff, score_indicator
from lingtan.standards.records import Edition, Indicator

D = Decimal
MINI = Path(__file__).resolve().parent.parent / "data" / "editions" / "mini"


def indicator(**changes: Any) -> Indicator:
    first = load_edition(MINI).indicators[0]
    return first.model_copy(update=changes)


@pytest.mark.parametrize(
    ("value", "earned", "passed"),
    [
        (D(30), Fraction(3), True),
        (D("30.00000000000000000000000000000000001"), Fraction(3), True),
        (D("29.9"), Fraction(299, 100), True),
        (D(10), Fraction(1), True),
        (D("9.999999999999999999999999999999999999999"), Fraction(0), False),
        (D(0), Fraction(0), False),
        (D(-5), Fraction(0), False),
        (None, Fraction(0), None),
    ],
)
def test_constraint_higher_is_better(value: Decimal | None, earned: Fraction, passed: bool | None) -> None:
    scored = score_indicator(indicator(), value)
    assert (scored.earned, scored.passed) == (earned, passed)


@pytest.mark.parametrize(
    ("value", "earned", "passed"),
    [
        (D("1.2"), Fraction(2), True),
        (D("1.1"), Fraction(2), True),
        (D("1.35"), Fraction(1), True),
        (D("1.4"), Fraction(2, 3), True),
        (D("1.4000001"), Fraction(0), False),
        (D("1.5"), Fraction(0), False),
        (D("1.6"), Fraction(0), False),
    ],
)
def test_constraint_lower_is_better(value: Decimal, earned: Fraction, passed: bool) -> None:
    pue = indicator(
        direction="lower", points=D(2), score_none_at=D("1.5"), score_full_at=D("1.2"), pass_at=D("1.4")
    )
    scored = score_indicator(pue, value)
    assert (scored.earned, scored.passed) == (earned, passed)


def test_guiding_below_its_line_keeps_its_points() -> None:
    scored = score_indicator(indicator(kind="guiding"), D(5))
    assert (scored.earned, scored.passed) == (Fraction(1, 2), False)


@pytest.mark.parametrize(
    ("value", "full", "rounded"),
    [
        (D("9.95"), False, True),  # half to even: 10.0 (9.95 lies between 9.9 and 10.0)
        (D("9.949"), False, False),
        (D("9.85"), False, False),
        (D("10.04"), True, True),
    ],
)
def test_rounded_comparison(value: Decimal, full: bool, rounded: bool) -> None:
    assert score_indicator(indicator(), value, comparison="full").passed is full
    assert score_indicator(indicator(), value, comparison="rounded").passed is rounded


def test_rounded_value_is_what_scores() -> None:
    scored = score_indicator(indicator(), D("29.96"), comparison="rounded")
    assert (scored.value, scored.earned) == (D("30.0"), Fraction(3))


@pytest.mark.parametrize(
    ("value", "target", "passed"),
    [(D(1), D(1), True), (D(2), D(1), False), (None, D(1), None), (D(1), None, None)],
)
def test_target(value: Decimal | None, target: Decimal | None, passed: bool | None) -> None:
    aimed = indicator(direction="lower", points=None, pass_at=None, target="x")
    scored = score_indicator(aimed, value, target=target)
    assert (scored.earned, scored.passed) == (0, passed)


values = st.decimals(min_value=-100, max_value=200, places=4)


@given(values, values)
def test_score_never_rises_when_a_value_worsens(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    better = indicator()
    assert score_indicator(better, low).earned <= score_indicator(better, high).earned
    lower = indicator(direction="lower", score_none_at=D(30), score_full_at=D(0), pass_at=D(10))
    assert score_indicator(lower, low).earned >= score_indicator(lower, high).earned


def points(**applies: bool) -> dict[str, Fraction]:
    edition = load_edition(MINI)
    return compute_points(edition, {i.code: applies.get(i.id, True) for i in edition.indicators})


def test_points_as_they_stand() -> None:
    assert points() == {"A1.1": 3, "A1.2": 1, "A2.1": 2, "B.1": 4}


def test_points_go_to_the_group_first() -> None:
    assert points(good_building_share=False) == {"A1.1": 0, "A1.2": 4, "A2.1": 2, "B.1": 4}


def test_points_of_an_empty_group_go_to_the_first_level() -> None:
    assert points(emissions_intensity=False) == {
        "A1.1": Fraction(9, 2),
        "A1.2": Fraction(3, 2),
        "A2.1": 0,
        "B.1": 4,
    }


def test_points_of_an_empty_first_level_go_to_all() -> None:
    """4 points of B spread over 3 : 1 : 2."""
    assert points(green_share=False) == {"A1.1": 5, "A1.2": Fraction(5, 3), "A2.1": Fraction(10, 3), "B.1": 0}


@given(st.data())
@pytest.mark.parametrize("name", ["mini", "sh-seesa-zctp-2024"])
def test_points_sum_to_the_total(name: str, data: st.DataObject) -> None:
    edition = load_edition(MINI if name == "mini" else name)
    size = len(edition.indicators)
    pattern = data.draw(st.lists(st.booleans(), min_size=size, max_size=size).filter(any))
    applies = {i.code: on for i, on in zip(edition.indicators, pattern, strict=True)}
    found = compute_points(edition, applies)
    assert sum(found.values()) == edition.total_points
    assert all(worth == 0 for code, worth in found.items() if not applies[code])
    assert all(
        worth >= (i.points or 0) for i in edition.indicators if applies[i.code] for worth in [found[i.code]]
    )


def test_nothing_applies() -> None:
    edition = load_edition(MINI)
    assert set(compute_points(edition, {i.code: False for i in edition.indicators}).values()) == {0}


def changed(edition: Edition, **changes: Any) -> Edition:
    return edition.model_copy(update=changes)


def test_diff_says_what_changed_in_words() -> None:
    old = load_edition(MINI)
    a11, a12, a21, b1 = old.indicators
    new = changed(
        old,
        comparison="rounded",
        indicators=(
            a11.model_copy(update={"points": D(4), "pass_at": None, "values_basis": "standard"}),
            a21.model_copy(update={"formula": "park.gross_tco2e / floor_area", "code": "A2.9"}),
            b1,
            a12.model_copy(update={"id": "new_one", "code": "A1.3"}),
        ),
        parameters={"lookback_years": old.parameters["lookback_years"].model_copy(update={"value": D(5)})},
    )
    changes = diff_editions(old, new)
    zh, en = render_diff(changes, "zh").splitlines(), render_diff(changes, "en").splitlines()
    assert "指标 A1.1 节能建筑占比：分值由 3 改为 4" in zh
    assert "indicator A1.1 Share of efficient buildings: points from 3 to 4" in en
    assert "指标 A1.1 节能建筑占比：合格线由 10 改为 （无）" in zh
    assert (
        "indicator A1.1 Share of efficient buildings: basis of the limits from operator-set to standard" in en
    )
    assert "indicator A2.9 Emissions per area: code from A2.1 to A2.9" in en
    assert any("formula from 'park.gross_tco2e / profile.area_m2' to" in line for line in en)
    assert "新增指标 A1.3 绿地面积" in zh
    assert "删去指标 A1.2 绿地面积" in zh
    assert any(line.startswith("参数 lookback_years") and "由 3 改为 5" in line for line in zh)
    assert "版本：比较规则由 full 改为 rounded" in zh
    assert len(zh) == len(en) == 9
    assert {"indicators.A1.1.points", "edition.comparison"} <= {change.key for change in changes}


def test_diff_of_gates_awards_levels_cases_and_lifecycle() -> None:
    old = load_edition(MINI)
    gate, (basic, top) = old.gates[0], old.awards
    validity = old.lifecycle["certificate_validity"]
    new = changed(
        old,
        gates=(gate.model_copy(update={"formula": "incidents_since < 1", "cases": gate.cases[:1]}),),
        awards=(basic.model_copy(update={"from_score": D(7)}), top.model_copy(update={"conditions": ()})),
        levels=old.levels[::-1],
        lifecycle={"certificate_validity": validity.model_copy(update={"value": D(24)})},
        terms={},
    )
    en = render_diff(diff_editions(old, new), "en")
    assert "gate no_incident No incident: formula from 'incidents_since == 0' to 'incidents_since < 1'" in en
    assert "gate no_incident No incident: cases changed" in en
    assert "award basic Three stars: from score from 6 to 7" in en
    assert "award top Five stars: further conditions from 'green_share 50 operator-set' to (none)" in en
    assert "the order of levels changed" in en
    assert "lifecycle term certificate_validity: value from 36 to 24" in en
    assert en.count("removed") == len(old.terms)


def test_no_difference() -> None:
    edition = load_edition(MINI)
    assert diff_editions(edition, edition) == ()
    assert render_diff(()) == "两个版本内容相同\n"


def test_numbers_written_differently_are_no_difference() -> None:
    old = load_edition(MINI)
    again = changed(old, total_points=D("10.00"))
    assert diff_editions(old, again) == ()
