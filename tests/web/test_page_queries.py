"""How often pages ask the database: every page of the configuration, and again with more to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.certificate_world import keys  # noqa: F401 - a fixture
from tests.web.conftest import World
from tests.web.crowd_parts import Crowd
from tests.web.matrix import MATRIX
from tests.web.review_parts import Play, play  # noqa: F401 - a fixture
from tests.web.test_matrix import PAGES

from lingtan_web.assessments import queries
from lingtan_web.certificates import pacing
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.dossiers.services import changing

MOST = 30
LEFT_OUT = {
    "metrics": "answers machines, and only where the server counts: see test_site",
}
"""Pages that are not opened here, each with its reason."""
GETS = [
    (name, line)
    for name, lines in MATRIX.items()
    for line in lines
    if line.method == "GET" and name not in LEFT_OUT
]
Counts = dict[tuple[str, str, str], int]
"""Questions by page, address and role."""


@pytest.fixture
def crowd(
    world: World,
    play: Play,  # noqa: F811
    keys: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Crowd]:
    monkeypatch.setattr(pacing, "_count", lambda *_: 1)  # more often than anybody's browser
    monkeypatch.setattr(changing, "CHECKS", [])  # the dossier grows although it is under review
    queries.SUBMITTED.append(DossierVersion.objects.all)  # as if every version had been handed in
    yield Crowd(world, play, tmp_path)
    queries.SUBMITTED.pop()


def test_every_page_is_opened_or_left_out_with_a_reason() -> None:
    pages = {str(one.name) for one in PAGES if "GET" in one.callback.rule.methods}
    assert {name for name, _ in GETS} | set(LEFT_OUT) == pages
    assert not {name for name, _ in GETS} & set(LEFT_OUT)


def test_no_page_asks_more_than_thirty_times(crowd: Crowd) -> None:
    crowd.grow(1)
    counts = count_all(crowd)
    assert {name for name, _, _ in counts} == {name for name, _ in GETS}
    assert {key: count for key, count in counts.items() if count > MOST} == {}


def test_no_page_asks_more_often_where_there_is_more(crowd: Crowd) -> None:
    """Five times as much of everything that pages list: not one question more, of any page, for any role."""
    crowd.grow(2)
    count_all(crowd)  # what is asked once only (the check of the dossier) is behind us
    few = count_all(crowd)
    crowd.grow(10)
    count_all(crowd)
    many = count_all(crowd)
    grown = {key: (few[key], many[key]) for key in few if many[key] > few[key]}
    assert grown == {}


def count_all(crowd: Crowd) -> Counts:
    """What each page asks for each role that it opens itself to; one that opens to nobody is our mistake."""
    found: Counts = {}
    for name, line in GETS:
        address = crowd.address(line.address)
        for role in sorted(line.may):
            client = Client() if role == "public" else crowd.world.someone(role).client
            reset_queries()  # the log of a connection has its limit
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
                if answer.streaming:
                    b"".join(answer)
            if answer.status_code in (200, 301, 302):
                found[name, address, role] = len(asked)
            answer.close()
    return found
