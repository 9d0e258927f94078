"""Import and export through the interface: a preview writes nothing, its id confirms it; equal files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.web.api_parts import Form, Program
from tests.web.conftest import World
from tests.web.dossier_parts import add, cells, dossier_zip, edit, zipped
from tests.web.review_parts import make_version

import lingtan
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import ImportPreview, Revision

ROOT = "/parks/alpha/dossiers/2024"
UNLISTED = "dossier.unknown-reference"  # the file names enterprises that it does not list
CSV = "vehicle,enterprise,service\nV1,E001,official\nV3,E001,logistics\nV4,E002,official\n"


def send(program: Program, content: bytes, name: str = "a.zip", path: str = f"{ROOT}/imports") -> Any:
    return program.post(path, Form({"file": (name, content)}))


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content
    return [one["code"] for one in answer.json()["faults"]]


@pytest.fixture
def standing(world: World) -> World:
    """Three vehicles stand in the dossier."""
    edit(
        Actor(world.park.user.pk), world.dossier, "vehicles",
        *(add(n, vehicle=f"V{n}", enterprise="E001", service="official") for n in (1, 2, 3)),
    )  # fmt: skip
    return world


def test_a_preview_tells_each_row_and_writes_nothing(standing: World) -> None:
    program = Program(standing.park)
    before = cells(standing.dossier, "vehicles")
    told = send(program, dossier_zip(vehicles=CSV)).json()
    (register,) = told["registers"]
    assert register == {
        "name": "vehicles", "zh": "车辆", "en": register["en"], "is_given": True, "added": 1, "changed": 1,
        "removed": 1, "unchanged": 1, "faults": 3,
    }  # fmt: skip
    assert [one["code"] for one in told["faults"]] == ["dossier.missing-column", *[UNLISTED] * 3]
    assert (told["file"], told["revision"], told["is_outdated"], told["confirmed_as"]) == (
        "a.zip", 1, False, None,
    )  # fmt: skip
    assert cells(standing.dossier, "vehicles") == before and Revision.objects.count() == 1
    assert program.get(f"{ROOT}/imports/{told['id']}").json() == told
    rows = program.get(f"{ROOT}/imports/{told['id']}/rows").json()
    assert [(one["kind"], one["key"], one["number"]) for one in rows["items"]] == [
        ("changed", "V3", 3), ("added", "V4", 4), ("removed", "V2", 0),
    ]  # fmt: skip
    assert rows["items"][0]["cells"] == [{"column": "service", "old": "official", "new": "logistics"}]
    assert [one["code"] for one in rows["items"][0]["faults"]] == [UNLISTED]
    added = rows["items"][1]["cells"]
    assert {"column": "vehicle", "old": "", "new": "V4"} in added and len(added) == 3
    one_kind = program.get(f"{ROOT}/imports/{told['id']}/rows?kind=unchanged&sheet=vehicles").json()
    assert [one["key"] for one in one_kind["items"]] == ["V1"]
    second = program.get(f"{ROOT}/imports/{told['id']}/rows?per_page=1&page=3").json()
    assert ([one["key"] for one in second["items"]], second["pages"], second["total"]) == (["V2"], 3, 3)
    assert program.get(f"{ROOT}/imports/{told['id']}/rows?sheet=meters").json()["total"] == 0


def test_it_is_confirmed_by_its_id_once(standing: World) -> None:
    program = Program(standing.park)
    preview = send(program, dossier_zip(vehicles=CSV)).json()["id"]
    assert program.post(f"{ROOT}/imports/{preview}/confirm", {}).json() == {
        "revision": 2, "adopted": [], "wanting": [], "faults": [],
    }  # fmt: skip
    assert [row["vehicle"] for row in cells(standing.dossier, "vehicles")] == ["V1", "V3", "V4"]
    assert program.get(f"{ROOT}/imports/{preview}").json()["confirmed_as"] == 2
    assert codes(program.post(f"{ROOT}/imports/{preview}/confirm", {})) == ["dossiers.preview-used"]
    entry = Entry.objects.get(act="dossier.imported")
    assert (entry.via, entry.actor, entry.subject) == ("api", standing.park.user, "a.zip")


def test_only_what_was_chosen_is_written(standing: World) -> None:
    program = Program(standing.park)
    content = dossier_zip(vehicles=CSV, meters="meter,enterprise\nM1,E001\n")
    preview = send(program, content).json()["id"]
    path = f"{ROOT}/imports/{preview}/confirm"
    refused = program.post(path, {"registers": ["meters", "meter", "buildings"]})
    assert [(one["code"], one["context"]["field"]) for one in refused.json()["faults"]] == [
        ("api.bad-field", "meter"), ("api.bad-field", "buildings"),
    ]  # fmt: skip
    assert codes(program.post(path, {"registers": []})) == ["dossiers.nothing-chosen"]
    assert codes(program.post(path, {"digest": "0" * 64})) == ["dossiers.preview-outdated"]
    assert codes(program.post(path, {"profile": "yes"})) == ["api.bad-field"]
    assert program.post(path, {"registers": ["meters"]}).status_code == 200
    assert cells(standing.dossier, "meters") == [{"meter": "M1", "enterprise": "E001"}]
    assert [row["vehicle"] for row in cells(standing.dossier, "vehicles")] == ["V1", "V2", "V3"]


def test_a_dossier_that_changed_meanwhile_is_not_written_over(standing: World) -> None:
    program = Program(standing.park)
    preview = send(program, dossier_zip(vehicles=CSV)).json()["id"]
    standing.dossier.refresh_from_db()
    edit(Actor(standing.park.user.pk), standing.dossier, "meters", add(9, meter="M1"))
    assert program.get(f"{ROOT}/imports/{preview}").json()["is_outdated"] is True
    assert codes(program.post(f"{ROOT}/imports/{preview}/confirm", {})) == ["dossiers.preview-outdated"]
    assert len(cells(standing.dossier, "vehicles")) == 3


def test_a_preview_is_its_makers_own(world: World) -> None:
    preview = send(Program(world.park), dossier_zip(vehicles=CSV)).json()["id"]
    enterprise = Program(world.enterprise)
    for path in ("", "/rows"):
        assert enterprise.get(f"{ROOT}/imports/{preview}{path}").status_code == 404
    assert enterprise.post(f"{ROOT}/imports/{preview}/confirm", {}).status_code == 404
    for unknown in ("0" * 16, "x", "..", "0" * 17):
        assert Program(world.park).get(f"{ROOT}/imports/{unknown}").status_code in (404, 422)
    other = Program(world.other_park)
    assert other.get(f"/parks/beta/dossiers/2024/imports/{preview}").status_code == 404
    assert send(other, dossier_zip(vehicles=CSV)).status_code == 404
    assert send(Program(world.scheme), dossier_zip(vehicles=CSV)).status_code == 403
    assert send(Program(world.park, "read"), dossier_zip(vehicles=CSV)).status_code == 403
    assert ImportPreview.objects.count() == 1


def test_an_enterprise_imports_its_own_rows(world: World) -> None:
    program = Program(world.enterprise)
    told = send(program, dossier_zip(vehicles=CSV)).json()
    assert [(one["name"], one["added"]) for one in told["registers"]] == [("vehicles", 2)]
    assert [one["code"] for one in told["faults"]] == ["dossiers.others-left-out", *[UNLISTED] * 2]
    assert (told["profile"], told["has_boundary"], told["files"]) == ([], False, [])
    program.post(f"{ROOT}/imports/{told['id']}/confirm", {"profile": True})
    assert [row["vehicle"] for row in cells(world.dossier, "vehicles")] == ["V1", "V3"]


def bomb() -> bytes:
    """A zip of a few kilobytes that would fill a disk."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("park.yaml", b"\0" * 400_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b""),
        ("a.zip", b"PK\x03\x04 no archive at all"),
        ("a.xlsx", b"MZ\x90\0 no workbook"),
        ("a.exe", b"MZ\x90\0"),
        ("a.zip", zipped({"../../park.yaml": b"id: alpha\n"})),
        ("a.zip", zipped({"park.yaml": b"id: !!python/object/apply:os.system ['true']\n"})),
        ("../../../etc/passwd", b"root"),
    ],
)
def test_hostile_files_are_refused_with_reasons(world: World, name: str, content: bytes) -> None:
    answer = send(Program(world.park), content, name)
    assert answer.status_code == 422
    faults = answer.json()["faults"]
    assert faults and all(one["zh"]["mend"] and one["en"]["mend"] for one in faults)
    assert not ImportPreview.objects.exists() and not Revision.objects.exists()


