"""Exports of large dossiers: made by the worker while a page waits, then handed out."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.web.conftest import World
from tests.web.dossier_parts import add, edit

from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import DossierExport
from lingtan_web.dossiers.services import exporting
from lingtan_web.dossiers.tasks import make_export
from lingtan_web.dossiers.views import carry

HERE = "/parks/alpha/dossier/2024/"
WAITING = "正在生成文件"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def large(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A dossier of four rows, where three are many."""
    monkeypatch.setattr(carry, "limit", {"export_rows": 3}.__getitem__)
    grow(world, 1, "E001", "E001", "E001", "E002")
    return world


def grow(world: World, first: int, *enterprises: str) -> None:
    rows = [add(n, meter=f"M{n}", enterprise=key) for n, key in enumerate(enterprises, start=first)]
    edit(Actor(world.park.user.pk), world.dossier, "meters", *rows)


def queued() -> int:
    path = "lingtan_web.dossiers.tasks.make_export"
    return DBTaskResult.objects.filter(task_path=path, status="READY").count()


def ask(client: Client, ending: str = "zip", **more: Any) -> str:
    answer = client.get(f"{HERE}export/{ending}/", **more)
    assert answer.status_code == 200 and "attachment" not in answer.headers.get("Content-Disposition", "")
    return answer.content.decode()


def take(client: Client, ending: str = "zip") -> bytes:
    answer = client.get(f"{HERE}export/{ending}/")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return b"".join(answer)


def meters(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("registers/meters.csv").decode().split()[1:]


def test_the_limit_is_that_of_the_data(world: World) -> None:
    assert limit("export_rows") == 4000
    grow(world, 1, "E001")
    assert len(meters(take(world.park.client))) == 1 and queued() == 0


def test_three_rows_come_at_once_and_four_by_the_worker(large: World) -> None:
    client = large.park.client
    page = ask(client)
    assert WAITING in page and f'hx-get="{HERE}export/zip/"' in page
    assert WAITING in ask(client, headers=HTMX) and queued() == 1
    make_export.call(DossierExport.objects.get().pk)
    part = ask(client, headers=HTMX)
    assert "下载" in part and "hx-get" not in part and "<html" not in part
    assert len(meters(take(client))) == 4
    assert queued() == 1
    assert len(meters(take(large.enterprise.client))) == 3  # its own rows are not more than three


def test_an_enterprise_is_never_handed_the_file_of_the_park(large: World) -> None:
    ask(large.park.client)
    make_export.call(DossierExport.objects.get().pk)
    grow(large, 20, "E001")
    ask(large.park.client)
    assert WAITING in ask(large.enterprise.client)
    for one in DossierExport.objects.all():
        make_export.call(one.pk)
    assert {line.split(",")[0] for line in meters(take(large.enterprise.client))} == {"M1", "M2", "M3", "M20"}
    assert len(meters(take(large.park.client))) == 5


def test_after_a_change_and_after_a_while_it_is_made_anew(large: World) -> None:
    client = large.park.client
    ask(client)
    make_export.call(DossierExport.objects.get().pk)
    grow(large, 30, "E002")
    assert WAITING in ask(client) and queued() == 2
    DossierExport.objects.update(asked_at=timezone.now() - timedelta(minutes=16))
    assert WAITING in ask(client) and queued() == 3  # nobody made it: given up


def test_each_ending_is_a_file_of_its_own_and_another_there_is_not(large: World) -> None:
    ask(large.park.client, "xlsx")
    ask(large.park.client, "zip")
    assert sorted(DossierExport.objects.values_list("ending", flat=True)) == ["xlsx", "zip"]
    assert large.park.client.get(f"{HERE}export/pdf/").status_code == 404


def test_our_own_mistake_does_not_leave_the_page_waiting(
    large: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    ask(large.park.client)
    monkeypatch.setattr(exporting, "export_dossier", broken)
    with pytest.raises(RuntimeError):
        make_export.call(DossierExport.objects.get().pk)
    assert DossierExport.objects.get().faults[0][0] == "dossiers.export-broken"
    page = ask(large.park.client)
    assert "因本软件的错误" in page and WAITING not in page
