"""Bad and hostile files: a clear fault with its place, the rest kept, memory bounded, never a traceback."""
# ruff: noqa: E501 - tables of cases read better in one line each

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import textwrap
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from import_files import SHANGHAI, codes, fault_of, put, put_sheet, register, take

from lingtan.errors import LingtanError, Place
from lingtan.metering.csv_files import load_csv
from lingtan.metering.importing import plan_import, read_batches, read_rows

E1 = register("E1")
HEAD = "meter_id,at,value\n"
GOOD = "E1,2024-01-01 00:00,1\n"
MORE = "E1,2024-01-01 00:15,2\n"


def zip_of(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return packed.getvalue()


def xlsx_bytes(*, encrypted: bool = False) -> bytes:
    if encrypted:
        return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    for row, cells in enumerate((["meter_id", "at", "value"], ["E1", "2024-01-01 00:00", 1])):
        sheet.write_row(row, 0, cells)
    book.close()
    return data.getvalue()


def parquet_bytes() -> bytes:
    data = io.BytesIO()
    pl.DataFrame({"meter_id": ["E1"], "at": ["2024-01-01 00:00"], "value": [1.0]}).write_parquet(data)
    return data.getvalue()


WHOLE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.csv", b"", "import.empty"),
    "blanks": ("a.csv", b"\n\n  \n", "import.empty"),
    "header only": ("a.csv", HEAD.encode(), "import.header-only"),
    "html": ("a.csv", b"<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table>", "import.html"),
    "html as xls": ("a.xls", b"\xef\xbb\xbf <html xmlns:x='urn'>", "import.html"),
    "json": ("a.csv", b'{"error": "login"}', "import.no-table"),
    "pdf": ("a.csv", b"%PDF-1.7 ...", "import.no-table"),
    "binary": ("a.csv", bytes(range(256)) * 40, "import.not-text"),
    "password": ("a.xlsx", xlsx_bytes(encrypted=True), "dossier.encrypted-workbook"),
    "broken xlsx": ("a.xlsx", xlsx_bytes()[:400], "metering.unreadable"),
    "broken parquet": ("a.parquet", parquet_bytes()[:-20], "metering.unreadable"),
    "parquet of nothing": ("a.parquet", b"PAR1", "metering.unreadable"),
    "broken gzip": ("a.csv.gz", gzip.compress((HEAD + GOOD * 5000).encode(), mtime=0)[:60], "metering.unreadable"),
    "no gzip": ("a.csv.gz", b"\x1f\x8b", "metering.unreadable"),
    "gzip in gzip": ("a.csv.gz", gzip.compress(gzip.compress(HEAD.encode(), mtime=0), mtime=0), "import.nested-archive"),
    "zip in zip": ("a.zip", zip_of(b_dot_zip=zip_of(c_dot_csv=HEAD.encode())), "import.nested-archive"),
    "path traversal": ("a.zip", zip_of(**{"..__..__etc__x_dot_csv": HEAD.encode()}), "dossier.unsafe-name"),
    "xlsb": ("a.xlsb.zip", zip_of(xl__workbook_dot_bin=b"x"), "import.no-table"),
    "prose": ("a.txt", "尊敬的客户：\n附件为本月账单。\n".encode(), "metering.file-ignored"),
    "no time": ("a.csv", b"meter_id,value\nE1,1\nE1,2\n", "metering.file-ignored"),
    "no value": ("a.csv", b"meter_id,at,note,other\nE1,2024-01-01 00:00,a,b\n", "metering.missing-column"),
    "only times": ("a.csv", b"at,note\n2024-01-01 00:00,a\n2024-01-01 00:15,b\n", "import.no-values"),
    "no readings at all": ("a.csv", b"at,other\n2024-01-01 00:00,\n2024-01-01 00:15,\n", "import.no-meter"),
    "other endings": ("a.docx", b"PK", "metering.file-ignored"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_that_cannot_be_used(kind: str, tmp_path: Path) -> None:
    name, content, code = WHOLE[kind]
    plan, found = take(put(tmp_path, content, name), E1)
    assert not found and code in codes(plan), plan.faults
    fault = next(fault for fault in plan.faults if fault.code == code)
    assert fault.place.file.startswith(name) or "unsafe" in code
    assert not any(str(tmp_path) in str(fault) for fault in plan.faults)


def test_a_bad_file_does_not_keep_others_out(tmp_path: Path) -> None:
    for kind, (name, content, _) in WHOLE.items():
        put(tmp_path, content, f"in/{kind.replace(' ', '-')}-{name}")
    put(tmp_path, HEAD + GOOD, "in/good.csv")
    put(tmp_path, zip_of(html_dot_csv=b"<html>", good_dot_csv=(HEAD + MORE).encode()), "in/z.zip")
    plan, found = take(tmp_path / "in", E1)
    assert len(found) == 2
    assert set(plan.digests) == {"good.csv", "z.zip/good.csv", "header-only-a.csv"}


@pytest.mark.parametrize(("name", "content"), [("a.csv", xlsx_bytes()), ("a.txt", parquet_bytes()), ("a.xlsx", (HEAD + GOOD).encode()), ("a.csv", gzip.compress((HEAD + GOOD).encode(), mtime=0))])  # fmt: skip
def test_the_content_tells_what_a_file_is(name: str, content: bytes, tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, content, name), E1)
    assert len(found) == 1 and not plan.has_errors
    assert ("import.other-kind" in codes(plan)) == (not content.startswith(b"\x1f\x8b"))


BAD_LINES: dict[str, tuple[bytes, str, int]] = {
    "nul": (b"E1,2024-01-01 00:05,\x009\n", "import.nul", 3),
    "undecodable": (b"E1,2024-01-01 00:05,\xff\xff\n", "import.undecodable", 3),
    "too many cells": (b"E1,2024-01-01 00:05,1,234\n", "import.ragged", 3),
    "open quote": (b'E1,"2024-01-01 00:05,9\n', "import.broken-quotes", 3),
    "control characters": ("E\u202e1,2024-01-01 00:05,9\n".encode(), "import.bad-meter", 3),
    "unknown meter": (b"E2,2024-01-01 00:05,9\n", "metering.unknown-meter", 3),
}


@pytest.mark.parametrize("kind", BAD_LINES)
def test_a_bad_line_is_told_and_its_neighbours_are_kept(kind: str, tmp_path: Path) -> None:
    line, code, row = BAD_LINES[kind]
    plan, found = take(put(tmp_path, (HEAD + GOOD).encode() + line + MORE.encode()), E1)
    assert [int(v) for *_, v in found] == [1, 2]
    assert fault_of(plan, code).place.row == row
    assert plan.left_out == 1


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_tail_of_nul_bytes_from_a_power_cut(end: str, tmp_path: Path) -> None:
    content = (HEAD + GOOD + MORE).replace("\n", end).encode() + bytes(5000)
    plan, found = take(put(tmp_path, content), E1)
    assert len(found) == 2 and fault_of(plan, "import.nul").place.row == 4


def test_utf_16_without_mark(tmp_path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        _, found = take(put(tmp_path, (HEAD + GOOD + MORE).encode(encoding)), E1)
        assert len(found) == 2


def test_bad_lines_are_counted_not_told_one_by_one(tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, HEAD + GOOD + "E1,2024-01-01 00:05,1,234\n" * 500 + MORE), E1)
    assert len(found) == 2 and plan.left_out == 500
    assert fault_of(plan, "import.ragged").context["count"] == "500"


def test_carbon_intensity_whose_rows_do_not_fit(tmp_path: Path) -> None:
    file = put(tmp_path, "timestamp_utc,carbon_intensity_kgCO2_per_kWh\n2024-01-01 00:00,0,5\n")
    with pytest.raises(LingtanError) as caught:
        load_csv(file, Place("intensity.csv"), [])
    assert [(fault.code, fault.place.file) for fault in caught.value.faults] == [
        ("metering.ragged", "intensity.csv")
    ]


def test_mixed_encodings_are_read_line_by_line(tmp_path: Path) -> None:
    head = "表号,时间,示值\n"
    lines = [f"甲{k},2024-01-01 00:00,{k}\n" for k in range(4)]
    content = (head + lines[0] + lines[1]).encode() + lines[2].encode("gbk") + lines[3].encode()
    plan, found = take(put(tmp_path, content), register(*(f"甲{k}" for k in range(4))))
    assert [int(v) for *_, v in found] == [0, 1, 2, 3]
    fault = fault_of(plan, "import.mixed-encoding")
    assert (fault.place.row, fault.context["file"], fault.context["line"]) == (4, "utf-8", "gb18030")


def test_short_rows_are_rows_with_blanks(tmp_path: Path) -> None:
    plan, found = take(
        put(tmp_path, "at,E1,E2\n2024-01-01 00:00,1\n2024-01-01 00:15,2,3\n"), register("E1", "E2")
    )
    assert len(found) == 3 and plan.tables[0].left_out == {"blank": 1}


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    plan, found = take(put(tmp_path, "at,E1,E1\n2024-01-01 00:00,1,7\n2024-01-01 00:15,2,8\n"), E1)
    assert [int(v) for *_, v in found] == [1, 2]
    assert fault_of(plan, "import.duplicate-column").place.column == "E1"


def test_nested_columns_are_left_aside(tmp_path: Path) -> None:
    at = [datetime(2024, 1, 1), datetime(2024, 1, 1, 0, 15)]
    pl.DataFrame({"x": [[1], [2]], "at": at, "E1": [1.0, float("nan")], "s": [{"a": 1}, {"a": 2}]}).write_parquet(tmp_path / "a.parquet")  # fmt: skip
    plan, found = take(tmp_path / "a.parquet", E1)
    assert len(found) == 1 and fault_of(plan, "import.nested-columns").context["columns"] == "x, s"
    assert plan.tables[0].left_out == {"blank": 1}


def test_hidden_sheets_stay_hidden(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    for title in ("shown", "hidden"):
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, ["meter_id", "at", "value"])
        sheet.write_row(1, 0, ["E1", f"2024-01-0{len(title) - 4} 00:00", 1])
    sheet.hide()
    book.close()
    plan, found = take(tmp_path / "a.xlsx", E1)
    assert len(found) == 1 and fault_of(plan, "import.hidden-sheet").place.sheet == "hidden"


@pytest.mark.parametrize("typed", [True, False])
def test_workbooks_that_count_from_1904(typed: bool, tmp_path: Path) -> None:
    at = datetime(2024, 1, 1, 0, 15)
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(["meter_id", "at", "value"])
    sheet.append(["E1", at if typed else (at - datetime(1904, 1, 1)) / timedelta(days=1), 1])
    book.save(tmp_path / "a.xlsx")
    _, found = take(tmp_path / "a.xlsx", E1)
    assert [moment.replace(tzinfo=None) for _, moment, _ in found] == [at - timedelta(hours=8)]


def test_several_sheets_each_with_its_place(tmp_path: Path) -> None:
    put_sheet(
        tmp_path,
        [["meter_id", "at", "value"], ["E1", "2024-01-01 00:00", "x"], ["E1", "2024-01-01 00:15", 1]],
    )
    plan, _ = take(tmp_path / "readings.xlsx", E1)
    place = fault_of(plan, "metering.bad-value").place
    assert (place.sheet, place.row, place.column) == ("数据", 2, "value")


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path, HEAD + GOOD, "outside.csv")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.csv").symlink_to(outside)
    plan, found = take(tmp_path / "in", E1)
    assert not found and "dossier.unsafe-name" in codes(plan)


