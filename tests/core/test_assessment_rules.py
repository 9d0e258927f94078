"""The rules of chapters 5, 7 and 8 on the shipped SEESA edition, by hand-made term values.

The tables give every indicator of the edition a value exactly at a limit; expected points are
those of the indicator table (design/seesa-indicators.csv), worked by hand.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.assessment.facts import Groundwork
from lingtan.assessment.judging import judge_indicators
from lingtan.assessment.missing import find_missing
from lingtan.assessment.standing import Judged, Standing, as_decimal, find_award
from lingtan.assessment.values import Values
from lingtan.dossier.records import Dossier, Park, Reporting
from lingtan.errors import Place
from lingtan.expressions import replay
from lingtan.standards import compile_edition, load_edition
from lingtan.trace import Gap, Node, Origin

EDITION = load_edition("sh-seesa-zctp-2024")
GATES_OPEN: dict[str, bool | None] = {gate.id: True for gate in EDITION.gates}
LAST_DECIMAL = Decimal("1e-20")

# Denominators; then for each indicator: what is varied, its value at full mark, at the pass line
# (constraints) and at the zero line.
WHOLES = {
    "building_floor_area": "100",
    "graded_rated_power": "100",
    "lamps_installed": "100",
    "profile.area_m2": "100",
    "public_transport_vehicles": "100",
    "parking_spaces": "100",
    "surveyed_trips": "100",
    "freight_work": "100",
    "data_centre_it_energy": "100",
    "water_heat_points": "100",
    "park.members_energy_tce": "100",
    "park.energy_tce_calorific": "70",
    "exit_rule_fulfilled": "1",
    "exit_rule_refused": "0",
    "entering_projects": "100",
    "park.electricity_mwh": "100",
    "ndrc.energy_tce": "100",
    "energy_points": "100",
    "recoverable_waste_energy": "100",
    "enterprises_in_scope": "100",
    "key_enterprises": "100",
    "sources_to_monitor": "100",
    "tests_made": "100",
    "treatment_rated_power": "100",
    "solid_waste_generated": "100",
    "solid_waste_from_stock": "0",
    "ledger.reductions_tco2e": "100",
    "park.gross_tco2e": "100",
}
VARIED: dict[str, tuple[str, str, str | None, str]] = {
    "A1.1": ("ultra_low_energy_floor_area", "30", "10", "0"),
    "A1.2": ("zero_carbon_buildings", "2", "1", "0"),
    "A1.3": ("conforming_floor_area", "100", None, "60"),
    "A1.4": ("efficient_rated_power", "100", None, "60"),
    "A1.5": ("efficient_lamps", "100", None, "50"),
    "A1.6": ("green_area", "35", None, "15"),
    "A2.1": ("low_carbon_public_transport_vehicles", "80", None, "30"),
    "A2.2": ("clean_energy_parking_spaces", "30", None, "10"),
    "A2.3": ("low_carbon_trips", "80", None, "40"),
    "A2.4": ("low_carbon_freight_work", "80", "30", "20"),
    "A3.1": ("data_centre_facility_energy", "125", None, "160"),
    "A3.2": ("fitted_water_heat_points", "100", None, "80"),
    "B1.1": ("carbon_management_fulfilled", "6", "3.6", "0"),
    "B1.2": ("pathway_report_fulfilled", "6", "4.8", "0"),
    "B1.3": ("park.inventoried_energy_tce", "100", None, "10"),
    "B2.1": ("metering.online_energy_tce", "66.5", "42", "28"),
    "B2.2": ("screened_entering_projects", "100", None, "50"),
    "C1.1": ("renewable_electricity_mwh", "90", None, "10"),
    "C1.2": ("ndrc.emissions_tco2", "20", None, "210"),
    "C1.3": ("profile.industrial_value_added_wan_cny", "200", None, "100"),
    "C1.4": ("fitted_energy_points", "100", "95", "80"),
    "C1.5": ("used_waste_energy", "50", None, "20"),
    "C2.1": ("green_manufacturing_enterprises", "50", None, "5"),
    "C2.2": ("audited_key_enterprises", "100", None, "50"),
    "D1.1": ("monitored_sources", "100", None, "60"),
    "D1.2": ("tests_within_limit", "100", "100", "95"),
    "D1.3": ("efficient_treatment_rated_power", "100", None, "50"),
    "D2.1": ("solid_waste_used", "96", None, "60"),
    "D2.2": ("reused_water", "85", None, "60"),
    "E1.1": ("ledger.own_reduction_tco2e", "60", None, "0"),
    "E1.2": ("ledger.credits_tco2e", "0", "30", "50"),
    "E1.3": ("ledger.residual_tco2e", "0", None, "100"),
}
FALLING = {"A3.1", "C1.2", "E1.2", "E1.3"}  # less of what is varied is better
FULL = {code: Decimal(row[1]) for code, row in VARIED.items()}
NONE = {code: Decimal(row[3]) for code, row in VARIED.items()}


def judge(varied: dict[str, Decimal | None], **others: str) -> tuple[Judged, ...]:
    """Every indicator judged with these values of what is varied."""
    park = Park(id="p", name_zh="园区", reporting=Reporting(year=2024))
    empty: Any = None
    ground = Groundwork(Dossier("p", park, {}), date(2025, 6, 30), empty, empty, empty, empty, {})
    values = Values(ground, compile_edition(EDITION))
    given_values = {**WHOLES, **others}
    numbers: dict[str, Decimal | None] = {name: Decimal(text) for name, text in given_values.items()}
    numbers.update({VARIED[code][0]: value for code, value in varied.items()})
    reused = numbers.get("reused_water")
    numbers["fresh_water"] = None if reused is None else 100 - reused
    values.assume({name: known(name, value) for name, value in numbers.items()})
    return judge_indicators(EDITION, values)


def known(name: str, value: Decimal | None) -> Node:
    gaps = (Gap(f"datum of {name}", "park", Place()),) if value is None else ()
    return Node(name, value, origin=Origin("parameter", name), gaps=gaps)


def standing(judged: tuple[Judged, ...], gates: dict[str, bool | None] = GATES_OPEN) -> Standing:
    return Standing(EDITION, gates, judged)


def stars(judged: tuple[Judged, ...], gates: dict[str, bool | None] = GATES_OPEN) -> int | None:
    award = find_award(standing(judged, gates))
    return award.stars if award else None


def worse(code: str, value: Decimal, by: Decimal = LAST_DECIMAL) -> Decimal:
    return value + by if code in FALLING else value - by


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


JUDGED_FULL = judge(FULL)
