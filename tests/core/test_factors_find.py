"""The right factor for an activity, a place and a year: region, vintage, method, and its reasons."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.errors import FactorError
from lingtan.factors import Factor, FoundFactor, Registry, load_registry, place_chain


def made(id_: str, **changes: object) -> Factor:
    """A factor of the test, Shanghai grid average 2023 unless changed."""
    values: dict[str, object] = {
        "id": id_,
        "activity": "electricity",
        "kind": "grid_average",
        "name_zh": "电力",
        "name_en": "electricity",
        "value": Decimal("0.5"),
        "unit": "kgCO2/kWh",
        "gas": "CO2",
        "region": "CN-SH",
        "year": 2023,
        "valid_from": 0,
        "valid_to": 0,
        "published_on": "",
        "source": "test",
        "source_url": "",
        "basis": "precedent",
        "second_hand": False,
        "review_by": date(2027, 12, 31),
    }
    return Factor(**{**values, **changes})  # type: ignore[arg-type]


def grid(registry: Registry, **changes: object) -> FoundFactor:
    asked: dict[str, object] = {
        "activity": "electricity",
        "kind": "grid_average",
        "place": "上海",
        "year": 2024,
    }
    return registry.find(**{**asked, **changes})  # type: ignore[arg-type]


def codes(error: FactorError) -> list[str]:
    return [fault.code for fault in error.faults]


@pytest.mark.parametrize("name", ["上海", "上海市", "CN-SH", "Shanghai", "shanghai"])
def test_places_go_from_province_to_world(name: str) -> None:
    assert place_chain(name) == ("CN-SH", "CN-east", "CN", "world")


def test_unknown_place_names_the_nearest() -> None:
    with pytest.raises(FactorError) as caught:
        place_chain("Shangha")
    assert codes(caught.value) == ["factor.unknown-place"]
    assert "上海 CN-SH" in caught.value.faults[0].context["hint"]


def test_most_specific_region_wins() -> None:
    everywhere = [made(r, region=r) for r in ("CN-SH", "CN-east", "CN", "world")]
    for count, expected in ((0, "CN-SH"), (1, "CN-east"), (2, "CN"), (3, "world")):
        assert grid(Registry(everywhere[count:])).factor.id == expected


def test_a_region_elsewhere_is_no_answer() -> None:
    with pytest.raises(FactorError) as caught:
        grid(Registry([made("elsewhere", region="CN-BJ")]))
    assert codes(caught.value) == ["factor.none-found"]
    assert "elsewhere" in caught.value.faults[0].context["existing"]


def test_newest_vintage_not_after_the_reporting_year() -> None:
    registry = Registry([made("a", year=2021), made("b", year=2022), made("c", year=2023)])
    assert grid(registry, year=2022).factor.id == "b"
    assert grid(registry, year=2025).factor.id == "c"
    earlier = grid(registry, year=2020)
    assert (earlier.factor.id, earlier.warnings) == ("a", ("factor.later-vintage",))


def test_vintage_at_and_just_beyond_two_years() -> None:
    registry = Registry([made("a", year=2021)])
    assert grid(registry, year=2023).warnings == ()
    assert grid(registry, year=2024).warnings == ("factor.old-vintage",)


def test_an_old_table_of_defaults_is_a_note_only() -> None:
    registry = Registry([made("a", kind="ncv", unit="GJ/t", year=2015)])
    found = grid(registry, kind="ncv", year=2024)
    assert found.warnings == ()
    assert [fault.code for fault in found.faults] == ["factor.old-document"]


def test_a_factor_without_vintage_never_ages() -> None:
    found = grid(Registry([made("a", year=0, valid_from=2013)]), year=2099)
    assert found.faults == ()
    assert "现行有效" in found.because


def test_years_of_use_bound_the_search() -> None:
    registry = Registry([made("a", valid_from=2022, valid_to=2024)])
    assert [grid(registry, year=year).factor.id for year in (2022, 2024)] == ["a", "a"]
    for year in (2021, 2025):
        with pytest.raises(FactorError):
            grid(registry, year=year)


def test_superseded_is_found_by_id_only() -> None:
    registry = Registry([made("old", year=2022, replaced_by="new"), made("new", year=2021)])
    assert grid(registry, year=2024).factor.id == "new"
    found = registry.find_by_id("old")
    assert (found.factor.id, found.warnings) == ("old", ("factor.superseded",))


def test_factors_of_a_method_need_the_method_and_then_come_first() -> None:
    registry = Registry([made("general"), made("fixed", method="m")])
    assert grid(registry).factor.id == "general"
    assert grid(registry, method="m").factor.id == "fixed"
    assert grid(registry, method="other").factor.id == "general"


def test_value_not_found_is_said_and_alternatives_listed() -> None:
    registry = Registry([made("none", value=None, year=2021, source="公告"), made("next", year=2022)])
    with pytest.raises(FactorError) as caught:
        grid(registry, year=2021)
    (fault,) = caught.value.faults
    assert fault.code == "factor.not-found-value"
    assert fault.context["source"] == "公告" and "next" in fault.context["existing"]
    with pytest.raises(FactorError, match="looked for"):
        registry.find_by_id("none")


def test_region_without_a_value_falls_to_the_wider_one_with_a_warning() -> None:
    registry = Registry([made("narrow", value=None), made("wide", region="CN")])
    found = grid(registry)
    assert (found.factor.id, found.warnings) == ("wide", ("factor.wider-region",))


def test_several_units_need_one_named() -> None:
    kinds = {"kind": "direct_factor", "activity": "natural_gas"}
    registry = Registry([made("kwh", unit="kgCO2/kWh", **kinds), made("m3", unit="tCO2/万Nm3", **kinds)])
    with pytest.raises(FactorError) as caught:
        grid(registry, **kinds)
    assert codes(caught.value) == ["factor.needs-unit"]
    assert grid(registry, **kinds, unit="tCO2/m3").factor.id == "m3"
    assert grid(registry, **kinds, unit="tCO2/GJ").factor.id == "kwh"
    with pytest.raises(FactorError):
        grid(registry, **kinds, unit="tCO2/t")


def test_review_day_itself_is_in_time_the_next_day_late() -> None:
    registry = Registry([made("a", review_by=date(2026, 12, 31))])
    assert grid(registry, on=date(2026, 12, 31)).warnings == ()
    assert grid(registry, on=date(2027, 1, 1)).warnings == ("factor.due-review",)


def test_a_transcription_says_so() -> None:
    found = grid(Registry([made("a", second_hand=True)]))
    assert [fault.code for fault in found.faults] == ["factor.second-hand"]
    assert found.warnings == ()


def test_unknown_id_names_the_nearest() -> None:
    with pytest.raises(FactorError) as caught:
        load_registry().find_by_id("grid.cn.prov.shanghai.2024")
    (fault,) = caught.value.faults
    assert fault.code == "factor.unknown-id"
    assert "grid.cn.prov.shanghai.2023" in fault.context["near"]


def test_the_choice_is_explained_in_both_languages() -> None:
    found = grid(Registry([made("a", region="CN", year=2022)]))
    assert found.because == found.because_zh
    assert "2022" in found.because_zh and "中国" in found.because_zh
    assert "2022" in found.because_en and "China" in found.because_en


def test_the_same_question_gives_the_same_answer_object() -> None:
    registry = load_registry()
    assert grid(registry) is grid(registry)
    assert load_registry() is registry


@given(
    years=st.lists(st.integers(2000, 2040), min_size=1, max_size=8, unique=True),
    year=st.integers(2000, 2040),
    order=st.randoms(use_true_random=False),
)
def test_vintage_chosen_does_not_depend_on_order(years: list[int], year: int, order: object) -> None:
    factors = [made(f"y{one}", year=one) for one in years]
    shuffled = list(factors)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    chosen = grid(Registry(shuffled), year=year)
    assert chosen == grid(Registry(factors), year=year)
    past = [one for one in years if one <= year]
    assert chosen.factor.year == (max(past) if past else min(years))
