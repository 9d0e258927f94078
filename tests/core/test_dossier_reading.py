"""Reading is forgiving where the meaning is certain, and says so; and finds what stands where."""
# ruff: noqa: E501 - tables of cases read better in one line each

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from dossier_files import ENERGY, ENERGY_HEAD, ENTERPRISES, PARK, energy, folder_of, workbook_of, zip_of

from lingtan.dossier.reading import read_dossier
from lingtan.dossier.records import Cell, Dossier
from lingtan.dossier.registers import registers
from lingtan.errors import DossierError
from lingtan.periods import Period

ENERGY_FILE = "registers/energy_activity.csv"
ENTERPRISES_FILE = "registers/enterprises.csv"
BILL_SHA256 = "623210167553939c87ed8c5f2bfe0b3e0684e12c3a3dd2513613c4e67263b5a1"  # printf bill | sha256sum


def codes(dossier: Dossier) -> set[str]:
    return {fault.code.removeprefix("dossier.") for fault in dossier.faults}


def cell_of(
    where: Path, column: str, written: str, register: str = "energy_activity"
) -> tuple[Cell, set[str]]:
    """One cell of a CSV file, quoted, and the codes of the notes it gave."""
    names = ENERGY_HEAD.split(",")
    cells = ["2024-01", "E001", "electricity", "purchased", "", "100", "MWh", "bill"]
    if column not in names:
        names.append(column)
        cells.append("")
    cells[names.index(column)] = '"' + written.replace('"', '""') + '"'
    text = f"{','.join(names)}\n{','.join(cells)}\n"
    dossier = read_dossier(folder_of(where, {ENERGY_FILE: text}))
    assert all(fault.severity != "error" for fault in dossier.faults), dossier.faults
    return dossier.rows[register][0].values[column], codes(dossier)


@pytest.mark.parametrize(
    ("column", "written", "value", "note"),
    [
        ("quantity", "1234.5", Decimal("1234.5"), ""),
        ("quantity", "１２３４．５", Decimal("1234.5"), "full-width"),
        ("quantity", "1,234.5", Decimal("1234.5"), "thousands-separators"),
        ("quantity", "1，234，567", Decimal("1234567"), "thousands-separators"),
        ("quantity", "1 234 567.5", Decimal("1234567.5"), "thousands-separators"),
        ("quantity", "1.2e3", Decimal("1200"), ""),
        ("quantity", " 7 ", Decimal("7"), "blanks-trimmed"),
        ("quantity", "0.30000000000000004", Decimal("0.30000000000000004"), ""),
        ("period", "2024年1月", Period(2024, 1), ""),
        ("period", "2024/01", Period(2024, 1), ""),
        ("period", "202401", Period(2024, 1), ""),
        ("period", "2024-01-01", Period(2024, 1), "period-from-date"),
        ("period", "２０２４－０１", Period(2024, 1), "full-width"),
        ("period", "45292", Period(2024, 1), "period-from-date"),
        ("period", "2024", Period(2024), ""),
        ("carrier", "电力", "electricity", ""),
        ("carrier", "Electricity", "electricity", ""),
        ("carrier", " ELECTRICITY ", "electricity", "blanks-trimmed"),
        ("unit", "万kWh", "万kWh", ""),
        ("unit", "KWH", "kWh", "unit-spelling"),
        ("unit", "Kwh", "kWh", "unit-spelling"),
        ("unit", "MWH", "MWh", "unit-spelling"),
        ("item", "—", None, "blank-word"),
        ("item", "N/A", None, "blank-word"),
        ("item", "无数据", None, "blank-word"),
        ("item", "（一期）", "（一期）", ""),
        ("item", "a\r\nb", "a\nb", ""),
        ("enterprise", "Ｅ００１", "E001", "full-width"),
        ("enterprise", "E001\u200b", "E001", "invisible-characters"),
        ("evidence", "EV1、EV2，EV3", "EV1;EV2;EV3", "evidence-separators"),
        ("evidence", "EV1; EV2", "EV1;EV2", ""),
    ],
)
def test_forgiving_cells(column: str, written: str, value: Cell, note: str, tmp_path: Path) -> None:
    found, notes = cell_of(tmp_path, column, written)
    assert found == value
    assert notes - {"evidence-unknown"} >= ({note} if note else set())
    if not note:
        assert notes <= {"evidence-unknown"}


