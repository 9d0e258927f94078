"""Bad input of many kinds: each gives a readable fault with its place, and never a traceback."""
# ruff: noqa: E501 - tables of cases read better in one line each

import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from dossier_files import (
    BOUNDARY,
    ENERGY,
    ENERGY_HEAD,
    ENTERPRISES,
    FILES,
    PARK,
    energy,
    folder_of,
    workbook_of,
    zip_of,
)

from lingtan.dossier.reading import check_dossier, read_dossier
from lingtan.errors import DossierError, Fault

ENERGY_FILE = "registers/energy_activity.csv"
ENTERPRISES_FILE = "registers/enterprises.csv"
GOOD = "2024-01,E001,electricity,purchased,,100,MWh,bill"


@dataclass(frozen=True)
class Kind:
    """A kind of bad input: how to make it, and the fault that must be among those found."""

    id: str
    make: Callable[[Path], Path]
    code: str
    file: str = ""
    row: int = 0
    column: str = ""
    sheet: str = ""


def row_of(text: str, code: str, column: str, **place: object) -> Callable[[str], Kind]:
    """A row of energy_activity that is wrong in one column."""
    return lambda id: Kind(
        id,
        lambda where: folder_of(where, {ENERGY_FILE: energy(GOOD, text)}),
        f"dossier.{code}",
        ENERGY_FILE,
        3,
        column,
    )


def enterprise(cells: str, code: str, column: str, header: str = "") -> Callable[[str], Kind]:
    """A row of enterprises with one more column that is wrong."""
    text = f"enterprise,name,role,above_scale,key_enterprise,{header}\nE001,甲,tenant,yes,no,{cells}\n"
    return lambda id: Kind(
        id,
        lambda where: folder_of(where, {ENTERPRISES_FILE: text}),
        f"dossier.{code}",
        ENTERPRISES_FILE,
        2,
        column,
    )


def file_of(
    name: str, content: str | bytes | None, code: str, row: int = 0, column: str = ""
) -> Callable[[str], Kind]:
    """A whole file that is wrong."""
    full = code if code.startswith("document.") else f"dossier.{code}"
    return lambda id: Kind(id, lambda where: folder_of(where, {name: content}), full, name, row, column)


def sheet_of(title: str, rows: list[list[object]], code: str, row: int, column: str) -> Callable[[str], Kind]:
    """A sheet of a workbook that is wrong."""
    return lambda id: Kind(
        id,
        lambda where: workbook_of(where, {title: rows}),
        f"dossier.{code}",
        "park.xlsx",
        row,
        column,
        title,
    )


def in_sheet(value: object, code: str, column: str) -> Callable[[str], Kind]:
    """One cell of the sheet energy_activity that is wrong."""
    names = ENERGY_HEAD.split(",")
    cells: list[object] = ["2024-01", "E001", "electricity", "purchased", None, 100, "MWh", "bill"]
    cells[names.index(column)] = value
    return sheet_of("energy_activity", [list(names), cells], code, 2, column)


def boundary_of(text: str, code: str) -> Callable[[str], Kind]:
    """A boundary that is wrong."""
    return file_of("boundary.geojson", text, code)


def polygon(*points: str) -> str:
    return '{"type":"Polygon","coordinates":[[' + ",".join(f"[{point}]" for point in points) + "]]}"


