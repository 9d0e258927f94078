"""Every SEESA indicator exactly at a limit, by hand-made term values (not by rows of a dossier)."""

from datetime import date
from decimal import Decimal
from typing import Any

from lingtan.assessment.facts import Groundwork
from lingtan.assessment.judging import judge_indicators
from lingtan.assessment.standing import Judged, Standing, find_award
from lingtan.assessment.values import Values
from lingtan.dossier.records import Dossier, Park, Reporting
from lingtan.errors import Place
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


JUDGED_FULL = judge(FULL)