def test_an_archive_that_would_fill_the_disk_is_refused(world: World) -> None:
    content = bomb()
    assert len(content) < 1_000_000
    assert send(Program(world.park), content).status_code == 422
    assert not ImportPreview.objects.exists()


def test_a_form_that_is_none_is_told(world: World) -> None:
    program, path = Program(world.park), f"{ROOT}/imports"
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = program.client.generic(
            "POST", f"/api/v1{path}", b"--y\r\nno form", content_type=kind,
            headers={"Authorization": f"Bearer {program.secret}"},
        )  # fmt: skip
        assert codes(answer)[0] in ("api.bad-form", "api.bad-field")
    assert codes(program.client.generic(
        "POST", f"/api/v1{path}", b"x", content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {program.secret}"},
    )) == ["api.bad-form"]  # fmt: skip
    assert codes(program.post(path, {"file": "a"})) == ["api.bad-field"]
    many = Form({f"file{n}": ("a", b"a") for n in range(101)})  # Django takes a hundred
    assert codes(program.post(path, many)) == ["api.bad-form"]


def test_fields_that_a_form_does_not_have_are_told(world: World) -> None:
    form = Form({"file": ("a.zip", dossier_zip(vehicles=CSV)), "fille": ("b", b"b")}, {"dry_run": "1"})
    faults = Program(world.park).post(f"{ROOT}/imports", form).json()["faults"]
    assert sorted((one["code"], one["column"]) for one in faults) == [
        ("api.bad-field", "dry_run"), ("api.bad-field", "fille"),
    ]  # fmt: skip
    assert not ImportPreview.objects.exists()


