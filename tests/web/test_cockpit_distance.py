"""How far to the next award and what to do next: by hand, at the limit, just beyond, missing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_parks import ALL, results_of
from tests.web.standing_parts import D, datum, gate, indicator, standing

from lingtan.errors import fault
from lingtan.trace import Gap
from lingtan_web.assessments.distance import find_distance
from lingtan_web.assessments.naming import find_place, name_short, say_down, say_up
from lingtan_web.assessments.records import Distance, export_distance


def kinds(distance: Distance) -> list[tuple[str, str]]:
    return [(step.kind, step.of) for step in distance.steps]


@pytest.mark.parametrize(
    ("score", "short", "told"),
    [
        ("90", "0", ""),
        ("89.999", "0.001", "综合得分还差 0.01 分（现为 89.99 分，须达 90 分）"),
        (
            "82.20431915892070204074477078",
            "7.79568084107929795925522922",
            "综合得分还差 7.8 分（现为 82.2 分，须达 90 分）",
        ),
        ("80", "10", "综合得分还差 10 分（现为 80 分，须达 90 分）"),
    ],
)
def test_points_that_are_short(score: str, short: str, told: str) -> None:
    found = find_distance(*standing(score, stage="creation"))
    assert found.short == D(short)
    assert [one.zh for one in found.lacking] == ([told] if told else [])
    assert (found.reached, found.next, found.next_name.zh) == ("creation", "benchmark", "五星（标杆）")


def test_the_first_screen_says_it_in_plain_words() -> None:
    gates = (gate("a", True), gate("b", True))
    must = indicator("A1", "60", "4", "2.4", kind="constraint", passed=True)
    found = find_distance(*standing("82.204", must, stage="creation", gates=gates))
    assert found.headline == ("四星（创建），82.2 分", "Four stars, creation: 82.2 points")
    assert [one.zh for one in found.because] == [
        "综合得分 82.2 分，达到 80 分的分数线",
        "2 项基本要求全部通过",
        "1 项约束性指标全部达标",
    ]
    assert found.spare == D("2.204")
    step = found.steps[0]
    assert (step.title.zh, step.points) == ("提高 A1 指标A1", D("1.6"))
    assert step.why.zh == "现为 60 %，达到 100 % 可再得 1.6 分；每提高 25 个百分点，约得 1 分"


def test_the_highest_award_has_nothing_above() -> None:
    found = find_distance(*standing("95", indicator("A1", "100", "4", "4"), stage="benchmark"))
    assert (found.next, found.short, found.lacking, found.enough) == (None, None, (), 0)
    assert found.remark.zh == "已是该标准的最高等级。"
    assert not found.steps  # all points are earned


def test_no_award_yet() -> None:
    found = find_distance(*standing("59.999", gates=(gate("a", False),)))
    assert (found.reached, found.next, found.because) == (None, "basic", ())
    assert found.headline.zh == "暂无星级，59.99 分"
    assert [one.zh for one in found.lacking] == [
        "综合得分还差 0.01 分（现为 59.99 分，须达 60 分）",
        "满足基本要求“要求a”",
    ]


def test_what_blocks_comes_first_whatever_its_points() -> None:
    lacking = Gap("buildings[B1].energy_class", "E001")
    parts = (
        indicator("A1", "10", "9", "1"),
        indicator("B1", "49.99", "2", "0", kind="constraint", passed=False),
        indicator("B2", None, "1", "0", kind="constraint", missing=(lacking,)),
        indicator("B3", "70", None, None, kind="constraint"),  # a target that nobody stated
        indicator("B4", "70", "3", "0", kind="constraint", applies=False),
    )
    gates = (gate("open", True), gate("shut", False), gate("dark", None, Gap("register incidents", "park")))
    found = find_distance(*standing("70", *parts, stage=None, gates=gates))
    assert kinds(found) == [
        ("gate", "shut"), ("gate", "dark"), ("indicator", "B1"), ("indicator", "B2"), ("target", "B3"),
        ("improve", "A1"),
    ]  # fmt: skip
    by_of = {step.of: step for step in found.steps}
    assert by_of["B1"].title.zh == "B1 指标B1须不低于 50 %，现为 49.99 %"
    assert by_of["B2"].title.zh == "补交 B2 指标B2的资料"
    assert (by_of["B2"].asked_of, by_of["B2"].register) == (("E001",), "buildings")
    assert by_of["dark"].why.zh == "缺少登记表“安全质量环境事件”（incidents）"
    assert by_of["dark"].register == "incidents"
    assert [step.is_blocking for step in found.steps] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("100", None),
        ("99.9999", "E1 指标E1须达到 100 %，现为 99.99 %"),
        (None, "E1 指标E1须达到 100 %，现无数据"),
    ],
)
def test_a_further_condition_of_the_award(value: str | None, told: str | None) -> None:
    one = indicator("E1", value, "5", "5" if value else "0")
    found = find_distance(*standing("95", one, stage="creation", condition="e1"))
    assert [step.title.zh for step in found.steps if step.is_blocking] == ([told] if told else [])


def test_a_condition_of_a_lower_award_is_not_asked_for() -> None:
    one = indicator("E1", "10", "5", "0.5")
    found = find_distance(*standing("70", one, stage="basic", condition="e1"))
    assert kinds(found) == [("improve", "E1")]


def test_a_lower_is_better_indicator_is_to_be_lowered() -> None:
    one = indicator("E2", "13.216", "4", "2.94")
    less = {"direction": "lower", "score_none_at": D(50), "score_full_at": D(0)}
    found = find_distance(*standing("82", one, stage="creation", E2=less))
    assert found.steps[0].title.zh == "降低 E2 指标E2"
    assert found.steps[0].why.zh == "现为 13.22 %，达到 0 % 可再得 1.06 分；每降低 12.5 个百分点，约得 1 分"


def test_missing_data_of_one_column_are_one_step_and_their_points_are_offered_once() -> None:
    parts = (indicator("A1", "60", "4", "1.5"), indicator("A2", "50", "2", "1"))
    missing = (
        datum("buildings[B1].energy_class", "2.5", "A1", of="E001"),
        datum("buildings[B2].energy_class", "2.5", "A1", of="E002"),
        datum("register incidents", "0", gates=("dark",)),
    )
    found = find_distance(*standing("82", *parts, stage="creation", missing=missing))
    assert kinds(found) == [("supply", "buildings[B1].energy_class"), ("improve", "A2")]
    assert found.steps[0].title.zh == "补交建筑·节能认定（B1 等 2 处）"
    assert (found.steps[0].asked_of, found.steps[0].register) == (("E001", "E002"), "buildings")


@pytest.mark.parametrize(("score", "enough"), [("83", 2), ("82.999", 3), ("82", 3), ("81.99", 0), ("90", 0)])
def test_how_many_steps_are_enough(score: str, enough: int) -> None:
    parts = (indicator("A1", "0", "4", "0"), indicator("A2", "0", "3", "0"), indicator("A3", "0", "1", "0"))
    assert find_distance(*standing(score, *parts, stage="creation")).enough == enough


def test_a_faulty_dossier_is_mended_first() -> None:
    result, edition = standing("95", stage=None, gates=(gate("a", False),))
    result = replace(result, withheld=(fault("assessment.dossier-faulty", count=3),))
    found = find_distance(result, edition)
    assert kinds(found) == [("mend", "dossier"), ("gate", "a")]
    assert found.steps[0].title.zh == "改正档案中的 3 处错误"


PART = st.tuples(st.integers(0, 100), st.integers(0, 100), st.booleans())


@given(st.lists(PART, max_size=8), st.integers(80, 8999))
def test_points_are_offered_once_and_in_order(parts: list[tuple[int, int, bool]], score: int) -> None:
    made = [
        indicator(f"A{n}", None if is_missing else "1", str(points), str(min(points, earned)))
        for n, (points, earned, is_missing) in enumerate(parts)
    ]
    missing = tuple(
        datum(f"profile.p{n}", str(one.points - one.earned), one.code)  # type: ignore[operator]
        for n, one in enumerate(made)
        if one.value is None
    )
    found = find_distance(*standing(f"{score}E-2", *made, stage="creation", missing=missing))
    gains = [step.points for step in found.steps]
    assert gains == sorted(gains, reverse=True)
    assert all(gains)
    left = [one.points - one.earned for one in made]  # type: ignore[operator]
    assert sum(gains, Decimal(0)) == sum(left, Decimal(0))
    assert found.short == max(D(0), D(90) - D(f"{score}E-2"))
    if found.enough:
        assert sum(gains[: found.enough]) >= found.short > sum(gains[: found.enough - 1], Decimal(0))


@pytest.mark.parametrize("park", ["cambridge-estate"])
def test_every_reason_of_the_core_has_its_step(park: str) -> None:
    results = results_of(park, *ALL)
    for result, edition in zip(results.assessments, results.editions, strict=True):
        found = find_distance(result, edition)
        reasons = [one for one in result.withheld if one.code != "assessment.score-too-low"]
        assert len([step for step in found.steps if step.is_blocking]) == len(reasons)
        assert bool(found.short) == any(one.code == "assessment.score-too-low" for one in result.withheld)


def test_an_edition_without_awards_says_so() -> None:
    results = results_of("cambridge-estate", *ALL)
    found = find_distance(results.assessments[2], results.editions[2])
    assert found.headline.zh == "13 项指标中 0 项达标"
    assert found.remark.zh == "该标准不设等级，只逐项对照目标值。"


def test_it_is_plain_data_for_json() -> None:
    told = export_distance(
        find_distance(*standing("82.5", indicator("A1", "1", "1", "0.5"), stage="creation"))
    )
    assert told["short"] == "7.5"
    assert told["headline"] == {"zh": "四星（创建），82.5 分", "en": "Four stars, creation: 82.5 points"}
    assert told["steps"][0]["points"] == "0.5"


@pytest.mark.parametrize(
    ("datum", "form", "register", "key", "column"),
    [
        ("data_centres[DC2].facility_energy_mwh", "register", "data_centres", "DC2", "facility_energy_mwh"),
        ("energy_activity[2024/E001/cold/sold]", "register", "energy_activity", "2024/E001/cold/sold", ""),
        ("register freight", "register", "freight", "", ""),
        ("register nothing", "other", "", "", ""),
        ("nothing[a].b", "other", "", "", ""),
        ("profile.area_m2", "profile", "", "", "profile.area_m2"),
        ("boundary.geojson", "boundary", "", "", ""),
        ("readings", "readings", "meters", "", ""),
        ("electricity in the inventory", "register", "energy_activity", "", ""),
        ("pue = a / b", "other", "", "", ""),
    ],
)  # fmt: skip
def test_where_a_datum_is_filled_in(datum: str, form: str, register: str, key: str, column: str) -> None:
    found = find_place(datum)
    assert (found.form, found.register, found.key, found.column) == (form, register, key, column)


def test_short_names_of_data() -> None:
    assert name_short("data_centres[DC2].facility_energy_mwh").zh == "数据中心·总用电量（DC2）"
    assert name_short("data_centres[DC2].facility_energy_mwh", 3).en == (
        "Data centres: Facility energy (DC2 and 2 more)"
    )
    cell = "energy_activity[2024-04/E025/natural_gas/combustion].quantity"
    assert name_short(cell).zh == "能源活动·数量（2024-04 · E025 · 天然气 · 燃烧）"
    assert name_short(cell).en == "Energy activity: Quantity (2024-04 · E025 · Natural gas · Combustion)"
    assert name_short("profile.area_m2").zh == "园区面积（profile.area_m2）"


@pytest.mark.parametrize(
    ("value", "down", "up"),
    [("79.999", "79.99", "80"), ("80", "80", "80"), ("1234.5", "1,234.5", "1,234.5"), ("0.001", "0", "0.01"),
     ("-0.001", "-0.01", "0")],
)  # fmt: skip
def test_rounding_never_makes_a_miss_a_hit(value: str, down: str, up: str) -> None:
    assert (say_down(D(value)), say_up(D(value))) == (down, up)
