"""Previews of imports: large ones made by the worker, old ones refused and swept."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.web.conftest import World
from tests.web.dossier_parts import cells, dossier_zip, put_bytes, upload, zipped

from lingtan.errors import LingtanError
from lingtan_web import storage, storekeeping
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers import uploads
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import ImportPreview, StoredFile
from lingtan_web.dossiers.services import confirm_import, importing, preview_import
from lingtan_web.dossiers.services.importing import Choice, load_plan
from lingtan_web.dossiers.services.sweeping import sweep_previews
from lingtan_web.dossiers.tasks import plan_import
from lingtan_web.notices.tasks import remind

HERE = "/parks/alpha/dossier/2024/"
WAITING = "正在逐行比对"
HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


def table(count: int) -> bytes:
    """A zip with two cells a row, and the two of the head; park.yaml is no table."""
    return dossier_zip(meters="meter,enterprise\n" + "\n".join(f"M{n},E001" for n in range(count)) + "\n")


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor(world.park.user.pk)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than twenty cells are many."""
    monkeypatch.setattr(uploads, "limit", {"import_cells": 20}.__getitem__)


def waiting() -> list[Any]:
    path = "lingtan_web.dossiers.tasks.plan_import"
    return list(DBTaskResult.objects.filter(task_path=path, status="READY"))


