"""Factor files: strict reading, every fault at once, a user's folder laid over the shipped one."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lingtan.errors import FactorError, Fault
from lingtan.factors import check_factors, load_registry

ROW = {
    "id": "own.grid.2023",
    "activity": "electricity",
    "kind": "grid_average",
    "name_zh": "上海电网",
    "name_en": "Shanghai grid",
    "value": "0.5",
    "unit": "kgCO2/kWh",
    "gas": "CO2",
    "region": "CN-SH",
    "year": "2024",
    "valid_from": "0",
    "valid_to": "0",
    "published_on": "2025",
    "source": "自测",
    "source_url": "",
    "basis": "operator-set",
    "second_hand": "no",
    "review_by": "2027-12-31",
    "overrides": "",
    "note": "",
}
COLUMNS = list(ROW)


def folder(tmp_path: Path, *rows: dict[str, str], columns: list[str] = COLUMNS) -> Path:
    own = tmp_path / "own"
    own.mkdir(exist_ok=True)
    lines = [columns, *([{**ROW, **row}.get(column, "") for column in columns] for row in rows)]
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    (own / "own.csv").write_text(text + "\n", encoding="utf-8")
    return own


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(FactorError) as caught:
        load_registry(path)
    return caught.value.faults


def test_own_factor_is_found_beside_the_shipped_ones(tmp_path: Path) -> None:
    registry = load_registry(folder(tmp_path, {}))
    asked = {"activity": "electricity", "kind": "grid_average", "place": "上海"}
    assert registry.find(**asked, year=2024).factor.id == "own.grid.2023"
    # Shanghai 2023: 公告2025年第47号
    assert registry.find(**asked, year=2023).factor.value == Decimal("0.5737")
    assert load_registry().find(**asked, year=2024).factor.value == Decimal("0.5737")


def test_shipped_factors_have_no_fault() -> None:
    assert check_factors() == ()


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("id", "own.坏", "factor.bad-cell"),
        ("id", "", "factor.empty-cell"),
        ("activity", "Natural Gas", "factor.bad-cell"),
        ("kind", "grid_averages", "factor.bad-cell"),
        ("name_zh", "", "factor.empty-cell"),
        ("value", "0,5", "factor.bad-cell"),
        ("value", "NaN", "factor.bad-cell"),
        ("value", "Infinity", "factor.bad-cell"),
        ("value", "1e9999", "factor.bad-cell"),
        ("value", "", "factor.empty-cell"),
        ("unit", "", "factor.empty-cell"),
        ("region", "Atlantis", "factor.bad-cell"),
        ("year", "23", "factor.bad-cell"),
        ("valid_to", "soon", "factor.bad-cell"),
        ("source", " ", "factor.empty-cell"),
        ("basis", "guess", "factor.bad-cell"),
        ("second_hand", "maybe", "factor.bad-cell"),
        ("review_by", "2027-02-30", "factor.bad-cell"),
    ],
)
def test_a_bad_cell_is_named_with_row_and_column(tmp_path: Path, column: str, text: str, code: str) -> None:
    (fault,) = faults_of(folder(tmp_path, {column: text}))
    assert (fault.code, fault.place.file, fault.place.row, fault.place.column) == (code, "own.csv", 2, column)
    assert fault.words("zh").mend and fault.words("en").mend


def test_every_fault_of_every_row_at_once(tmp_path: Path) -> None:
    faults = faults_of(folder(tmp_path, {"value": "x", "basis": "y"}, {"id": "own.b", "year": "z"}))
    assert [(f.place.row, f.place.column) for f in faults] == [(2, "value"), (2, "basis"), (3, "year")]


def test_years_of_use_reversed(tmp_path: Path) -> None:
    (fault,) = faults_of(folder(tmp_path, {"valid_from": "2025", "valid_to": "2024"}))
    assert fault.code == "factor.bad-years"


def test_a_row_of_another_width(tmp_path: Path) -> None:
    own = folder(tmp_path, {})
    with (own / "own.csv").open("a", encoding="utf-8") as handle:
        handle.write("own.b,electricity\n")
    (fault,) = faults_of(own)
    assert (fault.code, fault.place.row) == ("factor.bad-width", 3)


@pytest.mark.parametrize("columns", [COLUMNS[1:], [*COLUMNS, "colour"], [*COLUMNS, "note"]])
def test_header_lacks_a_column_or_has_a_strange_or_double_one(tmp_path: Path, columns: list[str]) -> None:
    (fault,) = faults_of(folder(tmp_path, {}, columns=columns))
    assert (fault.code, fault.place.row) == ("factor.bad-header", 1)


def test_a_file_that_is_no_utf8_csv(tmp_path: Path) -> None:
    own = folder(tmp_path, {})
    (own / "own.csv").write_bytes("编号".encode("gbk"))
    assert [f.code for f in faults_of(own)] == ["factor.unreadable"]
    (own / "own.csv").write_text('id\n"open', encoding="utf-8")
    assert [f.code for f in faults_of(own)] == ["factor.unreadable"]


def test_a_folder_without_factor_files(tmp_path: Path) -> None:
    assert [f.code for f in faults_of(tmp_path)] == ["factor.no-files"]
    assert [f.code for f in check_factors(tmp_path / "absent")] == ["factor.no-files"]


def test_equal_ids(tmp_path: Path) -> None:
    (fault,) = faults_of(folder(tmp_path, {}, {"year": "2025"}))
    assert (fault.code, fault.place.row) == ("factor.duplicate-id", 3)


def test_two_factors_a_search_could_not_tell_apart(tmp_path: Path) -> None:
    (fault,) = faults_of(folder(tmp_path, {}, {"id": "own.b"}))
    # both are the user's own, so either may be dropped; which of the two is named first is fixed by row
    assert fault.code == "factor.ambiguous"


def test_own_ids_have_their_prefix(tmp_path: Path) -> None:
    (fault,) = faults_of(folder(tmp_path, {"id": "grid.mine"}))
    assert fault.code == "factor.own-prefix"


def test_an_override_must_be_declared(tmp_path: Path) -> None:
    (fault,) = faults_of(folder(tmp_path, {"year": "2023"}))
    assert fault.code == "factor.undeclared-override"
    assert fault.context["other"] == "grid.cn.prov.shanghai.2023"


def test_a_declared_override_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    own = folder(tmp_path, {"year": "2023", "overrides": "grid.cn.prov.shanghai.2023"})
    registry = load_registry(own)
    found = registry.find(activity="electricity", kind="grid_average", place="上海", year=2023)
    assert found.factor.id == "own.grid.2023"
    shipped = registry.find_by_id("grid.cn.prov.shanghai.2023")
    assert shipped.warnings == ("factor.superseded",)
    assert check_factors(own) == ()


@pytest.mark.parametrize(
    ("overrides", "code"),
    [("no.such.id", "factor.unknown-reference"), ("sh.heat.2022", "factor.unfit-override")],
)
def test_an_override_of_nothing_or_of_another_kind(tmp_path: Path, overrides: str, code: str) -> None:
    assert [f.code for f in faults_of(folder(tmp_path, {"overrides": overrides}))] == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": "kgCO2/kWhh"}, "factor.bad-unit"),
        ({"unit": "kgCO2/kg"}, "factor.unfit-unit"),
        ({"value": "-0.1"}, "factor.out-of-range"),
        ({"kind": "oxidation", "unit": "1", "value": "1.01"}, "factor.out-of-range"),
        ({"kind": "leak_operation", "unit": "%", "value": "100.1"}, "factor.out-of-range"),
    ],
)
def test_check_finds_what_loading_lets_pass(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    assert [f.code for f in check_factors(folder(tmp_path, changes))] == [code]


@pytest.mark.parametrize(("unit", "value"), [("1", "1"), ("%", "100"), ("%", "0")])
def test_shares_at_their_limits(tmp_path: Path, unit: str, value: str) -> None:
    assert check_factors(folder(tmp_path, {"kind": "leak_operation", "unit": unit, "value": value})) == ()


def test_check_tells_what_is_due_for_review(tmp_path: Path) -> None:
    own = folder(tmp_path, {"review_by": "2026-06-30"})
    assert check_factors(own, on=date(2026, 6, 30)) == ()
    (fault,) = check_factors(own, on=date(2026, 7, 1))
    assert (fault.code, fault.place.row, fault.severity) == ("factor.due-review", 2, "warning")
    assert load_registry(own).get("own.grid.2023")  # past its review day it still loads


def test_value_not_found_is_read_as_none(tmp_path: Path) -> None:
    assert load_registry(folder(tmp_path, {"value": "not found"})).get("own.grid.2023").value is None
