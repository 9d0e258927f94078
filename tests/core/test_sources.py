"""Source categories by hand: wastewater, compost, switchgear, electronics, CH4 and N2O of fuels, vehicles.

Factors: IPCC 2006 Guidelines. GWP100 of AR6: CH4 27.9, N2O 273, NF3 17400, CF4 7380, C2F6 12400,
CHF3 14600, SF6 25200.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventory_parks import NOTHING_THERE, YEAR, codes, compute, energy, enterprise, park, row, value

from lingtan.dossier.records import Location, Row
from lingtan.dossier.registers import carriers, registers
from lingtan.expressions import replay
from lingtan.inventory import method_names
from lingtan.inventory.records import Inventory
from lingtan.metering.records import MeterEnergy, Metering
from lingtan.quantities import exactly
from lingtan.trace import walk

POWER = energy(quantity=1)
AMOUNTS = st.decimals(min_value=0, max_value=100_000, places=3)
PERCENT = st.one_of(st.none(), st.decimals(min_value=0, max_value=100, places=1))


def water(**cells: Any) -> Row:
    given_ = {"period": YEAR, "enterprise": "E001", "plant": "WW1", "volume_m3": 1, **cells}
    return row("wastewater", 2, **given_)


def waste(treatment: str, **cells: Any) -> Row:
    given_ = {"period": YEAR, "enterprise": "E001", "waste": "污泥", "treatment": treatment, **cells}
    return row("waste_treatment", 2, **given_)


def gas(industry: str, name: str, kilograms: object, number: int = 2, **cells: Any) -> Row:
    given_ = {"period": YEAR, "enterprise": "E001", "industry": industry, "gas": name, **cells}
    return row("electronics_gases", number, consumed_kg=kilograms, **given_)


def switchgear(kind: str, **cells: Any) -> Row:
    amounts = {"new_charge_kg": 0, "operating_capacity_kg": 0, "disposed_capacity_kg": 0, **cells}
    given_ = {"period": YEAR, "enterprise": "E001", "gas": "SF6", "method": "screening"}
    return row("fugitive_gases", 2, **given_, equipment_type=kind, **amounts)


def lines(found: Inventory, *sources: str, scope: str = "1") -> dict[str, Decimal]:
    """Emissions of the lines of `sources` by what released them."""
    return {x.carrier: x.emissions for x in found.lines if x.source in sources and x.scope == scope}


def missing(found: Inventory) -> list[str]:
    return [gap.datum for gap in found.missing]


def check_replay(found: Inventory) -> None:
    for one in (*found.totals.values(), *(x.node for x in found.lines)):
        for node in walk(one):
            assert exactly(replay)(node) == node.value


# wastewater: COD x 0.25 x correction factor - recovered, x 27.9
@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ("aerobic_well_managed", "0"),  # 100 x 0.25 x 0
        ("aerobic_overloaded", "209.25"),  # 100 x 0.25 x 0.3 = 7.5 t
        ("anaerobic_reactor", "558"),  # 100 x 0.25 x 0.8 = 20 t
        ("sludge_digester", "558"),
        ("shallow_lagoon", "139.5"),  # 100 x 0.25 x 0.2 = 5 t
        ("deep_lagoon", "558"),
        ("aerobic", "0"),  # names of before
        ("anaerobic", "558"),
    ],
)
def test_methane_of_wastewater_goes_by_treatment(treatment: str, expected: str) -> None:
    found = compute(park(POWER, water(treatment=treatment, cod_removed_t=100)))
    assert lines(found, "wastewater") == {"CH4": Decimal(expected)}
    assert value(found, "scope1_tco2e") == Decimal(expected)
    assert not found.missing
    assert "inventory.wastewater-n2o-not-counted" in codes(found)
    assert ("inventory.aerobic-assumed" in codes(found)) == (treatment == "aerobic")
    check_replay(found)


@pytest.mark.parametrize(("recovered", "expected"), [("0", "558"), ("5", "418.5"), ("20", "0")])
def test_methane_recovered_goes_off(recovered: str, expected: str) -> None:
    reactor = water(treatment="anaerobic_reactor", cod_removed_t=100, methane_recovered_t=recovered)
    found = compute(park(POWER, reactor))
    assert value(found, "scope1_tco2e") == Decimal(expected)  # (20 - recovered) x 27.9
    check_replay(found)


def test_more_methane_than_was_made_is_not_recovered() -> None:
    reactor = water(treatment="anaerobic_reactor", cod_removed_t=100, methane_recovered_t="20.001")
    found = compute(park(POWER, reactor))
    assert "inventory.methane-over-recovered" in codes(found)
    assert not lines(found, "wastewater")
    assert missing(found) == [f"wastewater[{YEAR}/E001/WW1].methane_recovered_t"]


@pytest.mark.parametrize("column", ["treatment", "cod_removed_t"])
def test_a_blank_cell_of_wastewater_is_a_gap(column: str) -> None:
    cells: dict[str, Any] = {"treatment": "deep_lagoon", "cod_removed_t": 1, column: None}
    found = compute(park(POWER, water(**cells)))
    assert missing(found) == [f"wastewater[{YEAR}/E001/WW1].{column}"]
    assert value(found, "scope1_tco2e") is None


def test_a_lagoon_without_depth_is_asked_which() -> None:
    found = compute(park(POWER, water(treatment="lagoon", cod_removed_t=1)))
    assert "inventory.lagoon-depth" in codes(found)
    assert missing(found) == [f"wastewater[{YEAR}/E001/WW1].treatment"]


def test_every_treatment_of_the_register_is_counted_or_asked_about() -> None:
    for treatment in registers()["wastewater"].columns["treatment"].choices:
        found = compute(park(POWER, water(treatment=treatment, cod_removed_t=1)))
        assert bool(lines(found, "wastewater")) == (treatment != "lagoon")


def test_a_month_of_wastewater_left_out_is_a_gap() -> None:
    found = compute(park(POWER, water(period=f"{YEAR}-01", treatment="deep_lagoon", cod_removed_t=1)))
    assert len(missing(found)) == 11


def test_wastewater_nobody_spoke_of_is_a_gap_of_scope_1() -> None:
    silent = tuple(name for name in NOTHING_THERE if name != "wastewater")
    assert missing(compute(park(POWER, confirmed=silent))) == ["register wastewater"]
    assert missing(compute(park(POWER, confirmed=silent), method="cn-ndrc-910")) == []


# composting and digestion: tonnes x g/kg x GWP
@pytest.mark.parametrize(
    ("treatment", "basis", "expected"),
    [
        ("composting", "wet", {"CH4": "11.16", "N2O": "6.552"}),  # 0.4 t x 27.9; 0.024 t x 273
        ("composting", "dry", {"CH4": "27.9", "N2O": "16.38"}),  # 1 t; 0.06 t
        ("digestion", "wet", {"CH4": "2.232"}),  # 0.08 t
        ("digestion", "dry", {"CH4": "5.58"}),  # 0.2 t
    ],
)
def test_biological_treatment_goes_by_wet_and_dry(
    treatment: str, basis: str, expected: dict[str, str]
) -> None:
    found = compute(park(POWER, waste(treatment, quantity_t=100, weight_basis=basis)))
    assert lines(found, "biological_treatment") == {k: Decimal(v) for k, v in expected.items()}
    assert ("inventory.biological-gas-not-counted" in codes(found)) == (treatment == "digestion")
    assert value(found, "biogenic_tco2") == 0
    assert not found.missing
    check_replay(found)


def test_wet_or_dry_is_not_guessed() -> None:
    found = compute(park(POWER, waste("composting", quantity_t=100)))
    assert missing(found) == [f"waste_treatment[{YEAR}/E001/污泥/composting].weight_basis"]
    assert not found.totals["biogenic_tco2"].gaps


def test_compost_by_month_and_for_the_year_counts_once() -> None:
    compost = [
        waste("composting", period=period, quantity_t=100, weight_basis="wet")
        for period in (YEAR, *(f"{YEAR}-{month:02d}" for month in range(1, 13)))
    ]
    found = compute(park(POWER, *compost))
    assert "inventory.year-and-months" in codes(found)
    assert len(missing(found)) == 1 and value(found, "scope1_tco2e") == Decimal("212.544")  # 12 x 17.712


# switchgear: capacity x rate of operation x 25200
@pytest.mark.parametrize(
    ("kind", "expected"),
    [("中压开关柜", "17.64"), ("GIS", "65.52")],  # 100 kg x 0.7 % and 2.6 %
)
def test_switchgear_by_screening(kind: str, expected: str) -> None:
    found = compute(park(POWER, switchgear(kind, operating_capacity_kg=100)))
    assert lines(found, "fugitive_gases") == {"SF6": Decimal(expected)}
    assert not found.missing
    check_replay(found)


def test_switchgear_that_stands_empty_releases_nothing() -> None:
    found = compute(park(POWER, switchgear("GIS")))
    assert value(found, "scope1_tco2e") == 0
    check_replay(found)


@pytest.mark.parametrize("column", ["new_charge_kg", "disposed_capacity_kg"])
def test_a_rate_that_was_not_found_is_a_gap_where_it_is_needed(column: str) -> None:
    cells: dict[str, Any] = {"operating_capacity_kg": 100, column: "0.1"}
    found = compute(park(POWER, switchgear("sealed_switchgear", **cells)))
    assert "inventory.no-leak-rate" in codes(found)
    assert [datum.rsplit(".", 1)[1] for datum in missing(found)] == [column]
    assert not lines(found, "fugitive_gases")


# electronics: 1000 kg, 10 % left in the container: 900 kg reach the tools
PROVEN = {"abated_percent": 80, "evidence": "EV1"}
BY_HAND: list[tuple[str, Row, dict[str, str]]] = [
    # 900 x 0.02 = 18 kg each: 18 x 17.4; 18 x 7.38
    ("remote NF3", gas("semiconductor", "nf3", 1000, cleaning="remote"), {"nf3": "313.2", "cf4": "132.84"}),
    # 900 x 0.2 = 180 kg; 900 x 0.09 = 81 kg
    ("NF3 in situ", gas("semiconductor", "nf3", 1000, cleaning="in_situ"), {"nf3": "3132", "cf4": "597.78"}),
    # 18 x (1 - 0.8 x 0.95) = 4.32 kg; 18 x (1 - 0.8 x 0.9) = 5.04 kg
    ("abated", gas("semiconductor", "nf3", 1000, cleaning="remote", **PROVEN),
     {"nf3": "75.168", "cf4": "37.1952"}),
    # 18 x (1 - 0.8 x 0.5) = 10.8 kg of each: what is poor for the gas is no better for the by-product
    ("poor device", gas("semiconductor", "nf3", 1000, cleaning="remote", destruction_percent=50, **PROVEN),
     {"nf3": "187.92", "cf4": "79.704"}),
    # 18 x (1 - 0.8 x 0.99) = 3.744 kg; the by-product stays at 0.9
    ("good device", gas("semiconductor", "nf3", 1000, cleaning="remote", destruction_percent=99, **PROVEN),
     {"nf3": "65.1456", "cf4": "37.1952"}),
    # measured use rate 99 %: 900 x 0.01 = 9 kg
    ("own use rate", gas("semiconductor", "nf3", 1000, cleaning="remote", use_rate_percent=99, evidence="E"),
     {"nf3": "156.6", "cf4": "132.84"}),
    # nothing left in the container: 1000 x 0.9 kg of CF4, which makes no by-product
    ("no heel", gas("semiconductor", "cf4", 1000, heel_percent=0, evidence="E"), {"cf4": "6642"}),
    # 900 x 0.2 = 180 kg of CHF3; 900 x 0.07 = 63 kg CF4; 900 x 0.05 = 45 kg C2F6
    ("display", gas("display", "hfc23", 1000), {"hfc23": "2628", "cf4": "464.94", "c2f6": "558"}),
    # 900 x 0.4 = 360 kg
    ("photovoltaic", gas("photovoltaic", "sf6", 1000), {"sf6": "9072"}),
    # 900 x 0.3 = 270 kg CF4; 900 x 0.2 = 180 kg C2F6; C4F6 itself has no GWP here
    ("by-products only", gas("semiconductor", "c4f6", 1000), {"cf4": "1992.6", "c2f6": "2232"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "one", "expected"), BY_HAND, ids=[case[0] for case in BY_HAND])
def test_gases_of_electronics(name: str, one: Row, expected: dict[str, str]) -> None:
    found = compute(park(POWER, one))
    assert lines(found, "electronics") == {k: Decimal(v) for k, v in expected.items()}
    assert value(found, "scope1_tco2e") == sum(map(Decimal, expected.values()))
    assert not found.missing
    assert ("inventory.electronics-gas-not-counted" in codes(found)) == (name == "by-products only")
    check_replay(found)


def test_abatement_without_evidence_is_no_abatement() -> None:
    found = compute(park(POWER, gas("semiconductor", "sf6", 1000, abated_percent=80)))
    assert "inventory.abatement-without-evidence" in codes(found)
    assert lines(found, "electronics") == {"sf6": Decimal("4536")}  # 900 x 0.2 x 25.2
    proven = compute(park(POWER, gas("semiconductor", "sf6", 1000, abated_percent=80, evidence="EV1")))
    assert lines(proven, "electronics") == {"sf6": Decimal("1270.08")}  # x (1 - 0.8 x 0.9)


def test_own_values_without_evidence_are_named() -> None:
    found = compute(park(POWER, gas("semiconductor", "sf6", 1000, heel_percent=5)))
    assert "inventory.own-value-without-evidence" in codes(found)


@pytest.mark.parametrize(
    ("one", "column"),
    [
        (gas("semiconductor", "nf3", 1), "cleaning"),
        (gas("semiconductor", "sf6", None), "consumed_kg"),
        (gas("photovoltaic", "nf3", 1, cleaning="remote"), "use_rate_percent"),  # table 6.5 has it not
        (gas("display", "hfc32", 1), "use_rate_percent"),
    ],
)
def test_what_electronics_lacks_is_asked_for(one: Row, column: str) -> None:
    found = compute(park(POWER, one))
    assert [datum.rsplit(".", 1)[1] for datum in missing(found)] == [column]
    assert ("inventory.electronics-without-factor" in codes(found)) == (column == "use_rate_percent")


def test_a_gas_without_default_destruction_needs_its_own() -> None:
    found = compute(park(POWER, gas("semiconductor", "hfc32", 1000, **PROVEN)))
    assert [datum.rsplit(".", 1)[1] for datum in missing(found)] == ["destruction_percent"]
    assert "inventory.electronics-without-factor" in codes(found)


@pytest.mark.parametrize(
    ("code", "asked"), [("C3972", True), ("c3825", True), ("3974", True), ("C3562", False), (None, False)]
)
def test_only_makers_of_electronics_are_asked_for_their_gases(code: str | None, asked: bool) -> None:
    maker = enterprise(industry_code=code)
    found = compute(park(POWER, maker))
    assert missing(found) == (["register electronics_gases"] if asked else [])
    assert not compute(park(POWER, maker), method="cn-ndrc-910").missing
    confirmed = (*NOTHING_THERE, "electronics_gases")
    assert not compute(park(POWER, maker, confirmed=confirmed)).missing
    gone = enterprise(industry_code=code, active_to=date(YEAR - 1, 12, 31))
    assert not compute(park(POWER, gone)).missing


@pytest.mark.parametrize("method", method_names())
def test_gases_count_where_the_method_has_more_than_co2(method: str) -> None:
    rows = (
        gas("photovoltaic", "sf6", 1000),
        water(treatment="deep_lagoon", cod_removed_t=100),
        waste("composting", quantity_t=100, weight_basis="wet"),
    )
    found = compute(park(*rows, confirmed=(*NOTHING_THERE, "energy_activity")), method=method)
    counted = sum((x.emissions for x in found.lines), Decimal(0))
    co2_only = method in ("cn-ndrc-910", "sh-ets")
    assert counted == (0 if co2_only else Decimal("9647.712"))  # 9072 + 558 + 11.16 + 6.552
    assert ("inventory.outside-method" in codes(found)) == co2_only
    if method == "gbt-32150":
        terms = {"e_process_tco2e": "9072", "e_waste_tco2e": "575.712", "emissions_tco2e": "9647.712"}
        assert {name: value(found, name) for name in terms} == {k: Decimal(v) for k, v in terms.items()}


# CH4 and N2O of burnt fuel; 100 t diesel x 42.652 GJ/t = 4.2652 TJ
DIESEL = {"carrier": "diesel", "unit": "t", "quantity": 100}
CO2 = Decimal("4.2652") * 1000 * Decimal("0.0202") * Decimal("0.98") * 44 / 12


@pytest.mark.parametrize(
    ("use", "source", "ch4", "n2o"),
    [
        # 4.2652 x 3 x 27.9 / 1000; 4.2652 x 0.6 x 273 / 1000
        ("combustion", "combustion", "0.35699724", "0.69863976"),
        # 4.2652 x 3.9 x 27.9 / 1000; 4.2652 x 3.9 x 273 / 1000
        ("mobile", "mobile_combustion", "0.464096412", "4.541158440"),
    ],
)
def test_other_gases_of_diesel(use: str, source: str, ch4: str, n2o: str) -> None:
    found = compute(park(energy(use=use, **DIESEL)), method="ghg-protocol")
    assert {x.source for x in found.lines} == {source}
    by_gas = {x.node.name.rsplit(".", 1)[1]: x.emissions for x in found.lines}
    assert by_gas["CH4"] == Decimal(ch4) and by_gas["N2O"] == Decimal(n2o)
    assert abs(by_gas["emissions"] - CO2) < Decimal("1e-20")
    assert not found.missing
    check_replay(found)


@pytest.mark.parametrize("method", sorted(set(method_names()) - {"ghg-protocol"}))
def test_other_methods_count_co2_of_fuels_only(method: str) -> None:
    found = compute(park(energy(use="combustion", **DIESEL)), method=method)
    assert len(found.lines) == 1


def test_methane_of_biomass_is_in_scope_1_and_its_co2_is_not() -> None:
    burnt = energy(carrier="biomass", use="combustion", unit="GJ", quantity=1000)
    own = row("fuel_properties", 2, enterprise="E001", carrier="biomass", direct_factor="0.1",
              direct_factor_unit="tCO2/GJ", source="x")  # fmt: skip
    found = compute(park(burnt, own), method="ghg-protocol")
    assert value(found, "scope1_tco2e") == Decimal("1.929")  # 1 TJ x (30 x 27.9 + 4 x 273) kg
    assert value(found, "biogenic_tco2") == 100


def test_a_factor_in_co2e_has_them_in_already() -> None:
    gas_ = energy(carrier="natural_gas", use="combustion", unit="kWh", quantity=1000)
    found = compute(park(gas_, location=Location(country="GB")), method="ghg-protocol")
    assert len(found.lines) == 1


@pytest.mark.parametrize(
    "cells",
    [
        {"carrier": "kerosene", "use": "mobile", "unit": "t"},  # no factor of vehicles
        {"carrier": "biogas", "use": "combustion", "unit": "万Nm3"},  # no heating value by volume
    ],
)
def test_a_fuel_without_factor_of_other_gases_is_a_gap(cells: dict[str, str]) -> None:
    own = row("fuel_properties", 2, enterprise="E001", carrier=cells["carrier"], direct_factor="1",
              direct_factor_unit=f"tCO2/{cells['unit']}", source="x")  # fmt: skip
    found = compute(park(energy(quantity=1, **cells), own), method="ghg-protocol")
    assert "inventory.no-other-gases" in codes(found)
    lacking = [gap.datum.split(" of ")[0] for gap in found.totals["scope1_tco2e"].gaps]
    assert lacking == ["CH4", "N2O"]
    assert not found.totals["biogenic_tco2"].gaps
    assert not compute(park(energy(quantity=1, **cells), own)).totals["scope1_tco2e"].gaps


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(name for name, one in carriers().items() if one.kind in ("fossil", "biogenic"))),
    st.sampled_from(("combustion", "mobile")),
    st.sampled_from(("t", "万Nm3", "kWh", "GJ", "L", "furlong", "没有")),
    st.one_of(st.none(), st.sampled_from(("GJ/t", "GJ/万Nm3", ""))),
)
def test_of_any_fuel_both_gases_are_counted_or_asked_for(
    carrier: str, use: str, unit: str, measured: str | None
) -> None:
    own = [] if measured is None else [
        row("fuel_properties", 2, enterprise="E001", carrier=carrier, ncv=20, ncv_unit=measured)
    ]  # fmt: skip
    one = energy(carrier=carrier, use=use, unit=unit, quantity=1)
    found = compute(park(one, *own), method="ghg-protocol")
    counted = {x.node.name.rsplit(".", 1)[1] for x in found.lines}
    asked = {datum.split(" of ")[0] for datum in missing(found)}
    for gas_ in ("CH4", "N2O"):
        assert (gas_ in counted) != (gas_ in asked)
    check_replay(found)


# vehicles: burnt like any fuel, a line of their own
def test_fuel_of_vehicles_counts_like_fuel_of_boilers() -> None:
    burnt, driven = (compute(park(energy(use=use, **DIESEL))) for use in ("combustion", "mobile"))
    names = ("scope1_tco2e", "energy_tce_calorific", "energy_tce_equal_value", "members_energy_tce")
    assert [value(driven, name) for name in names] == [value(burnt, name) for name in names]
    assert [x.source for x in driven.lines] == ["mobile_combustion"]
    assert driven.members == burnt.members
    national = compute(park(energy(use="mobile", **DIESEL)), method="cn-ndrc-910")
    assert abs((value(national, "e_fuel_tco2") or 0) - CO2) < Decimal("1e-20")


def test_what_vehicles_use_is_a_use_of_what_was_bought() -> None:
    rows = [energy(2, use="purchased", **DIESEL), energy(3, use="mobile", **DIESEL)]
    assert "inventory.fuel-without-use" not in codes(compute(park(*rows)))
    assert "inventory.fuel-without-use" in codes(compute(park(rows[0])))


def test_a_month_of_vehicles_left_out_is_a_gap() -> None:
    found = compute(park(energy(period=f"{YEAR}-01", use="mobile", **DIESEL)))
    assert len(missing(found)) == 11


def test_power_is_not_driven_as_fuel() -> None:
    assert "inventory.use-misfit" in codes(compute(park(energy(use="mobile", quantity=1))))


@pytest.mark.parametrize(("driven", "differs"), [(40, False), (80, True)])
def test_a_gas_meter_is_held_against_boilers_and_vehicles_together(driven: int, differs: bool) -> None:
    fuel = {"carrier": "natural_gas", "unit": "m3"}
    rows = [
        energy(2, use="combustion", quantity=60, **fuel),
        energy(3, use="mobile", quantity=driven, **fuel),
    ]
    meter = MeterEnergy("M1", "natural_gas", "m3", Decimal(100), 1, 1, 0, 0, enterprise="E001")
    found = compute(park(*rows), metering=Metering(meters=(meter,)))
    assert ("inventory.metered-differs" in codes(found)) == differs
    assert len(lines(found, "combustion")) == len(lines(found, "mobile_combustion")) == 1


# what must hold for any amount
@settings(max_examples=60, deadline=None)
@given(AMOUNTS, st.sampled_from(("aerobic_overloaded", "deep_lagoon")), AMOUNTS)
def test_wastewater_is_never_negative(cod: Decimal, treatment: str, recovered: Decimal) -> None:
    found = compute(park(POWER, water(treatment=treatment, cod_removed_t=cod, methane_recovered_t=recovered)))
    released = lines(found, "wastewater")
    assert all(emissions >= 0 for emissions in released.values())
    assert bool(released) != bool(found.missing)


@settings(max_examples=60, deadline=None)
@given(
    AMOUNTS,
    st.sampled_from(("semiconductor", "display", "photovoltaic")),
    st.sampled_from(tuple(registers()["electronics_gases"].columns["gas"].choices)),
    st.tuples(PERCENT, PERCENT, PERCENT, PERCENT),
)
def test_electronics_is_never_negative_and_linear(
    kilograms: Decimal, industry: str, name: str, shares: tuple[Decimal | None, ...]
) -> None:
    columns = ("heel_percent", "use_rate_percent", "abated_percent", "destruction_percent")
    cells = {**dict(zip(columns, shares, strict=True)), "evidence": "EV1", "cleaning": "in_situ"}
    once, twice = (
        lines(compute(park(POWER, gas(industry, name, amount, **cells))), "electronics")
        for amount in (kilograms, 2 * kilograms)
    )
    assert all(emissions >= 0 for emissions in once.values())
    assert twice == {released: 2 * emissions for released, emissions in once.items()}


@settings(max_examples=40, deadline=None)
@given(AMOUNTS, st.sampled_from(("composting", "digestion")), st.sampled_from(("wet", "dry")))
def test_treated_waste_and_fuel_are_linear(amount: Decimal, treatment: str, basis: str) -> None:
    def whole(quantity: Decimal) -> Decimal:
        fuel = energy(carrier="diesel", use="mobile", unit="t", quantity=quantity)
        one = waste(treatment, quantity_t=quantity, weight_basis=basis)
        return sum((x.emissions for x in compute(park(fuel, one), method="ghg-protocol").lines), Decimal(0))

    assert whole(amount) >= 0
    assert abs(whole(2 * amount) - 2 * whole(amount)) < Decimal("1e-20")
