"""What previews and exports kept: refused when it is old, swept once a day, and never what is needed."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.web.conftest import World
from tests.web.dossier_parts import put_bytes, upload, zipped

from lingtan.errors import LingtanError
from lingtan_web import storage, storekeeping
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import DossierExport, ImportPreview, StoredFile
from lingtan_web.dossiers.services import confirm_import, preview_import
from lingtan_web.dossiers.services.importing import Choice, load_plan
from lingtan_web.dossiers.services.sweeping import sweep_exports, sweep_previews
from lingtan_web.notices.tasks import remind

HERE = "/parks/alpha/dossier/2024/"
HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def actor(world: World) -> Actor:
    return Actor(world.park.user.pk)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


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


def test_exports_of_the_day_before_yesterday_go(world: World) -> None:
    made = [
        DossierExport.objects.create(
            dossier=world.dossier,
            revision=0,
            ending="zip",
            sha256=put_bytes(name),
            asked_at=timezone.now() - age,
        )
        for name, age in ((b"old export", 2 * DAY), (b"new export", 2 * DAY - timedelta(minutes=1)))
    ]
    DossierExport.objects.create(
        dossier=world.dossier, revision=0, ending="zip", asked_at=timezone.now() - 3 * DAY
    )
    for one in made:
        os.utime(storage.path_of(one.sha256), (time.time() - 172_800,) * 2)
    assert sweep_exports() == 2
    assert [is_kept(one.sha256) for one in made] == [False, True]
    assert DossierExport.objects.get() == made[1]


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
    "trials.Trial.sha256": "of what an edition says",
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