def send(client: Client, content: bytes, name: str = "a.zip") -> str:
    answer = client.post(f"{HERE}import/", {"file": upload(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_twenty_cells_are_read_at_once_and_twenty_two_by_the_worker(world: World, few: None) -> None:
    client = world.park.client
    assert "逐行" in read(client, send(client, table(9))) and not waiting()
    address = send(client, table(10))
    page = read(client, address)
    assert WAITING in page and f'hx-get="{address}"' in page and "确认导入" not in page
    assert WAITING in client.get(address, headers=HTMX).content.decode()
    (task,) = waiting()
    plan_import.call(*task.args_kwargs["args"])
    assert client.get(address, headers=HTMX)["HX-Refresh"] == "true"
    page = read(client, address)
    assert WAITING not in page and "确认导入" in page
    made = ImportPreview.objects.latest("pk")
    confirm_import(
        Actor(world.park.user.pk), preview=made, digest=made.plan_sha256, choice=Choice(["meters"])
    )
    assert len(cells(world.dossier, "meters")) == 10


def test_a_plan_that_waits_cannot_be_confirmed(world: World, actor: Actor, few: None) -> None:
    made = preview_import(actor, dossier=world.dossier, upload=upload("a.zip", table(10)))
    with pytest.raises(LingtanError) as refused:
        confirm_import(actor, preview=made, digest="", choice=Choice(["meters"]))
    assert {one.code for one in refused.value.faults} == {"dossiers.preview-not-ready"}


def test_the_worker_keeps_to_what_is_theirs(world: World, few: None) -> None:
    rows = "meter,enterprise\n" + "".join(f"M{n},E00{n % 2 + 1}\n" for n in range(12))
    send(world.enterprise.client, dossier_zip(meters=rows))
    made = ImportPreview.objects.latest("pk")
    plan_import.call(made.pk)
    made.refresh_from_db()
    (part,) = load_plan(made)["registers"]
    assert {row["line"]["enterprise"] for row in part["rows"]} == {"E001"}


def test_why_there_is_no_preview_stands_on_its_page(world: World, few: None) -> None:
    many = b"meter,enterprise\n" + b"M,E\n" * 20
    address = send(world.park.client, zipped({"registers/meters.csv": many}))  # no park.yaml
    plan_import.call(ImportPreview.objects.latest("pk").pk)
    page = read(world.park.client, address)
    assert "没有做成预览" in page and "park.yaml" in page and "重新上传" in page
    assert WAITING not in page


def test_our_own_mistake_does_not_leave_the_page_waiting(
    world: World, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    address = send(world.park.client, table(10))
    monkeypatch.setattr(importing, "build_plan", broken)
    with pytest.raises(RuntimeError):
        plan_import.call(ImportPreview.objects.latest("pk").pk)
    (kept,) = ImportPreview.objects.latest("pk").faults
    assert kept[0] == "dossiers.preview-broken"
    assert "因本软件的错误" in read(world.park.client, address)


def test_a_plan_that_never_comes_is_given_up(world: World, few: None) -> None:
    address = send(world.park.client, table(10))
    ImportPreview.objects.update(made_at=timezone.now() - timedelta(minutes=16))
    page = read(world.park.client, address)
    assert "可能已中断" in page and "重新上传" in page and WAITING not in page


def test_cells_of_a_workbook_are_counted_and_of_other_files_none(tmp_path: Any, few: None) -> None:
    book, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book.write_bytes(zipped({"xl/worksheets/sheet1.xml": b"<c><v>1</v></c>" * 21, "xl/styles.xml": b"<v>"}))
    assert uploads.has_many_cells(book)
    book.write_bytes(zipped({"xl/worksheets/sheet1.xml": b"<c><v>1</v></c>" * 20, "xl/styles.xml": b"<v>"}))
    assert not uploads.has_many_cells(book)
    other.write_bytes(b"no zip" * 99)
    assert not uploads.has_many_cells(other)


def aged(preview: ImportPreview, age: timedelta) -> ImportPreview:
    """The preview as if it had been made so long ago, and its files put then."""
    ImportPreview.objects.filter(pk=preview.pk).update(made_at=timezone.now() - age)
    preview.refresh_from_db()
    for sha256 in contents(preview):
        old = time.time() - age.total_seconds()
        os.utime(storage.path_of(sha256), (old, old))
    return preview


def contents(preview: ImportPreview) -> list[str]:
    files = [sha256 for _, sha256, _ in load_plan(preview)["files"]]
    return [preview.upload_sha256, preview.plan_sha256, *files]


def is_kept(sha256: str) -> bool:
    return storage.path_of(sha256).exists()


def carrying(note: bytes) -> bytes:
    """A dossier with a file of evidence."""
    files = {
        "park.yaml": "id: alpha\nname_zh: 甲园区\nreporting: {year: 2024}\n".encode(),
        "registers/meters.csv": b"meter\nM1\n",
        "evidence/note.txt": note,
    }
    return zipped(files)


def make(world: World, note: bytes = b"a note of its own") -> ImportPreview:
    actor = Actor(world.park.user.pk)
    return preview_import(actor, dossier=world.dossier, upload=upload("a.zip", carrying(note)))


LIFE = timedelta(days=limit("preview_days"))


def test_a_preview_can_be_confirmed_to_the_end_of_its_life_and_not_after(world: World, actor: Actor) -> None:
    assert limit("preview_days") == 7
    almost, late = make(world, b"one"), make(world, b"two")
    aged(late, LIFE)
    with pytest.raises(LingtanError) as refused:
        confirm_import(actor, preview=late, digest=late.plan_sha256, choice=Choice(["meters"]))
    assert {one.code for one in refused.value.faults} == {"dossiers.preview-expired"}
    page = read(world.park.client, f"{HERE}import/{late.token}/")
    assert "只保留 7 天" in page and "确认导入" not in page
    assert world.park.client.get(f"{HERE}import/{late.token}/", headers=HTMX)["HX-Refresh"] == "true"
    aged(almost, LIFE - timedelta(minutes=1))
    assert "确认导入" in read(world.park.client, f"{HERE}import/{almost.token}/")
    confirm_import(actor, preview=almost, digest=almost.plan_sha256, choice=Choice(["meters"]))
    assert aged(almost, 2 * LIFE).is_expired is False  # what was imported stays to be looked at
    assert "已导入" in read(world.park.client, f"{HERE}import/{almost.token}/")


def test_what_ran_out_is_swept_with_all_it_kept_and_its_page_still_says_so(world: World) -> None:
    old, young = aged(make(world), LIFE + DAY), aged(make(world, b"other"), LIFE + DAY / 2)
    gone, kept = contents(old), contents(young)
    assert len(gone) == 3
    assert sweep_previews() == 1
    assert not any(map(is_kept, gone)) and all(map(is_kept, kept))
    page = read(world.park.client, f"{HERE}import/{old.token}/")
    assert "只保留 7 天" in page
    swept = Entry.objects.get(act="dossier.preview-swept")
    assert (swept.park, swept.details) == ("alpha", {"upload": gone[0], "files": 3})
    assert sweep_previews() == 0


def test_what_something_else_names_stays(world: World, actor: Actor) -> None:
    """The same file once more: kept with the dossier, named by a preview that was confirmed, by a new one."""
    old = aged(make(world), LIFE + DAY)
    sha256 = put_bytes(b"a note of its own")
    StoredFile.objects.create(dossier=world.other_dossier, path="evidence/x.txt", sha256=sha256, size=17)
    same = make(world)
    aged(old, LIFE + DAY)
    assert sweep_previews() == 1
    assert is_kept(same.upload_sha256) and is_kept(sha256) and is_kept(same.plan_sha256)
    StoredFile.objects.all().delete()
    confirm_import(actor, preview=same, digest=same.plan_sha256, choice=Choice(["meters"], files=True))
    aged(same, 2 * LIFE)
    assert sweep_previews() == 0 and all(map(is_kept, contents(same)))


def test_what_a_preview_carries_that_may_still_be_confirmed_stays(world: World, actor: Actor) -> None:
    """The same file of evidence in two uploads, the younger one a few days old."""
    old, young = aged(make(world), LIFE + DAY), aged(make(world), 3 * DAY)
    aged(old, LIFE + DAY)
    assert sweep_previews() == 1
    assert all(map(is_kept, contents(young)))
    confirm_import(actor, preview=young, digest=young.plan_sha256, choice=Choice(files=True))
    assert is_kept(StoredFile.objects.get().sha256)


def test_what_is_named_inside_of_json_stays(world: World, actor: Actor) -> None:
    """A file that was in the dossier and was taken out: the change that took it out can be undone."""
    first = make(world)
    confirm_import(actor, preview=first, digest=first.plan_sha256, choice=Choice(files=True))
    ImportPreview.objects.update(carried=[])
    StoredFile.objects.all().delete()
    old = aged(make(world), LIFE + DAY)
    note = put_bytes(b"a note of its own")
    aged(old, LIFE + DAY)
    assert sweep_previews() == 1
    assert is_kept(note)


def test_what_was_put_again_today_stays(world: World) -> None:
    old = aged(make(world), LIFE + DAY)
    note = put_bytes(b"a note of its own")  # somebody hands it in: its row is not written yet
    upload_sha256 = old.upload_sha256
    sweep_previews()
    assert is_kept(note) and not is_kept(upload_sha256)


def test_a_sweep_that_was_killed_goes_on(world: World) -> None:
    old = aged(make(world), LIFE + DAY)
    gone = contents(old)
    for sha256 in gone[1:]:
        storage.path_of(sha256).unlink()
    assert sweep_previews() == 1
    assert not is_kept(gone[0])


def test_the_daily_run_sweeps_and_forgets_tasks_that_ended(world: World) -> None:
    old = aged(make(world), LIFE + DAY)
    remind.enqueue()
    finished = DBTaskResult.objects.filter(task_path__endswith="remind")
    finished.update(status="SUCCESSFUL", finished_at=timezone.now() - timedelta(days=15))
    remind.call()
    assert not is_kept(old.upload_sha256)
    assert not finished.filter(status="SUCCESSFUL").exists()


NO_CONTENT = {
    "organisations.Invitation.secret_hash": "of a secret",
    "organisations.ApiToken.secret_hash": "of a secret",
    "notices.Channel.calendar_hash": "of a secret",
    "audit.Entry.previous": "of an entry",
    "audit.Entry.hash": "of an entry",
    "audit.ChainHead.hash": "of an entry",
    "dossiers.DossierVersion.manifest_sha256": "of the manifest",
    "dossiers.DossierVersion.fingerprint": "of what a dossier says",
    "readings.AnsweredPush.sha256": "of a request",
    "reviews.Round.result_sha256": "of a result that stands in the row",
    "reviews.Statement.sha256": "of a statement that stands in the row",
    "reviews.Signature.sha256": "of a statement that stands in its row",
    "assessments.Calculation.runner": "a task",
    "documents.Document.runner": "a task",
    "webhooks.Webhook.salt": "of a secret",
}
"""Texts of 64 characters that name nothing in the store, and what they are."""


def test_every_field_that_can_name_content_is_known_or_said_to_name_none() -> None:
    """A new one is to be put into `storekeeping.NAMES`, or content would be taken from under it."""
    ours = [one for one in apps.get_models() if one.__module__.startswith("lingtan_web.")]
    found = {
        f"{one._meta.label}.{field.name}"
        for one in ours
        for field in one._meta.local_fields
        if isinstance(field, models.CharField) and field.max_length == 64
    }
    named = {f"{label}.{name}" for label, names in storekeeping.NAMES.items() for name in names}
    in_json = {
        "dossiers.Revision.before",
        "dossiers.Revision.after",
        "dossiers.DossierVersion.manifest",
        "dossiers.ImportPreview.carried",
        "assessments.Calculation.artefacts",
        "readings.FrozenReadings.files",
    }
    assert found == (named - in_json) | set(NO_CONTENT)
    assert in_json <= named
