"""Evidence of a year under review: open where a question reopened it, closed everywhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.review_parts import Play, actor_of, play
from tests.web.test_evidence_library import LATER, PDF, upload

from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.reviews.services import handing
from lingtan_web.reviews.workflow import State

__all__ = ["play"]

BASE = "/parks/alpha/dossier/2024/evidence/"
SHA = hashlib.sha256(PDF).hexdigest()


def file(name: str = "a.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def closed(answer: Any, *fields: str) -> None:
    """Refused for these places, and nothing was written."""
    assert answer.status_code == 422
    told = answer.context["faults"]
    assert {one.code for one in told} == {"review.dossier-closed"}
    assert [one.context["field"] for one in told] == list(fields)


def listed(play: Play, year: int = 2024, **cells: str) -> RegisterRow:
    """A row of a list, as an import of a workbook leaves it."""
    dossier, _ = WorkingDossier.objects.get_or_create(park=play.world.alpha, year=year)
    return RegisterRow.objects.create(
        dossier=dossier, register="evidence", position=9, cells=cells, key=cells["id"], ident=cells["id"]
    )


def counts() -> tuple[int, int, int]:
    return Document.objects.count(), DocumentVersion.objects.count(), RegisterRow.objects.count()


def test_handing_in_superseding_describing_and_listing_are_closed(play: Play) -> None:
    park, world = play.world.park.client, play.world
    upload(park, {"a.pdf": PDF})
    WorkingDossier.objects.create(park=world.alpha, year=2025)
    upload(park, {"b.txt": b"b"}, year=2025)
    first, second = (f"{BASE}{one.pk}/" for one in Document.objects.order_by("key"))
    submission = play.to(State.IN_REVIEW)
    before = counts()
    closed(upload(park, {"c.txt": b"c"}), "evidence[EV003]")
    closed(upload(world.enterprise.client, {"c.txt": b"c"}), "evidence[EV003]")
    closed(
        park.post(f"{first}new/", {"file": file("a2.pdf", LATER)}),
        "evidence[EV001].file",
        "evidence[EV001].sha256",
    )
    closed(park.post(first, {"title": "另一个"}), "evidence[EV001].title")
    closed(park.post(f"{second}list/"), "evidence[EV002]")
    assert counts() == before
    play.ask(submission, "evidence[+]", "evidence[EV001]")
    assert upload(park, {"c.txt": b"c"}).status_code == 302
    assert park.post(f"{second}list/").status_code == 302
    assert park.post(f"{first}new/", {"file": file("a2.pdf", LATER)}).status_code == 302
    handing.withdraw(actor_of(world.park), submission=submission)
    assert park.post(f"{second}", {"title": "另一个"}).status_code == 302


@pytest.mark.parametrize(
    "cells",
    [
        {"file": "EV007-a.pdf", "sha256": SHA},  # the very file it names: not one cell of the row changes
        {"file": "", "sha256": ""},
    ],
)
def test_the_file_of_a_row_is_as_good_as_a_cell(play: Play, cells: Mapping[str, str]) -> None:
    row = listed(play, id="EV007", title="账单", **cells)
    address, park = f"{BASE}rows/{row.pk}/", play.world.park.client
    submission = play.to(State.IN_REVIEW)
    answer = park.post(address, {"file": file()})
    assert answer.status_code == 422
    assert {one.code for one in answer.context["faults"]} == {"review.dossier-closed"}
    assert "evidence[EV007].sha256" in [one.context["field"] for one in answer.context["faults"]]
    assert counts()[:2] == (0, 0)
    play.ask(submission, "buildings[B01].floor_area_m2")
    assert park.post(address, {"file": file()}).status_code == 422, "another field was reopened"
    play.ask(submission, "evidence[EV007]")
    assert park.post(address, {"file": file()}).status_code == 302
    assert Document.objects.get().key == "EV007"


def test_another_year_is_no_way_around(play: Play) -> None:
    """The list of 2024 names EV001 without saying which file: a new version in 2025 would be its file."""
    park, world = play.world.park.client, play.world
    WorkingDossier.objects.create(park=world.alpha, year=2025)
    upload(park, {"a.pdf": PDF}, year=2025)
    address = f"/parks/alpha/dossier/2025/evidence/{Document.objects.get().pk}/new/"
    row = listed(play, id="EV001", title="账单")
    play.to(State.IN_REVIEW)
    answer = park.post(address, {"file": file("a2.pdf", LATER)})
    closed(answer, "evidence[EV001].sha256")
    assert "2024 年度的自评正在评审" in answer.content.decode()
    RegisterRow.objects.filter(pk=row.pk).update(cells={"id": "EV001", "sha256": SHA})
    assert park.post(address, {"file": file("a2.pdf", LATER)}).status_code == 302, "2024 keeps what it names"


def test_another_year_stays_open(play: Play) -> None:
    play.to(State.IN_REVIEW)
    WorkingDossier.objects.create(park=play.world.alpha, year=2025)
    assert upload(play.world.park.client, {"a.pdf": PDF}, year=2025).status_code == 302
