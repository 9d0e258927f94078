"""Documents of a result: made in the background, once, handed out as what they are."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from tests.web.cockpit_parts import finished, small_park
from tests.web.conftest import World

from lingtan.errors import LingtanError
from lingtan_web.assessments import queries
from lingtan_web.assessments.models import Calculation, State
from lingtan_web.audit.services import SYSTEM
from lingtan_web.documents import services
from lingtan_web.documents.models import Document
from lingtan_web.documents.rules import KINDS, Wanted, file_name, formats_of, read_wanted
from lingtan_web.documents.tasks import run
from lingtan_web.dossiers.models import DossierVersion


@pytest.fixture
def result(world: World, tmp_path: Path) -> Calculation:
    return finished(small_park(world, tmp_path))


def root(result: Calculation) -> str:
    return f"/parks/alpha/results/{result.pk}/documents/"


def test_eight_kinds_in_four_formats_and_the_package() -> None:
    assert len(KINDS) == 9
    assert [formats_of(kind) for kind in KINDS].count(("docx", "pdf", "xlsx", "html")) == 8
    assert formats_of("package") == ("zip",)
    assert read_wanted("inventory", "pdf", "en") == Wanted("inventory", "pdf", "en")
    name = file_name("alpha", 2024, 3, Wanted("inventory", "pdf", "zh"))
    assert name == "alpha-2024-v3 温室气体清单报告.pdf"


@pytest.mark.parametrize(
    "words", [("nothing", "pdf", "zh"), ("inventory", "exe", "zh"), ("inventory", "pdf", "fr"),
              ("package", "pdf", "zh"), ("", "", "")],
)  # fmt: skip
def test_what_there_is_not(words: tuple[str, str, str]) -> None:
    with pytest.raises(LingtanError) as refused:
        read_wanted(*words)
    assert refused.value.faults[0].code == "cockpit.unknown-document"


def test_asked_made_and_handed_out(world: World, result: Calculation) -> None:
    client = world.park.client
    wanted = ["improvement.xlsx", "certificate-annex.html", "package.zip"]
    assert client.post(root(result) + "ask/", {"wanted": wanted}).status_code == 302
    busy = client.get(root(result)).content.decode()
    assert 'hx-trigger="every 4s"' in busy and "编制中" in busy
    run(result.pk)
    made = {f"{one.kind}.{one.format}": one for one in Document.objects.all()}
    assert {one.state for one in made.values()} == {State.DONE}
    heads = {"improvement.xlsx": b"PK", "certificate-annex.html": b"<!doctype html", "package.zip": b"PK"}
    for name, head in heads.items():
        answer = client.get(f"{root(result)}{made[name].pk}/")
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        content = b"".join(answer)  # type: ignore[arg-type]
        assert content[:20].lower().startswith(head.lower())
        assert len(content) == made[name].size
        if name == "package.zip":
            assert any(part.endswith(".pdf") for part in zipfile.ZipFile(BytesIO(content)).namelist())
    assert "编制中" not in client.get(root(result)).content.decode()
    before = {one.pk: one.finished_at for one in Document.objects.all()}
    client.post(root(result) + "ask/", {"wanted": wanted})
    run(result.pk)  # nothing waits
    assert {one.pk: one.finished_at for one in Document.objects.all()} == before


def test_a_killed_run_is_taken_up_again(result: Calculation) -> None:
    wanted = [Wanted("not-applicable", "docx", "zh")]
    services.ask_documents(SYSTEM, calculation=result, wanted=wanted)
    mine = services.begin(result.pk)
    assert len(mine) == 1 and services.begin(result.pk) == []
    assert services.ask_documents(SYSTEM, calculation=result, wanted=wanted)[0].state == State.RUNNING
    Document.objects.update(started_at=timezone.now() - services.STALE_AFTER - timedelta(seconds=1))
    assert services.ask_documents(SYSTEM, calculation=result, wanted=wanted)[0].state == State.QUEUED
    run(result.pk)
    done = Document.objects.get()
    assert done.state == State.DONE
    assert services.begin(result.pk, "task-1") == []
    services.finish(mine[0], sha256="0" * 64, size=1)  # who was given up changes nothing
    services.fail(mine, [])
    assert Document.objects.get().sha256 == done.sha256


def test_no_documents_without_a_result(world: World, tmp_path: Path) -> None:
    broken = finished(small_park(world, tmp_path, {"park.yaml": "id: [\n"}))
    with pytest.raises(LingtanError) as refused:
        services.ask_documents(SYSTEM, calculation=broken, wanted=[Wanted("inventory", "pdf", "zh")])
    assert refused.value.faults[0].code == "cockpit.not-ready"
    assert world.park.client.get(root(broken)).status_code == 404


def test_who_may_have_documents(world: World, result: Calculation) -> None:
    services.ask_documents(SYSTEM, calculation=result, wanted=[Wanted("improvement", "html", "zh")])
    run(result.pk)
    one = f"{root(result)}{Document.objects.get().pk}/"
    for address in (root(result), one):
        assert world.enterprise.client.get(address).status_code == 403
        assert world.scheme.client.get(address).status_code == 404  # not submitted
        assert world.other_park.client.get(address).status_code == 404
    queries.SUBMITTED.append(DossierVersion.objects.all)
    try:
        for role in ("scheme", "body", "evaluator", "park"):
            answer = world.someone(role).client.get(one)
            assert answer.status_code == 200
            b"".join(answer)  # type: ignore[arg-type]
    finally:
        queries.SUBMITTED.pop()
    assert world.park.client.get(f"{root(result)}999999/").status_code == 404
