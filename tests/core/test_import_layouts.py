"""The same readings in every common layout: identical readings out."""
# ruff: noqa: E501 - tables of cases read better in one line each

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from import_files import SHANGHAI, Reading, codes, decided, fault_of, put, put_sheet, register, take

from lingtan.metering.importing import ImportOptions, plan_import, read_rows

BEGIN = datetime(2024, 1, 1, tzinfo=UTC) - timedelta(hours=8)  # midnight in Shanghai
METERS = ("E1", "E2")
STEP = timedelta(minutes=15)


def value(meter: int, step: int) -> Decimal:
    """Two decimals, neither rising nor falling for long."""
    return Decimal(1000 * meter + (step * 37) % 101) / 100


TRUTH: list[Reading] = sorted(
    (name, BEGIN + step * STEP, value(number, step))
    for number, name in enumerate(METERS)
    for step in range(2 * 96)
)
LOCAL = [datetime(2024, 1, 1) + step * STEP for step in range(2 * 96)]


def long_table(
    form: str = "%Y-%m-%d %H:%M:%S", separator: str = ",", head: str = "表号,时间,电量(kWh)"
) -> str:
    rows = [
        separator.join((name, at.strftime(form), str(value(number, step))))
        for step, at in enumerate(LOCAL)
        for number, name in enumerate(METERS)
    ]
    return "\n".join([head.replace(",", separator), *rows]) + "\n"


def wide_table(separator: str = ",", mark: str = ".") -> str:
    rows = [
        separator.join(
            [at.isoformat(" "), *(str(value(number, step)).replace(".", mark) for number in (0, 1))]
        )
        for step, at in enumerate(LOCAL)
    ]
    return "\n".join([separator.join(("时间", "E1(kWh)", "E2(kWh)")), *rows]) + "\n"


def matrix_rows(labels: list[str]) -> list[list[str]]:
    return [["电表编号", "日期", *labels, "合计"]] + [
        [name, f"2024-01-0{day + 1}", *(str(value(n, day * 96 + k)) for k in range(96)), "1.0"]
        for n, name in enumerate(METERS)
        for day in range(2)
    ]


def matrix_table(labels: list[str]) -> str:
    return "\n".join(",".join(row) for row in matrix_rows(labels)) + "\n"


ENDS = [f"{(k + 1) * 15 // 60}:{(k + 1) * 15 % 60:02d}" for k in range(96)]
BEGINS = [f"{k * 15 // 60:02d}:{k * 15 % 60:02d}" for k in range(96)]


