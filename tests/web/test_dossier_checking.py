"""The check of a large dossier: made by the worker while pages answer at once, and made once."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django_tasks_db.models import DBTaskResult
from tests.web.conftest import World
from tests.web.dossier_parts import edit, put
from tests.web.sites import build_site
from tests.web.test_server_killed import Person

from lingtan_web.audit.services import Actor
from lingtan_web.dossiers import checking
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.dossiers.tasks import check

HERE = "/parks/alpha/dossier/2024/"
ROWS = f"{HERE}registers/water_use/rows/"
WAITING = "正在核对整份档案"
LAST = limit("check_rows") + 1 - 3
"""The place of the row with the error, where there is one row too many: two are enterprises."""
ENTERPRISE = {"name": "甲公司", "role": "tenant", "above_scale": "yes",
              "key_enterprise": "no", "confidential": "no"}  # fmt: skip
HTMX = {"HX-Request": "true"}


def fill(dossier: WorkingDossier, count: int) -> None:
    """So many rows: two enterprises and their water use; the last amount is no number, the one error."""
    for place, key in enumerate(("E001", "E002")):
        cells = {**ENTERPRISE, "enterprise": key}
        RegisterRow.objects.create(dossier=dossier, register="enterprises", position=place, cells=cells)
    last = count - 3
    lines = [
        (n, f"E00{n // 1000 + 1}", f"{1990 + n % 1000 // 12}-{n % 1000 % 12 + 1:02}") for n in range(last + 1)
    ]
    RegisterRow.objects.bulk_create(
        RegisterRow(
            dossier=dossier, register="water_use", position=n, mark=f"{n:016x}", enterprise=key,
            cells={"enterprise": key, "period": month, "fresh_m3": "x" if n == last else "5"},
        )
        for n, key, month in lines
    )  # fmt: skip


def queued() -> int:
    return DBTaskResult.objects.filter(task_path="lingtan_web.dossiers.tasks.check", status="READY").count()


def read(client: Client, address: str = HERE, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def large(world: World) -> World:
    """A dossier with one row more than is checked while a person waits."""
    fill(world.dossier, limit("check_rows") + 1)
    return world


def test_a_dossier_at_the_limit_is_checked_while_the_page_is_made(world: World) -> None:
    fill(world.dossier, limit("check_rows"))
    assert WAITING not in read(world.park.client)
    assert "第 1998 行" in read(world.park.client, f"{HERE}faults/?register=water_use")
    assert queued() == 0


def test_beyond_it_the_page_answers_and_the_worker_is_asked_once(large: World) -> None:
    for address in (HERE, f"{HERE}faults/", f"{HERE}faults/?register=water_use", HERE):
        page = read(large.park.client, address)
        assert WAITING in page and f'hx-get="{address}"' in page
        assert "没有发现问题" not in page
    assert json.loads(read(large.park.client, f"{ROWS}?after=0")) == {"next": None, "isChecking": True}
    assert queued() == 1


def test_the_waiting_page_comes_again_when_the_check_is_there(large: World) -> None:
    client = large.park.client
    part = client.get(HERE, headers=HTMX)
    assert WAITING in part.content.decode() and "HX-Refresh" not in part
    assert "<html" not in part.content.decode()
    check.call(large.dossier.pk)
    for address in (HERE, f"{HERE}faults/"):
        assert client.get(address, headers=HTMX)["HX-Refresh"] == "true"
        assert WAITING not in read(client, address)
    line = next(one for one in client.get(HERE).context["overview"].lines if one.register.name == "water_use")
    assert line.errors == 1
    following = {"index": LAST, "column": "fresh_m3"}
    assert json.loads(read(client, f"{ROWS}?after=1")) == {"next": following, "isChecking": False}


def test_a_change_asks_for_another_check_and_the_old_one_is_not_shown(large: World) -> None:
    client, last = large.park.client, LAST
    read(client)
    check.call(large.dossier.pk)
    edit(Actor(large.park.user.pk), large.dossier, "water_use", put(last, "fresh_m3", "x", "5"))
    assert WAITING in read(client)
    assert queued() == 2
    check.call(large.dossier.pk)
    assert (
        json.loads(read(client, f"{ROWS}?after=1"))["next"]["column"] == "period"
    )  # the note of the years, round again
    assert len(cache.get(checking._key(large.dossier))) == 2  # the one that stands, not one for each change


def test_an_enterprise_does_not_wait(large: World) -> None:
    assert WAITING not in read(large.enterprise.client)
    assert queued() == 0


def test_a_check_that_was_given_up_is_asked_for_anew(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ASKED_SECONDS", 0)
    read(large.park.client)
    read(large.park.client)
    assert queued() == 2


def test_programs_get_the_whole_answer(large: World) -> None:
    """They have no page that asks again: the interface checks and answers."""
    spots = checking.find_spots(large.dossier, checking.Scope())
    assert any(one.column == "fresh_m3" and one.index == LAST for one in spots)
    assert WAITING not in read(large.park.client)


def test_a_site_checks_its_example_in_the_background(tmp_path: Path) -> None:
    """3,062 rows, server and worker as people start them."""
    with build_site(tmp_path / "home", "sqlite") as site:
        site.start("--example")
        person = Person(site)
        assert WAITING in person.get("/parks/xinghuo/dossier/2024/")
        for _ in range(120):
            page = person.get("/parks/xinghuo/dossier/2024/")
            if WAITING not in page:
                break
            time.sleep(0.5)
        assert WAITING not in page and '<strong class="passed">0</strong>' in page