KINDS: dict[str, Callable[[str], Kind]] = {
    # numbers
    "words where a number belongs": row_of("2024-02,E001,electricity,purchased,,很多,MWh,bill", "not-a-number", "quantity"),
    "NaN": row_of("2024-02,E001,electricity,purchased,,NaN,MWh,bill", "not-finite", "quantity"),
    "infinity": row_of("2024-02,E001,electricity,purchased,,-inf,MWh,bill", "not-finite", "quantity"),
    "negative quantity": row_of("2024-02,E001,electricity,purchased,,-5,MWh,bill", "negative-number", "quantity"),
    "comma that may be a decimal point": row_of('2024-02,E001,electricity,purchased,,"1,5",MWh,bill', "ambiguous-number", "quantity"),
    "thousands in wrong groups": row_of('2024-02,E001,electricity,purchased,,"12,34,567",MWh,bill', "ambiguous-number", "quantity"),
    "unit in the cell of a number": row_of("2024-02,E001,electricity,purchased,,12 MWh,MWh,bill", "number-with-unit", "quantity"),
    "percent sign in a column without percent": row_of("2024-02,E001,electricity,purchased,,12%,MWh,bill", "percent-not-expected", "quantity"),
    "exponent beyond reason": row_of("2024-02,E001,electricity,purchased,,1e300,MWh,bill", "number-out-of-range", "quantity"),
    "count with a fraction": enterprise("210.5", "not-whole", "employees", "employees"),
    "above the maximum": file_of("registers/fuel_properties.csv", "enterprise,carrier,oxidation_percent\nE001,diesel,101\n", "percent-above-100", 2, "oxidation_percent"),
    "percentage multiplied by 100": file_of("registers/fuel_properties.csv", "enterprise,carrier,oxidation_percent\nE001,diesel,9800\n", "percent-misplaced", 2, "oxidation_percent"),
    "year above the maximum": enterprise("2101", "too-large-number", "carbon_inventory_year", "carbon_inventory_year"),
    "year out of range": enterprise("1969", "too-small", "carbon_inventory_year", "carbon_inventory_year"),
    # required, choices, references, units
    "required cell blank": row_of("2024-02,E001,electricity,purchased,,,MWh,bill", "required-blank", "quantity"),
    "required cell with a dash": row_of("2024-02,E001,electricity,purchased,,—,MWh,bill", "required-blank", "quantity"),
    "unknown choice": row_of("2024-02,E001,electrcity,purchased,,5,MWh,bill", "unknown-choice", "carrier"),
    "neither yes nor no": enterprise("也许", "not-yes-no", "high_tech", "high_tech"),
    "reference to an enterprise that is not there": row_of("2024-02,E0O1,electricity,purchased,,5,MWh,bill", "unknown-reference", "enterprise"),
    "unknown unit": row_of("2024-02,E001,electricity,purchased,,5,度度,bill", "unknown-unit", "unit"),
    "unit with a hostile power": row_of("2024-02,E001,electricity,purchased,,5,m**999999999,bill", "unknown-unit", "unit"),
    "unit that does not measure the carrier": row_of("2024-02,E001,electricity,purchased,,5,m2,bill", "unit-of-carrier", "unit"),
    "unit of another gas": file_of("registers/fuel_properties.csv", "enterprise,carrier,direct_factor,direct_factor_unit\nE001,diesel,0.4,kgCH4/t\n", "unit-of-gas", 2, "direct_factor_unit"),
    "litres of a fuel that goes by weight": row_of("2024-02,E001,diesel,combustion,,5,gallon,bill", "volume-of-carrier", "unit"),
    # dates and periods
    "no such day": enterprise("2024-02-30", "not-in-calendar", "active_from", "active_from"),
    "day or month first": enterprise("05/06/2024", "date-ambiguous", "active_from", "active_from"),
    "words where a date belongs": enterprise("去年", "not-a-date", "active_from", "active_from"),
    "year of a date out of range": enterprise("1889-01-01", "year-out-of-range", "active_from", "active_from"),
    "words where a period belongs": row_of("上月,E001,electricity,purchased,,5,MWh,bill", "not-a-period", "period"),
    "month 13": row_of("2024-13,E001,electricity,purchased,,5,MWh,bill", "not-a-period", "period"),
    "a day where a month belongs": row_of("2024-03-15,E001,electricity,purchased,,5,MWh,bill", "period-is-day", "period"),
    "month that lost its zero": row_of("2024.1,E001,electricity,purchased,,5,MWh,bill", "period-ambiguous", "period"),
    "period outside the reporting year": row_of("2023-12,E001,electricity,purchased,,5,MWh,bill", "outside-reporting-year", "period"),
    "year of one month mistyped": lambda id: Kind(id, lambda where: folder_of(where, {ENERGY_FILE: energy(GOOD, GOOD.replace("-01", "-02"), GOOD.replace("2024-01", "2023-03"))}), "dossier.year-mistyped", ENERGY_FILE, 4, "period"),
    "table of another year": file_of(ENERGY_FILE, ENERGY.replace("2024", "2023"), "table-of-another-year", 2, "period"),
    # rows
    "row handed in twice": row_of(GOOD, "duplicate-row", "period"),
    "same key with other values": row_of(GOOD.replace("100", "101"), "duplicate-key", "period"),
    "row with too few cells": row_of("2024-02,E001,electricity", "short-row", ""),
    "row with too many cells": row_of("2024-02,E001,electricity,purchased,,5,MWh,bill,x", "cell-without-header", "column 9"),
    # text
    "formula error": row_of("2024-02,E001,electricity,purchased,,#DIV/0!,MWh,bill", "formula-error", "quantity"),
    "control characters": row_of("2024-02,E001,electricity,purchased,a\x07b,5,MWh,bill", "control-characters", "item"),
    "cell of 40,000 characters": row_of(f"2024-02,E001,electricity,purchased,{'长' * 40_000},5,MWh,bill", "cell-too-long", "item"),
    "id of 300 characters": row_of(f"2024-02,{'E' * 300},electricity,purchased,,5,MWh,bill", "id-too-long", "enterprise"),
    "id of two lines": row_of('2024-02,"E0\n01",electricity,purchased,,5,MWh,bill', "id-of-several-lines", "enterprise"),
    "formula where a number belongs": row_of("2024-02,E001,electricity,purchased,,=cmd|'/c calc'!A1,MWh,bill", "not-a-number", "quantity"),
    # headers and files of registers
    "header missing": file_of(ENERGY_FILE, "1,2,3\n4,5,6\n", "no-header"),
    "required column missing": file_of(ENERGY_FILE, ENERGY.replace("source", "remark"), "missing-column", 1, "source"),
    "required column misspelt": file_of(ENERGY_FILE, ENERGY.replace("quantity", "quantitty"), "column-misspelt", 1, "quantity"),
    "column twice": file_of(ENERGY_FILE, ENERGY.replace("item", "数量"), "duplicate-header", 1, "quantity"),
    "other unit in the header": file_of("registers/buildings.csv", "building,建筑面积（亩）\nB1,3\n", "wrong-unit-in-header", 1, "floor_area_m2"),
    "empty file": file_of(ENERGY_FILE, "", "empty-file"),
    "NUL bytes": file_of(ENERGY_FILE, ENERGY.encode() + b"\n2024\0,E001", "nul-bytes", 5),
    "no encoding at all": file_of(ENERGY_FILE, b"period\xff\xff\xfe\n\x81\xff\xff", "not-text", 1),
    "quote never closed": file_of(ENERGY_FILE, ENERGY + '2024-03,E001,electricity,purchased,"abc,1,MWh,bill\n', "broken-quotes", 4),
    "register that does not exist": file_of("registers/enrgy_activity.csv", ENERGY, "unknown-table"),
    "two files for one register": file_of("registers/能源活动.csv", ENERGY, "two-tables"),
    # park.yaml
    "park.yaml missing": file_of("park.yaml", None, "no-park"),
    "park.yaml is no YAML": file_of("park.yaml", "id: [a\n", "document.not-yaml", 2),
    "park.yaml with a key twice": file_of("park.yaml", PARK + "id: other\n", "document.duplicate-key", 5, "id"),
    "park.yaml with an unknown key": file_of("park.yaml", PARK + "nmae_en: x\n", "document.unknown-key", 5, "nmae_en"),
    "park.yaml without a name": file_of("park.yaml", PARK.replace("示范园区", ""), "document.missing-key", 2, "name_zh"),
    "park.yaml with an impossible year": file_of("park.yaml", PARK.replace("2024", "20224"), "document.bad-value", 3, "reporting.year"),
    "park.yaml not UTF-8": file_of("park.yaml", PARK.encode("gbk"), "document.not-utf8"),
    "confirmed_empty names no register": file_of("park.yaml", PARK + "confirmed_empty: [incidentz]\n", "confirmed-unknown", 0, "confirmed_empty"),
    "confirmed_empty names a register with rows": file_of("park.yaml", PARK + "confirmed_empty: [enterprises]\n", "confirmed-not-empty", 0, "confirmed_empty"),
    # boundary
    "boundary is no JSON": boundary_of("{", "boundary-not-json"),
    "boundary with NaN": boundary_of(BOUNDARY.replace("121.49", "NaN"), "boundary-not-json"),
    "boundary is a point": boundary_of('{"type":"Point","coordinates":[121,31]}', "boundary-not-polygon"),
    "boundary not closed": boundary_of(polygon("121,31", "121.1,31", "121.1,31.1", "121,31.1"), "boundary-open"),
    "boundary of two corners": boundary_of(polygon("121,31", "121.1,31", "121,31"), "boundary-too-few-corners"),
    "boundary in metres": boundary_of(polygon("13521000,3621000", "13522000,3621000", "13522000,3622000", "13521000,3621000"), "boundary-out-of-range"),
    "longitude and latitude swapped": boundary_of(polygon("31,121", "31,121.1", "31.1,121.1", "31,121"), "boundary-swapped"),
    "boundary crosses itself": boundary_of(polygon("121,31", "121.1,31.1", "121.1,31", "121,31.1", "121,31"), "boundary-crosses"),
    "coordinates are words": boundary_of(polygon('"a",1', "1,2", "2,2", "1,1"), "boundary-bad-coordinates"),
    "drawn area far from the stated one": file_of("park.yaml", PARK.replace("2123000", "4000000"), "boundary-area-differs"),
    # evidence
    "evidence that is not listed": file_of(ENERGY_FILE, ENERGY.replace("source", "source,evidence").replace("bill", "bill,EV9"), "evidence-unknown", 2, "evidence"),
    "evidence without its file": file_of("evidence/evidence.csv", "id,title,file\nEV1,账单,a.pdf\n", "evidence-file-missing", 2, "file"),
    "evidence file that no row lists": lambda id: Kind(id, lambda where: folder_of(where, {"evidence/a.txt": "x"}), "dossier.evidence-not-listed", "evidence/a.txt"),
    "evidence that was changed": lambda id: Kind(id, lambda where: folder_of(where, {"evidence/a.txt": "x", "evidence/evidence.csv": f"id,title,file,sha256\nEV1,t,a.txt,{'0' * 64}\n"}), "dossier.evidence-changed", "evidence/evidence.csv", 2, "sha256"),
    # workbooks
    "error value in a workbook": in_sheet("#REF!", "formula-error", "quantity"),
    "formula never calculated": in_sheet("=1+1", "formula-not-calculated", "quantity"),
    "number that became a date": in_sheet((datetime(2024, 1, 5), "yyyy-mm-dd"), "number-became-date", "quantity"),
    "truth value where a number belongs": in_sheet(True, "not-a-number", "quantity"),
    "percent format in a column without percent": in_sheet((0.5, "0%"), "percent-not-expected", "quantity"),
    "id that became a date": in_sheet((date(2024, 1, 2), "yyyy-mm-dd"), "id-became-date", "enterprise"),
    "id that lost its digits": in_sheet(123456789012345678, "id-lost-digits", "enterprise"),
    "day in a period column of a workbook": in_sheet((date(2024, 1, 15), "yyyy-mm-dd"), "period-is-day", "period"),
    "period stored as the number 2024.1": in_sheet(2024.1, "period-ambiguous", "period"),
    "sheet that is no register": sheet_of("能耗汇总", [["a"], ["b"]], "foreign-table", 0, ""),
    "renamed sheet of a register": sheet_of("用水（改）", [["a"], ["b"]], "unknown-table", 0, ""),
    "two sheets for one register": sheet_of("企业", [["企业编号"], ["E1"]], "two-tables", 0, ""),
    "key twice on the sheet park": lambda id: Kind(id, lambda where: workbook_of(where, {"park": [["key", "value"], ["id", "a"], ["id", "b"], ["name_zh", "c"], ["reporting.year", 2024]]}), "document.duplicate-key", "park.xlsx", 3, "id", "park"),
    "boundary sheet with words": sheet_of("boundary", [["longitude", "latitude"], ["东", 31], [121, 31]], "not-a-number", 2, "longitude"),
}  # fmt: skip


