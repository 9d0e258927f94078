"""The invented park once more: pandas straight from the CSV files, factors typed from documents.

Nothing of the package is used on this side of the comparison. Agreement to 1e-9 relative.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import lingtan

PARK = Path(__file__).resolve().parents[2] / "examples" / "parks" / "xinghuo"
EXACTLY = {"rel": 1e-9, "abs": 0}
CARBON = 44 / 12  # tCO2 per tC

# GB/T 32151.34-2024 table C.1: NCV (GJ/t, gas GJ/万Nm3), tC/GJ, oxidation
FUELS = {
    "natural_gas": (389.31, 0.0153, 0.99),
    "diesel": (42.652, 0.0202, 0.98),
    "gasoline": (43.070, 0.0189, 0.98),
    "lpg": (50.179, 0.0172, 0.98),
}
KILN_NCV = 386.40  # GJ/万Nm3, its own analysis, fuel_properties.csv
KILN = ("E022", "natural_gas", KILN_NCV * 0.0153 * 0.99 * CARBON)
CUTTING = ("E033", "lpg", 3.05)  # its supplier's factor, fuel_properties.csv
SHANGHAI_2023 = 0.5737  # tCO2/MWh, MEE and NBS announcement 2025 No. 47
SHANGHAI_HEAT = 0.06  # tCO2/GJ, 沪环气〔2022〕34号
NATIONAL_ELECTRICITY, NATIONAL_HEAT = 0.8325, 0.11  # 发改环资〔2025〕910号 annex 4
STEAM_GJ_PER_T = 2.8275  # 1.0 MPa, 200 °C: 2827.5 kJ/kg, GB/T 32151.34-2024 table C.5
LIME = 0.75  # tCO2/t, 2006 IPCC Guidelines volume 3 table 2.4
# IPCC AR6: HFC-32 771, HFC-125 3740, HFC-134a 1530, HFC-143a 5810, SF6 25200; blends by mass
GWP = {
    "R-410A": 0.5 * 771 + 0.5 * 3740,
    "R-404A": 0.44 * 3740 + 0.04 * 1530 + 0.52 * 5810,
    "R-134a": 1530,
    "SF6": 25200,
}
CHILLER_LEAK = 0.15  # of the charge in a year, 2006 IPCC Guidelines volume 3 table 7.9, upper end
# GB/T 2589-2020: 0.1229 kgce/kWh, 0.03412 kgce/MJ, 29.3076 MJ/kgce; gas 1.33 kgce/m3; no coefficient for LPG
ELECTRICITY_TCE, HEAT_TCE, STANDARD_COAL = 0.1229, 0.03412, 29.3076
FUEL_TCE = {"natural_gas": 13.3, "diesel": 1.4571, "gasoline": 1.4714, "lpg": 50.179 / STANDARD_COAL}
EQUAL_VALUE = 0.302  # kgce/kWh, stated in park.yaml
VALUE_ADDED, AREA = 88000, 960000  # park.yaml


@pytest.fixture(scope="module")
def result() -> Any:
    dossier = lingtan.read_dossier(PARK)
    return lingtan.assess(dossier, "sh-seesa-zctp-2024", on=date(2025, 6, 30))


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(PARK / "registers" / f"{name}.csv")


def quantity(carrier: str, use: str, enterprise: str = "") -> float:
    rows = table("energy_activity")
    rows = rows[(rows.carrier == carrier) & (rows.use == use)]
    return float(rows[rows.enterprise == enterprise].quantity.sum() if enterprise else rows.quantity.sum())


def fuel_tco2() -> float:
    rows = table("energy_activity")
    rows = rows[rows.use == "combustion"]
    special = {KILN[:2]: KILN[2], CUTTING[:2]: CUTTING[2]}
    total = 0.0
    for row in rows.itertuples():
        ncv, content, oxidation = FUELS[row.carrier]
        factor = special.get((row.enterprise, row.carrier), ncv * content * oxidation * CARBON)
        total += row.quantity * factor
    return total


def fugitive_tco2e() -> float:
    total = 0.0
    for row in table("fugitive_gases").itertuples():
        if row.method == "simplified":
            kilograms = row.new_charge_kg - row.new_capacity_kg + row.recharge_kg
            kilograms += row.disposed_capacity_kg - row.recovered_kg
        elif row.method == "material_balance":
            kilograms = row.inventory_change_kg + row.transferred_kg + row.capacity_change_kg
        else:
            kilograms = row.operating_capacity_kg * CHILLER_LEAK
        total += kilograms * GWP[row.gas] / 1000
    return total


def burnt_waste_tco2() -> float:
    rows = table("waste_treatment")
    burnt = rows[rows.treatment == "incineration"]
    return (
        float((burnt.quantity_t * burnt.carbon_fraction_percent * burnt.fossil_fraction_percent).sum())
        / 1e4
        * CARBON
    )


def methane_and_nitrous_oxide_tco2e() -> float:
    """IPCC 2006, volume 5: 0.25 kg CH4 per kg COD, correction 0 well-run aerobic and 0.8 anaerobic, less
    what was recovered; compost, wet: 4 g CH4 and 0.24 g N2O per kg. AR6: 27.9 and 273."""
    water, waste = table("wastewater"), table("waste_treatment")
    made = water.cod_removed_t * 0.25 * water.treatment.map({"aerobic": 0, "anaerobic": 0.8})
    compost = waste[(waste.treatment == "composting") & (waste.weight_basis == "wet")].quantity_t.sum()
    return float((made - water.methane_recovered_t).sum() * 27.9 + compost * (4 * 27.9 + 0.24 * 273) / 1000)


def electronics_tco2e() -> float:
    """IPCC 2006, volume 3, tables 6.3 and 6.6: 10 % stays in the container; of CF4 0.9 leaves
    the tool; of remote NF3 0.02, and 0.02 as CF4; devices destroy 0.9 of CF4 and 0.95 of NF3.
    AR6: CF4 7380, NF3 17400."""
    total = 0.0
    for row in table("electronics_gases").fillna({"abated_percent": 0}).itertuples():
        released = {"cf4": [(0.9, 0.9, 7.38)], "nf3": [(0.02, 0.95, 17.4), (0.02, 0.9, 7.38)]}[row.gas]
        for share, destroyed, gwp in released:
            total += row.consumed_kg * 0.9 * share * (1 - row.abated_percent / 100 * destroyed) * gwp
    return total


def scope1() -> float:
    lime = float(table("process_activity").quantity.sum()) * LIME
    gases = fugitive_tco2e() + electronics_tco2e() + methane_and_nitrous_oxide_tco2e()
    return fuel_tco2() + lime + gases + burnt_waste_tco2()


def bought_heat_gj(enterprise: str = "") -> float:
    steam = quantity("steam", "purchased", enterprise) * STEAM_GJ_PER_T
    return quantity("heat", "purchased", enterprise) + steam


def scope2_location() -> float:
    return quantity("electricity", "purchased") * SHANGHAI_2023 + bought_heat_gj() * SHANGHAI_HEAT


def electricity_mwh(enterprise: str = "") -> float:
    own = quantity("solar_electricity", "own_generation", enterprise)
    return quantity("electricity", "purchased", enterprise) + own


def certified_mwh() -> float:
    settled = table("green_electricity").settled_mwh.sum()
    certificates = table("certificates")
    return float(settled + certificates[certificates.contract.isna()].quantity_mwh.sum())


def fuel_tce(enterprise: str = "") -> float:
    """Fuels by the coefficients of GB/T 2589-2020; measured gas and LPG by heating value."""
    rows = table("energy_activity")
    rows = rows[rows.use == "combustion"]
    total = 0.0
    for row in rows[rows.enterprise == enterprise].itertuples() if enterprise else rows.itertuples():
        coefficient = (
            KILN_NCV / STANDARD_COAL if (row.enterprise, row.carrier) == KILN[:2] else FUEL_TCE[row.carrier]
        )
        total += row.quantity * coefficient
    return total


def test_scope_1(result: Any) -> None:
    assert float(result.inventory.totals["scope1_tco2e"].value) == pytest.approx(scope1(), **EXACTLY)


def test_scope_2_by_place(result: Any) -> None:
    value = float(result.inventory.totals["scope2_location_tco2e"].value)
    assert value == pytest.approx(scope2_location(), **EXACTLY)


def test_electricity(result: Any) -> None:
    value = float(result.inventory.totals["electricity_mwh"].value)
    assert value == pytest.approx(electricity_mwh(), **EXACTLY)


def test_renewable_share(result: Any) -> None:
    bought = quantity("electricity", "purchased")
    renewable = quantity("solar_electricity", "own_generation") + min(certified_mwh(), bought)
    assert indicator(result, "C1.1") == pytest.approx(renewable / electricity_mwh() * 100, **EXACTLY)


def indicator(result: Any, code: str) -> float:
    value = {one.code: one.value for one in result.indicators}[code]
    assert value is not None, code
    return float(value)


def share(name: str, column: str, chosen: Callable[[pd.DataFrame], Any]) -> float:
    rows = table(name)
    return float(rows[chosen(rows)][column].sum() / rows[column].sum() * 100)


def rate(name: str, of: Callable[[pd.DataFrame], Any], chosen: Callable[[pd.DataFrame], Any]) -> float:
    rows = table(name)
    rows = rows[of(rows)]
    return float(chosen(rows).sum() / len(rows) * 100)


WATER_AND_HEAT = ["water", "heat", "cold", "steam"]
ENERGY = ["electricity", "gas", "compressed_air", "other"]
LOW_CARBON_TRIPS = ["walk", "bicycle", "bus", "metro", "clean_car"]
LOW_CARBON_FREIGHT = ["rail", "water", "pipeline", "road_battery", "road_hydrogen"]
CERTIFIED = ["ultra_low_energy", "near_zero_carbon", "zero_carbon"]
BY_HAND: dict[str, Callable[[], float]] = {
    "A1.1": lambda: share("buildings", "floor_area_m2", lambda b: b.energy_class.isin(CERTIFIED)),
    "A1.2": lambda: float(table("buildings").energy_class.isin(CERTIFIED[1:]).sum()),
    "A1.3": lambda: share("buildings", "floor_area_m2", lambda b: b.energy_use_intensity <= b.energy_limit),
    "A1.4": lambda: share("equipment", "rated_power_kw", lambda e: e.efficiency_grade <= 2),
    "A1.5": lambda: share("lighting", "lamps", lambda lamp: lamp.kind != "ordinary"),
    "A1.6": lambda: table("land_use").query("kind == 'green'").area_m2.sum() / AREA * 100,
    "A2.2": lambda: table("parking").clean_energy_spaces.sum() / table("parking").spaces.sum() * 100,
    "A2.3": lambda: share("travel_survey", "trips", lambda t: t["mode"].isin(LOW_CARBON_TRIPS)),
    "A2.4": lambda: share("freight", "tonne_kilometres", lambda f: f["mode"].isin(LOW_CARBON_FREIGHT)),
    "A3.2": lambda: rate(
        "metering_points", lambda p: p.medium.isin(WATER_AND_HEAT), lambda p: p.fitted.eq("yes")
    ),
    "B1.1": lambda: checklist("carbon_management"),
    "B1.2": lambda: checklist("pathway_report"),
    "B1.3": lambda: inventoried_share(),
    "B2.1": lambda: online_share(),
    "B2.2": lambda: rate("projects", lambda p: p.kind == "entering", lambda p: p.screened.eq("yes")),
    "C1.2": lambda: national_carbon_per_energy(),
    "C1.3": lambda: calorific_tce() / VALUE_ADDED,
    "C1.4": lambda: rate("metering_points", lambda p: p.medium.isin(ENERGY), lambda p: p.fitted.eq("yes")),
    "C1.5": lambda: table("waste_energy").used_gj.sum() / table("waste_energy").recoverable_gj.sum() * 100,
    "C2.1": lambda: rate(
        "enterprises", lambda e: e.role == "tenant", lambda e: e.green_manufacturing.str.startswith("green")
    ),
    "C2.2": lambda: rate(
        "enterprises", lambda e: e.key_enterprise == "yes", lambda e: e.cleaner_production == "accepted"
    ),
    "D1.1": lambda: rate(
        "pollution_sources", lambda s: s.must_be_online == "yes", lambda s: s.online_working == "yes"
    ),
    "D1.2": lambda: rate("discharge_tests", lambda t: t.test.notna(), lambda t: t.within_limit == "yes"),
    "D1.3": lambda: treatment_share(),
    "D2.1": lambda: solid_waste_share(),
    "D2.2": lambda: (
        table("water_use").reused_m3.sum()
        / (table("water_use").fresh_m3.sum() + table("water_use").reused_m3.sum())
        * 100
    ),
    "E1.1": lambda: own_share(),
    "E1.2": lambda: cancelled()["credits"] / cancelled()["gross"] * 100,
    "E1.3": lambda: (1 - cancelled()["residual"] / cancelled()["gross"]) * 100,
}


def checklist(name: str) -> float:
    return rate("checklists", lambda c: c.checklist == name, lambda c: c.fulfilled == "yes")


def treatment_share() -> float:
    rows = table("equipment").query("purpose == 'treatment'")
    return float(rows[rows.efficiency_grade <= 2].rated_power_kw.sum() / rows.rated_power_kw.sum() * 100)


def solid_waste_share() -> float:
    rows = table("solid_waste").query("category == 'general_industrial'")
    return float(rows.used_t.sum() / (rows.generated_t.sum() + rows.used_from_stock_t.sum()) * 100)


def calorific_tce(enterprise: str = "") -> float:
    power, heat = electricity_mwh(enterprise) * ELECTRICITY_TCE, bought_heat_gj(enterprise) * HEAT_TCE
    return power + fuel_tce(enterprise) + heat


def inventoried_share() -> float:
    """Each enterprise at its own fence: what it used itself and received inside, less what it handed on."""
    transfers = table("transfers")
    transfers["tce"] = transfers.quantity * transfers.carrier.map(
        {"electricity": ELECTRICITY_TCE, "heat": HEAT_TCE, "cold": HEAT_TCE}
    )
    received, sent = (transfers.groupby(end).tce.sum() for end in ("to", "from"))
    enterprises = table("enterprises")
    energy = enterprises.enterprise.map(
        lambda name: calorific_tce(name) + received.get(name, 0) - sent.get(name, 0)
    )
    return float(energy[enterprises.carbon_inventoried == "yes"].sum() / energy.sum() * 100)


def online_share() -> float:
    """What the platform's own supply meters counted, faults and all: a gap is not energy read online."""
    meters = table("meters").query("online == 'yes' and role == 'supply'").set_index("meter")
    readings = pd.concat(pd.read_parquet(file) for file in sorted((PARK / "readings").glob("*.parquet")))
    readings["meter_id"] = readings.meter_id.astype(str)
    readings = readings.drop_duplicates().sort_values(["meter_id", "at"])
    total = 0.0
    for name, own in readings[readings.meter_id.isin(meters.index)].groupby("meter_id"):
        meter = meters.loc[name]
        per_unit = {"electricity": ELECTRICITY_TCE / 1e3, "natural_gas": 13.3 / 1e4, "heat": HEAT_TCE / 1e3}
        if name == "E022-NG":
            per_unit["natural_gas"] = KILN_NCV / STANDARD_COAL / 1e4
        steps = own["value"].diff().clip(lower=0) if meter.quantity == "cumulative" else own["value"]
        total += steps.sum() * meter.multiplier * per_unit.get(meter.carrier, 0)
    return total / calorific_tce() * 100


