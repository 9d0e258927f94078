"""Evidence through the interface: handed in as on the pages, told, downloaded, kept from others."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import Any

import evidence_samples as samples
import pytest
from django.utils import timezone
from test_evidence_scanning import clamd
from tests.web.api_parts import Form, Program, make_result
from tests.web.cockpit_parts import NDRC, SEESA
from tests.web.conftest import World
from tests.web.evidence_parts import make_evidence
from tests.web.review_parts import make_version

from lingtan_web.audit.models import Entry
from lingtan_web.dossiers.models import RegisterRow, StoredFile, WorkingDossier
from lingtan_web.evidence.kinds import limit
from lingtan_web.evidence.models import Document, DocumentVersion, Scan
from lingtan_web.evidence.receiving import largest_request
from lingtan_web.storage import put

ROOT = "/parks/alpha/dossiers/2024/evidence"
PDF = samples.pdf(content=b"BT (bill) ET")
LATER = samples.pdf(content=b"BT (bill, corrected) ET")


def hand_in(program: Program, *files: tuple[str, bytes], **texts: str) -> Any:
    return program.post(ROOT, Form({"files": [*files]}, texts))


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content
    return [one["code"] for one in answer.json()["faults"]]


def number_of(answer: Any) -> int:
    assert answer.status_code == 200, answer.content
    return int(answer.json()["documents"][0]["number"])


def test_a_document_is_handed_in_told_and_downloaded(world: World) -> None:
    program = Program(world.park)
    answer = hand_in(
        program, ("十二月电费.pdf", PDF), title="电费账单", supports="energy", valid_to="2099-12-31"
    )
    (told,) = answer.json()["documents"]
    assert (told["id"], told["owner"], told["is_sealed"]) == ("EV001", world.alpha.operator_id, False)
    (file,) = told["files"]
    assert (file["number"], file["kind"], file["size"]) == (1, "pdf", len(PDF))
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()
    listed = told["listed"]
    assert (listed["title"], listed["state"], listed["valid_to"]) == ("电费账单", "here", "2099-12-31")
    assert (listed["version"], listed["may_open"], listed["may_change"]) == (1, True, True)
    assert program.get(f"{ROOT}/{told['number']}").json() == told
    page = program.get(ROOT).json()
    assert (page["total"], page["items"]) == (1, [listed])
    sent = program.get(f"{ROOT}/{told['number']}/files/1")
    assert sent.content == PDF
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    entry = Entry.objects.get(act="evidence.handed-in")
    assert (entry.via, entry.actor) == ("api", world.park.user)


def test_a_document_is_used_by_naming_it_in_a_row(world: World) -> None:
    program = Program(world.park)
    number = number_of(hand_in(program, ("a.pdf", PDF)))
    row = {"kind": "add", "row": "0" * 15 + "1", "cells": {"building": "B01", "evidence": "EV001"}}
    batch = {"revision": 1, "edits": [row]}
    assert program.post("/parks/alpha/dossiers/2024/registers/buildings", batch).json()["conflicts"] == []
    uses = program.get(f"{ROOT}/{number}").json()["listed"]["uses"]
    assert uses == [{"sheet": "buildings", "key": "B01", "column": "evidence"}]


def test_documents_are_found_by_words_and_state(world: World) -> None:
    make_evidence(world)  # EV001 with a file, EV002 without
    program = Program(world.park)
    found = {
        query: [one["id"] for one in program.get(f"{ROOT}?{query}").json()["items"]]
        for query in ("", "q=ev002", "state=here", "state=absent", "state=expired", "per_page=1&page=2")
    }
    assert found == {
        "": ["EV001", "EV002"], "q=ev002": ["EV002"], "state=here": ["EV001"], "state=absent": ["EV002"],
        "state=expired": [], "per_page=1&page=2": ["EV002"],
    }  # fmt: skip
    assert codes(program.get(f"{ROOT}?state=lost")) == ["api.bad-field"]


def test_a_new_file_keeps_the_old_one(world: World) -> None:
    program = Program(world.park)
    number = number_of(hand_in(program, ("a.pdf", PDF)))
    told = program.post(f"{ROOT}/{number}/files", Form({"file": ("b.pdf", LATER)})).json()
    assert sorted(one["number"] for one in told["files"]) == [1, 2]
    assert told["listed"]["version"] == 2
    assert program.get(f"{ROOT}/{number}/files/1").content == PDF
    assert program.get(f"{ROOT}/{number}/files/2").content == LATER
    again = program.post(f"{ROOT}/{number}/files", Form({"file": ("b.pdf", LATER)}))
    assert codes(again) == ["evidence.same-file"]
    assert program.get(f"{ROOT}/{number}/files/3").status_code == 404


def test_words_are_said_anew(world: World) -> None:
    program = Program(world.park)
    number = number_of(hand_in(program, ("a.pdf", PDF), title="旧", supports="x"))
    said = {"title": "新", "valid_to": "2098-01-31", "confidential": True}
    listed = program.call("PUT", f"{ROOT}/{number}", said).json()["listed"]
    assert (listed["title"], listed["supports"], listed["is_confidential"]) == ("新", "", True)
    for wrong in ({}, {"title": "", "page": ""}, {"title": "a", "valid_to": "soon"}, {"title": "a", "x": 1}):
        assert program.call("PUT", f"{ROOT}/{number}", wrong).status_code == 422
    assert codes(program.call("PUT", f"{ROOT}/{number}", {"title": " "})) == ["evidence.no-title"]


def test_a_document_of_another_year_is_listed_in_this_one(world: World) -> None:
    WorkingDossier.objects.create(park=world.alpha, year=2023)
    program = Program(world.park)
    number = number_of(hand_in(program, ("a.pdf", PDF), title="证书"))
    other = f"/parks/alpha/dossiers/2023/evidence/{number}"
    assert program.get(other).json()["listed"] is None
    assert program.call("PUT", other, {"title": "x"}).status_code == 403  # not in this year's list
    assert program.post(f"{other}/list").json()["listed"]["title"] == "证书"
    assert codes(program.post(f"{other}/list")) == ["evidence.listed-already"]


def test_a_row_without_a_file_is_given_one(world: World) -> None:
    make_evidence(world)
    program = Program(world.park)
    row = RegisterRow.objects.get(ident="EV002")
    row.cells = {**row.cells, "sha256": "a" * 64}
    row.save()
    path = f"{ROOT}/rows/{row.mark}"
    assert codes(program.post(path, Form({"file": ("b.pdf", PDF)}))) == ["evidence.other-file"]
    told = program.post(path, Form({"file": ("b.pdf", PDF)}, {"other": "true"})).json()
    assert (told["id"], told["listed"]["state"]) == ("EV002", "here")
    assert program.post(path, Form({"file": ("b.pdf", PDF)})).status_code == 404  # it has one now
    assert program.post(f"{ROOT}/rows/{'0' * 16}", Form({"file": ("b.pdf", PDF)})).status_code == 404


def test_files_that_came_with_an_import_are_adopted(world: World) -> None:
    for n, (name, content) in enumerate((("good.pdf", PDF), ("bad.pdf", samples.EXE)), start=1):
        cells = {"id": f"EV{n:03}", "title": name, "file": name}
        RegisterRow.objects.create(dossier=world.dossier, register="evidence", position=n, cells=cells)
        sha256 = put(io.BytesIO(content))
        StoredFile.objects.create(dossier=world.dossier, path=f"evidence/{name}", sha256=sha256)
    told = Program(world.park).post(f"{ROOT}/adopt").json()
    assert told["adopted"] == 1
    assert [one["code"].partition(".")[0] for one in told["faults"]] == ["evidence"]
    assert list(Document.objects.values_list("key", flat=True)) == ["EV001"]


def test_an_enterprise_hands_in_its_own_and_sees_only_that(world: World) -> None:
    theirs = number_of(hand_in(Program(world.park), ("a.pdf", PDF)))
    program = Program(world.enterprise)
    mine = number_of(hand_in(program, ("b.pdf", LATER), sealed="true"))
    assert [one["number"] for one in program.get(ROOT).json()["items"]] == [mine]
    for path in (f"{ROOT}/{theirs}", f"{ROOT}/{theirs}/files/1"):
        assert program.get(path).status_code == 404
    assert program.call("PUT", f"{ROOT}/{theirs}", {"title": "x"}).status_code == 404
    assert program.post(f"{ROOT}/{theirs}/files", Form({"file": ("c.pdf", LATER)})).status_code == 404
    park = Program(world.park)
    assert park.get(f"{ROOT}/{mine}").json()["listed"]["may_open"] is False
    assert park.get(f"{ROOT}/{mine}/files/1").status_code == 403  # sealed: for evaluators only
    assert park.call("PUT", f"{ROOT}/{mine}", {"title": "x"}).status_code == 403
    assert Program(world.evaluator).get(f"{ROOT}/{mine}/files/1").content == LATER
    as_operator = hand_in(program, ("d.pdf", samples.pdf()), owner=str(world.alpha.operator_id))
    assert as_operator.status_code == 403


def test_foreign_ids_and_scopes(world: World) -> None:
    number = number_of(hand_in(Program(world.park), ("a.pdf", PDF)))
    other = Program(world.other_park)
    beta = "/parks/beta/dossiers/2024/evidence"
    for path in (f"{ROOT}/{number}", f"{beta}/{number}", f"{beta}/{number}/files/1", f"{beta}/99999"):
        assert other.get(path).status_code == 404
    assert other.post(f"{beta}/{number}/list").status_code == 404
    row = RegisterRow.objects.get(ident="EV001").mark
    assert other.post(f"{beta}/rows/{row}", Form({"file": ("b.pdf", LATER)})).status_code == 404
    reader = Program(world.park, "read", "readings:write", "process:write", "review:write")
    assert hand_in(reader, ("b.pdf", LATER)).status_code == 403
    assert reader.post(f"{ROOT}/adopt").status_code == 403
    writer = Program(world.park, "dossier:write")
    assert writer.get(f"{ROOT}/{number}/files/1").status_code == 403
    assert Document.objects.count() == 1


HOSTILE = {
    "macro.docm": b"PK\x03\x04",
    "a.pdf": samples.EXE,
    "b.png": samples.HTML,
    "c.svg": samples.SVG,
    "d.pdf": samples.pdf({"/OpenAction": samples.script_action()}),
    "e.pdf": samples.pdf_with_file(),
    "f.exe": samples.EXE,
    "g.pdf.exe": samples.ELF,
    "../../h.html": samples.HTML,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_are_refused(world: World, name: str) -> None:
    faults = codes(hand_in(Program(world.park), (name, HOSTILE[name])))
    assert faults and all(one.startswith("evidence.") for one in faults)
    assert not Document.objects.exists() and not DocumentVersion.objects.exists()


def test_one_bad_file_and_nothing_is_taken(world: World) -> None:
    faults = codes(hand_in(Program(world.park), ("a.pdf", PDF), ("b.pdf", samples.EXE), valid_to="soon"))
    assert "evidence.bad-day" in faults and len(faults) == 2
    assert not Document.objects.exists()
    good = {f"{n}.pdf": samples.pdf(content=b"%d" % n) for n in range(21)}
    assert codes(hand_in(Program(world.park), *good.items())) == ["evidence.too-many-files"]


def test_a_scanner_keeps_what_it_knows_out(world: World, settings: Any) -> None:
    program = Program(world.park)
    with clamd("tcp") as port:
        settings.SCANNER = f"clamd:127.0.0.1:{port}"
        assert codes(hand_in(program, ("eicar.txt", samples.EICAR))) == ["evidence.scanner-found"]
        assert not Document.objects.exists()
        (told,) = hand_in(program, ("a.pdf", PDF)).json()["documents"]
    assert told["files"][0]["is_scanned"] is True


def test_what_a_scanner_found_later_is_not_handed_out(world: World) -> None:
    program = Program(world.park)
    number = number_of(hand_in(program, ("a.pdf", PDF)))
    Scan.objects.create(version=DocumentVersion.objects.get(), scanner="clamd", found="Eicar")
    assert program.get(f"{ROOT}/{number}").json()["files"][0]["threat"] == "Eicar"
    assert program.get(f"{ROOT}/{number}/files/1").status_code == 403


def test_too_much_is_cut_off_before_it_is_read(world: World) -> None:
    program = Program(world.park)
    request = {"Authorization": f"Bearer {program.secret}", "Content-Length": str(largest_request() + 1)}
    answer = program.client.generic(
        "POST", f"/api/v1{ROOT}", b"--x--", content_type="multipart/form-data; boundary=x",
        headers=request, CONTENT_LENGTH=largest_request() + 1,
    )  # fmt: skip
    assert answer.status_code == 413
    assert set(answer.json()) == {"detail"}
    big = b"%PDF-1.7\n" + bytes(limit("largest_bytes") + 2)
    assert hand_in(program, ("a.pdf", big)).status_code == 413
    assert not Document.objects.exists()


def test_what_is_missing_per_indicator(world: World) -> None:
    program = Program(world.park)
    nothing = {"result": None, "edition": None, "editions": [], "indicators": []}
    assert program.get(f"{ROOT}/missing").json() == nothing
    result = make_result(world, make_version(world))
    told = program.get(f"{ROOT}/missing").json()
    assert (told["result"], told["edition"]) == (result.pk, told["editions"][0])
    assert set(told["editions"]) == {SEESA, NDRC}
    lacking = [one["is_complete"] for one in told["indicators"]]
    assert lacking == sorted(lacking)  # what lacks something comes first
    assert False in lacking
    first = told["indicators"][0]
    assert first["rows_without"] or first["unlisted"] or first["troubled"]
    assert program.get(f"{ROOT}/missing?edition={NDRC}").json()["edition"] == NDRC
    assert program.get(f"{ROOT}/missing?edition=none").status_code == 404
    assert Program(world.evaluator).get(f"{ROOT}/missing").json() == nothing  # not submitted: not theirs


def test_what_ends_is_told(world: World) -> None:
    program = Program(world.park)
    yesterday = timezone.localdate() - timedelta(days=1)
    hand_in(program, ("a.pdf", PDF), valid_to=str(yesterday))
    (one,) = program.get(f"{ROOT}?state=expired").json()["items"]
    assert (one["state"], one["days_left"]) == ("expired", -1)


def test_several_files_are_several_documents(world: World) -> None:
    made = hand_in(Program(world.park), ("a.pdf", PDF), ("b.pdf", LATER), title="账单").json()["documents"]
    assert [(one["id"], one["listed"]["title"]) for one in made] == [("EV001", "a"), ("EV002", "b")]
