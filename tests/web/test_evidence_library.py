"""The library through its pages: handing in, versions, who gets what, how files are served."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import evidence_samples as samples
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from test_evidence_scanning import clamd
from tests.web.conftest import World
from tests.web.evidence_parts import make_evidence

import lingtan as lt
from lingtan_web import storage
from lingtan_web.audit.models import Entry
from lingtan_web.dossiers.checkouts import check_out_working, find_files
from lingtan_web.dossiers.models import CellChange, RegisterRow, StoredFile, WorkingDossier
from lingtan_web.evidence import receiving
from lingtan_web.evidence.models import Document, DocumentVersion, Scan
from lingtan_web.evidence.queries import find_entries, find_evidence_files, find_states
from lingtan_web.evidence.waiting import find_documents

BASE = "/parks/alpha/dossier/2024/evidence/"
PDF = samples.pdf(content=b"BT (bill) ET")
LATER = samples.pdf(content=b"BT (bill, corrected) ET")


def upload(client: Client, files: Mapping[str, bytes], year: int = 2024, **said: str) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files.items()]
    return client.post(f"/parks/alpha/dossier/{year}/evidence/new/", {"files": sent, **said})


def fetch(client: Client, address: str) -> bytes:
    with closing(client.get(address)) as answer:
        assert answer.status_code == 200
        return bytes(answer.getvalue())  # type: ignore[attr-defined]


def status(client: Client, address: str) -> int:
    with closing(client.get(address)) as answer:
        return answer.status_code


def faults(answer: Any) -> list[str]:
    assert answer.status_code == 422
    return [one.code for one in answer.context["faults"]]


def cells(key: str = "EV001") -> dict[str, str]:
    return next(
        row.cells for row in RegisterRow.objects.filter(register="evidence") if row.cells["id"] == key
    )


def test_handed_in_it_stands_in_the_list(world: World) -> None:
    answer = upload(
        world.park.client,
        {"2024年1月电费结算单.pdf": PDF},
        page="第1页",
        supports="energy_activity",
        valid_to="2026-12-31",
    )
    assert answer.status_code == 302
    version = DocumentVersion.objects.get()
    assert cells() == {
        "id": "EV001", "file": "EV001-2024年1月电费结算单.pdf", "sha256": version.sha256,
        "title": "2024年1月电费结算单", "supports": "energy_activity", "page": "第1页",
        "valid_to": "2026-12-31",
        "confidential": "no",
    }  # fmt: skip
    assert storage.path_of(version.sha256).read_bytes() == PDF
    assert version.document.owner == world.alpha.operator
    entry = Entry.objects.get()
    assert (entry.act, entry.park, entry.details["revision"]) == ("evidence.handed-in", "alpha", 1)
    world.dossier.refresh_from_db()
    assert world.dossier.revision == 1
    (change,) = CellChange.objects.all()
    assert (change.register, change.revision, json.loads(change.new)["cells"]) == ("evidence", 1, cells())
    assert answer.headers["Location"] == f"{BASE}{version.document.pk}/"
    page = world.park.client.get(BASE).content.decode()
    assert "2024年1月电费结算单" in page and "未扫描" in page


def test_the_plain_form_answers_faults_and_keeps_nothing(world: World) -> None:
    answer = upload(
        world.park.client, {"ok.pdf": PDF, "a.svg": samples.SVG, "b.exe.pdf": PDF}, valid_to="soon"
    )
    assert faults(answer) == ["evidence.bad-day", "evidence.kind-markup", "evidence.name-two-endings"]
    assert not Document.objects.exists() and not RegisterRow.objects.exists() and not Entry.objects.exists()
    assert not list(receiving.waiting_room().iterdir())


def test_no_file_and_too_many(world: World) -> None:
    assert faults(upload(world.park.client, {})) == ["evidence.no-file"]
    many = {f"{n}.txt": str(n).encode() for n in range(21)}
    assert faults(upload(world.park.client, many)) == ["evidence.too-many-files"]
    words = upload(world.park.client, {"a.pdf": PDF}, title="x" * 301)
    assert faults(words) == ["evidence.words-long"]


def test_several_files_are_several_documents(world: World) -> None:
    upload(
        world.park.client, {"一.pdf": PDF, "二.csv": b"a,b\n", "三.png": samples.picture("PNG")}, title="共同"
    )
    assert [entry.title for entry in find_entries(world.dossier)] == ["一", "二", "三"]
    assert [entry.id for entry in find_entries(world.dossier)] == ["EV001", "EV002", "EV003"]


def test_the_same_file_is_one_document(world: World) -> None:
    upload(world.park.client, {"a.pdf": PDF, "b.pdf": PDF})
    assert Document.objects.count() == 1
    assert faults(upload(world.park.client, {"c.pdf": PDF})) == ["evidence.same-file"]
    assert upload(world.enterprise.client, {"c.pdf": PDF}).status_code == 302  # another's is not told
    assert Document.objects.count() == 2


def test_a_new_file_supersedes_and_the_old_one_stays(world: World) -> None:
    WorkingDossier.objects.create(park=world.alpha, year=2023)
    upload(world.park.client, {"a.pdf": PDF}, year=2023)
    one = Document.objects.get()
    client = world.park.client
    assert client.post(f"{BASE}{one.pk}/list/").status_code == 302
    client.post(f"{BASE}{one.pk}/new/", {"file": SimpleUploadedFile("b.pdf", LATER)})
    numbers = {one.number: one.sha256 for one in DocumentVersion.objects.all()}
    this, before = find_entries(world.dossier), find_entries(WorkingDossier.objects.get(year=2023))
    assert (this[0].sha256, before[0].sha256) == (numbers[2], numbers[1])
    assert fetch(client, f"{BASE}{one.pk}/1/file/") == PDF
    assert fetch(client, f"{BASE}{one.pk}/2/file/") == LATER
    again = client.post(f"{BASE}{one.pk}/new/", {"file": SimpleUploadedFile("c.pdf", PDF)})
    assert faults(again) == ["evidence.same-file"]
    assert faults(client.post(f"{BASE}{one.pk}/list/")) == ["evidence.listed-already"]
    assert faults(client.post(f"{BASE}{one.pk}/new/")) == ["evidence.no-file"]
    assert find_evidence_files(world.dossier) == {"EV001-b.pdf": numbers[2]}


def test_ids_go_on_over_the_years(world: World) -> None:
    WorkingDossier.objects.create(park=world.alpha, year=2023)
    upload(world.park.client, {"a.pdf": PDF}, year=2023)
    upload(world.park.client, {"b.pdf": LATER})
    assert sorted(Document.objects.values_list("key", flat=True)) == ["EV001", "EV002"]


def test_words_are_changed_in_the_list(world: World) -> None:
    upload(world.park.client, {"a.pdf": PDF})
    one = Document.objects.get()
    said = {"title": "许可证", "valid_to": "2027年1月1日", "confidential": "on"}
    assert world.park.client.post(f"{BASE}{one.pk}/", said).status_code == 302
    assert (cells()["title"], cells()["valid_to"], cells()["confidential"]) == (
        "许可证",
        "2027年1月1日",
        "yes",
    )
    assert faults(world.park.client.post(f"{BASE}{one.pk}/", {"title": " "})) == ["evidence.no-title"]
    changed = CellChange.objects.filter(revision=2).values_list("column", "old", "new")
    assert ("title", "a", "许可证") in changed


def test_a_row_that_was_imported_gets_its_file(world: World) -> None:
    digest = samples_digest(PDF)
    row = RegisterRow.objects.create(
        dossier=world.dossier, register="evidence", position=0,
        cells={"id": "EV004", "title": "电费", "file": "bill.pdf", "sha256": digest},
    )  # fmt: skip
    address = f"{BASE}rows/{row.pk}/"
    client = world.park.client
    assert faults(client.post(address, {"file": SimpleUploadedFile("x.pdf", LATER)})) == [
        "evidence.other-file"
    ]
    assert faults(client.post(address)) == ["evidence.no-file"]
    assert client.post(address, {"file": SimpleUploadedFile("x.pdf", PDF)}).status_code == 302
    assert cells("EV004")["sha256"] == digest
    assert client.post(address, {"file": SimpleUploadedFile("x.pdf", LATER)}).status_code == 404
    upload(client, {"b.pdf": LATER})
    assert find_entries(world.dossier)[1].id == "EV005"


def samples_digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_another_file_can_be_taken_on_purpose(world: World) -> None:
    row = RegisterRow.objects.create(
        dossier=world.dossier, register="evidence", position=0, cells={"id": "EV004", "sha256": "0" * 64}
    )
    sent = {"file": SimpleUploadedFile("x.pdf", PDF), "other": "on"}
    assert world.park.client.post(f"{BASE}rows/{row.pk}/", sent).status_code == 302
    assert cells("EV004")["sha256"] == samples_digest(PDF)


def test_states(world: World) -> None:
    upload(world.park.client, {"a.pdf": PDF}, valid_to="2020-01-01")
    upload(world.park.client, {"b.pdf": LATER})
    for key, more in (("EV010", {}), ("EV002", {"sha256": "0" * 64})):
        RegisterRow.objects.create(
            dossier=world.dossier, register="evidence", position=9, cells={"id": key, **more}
        )
    states = find_states(world.dossier, timezone.localdate())
    assert states == {"EV001": "expired", "EV010": "absent", "EV002": "changed"}


HOSTILE = {
    "polyglot.pdf": PDF + samples.archive({"x.html": samples.HTML}),
    "gifar.png": samples.picture("PNG") + samples.archive({"x.class": b"x"}),
    "bomb.zip": samples.archive({"a.txt": b" " * 20_000_000}),
    "pixels.png": samples.png_of(60_000, 60_000),
    "slip.zip": samples.archive({"../../../../etc/cron.d/x.txt": b"x"}),
    "script.svg": samples.SVG,
    "page.html": samples.HTML,
    "mask.pdf": samples.HTML,
    "head.jpg": samples.jpeg_said(samples.HTML),
    "macro.xlsm": samples.workbook(),
    "dde.csv": b"a\n=cmd|'/C calc'!A0\n",
    "run.exe": samples.EXE,
    "invoice\u202efdp.exe": samples.EXE,
    "open.pdf": samples.pdf({"/OpenAction": samples.script_action()}),
}


def test_hostile_files_leave_nothing(world: World) -> None:
    paths = [storage.path_of(samples_digest(content)) for content in HOSTILE.values()]
    there = {path for path in paths if path.exists()}  # the same bytes under an honest name, by another test
    answer = upload(world.park.client, HOSTILE)
    assert all(code.startswith("evidence.") for code in faults(answer))
    told = " ".join(one.place.file for one in answer.context["faults"])
    assert all(name.replace("\u202e", "") in told for name in HOSTILE)  # Django takes such signs out
    assert not DocumentVersion.objects.exists()
    assert {path for path in paths if path.exists()} == there


def test_a_name_that_leads_out_is_only_a_name(world: World) -> None:
    """Browsers and Django cut paths off; what is left is the name, and content lies under its digest."""
    upload(world.park.client, {"../../../tmp/a.pdf": PDF})
    version = DocumentVersion.objects.get()
    assert version.name == "a.pdf"
    assert storage.path_of(version.sha256).is_relative_to(Path(storage._root()))


def test_how_a_file_is_served(world: World) -> None:
    upload(
        world.park.client, {"电费 结算单.csv": "月份,电量\n".encode("gbk"), "x.png": samples.picture("PNG")}
    )
    table, picture = Document.objects.order_by("key")
    with closing(world.park.client.get(f"{BASE}{table.pk}/1/file/")) as answer:
        said = {name.lower(): value for name, value in answer.headers.items()}
    assert said["content-disposition"].startswith("attachment; filename*=utf-8''EV001-")
    assert said["content-type"] == "text/csv"
    assert said["x-content-type-options"] == "nosniff"
    assert said["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert said["cache-control"] == "private, no-store"
    with closing(world.park.client.get(f"{BASE}{picture.pk}/1/preview/")) as shown:
        content = shown.getvalue()  # type: ignore[attr-defined]
    assert shown.headers["Content-Type"] == "image/webp" and content[8:12] == b"WEBP"
    assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert status(world.park.client, f"{BASE}{table.pk}/1/preview/") == 404
    assert status(world.park.client, f"{BASE}{table.pk}/9/file/") == 404


def test_a_preview_has_nothing_of_the_picture_but_what_it_shows(world: World) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Spy camera"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    picture = samples.picture("JPEG", exif=exif)
    assert b"Spy camera" in picture
    upload(world.park.client, {"a.jpg": picture})
    content = fetch(world.park.client, f"{BASE}{Document.objects.get().pk}/1/preview/")
    assert b"Spy camera" not in content and b"EXIF" not in content
    assert Image.open(io.BytesIO(content)).size == (30, 40)  # upright


WHO = ["scheme", "body", "evaluator", "park", "enterprise", "neighbour", "expert", "other_park", "stranger"]
OPENED = {
    # by whom the file of the park, an enterprise's, its confidential one and its sealed one are opened
    "park": {"scheme": 200, "body": 200, "evaluator": 200, "park": 200, "enterprise": 404},
    "plain": {"scheme": 200, "body": 200, "evaluator": 200, "park": 200, "enterprise": 200},
    "confidential": {"scheme": 403, "body": 200, "evaluator": 200, "park": 200, "enterprise": 200},
    "sealed": {"scheme": 403, "body": 200, "evaluator": 200, "park": 403, "enterprise": 200},
}


@pytest.mark.parametrize("which", OPENED)
def test_who_opens_a_file(world: World, which: str) -> None:
    by = world.park if which == "park" else world.enterprise
    said = (
        {"confidential": "on"} if which == "confidential" else {"sealed": "on"} if which == "sealed" else {}
    )
    upload(by.client, {"a.png": samples.picture("PNG")}, **said)
    one = Document.objects.get()
    for who in WHO:
        expected = OPENED[which].get(who, 404)
        client = world.someone(who).client
        assert status(client, f"{BASE}{one.pk}/1/file/") == expected, who
        assert status(client, f"{BASE}{one.pk}/1/preview/") == expected, who
        assert status(client, f"{BASE}{one.pk}/") == (200 if expected in (200, 403) else 404)
        listed = client.get(BASE)
        assert ("EV001" in listed.content.decode()) is (expected in (200, 403)), who
        changed = client.post(f"{BASE}{one.pk}/", {"title": "x", **said})
        assert changed.status_code == (
            302 if by is world.someone(who) else 403 if expected in (200, 403) else 404
        )


def test_a_document_cannot_be_reached_through_another_park(world: World) -> None:
    upload(world.park.client, {"a.pdf": PDF})
    one = Document.objects.get()
    address = f"/parks/beta/dossier/2024/evidence/{one.pk}/"
    assert world.other_park.client.get(address).status_code == 404
    assert status(world.other_park.client, f"{address}1/file/") == 404
    assert world.other_park.client.post(f"{address}list/").status_code == 404
    row = RegisterRow.objects.get()
    assert (
        world.other_park.client.post(f"/parks/beta/dossier/2024/evidence/rows/{row.pk}/").status_code == 404
    )


def test_evaluators_see_what_is_listed_in_their_year(world: World) -> None:
    WorkingDossier.objects.create(park=world.alpha, year=2023)
    upload(world.park.client, {"a.pdf": PDF}, year=2023)
    one = Document.objects.get()
    assert status(world.evaluator.client, f"{BASE}{one.pk}/1/file/") == 404
    assert status(world.evaluator.client, f"/parks/alpha/dossier/2023/evidence/{one.pk}/1/file/") == 404
    world.park.client.post(f"{BASE}{one.pk}/list/")
    assert status(world.evaluator.client, f"{BASE}{one.pk}/1/file/") == 200


@pytest.mark.parametrize("who", ["scheme", "body", "evaluator", "expert"])
def test_only_park_and_enterprises_hand_in(world: World, who: str) -> None:
    answer = upload(world.someone(who).client, {"a.pdf": PDF})
    assert answer.status_code == (404 if who == "expert" else 403)
    assert not Document.objects.exists()


def test_an_enterprise_hands_in_for_itself_only(world: World) -> None:
    upload(world.enterprise.client, {"a.pdf": PDF}, owner=str(world.alpha.operator_id))
    assert not Document.objects.exists()
    upload(world.enterprise.client, {"a.pdf": PDF})
    assert Document.objects.get().owner.kind == "enterprise"


def test_without_the_mark_of_the_form_nothing_is_taken(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.park.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert upload(client, {"a.pdf": PDF}).status_code == 403
    assert not Document.objects.exists()


def is_read(path: str, user: Any, length: int) -> bool:
    """Whether a request that tells this length is read at all."""
    request = RequestFactory().post(path)
    request.user = user
    try:
        receiving.LimitedUploadHandler(request).handle_raw_input(None, {}, length, b"x")
    except RequestDataTooBig:
        return False
    return True


def test_a_request_that_is_too_large_is_not_read(world: World) -> None:
    """Documents (two of the largest), files of dossiers (2 GB), strangers (a form)."""
    most, form, someone = receiving.largest_request(), 1 << 20, world.park.user
    readings = "/parks/alpha/dossier/2024/readings/"
    told = (
        (f"{BASE}new/", someone, most), (readings, someone, 2_000_000_000 + form),
        ("/accounts/login/", AnonymousUser(), form), (f"{BASE}new/", AnonymousUser(), form),
        ("/api/v1/x/", AnonymousUser(), 2_000_000_000 + form),
    )  # fmt: skip
    for path, user, length in told:
        assert is_read(path, user, length), path
        assert not is_read(path, user, length + 1), path
    answer = world.park.client.generic(
        "POST", f"{BASE}new/", b"--x--", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(most + 1),
    )  # fmt: skip
    assert answer.status_code == 413


@pytest.mark.parametrize("table", ["evidence_documentversion", "evidence_scan"])
def test_versions_and_scans_are_never_changed(world: World, table: str) -> None:
    numbers = make_evidence(world)
    version = DocumentVersion.objects.get(document=numbers["document"])
    Scan.objects.create(version=version, scanner="clamd")
    for sql in (f"UPDATE {table} SET id = id + 1", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentVersion.objects.update(name="b.pdf")


def test_a_scanner_that_is_configured_decides(world: World, settings: Any) -> None:
    with clamd("tcp") as port:
        settings.SCANNER = f"clamd:127.0.0.1:{port}"
        assert faults(upload(world.park.client, {"eicar.txt": samples.EICAR})) == ["evidence.scanner-found"]
        upload(world.park.client, {"a.pdf": PDF})
        assert Scan.objects.get().scanner == "clamd"
        assert "已扫描" in world.park.client.get(BASE).content.decode()
    settings.SCANNER = "clamd:127.0.0.1:1"
    assert faults(upload(world.park.client, {"b.pdf": LATER})) == ["evidence.scanner-failed"]


def test_what_was_taken_before_there_was_a_scanner(world: World, settings: Any) -> None:
    upload(world.park.client, {"eicar.txt": samples.EICAR, "a.pdf": PDF})
    with pytest.raises(CommandError):
        call_command("scan_evidence")
    bad, good = Document.objects.order_by("key")
    assert status(world.park.client, f"{BASE}{bad.pk}/1/file/") == 200
    with clamd("tcp") as port:
        settings.SCANNER = f"clamd:127.0.0.1:{port}"
        said = io.StringIO()
        call_command("scan_evidence", stdout=said)
        assert said.getvalue() == "2 scanned, something found in 1\n"
        call_command("scan_evidence", stdout=said)
        assert said.getvalue().endswith("0 scanned, something found in 0\n")
    assert status(world.park.client, f"{BASE}{bad.pk}/1/file/") == 403
    assert status(world.park.client, f"{BASE}{good.pk}/1/file/") == 200
    assert "扫描发现问题" in world.park.client.get(f"{BASE}{bad.pk}/").content.decode()
    assert "扫描发现问题" in world.park.client.get(BASE).content.decode()
    assert Entry.objects.filter(act="evidence.scanned").count() == 2
    settings.SCANNER = "clamd:127.0.0.1:1"
    upload_unscanned(world)
    with pytest.raises(CommandError):
        call_command("scan_evidence")


def upload_unscanned(world: World) -> None:
    digest = storage.put(io.BytesIO(b"z"))
    one = Document.objects.create(park=world.alpha, key="EV099", owner=world.alpha.operator)
    DocumentVersion.objects.create(document=one, number=1, name="z.txt", kind="text", sha256=digest, size=1)


def test_left_over_files_are_taken_away(world: World) -> None:
    stale, fresh = receiving.waiting_room() / "stale.upload", receiving.waiting_room() / "fresh.upload"
    for file in (stale, fresh):
        file.write_bytes(b"x")
    os.utime(stale, (1, 1))
    assert receiving.remove_left_over() == 1
    assert fresh.exists() and not stale.exists()
    fresh.unlink()


def test_queries_do_not_grow(world: World) -> None:
    counts = []
    for n in range(2):
        files = {f"{n}-{m}.txt": f"{n}-{m}".encode() for m in range(1 + 9 * n)}
        upload(world.park.client, files)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert world.park.client.get(BASE).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 30


def test_files_of_an_imported_dossier_are_examined_and_taken_in(world: World) -> None:
    """As `load_dossier` leaves them: files beside the dossier, rows that name them."""
    for n, (name, content) in enumerate({"good.pdf": PDF, "bad.pdf": samples.HTML}.items(), start=1):
        digest = storage.put(io.BytesIO(content))
        StoredFile.objects.create(
            dossier=world.dossier, path=f"evidence/{name}", sha256=digest, size=len(content)
        )
        RegisterRow.objects.create(
            dossier=world.dossier, register="evidence", position=n,
            cells={"id": f"EV00{n}", "title": name, "file": name, "sha256": digest if n == 1 else ""},
        )  # fmt: skip
    assert "尚未检查" in world.park.client.get(BASE).content.decode()
    before = find_files(world.dossier)
    assert faults(world.park.client.post(f"{BASE}adopt/")) == ["evidence.content-differs"]
    assert [one.key for one in Document.objects.all()] == ["EV001"]
    assert cells("EV001")["file"] == "good.pdf"
    assert find_files(world.dossier) == before  # the dossier is what it was
    assert list(StoredFile.objects.values_list("path", flat=True)) == ["evidence/bad.pdf"]
    assert fetch(world.park.client, f"{BASE}{Document.objects.get().pk}/1/file/") == PDF


def test_a_dossier_is_written_out_with_the_files_it_lists(world: World) -> None:
    upload(world.park.client, {"a.pdf": PDF}, confidential="on")
    upload(world.park.client, {"b.csv": b"a,b\n"})
    with check_out_working(world.dossier) as folder:
        assert (folder / "evidence" / "EV001-a.pdf").read_bytes() == PDF
        found = lt.read_dossier(folder)
    assert set(found.evidence_files) == {"EV001-a.pdf", "EV002-b.csv"}
    assert not [one for one in found.faults if "evidence" in one.code]


def test_documents_that_end_wait_for_their_owners(world: World) -> None:
    today = timezone.localdate()
    for client, name, days in ((world.park, "a", 60), (world.enterprise, "b", -3), (world.park, "c", 61)):
        upload(client.client, {f"{name}.txt": name.encode()}, valid_to=str(today + timedelta(days)))
    WorkingDossier.objects.create(park=world.beta, year=2030)
    found = {one.key.rpartition("/")[2]: one for one in find_documents(today)}
    assert set(found) == {"EV001", "EV002"}
    assert found["EV001"].to == {world.park.user.pk} and found["EV002"].to == {world.enterprise.user.pk}
    for who, keys in ((world.park, {"EV001"}), (world.enterprise, {"EV002"}), (world.neighbour, set())):
        assert {one.key.rpartition("/")[2] for one in find_documents(today, who.user)} == keys
    assert found["EV001"].due == today + timedelta(60) and found["EV001"].link == f"{BASE}?q=EV001"


def test_english_and_empty_pages(world: World) -> None:
    world.park.client.cookies["lingtan-language"] = "en"
    assert "Evidence" in world.park.client.get(BASE).content.decode()
    assert world.park.client.get("/parks/alpha/evidence/").url == BASE  # type: ignore[attr-defined]
    WorkingDossier.objects.filter(park=world.beta).delete()
    assert world.other_park.client.get("/parks/beta/evidence/").status_code == 200
    assert world.park.client.get("/parks/alpha/dossier/1999/evidence/").status_code == 404
