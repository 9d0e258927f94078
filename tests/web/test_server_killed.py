"""A server that is killed while it submits or receives: all of it is seen afterwards, or nothing."""

import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from tests.web.sites import ADMIN, Site, build_site

LOOK = """
import django, json; django.setup()
from lingtan_web.audit.services import find_broken_entry
from lingtan_web.audit.models import Entry
from lingtan_web.dossiers.models import Revision, WorkingDossier
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.reviews.models import Submission, Step
dossier = WorkingDossier.objects.get()
print(json.dumps({
    "broken": find_broken_entry(),
    "revision": dossier.revision,
    "revisions": Revision.objects.count(),
    "documents": Document.objects.count(),
    "bare documents": Document.objects.filter(versions=None).count(),
    "submissions": Submission.objects.count(),
    "submissions without a step":
        Submission.objects.exclude(pk__in=Step.objects.values("submission")).count(),
    "submitted": Entry.objects.filter(act="review.submit").count(),
}))
"""


class Person:
    """The administrator in a browser without scripts."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.session = requests.Session()
        self.post(
            "/accounts/login/",
            {"login": ADMIN["LINGTAN_ADMIN_EMAIL"], "password": ADMIN["LINGTAN_ADMIN_PASSWORD"]},
        )

    def get(self, address: str) -> str:
        answer = self.session.get(self.site.address + address, timeout=60)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.text

    def post(self, address: str, given: dict[str, str], files: object = None) -> requests.Response:
        return self.send(address, given, self.get(address), files)

    def send(self, address: str, given: dict[str, str], form: str, files: object = None) -> requests.Response:
        """Send what stands in a page that was fetched already."""
        mark = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', form)
        assert mark
        return self.session.post(
            self.site.address + address, {**given, "csrfmiddlewaretoken": mark[1]}, files=files, timeout=120
        )


def submit(person: Person) -> requests.Response:
    page = person.get("/parks/xinghuo/reviews/submit/")
    choice = re.search(r'name="choice"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="choice"', page)
    assert choice
    given = {"choice": choice[1] or choice[2], "is_truthful": "on"}
    return person.post("/parks/xinghuo/reviews/submit/", given)


def hand_in(person: Person) -> requests.Response:
    files = {"files": (f"记录-{time.time_ns()}.txt", f"监测记录 {time.time_ns()}\n".encode())}
    return person.post("/parks/xinghuo/dossier/2024/evidence/new/", {"title": "监测记录"}, files)


def look(site: Site) -> dict[str, int | None]:
    import json
    import subprocess
    import sys

    variables = {**site.environment(), "DJANGO_SETTINGS_MODULE": "lingtan_web.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=variables, capture_output=True, text=True, check=True
    )
    found: dict[str, int | None] = json.loads(done.stdout.splitlines()[-1])
    return found


def wait_for_result(person: Person) -> None:
    for _ in range(300):
        if "★" in person.get("/parks/xinghuo/results/") or "四星" in person.get("/parks/xinghuo/results/"):
            return
        time.sleep(1)
    raise AssertionError("the result of the example park does not come")


@pytest.mark.parametrize("kind", ["sqlite"])
def test_everything_or_nothing(tmp_path: Path, kind: str) -> None:
    with build_site(tmp_path / "home", kind) as site:
        site.start("--example")
        wait_for_result(Person(site))
        for act, delay in ((hand_in, 0.05), (submit, 0.01), (hand_in, 0.6), (submit, 0.03)):
            before = look(site)
            _kill_during(site, act, delay)
            after = look(site)
            assert after["broken"] is None
            assert after["revision"] == after["revisions"]
            assert after["bare documents"] == 0 and after["submissions without a step"] == 0
            assert after["submissions"] == after["submitted"]
            assert after["documents"] - before["documents"] in (0, 1)  # type: ignore[operator]
            site.start()
            assert Person(site).get("/parks/xinghuo/dossier/2024/evidence/")


def _kill_during(site: Site, act: Callable[[Person], object], delay: float) -> None:
    person = Person(site)

    def go() -> None:
        with suppress(requests.RequestException, AssertionError):
            act(person)

    thread = threading.Thread(target=go)
    thread.start()
    time.sleep(delay)
    site.kill()
    thread.join()
