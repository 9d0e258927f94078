"""Real meters of 26 buildings against an independent calculation with pandas."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lingtan.dossier.records import Dossier, Location, Park, Reporting, Row
from lingtan.errors import Place
from lingtan.metering import Metering, compute_metering

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "cambridge_campus"


@pytest.fixture(scope="module")
def readings(folder: Path) -> pd.DataFrame:
    year = pd.read_parquet(folder / "meters_hourly.parquet").loc["2021"]
    return year.map(lambda value: float(str(np.float32(value))))  # the decimal that a 32-bit float stands for


@pytest.fixture(scope="module")
def metering(folder: Path, readings: pd.DataFrame) -> Metering:
    rows = [
        Row(
            "meters",
            column,
            {
                "meter": column,
                "carrier": "electricity" if "electricity" in column else "natural_gas",
                "role": "supply",
                "quantity": "interval",
                "unit": "kWh",
                "interval_minutes": Decimal(60),
            },
            Place("meters.csv", row=number),
        )
        for number, column in enumerate(readings.columns, 2)
    ]
    park = Park(
        id="c", name_zh="剑桥", location=Location(timezone="Europe/London"), reporting=Reporting(year=2021)
    )
    return compute_metering(Dossier("c", park, {"meters": tuple(rows)}, readings=(folder,)))


def test_sums_equal_pandas(metering: Metering, readings: pd.DataFrame) -> None:
    assert len(metering.meters) == 52
    for energy in metering.meters:
        assert float(energy.quantity) == pytest.approx(readings[energy.meter].sum(), rel=1e-9)
        assert energy.present == energy.expected == 8760
        assert energy.zeros == int((readings[energy.meter] == 0).sum())


def test_hourly_emissions_equal_pandas(metering: Metering, readings: pd.DataFrame, folder: Path) -> None:
    intensity = pd.read_parquet(folder / "grid_carbon_intensity_gb_hourly.parquet").astype("float64")
    factor = intensity["carbon_intensity_kgCO2_per_kWh"].loc["2021"].round(6)
    for energy in metering.meters:
        if energy.carrier == "electricity":
            expected = (readings[energy.meter] * factor).sum() / 1000
            assert float(energy.emissions_tco2 or 0) == pytest.approx(expected, rel=1e-9)
        else:
            assert energy.emissions_tco2 is None


def test_gaps_written_as_zero_are_found(metering: Metering) -> None:
    by_meter = {energy.meter: energy for energy in metering.meters}
    assert by_meter["b2.electricity_kWh"].suspect_zeros == 46  # two runs of 23 h at a load of 800 kWh
    assert by_meter["b64.electricity_kWh"].suspect_zeros == 28
    assert by_meter["b24.electricity_kWh"].suspect_zeros == 0  # noon zeros of a sunny spring
    assert by_meter["b77.gas_kWh"].suspect_zeros == 96  # 3 to 6 July, zero in many meters at once
    assert by_meter["b0.gas_kWh"].suspect_zeros == 0  # heating only, at rest half the year
    assert {fault.severity for fault in metering.faults} == {"warning", "note"}