def zipped(name: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def full_width(text: str) -> str:
    return text.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789"})


def first_row_full_width(text: str) -> str:
    """The first row of data as some input methods write it: 2024－01－01 00：00 and all its digits."""
    head, first, rest = text.split("\n", 2)
    meter, stamp, value = first.split(",")
    wide = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789-:."}
    return "\n".join([head, f"{meter},{stamp.translate(wide)},{value.translate(wide)}", rest])


FILES: dict[str, tuple[str, str | bytes]] = {
    "plain": ("a.csv", long_table()),
    "bom": ("a.csv", b"\xef\xbb\xbf" + long_table().encode()),
    "gb18030": ("a.csv", long_table().encode("gb18030")),
    "utf-16": ("a.txt", long_table(separator="\t").encode("utf-16")),
    "tab": ("a.tsv", long_table(separator="\t")),
    "bar": ("a.txt", long_table(separator="|")),
    "windows line ends": ("a.csv", long_table().replace("\n", "\r\n")),
    "returns only": ("a.csv", long_table().replace("\n", "\r")),
    "gzip": ("a.csv.gz", gzip.compress(long_table().encode(), mtime=0)),
    "zip": ("a.zip", zipped("内/a.csv", long_table().encode())),
    "slashes": ("a.csv", long_table("%Y/%m/%d %H:%M")),
    "short slashes": ("a.csv", long_table("%Y/%-m/%-d %-H:%M")),
    "Chinese dates": ("a.csv", long_table("%Y年%m月%d日 %H时%M分")),
    "full width": ("a.csv", full_width(long_table()).replace("Ｅ", "E").replace("E１", "E1").replace("E２", "E2")),
    "full width, signs too": ("a.csv", first_row_full_width(long_table())),
    "English": ("a.csv", long_table(head="meter_id,at,value")),
    "titles above": ("a.csv", "配电房日报,,\n打印人：张,单位：kWh,\n,,\n" + long_table(head="表号,时间,有功电能")),
    "unit row": ("a.csv", long_table(head="测点,数据时间,用电量\n,,kWh")),
    "wide": ("a.csv", wide_table()),
    "decimal comma": ("a.csv", wide_table(";", ",")),
    "quoted": ("a.csv", '"' + long_table().replace(",", '","').replace("\n", '"\n"')[:-1]),
    "end labels": ("a.csv", matrix_table(ENDS)),
    "begin labels": ("a.csv", matrix_table(BEGINS)),
    "midnight last": ("a.csv", matrix_table([*ENDS[:-1], "0:00"])),
    "points": ("a.csv", matrix_table([f"P{k + 1}" for k in range(96)])),
    "blank lines": ("a.csv", long_table().replace("\n", "\n\n")),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_every_form_gives_the_same_readings(kind: str, tmp_path: Path) -> None:
    name, content = FILES[kind]
    plan, found = take(put(tmp_path, content, name), register(*METERS))
    assert found == TRUTH, plan.faults
    assert plan.taken == len(TRUTH)
    assert not plan.has_errors


def test_separate_date_and_time(tmp_path: Path) -> None:
    text = long_table("%Y-%m-%d,%H:%M", head="表号,日期,时间,示值")
    plan, found = take(put(tmp_path, text), register(*METERS))
    assert found == TRUTH, plan.faults
    assert [column.role for column in plan.tables[0].columns] == ["meter", "time", "time", "value"]


def test_twenty_four_o_clock_means_ends(tmp_path: Path) -> None:
    ends = [at + STEP for at in LOCAL]
    stamps = [
        f"{at - timedelta(days=1):%Y-%m-%d} 24:00"
        if at.time().isoformat() == "00:00:00"
        else f"{at:%Y-%m-%d %H:%M}"
        for at in ends
    ]
    text = "时间,E1,E2\n" + "".join(f"{s},{value(0, k)},{value(1, k)}\n" for k, s in enumerate(stamps))
    plan, found = take(put(tmp_path, text), register(*METERS))
    assert found == TRUTH
    assert decided(plan, "stamps") == [("end", "twenty-four")]


@pytest.mark.parametrize("kind", ["dates", "text", "serial"])
def test_excel(kind: str, tmp_path: Path) -> None:
    def stamp(at: datetime) -> object:
        serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
        return {"dates": at, "text": at.isoformat(" "), "serial": serial}[kind]

    rows: list[list[object]] = [["日报表"], ["时间", "E1 (kWh)", "E2 (kWh)"]]
    rows += [[stamp(at), float(value(0, k)), float(value(1, k))] for k, at in enumerate(LOCAL)]
    plan, found = take(put_sheet(tmp_path, rows), register(*METERS))
    assert found == TRUTH, plan.faults
    assert plan.tables[0].sheet == "数据" and plan.tables[0].header_row == 2


def test_excel_matrix_with_times_as_times(tmp_path: Path) -> None:
    rows: list[list[object]] = [[*row] for row in matrix_rows(ENDS)]
    rows[0][2:98] = [(k + 1) / 96 for k in range(96)]  # as text they are 0:15 … 24:00
    rows[0][2:98] = ENDS
    plan, found = take(put_sheet(tmp_path, rows), register(*METERS))
    assert found == TRUTH, plan.faults
    assert plan.tables[0].layout == "matrix"


@pytest.mark.parametrize("kind", ["float64", "float32", "decimal", "text", "aware"])
def test_parquet(kind: str, tmp_path: Path) -> None:
    types = {"float32": pl.Float32, "decimal": pl.Decimal(12, 4), "text": pl.String}
    values = [str(v) for _, _, v in TRUTH]
    at = pl.Series(
        [at.replace(tzinfo=None) + timedelta(hours=8) for _, at, _ in TRUTH], dtype=pl.Datetime("us")
    )
    if kind == "aware":
        at = at.dt.replace_time_zone("Asia/Shanghai")
    number = pl.Series(values) if kind == "text" else pl.Series(values).cast(types.get(kind, pl.Float64))
    pl.DataFrame({"meter_id": [m for m, _, _ in TRUTH], "at": at, "value": number}).write_parquet(
        tmp_path / "a.parquet"
    )
    zone = ImportOptions() if kind == "aware" else SHANGHAI
    plan, found = take(tmp_path / "a.parquet", register(*METERS), zone)
    assert found == TRUTH, plan.faults


@pytest.mark.parametrize("scale", [1, 1000])
def test_counted_seconds(scale: int, tmp_path: Path) -> None:
    rows = "".join(f"{m},{int(at.timestamp()) * scale},{v}\n" for m, at, v in TRUTH)
    _, found = take(put(tmp_path, "meter_id,ts,value\n" + rows), register(*METERS), ImportOptions())
    assert found == TRUTH


def test_header_of_two_rows(tmp_path: Path) -> None:
    text = "时间,E1,,E2,\n,有功电能,无功电能,有功电能,无功电能\n"
    text += "".join(f"{at},{value(0, k)},7,{value(1, k)},8\n" for k, at in enumerate(LOCAL))
    plan, found = take(put(tmp_path, text), register(*METERS))
    assert found == TRUTH, plan.faults
    uses = [(column.name, column.role, column.meter) for column in plan.tables[0].columns]
    assert uses[1:3] == [("有功电能", "value", "E1"), ("无功电能", "unknown-meter", "")]


def test_names_that_span_two_rows(tmp_path: Path) -> None:
    text = "表号,日期,时间,示值(kWh),,备注\n,,,总,峰,\nE1,2024-01-01,00:00,5,3,x\n"
    plan, found = take(put(tmp_path, text), register(*METERS), ImportOptions(zone="UTC", value="总"))
    assert found == [("E1", datetime(2024, 1, 1, tzinfo=UTC), Decimal(5))], plan.faults
    assert [column.name for column in plan.tables[0].columns] == ["表号", "日期", "时间", "总", "峰", "备注"]


def test_one_meter_by_option_by_file_and_by_sheet(tmp_path: Path) -> None:
    text = "时间,电量\n" + "".join(f"{at},{value(0, k)}\n" for k, at in enumerate(LOCAL))
    truth = [reading for reading in TRUTH if reading[0] == "E1"]
    by_option = ImportOptions(zone="Asia/Shanghai", meter="E1")
    assert take(put(tmp_path, text, "x.csv"), register(*METERS), by_option)[1] == truth
    by_names = ImportOptions(zone="Asia/Shanghai", names={"电量": "E1"})
    assert take(put(tmp_path, text, "x.csv"), register(*METERS), by_names)[1] == truth
    assert take(put(tmp_path, text, "E1.csv"), register(*METERS))[1] == truth
    rows = [line.split(",") for line in text.splitlines()]
    assert take(put_sheet(tmp_path, rows, "E1.xlsx"), register(*METERS))[1] == truth
    nobody = take(put(tmp_path, text, "x.csv"), register(*METERS))
    assert nobody[1] == [] and "import.no-meter" in codes(nobody[0])


def test_name_of_a_meter_may_differ_in_form(tmp_path: Path) -> None:
    text = "表号,时间,示值\n１＃变,2024-01-01 00:00,1\n000123,2024-01-01 00:00,2\n456,2024-01-01 00:00,3\n"
    _, found = take(put(tmp_path, text), register("1#变", "123", "000456"))
    assert [(meter, str(v)) for meter, _, v in found] == [("000456", "3"), ("1#变", "1"), ("123", "2")]


def test_dry_run_says_what_becomes_of_every_cell(tmp_path: Path) -> None:
    text = (
        "meter_id,at,value\n"
        "E1,2024-01-01 00:00,1.5\nE1,2024-01-01 00:15,--\nE1,2024-01-01 00:30,x\n"
        "E9,2024-01-01 00:00,1\nE1,yesterday,1\nE1,2024-01-01 00:00,1.50\nE1,2024-01-01 01:00,2\nE1,2024-01-01 01:00,3\n"
    )
    file = put(tmp_path, text)
    plan = plan_import([file], meters=register("E1"), options=SHANGHAI)
    rows = pl.concat(read_rows(plan))
    assert rows["row"].to_list() == list(range(2, 10))
    assert rows["verdict"].to_list() == [
        *("repeated", "blank", "bad-value", "unknown-meter", "bad-time", "repeated", "conflict", "conflict")
    ]
    first = rows.row(0, named=True)
    assert (first["raw_stamp"], first["raw_value"], first["value"], first["unit"]) == (
        "2024-01-01 00:00",
        "1.5",
        1.5,
        "kWh",
    )
    assert first["at"] == datetime(2023, 12, 31, 16, tzinfo=UTC)
    assert plan.taken == 4
    assert dict(plan.tables[0].left_out) == {"blank": 1, "unknown-meter": 1, "bad-time": 1, "bad-value": 1}
    assert {fault.code: fault.place.row for fault in plan.faults if fault.place.row} == {
        "metering.unknown-meter": 5,
        "metering.bad-time": 6,
        "metering.bad-value": 4,
        "import.repeated": 7,
        "import.conflict": 9,
    }
    assert fault_of(plan, "import.conflict").context["meter"] == "E1"


def test_encoding_and_separator_are_told(tmp_path: Path) -> None:
    plan, _ = take(put(tmp_path, long_table(separator="\t").encode("gbk")), register(*METERS))
    assert decided(plan, "encoding") == [("gb18030", "data")] and decided(plan, "separator") == [
        ("Tab", "data")
    ]


def test_decisions_speak_both_languages(tmp_path: Path) -> None:
    plan, _ = take(put(tmp_path, matrix_table(ENDS)), register(*METERS))
    words = {decision.subject: decision.words("zh") for decision in plan.tables[0].decisions}
    assert words["stamps"] == ("时间戳所指", "区间末，已换成区间始", "按列标题的时刻")
    assert plan.tables[0].decisions[0].words("en") == (
        "Layout",
        "matrix: a row per day",
        "decided from the data",
    )
    assert plan.fingerprint() and plan.tables[0].columns[-1].role == "ignored"
