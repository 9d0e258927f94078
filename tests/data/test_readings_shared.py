"""Real meters through the commands' own doors: Cambridge's gaps, the steel works' year, a lake."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lingtan.metering import Metering, compute_metering
from lingtan.metering.bare import build_bare_dossier
from lingtan.metering.importing import ImportOptions, plan_import, read_batches
from lingtan.metering.lake import open_lake
from lingtan.metering.series import compute_series

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def campus(shared: Path) -> Path:
    return shared / "data" / "cambridge_campus"


@pytest.fixture(scope="module")
def metering(campus: Path) -> Metering:
    options = ImportOptions(zone="Europe/London")
    dossier, _ = build_bare_dossier([campus], options, year=2021)
    return compute_metering(dossier, options=options)


@pytest.fixture(scope="module")
def left(campus: Path, metering: Metering) -> pd.DataFrame:
    """The readings that remain when the spans of doubted zeros are dropped, by pandas alone."""
    table = pd.read_parquet(campus / "meters_hourly.parquet").loc["2021"]
    table = table.map(lambda value: float(str(np.float32(value))))
    for finding in metering.findings:
        if finding.code == "zeros":
            first, last = (one.replace(tzinfo=None) for one in (finding.first, finding.last))
            assert (table.loc[first:last, finding.meter] == 0).all()
            assert len(table.loc[first:last]) == finding.count
            table.loc[first:last, finding.meter] = np.nan
    return table


def test_coded_zeros_are_found_with_their_spans(metering: Metering) -> None:
    counts = {energy.meter: energy.suspect_zeros for energy in metering.meters}
    wanted = {"b2.electricity_kWh": 46, "b64.electricity_kWh": 28, "b77.gas_kWh": 96, "b0.gas_kWh": 0}
    assert {meter: counts[meter] for meter in wanted} == wanted
    spans = [one for one in metering.findings if one.code == "zeros" and one.meter == "b77.gas_kWh"]
    assert [(one.first.date().isoformat(), one.count) for one in spans] == [("2021-07-03", 96)]
    by_meter = {meter: sum(f.count for f in metering.findings if f.meter == meter and f.code == "zeros")
                for meter in counts}  # fmt: skip
    assert by_meter == counts


def test_months_and_year_equal_pandas_on_the_readings_left(metering: Metering, left: pd.DataFrame) -> None:
    local = left.tz_localize("UTC").tz_convert("Europe/London")
    months = local.groupby(local.index.month).sum()
    for energy in metering.meters:
        assert float(energy.quantity) == pytest.approx(left[energy.meter].sum(), rel=1e-12)
        assert [float(month) for month in energy.months] == pytest.approx(
            months[energy.meter].tolist(), rel=1e-12
        )


def test_the_share_estimated_is_told_and_never_in_the_sum(metering: Metering, left: pd.DataFrame) -> None:
    for energy in metering.meters:
        missing = int(left[energy.meter].isna().sum())
        assert (energy.share_estimated > 0) == (missing > 0 and energy.methods != ("none",))
        assert (energy.uncertainty > 0) == (energy.estimated > 0)
    worst = max(metering.meters, key=lambda energy: energy.share_estimated)
    assert worst.meter == "b65.gas_kWh"
    assert Decimal("0.10") < worst.share_estimated < Decimal("0.15")


def test_a_day_that_was_filled_in_is_found_in_several_meters(metering: Metering) -> None:
    flat = {one.first.date().isoformat() for one in metering.findings if one.code == "flat"}
    assert flat == {"2021-03-09"}


@pytest.mark.parametrize("carrier", ["electricity", "natural_gas"])
def test_carriers_are_told_by_the_names(metering: Metering, carrier: str) -> None:
    assert sum(energy.carrier == carrier for energy in metering.meters) == 26


def test_the_steel_works_have_a_whole_year_of_quarters(shared: Path) -> None:
    folder = shared / "data" / "uci_steel_energy"
    options = ImportOptions(zone="Asia/Seoul")
    dossier, plan = build_bare_dossier([folder], options)
    (usage,) = [one for table in plan.tables for one in table.meters if one.meter == "Usage_kWh"]
    assert (usage.stamps, usage.taken, usage.interval_minutes) == ("end", 35_040, 15)
    (energy,) = compute_metering(dossier, options=options).meters
    truth = pd.read_csv(folder / "steel_industry_15min.csv.gz")["Usage_kWh"]
    assert (energy.present, energy.expected) == (35_040, 35_040)
    assert float(energy.quantity) == pytest.approx(truth.sum(), abs=1e-6)
    days = compute_series(dossier, by="day", options=options)
    assert days.height == 365 and days["covered"].round(9).min() == 1
    assert days["energy"].to_list() == pytest.approx(truth.to_numpy().reshape(365, 96).sum(axis=1).tolist())


def test_files_and_the_lake_they_went_into_give_the_same(
    campus: Path, metering: Metering, tmp_path: Path
) -> None:
    options = ImportOptions(zone="Europe/London")
    plan = plan_import([campus / "meters_hourly.parquet"], options=options)
    lake = open_lake(tmp_path / "lake", create=True)
    with lake.open_import("campus", datetime(2026, 1, 1, tzinfo=UTC)) as work:
        for batch in read_batches(plan):
            work.add(batch.frame, batch.exponents)
    dossier, _ = build_bare_dossier([campus], options, year=2021)
    from dataclasses import replace

    stored = compute_metering(replace(dossier, readings=(tmp_path / "lake",)))
    assert len(stored.meters) == 52
    for one, other in zip(stored.meters, metering.meters, strict=True):
        assert (one.meter, one.quantity, one.months) == (other.meter, other.quantity, other.months)
        assert one.suspect_zeros == other.suspect_zeros
    assert stored.findings == metering.findings