def test_missing_path(tmp_path: Path) -> None:
    plan, _ = take(tmp_path / "none.csv", E1)
    assert fault_of(plan, "metering.unreadable").place.file == "none.csv"


def test_time_column_without_time(tmp_path: Path) -> None:
    plan, _ = take(put(tmp_path, "E1,E2\n1,2\n3,4\n"), register("E1", "E2"))
    assert fault_of(plan, "metering.no-time-column").context["meters"] == "E1, E2"
    plan, _ = take(put(tmp_path, "导出,x\n2024-01-01,5\n", "b.csv"), E1)
    assert "import.no-meter" in codes(plan)


def test_a_file_changed_after_the_dry_run_is_refused(tmp_path: Path) -> None:
    file = put(tmp_path, HEAD + GOOD)
    plan = plan_import([file], meters=E1, options=SHANGHAI)
    file.write_text(HEAD + GOOD + MORE)
    for read in (read_batches, read_rows):
        with pytest.raises(LingtanError) as caught:
            list(read(plan))  # type: ignore[operator]
        assert caught.value.faults[0].code == "import.changed"


def test_gzip_bomb_is_stopped_early(tmp_path: Path) -> None:
    content = (HEAD + GOOD).encode() + b"0" * (300 << 20)
    plan, _ = take(put(tmp_path, gzip.compress(content, 9, mtime=0), "a.csv.gz"), E1)
    fault = fault_of(plan, "import.bomb")
    assert int(fault.context["size"]) < 60 << 20


