"""The interface of a whole site in processes: pushes killed half-way, backed up, told by webhook."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.web.sites import Site, build_site
from tests.web.test_webhooks import Receiver

from lingtan.metering.lake import open_lake

KINDS = ["sqlite", "postgresql"]
AT = datetime(2026, 1, 1, tzinfo=UTC)
BUILD = """
import json, sys
import django; django.setup()
from lingtan_web.audit.services import SYSTEM
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.organisations.models import Membership, Organisation, User
from lingtan_web.organisations.services import create_token
from lingtan_web.parks.services import create_park
from lingtan_web.webhooks.services import create_webhook
operator = Organisation.objects.create(kind="operator", name_zh="甲")
user = User.objects.create_user("park@example.org")
Membership.objects.create(user=user, organisation=operator, role="park")
park = create_park(SYSTEM, slug="alpha", name_zh="甲园区", operator=operator)
dossier = WorkingDossier.objects.create(park=park, year=2026)
RegisterRow.objects.create(dossier=dossier, register="meters", position=0, cells={"meter": "M1"})
if sys.argv[1]:
    create_webhook(SYSTEM, organisation=operator, url=sys.argv[1], events=["readings.pushed"])
print(json.dumps(create_token(SYSTEM, user=user, name="t", scopes=["readings:write"], days=1)[1]))
"""
PUSH = """
import json, os, signal, sys
from datetime import datetime, UTC
import django; django.setup()
from lingtan_web.audit import services as audit
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import Actor, find_broken_entry
from lingtan_web.organisations.models import User
from lingtan_web.parks.access import find_park
from lingtan_web.readings import services
from lingtan_web.readings.models import AnsweredPush
die_at, body = sys.argv[1], sys.argv[2].encode()
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
def after(call):
    def called(*given, **named):
        call(*given, **named)
        die()
    return called
if die_at == "before-store": services._store = die
if die_at == "after-store": services._store = after(services._store)
if die_at == "before-entry": audit._record = die
if die_at == "after-entry": audit._record = after(audit._record)
user = User.objects.get(email="park@example.org")
park, access = find_park(user, "alpha")
def send():
    sender, received = services.Sender(park, user, access), datetime(2026, 1, 2, tzinfo=UTC)
    return services.take_push(Actor(user.pk, "api"), sender=sender, body=body, received=received)
told = send()
if die_at == "after-all": die()
assert send() == told  # once more gives the same answer
print(json.dumps([told, AnsweredPush.objects.count(), Entry.objects.filter(act="readings.pushed").count(),
                  find_broken_entry()]))
"""


def run(site: Site, code: str, *given: str) -> Any:
    """Python in the surroundings of a site; its exit code if it was killed."""
    variables = {
        **site.environment(),
        "DJANGO_SETTINGS_MODULE": "lingtan_web.settings",
        "LINGTAN_LOG": "plain",
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *given], env=variables, capture_output=True, text=True, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else done.returncode or done.stderr


def body(key: str, *minutes: int) -> str:
    """A push of one meter."""
    items = [{"meter": "M1", "at": AT.replace(minute=m).isoformat(), "value": str(m)} for m in minutes]
    return json.dumps({"key": key, "readings": items})


def prepared(home: Path) -> Site:
    """A site with its tables and one park."""
    site = Site(home, {"LINGTAN_WEBHOOK_LOOPBACK": "1"})
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "lingtan_web", "prepare"],
        env={**site.environment(), "LINGTAN_AS_OWNER": "1"}, check=True, capture_output=True,
    )  # fmt: skip
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One site for all kills: each uses a key and readings of its own."""
    site = prepared(tmp_path_factory.mktemp("site") / "home")
    assert isinstance(run(site, BUILD, ""), str)
    return site


POINTS = ["before-store", "after-store", "before-entry", "after-entry", "after-all"]


@pytest.mark.parametrize("number", range(len(POINTS)), ids=POINTS)
def test_a_push_killed_at_any_point_is_whole_or_not_there_and_may_be_sent_again(
    site: Site, number: int
) -> None:
    point, given = POINTS[number], body(f"k-{number}", number * 3, number * 3 + 1, number * 3 + 2)
    before = rows(site.home)
    assert run(site, PUSH, point, given) == -9
    held = rows(site.home) - before
    is_stored = point != "before-store"
    assert held == (3 if is_stored else 0)
    told, answered, entries, broken = run(site, PUSH, "", given)
    is_answered = point == "after-all"
    expected = (0, 3) if is_stored and not is_answered else (3, 0)
    assert (told["stored"], told["equal"]) == expected
    assert broken is None
    assert answered == entries == (before + 3) // 3  # one answer and one entry for each push so far
    assert rows(site.home) == before + 3


def rows(home: Path) -> int:
    """How many readings the lake holds."""
    folder = home / "lakes" / "alpha"
    if not (folder / "manifest.sqlite").exists():
        return 0
    lake = open_lake(folder)
    return sum(len(lake.read(bucket)) for bucket in lake.buckets())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that is told."""
    import threading

    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def post(site: Site, secret: str, content: str) -> tuple[int, Any]:
    """A push over HTTP."""
    request = urllib.request.Request(
        f"{site.address}/api/v1/parks/alpha/readings", content.encode(), method="POST",
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize("kind", KINDS)
def test_pushed_told_backed_up_and_restored(tmp_path: Path, kind: str, receiver: Receiver) -> None:
    backup = tmp_path / "site.tar"
    with build_site(tmp_path / "home", kind) as site:
        site.variables["LINGTAN_WEBHOOK_LOOPBACK"] = "1"
        site.start()
        secret = run(site, BUILD, receiver.url)
        status, told = post(site, secret, body("k", 0, 15))
        assert (status, told["stored"]) == (200, 2), told
        assert post(site, secret, body("k", 0, 15)) == (200, told)
        assert post(site, secret, body("k", 30))[0] == 409
        assert post(site, secret + "x", body("k", 0))[0] == 401
        for _ in range(300):
            if receiver.taken:
                break
            time.sleep(0.1)
        assert json.loads(receiver.taken[0][1])["data"]["stored"] == 2
        assert site.stop() == 0
        assert site.run("site", "backup", str(backup)).returncode == 0
        assert rows(site.home) == 2
    with build_site(tmp_path / "other", kind) as other:
        restored = other.run("site", "restore", str(backup))
        assert restored.returncode == 0, restored.stderr
        assert rows(other.home) == 2
        other.start()
        assert post(other, secret, body("k", 0, 15)) == (200, told)  # the token and the key came along
        assert post(other, secret, body("k-2", 30))[1]["stored"] == 1
