"""The scheme's commands on a site's own database: the services of the pages by another door."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.web.certificate_world import FIRST, at, keep_certificate, keys
from tests.web.conftest import World
from tests.web.review_parts import Play, actor_of, play

from lingtan.certificate import read_list
from lingtan.cli import main
from lingtan_web.audit.models import Entry
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import find_list
from lingtan_web.certificates.scheme import find_ring
from lingtan_web.certificates.services.entering import hear, open_case
from lingtan_web.reviews.models import Decision
from lingtan_web.reviews.workflow import State

__all__ = ["keys", "play"]
WHO = ("--who", "scheme@example.org")


class Terminal:
    """Commands as they are typed, on a given day."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def on(self, day: date) -> None:
        self.monkeypatch.setattr(timezone, "now", lambda: at(day))

    def run(self, *arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main(["certificate", *(str(one) for one in arguments)])
        told = self.capsys.readouterr()
        assert "Traceback" not in told.err
        return int(caught.value.code or 0), told.out, told.err

    def json(self, *arguments: object) -> Any:
        code, out, _ = self.run(*arguments, "--json")
        assert code == 0
        return json.loads(out)


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(capsys, monkeypatch)


def test_a_decision_becomes_a_certificate(world: World, play: Play, keys: Path, terminal: Terminal) -> None:
    submission = play.to(State.DECIDED)
    last = Decision.objects.get(submission=submission).appeal_until
    terminal.on(last)
    code, _, err = terminal.run("issue", "alpha", submission.number, *WHO)
    assert code == 2 and "certificate.appealable" in err
    terminal.on(date.fromordinal(last.toordinal() + 1))
    made = terminal.json("issue", "alpha", submission.number, *WHO)
    kept = Certificate.objects.get()
    assert (made["number"], made["stars"]) == (kept.number, 4)
    entry = Entry.objects.filter(subject__contains=kept.number).last() or Entry.objects.last()
    assert entry is not None and entry.via == "command"
    assert terminal.json("status") == [
        {
            "number": kept.number, "park": "alpha", "stars": 4, "state": "valid",
            "valid_from": kept.valid_from.isoformat(), "valid_until": kept.valid_until.isoformat(),
        }
    ]  # fmt: skip


def test_a_case_is_decided_and_the_list_says_so(world: World, keys: Path, terminal: Terminal) -> None:
    kept = keep_certificate(world.alpha, world.scheme.user)
    scheme, day = actor_of(world.scheme), date(FIRST.year, FIRST.month, FIRST.day)
    open_case(scheme, kept, "gate_failed", "边界变动", at=at(day))
    terminal.on(day)
    revoke = ("revoke", kept.number, "--case", 1, *WHO, "--reasons", "边界变动，不再满足")
    code, _, err = terminal.run(*revoke)
    assert code == 2 and "certificate.not-heard" in err
    hear(scheme, kept, 1, "", at=at(day))
    told = terminal.json(*revoke)
    assert told == {"number": kept.number, "case": 1, "state": "withdrawn", "on": day.isoformat()}
    published = find_list(0, "message")
    assert published is not None
    assert read_list(published.token, find_ring()).state(kept.status_index) == "withdrawn"
    code, out, _ = terminal.run("status", kept.number)
    assert code == 0 and "已撤销" in out


def test_lists_are_published_anew(world: World, keys: Path, terminal: Terminal) -> None:
    keep_certificate(world.alpha, world.scheme.user)
    terminal.on(FIRST)
    assert find_list(0, "message") is None
    assert terminal.json("status", "--publish")[0]["state"] == "valid"
    assert find_list(0, "message") is not None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("issue", "alpha", 99, *WHO), "certificate.no-such-review"),
        (("issue", "alpha", 1, "--who", "nobody@example.org"), "certificate.no-such-person"),
        (("status", "LZC-2026-00001-A"), "certificate.no-such-certificate"),
        (("revoke", "LZC-1", "--case", 1, *WHO, "--reasons", "x"), "certificate.no-such-certificate"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(
    world: World, keys: Path, terminal: Terminal, arguments: tuple[object, ...], code: str
) -> None:
    returned, _, err = terminal.run(*arguments)
    assert returned == 2
    assert code in err


def test_others_than_the_scheme_may_not(world: World, keys: Path, terminal: Terminal) -> None:
    kept = keep_certificate(world.alpha, world.scheme.user)
    open_case(actor_of(world.scheme), kept, "gate_failed", "边界变动", at=at(FIRST))
    terminal.on(FIRST)
    who = ("--who", "park@example.org")
    returned, _, err = terminal.run("revoke", kept.number, "--case", 1, *who, "--reasons", "x")
    assert returned == 2
    assert "certificate.not-allowed" in err
