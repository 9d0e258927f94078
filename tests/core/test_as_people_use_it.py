"""Faults first met by using the program as people do; each test is one of them."""

import gzip
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from dossier_files import PARK, energy, folder_of, workbook_of

from lingtan.cli import main
from lingtan.cli.show import TOLD_IN_FULL
from lingtan.dossier.reading import check_dossier, read_dossier
from lingtan.dossier.writing import convert_dossier
from lingtan.errors import DossierError, Fault, has_errors
from lingtan.metering import compute_metering
from lingtan.metering.records import Metering
from lingtan.standards import check_edition

MINI = Path(__file__).resolve().parents[1] / "data" / "editions" / "mini"

METERS = "meter,enterprise,carrier,role,quantity,unit,multiplier\nM1,E001,electricity,supply,interval,kWh,1\n"
LONG = "meter_id,at,value\nM1,2024-01-01T00:00:00+08:00,5\n"
GBK = "meter_id,at,value,说明\nM1,2024-01-01T00:00:00+08:00,5,正常\n".encode("gb18030")


def run(*arguments: object) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def coded(faults: tuple[Fault, ...], code: str) -> list[Fault]:
    return [fault for fault in faults if fault.code == code]


def test_demo_says_so_where_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = tmp_path / "file"
    taken.write_text("mine", encoding="utf-8")
    assert run("demo", "-o", taken) == 2
    assert "dossier.cannot-write" in capsys.readouterr().err
    assert taken.read_text(encoding="utf-8") == "mine"


def test_a_workbook_says_which_files_it_leaves_behind(tmp_path: Path) -> None:
    files = {
        "registers/meters.csv": METERS,
        "readings/a.csv": LONG,
        "evidence/evidence.csv": "evidence,title,file\nEV1,Bill,bill.pdf\n",
        "evidence/bill.pdf": "x",
        "README.md": "about",
    }
    park = folder_of(tmp_path, files)
    (told,) = coded(convert_dossier(park, tmp_path / "park.xlsx"), "dossier.files-left-behind")
    assert told.severity == "warning" and (told.context["evidence"], told.context["readings"]) == ("1", "1")
    assert not coded(convert_dossier(park, tmp_path / "copy"), "dossier.files-left-behind")
    assert (tmp_path / "copy" / "README.md").read_text(encoding="utf-8") == "about"


def test_every_file_among_the_readings_is_read_or_named(tmp_path: Path) -> None:
    files = {
        "registers/meters.csv": METERS,
        "readings/a.csv.gz": gzip.compress(LONG.encode(), mtime=0),
        "readings/2024.xlsx": "PK",
        "readings/README.md": "about",
        "readings/.DS_Store": "x",
    }
    dossier = read_dossier(folder_of(tmp_path, files))
    assert [meter.present for meter in compute_metering(dossier).meters] == [1]
    told = coded(dossier.faults, "dossier.not-readings")
    assert [str(fault.place) for fault in told] == ["readings/2024.xlsx"]


@pytest.mark.parametrize("part", ["content.xml", "xl/workbook.bin", "word/document.xml"])
def test_files_of_other_programs_are_not_taken_for_archives(part: str, tmp_path: Path) -> None:
    file = tmp_path / "park.ods"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(part, "<x/>")
    assert [fault.code for fault in check_dossier(file)] == ["dossier.not-a-dossier"]


def test_park_sheet_takes_percentages_and_says_what_it_took(tmp_path: Path) -> None:
    growth = "profile.industrial_value_added_growth_3y_percent"
    rows = [
        ["key", "value"],
        ["id", "demo"],
        ["name_zh", "示范园区"],
        ["reporting.year", "２０２４年"],
        [growth, "5.5%"],
    ]
    dossier = read_dossier(workbook_of(tmp_path, {"park": rows}))
    assert dossier.park.profile.industrial_value_added_growth_3y_percent == Decimal("5.5")
    assert dossier.park.reporting.year == 2024
    told = {(fault.place.row, fault.code) for fault in dossier.faults if fault.place.sheet == "park"}
    assert told == {(4, "dossier.full-width"), (4, "dossier.year-word"), (5, "dossier.percent-sign")}


