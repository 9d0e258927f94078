"""Previews of large imports: made by the worker while their page waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.web.conftest import World
from tests.web.dossier_parts import cells, dossier_zip, upload, zipped

from lingtan.errors import LingtanError
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers import uploads
from lingtan_web.dossiers.models import ImportPreview
from lingtan_web.dossiers.services import confirm_import, importing, preview_import
from lingtan_web.dossiers.services.importing import Choice, load_plan
from lingtan_web.dossiers.tasks import plan_import

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
