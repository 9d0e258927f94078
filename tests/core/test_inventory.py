"""The inventory by method `park`: expected values from hand calculation with the shipped factors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from inventory_parks import (
    NOTHING_THERE,
    YEAR,
    codes,
    compute,
    energy,
    enterprise,
    own_factor,
    park,
    registry_with,
    row,
    value,
)

import lingtan.inventory
from lingtan.dossier.records import Location, Profile, Row
from lingtan.dossier.registers import carriers
from lingtan.errors import NOWHERE, LingtanError, catalogue
from lingtan.inventory.activities import Activity
from lingtan.inventory.sources.heat import Heats
from lingtan.metering.records import MeterEnergy, Metering
from lingtan.periods import Period
from lingtan.trace import Node


def datums(inventory):
    return {gap.datum for gap in inventory.missing}


def months(*present: int, **more):
    return [energy(n, period=f"{YEAR}-{n:02d}", quantity=10, **more) for n in present]


def proof(**cells):
    given = {
        "contract": "LD1",
        "period": YEAR,
        "kind": "green_power_trade",
        "technology": "wind",
        "evidence": "EV1",
    }
    return row("green_electricity", 2, **{**given, **cells})


def certificate(**cells):
    given = {"certificate": "G1", "generation_month": f"{YEAR}-05", "cancelled_year": YEAR, "evidence": "EV2"}
    return row("certificates", 2, **{**given, **cells})


# electricity


def test_electricity_side_by_side() -> None:
    # Shanghai average 2023 0.5737, residual 2023 0.6096 kgCO2/kWh; 30 + 20 of 100 MWh green
    found = compute(park(energy(quantity=100), proof(settled_mwh=30), certificate(quantity_mwh=20)))
    assert value(found, "scope2_location_tco2e") == Decimal("57.37")
    assert value(found, "scope2_market_tco2e") == Decimal("30.48")
    assert value(found, "gross_tco2e") == Decimal("57.37")


def test_a_certificate_that_came_with_a_contract_adds_nothing() -> None:
    rows = [energy(quantity=100), proof(settled_mwh=30)]
    alone = compute(park(*rows))
    both = compute(park(*rows, certificate(quantity_mwh=30, contract="LD1")))
    assert value(both, "scope2_market_tco2e") == value(alone, "scope2_market_tco2e") == Decimal("42.672")


@pytest.mark.parametrize(
    "unproven",
    [proof(settled_mwh=30, evidence=None), certificate(quantity_mwh=30, evidence=None)],
    ids=["contract", "certificate"],
)
def test_zero_needs_proof(unproven) -> None:
    found = compute(park(energy(quantity=100), unproven))
    assert value(found, "scope2_market_tco2e") == Decimal("60.96")
    assert "ledger.no-evidence" in codes(found)


def test_green_electricity_never_exceeds_what_was_bought() -> None:
    found = compute(park(energy(quantity=100), proof(settled_mwh=101)))
    assert value(found, "scope2_market_tco2e") == 0


def test_certificates_of_another_year_do_not_count() -> None:
    found = compute(park(energy(quantity=100), certificate(quantity_mwh=20, cancelled_year=2023)))
    assert value(found, "scope2_market_tco2e") == Decimal("60.96")


def test_nuclear_trade_is_not_renewable_but_direct_supply_is_nonfossil() -> None:
    trade = compute(park(energy(quantity=100), proof(settled_mwh=30, technology="nuclear")))
    direct = compute(
        park(energy(quantity=100), proof(settled_mwh=30, technology="nuclear", kind="direct_supply"))
    )
    assert value(trade, "scope2_market_tco2e") == Decimal("60.96")
    assert "ledger.not-renewable" in codes(trade)
    assert value(direct, "scope2_market_tco2e") == Decimal("42.672")


def test_sold_electricity_goes_off_at_the_factor_of_the_import_and_own_solar_at_zero() -> None:
    rows = [
        energy(quantity=100),
        energy(use="sold", quantity=10),
        energy(carrier="solar_electricity", use="sold", quantity=7),
    ]
    found = compute(park(*rows))
    assert value(found, "scope2_location_tco2e") == Decimal("51.633")  # 90 x 0.5737
    assert value(found, "scope2_market_tco2e") == Decimal("54.864")  # 90 x 0.6096
    assert value(found, "purchased_electricity_mwh") == 90


def test_the_province_before_the_grid_before_the_country() -> None:
    def factor(**place: str) -> Decimal:
        found = value(compute(park(energy(quantity=1), location=Location(**place))), "scope2_location_tco2e")
        assert found is not None
        return found

    assert factor(province="上海", grid="华东") == Decimal("0.5737")
    assert factor(grid="华东") == Decimal("0.55")
    assert factor() == Decimal("0.5306")


def test_ten_thousand_kilowatt_hours_are_ten_megawatt_hours() -> None:
    assert value(compute(park(energy(quantity=1, unit="万kWh"))), "electricity_mwh") == 10


def test_electricity_in_tonnes_is_an_error_and_a_gap() -> None:
    found = compute(park(energy(quantity=1, unit="t"), energy(item="b", quantity=1)))
    assert "inventory.activity-unit" in codes(found)
    assert any(gap.datum.endswith(".unit") for gap in found.totals["scope2_location_tco2e"].gaps)


# fuels


def test_gas_by_defaults() -> None:
    # 389.31 GJ/万Nm3 x 0.0153 tC/GJ x 0.99 x 44/12
    found = compute(park(energy(carrier="natural_gas", use="combustion", quantity=1, unit="万Nm3")))
    assert value(found, "scope1_tco2e") == Decimal("21.62188809")


def test_a_measured_heating_value_goes_with_default_carbon() -> None:
    gas = energy(carrier="natural_gas", use="combustion", quantity=1, unit="万Nm3")
    measured = row(
        "fuel_properties", 2, enterprise="E001", carrier="natural_gas", ncv=400, ncv_unit="GJ/万Nm3"
    )
    found = compute(park(gas, measured))
    assert value(found, "scope1_tco2e") == Decimal("22.2156")  # 400 x 0.0153 x 0.99 x 44/12
    assert round(value(found, "energy_tce_calorific") or 0, 6) == Decimal("13.648337")  # 400 / 29.3076


def test_feedstock_is_no_fuel_but_is_energy() -> None:
    found = compute(
        park(energy(carrier="naphtha", use="feedstock", quantity=10, unit="t"), energy(quantity=1))
    )
    assert value(found, "scope1_tco2e") == 0
    assert "inventory.feedstock" in codes(found)
    assert (value(found, "energy_tce_calorific") or 0) > 10


def test_conversion_is_carbon_in_less_carbon_out() -> None:
    own = [
        row(
            "fuel_properties",
            2,
            enterprise="E001",
            carrier=name,
            carbon_per_unit=carbon,
            carbon_per_unit_unit="tC/t",
            oxidation_percent=90,
        )
        for name, carbon in (("washed_coal", "0.9"), ("coke", "0.6"))
    ]
    rows = [
        energy(carrier="washed_coal", use="conversion_in", quantity=10, unit="t"),
        energy(carrier="coke", use="conversion_out", quantity=12, unit="t"),
    ]
    # (9 - 7.2) tC x 44/12, oxidation 100 % though 90 % was measured for burning
    assert value(compute(park(*rows, *own)), "scope1_tco2e") == Decimal("6.6")


def test_biogenic_carbon_stands_apart() -> None:
    wood = row(
        "fuel_properties",
        2,
        enterprise="E001",
        carrier="biomass",
        direct_factor="1.5",
        direct_factor_unit="tCO2/t",
    )
    found = compute(park(energy(carrier="biomass", use="combustion", quantity=10, unit="t"), wood))
    assert value(found, "biogenic_tco2") == 15
    assert value(found, "scope1_tco2e") == 0


def test_bought_fuel_without_a_use_is_a_gap() -> None:
    found = compute(park(energy(carrier="diesel", use="purchased", quantity=10, unit="t")))
    assert value(found, "scope1_tco2e") is None
    assert "energy_activity[E001/diesel/combustion]" in datums(found)


def test_a_unit_that_no_factor_knows_is_a_gap_not_a_guess() -> None:
    found = compute(park(energy(carrier="diesel", use="combustion", quantity=10, unit="L")))
    assert value(found, "scope1_tco2e") is None
    assert "fuel_properties[E001/diesel]" in datums(found)


def test_british_gas_by_the_kilowatt_hour() -> None:
    location = Location(country="GB", timezone="Europe/London")
    found = compute(
        park(energy(carrier="natural_gas", use="combustion", quantity=1000, unit="kWh"), location=location)
    )
    assert value(found, "scope1_tco2e") == Decimal("0.18296")  # DESNZ 2025, gross CV
    assert "inventory.abroad" in codes(found)


# heat


def test_shanghai_heat_and_heat_elsewhere() -> None:
    heat = energy(carrier="heat", quantity=100, unit="GJ")
    assert value(compute(park(heat)), "scope2_location_tco2e") == 6
    elsewhere = park(heat, location=Location(province="江苏"))
    assert value(compute(elsewhere), "scope2_location_tco2e") == 11
    assert value(compute(park(heat), method="cn-ndrc-910"), "e_heat_tco2") == 11


def test_nonfossil_heat_is_zero_and_measured_heat_its_own() -> None:
    free = compute(park(energy(carrier="renewable_heat", quantity=100, unit="GJ")))
    assert value(free, "scope2_location_tco2e") == 0
    own = row(
        "fuel_properties",
        2,
        enterprise="E001",
        carrier="heat",
        direct_factor="0.05",
        direct_factor_unit="tCO2/GJ",
    )
    measured = compute(park(energy(carrier="heat", quantity=100, unit="GJ"), own))
    assert value(measured, "scope2_location_tco2e") == 5


def test_steam_by_enthalpy() -> None:
    # GB/T 32151.34 table C.5: 1.0 MPa, 200 ℃ is 2827.5 kJ/kg
    steam = energy(carrier="steam", quantity=1000, unit="t", pressure_mpa=1, temperature_c=200)
    assert value(compute(park(steam)), "scope2_location_tco2e") == Decimal("169.65")  # 2827.5 GJ x 0.06


@pytest.mark.parametrize(
    ("given", "blank"), [("temperature_c", "pressure_mpa"), ("pressure_mpa", "temperature_c")]
)
def test_steam_without_its_state_is_a_gap(given: str, blank: str) -> None:
    found = compute(park(energy(carrier="steam", quantity=1000, unit="t", **{given: 10})))
    assert value(found, "scope2_location_tco2e") is None
    assert any(datum.endswith(f".{blank}") for datum in datums(found))


def test_cold_has_no_default() -> None:
    found = compute(park(energy(carrier="cold", quantity=100, unit="GJ")))
    assert value(found, "scope2_location_tco2e") is None
    assert "inventory.heat-without-factor" in codes(found)


# gases and processes


def test_refrigerant_by_the_sixth_report() -> None:
    gas = row(
        "fugitive_gases",
        2,
        period=YEAR,
        enterprise="E001",
        gas="R-410A",
        method="simplified",
        new_charge_kg=20,
        new_capacity_kg=18,
        recharge_kg=12,
        disposed_capacity_kg=0,
        recovered_kg=0,
    )
    found = compute(park(energy(quantity=1), gas))
    assert value(found, "scope1_tco2e") == Decimal("31.577")  # 14 kg x (771 + 3740) / 2
    assert found.gwp == "AR6"


def test_a_blank_needed_by_the_method_is_a_gap() -> None:
    gas = row(
        "fugitive_gases", 2, period=YEAR, enterprise="E001", gas="SF6", method="simplified", recharge_kg=12
    )
    found = compute(park(energy(quantity=1), gas))
    assert value(found, "scope1_tco2e") is None
    assert any(datum.endswith(".new_charge_kg") for datum in datums(found))


def test_gases_outside_kyoto_stand_apart() -> None:
    gas = row(
        "fugitive_gases",
        2,
        period=YEAR,
        enterprise="E001",
        gas="HCFC-22",
        method="material_balance",
        inventory_change_kg=1,
        transferred_kg=0,
        capacity_change_kg=0,
    )
    found = compute(park(energy(quantity=1), gas))
    assert value(found, "scope1_tco2e") == 0
    assert (value(found, "non_kyoto_tco2e") or 0) > 0


def test_process_factor_and_purity() -> None:
    lime = row("process_activity", 2, period=YEAR, enterprise="E001", process="lime", quantity=100, unit="t")
    assert value(compute(park(energy(quantity=1), lime)), "scope1_tco2e") == 75  # IPCC 2006: 0.75
    stone = row(
        "process_activity",
        2,
        period=YEAR,
        enterprise="E001",
        process="limestone",
        quantity=100,
        unit="t",
        purity_percent=90,
    )
    assert value(compute(park(energy(quantity=1), stone)), "scope1_tco2e") == Decimal("39.6")  # 0.44 x 90


def test_a_product_without_factor_asks_for_one() -> None:
    white = row(
        "process_activity", 2, period=YEAR, enterprise="E001", process="clinker_white", quantity=1, unit="t"
    )
    found = compute(park(energy(quantity=1), white))
    assert value(found, "scope1_tco2e") is None
    assert "inventory.process-without-factor" in codes(found)


def test_burnt_waste_counts_its_fossil_carbon() -> None:
    waste = row(
        "waste_treatment",
        2,
        period=YEAR,
        enterprise="E001",
        waste="废液",
        treatment="incineration",
        quantity_t=100,
        carbon_fraction_percent=60,
        fossil_fraction_percent=50,
    )
    found = compute(park(energy(quantity=1), waste))
    assert value(found, "scope1_tco2e") == value(found, "biogenic_tco2") == 110  # 100 x 0.6 x 0.5 x 44/12


def test_what_is_not_counted_is_named() -> None:
    rows = [
        row(
            "waste_treatment",
            2,
            period=YEAR,
            enterprise="E001",
            waste="污泥",
            treatment="landfill",
            quantity_t=100,
        ),
        row(
            "wastewater",
            2,
            period=YEAR,
            enterprise="E001",
            plant="WW1",
            treatment="aerobic_well_managed",
            volume_m3=100,
            cod_removed_t=1,
        ),
    ]
    assert {"inventory.waste-not-counted", "inventory.wastewater-n2o-not-counted"} <= codes(
        compute(park(energy(quantity=1), *rows))
    )
    assert "inventory.outside-method" in codes(compute(park(energy(quantity=1), *rows), method="cn-ndrc-910"))


# what is lacking


def test_a_missing_month_is_a_gap_of_what_rests_on_it() -> None:
    found = compute(park(*months(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12)))
    datum = f"energy_activity[{YEAR}-07/E001/electricity/purchased]"
    assert [(gap.datum, gap.asked_of) for gap in found.missing] == [(datum, "E001")]
    assert value(found, "scope2_location_tco2e") == Decimal("63.107")  # 110 x 0.5737, what is there
    assert found.totals["scope2_location_tco2e"].gaps and found.totals["energy_tce_calorific"].gaps
    assert not found.totals["scope1_tco2e"].gaps


def test_months_outside_the_stay_are_not_asked_for() -> None:
    stay = enterprise(active_from=date(YEAR, 3, 15), active_to=date(YEAR, 5, 2))
    assert not compute(park(*months(3, 4, 5), stay)).missing
    assert datums(compute(park(*months(3, 5), stay))) == {
        f"energy_activity[{YEAR}-04/E001/electricity/purchased]"
    }


def test_year_and_months_of_one_series_is_an_error() -> None:
    found = compute(park(*months(*range(1, 13)), energy(quantity=120)))
    assert "inventory.year-and-months" in codes(found)
    assert value(found, "electricity_mwh") == 120
    assert found.totals["electricity_mwh"].gaps


def lime(period: str | int, tonnes: int) -> Row:
    cells = {"enterprise": "E001", "process": "lime", "quantity": tonnes, "unit": "t"}
    return row("process_activity", 2, period=period, **cells)


def test_a_product_for_the_year_and_by_month_counts_once() -> None:
    """12 months of 100 t at 0.75, beside the 1,200 t of the year: 900 t CO2, and an error."""
    monthly = [lime(f"{YEAR}-{month:02d}", 100) for month in range(1, 13)]
    found = compute(park(energy(quantity=1), *monthly, lime(YEAR, 1200)))
    assert value(found, "scope1_tco2e") == 900
    assert "inventory.year-and-months" in codes(found)
    assert datums(found) == {f"process_activity[{YEAR}/E001/lime].period"}
    assert not compute(park(energy(quantity=1), *monthly)).missing
    # eleven months are not the year
    assert datums(compute(park(energy(quantity=1), *monthly[1:]))) == {
        f"process_activity[{YEAR}-01/E001/lime]"
    }


def test_a_transfer_for_the_year_and_by_month_counts_once() -> None:
    handed = {"from": "E001", "to": "E002", "carrier": "electricity", "unit": "MWh"}
    rows = [row("transfers", 2, period=YEAR, quantity=12, **handed),
            row("transfers", 3, period=f"{YEAR}-01", quantity=1, **handed)]  # fmt: skip
    found = compute(park(energy(quantity=100), *rows))
    assert [line.activity for line in found.lines if line.source == "internal"] == [1]
    assert "inventory.year-and-months" in codes(found)


def test_an_enterprise_that_said_nothing_is_asked() -> None:
    silent = [energy(quantity=1), enterprise(), enterprise("E002")]
    assert datums(compute(park(*silent))) == {"energy_activity[E002]"}
    gone = [energy(quantity=1), enterprise(), enterprise("E002", active_to=date(YEAR - 1, 12, 31))]
    assert not compute(park(*gone)).missing


def test_process_and_gases_must_be_filled_or_confirmed() -> None:
    found = compute(park(energy(quantity=1), confirmed=()))
    assert datums(found) == {f"register {name}" for name in NOTHING_THERE}
    assert value(found, "scope1_tco2e") is None
    national = compute(park(energy(quantity=1), confirmed=()), method="cn-ndrc-910")
    assert datums(national) == {"register process_activity", *GREEN}


GREEN = ("register certificates", "register green_electricity")


def test_green_electricity_nobody_answered_for_is_a_gap_of_what_it_would_lower() -> None:
    """By contract and in annex 4 green electricity is zero: without an answer no such total is whole."""

    def lacking(method: str, name: str, *rows: Row) -> list[str]:
        gases = ("process_activity", "fugitive_gases", "waste_treatment")
        return [gap.datum for gap in compute(park(*rows, confirmed=gases), method=method).totals[name].gaps]

    bought, gas = energy(quantity=100), energy(carrier="natural_gas", use="combustion", unit="GJ", quantity=1)
    assert lacking("park", "scope2_market_tco2e", bought) == list(GREEN)
    assert lacking("cn-ndrc-910", "e_electricity_tco2", bought) == list(GREEN)
    assert lacking("cn-ndrc-910", "emissions_tco2", bought) == list(GREEN)
    assert not lacking("park", "scope2_location_tco2e", bought)
    assert not lacking("cn-ndrc-910", "emissions_tco2", gas)  # nothing bought, nothing to be green


def test_an_empty_dossier_is_unknown_everywhere() -> None:
    for method in ("park", "cn-ndrc-910"):
        found = compute(park(confirmed=()), method=method)
        main = "gross_tco2e" if method == "park" else "emissions_tco2"
        assert value(found, main) is None
        assert found.missing


def test_an_unknown_method_says_which_there_are() -> None:
    with pytest.raises(LingtanError) as caught:
        compute(park(), method="nothing")
    assert "cn-ndrc-910" in caught.value.faults[0].context["known"]


def test_rows_of_other_years_are_left_out_and_named() -> None:
    found = compute(park(energy(quantity=1), energy(period=2023, quantity=99)))
    assert value(found, "electricity_mwh") == 1
    assert "inventory.other-years" in codes(found)


# metering


def meter(quantity: object, **more) -> Metering:
    given = {
        "meter": "M1",
        "carrier": "electricity",
        "unit": "kWh",
        "enterprise": "E001",
        "expected": 1,
        "present": 1,
        "zeros": 0,
        "suspect_zeros": 0,
        "place": NOWHERE,
        **more,
    }
    return Metering(meters=(MeterEnergy(quantity=Decimal(str(quantity)), **given),))


def test_metered_energy_stands_in_where_nothing_was_reported() -> None:
    named = [
        enterprise(),
        row("meters", 2, meter="M1", enterprise="E001", carrier="electricity", role="supply"),
    ]
    plain = compute(park(*named), metering=meter(5000))
    assert value(plain, "scope2_location_tco2e") == Decimal("2.8685")
    hourly = compute(park(*named), metering=meter(5000, emissions_tco2=Decimal("2.5")))
    assert value(hourly, "scope2_location_tco2e") == Decimal("2.5")
    assert not hourly.missing


@pytest.mark.parametrize(
    ("silent", "present", "asked"),
    [
        ((), 8784, ()),  # the whole of 2024, by the hour
        ((7,), 8784, ()),  # read, and nothing used in July
        ((7,), 8784 - 744, (7,)),
        (tuple(range(2, 13)), 744, tuple(range(2, 13))),  # read in January only
        ((), 8784 - 700, ()),  # scattered gaps are a matter of the readings, they have their own warning
    ],
)
def test_months_a_meter_was_not_read_are_gaps(silent: tuple, present: int, asked: tuple) -> None:
    months = tuple(Decimal(0 if month in silent else 10) for month in range(1, 13))
    readings = meter(sum(months), months=months, expected=8784, present=present, interval_minutes=60)
    found = compute(park(enterprise()), metering=readings)
    assert datums(found) == {f"energy_activity[{YEAR}-{n:02d}/E001/electricity/purchased]" for n in asked}
    assert value(found, "electricity_mwh") == sum(months) / 1000


@pytest.mark.parametrize(
    ("metered", "warns"), [("103", False), ("103.001", True), ("97", False), ("96.999", True)]
)
def test_metered_and_reported_more_than_three_percent_apart(metered: str, warns: bool) -> None:
    found = compute(park(energy(quantity=100)), metering=meter(metered, unit="MWh"))
    assert ("inventory.metered-differs" in codes(found)) is warns
    assert value(found, "electricity_mwh") == 100


def test_without_a_residual_factor_the_market_takes_the_mean_by_place() -> None:
    location = Location(country="GB", timezone="Europe/London")
    found = compute(
        park(enterprise(), location=location), metering=meter(5000, emissions_tco2=Decimal("1.25"))
    )
    assert value(found, "scope2_market_tco2e") == Decimal("1.25")
    assert "inventory.no-residual-factor" in codes(found)


def test_the_mean_by_place_never_stands_in_in_silence() -> None:
    """2021: the announcement has a residual factor that nobody could find; 2022 and later have one."""
    bought = park(energy(quantity=100, period=2021), year=2021)
    assert value(compute(bought), "scope2_market_tco2e") == 100 * Decimal("0.5834")  # Shanghai 2021
    assert "inventory.no-residual-factor" in codes(compute(bought))
    assert "inventory.no-residual-factor" not in codes(compute(park(energy(quantity=100))))


def test_a_member_that_said_nothing_is_not_zero() -> None:
    rows = (energy(quantity=100), enterprise("E001"), enterprise("E002"), enterprise("E003"))
    handed = row("transfers", 2, **{"from": "E001", "to": "E003"}, period=YEAR, carrier="electricity",
                 quantity=10, unit="MWh")  # fmt: skip
    members = {one.enterprise: one for one in compute(park(*rows, handed)).members}
    silent, fed = members["E002"], members["E003"]
    assert (silent.scope1_tco2e, silent.scope2_location_tco2e, silent.energy_tce) == (None, None, None)
    assert (fed.scope1_tco2e, fed.scope2_location_tco2e) == (0, Decimal("5.737"))


# energy


def test_energy_at_both_values() -> None:
    rows = [energy(quantity=1000), energy(carrier="solar_electricity", use="own_generation", quantity=100)]
    found = compute(park(*rows))
    assert value(found, "energy_tce_calorific") == Decimal("135.19")  # 1100 x 0.1229
    assert value(found, "energy_tce_equal_value") == 330  # GB 30251-2024: 0.21 kgoe = 0.3 kgce
    assert value(found, "nonfossil_tce_equal_value") == 30
    assert "inventory.equal-value-precedent" in codes(found)
    stated = Profile(electricity_equal_value_kgce_per_kwh=Decimal("0.31"))
    own = compute(park(*rows, profile=stated))
    assert value(own, "energy_tce_equal_value") == 341
    assert "inventory.equal-value-precedent" not in codes(own)


BIOGAS = row("fuel_properties", 2, enterprise="E001", carrier="biogas", ncv=200, ncv_unit="GJ/万Nm3",
             carbon_content_tc_per_gj="0.03", oxidation_percent=100)  # fmt: skip


def test_power_of_own_biogas_is_used_here_and_its_energy_counts_once() -> None:
    """100 MWh bought, 100 MWh made of 10 万Nm3 of biogas of 200 GJ: half of what is used is renewable."""
    bought, power = energy(quantity=100), energy(3, carrier="biogas", use="own_generation", quantity=100)
    gas = energy(4, carrier="biogas", use="combustion", quantity=10, unit="万Nm3")
    found = compute(park(bought, power, gas, BIOGAS))
    assert (value(found, "own_renewable_mwh"), value(found, "electricity_mwh")) == (100, 200)
    by_hand = 100 * Decimal("0.1229") + 2000 / Decimal("29.3076")
    assert value(found, "energy_tce_calorific") == pytest.approx(by_hand, rel=Decimal("1e-24"))
    # where nobody says how much was burnt, the power itself is what is known
    found = compute(park(bought, power))
    assert value(found, "energy_tce_calorific") == 200 * Decimal("0.1229")


def test_heat_of_activities_let_go_one_after_the_other_is_not_mixed_up() -> None:
    heats, heat = Heats(None), carriers()["heat"]  # heat in GJ needs nothing of the setting

    def in_gj(amount: int, unit: str) -> Node | None:
        node = Node("quantity", Decimal(amount), unit)
        return heats.in_gj(Activity(Period(YEAR), "E001", heat, "internal", "", unit, node, str(amount)))

    # what is refused (heat in tonnes) leaves room in memory for the next one
    found = [in_gj(amount, "t" if amount % 3 else "GJ") for amount in range(300)]
    assert [node.value for node in found if node] == list(range(0, 300, 3))


@pytest.mark.parametrize(("carrier", "unit"), [("solar_electricity", "MWh"), ("renewable_heat", "GJ")])
def test_what_is_sold_of_own_renewable_energy_was_never_in_the_part_used(carrier: str, unit: str) -> None:
    used = energy(carrier=carrier, use="own_generation", unit=unit, quantity=100)
    sold = energy(3, carrier=carrier, use="sold", unit=unit, quantity=60)
    by_hand = Decimal("12.29") if unit == "MWh" else Decimal("3.412")  # 0.1229 tce/MWh, 0.03412 tce/GJ
    assert value(compute(park(used, sold)), "energy_tce_calorific") == by_hand


def test_a_transfer_of_another_year_is_no_answer_of_this_one() -> None:
    handed = {"from": "E001", "to": "E002", "carrier": "electricity", "quantity": 5, "unit": "MWh"}
    rows = (energy(quantity=100), enterprise("E001"), enterprise("E002"))
    asked = [gap.datum for gap in compute(park(*rows, row("transfers", 2, period=2023, **handed))).missing]
    assert asked == ["energy_activity[E002]"]
    assert not compute(park(*rows, row("transfers", 2, period=2024, **handed))).missing


def test_fuel_that_makes_power_inside_counts_once() -> None:
    gas = energy(carrier="natural_gas", use="combustion", quantity=1, unit="万Nm3")
    power = energy(use="own_generation", quantity=40)
    alone, both = compute(park(gas)), compute(park(gas, power))
    assert value(alone, "energy_tce_calorific") == value(both, "energy_tce_calorific") == Decimal("13.3")
    assert value(both, "electricity_mwh") == 40
    assert value(both, "own_renewable_mwh") == 0


def test_energy_of_enterprises_with_an_inventory_of_the_year() -> None:
    rows = [energy(quantity=10), energy(enterprise="E002", quantity=30)]
    named = [enterprise(carbon_inventory_year=YEAR), enterprise("E002", carbon_inventory_year=YEAR - 1)]
    found = compute(park(*rows, *named))
    assert value(found, "inventoried_energy_tce") == Decimal("1.229")
    assert value(found, "members_energy_tce") == Decimal("4.916")


# the national method


def test_annex_four_term_by_term() -> None:
    rows = [
        energy(quantity=1000),
        certificate(quantity_mwh=400),
        energy(carrier="heat", quantity=100, unit="GJ"),
        energy(carrier="natural_gas", use="combustion", quantity=10, unit="万Nm3"),
        row("process_activity", 2, period=YEAR, enterprise="E001", process="lime", quantity=100, unit="t"),
    ]
    found = compute(park(*rows), method="cn-ndrc-910")
    assert value(found, "e_electricity_tco2") == Decimal("499.5")  # 600 x 0.8325
    assert value(found, "e_heat_tco2") == 11
    assert value(found, "e_fuel_tco2") == Decimal("216.2188809")
    assert value(found, "e_process_tco2") == 75
    assert value(found, "emissions_tco2") == Decimal("801.7188809")
    # 1000 MWh x 0.3 + 100 GJ x 0.03412 + 100,000 m3 x 1.33 kgce
    assert value(found, "energy_tce") == Decimal("436.412")
    assert round(value(found, "carbon_per_energy") or 0, 6) == Decimal("1.837069")


def test_the_national_method_has_no_other_gas() -> None:
    gas = row(
        "fugitive_gases",
        2,
        period=YEAR,
        enterprise="E001",
        gas="SF6",
        method="material_balance",
        inventory_change_kg=1,
        transferred_kg=0,
        capacity_change_kg=0,
    )
    with_gas, without = (
        compute(park(energy(quantity=1), *rows), method="cn-ndrc-910") for rows in ((gas,), ())
    )
    assert value(with_gas, "emissions_tco2") == value(without, "emissions_tco2")


def test_no_energy_is_no_ratio() -> None:
    found = compute(park(energy(quantity=0)), method="cn-ndrc-910")
    assert value(found, "emissions_tco2") == 0
    assert value(found, "carbon_per_energy") is None


def test_old_factors_warn() -> None:
    old = own_factor("electricity", "grid_average", "0.6", "tCO2/MWh", year=YEAR - 3)
    on_the_edge = own_factor("electricity", "grid_average", "0.6", "tCO2/MWh", year=YEAR - 2)
    assert "factor.old-vintage" in codes(compute(park(energy(quantity=1)), registry=registry_with(old)))
    assert "factor.old-vintage" not in codes(
        compute(park(energy(quantity=1)), registry=registry_with(on_the_edge))
    )


def test_conventions_of_a_method_hold_abroad() -> None:
    location = Location(country="GB", timezone="Europe/London")
    found = compute(park(energy(quantity=100), location=location))
    assert value(found, "energy_tce_calorific") == Decimal("12.29")
    national = compute(park(energy(quantity=100), location=location), method="cn-ndrc-910")
    assert value(national, "e_electricity_tco2") == Decimal("83.25")
    assert "inventory.abroad" in codes(national)


def test_the_year_of_a_contract_holds_its_months() -> None:
    rows = [proof(settled_mwh=30), proof(period=f"{YEAR}-03", settled_mwh=10)]
    assert value(compute(park(energy(quantity=100), *rows)), "scope2_market_tco2e") == Decimal("42.672")


def test_every_fault_of_the_inventory_is_said_somewhere() -> None:
    source = "".join(
        file.read_text(encoding="utf-8") for file in Path(lingtan.inventory.__path__[0]).rglob("*.py")
    )
    ours = {code for code in catalogue() if code.startswith("inventory.")}
    assert not {code for code in ours if f'"{code}"' not in source}


def test_cold_handed_on_is_energy_though_its_emissions_are_not_known() -> None:
    ends = {"from": "E001", "to": "E002"}
    cold = row("transfers", 2, period=YEAR, **ends, carrier="cold", quantity=100, unit="GJ")
    found = compute(park(energy(quantity=100), cold))
    energies = {member.enterprise: member.energy_tce for member in found.members}
    assert energies == {"E001": Decimal("8.878"), "E002": Decimal("3.412")}  # 12.29 - 3.412, 100 x 0.03412
    assert not found.totals["members_energy_tce"].gaps
    assert not found.totals["scope2_location_tco2e"].gaps
    assert found.totals["internal_transfers_tco2e"].gaps
