"""Empty dossiers: what a person finds, and that the reader takes what they fill in."""

from pathlib import Path

import openpyxl
import pytest

from lingtan.dossier.creation import create_dossier
from lingtan.dossier.reading import check_dossier, read_dossier
from lingtan.dossier.reference import render_reference
from lingtan.dossier.register_sheet import sheet_title
from lingtan.dossier.registers import registers
from lingtan.errors import DossierError

ROOT = Path(__file__).resolve().parents[2]
EDITION = "sh-seesa-zctp-2024"


@pytest.mark.parametrize("target", ["new", "new.zip", "new.xlsx"])
def test_an_empty_dossier_lacks_what_only_the_park_knows(target: str, tmp_path: Path) -> None:
    create_dossier(tmp_path / target, edition=EDITION)
    faults = check_dossier(tmp_path / target)
    assert {(fault.code, fault.place.column) for fault in faults} == {
        ("document.missing-key", "id"),
        ("document.missing-key", "name_zh"),
        ("document.missing-key", "reporting.year"),
    }


def test_nothing_is_created_over(tmp_path: Path) -> None:
    create_dossier(tmp_path / "new")
    with pytest.raises(DossierError):
        create_dossier(tmp_path / "new")


def test_a_folder_once_its_park_is_named_is_right(tmp_path: Path) -> None:
    root = create_dossier(tmp_path / "new", edition=EDITION)
    park = root / "park.yaml"
    text = park.read_text(encoding="utf-8")
    text = text.replace("\nid:", "\nid: demo", 1).replace("\nname_zh:", "\nname_zh: 园区", 1)
    park.write_text(text.replace("  year:", "  year: 2024", 1), encoding="utf-8")
    dossier = read_dossier(root)
    assert dossier.faults == ()
    assert dossier.park.reporting.editions == (EDITION,)
    assert {row.values["checklist"] for row in dossier.rows["checklists"]} >= {
        "carbon_management",
        "strategy",
    }
    assert all(row.values["fulfilled"] is None for row in dossier.rows["checklists"])
    assert not any(rows for name, rows in dossier.rows.items() if name != "checklists")
    assert "enterprises" in (root / "README.md").read_text(encoding="utf-8")


def filled(path: Path) -> Path:
    """The empty workbook as a person fills it, below the example rows."""
    book = openpyxl.load_workbook(path)
    park = book["园区 park"]
    answers = {"id": "demo", "name_zh": "园区", "reporting.year": 2024, "confirmed_empty": "incidents"}
    for row in park.iter_rows(min_row=2):
        if row[2].value in answers:
            row[3].value = answers[row[2].value]
    for column, value in enumerate(("E001", "甲公司", "入驻企业"), start=2):
        book["企业 enterprises"].cell(6, column).value = value
    book["企业 enterprises"].cell(6, 12).value = "是"
    book["企业 enterprises"].cell(6, 13).value = "否"
    for column, value in enumerate(("2024-01", "E001", "电力", "外购", None, 12.5, "MWh", "结算单"), start=2):
        book["能源活动 energy_activity"].cell(6, column).value = value
    book.save(path)
    book.close()
    return path


def test_a_workbook_as_a_person_fills_it_is_right(tmp_path: Path) -> None:
    path = filled(create_dossier(tmp_path / "new.xlsx"))
    dossier = read_dossier(path)
    assert dossier.faults == ()
    assert [row.key for row in dossier.rows["enterprises"]] == ["E001"]
    (row,) = dossier.rows["energy_activity"]
    assert (row.text("carrier"), row.place.sheet, row.place.row) == (
        "electricity",
        "能源活动 energy_activity",
        6,
    )
    assert dossier.park.confirmed_empty == ("incidents",)
    assert dossier.boundary is None


def test_data_typed_over_the_example_are_not_lost_silently(tmp_path: Path) -> None:
    path = filled(create_dossier(tmp_path / "new.xlsx"))
    book = openpyxl.load_workbook(path)
    book["建筑 buildings"].cell(5, 2).value = "MY-BUILDING"
    book.save(path)
    book.close()
    (fault,) = read_dossier(path).faults
    assert (fault.code, fault.place.sheet, fault.place.row) == ("dossier.example-edited", "建筑 buildings", 5)


def test_the_workbook_explains_itself(tmp_path: Path) -> None:
    path = create_dossier(tmp_path / "new.xlsx", edition=EDITION, uses={"energy_activity": ["C1.1", "C3.2"]})
    book = openpyxl.load_workbook(path)
    titles = [sheet_title(register) for register in registers().values()]
    assert book.sheetnames == ["开始 start", "园区 park", "边界 boundary", *titles, "选项 choices"]
    assert all(len(title) <= 31 for title in book.sheetnames)
    start = {cell.value for row in book["开始 start"].iter_rows() for cell in row}
    assert set(titles) <= start and "C1.1、C3.2" in start
    for register in registers().values():
        sheet = book[sheet_title(register)]
        assert sheet.freeze_panes
        for index, column in enumerate(register.columns.values(), start=2):
            heading = sheet.cell(2, index)
            assert heading.value == column.zh + (" *" if column.required else "")
            assert heading.comment is not None and column.name in heading.comment.text
            assert sheet.cell(3, index).value == column.en
        lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
        wanted = [c for c in register.columns.values() if c.type in ("choice", "yes_no", "ref", "unit")]
        assert len(lists) >= min(1, len(wanted))
    book.close()


def test_the_reference_page_is_fresh() -> None:
    """If not: call `lingtan.dossier.reference.write_reference` with its path."""
    page = (ROOT / "docs" / "reference" / "registers.md").read_text(encoding="utf-8")
    assert page == render_reference()
    for name, register in registers().items():
        assert f'<a id="{name}"></a>' in page
        assert all(f"| `{column}` |" in page for column in register.columns)