def test_faults_of_the_park_sheet_name_its_keys_as_it_does(tmp_path: Path) -> None:
    rows = [
        ["key", "value"],
        ["id", "demo"],
        ["name_zh", "甲"],
        ["reporting.year", 2024],
        ["responsible.1.name", "张三"],
    ]
    (told,) = check_dossier(workbook_of(tmp_path, {"park": rows}))
    assert (told.code, told.context["key"]) == ("document.missing-key", "responsible.1.role")
    assert told.place.column == "responsible.1.role"


@pytest.mark.parametrize("title", ["incidents", "安全质量环境事件", "安全质量环境事件 incidents"])
def test_a_register_is_confirmed_empty_by_the_title_of_its_sheet(title: str, tmp_path: Path) -> None:
    dossier = read_dossier(folder_of(tmp_path, {"park.yaml": f"{PARK}confirmed_empty: ['{title}']\n"}))
    assert dossier.park.confirmed_empty == ("incidents",) and not has_errors(dossier.faults)


def test_tables_that_are_no_register_get_one_near_name_or_none(tmp_path: Path) -> None:
    sheets = {"用水（改）": [["a"]], "Sheet1": [["a"]]}
    faults = check_dossier(workbook_of(tmp_path, sheets))
    (renamed,) = coded(faults, "dossier.unknown-table")
    assert (renamed.place.sheet, renamed.context["hint"]) == ("用水（改）", "用水 water_use")
    (foreign,) = coded(faults, "dossier.foreign-table")
    assert foreign.place.sheet == "Sheet1"
    with pytest.raises(DossierError):  # nothing is lost in silence
        convert_dossier(workbook_of(tmp_path, sheets), tmp_path / "copy")


def test_a_choice_that_could_be_several_names_them(tmp_path: Path) -> None:
    park = folder_of(
        tmp_path, {"registers/energy_activity.csv": energy("2024-01,E001,电,purchased,,1,MWh,bill")}
    )
    (told,) = coded(check_dossier(park), "dossier.unknown-choice")
    assert "electricity）" in told.context["hint"].replace("wind_electricity", "")


def readings_of(where: Path, files: dict[str, str | bytes]) -> Metering:
    """What metering makes of these files below `readings/`."""
    below = {f"readings/{name}": content for name, content in files.items()}
    return compute_metering(read_dossier(folder_of(where, {"registers/meters.csv": METERS, **below})))


@pytest.mark.parametrize(
    "content",
    [
        "meter_id;at;value\nM1;2024-01-01T00:00:00+08:00;5\n",
        GBK,
        gzip.compress(GBK, mtime=0),
        "Meter_ID, At ,VALUE\nM1,2024-01-01T00:00:00+08:00,5\n",
        "能耗读数\n\nmeter_id,at,value\nM1,2024-01-01T00:00:00+08:00,5\n",
        "表号,抄表时间,读数\nM1,2024-01-01T00:00:00+08:00,５\n",
    ],
    ids=["semicolons", "gb18030", "gb18030 packed", "capitals", "title above", "Chinese, full width"],
)
def test_readings_as_platforms_export_them(content: str | bytes, tmp_path: Path) -> None:
    name = "a.csv.gz" if isinstance(content, bytes) and content.startswith(b"\x1f\x8b") else "a.csv"
    metering = readings_of(tmp_path, {name: content})
    assert [meter.quantity for meter in metering.meters] == [5]
    assert not has_errors(metering.faults)


