"""Import of measured data against pandas, and the same data in other forms: identical readings."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
import xlsxwriter

from lingtan.metering.importing import ImportOptions, ImportPlan, plan_import, read_batches

pytestmark = pytest.mark.shared

SEOUL = ImportOptions(zone="Asia/Seoul", meter="steel", value="Usage_kWh")
Series = dict[tuple[str, int], float]


def readings(plan: ImportPlan) -> Series:
    """Value by meter and instant (ms since 1970), as floats nearest to the exact decimals."""
    found: Series = {}
    for batch in read_batches(plan):
        for meter, at, value in batch.frame.with_columns(pl.col("at").to_physical()).iter_rows():
            assert (meter, at) not in found
            found[meter, at] = value / 10 ** -batch.exponents[meter]
    return found


def milliseconds(stamps: pd.Series | pd.DatetimeIndex) -> list[int]:
    index = pd.DatetimeIndex(stamps).tz_convert("UTC").tz_localize(None)
    return [int(ms) for ms in index.to_numpy().astype("datetime64[ms]").astype("int64")]


@pytest.fixture(scope="module")
def steel(shared: Path) -> Path:
    return shared / "data" / "uci_steel_energy" / "steel_industry_15min.csv.gz"


@pytest.fixture(scope="module")
def steel_truth(steel: Path) -> Series:
    """By pandas: rows are in order, one a quarter from midnight of 2018-01-01."""
    frame = pd.read_csv(steel)
    stamps = pd.date_range("2018-01-01", periods=len(frame), freq="15min", tz="Asia/Seoul")
    return {("steel", at): value for at, value in zip(milliseconds(stamps), frame["Usage_kWh"], strict=True)}


def test_steel_works_has_a_whole_year_of_quarters(steel: Path, steel_truth: Series) -> None:
    plan = plan_import([steel], options=SEOUL)
    found = readings(plan)
    assert len(found) == 35_040 == plan.taken and plan.left_out == 0
    assert found == steel_truth
    decisions = {(d.subject, d.value, d.reason) for d in plan.tables[0].decisions}
    assert {
        ("stamps", "end", "order"),
        ("midnight", "closes", "order"),
        ("day-first", "day-first", "data"),
    } <= decisions
    assert min(at for _, at in found) == datetime.fromisoformat("2018-01-01T00:00+09:00").timestamp() * 1000
    assert not plan.has_errors


def lines(steel: Path) -> list[list[str]]:
    """Stamp and value of every row, as they stand."""
    text = gzip.decompress(steel.read_bytes()).decode("utf-8-sig")
    return [line.split(",")[:2] for line in text.splitlines()[1:]]


def gbk(steel: Path, folder: Path) -> Path:
    text = "表号,抄表时间,用电量（千瓦时）\n" + "".join(f"steel,{at},{value}\n" for at, value in lines(steel))
    return write(folder / "a.csv", text.encode("gbk"))


def semicolons(steel: Path, folder: Path) -> Path:
    rows = "".join(f"{at};{value.replace('.', ',')}\n" for at, value in lines(steel))
    return write(folder / "a.csv", ("Zeit;Usage_kWh\n" + rows).encode())


def full_width(steel: Path, folder: Path) -> Path:
    wide = str.maketrans({str(d): chr(0xFF10 + d) for d in range(10)} | {".": "．", "/": "／", ":": "："})
    rows = "".join(f"{at.translate(wide)},{value.translate(wide)}\n" for at, value in lines(steel))
    return write(folder / "a.csv", ("时间,Usage_kWh\n" + rows).encode())


def matrix(steel: Path, folder: Path) -> Path:
    rows = lines(steel)
    labels = [f"{k * 15 // 60}:{k * 15 % 60:02d}" for k in range(1, 97)]
    text = "电表编号,数据日期," + ",".join(labels) + "\n"
    for day in range(365):
        part = rows[day * 96 : day * 96 + 96]
        day_of, month, year = part[0][0].split(" ")[0].split("/")
        text += f"steel,{year}-{month}-{day_of}," + ",".join(value for _, value in part) + "\n"
    return write(folder / "a.csv", text.encode())


def workbook(steel: Path, folder: Path) -> Path:
    book = xlsxwriter.Workbook(str(folder / "a.xlsx"), {"default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("steel")
    sheet.write_row(0, 0, ["date", "Usage_kWh"])
    for row, (at, value) in enumerate(lines(steel), 1):
        sheet.write_datetime(row, 0, datetime.strptime(at, "%d/%m/%Y %H:%M"))
        sheet.write_number(row, 1, float(value))
    book.close()
    return folder / "a.xlsx"


def parquet(steel: Path, folder: Path) -> Path:
    rows = lines(steel)
    at = [datetime.strptime(stamp, "%d/%m/%Y %H:%M") for stamp, _ in rows]
    values = pl.Series([float(value) for _, value in rows], dtype=pl.Float32)
    pl.DataFrame({"date": at, "Usage_kWh": values}).write_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def write(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("form", [gbk, semicolons, full_width, matrix, workbook, parquet])
def test_other_forms_give_identical_readings(
    form: Callable[[Path, Path], Path], steel: Path, steel_truth: Series, tmp_path: Path
) -> None:
    options = ImportOptions(zone="Asia/Seoul", meter="steel", unit="kWh")
    plan = plan_import([form(steel, tmp_path)], options=options)
    assert readings(plan) == steel_truth, plan.faults


def test_cambridge_wide_utc_without_offset(shared: Path) -> None:
    file = shared / "data" / "cambridge_campus" / "meters_hourly.parquet"
    frame = pd.read_parquet(file)
    plan = plan_import([file])
    assert plan.taken == frame.size == 26_304 * 52
    stored: dict[str, list[float]] = {}
    for batch in read_batches(plan):
        for (meter,), part in batch.frame.partition_by("meter", as_dict=True).items():
            power = 10 ** -batch.exponents[meter]
            stored.setdefault(meter, []).extend(value / power for value in part["value"].to_list())
            assert part["at"].is_sorted()
    for meter in frame.columns:  # the decimals that were rounded to float32, not their binary neighbours
        assert (pd.Series(stored[meter], dtype="float32").to_numpy() == frame[meter].to_numpy()).all()
    assert all(meter.unit == "kWh" and meter.quantity == "interval" for meter in plan.tables[0].meters)


def test_simbench_in_german_time(shared: Path) -> None:
    file = shared / "data" / "simbench_profiles" / "loads_15min_2016_pu.parquet"
    frame = pl.read_parquet(file)
    plan = plan_import([file], options=ImportOptions(zone="Europe/Berlin"))
    begin = datetime.fromisoformat("2016-01-01T00:00+01:00").timestamp() * 1000
    values: dict[str, dict[int, float]] = {}
    for batch in read_batches(plan):
        for meter, at, value in batch.frame.with_columns(pl.col("at").to_physical()).iter_rows():
            values.setdefault(meter, {})[at] = value / 10 ** -batch.exponents[meter]
    assert all(len(series) == 35_136 for series in values.values())
    assert all(min(s) == begin and max(s) == begin + 35_135 * 900_000 for s in values.values())
    for meter, series in values.items():  # in the order of the file every quarter is the next one
        assert pl.Series([series[at] for at in sorted(series)], dtype=pl.Float32).equals(
            frame[meter].alias("")
        )
    assert not plan.has_errors
    assert [f.context["count"] for f in plan.faults if f.code == "import.twice-by-order"] == ["8"]


def test_normalised_profile_of_hours_has_no_times(shared: Path) -> None:
    file = shared / "data" / "industrial_process_heat_profiles" / "process_heat_norm_8760.csv.gz"
    plan = plan_import([file], options=ImportOptions(zone="UTC"))
    assert plan.taken == 0 and {fault.code for fault in plan.faults} == {"metering.file-ignored"}
