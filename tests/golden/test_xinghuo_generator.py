"""The invented park: its generator writes what is committed, and its readings agree with its registers."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

PARKS = Path(__file__).resolve().parents[2] / "examples" / "parks"
PARK = PARKS / "xinghuo"
WRITTEN_BY_HAND = {"README.md"}
DEAD, DOUBLED, REPLACED = "E021-EL", "E017-EL", "E013-EL"


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The park as the generator writes it now."""
    folder = tmp_path_factory.mktemp("again") / "xinghuo"
    script = PARKS / "generate_xinghuo.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True, timeout=120)
    return folder


def files(folder: Path) -> set[str]:
    found = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    return found - WRITTEN_BY_HAND


def test_the_generator_writes_exactly_what_is_committed(again: Path) -> None:
    assert files(again) == files(PARK)
    texts = [name for name in files(PARK) if not name.endswith(".parquet")]
    assert [name for name in texts if (again / name).read_bytes() != (PARK / name).read_bytes()] == []


def test_the_readings_are_the_same_whatever_library_wrote_the_file(again: Path) -> None:
    for name in sorted(name for name in files(PARK) if name.endswith(".parquet")):
        assert pl.read_parquet(again / name).equals(pl.read_parquet(PARK / name)), name


def register(name: str) -> pd.DataFrame:
    return pd.read_csv(PARK / "registers" / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def counted() -> dict[tuple[str, int], int]:
    """What each meter counted in each month, by DuckDB: whole numbers of the meter's unit."""
    query = f"""
        with meters as (select * from read_csv('{PARK}/registers/meters.csv', all_varchar = true)),
        sent as (
            select meter_id, "at", value,
                   lead(value) over (partition by meter_id order by "at") - value as step
            from (select distinct * from read_parquet('{PARK}/readings/*.parquet'))
        )
        select meter_id, month("at" at time zone 'Asia/Shanghai') as month,
               sum(case when quantity = 'interval' then value else greatest(step, 0) end
                   * cast(multiplier as bigint)) as total
        from sent join meters on meter = meter_id
        where quantity = 'interval' or step is not null
        group by all"""
    rows = duckdb.sql(query).fetchall()
    return {(meter, month): int(total) for meter, month, total in rows}


def test_there_are_200_meters_and_every_one_has_readings(counted: dict[tuple[str, int], int]) -> None:
    meters = set(register("meters")["meter"])
    assert len(meters) == 200
    assert {meter for meter, _ in counted} == meters


# places between the meter's unit and that of the activity: kWh to MWh, Nm3 to 万Nm3, MJ to GJ, kg to t
BOUGHT = {"electricity": 3, "natural_gas": 4, "heat": 3, "steam": 3}


@pytest.mark.parametrize("carrier", sorted(BOUGHT))
def test_bought_energy_is_what_the_supply_meters_counted(
    carrier: str, counted: dict[tuple[str, int], int]
) -> None:
    meters, activity = register("meters"), register("energy_activity")
    supply = meters[(meters.carrier == carrier) & (meters.role == "supply")]
    bought = activity[activity.carrier.eq(carrier) & activity.use.isin(["purchased", "combustion"])]
    different = {}
    for row in bought.itertuples():
        mine = supply[supply.enterprise == row.enterprise].meter
        month = int(row.period[-2:])
        total = Decimal(sum(counted[meter, month] for meter in mine)).scaleb(-BOUGHT[carrier])
        if total != Decimal(row.quantity):
            different[row.enterprise, month] = Decimal(row.quantity) - total
    # the dead meter lacks two July days, the replaced one an hour of September; all else is equal
    expected = {("E021", 7), ("E013", 9)} if carrier == "electricity" else set()
    assert set(different) == expected
    assert all(missing > 0 for missing in different.values())


def test_internal_electricity_heat_and_cold_are_what_the_submeters_counted(
    counted: dict[tuple[str, int], int],
) -> None:
    ending = {"electricity": "EL", "heat": "HT", "cold": "CD"}
    for row in register("transfers").itertuples():
        meter = "E900-TO" if row.to == "E000" else f"{row.to}-{ending[row.carrier]}"
        assert Decimal(counted[meter, int(row.period[-2:])]).scaleb(-3) == Decimal(row.quantity)


def test_solar_power_is_either_used_or_sold(counted: dict[tuple[str, int], int]) -> None:
    activity = register("energy_activity")
    solar = activity[activity.carrier == "solar_electricity"]
    for (period, enterprise), rows in solar.groupby(["period", "enterprise"]):
        total = sum(Decimal(quantity) for quantity in rows.quantity)
        assert Decimal(counted[f"{enterprise}-PV", int(period[-2:])]).scaleb(-3) == total


def test_own_pv_has_the_published_full_load_hours(counted: dict[tuple[str, int], int]) -> None:
    made = sum(total for (meter, _), total in counted.items() if meter.endswith("-PV"))
    assert 956 < made / 19000 <= 957  # 19 MWp; published_park_facts: 956.6 h, rounded to 957


def test_the_three_faults_are_in_the_readings() -> None:
    readings = pd.read_parquet(PARK / "readings" / "electricity.parquet")
    local = readings["at"].dt.tz_convert("Asia/Shanghai")
    dead = local[(readings.meter_id == DEAD)]
    assert len(dead) == 8784 - 48
    assert not dead.dt.strftime("%m-%d").isin(["07-16", "07-17"]).any()
    doubled = readings[readings.duplicated(["meter_id", "at"], keep="first")]
    assert doubled.meter_id.tolist() == [DOUBLED]
    assert local[doubled.index].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2024-03-12 14:00"]
    states = readings[readings.meter_id == REPLACED]
    falls = states[states["value"].diff() < 0]
    assert local[falls.index].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2024-09-05 10:00"]
    assert falls["value"].tolist() == [0]


def test_every_register_has_rows_and_is_called_invented() -> None:
    names = {file.stem for file in (PARK / "registers").glob("*.csv")}
    assert len(names) == 39  # evidence.csv stands beside its files
    optional = ["cogeneration", "leases", "ownership"]  # they move members only, and this park has none
    assert [name for name in sorted(names) if register(name).empty] == optional
    for file in ("park.yaml", "boundary.geojson", "README.md"):
        text = (PARK / file).read_text(encoding="utf-8")
        assert "invented" in text or "虚构" in text, file


def test_evidence_files_have_the_hashes_the_list_states() -> None:
    listed = pd.read_csv(PARK / "evidence" / "evidence.csv", dtype=str)
    there = {file.name for file in (PARK / "evidence").iterdir()} - {"evidence.csv"}
    assert set(listed.file) == there
    for row in listed.itertuples():
        assert hashlib.sha256((PARK / "evidence" / row.file).read_bytes()).hexdigest() == row.sha256


def test_every_evidence_id_named_in_a_register_is_listed() -> None:
    listed = set(pd.read_csv(PARK / "evidence" / "evidence.csv", dtype=str)["id"])
    for file in (PARK / "registers").glob("*.csv"):
        named = set(register(file.stem).get("evidence", pd.Series(dtype=str))) - {""}
        assert named <= listed, file.name


def test_the_parcels_are_the_park() -> None:
    assert sum(Decimal(area) for area in register("land_use").area_m2) == 960000