def faults_of(path: Path) -> tuple[Fault, ...]:
    """Through the public readers, which must agree."""
    checked = check_dossier(path)
    try:
        assert read_dossier(path).faults == checked
    except DossierError as error:
        assert error.faults == checked
    return checked


def assert_readable(faults: tuple[Fault, ...]) -> None:
    """Words in both languages, filled in; nothing left over and nothing invisible."""
    for fault in faults:
        for language in ("zh", "en"):
            words = fault.words(language)  # type: ignore[arg-type]
            for text in (words.what, words.why, words.mend):
                assert text and "\x07" not in text and "\u202e" not in text
                assert not any(f"{{{name}}}" in text for name in ("label", "given", "hint", "count", "limit"))
        assert fault.as_dict()["code"] == fault.code


@pytest.mark.parametrize("name", sorted(KINDS))
def test_bad_input(name: str, tmp_path: Path) -> None:
    kind = KINDS[name](name)
    faults = faults_of(kind.make(tmp_path))
    assert_readable(faults)
    found = [fault for fault in faults if fault.code == kind.code]
    assert found, [(fault.code, str(fault.place)) for fault in faults]
    places = [(f.place.file, f.place.sheet, f.place.row, f.place.column) for f in found]
    expected = (kind.file, kind.sheet, kind.row, kind.column)
    if kind.code in ("dossier.no-park", "dossier.boundary-area-differs", "document.not-utf8"):
        assert places
    else:
        assert expected in places