@pytest.mark.parametrize(
    ("written", "value"),
    [("是", True), ("否", False), ("有", True), ("无", False), ("√", True), ("×", False), ("TRUE", True), ("0", False),
     ("yes", True), ("No", False), ("１", True), ("/", None), ("", None)],
)  # fmt: skip
def test_yes_and_no(written: str, value: bool | None, tmp_path: Path) -> None:
    text = f"enterprise,name,role,above_scale,key_enterprise,high_tech\nE001,甲,tenant,yes,no,{written}\n"
    dossier = read_dossier(folder_of(tmp_path, {ENTERPRISES_FILE: text}))
    assert dossier.rows["enterprises"][0].values["high_tech"] is value


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-01",
        "2021/3/1",
        "2021.3.1",
        "2021年3月1日",
        "20210301",
        "44256",
        "2021-03-01 00:00:00",
        "２０２１-03-01",
    ],
)
def test_dates(written: str, tmp_path: Path) -> None:
    text = f"enterprise,name,role,above_scale,key_enterprise,active_from\nE001,甲,tenant,yes,no,{written}\n"
    dossier = read_dossier(folder_of(tmp_path, {ENTERPRISES_FILE: text}))
    assert dossier.rows["enterprises"][0].values["active_from"] == date(2021, 3, 1)  # 44256 in Excel


def test_what_was_taken_is_said(tmp_path: Path) -> None:
    head = "enterprise,name,role,above_scale,key_enterprise,active_from,active_to,carbon_inventory_year"
    text = f"{head}\nE001,甲,tenant,√,无,45292,2024-02-01 08:30:00,2023年\n"
    dossier = read_dossier(folder_of(tmp_path, {ENTERPRISES_FILE: text, "草稿.txt": "x"}))
    values = dossier.rows["enterprises"][0].values
    assert (values["active_from"], values["active_to"]) == (date(2024, 1, 1), date(2024, 2, 1))
    assert values["carbon_inventory_year"] == 2023
    assert codes(dossier) == {"excel-serial", "time-dropped", "year-word", "answer-word", "unknown-file"}


def test_what_was_taken_from_a_workbook_is_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ENERGY_HEAD.split(","),
        [
            "2024-01",
            "E001",
            "electricity",
            "purchased",
            (date(2024, 5, 1), "yyyy-mm-dd"),
            "12.5",
            "MWh",
            "bill",
        ],
    ]
    dossier = read_dossier(workbook_of(tmp_path, {"energy_activity": rows}))
    (row,) = dossier.rows["energy_activity"]
    assert (row.number("quantity"), row.text("item")) == (Decimal("12.5"), "2024-05-01")
    assert {(fault.code, fault.severity) for fault in dossier.faults} == {
        ("dossier.number-as-text", "note"),
        ("dossier.date-as-text", "warning"),
    }


def test_percent_sign_in_a_percent_column(tmp_path: Path) -> None:
    text = "enterprise,carrier,oxidation_percent\nE001,diesel,98%\n"
    dossier = read_dossier(folder_of(tmp_path, {"registers/fuel_properties.csv": text}))
    assert dossier.rows["fuel_properties"][0].values["oxidation_percent"] == 98
    assert codes(dossier) == {"percent-sign"}


def test_notes_are_counted_per_column(tmp_path: Path) -> None:
    rows = [f'2024-{m:02d},E001,electricity,purchased,,"{m},000",MWh,bill' for m in range(1, 13)]
    (note,) = read_dossier(folder_of(tmp_path, {ENERGY_FILE: energy(*rows)})).faults
    assert note.code == "dossier.thousands-separators"
    assert (note.place.row, note.place.column, note.context["count"]) == (2, "quantity", "12")


# headers


@pytest.mark.parametrize(
    "header",
    [
        "期间,企业编号,能源品种,去向,分项,数量,单位,数据来源",
        "Period,Enterprise id,Carrier,Use,Item,Quantity,Unit,Source",
        "期间/Period,企业编号 Enterprise id,能源品种（carrier）,去向 / use,分项,数量 *,单位,数据来源",
        "ＰＥＲＩＯＤ, enterprise ,CARRIER,Use,item,quantity（必填）,unit,source",
        "某园区2024年能耗台账,,,,,,,\n期间,企业编号,能源品种,去向,分项,数量,单位,数据来源",
        "期间,企业编号,能源品种,去向,分项,数量,单位,数据来源\nperiod,enterprise,carrier,use,item,quantity,unit,source",
    ],
)
def test_headers_in_every_dress(header: str, tmp_path: Path) -> None:
    text = f"{header}\n2024-01,E001,electricity,purchased,,100,MWh,bill\n"
    dossier = read_dossier(folder_of(tmp_path, {ENERGY_FILE: text}))
    (row,) = dossier.rows["energy_activity"]
    assert (row.number("quantity"), row.place.row) == (Decimal(100), text.count("\n"))
    assert dossier.faults == ()


