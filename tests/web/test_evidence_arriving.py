"""What an import names of evidence: taken into the library with it, told on the page that follows."""

from __future__ import annotations

import hashlib
import io
import zipfile

import evidence_samples as samples
import pytest
from tests.web.conftest import World
from tests.web.dossier_parts import PARK_YAML, upload
from tests.web.test_evidence_library import PDF, faults, fetch
from tests.web.test_evidence_library import upload as hand_in

from lingtan_web.audit.models import Entry
from lingtan_web.dossiers.checkouts import check_out_working
from lingtan_web.dossiers.models import Revision, StoredFile, WorkingDossier
from lingtan_web.evidence.models import Document, DocumentVersion, Scan

SHA = hashlib.sha256(PDF).hexdigest()
OTHER = "ab" * 32


def packed(*rows: str, **files: bytes) -> bytes:
    """A dossier of 2024 as .zip: rows `id,file,sha256,title` and files of evidence."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("park.yaml", PARK_YAML)
        archive.writestr("evidence/evidence.csv", "\n".join(["id,file,sha256,title", *rows]) + "\n")
        for name, content in files.items():
            archive.writestr(f"evidence/{name.replace('_', '.')}", content)
    return held.getvalue()


def bring(world: World, content: bytes, **choice: str) -> str:
    """Import by the pages, everything chosen; the page that follows."""
    client, base = world.park.client, "/parks/alpha/dossier/2024/import/"
    preview = client.post(base, {"file": upload("a.zip", content)}).headers["Location"]
    chosen = {
        "register": ["evidence"],
        "files": "1",
        "digest": client.get(preview).context["preview"].plan_sha256,
    }
    answer = client.post(f"{preview}confirm/", {**chosen, **choice}, follow=True)
    assert answer.status_code == 200, answer.context["faults"]
    return answer.content.decode()


def test_files_that_came_along_are_taken_in_at_once(world: World) -> None:
    page = bring(
        world,
        packed(
            f"EV001,a.pdf,{SHA},账单", "EV002,b.txt,,记录", f"EV003,c.pdf,{OTHER},合同", "EV004,d.pdf,,照片",
            a_pdf=PDF, b_txt=b"read", c_pdf=PDF + b" ",
        ),
    )  # fmt: skip
    assert "2 份已收入材料库" in page and "还缺 2 份文件：EV003、EV004" in page
    assert {one.key: one.owner for one in Document.objects.all()} == {
        "EV001": world.alpha.operator,
        "EV002": world.alpha.operator,
    }
    number = Document.objects.get(key="EV001").pk
    assert fetch(world.park.client, f"/parks/alpha/dossier/2024/evidence/{number}/1/file/") == PDF
    assert list(StoredFile.objects.values_list("path", flat=True)) == ["evidence/c.pdf"], "another file"
    entry = Entry.objects.get(act="evidence.adopted")
    assert entry.details == {"year": 2024, "documents": ["EV001", "EV002"]}
    assert "尚未检查" not in world.park.client.get("/parks/alpha/dossier/2024/evidence/").content.decode()


def test_what_is_refused_stays_beside_the_dossier_and_is_told(world: World) -> None:
    page = bring(world, packed("EV001,a.pdf,,账单", "EV002,b.pdf,,网页", a_pdf=PDF, b_pdf=samples.HTML))
    assert "1 份已收入材料库" in page and "还缺 1 份文件：EV002" in page
    assert "没有收入 b.pdf：" in page
    assert list(StoredFile.objects.values_list("path", flat=True)) == ["evidence/b.pdf"]
    assert faults(world.park.client.post("/parks/alpha/dossier/2024/evidence/adopt/")) == [
        "evidence.content-differs"
    ]


def test_what_lies_in_the_library_under_another_id_is_found_by_its_sha256(world: World) -> None:
    """A list without files: the bill was handed in before, for another year."""
    WorkingDossier.objects.create(park=world.alpha, year=2025)
    hand_in(world.park.client, {"bill.pdf": PDF}, year=2025)
    Scan.objects.create(version=DocumentVersion.objects.get(), scanner="clamd")
    page = bring(world, packed(f"X-7,x.pdf,{SHA},账单", f"X-8,y.pdf,{OTHER},别的"))
    assert "1 份已收入材料库" in page and "还缺 1 份文件：X-8" in page
    again = Document.objects.get(key="X-7").versions.get()
    assert (again.sha256, again.name, again.scans.get().scanner) == (SHA, "bill.pdf", "clamd")
    with check_out_working(world.dossier) as folder:
        assert (folder / "evidence" / "x.pdf").read_bytes() == PDF


def test_files_of_an_enterprise_are_not_taken_for_the_park(world: World) -> None:
    """Whoever knows the SHA-256 of a sealed document does not get its content by naming it."""
    hand_in(world.enterprise.client, {"secret.pdf": PDF}, sealed="on")
    assert "还缺 1 份文件：X-7" in bring(world, packed(f"X-7,x.pdf,{SHA},账单"))
    assert not Document.objects.filter(key="X-7").exists()


def test_a_file_in_which_something_was_found_is_not_taken_again(world: World) -> None:
    hand_in(world.park.client, {"bill.pdf": PDF})
    Scan.objects.create(version=DocumentVersion.objects.get(), scanner="clamd", found="Eicar")
    assert "还缺 1 份文件：X-7" in bring(world, packed(f"X-7,x.pdf,{SHA},账单"))


def test_a_dossier_that_is_imported_again_changes_nothing(world: World) -> None:
    content = packed(f"EV001,a.pdf,{SHA},账单", a_pdf=PDF)
    bring(world, content)
    page = bring(world, content)
    assert "材料库。" not in page and "还缺" not in page
    assert Document.objects.count() == 1 and not StoredFile.objects.exists()
    assert Revision.objects.count() == 1


def test_an_import_that_is_refused_takes_nothing_in(world: World) -> None:
    client, base = world.park.client, "/parks/alpha/dossier/2024/import/"
    content = packed(f"EV001,a.pdf,{SHA},账单", a_pdf=PDF)
    preview = client.post(base, {"file": upload("a.zip", content)}).headers["Location"]
    given = {"register": ["evidence"], "files": "1", "digest": "0" * 64}
    assert faults(client.post(f"{preview}confirm/", given)) == ["dossiers.preview-outdated"]
    assert not Document.objects.exists() and not Entry.objects.filter(act="evidence.adopted").exists()


def test_taking_the_import_back_leaves_the_document_unlisted(world: World) -> None:
    bring(world, packed(f"EV001,a.pdf,{SHA},账单", a_pdf=PDF))
    assert world.park.client.post("/parks/alpha/dossier/2024/history/1/undo/").status_code == 302
    shown = world.park.client.get("/parks/alpha/dossier/2024/evidence/").context["library"]
    assert shown.items == () and [one.key for one in shown.elsewhere] == ["EV001"]


def test_an_import_that_has_nothing_of_evidence_says_nothing_of_it(world: World) -> None:
    assert "材料库。" not in bring(
        world, packed("EV001,a.pdf,,账单"), register="vehicles", files="", profile="1"
    )


@pytest.mark.parametrize("language", ["en"])
def test_it_is_said_in_english(world: World, language: str) -> None:
    world.park.client.cookies["lingtan-language"] = language
    page = bring(world, packed(f"EV001,a.pdf,{SHA},a", "EV002,b.pdf,,b", a_pdf=PDF))
    assert "Evidence: 1 taken into the library. 1 files are wanting: EV002." in page
