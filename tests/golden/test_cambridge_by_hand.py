"""The real meters of the Cambridge estate: the package against pandas, to 1e-9 relative.

Scope 1: gas in kWh (gross) × the DESNZ 2025 factor. Scope 2: every hour's electricity × that hour's carbon
intensity of the British grid. Zeros of electricity are gaps in this archive, never consumption of zero.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lingtan

pytestmark = pytest.mark.shared

PARK = Path(__file__).resolve().parents[2] / "examples" / "parks" / "cambridge-estate"
DESNZ_GAS = 0.18296  # kgCO2e/kWh gross CV, UK Government conversion factors 2025
EXACTLY = {"rel": 1e-9, "abs": 0}


@pytest.fixture(scope="module")
def campus(shared: Path) -> Path:
    return shared / "data" / "cambridge_campus"


@pytest.fixture(scope="module")
def readings(campus: Path) -> pd.DataFrame:
    """Hourly kWh of 2021 in double precision, a column per meter. London and UTC begin the year together."""
    year = pd.read_parquet(campus / "meters_hourly.parquet").loc["2021"]
    return year.map(lambda value: float(str(np.float32(value))))  # the decimal a 32-bit float stands for


@pytest.fixture(scope="module")
def result(campus: Path) -> Any:
    dossier = lingtan.read_dossier(PARK, readings=[campus])
    return lingtan.assess(dossier, "sh-seesa-zctp-2024", on=date(2022, 6, 30))


def columns(readings: pd.DataFrame, ending: str) -> pd.DataFrame:
    return readings[[name for name in readings.columns if name.endswith(ending)]]


def test_the_register_names_every_meter_of_the_archive(readings: pd.DataFrame) -> None:
    meters = pd.read_csv(PARK / "registers" / "meters.csv")
    assert set(meters.meter) == set(readings.columns)
    assert len(meters) == 52


def test_the_register_has_the_buildings_of_the_archive(campus: Path) -> None:
    facts = pd.read_csv(campus / "buildings.csv")
    ours = pd.read_csv(PARK / "registers" / "buildings.csv")
    assert ours.building.tolist() == facts.building_id.tolist()
    assert ours.floor_area_m2.tolist() == facts.gross_internal_area_m2.tolist()
    assert ours.roof_area_m2.tolist() == facts.approx_roof_area_m2.tolist()


def test_scope_1_is_the_gas(result: Any, readings: pd.DataFrame) -> None:
    gas_kwh = columns(readings, ".gas_kWh").to_numpy().sum()
    value = float(result.inventory.totals["scope1_tco2e"].value)
    assert value == pytest.approx(gas_kwh * DESNZ_GAS / 1000, **EXACTLY)


def test_scope_2_is_every_hour_times_its_intensity(result: Any, readings: pd.DataFrame, campus: Path) -> None:
    grid = (
        pd.read_parquet(campus / "grid_carbon_intensity_gb_hourly.parquet")
        .loc["2021"]
        .astype("float64")
        .round(6)
    )
    hourly = columns(readings, ".electricity_kWh").sum(axis=1)
    expected = float((hourly * grid["carbon_intensity_kgCO2_per_kWh"]).sum()) / 1000
    value = float(result.inventory.totals["scope2_location_tco2e"].value)
    assert value == pytest.approx(expected, **EXACTLY)


def test_zeros_that_stand_for_gaps_are_flagged(result: Any, readings: pd.DataFrame) -> None:
    electricity = columns(readings, ".electricity_kWh")
    with_zeros = {name for name in electricity.columns if (electricity[name] == 0).any()}
    flagged = {fault.context.get("meter") for fault in result.faults if "zero" in fault.code}
    assert with_zeros <= flagged


def test_no_star_is_given_and_what_is_unknown_is_missing(result: Any) -> None:
    assert result.stars is None
    assert result.withheld
    known = {one.code for one in result.indicators if one.applies and one.value is not None}
    asked = {code for datum in result.missing for code in datum.indicators}
    unknown = {one.code for one in result.indicators if one.applies and one.value is None}
    assert unknown <= asked
    assert known.isdisjoint({"C1.3", "E1.3", "B1.1"})