def test_unit_in_the_heading_is_ignored_when_it_is_the_same(tmp_path: Path) -> None:
    text = "building,建筑面积（m2）\nB1,3\n"
    dossier = read_dossier(folder_of(tmp_path, {"registers/buildings.csv": text}))
    assert dossier.rows["buildings"][0].number("floor_area_m2") == 3


@pytest.mark.parametrize(
    "heading", ["蒸汽温度", "蒸汽温度（℃）", "Steam temperature", "temperature_c", "蒸汽温度(选填)"]
)
def test_what_a_label_has_in_brackets_may_be_left_out(heading: str, tmp_path: Path) -> None:
    text = ENERGY.replace("source", f"source,{heading}").replace("bill", "bill,180")
    dossier = read_dossier(folder_of(tmp_path, {ENERGY_FILE: text}))
    assert dossier.rows["energy_activity"][0].number("temperature_c") == 180
    assert dossier.faults == ()


def test_unknown_columns_are_kept(tmp_path: Path) -> None:
    text = "enterprise,name,role,above_scale,key_enterprise,备注\nE001,甲,tenant,yes,no,007\nE002,乙,tenant,yes,no,\n"
    dossier = read_dossier(folder_of(tmp_path, {ENTERPRISES_FILE: text}))
    assert [dict(row.extra) for row in dossier.rows["enterprises"]] == [{"备注": "007"}, {"备注": ""}]
    assert codes(dossier) == {"extra-columns"}


def test_no_two_columns_of_a_register_share_a_heading() -> None:
    from lingtan.dossier.headers import folded

    for register in registers().values():
        seen: dict[str, str] = {}
        for name, column in register.columns.items():
            for text in (name, column.zh, column.en):
                assert seen.setdefault(folded(text), name) == name, (register.name, text)


def test_labels_of_choices_are_their_own() -> None:
    for register in registers().values():
        for column in register.columns.values():
            labels = [zh for zh, _ in column.choices.values()]
            assert len(labels) == len(set(labels)), (register.name, column.name)
            assert not {zh for zh, _ in column.choices.values()} & set(column.choices) - {
                zh for word, (zh, _) in column.choices.items() if zh == word
            }


# encodings and layouts of CSV


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("gbk", "other-encoding"),
        ("gb18030", "other-encoding"),
        ("utf-16", "other-encoding"),
    ],
)
def test_encodings(encoding: str, note: str, tmp_path: Path) -> None:
    raw = ENTERPRISES.encode(encoding)
    dossier = read_dossier(folder_of(tmp_path, {ENTERPRISES_FILE: raw}))
    assert dossier.rows["enterprises"][0].text("name") == "甲公司"
    assert codes(dossier) == ({note} if note else set())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_line_ends(separator: str, tmp_path: Path) -> None:
    text = ENTERPRISES.replace(",", separator).replace("\n", "\r\n") + "\r\n\r\n"
    dossier = read_dossier(folder_of(tmp_path, {ENTERPRISES_FILE: text}))
    assert [row.key for row in dossier.rows["enterprises"]] == ["E001", "E002"]
    assert codes(dossier) == (set() if separator == "," else {"other-separator"})


def test_quoted_cells_and_blank_rows_keep_their_row_numbers(tmp_path: Path) -> None:
    text = (
        ENERGY_HEAD
        + '\n\n,,,,,,,\n2024-01,E001,electricity,purchased,"1号, ""东""\n厂",5,MWh,bill\n'
        + "2024-02,E9,电力,外购,,5,MWh,账单\n"
    )
    dossier = read_dossier(folder_of(tmp_path, {ENERGY_FILE: text}))
    first, second = dossier.rows["energy_activity"]
    assert (first.text("item"), first.place.row, second.place.row) == ('1号, "东"\n厂', 4, 5)
    assert {(fault.code, fault.place.row) for fault in dossier.faults} == {
        ("dossier.unknown-reference", 5),
        ("dossier.unknown-choice", 5),
    }