def test_a_time_without_offset_is_told_with_its_place(tmp_path: Path) -> None:
    metering = readings_of(tmp_path, {"a.csv": "日期,M1\n2024-01-01,5\n"})
    told = [fault for fault in metering.faults if fault.place.file == "a.csv"]
    assert [(fault.code, fault.place.column) for fault in told] == [("metering.time-without-offset", "日期")]
    assert not metering.meters


def test_files_of_readings_of_the_same_name_stay_two(tmp_path: Path) -> None:
    later = LONG.replace("T00", "T01")
    metering = readings_of(tmp_path, {"2024-01/a.csv": LONG, "2024-02/a.csv": later})
    assert set(metering.files) == {"2024-01/a.csv", "2024-02/a.csv"}
    assert metering.fingerprint != readings_of(tmp_path / "other", {"2024-01/a.csv": LONG}).fingerprint


def test_many_faults_alike_are_told_briefly_and_none_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"B{n},factory,{n}人\n" for n in range(10))
    park = folder_of(tmp_path, {"registers/buildings.csv": f"building,use,floor_area_m2\n{rows}"})
    assert run("dossier", "check", park) == 1
    told = capsys.readouterr().err
    assert told.count("dossier.number-with-unit") == 10 and told.count("怎么改") == TOLD_IN_FULL
    assert told.count("floor_area_m2（建筑面积）") == 10  # the heading stands beside the name of the column


def test_cases_of_an_edition_are_told_beside_its_other_faults(tmp_path: Path) -> None:
    shutil.copytree(MINI, tmp_path / "mini")
    for file, old, new in (("edition.yaml", "total_points: 10", "total_points: 11"),
                           ("indicators/A.yaml", "earned: 0", "earned: 7")):  # fmt: skip
        text = (tmp_path / "mini" / file).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / "mini" / file).write_text(text.replace(old, new), encoding="utf-8")
    codes = {fault.code for fault in check_edition(tmp_path / "mini")}
    assert {"edition.points-sum", "edition.case-failed"} <= codes


def test_formulas_nobody_calculated_are_named_before_a_conversion(tmp_path: Path) -> None:
    header = ["enterprise", "name", "role", "above_scale", "key_enterprise"]
    rows = [header, ["E001", '="甲"&"公司"', "tenant", "yes", "no"]]
    book = workbook_of(tmp_path, {"enterprises": rows})
    with pytest.raises(DossierError) as refused:
        convert_dossier(book, tmp_path / "copy")
    assert {"dossier.would-lose", "dossier.formula-not-calculated"} == {
        one.code for one in refused.value.faults
    }
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(
    ("given", "country", "code"),
    [
        ("CN", "CN", ""),
        ("中国", "CN", "dossier.country-word"),
        ("cn", "CN", "dossier.country-word"),
        ("gb", "GB", "dossier.country-word"),
        ("亚洲", "亚洲", "dossier.not-a-country"),
    ],
)
def test_the_country_chooses_factors_however_it_is_written(
    given: str, country: str, code: str, tmp_path: Path
) -> None:
    dossier = read_dossier(folder_of(tmp_path, {"park.yaml": f"{PARK}location: {{country: {given}}}\n"}))
    assert dossier.park.location.country == country
    told = [fault.code for fault in dossier.faults if fault.place.column == "location.country"]
    assert told == ([code] if code else [])


def test_an_id_that_is_near_to_none_names_the_first_few_in_order(tmp_path: Path) -> None:
    head = "enterprise,name,role,above_scale,key_enterprise\n"
    tenants = "".join(f"E{number:03d},公司{number},tenant,yes,no\n" for number in (9, 3, 7, 1, 5, 8, 2))
    files = {
        "registers/enterprises.csv": head + tenants,
        "registers/energy_activity.csv": energy("2024-01,X-77,electricity,purchased,,1,MWh,bill"),
    }
    (fault,) = coded(read_dossier(folder_of(tmp_path, files)).faults, "dossier.unknown-reference")
    assert "E001、E002、E003、E005、E007 … (+2)" in fault.words("zh").mend