def test_at_least_forty_five_kinds() -> None:
    assert len(KINDS) >= 45


def test_the_dossier_that_the_kinds_spoil_is_right(tmp_path: Path) -> None:
    assert faults_of(folder_of(tmp_path)) == ()
    assert {fault.severity for fault in faults_of(workbook_of(tmp_path))} <= {"note"}


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    files = {
        "park.yaml": PARK + "nmae: x\n",
        "boundary.geojson": "{",
        ENERGY_FILE: energy("x,E9,coal,purchased,,-1,??,bill"),
    }
    codes = {fault.code for fault in faults_of(folder_of(tmp_path, files))}
    assert codes >= {
        "document.unknown-key", "dossier.boundary-not-json", "dossier.not-a-period", "dossier.unknown-reference",
        "dossier.unknown-choice", "dossier.negative-number", "dossier.unknown-unit",
    }  # fmt: skip


def test_nothing_is_written_while_reading(tmp_path: Path) -> None:
    root = folder_of(tmp_path, {ENERGY_FILE: energy("x,E9,coal,purchased,,-1,??,bill")})
    before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    faults_of(root)
    assert {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()} == before


# hostile input


def code_of(path: Path) -> set[str]:
    faults = faults_of(path)
    assert_readable(faults)
    return {fault.code for fault in faults}


