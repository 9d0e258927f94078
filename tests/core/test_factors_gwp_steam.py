"""GWP of gases and blends, enthalpy of steam. Expected values from the documents or by hand."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingtan.errors import FactorError
from lingtan.factors import FoundFactor, find_enthalpy, find_equipment, find_gas, find_gwp


@pytest.mark.parametrize(
    ("name", "gas"),
    [
        ("R-410A", "r410a"), ("R410A", "r410a"), ("r 410a", "r410a"), ("HFC-134a", "hfc134a"),
        ("R-134a", "hfc134a"), ("SF6", "sf6"), ("CH4", "ch4"), ("甲烷", "ch4"), ("ＳＦ６", "sf6"),
        ("R22", "hcfc22"), ("HCFC-22", "hcfc22"), ("PFC-116", "c2f6"), ("C2F6", "c2f6"), ("R-744", "co2"),
        ("R-507", "r507a"), ("二氧化碳", "co2"), ("HFO-1234yf", "r1234yf"),
    ],
)  # fmt: skip
def test_gas_names_as_people_write_them(name: str, gas: str) -> None:
    assert find_gas(name).id == gas


def test_unknown_gas_names_the_nearest() -> None:
    with pytest.raises(FactorError) as caught:
        find_gwp("R-410B2", gwp_set="AR5")
    (fault,) = caught.value.faults
    assert fault.code == "factor.unknown-gas" and "R-410B" in fault.context["near"]


@pytest.mark.parametrize(
    ("gas", "gwp_set", "value"),
    [
        ("CO2", "AR4", "1"), ("CH4", "AR4", "25"), ("CH4", "AR5", "28"), ("CH4", "AR6", "27.9"),
        ("N2O", "AR4", "298"), ("N2O", "AR5", "265"), ("N2O", "AR6", "273"), ("SF6", "AR5", "23500"),
        ("NF3", "AR6", "17400"), ("R-134a", "AR4", "1430"), ("HFC-23", "AR5", "12400"),
        ("CF4", "AR6", "7380"),
    ],
)  # fmt: skip
def test_single_kyoto_gases(gas: str, gwp_set: str, value: str) -> None:
    found = find_gwp(gas, gwp_set=gwp_set)
    assert (found.kyoto, found.non_kyoto) == (Decimal(value), 0)


def test_a_gas_outside_kyoto_counts_apart() -> None:
    found = find_gwp("R-22", gwp_set="ar4")
    assert (found.gwp_set, found.kyoto, found.non_kyoto) == ("AR4", 0, Decimal(1810))


def test_blends_by_hand_and_not_rounded() -> None:
    # .5*677 + .5*3170 ; .23*675 + .25*3500 + .52*1430
    assert find_gwp("R-410A", gwp_set="AR5").kyoto == Decimal("1923.5")
    assert find_gwp("R-407C", gwp_set="AR4").kyoto == Decimal("1773.85")


def test_blend_keeps_kyoto_and_other_parts_apart() -> None:
    found = find_gwp("R-401A", gwp_set="AR5")
    # HFC-152a 13 % of 138 ; HCFC-22 53 % of 1760 + HCFC-124 34 % of 527
    assert (found.kyoto, found.non_kyoto) == (Decimal("17.94"), Decimal("1111.98"))
    assert [share for share, _ in found.parts] == [Decimal("0.53"), Decimal("0.13"), Decimal("0.34")]


def test_blend_printed_as_a_whole() -> None:
    found = find_gwp("R-402A", gwp_set="AR5")  # DESNZ 2025: Kyoto 1902, other 669
    assert (found.kyoto, found.non_kyoto) == (1902, 669)


@pytest.mark.parametrize(
    ("gas", "gwp_set", "exist"),
    [("R-402A", "AR6", "AR5"), ("HFC-41", "AR4", "AR5、AR6"), ("CH4", "AR7", "AR4、AR5、AR6")],
)
def test_no_value_in_this_set_lists_the_sets_that_have_one(gas: str, gwp_set: str, exist: str) -> None:
    with pytest.raises(FactorError) as caught:
        find_gwp(gas, gwp_set=gwp_set)
    (fault,) = caught.value.faults
    assert (fault.code, fault.context["existing"]) == ("factor.no-gwp", exist)


@pytest.mark.shared
def test_case_o21_blend_values_of_two_official_tables(shared: Path) -> None:
    case = json.loads((shared / "accounting/cases/O21_blend_gwp.json").read_text("utf-8"))
    for expected in case["expected"]:
        gas, gwp_set, *part = expected["name"].split(".")
        found = find_gwp(gas, gwp_set=gwp_set)
        value = found.non_kyoto if part == ["non_kyoto"] else found.kyoto
        assert abs(float(value) - expected["value"]) <= expected["abs_tolerance"], expected["name"]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("冷水机组", "chillers"),
        ("多联机", "residential_commercial_ac"),
        ("Chillers", "chillers"),
        ("vrf", "residential_commercial_ac"),
    ],
)
def test_equipment_as_people_name_it(text: str, id_: str) -> None:
    found = find_equipment(text)
    assert found is not None and found.id == id_


def test_equipment_nobody_knows() -> None:
    assert find_equipment("时光机") is None


def enthalpy(pressure: str, temperature: str | None = None) -> FoundFactor:
    return find_enthalpy(
        pressure_mpa=Decimal(pressure), temperature_c=None if temperature is None else Decimal(temperature)
    )


@pytest.mark.parametrize(
    ("pressure", "value"),
    [
        ("0.001", "2513.8"),
        ("0.80", "2768.4"),
        ("1.00", "2777.0"),
        ("22.0", "2192.5"),
        ("1.70", "2793.8"),
        ("0.85", "2770.7"),
    ],
)
def test_saturated_steam_at_and_between_the_points_of_table_c4(pressure: str, value: str) -> None:
    # 0.85: midway between 2768.4 and 2773.0
    assert enthalpy(pressure).factor.value == Decimal(value)


@pytest.mark.parametrize(
    ("pressure", "temperature", "value"),
    [
        ("1", "200", "2827.5"),
        ("3", "400", "3231.6"),
        ("1", "210", "2851.2"),  # midway between 2827.5 and 2874.9
        ("2", "300", "3022.75"),  # midway between 3051.3 and 2994.2
        ("4", "410", "3237.7"),  # (3231.6 + 3196.9) / 2 and (3276.9 + 3245.4) / 2, then the middle
        ("30", "600", "3444.2"),
    ],
)
def test_superheated_steam_at_and_between_the_points_of_table_c5(
    pressure: str, temperature: str, value: str
) -> None:
    found = enthalpy(pressure, temperature)
    assert found.factor.value == Decimal(value)
    assert (found.factor.unit, found.factor.kind) == ("kJ/kg", "enthalpy")


def test_near_the_boiling_line_steam_is_never_mixed_with_water() -> None:
    # 2 MPa boils at 212.37 (2797.4); at 240: midway between 2920.5 and 2823 = 2871.75
    expected = Decimal("2797.4") + (Decimal("2871.75") - Decimal("2797.4")) * Decimal("7.63") / Decimal(
        "27.63"
    )
    value = enthalpy("2", "220").factor.value
    assert value is not None and abs(value - expected) < Decimal("1e-20")


def test_saturation_temperature_itself_is_saturated_steam() -> None:
    assert enthalpy("1.00", "179.88").factor.value == Decimal("2777.0")


def test_below_the_saturation_temperature_it_is_water() -> None:
    with pytest.raises(FactorError) as caught:
        enthalpy("1.00", "179.87")
    assert caught.value.faults[0].code == "factor.steam-is-water"
    assert caught.value.faults[0].context["saturation"] == "179.88"


@pytest.mark.parametrize(
    ("pressure", "temperature"),
    [
        ("0.0009", None),
        ("22.1", None),
        ("0.009", "300"),
        ("30.1", "500"),
        ("1", "600.1"),
        ("-1", "300"),
        ("30", "399"),
    ],
)
def test_outside_the_table_nothing_is_extrapolated(pressure: str, temperature: str | None) -> None:
    with pytest.raises(FactorError) as caught:
        enthalpy(pressure, temperature)
    assert caught.value.faults[0].code == "factor.steam-outside"


def test_a_misprint_is_left_out_and_said() -> None:
    # 0.5 MPa, 400 °C is printed 3217.8; between 350 (3167.6) and 420 (3313.8): 3167.6 + 146.2 * 50/70
    found = enthalpy("0.5", "400")
    assert found.warnings == ("factor.steam-misprint",)
    assert found.factor.value is not None
    assert abs(found.factor.value - Decimal("3272.0285714")) < Decimal("1e-6")
    assert enthalpy("0.5", "420").warnings == ()


@given(
    pressure=st.decimals("0.01", "21", places=3),
    above=st.decimals("0.1", "200", places=1),
    step=st.decimals("0.1", "20", places=1),
)
def test_hotter_steam_has_more_enthalpy(pressure: Decimal, above: Decimal, step: Decimal) -> None:
    def at(temperature: Decimal) -> Decimal | None:
        try:
            return find_enthalpy(pressure_mpa=pressure, temperature_c=temperature).factor.value
        except FactorError:
            return None

    cooler, hotter = at(150 + above), at(150 + above + step)
    if cooler is not None and hotter is not None:
        assert cooler < hotter
