"""Import and export: shown before anything is written, equal to the last cell, undone in one step."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from tests.web.conftest import World
from tests.web.dossier_parts import (
    PARK_YAML,
    XINGHUO,
    add,
    cells,
    dossier_zip,
    edit,
    upload,
    zipped,
)

import lingtan
from lingtan.errors import LingtanError
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.checkouts import check_out_working
from lingtan_web.dossiers.exports import export_dossier
from lingtan_web.dossiers.models import ImportPreview, RegisterRow, StoredFile, WorkingDossier
from lingtan_web.dossiers.scopes import WHOLE, Scope
from lingtan_web.dossiers.services import (
    check_out,
    confirm_import,
    freeze_version,
    load_dossier,
    open_dossier,
    preview_import,
    undo,
)
from lingtan_web.dossiers.services.importing import Choice, load_plan
from lingtan_web.dossiers.services.profile import set_boundary
from lingtan_web.evidence.models import Document

OWN = Scope(frozenset(["E001"]), can_edit=True)


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor(world.park.user.pk)


def codes(refused: pytest.ExceptionInfo[LingtanError]) -> set[str]:
    return {one.code for one in refused.value.faults}


def confirm(actor: Actor, preview: ImportPreview, *registers: str, scope: Scope | None = None) -> int:
    choice = Choice(registers)
    more = {"scope": scope} if scope else {}
    return confirm_import(actor, preview=preview, digest=preview.plan_sha256, choice=choice, **more).revision  # type: ignore[arg-type]


def kinds(preview: ImportPreview, register: str) -> list[tuple[str, str, int]]:
    (part,) = [one for one in load_plan(preview)["registers"] if one["name"] == register]
    return [(row["kind"], row["key"], row["number"]) for row in part["rows"]]


CSV = "vehicle,enterprise,service\nV1,E001,official\nV3,E001,logistics\nV4,E002,official\n"


def test_a_preview_tells_each_row_and_writes_nothing(world: World, actor: Actor) -> None:
    edit(
        actor, world.dossier, "vehicles",
        add(1, vehicle="V1", enterprise="E001", service="official"),
        add(2, vehicle="V2", enterprise="E001", service="official"),
        add(3, vehicle="V3", enterprise="E001", service="official"),
    )  # fmt: skip
    before = cells(world.dossier, "vehicles")
    preview = preview_import(actor, dossier=world.dossier, upload=upload("a.zip", dossier_zip(vehicles=CSV)))
    assert kinds(preview, "vehicles") == [
        ("unchanged", "V1", 2), ("changed", "V3", 3), ("added", "V4", 4), ("removed", "V2", 0),
    ]  # fmt: skip
    assert cells(world.dossier, "vehicles") == before and world.dossier.revision == 1
    confirm(actor, preview, "vehicles")
    assert [row["vehicle"] for row in cells(world.dossier, "vehicles")] == ["V1", "V3", "V4"]
    undo(actor, dossier=world.dossier, revision=2)
    assert cells(world.dossier, "vehicles") == before


def test_faults_of_the_file_stand_with_their_rows(world: World, actor: Actor) -> None:
    bad = upload("a.zip", dossier_zip(vehicles="vehicle,service\nV1,flying\n"))
    preview = preview_import(actor, dossier=world.dossier, upload=bad)
    (part,) = load_plan(preview)["registers"]
    assert "dossier.unknown-choice" in {fault[0] for fault in part["rows"][0]["faults"]}
    confirm(actor, preview, "vehicles")
    assert cells(world.dossier, "vehicles") == [{"vehicle": "V1", "service": "flying"}]  # kept as written


def test_what_was_not_chosen_stays(world: World, actor: Actor) -> None:
    edit(actor, world.dossier, "permits", add(1, permit="P1"))
    given = dossier_zip(vehicles="vehicle\nV1\n")
    preview = preview_import(actor, dossier=world.dossier, upload=upload("a.zip", given))
    assert kinds(preview, "permits") == [("removed", "P1", 0)]
    confirm(actor, preview, "vehicles")
    assert len(cells(world.dossier, "permits")) == 1


def test_a_preview_is_confirmed_once_and_only_as_it_was_seen(world: World, actor: Actor) -> None:
    def preview() -> ImportPreview:
        given = upload("a.zip", dossier_zip(vehicles="vehicle\nV1\n"))
        return preview_import(actor, dossier=world.dossier, upload=given)

    first = preview()
    with pytest.raises(LingtanError) as refused:
        confirm_import(actor, preview=first, digest="0" * 64, choice=Choice(["vehicles"]))
    assert codes(refused) == {"dossiers.preview-outdated"}
    with pytest.raises(LingtanError) as refused:
        confirm_import(actor, preview=first, digest=first.plan_sha256, choice=Choice())
    assert codes(refused) == {"dossiers.nothing-chosen"}
    edit(actor, world.dossier, "permits", add(1, permit="P1"))
    with pytest.raises(LingtanError) as refused:
        confirm(actor, first, "vehicles")
    assert codes(refused) == {"dossiers.preview-outdated"}
    second = preview()
    confirm(actor, second, "vehicles")
    with pytest.raises(LingtanError) as refused:
        confirm(actor, second, "vehicles")
    assert codes(refused) == {"dossiers.preview-used"}
    assert len(cells(world.dossier, "vehicles")) == 1


def test_another_park_or_year_is_noticed_and_its_id_not_taken(world: World, actor: Actor) -> None:
    other = zipped({"park.yaml": PARK_YAML.replace(b"alpha", b"gamma").replace(b"2024", b"2023")})
    preview = preview_import(actor, dossier=world.dossier, upload=upload("a.zip", other))
    told = {fault[0] for fault in load_plan(preview)["faults"]}
    assert {"dossiers.park-differs", "dossiers.year-differs"} <= told
    confirm_import(actor, preview=preview, digest=preview.plan_sha256, choice=Choice(profile=True))
    assert world.dossier.facts["id"] == "alpha" and world.dossier.facts["reporting"]["year"] == 2024


def test_an_enterprise_imports_its_own_rows_only(world: World, actor: Actor) -> None:
    edit(
        actor, world.dossier, "vehicles",
        add(1, vehicle="V9", enterprise="E002"), add(2, vehicle="V8", enterprise="E001"),
    )  # fmt: skip
    given = upload("a.zip", dossier_zip(vehicles=CSV, lighting="lamp\nL1\n"))
    preview = preview_import(actor, dossier=world.dossier, upload=given, scope=OWN)
    plan = load_plan(preview)
    assert [part["name"] for part in plan["registers"]] == ["vehicles"]
    assert {key for _, key, _ in kinds(preview, "vehicles")} == {"V1", "V3", "V8"}
    assert "dossiers.others-left-out" in {fault[0] for fault in plan["faults"]}
    assert "V9" not in str(plan) and plan["profile"] == [] and plan["files"] == []
    confirm(actor, preview, "vehicles", "lighting", scope=OWN)
    assert [row["vehicle"] for row in cells(world.dossier, "vehicles")] == ["V9", "V1", "V3"]
    assert cells(world.dossier, "lighting") == []


def load(actor: Actor, world: World) -> WorkingDossier:
    """The example park as a dossier of alpha (another year would be as good)."""
    world.dossier.delete()
    return load_dossier(actor, park=world.alpha, folder=XINGHUO)


@pytest.mark.parametrize("ending", ["xlsx", "zip"])
def test_out_and_in_again_is_equal_cell_by_cell(world: World, actor: Actor, ending: str) -> None:
    dossier = load(actor, world)
    name, stream = export_dossier(dossier, WHOLE, ending)
    with stream:
        content = stream.read()
    assert name == f"alpha-2024.{ending}"
    same = preview_import(actor, dossier=dossier, upload=upload(name, content))
    assert {kind for part in load_plan(same)["registers"] for kind in part["counts"]} == {"unchanged"}
    assert load_plan(same)["profile"] == [] and load_plan(same)["files"] == []
    empty = world.other_dossier
    preview = preview_import(actor, dossier=empty, upload=upload(name, content))
    parts = [part["name"] for part in load_plan(preview)["registers"]]
    choice = Choice(parts, profile=True, boundary=True, files=True)
    drawn = dossier.boundary
    set_boundary(actor, dossier=dossier, boundary=None)  # two parks do not stand on the same ground
    confirm_import(actor, preview=preview, digest=preview.plan_sha256, choice=choice)
    for register in {row.register for row in RegisterRow.objects.filter(dossier=dossier)}:
        given, got = cells(dossier, register), cells(empty, register)
        if ending == "xlsx" and register == "evidence":  # a workbook says the SHA-256 of files it cannot hold
            given, got = (
                [{k: v for k, v in row.items() if k != "sha256"} for row in r] for r in (given, got)
            )
        assert got == given, register
    with check_out_working(empty) as folder, check_out_working(dossier) as other:
        one, two = lingtan.read_dossier(folder), lingtan.read_dossier(other)
        assert one.boundary == drawn and one.park.profile == two.park.profile
    files = StoredFile.objects.filter(dossier=dossier)
    kept = files.exclude(path__startswith="evidence/").count()  # evidence went into the library
    assert StoredFile.objects.filter(dossier=empty).count() == (kept if ending == "zip" else 0)
    taken = files.filter(path__startswith="evidence/").count() if ending == "zip" else 0
    assert Document.objects.filter(park=empty.park).count() == taken > (0 if ending == "zip" else -1)


def test_a_version_is_what_the_dossier_was(world: World, actor: Actor) -> None:
    dossier = load(actor, world)
    version = freeze_version(actor, dossier=dossier, label="first")
    row = RegisterRow.objects.filter(dossier=dossier, register="vehicles").first()
    assert row is not None
    RegisterRow.objects.filter(pk=row.pk).update(cells={"vehicle": "changed"})
    with check_out(version) as folder:
        read = lingtan.read_dossier(folder)
        given = lingtan.read_dossier(XINGHUO)
        assert read.fingerprint == version.fingerprint
        assert read.rows["vehicles"][0].values == given.rows["vehicles"][0].values
        assert {path.name for path in read.readings} == {path.name for path in given.readings}
        assert read.evidence_files == given.evidence_files
    assert freeze_version(actor, dossier=dossier).number == 2


def test_what_looks_like_a_formula_is_text_in_a_workbook(world: World, actor: Actor) -> None:
    texts = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")']
    edit(
        actor,
        world.dossier,
        "enterprises",
        *(add(n, enterprise=f"E{n}", name=t) for n, t in enumerate(texts)),
    )
    _, stream = export_dossier(world.dossier, WHOLE, "xlsx")
    with stream:
        book = openpyxl.load_workbook(io.BytesIO(stream.read()))
    found = [cell for row in book["企业 enterprises"].iter_rows() for cell in row if cell.value]
    assert not [cell.value for cell in found if cell.data_type == "f"]
    assert {text.strip() for text in texts} <= {cell.value for cell in found}


def test_what_looks_like_a_formula_is_text_in_a_table_too(world: World, actor: Actor) -> None:
    table = 'enterprise,name\nE001,"=HYPERLINK(""http://x"")"\nE002,@SUM(A1)\n'
    preview = preview_import(
        actor, dossier=world.dossier, upload=upload("a.zip", dossier_zip(enterprises=table))
    )
    confirm(actor, preview, "enterprises")
    names = [row["name"] for row in cells(world.dossier, "enterprises")]
    assert names == ['=HYPERLINK("http://x")', "@SUM(A1)"]  # kept as they were written, computed by nobody


XML_BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook/>'
HOSTILE = {
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "dossier.encrypted-workbook"),
    "renamed.xlsx": (b"vehicle,enterprise\nV1,E001\n", "dossier.workbook-damaged"),
    "nothing.zip": (b"PK\x05\x06" + b"\0" * 18, "dossier.no-park"),
    "broken.zip": (b"PK\x03\x04garbage", "dossier.damaged"),
    "program.exe": (b"MZ\x90\0" + b"\0" * 100, "dossier.not-a-dossier"),
    "entities.xlsx": (
        zipped({"[Content_Types].xml": XML_BOMB, "xl/workbook.xml": XML_BOMB}), "dossier.workbook-entities"
    ),
    "bomb.zip": (
        zipped({"park.yaml": PARK_YAML, "registers/meters.csv": b"0" * 30_000_000}), "dossier.archive-bomb"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_told_and_change_nothing(world: World, name: str) -> None:
    content, code = HOSTILE[name]
    answer = world.park.client.post("/parks/alpha/dossier/2024/import/", {"file": upload(name, content)})
    assert answer.status_code == 422 and answer.context["faults"][0].code == code
    assert not ImportPreview.objects.exists() and not RegisterRow.objects.exists()


@pytest.mark.parametrize(
    "path", ["../../evil.csv", "/etc/evil", "registers\\..\\evil.csv", "C:evil", "evidence/../../x"]
)
def test_names_that_lead_elsewhere_are_left_out(world: World, actor: Actor, path: str) -> None:
    given = zipped({"park.yaml": PARK_YAML, path: b"x", "evidence/ok.txt": b"y"})
    preview = preview_import(actor, dossier=world.dossier, upload=upload("../../x.zip", given))
    assert [one[0] for one in load_plan(preview)["files"]] == ["evidence/ok.txt"]
    assert preview.name == "x.zip"


def test_gbk_is_read(world: World, actor: Actor) -> None:
    table = "企业编号,企业名称\nE001,星火厂\n".encode("gb18030")
    given = zipped({"park.yaml": PARK_YAML, "registers/企业.csv": table})
    preview = preview_import(actor, dossier=world.dossier, upload=upload("档案.zip", given))
    confirm(actor, preview, "enterprises")
    assert cells(world.dossier, "enterprises")[0]["enterprise"] == "E001"


def test_no_file_is_a_fault(world: World) -> None:
    for given in ({}, {"file": upload("a.zip", b"")}):
        answer = world.park.client.post("/parks/alpha/dossier/2024/import/", given)
        assert answer.status_code == 422
        assert answer.context["faults"][0].code == "dossiers.no-file"


def test_a_file_too_large_is_refused(world: World, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingtan_web.dossiers.uploads.LARGEST_UPLOAD", 100)
    for length, code in ((100, "dossier.not-a-dossier"), (101, "dossiers.upload-too-large")):
        with pytest.raises(LingtanError) as refused:
            preview_import(actor, dossier=world.dossier, upload=upload("a.bin", b"0" * length))
        assert codes(refused) == {code}


def test_a_year_has_one_dossier(world: World, actor: Actor, tmp_path: Path) -> None:
    with pytest.raises(LingtanError) as refused:
        open_dossier(actor, park=world.alpha, year=2024)
    assert codes(refused) == {"dossiers.dossier-exists"}
    made = open_dossier(actor, park=world.alpha, year=2025)
    assert made.profile["name_zh"] == "甲园区" and made.profile["reporting"] == {"year": 2025}
    edit(actor, made, "vehicles", add(1, vehicle="V1"))
    (tmp_path / "park.yaml").write_bytes(PARK_YAML.replace(b"2024", b"2025"))
    with pytest.raises(LingtanError) as refused:
        load_dossier(actor, park=world.alpha, folder=tmp_path)
    assert codes(refused) == {"dossiers.dossier-exists"}


def test_tables_of_a_zip_say_what_was_written_and_its_readme_what_a_spreadsheet_makes_of_it(
    world: World, actor: Actor
) -> None:
    """Nothing is put before what looks like a formula: it would be another text when it is read back."""
    texts = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "'=1", "-5"]
    lines = [add(n, enterprise=f"E{n}", name=text) for n, text in enumerate(texts)]
    edit(actor, world.dossier, "enterprises", *lines)
    name, stream = export_dossier(world.dossier, WHOLE, "zip")
    with stream:
        content = stream.read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        table = archive.read("registers/enterprises.csv").decode().splitlines()
        told = archive.read("README.md").decode()
    column = table[0].split(",").index("name")
    assert [line.split(",")[column] for line in table[1:]] == texts
    assert "请勿直接用 Excel 打开" in told and "Do not open these CSV files in Excel" in told
    same = preview_import(actor, dossier=world.dossier, upload=upload(name, content))
    assert [part["counts"] for part in load_plan(same)["registers"]] == [{"unchanged": 6}]
    assert load_plan(same)["files"] == []
    page = world.park.client.get("/parks/alpha/dossier/2024/").content.decode()
    assert "请勿直接用 Excel 打开" in page