def test_files_by_their_chinese_names(tmp_path: Path) -> None:
    root = folder_of(tmp_path, {ENERGY_FILE: None, "registers/能源活动.csv": ENERGY})
    assert len(read_dossier(root).rows["energy_activity"]) == 2


# workbooks


def test_workbook_cells_as_excel_keeps_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["企业能耗"],
        [],
        ["期间", "企业编号", "能源品种", "去向", "分项", "数量", "单位", "数据来源", None, None],
        [(datetime(2024, 1, 1), "yyyy-mm"), "E001", "电力", "外购", 7, 0.1 + 0.2, "MWh", "结算单"],
        [],
        [2024, "E001", "电力", "外购", 7.5, "1,250", "MWh", "结算单"],
    ]
    dossier = read_dossier(workbook_of(tmp_path, {"energy_activity": None, "能源活动": rows}))
    first, second = dossier.rows["energy_activity"]
    assert first.values["quantity"] == Decimal("0.3")
    assert (first.values["period"], first.text("item"), first.place.row) == (Period(2024, 1), "7", 4)
    assert (second.values["period"], second.text("item"), second.place.row) == (Period(2024), "7.5", 6)
    assert second.values["quantity"] == Decimal(1250)
    assert first.place.sheet == "能源活动"
    assert codes(dossier) == {"period-from-date", "thousands-separators"}


def test_merged_header_cells(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["期间", "企业编号", "能源品种", "去向", "用能数据", None, "数据来源"],
        [None, None, None, None, "数量", "单位", None],
        ["2024-01", "E001", "电力", "外购", 5, "MWh", "结算单"],
    ]
    (row,) = read_dossier(workbook_of(tmp_path, {"energy_activity": rows})).rows["energy_activity"]
    assert (row.number("quantity"), row.text("unit"), row.text("enterprise")) == (5, "MWh", "E001")


def test_percent_format_in_a_percent_column(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["enterprise", "carrier", "oxidation_percent"],
        ["E001", "diesel", (0.98, "0.0%")],
    ]
    dossier = read_dossier(workbook_of(tmp_path, {"fuel_properties": rows}))
    assert dossier.rows["fuel_properties"][0].values["oxidation_percent"] == 98
    assert codes(dossier) == {"percent-sign"}


def test_park_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["键 key", "填写 value"], ["id", "007"], ["name_zh", "园区"], ["reporting.year", 2024],
        ["reporting.editions", "a-1\nb-2"], ["profile.area_m2", "1,250.5"], ["location.latitude", 30.9],
        ["responsible.1.role", "主任"], ["responsible.1.name", "张三"], ["confirmed_empty", "incidents；removals"],
        ["boundary_confirmed", "是"], ["name_en", None],
    ]  # fmt: skip
    park = read_dossier(workbook_of(tmp_path, {"park": rows})).park
    assert (park.id, park.reporting.year, park.reporting.editions) == ("007", 2024, ("a-1", "b-2"))
    assert (park.profile.area_m2, park.location.latitude) == (Decimal("1250.5"), Decimal("30.9"))
    assert park.responsible[0].name == "张三"
    assert (park.confirmed_empty, park.boundary_confirmed) == (("incidents", "removals"), True)


# archives, evidence, readings


def test_zip_with_its_folder_packed(tmp_path: Path) -> None:
    target = tmp_path / "park.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("园区/park.yaml", PARK)
        archive.writestr("园区/registers/enterprises.csv", ENTERPRISES)
        archive.writestr("__MACOSX/园区/._park.yaml", b"\0\1")
    assert len(read_dossier(target).rows["enterprises"]) == 2


def test_zip_with_the_chinese_names_of_older_windows(tmp_path: Path) -> None:
    target = zip_of(tmp_path, {ENERGY_FILE: None, "registers/____.csv": ENERGY})
    gbk = "能源".encode("gbk")  # four bytes; older programs write them without a mark
    raw = target.read_bytes().replace(b"registers/____.csv", b"registers/" + gbk + b".csv")
    target.write_bytes(raw)
    (fault,) = [fault for fault in read_dossier(target).faults if fault.code == "dossier.unknown-table"]
    assert fault.place.file == "registers/能源.csv"


