"""The shipped factors: complete, honest about their sources, and equal to the documents."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import lingtan_data
from lingtan import quantities
from lingtan.dossier.registers import carriers
from lingtan.errors import FactorError
from lingtan.factors import (
    Factor,
    check_factors,
    equipment,
    factor_kinds,
    find_gwp,
    load_registry,
    place_chain,
    regions,
)
from lingtan.factors.gwp import gases
from lingtan.factors.tables import folded, read_table

ALL = load_registry().list_factors()
ROOT = Path(__file__).resolve().parents[2]
FOSSIL = sorted(name for name, carrier in carriers().items() if carrier.kind == "fossil")
PROVINCES = sorted(r.id for r in regions().values() if r.id.startswith("CN-") and len(r.id) == 5)
ANNEX_4 = {
    "clinker_portland", "clinker_white", "clinker_sulphoaluminate", "clinker_aluminate", "lime",
    "ammonia_coal", "ammonia_coal_gas", "ammonia_natural_gas", "ammonia_oil", "methanol_coal",
    "methanol_coal_gas", "methanol_natural_gas", "primary_aluminium", "crude_steel_bof",
    "crude_steel_eaf", "ferrosilicon", "silicomanganese", "ferromanganese", "ferronickel",
    "ferrochromium", "industrial_silicon", "calcium_carbide",
}  # fmt: skip


def value(id_: str) -> Decimal:
    found = load_registry().find_by_id(id_).factor.value
    assert found is not None
    return found


@pytest.mark.parametrize("factor", ALL, ids=lambda factor: factor.id)
def test_every_factor_is_complete(factor: Factor) -> None:
    assert quantities.is_unit(factor.unit)
    assert any(quantities.same_dimension(factor.unit, unit) for unit in factor_kinds()[factor.kind].units)
    assert factor.source and factor.name_zh and factor.name_en
    # `standard` is what the SEESA drafting explanation fixes; it fixes no factor
    assert factor.basis in ("precedent", "inferred", "operator-set")
    assert 2026 <= factor.review_by.year <= 2028
    assert not re.search("github|EFDB", factor.source + factor.source_url, re.IGNORECASE)
    assert factor.source_url == "" or factor.source_url.startswith("https://")
    assert factor.value is not None or factor.note


def test_nothing_is_wrong_with_the_files() -> None:
    assert check_factors() == ()


def test_every_kind_is_used_and_every_used_kind_declared() -> None:
    assert {factor.kind for factor in ALL} | {"enthalpy"} == set(factor_kinds())
    assert all(kind.zh and kind.en and kind.units for kind in factor_kinds().values())


@pytest.mark.parametrize("carrier", FOSSIL)
@pytest.mark.parametrize("kind", ["ncv", "carbon_content", "oxidation"])
def test_every_fossil_carrier_has_its_properties(carrier: str, kind: str) -> None:
    found = load_registry().find(activity=carrier, kind=kind, place="上海", year=2024)
    assert found.factor.source == "GB/T 32151.34-2024 表C.1"
    if kind == "ncv":
        assert quantities.same_dimension(f"({found.factor.unit}) * {carriers()[carrier].unit}", "GJ")


@pytest.mark.parametrize("carrier", FOSSIL)
@pytest.mark.parametrize("kind", ["combustion_ch4", "combustion_n2o"])
def test_every_fossil_carrier_has_methane_and_nitrous_oxide(carrier: str, kind: str) -> None:
    assert load_registry().find(activity=carrier, kind=kind, place="CN", year=2024).factor.year == 2006


@pytest.mark.parametrize("carrier", sorted({"lng", "lpg", "diesel", "natural_gas", "converter_gas"}))
def test_both_vintages_of_fuel_properties_are_kept(carrier: str) -> None:
    registry = load_registry()
    asked = {"activity": carrier, "kind": "ncv", "place": "CN"}
    assert registry.find(**asked, year=2023).factor.year == 2015
    assert registry.find(**asked, year=2024).factor.year == 2024


@pytest.mark.parametrize("carrier", ["biomass", "biogas", "wood"])
def test_biogenic_fuels_have_their_factors(carrier: str) -> None:
    for kind in ("biogenic_co2", "combustion_ch4", "combustion_n2o"):
        found = load_registry().find(activity=carrier, kind=kind, place="CN", year=2024)
        assert found.factor.value is not None and "IPCC" in found.factor.source


def test_heating_value_of_biogas_by_volume_was_not_found() -> None:
    with pytest.raises(FactorError) as caught:
        load_registry().find(activity="biogas", kind="ncv", place="CN", year=2024, unit="GJ/万Nm3")
    assert caught.value.faults[0].code == "factor.not-found-value"


@pytest.mark.parametrize("province", PROVINCES)
@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_every_province_has_a_grid_factor(province: str, year: int) -> None:
    found = load_registry().find(activity="electricity", kind="grid_average", place=province, year=year)
    tibet = province == "CN-XZ"  # the announcements list no value for it
    assert found.factor.region == ("CN-southwest" if tibet else province)
    assert found.warnings == (("factor.wider-region",) if tibet else ())


def test_there_are_31_provinces_and_7_grids() -> None:
    assert len(PROVINCES) == 31
    assert len({place_chain(province)[1] for province in PROVINCES}) == 7


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("grid.cn.prov.shanghai.2021", "0.5834"),
        ("grid.cn.prov.shanghai.2022", "0.5849"),
        ("grid.cn.prov.shanghai.2023", "0.5737"),
        ("grid.cn.national_avg.2023", "0.5306"),
        ("grid.cn.residual.2022", "0.5856"),
        ("grid.cn.residual.2023", "0.6096"),
        ("grid.cn.fossil.2021", "0.8426"),
        ("grid.cn.fossil.2023", "0.8273"),
        ("grid.cn.region.east.2023", "0.55"),
        ("grid.cn.ets.2022", "0.5703"),
        ("grid.cn.ets.2021", "0.581"),
        ("grid.cn.ets.prev", "0.6101"),
        ("sh.electricity.2022", "0.42"),
        ("sh.heat.2022", "0.06"),
        ("cn.heat.default", "0.11"),
        ("zcp.electricity.other", "0.8325"),
        ("zcp.electricity.nonfossil", "0"),
        ("zcp.heat.fossil", "0.11"),
        ("zcp.direct_supply_share", "0.5"),
        ("cn.gbt32151_34_2024.natural_gas.ncv", "389.31"),
        ("cn.gbt32151_34_2024.coke_oven_gas.ncv", "179.81"),
        ("cn.ndrc_guideline.lpg.ncv", "47.31"),
        ("cn.prov_guideline_2025.lng.ef", "2.831257"),
        ("tce.electricity.equivalent", "0.1229"),
        ("tce.heat.equivalent", "0.03412"),
        ("tce.ncv_standard_coal", "29.3076"),
        ("gb30251_2024.electricity_equal_value", "0.21"),
        ("ipcc2006.process.clinker_portland", "0.52"),
        ("ipcc2006.process.ammonia_natural_gas", "1.694"),
        ("ipcc2006.process.methanol_coal", "5.285"),
        ("ipcc2006.process.industrial_silicon", "5.0"),
        ("cn.carbonate.limestone", "0.440"),
        ("ipcc2006.carbonate.limestone", "0.43971"),
        ("ipcc2006.leak_operation.chillers", "15"),
        ("ipcc2006.leak_operation.sealed_switchgear", "0.7"),
        ("ipcc2006.leak_operation.closed_switchgear", "2.6"),
        ("ipcc2006.wastewater.b0_cod", "0.25"),
        ("ipcc2006.wastewater.mcf_aerobic_well_managed", "0"),
        ("ipcc2006.wastewater.mcf_aerobic_overloaded", "0.3"),
        ("ipcc2006.wastewater.mcf_deep_lagoon", "0.8"),
        ("ipcc2006.composting.ch4_wet", "4"),
        ("ipcc2006.composting.n2o_dry", "0.6"),
        ("ipcc2006.digestion.ch4_dry", "2"),
        ("ipcc2006.mobile.diesel.ch4", "3.9"),
        ("ipcc2006.mobile.gasoline.n2o", "8.0"),
        ("ipcc2006.electronics.semiconductor_nf3_remote.remaining", "0.02"),
        ("ipcc2006.electronics.display_sf6.remaining", "0.6"),
        ("ipcc2006.electronics.photovoltaic_cf4.remaining", "0.7"),
        ("ipcc2006.electronics.display_cc4f8.hfc23", "0.02"),
        ("ipcc2006.electronics.nf3.destruction", "0.95"),
        ("desnz2025.electricity", "0.177"),
        ("desnz2025.natural_gas.kwh_gross_cv", "0.18296"),
        ("desnz2025.natural_gas.kwh_net_cv", "0.2027"),
    ],
)
def test_values_typed_from_the_documents(id_: str, expected: str) -> None:
    names = {"cn.gbt32151_34_2024.coke_oven_gas.ncv": "cn.gbt32151_34_2024.cog.ncv"}
    assert value(names.get(id_, id_)) == Decimal(expected)


def test_residual_factor_of_2021_was_not_found() -> None:
    with pytest.raises(FactorError) as caught:
        load_registry().find(activity="electricity", kind="grid_residual", place="上海", year=2021)
    assert caught.value.faults[0].code == "factor.not-found-value"
    assert "grid.cn.residual.2022" in caught.value.faults[0].context["existing"]


@pytest.mark.parametrize("year", [2020, 2021, 2022, 2024])
def test_superseded_grid_factors_are_never_chosen(year: int) -> None:
    with pytest.raises(FactorError) as caught:
        load_registry().find(activity="electricity", kind="grid_ets", place="CN", year=year)
    assert caught.value.faults[0].code == "factor.none-found"
    assert load_registry().find_by_id("grid.cn.ets.2022").warnings == ("factor.superseded",)


def test_heat_of_shanghai_is_local_elsewhere_national() -> None:
    asked = {"activity": "heat", "kind": "heat_default", "year": 2024}
    assert load_registry().find(**asked, place="上海").factor.value == Decimal("0.06")
    assert load_registry().find(**asked, place="江苏").factor.value == Decimal("0.11")


def test_national_method_is_fixed_whatever_the_year() -> None:
    for year in (2023, 2025, 2030):
        found = load_registry().find(
            activity="electricity", kind="method_electricity", place="上海", year=year, method="cn-ndrc-910"
        )
        assert (found.factor.value, found.warnings) == (Decimal("0.8325"), ())


def test_factors_of_the_national_method_need_its_name() -> None:
    with pytest.raises(FactorError) as caught:
        load_registry().find(activity="electricity", kind="method_electricity", place="上海", year=2025)
    assert caught.value.faults[0].code == "factor.none-found"


def test_electricity_at_equal_value_is_0_3_kgce_within_rounding() -> None:
    found = load_registry().find(activity="electricity", kind="tce_equal_value", place="CN", year=2024).factor
    assert found.value is not None
    # 0.21 kgoe x 41.868 / 29.3076
    assert round(quantities.convert(found.value, found.unit, "kgce/kWh"), 6) == Decimal("0.3")


def test_british_factors_are_never_found_for_china() -> None:
    for factor in ALL:
        if factor.region == "GB":
            try:
                found = load_registry().find(
                    activity=factor.activity, kind=factor.kind, place="上海", year=2025, unit=factor.unit
                )
            except FactorError:
                continue
            assert found.factor.region != "GB"


def test_british_gas_per_kwh_is_found_for_britain() -> None:
    found = load_registry().find(
        activity="natural_gas", kind="direct_factor", place="GB", year=2021, unit="kgCO2e/kWh"
    )
    assert found.factor.id == "desnz2025.natural_gas.kwh_gross_cv"
    assert "factor.later-vintage" in found.warnings


def processes() -> Iterator[tuple[str, dict[str, str]]]:
    yield from YAML(typ="safe").load(lingtan_data.path("processes.yaml")).items()


@pytest.mark.parametrize(
    ("name", "entry"), list(processes()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_every_process_names_a_factor(name: str, entry: dict[str, str]) -> None:
    factor = load_registry().get(entry["factor"])
    assert factor.activity == name and factor.gas == entry["gas"]
    assert factor.kind in ("process", "carbonate")
    assert quantities.same_dimension(f"({factor.unit}) * {entry['unit']}", "tCO2e")
    assert entry["annex4"] in ("yes", "no")


def test_the_products_of_annex_4_are_all_there() -> None:
    listed = {name for name, entry in processes() if entry["annex4"] == "yes"}
    assert listed >= ANNEX_4


def test_no_process_factor_repeats_an_energy_requirement() -> None:
    # some ammonia records repeat GJ/t (29.7 to 42.5) as a factor; coal methanol is the highest true one
    highest = max(f.value for f in ALL if f.kind == "process" and f.value is not None)
    assert highest == Decimal("5.285")


def test_every_gas_has_a_value_in_some_set() -> None:
    for gas in gases().values():
        sets = [s for s in ("AR4", "AR5", "AR6") if _has_gwp(gas.id, s)]
        assert sets, gas.id


def _has_gwp(gas: str, gwp_set: str) -> bool:
    try:
        find_gwp(gas, gwp_set=gwp_set)
    except FactorError:
        return False
    return True


def test_gas_names_lead_to_one_gas_only() -> None:
    seen: dict[str, str] = {}
    for gas in gases().values():
        for name in (gas.id, gas.name, *gas.aliases):
            assert seen.setdefault(folded(name), gas.id) == gas.id, name


def test_blends_sum_to_one_of_known_components() -> None:
    for gas in gases().values():
        if gas.blend:
            assert sum(share for _, share in gas.blend) == 1
            assert all(gases()[name].is_kyoto is not None for name, _ in gas.blend)


SWITCHGEAR = ("sealed_switchgear", "closed_switchgear")


def test_every_equipment_type_has_all_four_parameters() -> None:
    for type_ in sorted(set(equipment()) - set(SWITCHGEAR)):
        for kind in ("leak_installation", "leak_operation", "leak_remaining", "leak_recovery"):
            found = load_registry().find(activity=type_, kind=kind, place="CN", year=2024)
            assert found.factor.value is not None and 0 <= found.factor.value <= 100


@pytest.mark.parametrize("type_", SWITCHGEAR)
def test_of_switchgear_only_the_rate_of_operation_was_found(type_: str) -> None:
    held = {factor.kind: factor.value for factor in load_registry().list_factors(activity=type_)}
    assert {kind for kind, found in held.items() if found is not None} == {"leak_operation"}
    assert len(held) == 4


def test_enthalpy_tables_have_the_size_of_the_standard() -> None:
    assert len(read_table("steam_saturated")) == 70
    assert len(read_table("steam_superheated")) == 31 * 12
    marked = [row for row in read_table("steam_superheated") if row["mark"]]
    assert len(marked) == 6 and all(row["note"] for row in marked)


def count_table() -> str:
    """What docs/reference/factors.md must show: per kind, how many, not found, second hand, and units."""
    lines = ["| kind | 类别 | factors | not found | transcribed | units |", "|---|---|--:|--:|--:|---|"]
    for kind in factor_kinds().values():
        held = [factor for factor in ALL if factor.kind == kind.id]
        if held:
            gone, copied = sum(f.value is None for f in held), sum(f.second_hand for f in held)
            units = ", ".join(sorted({f.unit for f in held}))
            lines.append(f"| `{kind.id}` | {kind.zh} | {len(held)} | {gone} | {copied} | {units} |")
    return "\n".join(lines)


def test_the_reference_page_shows_what_is_held() -> None:
    page = (ROOT / "docs" / "reference" / "factors.md").read_text("utf-8")
    assert count_table() in page, "replace the table of docs/reference/factors.md by:\n" + count_table()
