"""Any bytes whatever: faults, never a traceback."""

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from dossier_files import ENERGY, PARK, folder_of, workbook_of, zip_of
from hypothesis import given, settings
from hypothesis import strategies as st

from lingtan.dossier import archives
from lingtan.dossier.reading import check_dossier
from lingtan.errors import catalogue

FEW = settings(max_examples=60, deadline=None)
_CSV_BITS = st.lists(
    st.sampled_from(
        [
            *"0123456789,;\t\n\r\"' -/.%年月是无√#=",
            "period",
            "数量",
            "E001",
            "2024-01",
            "\ufeff",
            "\u202e",
            "\x00",
            "1e99",
        ]
    ),
    max_size=80,
).map("".join)


def assert_told(path: Path) -> None:
    """Every fault can be said in both languages."""
    for fault in check_dossier(path):
        assert fault.words("zh").what and fault.words("en").mend
        assert fault.as_dict()


@FEW
@given(st.binary(max_size=400) | _CSV_BITS.map(lambda text: text.encode("utf-8")))
def test_any_bytes_as_a_register(raw: bytes) -> None:
    with TemporaryDirectory() as where:
        assert_told(folder_of(Path(where), {"registers/energy_activity.csv": raw}))
    with TemporaryDirectory() as where:
        assert_told(folder_of(Path(where), {"registers/energy_activity.csv": ENERGY.encode() + raw}))


@FEW
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_as_park_boundary_and_evidence(raw: bytes) -> None:
    for name in ("park.yaml", "boundary.geojson", "evidence/evidence.csv"):
        with TemporaryDirectory() as where:
            assert_told(folder_of(Path(where), {name: raw}))
    with TemporaryDirectory() as where:
        assert_told(folder_of(Path(where), {"park.yaml": PARK.encode() + raw}))


@FEW
@given(st.binary(max_size=600), st.sampled_from(["a.xlsx", "a.zip", "a.csv", "a"]), st.booleans())
def test_any_bytes_as_a_dossier(raw: bytes, name: str, looks_packed: bool) -> None:
    with TemporaryDirectory() as where:
        path = Path(where) / name
        path.write_bytes(b"PK\x03\x04" + raw if looks_packed else raw)
        assert_told(path)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    where = tmp_path_factory.mktemp("right")
    return {"a.zip": zip_of(where).read_bytes(), "a.xlsx": workbook_of(where).read_bytes()}


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["a.zip", "a.xlsx"]))
def test_damaged_bytes_anywhere(packed: dict[str, bytes], data: st.DataObject, name: str) -> None:
    raw = bytearray(packed[name])
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as where:
        path = Path(where) / name
        path.write_bytes(bytes(raw))
        assert_told(path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_xml_within_a_sound_workbook(packed: dict[str, bytes], data: st.DataObject) -> None:
    with TemporaryDirectory() as where:
        source, target = Path(where) / "a.xlsx", Path(where) / "b.xlsx"
        source.write_bytes(packed["a.xlsx"])
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
            parts = {info.filename: bytearray(old.read(info)) for info in old.infolist()}
            name = data.draw(st.sampled_from(sorted(parts)))
            at = data.draw(st.integers(0, len(parts[name]) - 1))
            parts[name][at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
            for part, raw in parts.items():
                new.writestr(part, bytes(raw))
        assert_told(target)


def test_a_zip_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    assert [fault.code for fault in check_dossier(zip_of(tmp_path))] == ["dossier.too-many-files"]


def test_a_table_larger_than_any_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_TEXT_BYTES", len(ENERGY) - 1)
    (fault,) = check_dossier(
        folder_of(tmp_path, {"boundary.geojson": None, "registers/enterprises.csv": None})
    )
    assert (fault.code, fault.place.file) == ("dossier.file-too-large", "registers/energy_activity.csv")


def test_two_files_of_one_name_in_a_zip(tmp_path: Path) -> None:
    path = zip_of(tmp_path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("park.yaml", "id: other")
    (fault,) = check_dossier(path)
    assert (fault.code, fault.place.file) == ("dossier.two-files", "park.yaml")


def test_a_boundary_sheet_without_its_header(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, {"boundary": [["x", "y"], [121, 31]]})
    assert "dossier.boundary-no-header" in {fault.code for fault in check_dossier(path)}


def test_cells_and_headings_made_to_take_long(tmp_path: Path) -> None:
    """Each of these was quadratic in some pattern or loop; all together take a moment."""
    blanks = " " * 32_000
    head = ENERGY.splitlines()[0]
    rows = [
        f"2024{blanks}x,E001,electricity,purchased,,1{blanks}x,M{blanks}h,bill,a{blanks}b",
        f"2024-{blanks}-,E001,electricity,purchased,,{'1,' * 16_000},{'k' * 32_000},bill,{',;' * 10}",
        f"2024-01,E001,electricity,purchased,,{'9' * 32_000},MWh,bill,x",
    ]
    files = {
        "registers/energy_activity.csv": f"{head},evidence\n" + "\n".join(rows) + "\n",
        "registers/meters.csv": ",".join(["meter", *["同名"] * 50_000, *map(str, range(20_000))]) + "\n",
        "boundary.geojson": '{"a":' * 900 + "1" + "}" * 900,
    }
    assert_told(folder_of(tmp_path, files))


def test_every_code_is_named_in_a_test_or_in_the_table() -> None:
    """A fault nobody provokes is a fault nobody has read."""
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    codes = [code.removeprefix("dossier.") for code in catalogue() if code.startswith("dossier.")]
    missing = {code for code in codes if f'"{code}"' not in tests and f"dossier.{code}" not in tests}
    assert missing == set()
