"""Every shipped value equals the shared fact it was taken from."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from lingtan.factors import Factor, load_registry
from lingtan.factors.tables import read_table


def facts(shared: Path, name: str) -> dict[str, dict[str, str]]:
    with (shared / "accounting" / "factors" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as handle:
        return {row["key"]: row for row in csv.DictReader(handle)}


# the fact that stands behind a factor whose id is another
RENAMED = {
    "cn.heat.nonfossil": "zcp.heat.nonfossil",
    "zcp.heat.fossil": "cn.heat.default",
    "gb30251_2024.electricity_equal_value": "gb30251_2024.A1.12.electricity_equal_value.kgoe",
    "desnz2025.electricity": "defra2025.electricity",
    "desnz2025.electricity_losses": "defra2025.electricity_td",
}
CARBONATES = {
    "limestone": "caco3",
    "magnesite": "mgco3",
    "dolomite": "camg(co3)2",
    "soda_ash": "na2co3",
    "sodium_bicarbonate": "nahco3",
    "siderite": "feco3",
    "rhodochrosite": "mnco3",
    "barium_carbonate": "baco3",
    "lithium_carbonate": "li2co3",
    "potassium_carbonate": "k2co3",
    "strontium_carbonate": "srco3",
}
EFDB = {
    "process.clinker_portland": 213926,
    "process.lime": 213928,
    "process.ammonia_natural_gas": 213980,
    "process.methanol_coal": 214015,
    "process.methanol_natural_gas": 214005,
    "process.primary_aluminium": 214134,
    "process.primary_aluminium_soderberg": 214133,
    "process.crude_steel_bof": 214095,
    "process.crude_steel_eaf": 214097,
    "process.ferrosilicon": 214103,
    "process.ferrosilicon_45": 214101,
    "process.ferrosilicon_65": 214102,
    "process.ferrosilicon_90": 214104,
    "process.silicomanganese": 214107,
    "process.ferromanganese": 214105,
    "process.ferromanganese_low_carbon": 214106,
    "process.ferrochromium": 214109,
    "process.ferrochromium_sinter": 214110,
    "process.industrial_silicon": 214108,
    "process.calcium_carbide": 22974,
    "process.lime_high_calcium": 23028,
    "process.lime_hydraulic": 23030,
    "process.lime_dolomitic": 27514,
    "process.glass": 213930,
    "process.ethylene": 214027,
    "process.carbon_black": 214062,
    "process.silicon_carbide": 214000,
    "carbonate.limestone": 213919,
    "carbonate.magnesite": 213920,
    "carbonate.dolomite": 213921,
    "carbonate.siderite": 213922,
    "carbonate.rhodochrosite": 213924,
    "carbonate.soda_ash": 213925,
}
SOURCE_CATEGORIES = {
    "electronics.semiconductor_cf4.remaining": 214179,
    "electronics.semiconductor_c2f6.remaining": 214180,
    "electronics.semiconductor_hfc23.remaining": 214181,
    "electronics.semiconductor_hfc32.remaining": 214182,
    "electronics.semiconductor_c3f8.remaining": 214183,
    "electronics.semiconductor_cc4f8.remaining": 214184,
    "electronics.semiconductor_nf3_remote.remaining": 214185,
    "electronics.semiconductor_nf3_in_situ.remaining": 214186,
    "electronics.semiconductor_sf6.remaining": 214187,
    "electronics.semiconductor_c2f6.cf4": 214188,
    "electronics.semiconductor_hfc23.cf4": 214189,
    "electronics.semiconductor_hfc32.cf4": 214190,
    "electronics.semiconductor_c3f8.cf4": 214191,
    "electronics.semiconductor_cc4f8.cf4": 214192,
    "electronics.semiconductor_nf3_remote.cf4": 214193,
    "electronics.semiconductor_nf3_in_situ.cf4": 214194,
    "electronics.semiconductor_c4f6.cf4": 214195,
    "electronics.semiconductor_c5f8.cf4": 214196,
    "electronics.semiconductor_c4f8o.cf4": 214197,
    "electronics.semiconductor_f2.cf4": 214198,
    "electronics.semiconductor_cof2.cf4": 214199,
    "electronics.semiconductor_cc4f8.c2f6": 214200,
    "electronics.semiconductor_c4f6.c2f6": 214201,
    "electronics.semiconductor_c5f8.c2f6": 214202,
    "electronics.semiconductor_c4f8o.c3f8": 214203,
    "electronics.display_cf4.remaining": 214236,
    "electronics.display_hfc23.remaining": 214237,
    "electronics.display_cc4f8.remaining": 214238,
    "electronics.display_nf3_remote.remaining": 214239,
    "electronics.display_nf3_in_situ.remaining": 214240,
    "electronics.display_sf6.remaining": 214241,
    "electronics.display_hfc23.cf4": 214242,
    "electronics.display_cc4f8.cf4": 214243,
    "electronics.display_cc4f8.hfc23": 214244,
    "electronics.display_hfc23.c2f6": 214245,
    "electronics.photovoltaic_cf4.remaining": 214257,
    "electronics.photovoltaic_c2f6.remaining": 214258,
    "electronics.photovoltaic_hfc23.remaining": 214259,
    "electronics.photovoltaic_c3f8.remaining": 214260,
    "electronics.photovoltaic_cc4f8.remaining": 214261,
    "electronics.photovoltaic_nf3_in_situ.remaining": 214262,
    "electronics.photovoltaic_sf6.remaining": 214263,
    "electronics.photovoltaic_c2f6.cf4": 214264,
    "electronics.photovoltaic_c3f8.cf4": 214265,
    "electronics.photovoltaic_cc4f8.cf4": 214266,
    "electronics.photovoltaic_nf3_in_situ.cf4": 214267,
    "electronics.photovoltaic_cc4f8.c2f6": 214268,
    "electronics.cf4.destruction": 214285,
    "electronics.c2f6.destruction": 214286,
    "electronics.hfc23.destruction": 214287,
    "electronics.c3f8.destruction": 214288,
    "electronics.cc4f8.destruction": 214311,
    "electronics.nf3.destruction": 214312,
    "electronics.sf6.destruction": 214313,
    "electronics.heel": 214318,
    "leak_operation.sealed_switchgear": 214450,
    "leak_operation.closed_switchgear": 214453,
    "composting.ch4_dry": 615011,
    "digestion.ch4_dry": 615012,
    "composting.ch4_wet": 615013,
    "digestion.ch4_wet": 615014,
    "composting.n2o_dry": 615015,
    "composting.n2o_wet": 615017,
}
WASTEWATER = {
    "b0_cod": "ww.b0.cod",
    "mcf_aerobic_well_managed": "ww.mcf.industrial.treated_well_managed_aerobic_treatment_plant",
    "mcf_aerobic_overloaded": "ww.mcf.industrial.treated_overloaded_aerobic_treatment_plant",
    "mcf_anaerobic_reactor": "ww.mcf.industrial.treated_anaerobic_reactor",
    "mcf_sludge_digester": "ww.mcf.industrial.treated_anaerobic_sludge_digester",
    "mcf_shallow_lagoon": "ww.mcf.industrial.treated_anaerobic_shallow_lagoon",
    "mcf_deep_lagoon": "ww.mcf.industrial.treated_anaerobic_deep_lagoon",
}
ROAD = {
    "gasoline": "motor_gasoline_oxidaton_catalyst",  # as the facts spell it
    "diesel": "diesel_oil",
    "lng": "natural_gas",
    "lpg": "liquefied_petroleum_gases",
}
LEAKS = {
    "leak_installation": "initial_emission",
    "leak_operation": "annual_operation_emission",
    "leak_remaining": "charge_remaining_at_disposal",
    "leak_recovery": "recovery_efficiency",
}
EQUIPMENT = {
    "domestic_refrigeration": "domestic_refrigeration",
    "stand_alone_commercial": "stand_alone_commercial_applications",
    "medium_large_commercial": "medium_large_commercial_refrigeration",
    "transport_refrigeration": "transport_refrigeration",
    "industrial_refrigeration": "industrial_refrigeration_including_food",
    "chillers": "chillers",
    "residential_commercial_ac": "residential_and_commercial_air_condition",
    "mobile_ac": "mobile_air_conditioning_a_c",
}
IPCC_FUELS = {
    "bituminous": "other_bituminous_coal",
    "coke": "coke_oven_coke",
    "fuel_oil": "residual_fuel_oil",
    "gasoline": "motor_gasoline",
    "diesel": "gas_diesel_oil",
    "kerosene": "other_kerosene",
    "lpg": "liquified_petroleum_gases",
    "converter_gas": "oxygen_steel_furnace_gas",
    "wood": "wood_or_wood_waste",
    "biomass": "other_primary_solid_biomass_fuels",
    "biogas": "other_biogas",
}
IPCC_MANUFACTURING = {
    **IPCC_FUELS,
    "coke": "coke_oven_coke_and_lignite_coke",
    "diesel": "diesel_oil",
    "lpg": "liquefied_petroleum_gases",
    "washed_coal": "coking_coal",
    "other_washed_coal": "other_bituminous_coal",
    "briquette": "patent_fuel",
    "lng": "natural_gas",
    "wood": "wood_wood_waste",
    "biomass": "other_primary_solid_biomass",
}
UK_FUELS = {
    "diesel": "diesel_average_biofuel_blend",
    "gasoline": "petrol_average_biofuel_blend",
    "kerosene": "burning_oil",
}
UK_GASES = {
    "r290": "r290_propane",
    "r600a": "r600a_isobutane",
}


def fact_key(factor: Factor) -> str:
    """The key of the shared fact behind `factor`, empty if there is none (definitions, not found)."""
    head, _, tail = factor.id.partition(".")
    if factor.id in RENAMED:
        return RENAMED[factor.id]
    if head == "ipcc2006" and tail in EFDB:
        return f"ipcc.efdb.{EFDB[tail]}"
    if head == "ipcc2006" and tail in SOURCE_CATEGORIES:
        return f"ipcc.efdb.{SOURCE_CATEGORIES[tail]}"
    if factor.id.startswith("ipcc2006.wastewater."):
        return WASTEWATER[tail.removeprefix("wastewater.")]
    if factor.id.startswith("ipcc2006.mobile."):
        return f"ipcc2006.road.{ROAD.get(factor.activity, factor.activity)}.{factor.gas.lower()}"
    if head == "ipcc2006" and factor.kind in LEAKS:
        return f"ipcc2006.t7_9.{EQUIPMENT[factor.activity]}.{LEAKS[factor.kind]}"
    if head == "ipcc2006" and factor.kind in ("combustion_ch4", "combustion_n2o"):
        fuel = IPCC_MANUFACTURING.get(factor.activity, factor.activity)
        return f"ipcc2006.manufacturing.{fuel}.{factor.gas.lower()}"
    if head == "ipcc2006":
        return f"ipcc2006.{IPCC_FUELS.get(factor.activity, factor.activity)}.{tail.split('.')[-1]}"
    if factor.id.startswith("cn.carbonate.") and factor.kind == "carbonate":
        return f"cn.carbonate.{CARBONATES[factor.activity]}"
    if head == "desnz2025" and factor.kind.startswith("gwp"):
        gas, _, part = tail.removeprefix("gwp100.").partition(".")
        return f"gwp100.defra2025.{UK_GASES.get(gas, gas)}.{part or 'total'}"
    if head == "desnz2025":
        fuel, what = UK_FUELS.get(factor.activity, factor.activity), tail.split(".")[-1]
        return f"defra2025.prop.{fuel}.{what}" if factor.unit == "GJ/t" else f"defra2025.fuel.{fuel}_{what}"
    return factor.id


WITHOUT_FACT = {
    "gwp100.ar4.co2",  # by definition
    "gwp100.ar5.co2",
    "gwp100.ar6.co2",
    "cn.electricity.certified",  # method.md 5: appendix D, zero with proof
    "zcp.oxidation.conversion",  # cn-ndrc-910-2025.md 3: oxidation taken as 100 %
    "cn.carbonate.sorbent_content",  # cn.desulf.carbonate_content
    "cn.carbonate.sorbent_conversion",
}


@pytest.mark.shared
def test_every_value_equals_the_shared_fact(shared: Path) -> None:
    known: dict[str, dict[str, str]] = {}
    for file in sorted((shared / "accounting" / "factors").glob("*.csv")):
        known |= facts(shared, file.stem)
    for factor in load_registry().list_factors():
        if factor.value is None or factor.id in WITHOUT_FACT:
            continue
        fact = known[fact_key(factor)]["value"]
        if factor.kind in LEAKS:
            fact = fact.split("-")[-1]  # the upper end of the range
        times = 100 if factor.activity.endswith("_switchgear") else 1  # fractions there, percent here
        assert factor.value == Decimal(fact) * times, factor.id


@pytest.mark.shared
def test_enthalpy_tables_equal_the_shared_facts(shared: Path) -> None:
    known = facts(shared, "steam_enthalpy")
    for row in read_table("steam_superheated"):
        key = f"steam.sup.h.{row['pressure_mpa']}.{row['temperature_c']}"
        assert row["enthalpy_kj_per_kg"] == known[key]["value"]
        assert not known[key]["notes"] or row["mark"] == "misprint"
    for row in read_table("steam_saturated"):
        assert row["enthalpy_kj_per_kg"] == known[f"steam.sat.h.{row['pressure_mpa']}"]["value"]
        assert row["temperature_c"] == known[f"steam.sat.t.{row['pressure_mpa']}"]["value"]