def test_what_is_exported_is_equal(standing: World, tmp_path: Path) -> None:
    program = Program(standing.park)
    answer = program.get(f"{ROOT}/export")
    assert 'filename="alpha-2024.xlsx"' in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames
    for ending in ("xlsx", "zip"):
        file = tmp_path / f"a.{ending}"
        file.write_bytes(program.get(f"{ROOT}/export?format={ending}").content)
        rows = lingtan.read_dossier(file, unpack_to=tmp_path / ending).rows["vehicles"]
        assert [row.key for row in rows] == ["V1", "V2", "V3"]
    again = send(program, (tmp_path / "a.xlsx").read_bytes(), "a.xlsx").json()
    assert [(one["added"], one["changed"], one["removed"]) for one in again["registers"]] == [(0, 0, 0)]
    assert codes(program.get(f"{ROOT}/export?format=csv")) == ["api.bad-field"]


def test_an_enterprise_exports_its_own_rows(standing: World, tmp_path: Path) -> None:
    edit(
        Actor(standing.park.user.pk), standing.dossier, "vehicles",
        add(7, vehicle="V7", enterprise="E002", service="official"),
    )  # fmt: skip
    file = tmp_path / "a.zip"
    file.write_bytes(Program(standing.neighbour).get(f"{ROOT}/export?format=zip").content)
    found = lingtan.read_dossier(file, unpack_to=tmp_path / "own")
    assert [row.key for row in found.rows["vehicles"]] == ["V7"]


def test_a_frozen_version_is_exported_as_it_was(world: World, tmp_path: Path) -> None:
    make_version(world)
    program = Program(world.evaluator)
    file = tmp_path / "v1.zip"
    answer = program.get(f"{ROOT}/versions/1/export")
    assert 'filename="alpha-2024-v1.zip"' in answer.headers["Content-Disposition"]
    file.write_bytes(answer.content)
    rows = lingtan.read_dossier(file, unpack_to=tmp_path / "v1").rows["buildings"]
    assert [row.key for row in rows] == ["B01", "B02"]
    assert program.get(f"{ROOT}/versions/2/export").status_code == 404
    assert Program(world.enterprise).get(f"{ROOT}/versions/1/export").status_code == 403
    assert Program(world.other_park).get("/parks/beta/dossiers/2024/versions/1/export").status_code == 404


def test_of_two_files_none_is_chosen(world: World) -> None:
    two = Form({"file": [("a.zip", dossier_zip(vehicles=CSV)), ("b.zip", dossier_zip(meters="meter\nM1\n"))]})
    (told,) = Program(world.park).post(f"{ROOT}/imports", two).json()["faults"]
    assert (told["code"], told["column"]) == ("api.bad-field", "file")
    assert not ImportPreview.objects.exists()