def test_evidence_is_checked_against_the_files(tmp_path: Path) -> None:
    text = "id,title,file,sha256\nEV1,账单,a.txt,\n"
    root = folder_of(tmp_path, {"evidence/evidence.csv": text, "evidence/a.txt": "bill"})
    dossier = read_dossier(root)
    assert dossier.evidence_files == {"a.txt": BILL_SHA256}
    assert dossier.faults == ()
    (root / "evidence" / "a.txt").write_text("changed", encoding="utf-8")
    assert read_dossier(root).fingerprint != dossier.fingerprint


def test_readings_of_a_folder_and_of_a_zip(tmp_path: Path) -> None:
    files = {"readings/2024/a.csv": "meter_id,at,value\n", "readings/note.txt": "x"}
    outside = tmp_path / "more.parquet"
    outside.write_bytes(b"")
    folder = read_dossier(folder_of(tmp_path, dict(files)), readings=[outside])
    assert [path.name for path in folder.readings] == ["a.csv", "more.parquet"]
    packed = read_dossier(zip_of(tmp_path, dict(files)), unpack_to=tmp_path / "unpacked")
    assert [path.read_text(encoding="utf-8") for path in packed.readings] == ["meter_id,at,value\n"]
    assert packed.readings[0].is_relative_to(tmp_path / "unpacked")
    assert packed.fingerprint == folder.fingerprint


def test_readings_that_are_not_there(tmp_path: Path) -> None:
    dossier = read_dossier(folder_of(tmp_path), readings=[tmp_path / "absent.parquet"])
    assert codes(dossier) == {"readings-not-found"}


def test_every_register_is_in_rows(tmp_path: Path) -> None:
    assert list(read_dossier(folder_of(tmp_path)).rows) == list(registers())


# order and speed


def test_fingerprint_does_not_depend_on_the_order_of_rows_and_columns(tmp_path: Path) -> None:
    one = read_dossier(folder_of(tmp_path / "a")).fingerprint
    head, first, second = ENERGY.splitlines()
    swapped = "\n".join([head, second, first]) + "\n"
    turned = "\n".join(",".join(reversed(line.split(","))) for line in ENERGY.splitlines()) + "\n"
    for place, text in (("b", swapped), ("c", turned)):
        assert read_dossier(folder_of(tmp_path / place, {ENERGY_FILE: text})).fingerprint == one
    for place, file, text in (
        ("d", ENERGY_FILE, ENERGY.replace("110.5", "110.6")),
        ("e", "park.yaml", PARK + "note: x\n"),
        ("f", ENERGY_FILE, "\n".join([head, first]) + "\n"),
    ):
        assert read_dossier(folder_of(tmp_path / place, {file: text})).fingerprint != one
    same = ENERGY.replace("110.5", "110.50").replace("100,", "1e2,")
    assert read_dossier(folder_of(tmp_path / "g", {ENERGY_FILE: same})).fingerprint == one


@pytest.mark.parametrize("make", [folder_of, zip_of])
def test_sixty_enterprises_and_three_thousand_rows_are_read(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    parks = "".join(f"E{n:03d},公司{n},tenant,yes,no\n" for n in range(60))
    rows = [
        f"2024-{month:02d},E{n:03d},{carrier},{use},,{n * month}.5,{unit},bill"
        for n in range(60) for month in range(1, 13)
        for carrier, use, unit in (("electricity", "purchased", "MWh"), ("natural_gas", "combustion", "万Nm3"),
                                   ("heat", "purchased", "GJ"), ("diesel", "combustion", "t"))
    ]  # fmt: skip
    path = make(
        tmp_path, {ENTERPRISES_FILE: ENTERPRISES.splitlines()[0] + "\n" + parks, ENERGY_FILE: energy(*rows)}
    )
    dossier = read_dossier(path)
    assert dossier.faults == ()
    assert len(dossier.rows["energy_activity"]) == 2880


def test_unreadable_park_raises_with_everything_found(tmp_path: Path) -> None:
    root = folder_of(tmp_path, {"park.yaml": "id: x\n", ENERGY_FILE: ENERGY.replace("100", "x")})
    with pytest.raises(DossierError) as caught:
        read_dossier(root)
    assert {fault.code for fault in caught.value.faults} == {"document.missing-key", "dossier.not-a-number"}
