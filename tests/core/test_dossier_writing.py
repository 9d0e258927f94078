"""Writing: folder, zip and workbook are equal to the last cell; nothing is written over."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from dossier_files import ENERGY, ENTERPRISES, PARK, energy, folder_of, workbook_of, zip_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingtan.dossier.reading import check_dossier, read_dossier
from lingtan.dossier.records import Cell, Dossier, Location, Park, Person, Profile, Reporting, Row
from lingtan.dossier.registers import Column, Register, registers
from lingtan.dossier.writing import convert_dossier, write_dossier
from lingtan.errors import DossierError, Place
from lingtan.periods import Period

# Text a cell may hold: any letters, with blanks and line breaks inside, none that only mark or steer.
# `_x` begins the escapes of the workbook format, whose reader and writer disagree about nested ones.
_LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="_\u2028")
_TEXT = st.text(_LETTERS | st.sampled_from(" \n"), min_size=1, max_size=20).map(str.strip).filter(bool)
_BLANK = {"-", "--", "—", "——", "–", "−", "－", "/", "n/a", "无数据", "暂无数据", "暂无"}
_WORDS = (
    _TEXT | st.sampled_from(["=1+1", "007", "1e5", "TRUE", "2024-01", "'x", "+8", "@a", 'a"b', "a,b;c"])
).filter(lambda text: text.lower() not in _BLANK and not text.startswith("#"))
_IDS = st.text(st.sampled_from("ABCabc019-园"), min_size=1, max_size=6).filter(
    lambda text: text not in _BLANK
)
_NUMBERS = st.decimals(
    min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=6
) | st.decimals(min_value=0, max_value=1, allow_nan=False, allow_infinity=False, places=18)
_PERIODS = st.builds(Period, st.integers(1990, 2099), st.integers(0, 12))
_DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def cells(column: Column) -> st.SearchStrategy[Cell]:
    """Values that a column may hold."""
    found: dict[str, st.SearchStrategy[Cell]] = {
        "id": _IDS,
        "ref": _IDS,
        "text": _WORDS,
        "number": _NUMBERS.filter(
            lambda n: (column.min or 0) <= n and (column.max is None or n <= column.max)
        ),
        "count": st.integers(column.min or 0, column.max or 10**9).map(Decimal),
        "year": st.integers(1990, 2100).map(Decimal),
        "yes_no": st.booleans(),
        "choice": st.sampled_from(sorted(column.choices) or [""]),
        "date": _DAYS,
        "period": _PERIODS,
        "unit": st.sampled_from(["kWh", "万Nm3", "t", "GJ/t", "tCO2/MWh"]),
        "evidence": st.lists(_IDS.filter(lambda i: ";" not in i), min_size=1, max_size=3).map(";".join),
    }
    values = found[column.type]
    return values if column.required else st.none() | values


@st.composite
def rows_of(draw: st.DrawFn, register: Register) -> tuple[Row, ...]:
    """A few rows of a register, some with columns of the user's own."""
    further = draw(st.lists(st.sampled_from(["我的列", "remark 2", "X"]), unique=True, max_size=2))
    rows = []
    for number in range(draw(st.integers(0, 3))):
        values = {name: draw(cells(column)) for name, column in register.columns.items()}
        extra = {name: draw(_WORDS | st.just("")) for name in further}
        rows.append(Row(register.name, str(number), values, Place(), extra))
    return tuple(rows)