def test_zip_bomb(tmp_path: Path) -> None:
    path = zip_of(tmp_path, {"registers/meters.csv": b"0" * 60_000_000})
    assert path.stat().st_size < 100_000
    assert code_of(path) == {"dossier.archive-bomb"}


def test_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    path = zip_of(tmp_path, {"registers/meters.csv": b"0" * 60_000_000})
    raw = path.read_bytes().replace(struct.pack("<I", 60_000_000), struct.pack("<I", 100))
    path.write_bytes(raw)
    assert "dossier.damaged" in code_of(path)


@pytest.mark.parametrize(
    "name", ["../outside.csv", "/etc/outside.csv", "registers/../../x.csv", "C:x.csv", "a\\b.csv"]
)
def test_path_traversal_in_a_zip(name: str, tmp_path: Path) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    path = zip_of(inner)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    assert code_of(path) == {"dossier.unsafe-name"}
    assert not (tmp_path / "outside.csv").exists()


def test_link_that_leads_out_of_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("x", encoding="utf-8")
    root = folder_of(tmp_path, {"evidence/evidence.csv": "id,title,file\nEV1,t,secret.txt\n"})
    (root / "evidence" / "secret.txt").symlink_to(secret)
    dossier = read_dossier(root)
    assert dossier.evidence_files == {}
    assert "dossier.unsafe-name" in {fault.code for fault in dossier.faults}


def test_workbook_with_entity_expansion(tmp_path: Path) -> None:
    source, target = workbook_of(tmp_path), tmp_path / "evil.xlsx"
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            raw = old.read(info)
            new.writestr(info.filename, entities + raw if info.filename.endswith("sheet1.xml") else raw)
    assert code_of(target) == {"dossier.workbook-entities"}


def test_workbook_with_one_cell_at_the_end_of_the_world(tmp_path: Path) -> None:
    rows: list[list[object]] = [["enterprise"], ["E1"]]
    path = workbook_of(tmp_path, {"enterprises": rows})
    import openpyxl

    book = openpyxl.load_workbook(path)
    book["enterprises"]["XFD1048576"] = "x"
    book.save(path)
    book.close()
    assert code_of(path) == {"dossier.stray-cell"}