def test_zip_bomb_is_refused(tmp_path: Path) -> None:
    plan, _ = take(put(tmp_path, zip_of(a_dot_csv=bytes(50 << 20)), "a.zip"), E1)
    assert "dossier.archive-bomb" in codes(plan)


def test_a_line_without_end_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("wb") as stream:
        stream.write((HEAD + GOOD).encode())
        for _ in range(300):
            stream.write(b"E1,2024-01-01 00:05," + b"1" * (1 << 20))
        stream.write(b"\n" + MORE.encode())
    script = """
        import resource, sys
        from pathlib import Path
        from lingtan.metering.importing import ImportOptions, plan_import
        small = plan_import([Path(sys.argv[2])], options=ImportOptions(zone="UTC"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        plan = plan_import([Path(sys.argv[1])], options=ImportOptions(zone="UTC"))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        faults = [(f.code, f.place.row) for f in plan.faults if f.severity == "error"]
        print(plan.taken, plan.left_out, faults, (after - before) // 1024)
    """
    small = put(tmp_path, HEAD + GOOD, "small.csv")
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(file), str(small)],
        capture_output=True,
        text=True,
        check=True,
    )
    told, megabytes = ran.stdout.rsplit(" ", 1)
    assert told == "2 1 [('import.line-too-long', 3)]"
    assert int(megabytes) < 150, megabytes


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.sampled_from([".csv", ".xlsx", ".parquet", ".zip", ".csv.gz"]))
def test_any_bytes_give_faults_and_no_traceback(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    plan, found = take(put(folder, data, f"a{ending}"), E1)
    assert plan.faults and not found


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=8))
def test_any_table_gives_faults_and_no_traceback(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    text = HEAD + GOOD + "\n".join(",".join(cells) for cells in rows)
    _, found = take(put(folder, text.encode("utf-8", "surrogatepass")), E1)
    assert ("E1", datetime.fromisoformat("2023-12-31T16:00Z"), 1) in found
