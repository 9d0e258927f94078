"""A server that is killed while it imports 20,000 rows: all of them are there afterwards, or none."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from tests.web.dossier_parts import zipped
from tests.web.sites import Site, build_site
from tests.web.test_server_killed import Person

ROWS = 20_000
MOMENTS = (0.2, 1.5, 3.0)
"""Seconds after the confirmation was sent. Alone the import takes some five on this machine."""
IMPORT = "/parks/xinghuo/dossier/2024/import/"
LOOK = """
import django, json; django.setup()
from collections import Counter
from lingtan_web.audit.services import find_broken_entry
from lingtan_web.audit.models import Entry
from lingtan_web.dossiers.models import CellChange, ImportPreview, RegisterRow, Revision, WorkingDossier
dossier = WorkingDossier.objects.get()
rows = RegisterRow.objects.filter(register="water_use").values_list("cells", flat=True)
print(json.dumps({
    "broken": find_broken_entry(),
    "revision": dossier.revision,
    "revisions": Revision.objects.count(),
    "imports": Revision.objects.filter(kind="import").count(),
    "told": Entry.objects.filter(act="dossier.imported").count(),
    "rounds": Counter(cells["fresh_m3"].partition(".")[2] for cells in rows if cells["period"] == "2024"),
    "changes": CellChange.objects.filter(register="water_use").count(),
    "stray changes": CellChange.objects.exclude(revision__in=Revision.objects.values("number")).count(),
    "previews": dict(ImportPreview.objects.values_list("token", "confirmed_as")),
}))
"""


def look(site: Site) -> dict[str, object]:
    variables = {**site.environment(), "DJANGO_SETTINGS_MODULE": "lingtan_web.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=variables, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def workbook(attempt: int) -> bytes:
    """The water of 20,000 enterprises, each number ending in the number of the attempt."""
    lines = [f"2024,E{one:05},{one + 1}.{attempt}" for one in range(ROWS)]
    table = "\n".join(["period,enterprise,fresh_m3", *lines]).encode()
    profile = "id: xinghuo\nname_zh: 星火\nreporting: {year: 2024}\n".encode()
    return zipped({"park.yaml": profile, "registers/water_use.csv": table})


def preview(person: Person, attempt: int) -> str:
    """Hand in a file; the address of its preview, once the worker has made it."""
    given = {"file": ("用水.zip", workbook(attempt))}
    answer = person.post(IMPORT, {}, given)
    assert answer.status_code == 200, answer.text[:500]
    address = answer.url.removeprefix(person.site.address)
    for _ in range(300):
        if 'name="digest"' in person.get(address):
            return address
        time.sleep(0.5)
    raise AssertionError("the preview does not come")


def confirm(person: Person, address: str, page: str) -> requests.Response:
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    return person.send(f"{address}confirm/", {"digest": digest[1], "register": "water_use"}, page)


def files_of(site: Site) -> set[str]:
    """What lies in the store, and beside it what an upload may leave."""
    kept = {str(one.relative_to(site.home)) for one in (site.home / "store").rglob("*") if one.is_file()}
    return kept | {one.name for one in site.home.glob("*.upload*")}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_row_or_none(tmp_path: Path, kind: str) -> None:
    with build_site(tmp_path / "home", kind) as site:
        site.start("--example")
        attempt, address, outcomes = 1, preview(Person(site), 1), []
        for moment in MOMENTS:
            before, there = look(site), files_of(site)
            is_answered = kill_during_import(site, address, moment)
            site.start()  # before the look: PostgreSQL notices late that nobody listens any more
            after = look(site)
            is_done = after["imports"] != before["imports"]
            assert is_whole(before, after, attempt, address, is_done=is_done)
            assert is_done or not is_answered
            assert files_of(site) == there
            outcomes.append(is_done)
            if is_done:  # another file for the next moment, which changes every row
                attempt += 1
                address = preview(Person(site), attempt)
        assert outcomes[0] is False
        assert_repeatable(site, attempt, address)


def kill_during_import(site: Site, address: str, moment: float) -> bool:
    """Kill the server that long after it was told to import; whether it had answered before."""
    person, answers = Person(site), []
    page = person.get(address)

    def go() -> None:
        with suppress(requests.RequestException):
            answers.append(confirm(person, address, page))

    thread = threading.Thread(target=go)
    thread.start()
    time.sleep(moment)
    site.kill()
    thread.join()
    return bool(answers)


def is_whole(
    before: dict[str, object], after: dict[str, object], attempt: int, address: str, *, is_done: bool
) -> bool:
    """Whether the import is there in every place that tells of it, or in none."""
    assert after["broken"] is None and after["stray changes"] == 0
    assert after["revision"] == after["revisions"] and after["imports"] == after["told"]
    if not is_done:
        return after == before
    token = address.rstrip("/").rpartition("/")[2]
    assert isinstance(after["previews"], dict)
    return after["rounds"] == {str(attempt): ROWS} and after["previews"][token] == after["revision"]


def assert_repeatable(site: Site, attempt: int, address: str) -> None:
    """What was not imported is imported by its old preview, then once more by a new one."""
    person = Person(site)
    assert confirm(person, address, person.get(address)).status_code == 200
    assert look(site)["rounds"] == {str(attempt): ROWS}
    again = preview(person, attempt + 1)
    assert confirm(person, again, person.get(again)).status_code == 200
    found = look(site)
    assert found["rounds"] == {str(attempt + 1): ROWS} and found["broken"] is None