def test_truncated_workbook(tmp_path: Path) -> None:
    path = workbook_of(tmp_path)
    path.write_bytes(path.read_bytes()[:-400])
    assert code_of(path) == {"dossier.workbook-damaged"}


def test_password_protected_workbook(tmp_path: Path) -> None:
    path = tmp_path / "park.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    assert code_of(path) == {"dossier.encrypted-workbook"}


def test_encrypted_zip(tmp_path: Path) -> None:
    path = zip_of(tmp_path)
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        raw[at + 8] |= 1
        at = raw.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(raw))
    assert code_of(path) == {"dossier.encrypted"}


def test_nothing_there(tmp_path: Path) -> None:
    assert code_of(tmp_path / "absent") == {"dossier.not-found"}
    assert code_of(tmp_path / ("x" * 300)) == {"dossier.unreadable"}


def test_other_kinds_of_files(tmp_path: Path) -> None:
    for name, raw in (("a.docx.txt", b"hello"), ("b.pdf", b"%PDF-1.7"), ("c", bytes(range(256)) * 20)):
        (tmp_path / name).write_bytes(raw)
        assert code_of(tmp_path / name) == {"dossier.not-a-dossier"}
    (tmp_path / "d.xlsx").write_bytes(b"")
    assert code_of(tmp_path / "d.xlsx") == {"dossier.empty-file"}
    (tmp_path / "e.xlsx").write_bytes(b"period,enterprise\n")
    assert code_of(tmp_path / "e.xlsx") == {"dossier.workbook-damaged"}


def test_folder_where_a_file_belongs(tmp_path: Path) -> None:
    root = folder_of(tmp_path, {"park.yaml": None})
    (root / "park.yaml").mkdir()
    assert code_of(root) == {"dossier.no-park"}


def test_zip_without_a_park_and_workbook_without_its_sheet(tmp_path: Path) -> None:
    assert code_of(zip_of(tmp_path, {"park.yaml": None})) == {"dossier.no-park"}
    assert code_of(workbook_of(tmp_path, {"park": None})) == {"dossier.no-park-sheet"}


def test_formula_like_text_stays_text(tmp_path: Path) -> None:
    evil = "=cmd|'/c calc'!A1"
    text = ENTERPRISES.replace("甲公司", evil).replace("乙公司", "名" * 300)
    rows = read_dossier(folder_of(tmp_path, {ENTERPRISES_FILE: text})).rows["enterprises"]
    assert rows[0].text("name") == evil
    assert rows[1].text("name") == "名" * 300


def test_right_to_left_marks_are_left_out_and_said(tmp_path: Path) -> None:
    text = ENTERPRISES.replace("甲公司", "甲\u202e公司")
    dossier = read_dossier(folder_of(tmp_path, {ENTERPRISES_FILE: text}))
    assert dossier.rows["enterprises"][0].text("name") == "甲公司"
    (note,) = dossier.faults
    assert (note.code, note.severity) == ("dossier.invisible-characters", "note")
    assert "<U+202E>" in note.words("zh").what


def test_long_tables_of_rubbish_are_summed_up(tmp_path: Path) -> None:
    rows = [f"2024-01,E001,electricity,purchased,{n},x{n},MWh,bill" for n in range(5_000)]
    faults = faults_of(folder_of(tmp_path, {ENERGY_FILE: energy(*rows)}))
    assert len([fault for fault in faults if fault.code == "dossier.not-a-number"]) == 200
    (more,) = [fault for fault in faults if fault.code == "dossier.more-alike"]
    assert more.context["count"] == "4800"


def test_two_hundred_thousand_rows(tmp_path: Path) -> None:
    rows = [f"2024-{n % 12 + 1:02d},E001,electricity,purchased,{n},{n}.5,MWh,bill" for n in range(200_000)]
    dossier = read_dossier(folder_of(tmp_path, {ENERGY_FILE: energy(*rows)}))
    assert len(dossier.rows["energy_activity"]) == 200_000
    assert dossier.faults == ()


def test_the_right_files_are_listed() -> None:
    assert set(FILES) == {"park.yaml", "boundary.geojson", ENTERPRISES_FILE, ENERGY_FILE}