_PARKS = st.builds(
    Park,
    id=_IDS,
    name_zh=_WORDS,
    note=_WORDS | st.just(""),
    location=st.builds(Location, city=_WORDS, latitude=st.none() | st.decimals(-90, 90, places=5)),
    reporting=st.builds(
        Reporting, year=st.integers(1990, 2100), editions=st.lists(_WORDS | _IDS, max_size=3).map(tuple)
    ),
    profile=st.builds(Profile, area_m2=st.none() | _NUMBERS, employees_persons=st.none() | _NUMBERS),
    profile_evidence=st.dictionaries(st.sampled_from(["area_m2", "revenue_wan_cny"]), _IDS),
    responsible=st.lists(st.builds(Person, role=_WORDS, name=_WORDS), max_size=2).map(tuple),
    confirmed_empty=st.lists(st.sampled_from(["incidents", "removals"]), unique=True).map(tuple),
    boundary_confirmed=st.none() | st.booleans(),
)


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """A park with rows in three registers."""
    names = draw(st.lists(st.sampled_from(sorted(registers())), min_size=1, max_size=3, unique=True))
    rows = {name: draw(rows_of(register)) if name in names else () for name, register in registers().items()}
    boundary = draw(
        st.none() | st.just({"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]})
    )
    return Dossier("x", draw(_PARKS), rows, boundary)


def content(dossier: Dossier) -> tuple[Park, object, Mapping[str, list[tuple[object, ...]]]]:
    """All that was handed in, without the places."""
    rows = {
        name: [(dict(row.values), dict(row.extra), dict(row.unread)) for row in rows]
        for name, rows in dossier.rows.items()
    }
    return dossier.park, dossier.boundary, rows


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(dossiers())
def test_folder_zip_and_workbook_are_equal_to_the_last_cell(dossier: Dossier) -> None:
    with TemporaryDirectory() as name:
        where = Path(name)
        folder = write_dossier(dossier, where / "folder")
        read = read_dossier(folder)
        assert content(read) == content(dossier)
        prints = {read.fingerprint}
        source = folder
        for target in ("a.xlsx", "b.zip", "d"):
            convert_dossier(source, where / target)
            source = where / target
            again = read_dossier(source)
            assert content(again) == content(dossier)
            prints.add(again.fingerprint)
        assert len(prints) == 1


def test_cells_that_cannot_be_read_are_carried(tmp_path: Path) -> None:
    root = folder_of(
        tmp_path, {"registers/energy_activity.csv": ENERGY.replace("110.5", "很多").replace("MWh", "担", 1)}
    )
    for target in ("a.xlsx", "b.zip", "c"):
        convert_dossier(root, tmp_path / target)
    for target in ("a.xlsx", "b.zip", "c"):
        copy = read_dossier(tmp_path / target)
        found = {(fault.code, fault.place.column) for fault in copy.faults}
        assert found == {("dossier.not-a-number", "quantity"), ("dossier.unknown-unit", "unit")}
    with (tmp_path / "c" / "registers" / "energy_activity.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert (lines[1]["quantity"], lines[0]["unit"]) == ("很多", "担")


def test_what_cannot_be_read_is_never_lost(tmp_path: Path) -> None:
    root = folder_of(tmp_path, {"registers/energy_activity.csv": "1,2\n3,4\n"})
    with pytest.raises(DossierError) as caught:
        convert_dossier(root, tmp_path / "a.zip")
    assert {fault.code for fault in caught.value.faults} == {"dossier.would-lose", "dossier.no-header"}
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize("target", ["a.zip", "a.xlsx", "a"])
def test_nothing_is_written_over(target: str, tmp_path: Path) -> None:
    root = folder_of(tmp_path)
    there = tmp_path / target
    if "." in target:
        there.write_text("mine", encoding="utf-8")
    else:
        there.mkdir()
    for write in (lambda: convert_dossier(root, there), lambda: write_dossier(read_dossier(root), there)):
        with pytest.raises(DossierError) as caught:
            write()
        assert [fault.code for fault in caught.value.faults] == ["dossier.exists"]
    assert there.is_dir() or there.read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["park", target])


@pytest.mark.parametrize(("target", "code"), [("a.pdf", "unknown-ending"), ("absent/a.zip", "cannot-write")])
def test_targets_that_cannot_be(target: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(DossierError) as caught:
        convert_dossier(folder_of(tmp_path), tmp_path / target)
    assert [fault.code for fault in caught.value.faults] == [f"dossier.{code}"]


def test_the_same_dossier_gives_the_same_bytes(tmp_path: Path) -> None:
    root = folder_of(
        tmp_path, {"evidence/evidence.csv": "id,title,file\nEV1,t,a.txt\n", "evidence/a.txt": "x"}
    )
    for ending in (".zip", ".xlsx"):
        one, two = (write_dossier(read_dossier(root), tmp_path / f"{n}{ending}") for n in "ab")
        assert one.read_bytes() == two.read_bytes()


def test_evidence_and_readings_go_along_byte_for_byte(tmp_path: Path) -> None:
    binary = bytes(range(256))
    files = {
        "evidence/evidence.csv": "id,title,file\nEV1,账单,sub/账单.pdf\n",
        "evidence/sub/账单.pdf": binary,
        "readings/a.parquet": b"PAR1",
    }
    root = folder_of(tmp_path, files)
    convert_dossier(root, tmp_path / "a.zip")
    convert_dossier(tmp_path / "a.zip", tmp_path / "b")
    assert (tmp_path / "b" / "evidence" / "sub" / "账单.pdf").read_bytes() == binary
    assert (tmp_path / "b" / "readings" / "a.parquet").read_bytes() == b"PAR1"
    convert_dossier(root, tmp_path / "a.xlsx")
    copy = read_dossier(tmp_path / "a.xlsx")
    assert [fault.code for fault in copy.faults] == ["dossier.files-not-in-workbook"]
    assert copy.fingerprint == read_dossier(root).fingerprint


def test_a_copy_that_is_not_equal_is_given_up(tmp_path: Path) -> None:
    """The workbook format escapes control characters as `_x000D_`; nested escapes come back changed."""
    text = ENTERPRISES.replace("甲公司", "_x005F_x000D_")
    root = folder_of(tmp_path, {"registers/enterprises.csv": text})
    with pytest.raises(DossierError) as caught:
        convert_dossier(root, tmp_path / "a.xlsx")
    (fault,) = caught.value.faults
    assert fault.code == "dossier.not-equal"
    assert "registers/enterprises.csv › 2" in fault.words("en").why
    assert not (tmp_path / "a.xlsx").exists()
    convert_dossier(root, tmp_path / "a.zip")


def test_numbers_excel_cannot_hold_are_written_as_text(tmp_path: Path) -> None:
    text = energy("2024-01,E001,electricity,purchased,,12345678901234567.89,MWh,bill")
    root = folder_of(tmp_path, {"registers/energy_activity.csv": text})
    convert_dossier(root, tmp_path / "a.xlsx")
    (row,) = read_dossier(tmp_path / "a.xlsx").rows["energy_activity"]
    assert row.number("quantity") == Decimal("12345678901234567.89")


def test_formula_like_text_is_no_formula_in_the_workbook(tmp_path: Path) -> None:
    root = folder_of(tmp_path, {"registers/enterprises.csv": ENTERPRISES.replace("甲公司", "=1+1")})
    convert_dossier(root, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cell = next(c for row in book["企业 enterprises"].iter_rows() for c in row if c.value == "=1+1")
    assert cell.data_type == "s" or cell.quotePrefix or cell.number_format == "@"
    book.close()


def test_a_workbook_too_long_for_excel_is_refused(tmp_path: Path) -> None:
    dossier = read_dossier(folder_of(tmp_path))
    rows = dossier.rows["enterprises"][:1] * 1_048_001
    with pytest.raises(DossierError) as caught:
        write_dossier(replace(dossier, rows={**dossier.rows, "enterprises": rows}), tmp_path / "a.xlsx")
    assert [fault.code for fault in caught.value.faults] == ["dossier.too-many-rows"]


def test_a_written_register_has_every_column_in_order(tmp_path: Path) -> None:
    folder = write_dossier(read_dossier(folder_of(tmp_path)), tmp_path / "b")
    text = (folder / "registers" / "energy_activity.csv").read_text(encoding="utf-8")
    header, first, *_ = csv.reader(io.StringIO(text))
    assert header == list(registers()["energy_activity"].columns)
    assert first[:8] == ["2024-01", "E001", "electricity", "purchased", "", "100", "MWh", "bill"]
    assert (folder / "park.yaml").read_text(encoding="utf-8").splitlines()[:2] == PARK.splitlines()[:2]


def test_a_zip_and_a_workbook_can_be_converted_back(tmp_path: Path) -> None:
    for number, source in enumerate((zip_of(tmp_path), workbook_of(tmp_path))):
        convert_dossier(source, tmp_path / f"back{number}")
        assert not [f for f in check_dossier(tmp_path / f"back{number}") if f.severity == "error"]