def national_carbon_per_energy() -> float:
    """Annex 4: fuels, lime, heat at 0.11; bought electricity has certificates for every megawatt-hour."""
    uncovered = max(0.0, quantity("electricity", "purchased") - certified_mwh()) * NATIONAL_ELECTRICITY
    lime = float(table("process_activity").quantity.sum()) * LIME
    emissions = fuel_tco2() + lime + bought_heat_gj() * NATIONAL_HEAT + uncovered
    return emissions / (electricity_mwh() * EQUAL_VALUE + fuel_tce() + bought_heat_gj() * HEAT_TCE)


def cancelled() -> dict[str, float]:
    """The ledger by hand: own reductions, green electricity at the factor of the place, credits, the rest."""
    measures = table("measures").query("status == 'implemented'")
    sinks = float(table("removals").quantity_tco2e.sum())
    unseen = float(measures[measures.visible_in_inventory == "no"].verified_reduction_tco2e.sum())
    green = min(certified_mwh(), quantity("electricity", "purchased")) * SHANGHAI_2023
    credit = float(table("credits").quantity_tco2e.sum())
    gross = scope1() + scope2_location()
    return {
        "own": sinks + float(measures.verified_reduction_tco2e.sum()),
        "green": green,
        "credits": credit,
        "gross": gross,
        "residual": gross - sinks - unseen - green - credit,
    }


def own_share() -> float:
    by = cancelled()
    return by["own"] / (by["own"] + by["green"] + by["credits"]) * 100


def test_every_known_indicator_is_computed_by_hand(result: Any) -> None:
    assert {one.code for one in result.indicators if one.value is not None} == {*BY_HAND, "C1.1"}


@pytest.mark.parametrize("code", sorted(BY_HAND))
def test_indicator(result: Any, code: str) -> None:
    assert indicator(result, code) == pytest.approx(BY_HAND[code](), **EXACTLY)
