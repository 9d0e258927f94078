"""From a decision to a certificate: what it says, what it rests on, and when there is none."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.web.certificate_world import at, keep_certificate, keys
from tests.web.conftest import World
from tests.web.review_parts import Play, actor_of, play

from lingtan.certificate import make_number, read_list, read_paper, verify_file
from lingtan.certificate.bundle import check_bundle
from lingtan.errors import LingtanError
from lingtan.standards.freezing import FrozenEdition
from lingtan_web.audit.models import Entry
from lingtan_web.certificates import queries
from lingtan_web.certificates.facts import load_facts
from lingtan_web.certificates.granting import list_waiting
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.scheme import find_ring
from lingtan_web.certificates.services import drafting, entering, issuing
from lingtan_web.notices.models import Notice
from lingtan_web.process.models import Plan
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.workflow import State
from lingtan_web.storage import path_of

__all__ = ["keys", "play"]


def over(submission: Submission) -> date:
    """The first day after the time to appeal: fifteen days, or as the scheme has set them."""
    from lingtan_web.reviews.models import Decision

    return Decision.objects.get(submission=submission).appeal_until + timedelta(1)


@pytest.fixture
def decided(play: Play, keys: Path) -> Submission:
    """A review whose decision grants four stars."""
    return play.to(State.DECIDED)


@pytest.fixture
def made(world: World, decided: Submission) -> Certificate:
    """Its certificate, issued on the first day on which it may be."""
    return issuing.issue(actor_of(world.scheme), decided, at=at(over(decided)))


def refused(act: Callable[[], Any]) -> set[str]:
    with pytest.raises(LingtanError) as caught:
        act()
    return {one.code for one in caught.value.faults}


def test_a_certificate_says_what_was_decided(world: World, decided: Submission, made: Certificate) -> None:
    day, facts = over(decided), load_facts(made)
    assert made.number == make_number("LZC", day.year, 1) and made.status_index == 0
    assert (facts.stars, facts.stage, facts.year, facts.edition) == (4, "四星（创建）", 2024, decided.edition)
    assert round(Decimal(facts.score), 2) == Decimal("82.20")  # the example park
    assert (facts.valid_from, facts.issued_on) == (day, day)
    assert facts.valid_until == day.replace(year=day.year + 3) - timedelta(1)
    assert facts.decided_on == timezone.localdate()
    assert (
        facts.boundary_sha256
        == hashlib.sha256(
            b'{"coordinates":[[[121.47,30.9],[121.49,30.9],[121.49,30.91],[121.47,30.91],[121.47,30.9]]],"type":"Polygon"}'
        ).hexdigest()
    )
    assert (made.submission, made.by, made.park) == (decided, world.scheme.user, world.alpha)
    (entry,) = Entry.objects.filter(act="certificate.issued")
    assert (entry.subject, entry.actor, entry.details["key"]) == (made.number, world.scheme.user, made.key)
    assert made.key == find_ring().current
    assert Notice.objects.filter(kind="certificate", user=world.park.user, link=f"/c/{made.number}").exists()


def test_the_step_of_the_plan_is_done(world: World, decided: Submission, plan: Plan) -> None:
    task = plan.tasks.get(step="decision")
    assert task.state == "open" and plan.year == decided.year
    issuing.issue(actor_of(world.scheme), decided, at=at(over(decided)))
    task.refresh_from_db()
    assert task.state == "done"


def test_paper_credential_and_code_are_checked_by_a_stranger(decided: Submission, made: Certificate) -> None:
    ring, now = find_ring(), at(over(decided), 13)
    row = queries.find_list(0, "message")
    assert row is not None
    lists = (read_list(row.token, ring),)
    pdf = path_of(made.paper).read_bytes()
    for data in (pdf, made.credential.encode(), made.code.encode()):
        assert verify_file(data, ring, lists, at=now, name="x").word == "valid"
    assert read_paper(pdf, ring).credential == made.credential
    assert made.code.startswith(f"http://localhost:8000/c/{made.number}?s=")


def test_the_bundle_holds_dossier_edition_and_result(decided: Submission, made: Certificate) -> None:
    facts, file = load_facts(made), path_of(made.bundle)
    bundle = check_bundle(file, facts.bundle_sha256)
    assert not bundle.withheld
    assert {"edition.json", "result.json", "dossier/park.yaml", "dossier/boundary.geojson"} <= bundle.names
    with zipfile.ZipFile(file) as archive:
        result = archive.read("result.json")
        assert hashlib.sha256(result).hexdigest() == facts.result_sha256
        assert json.loads(archive.read("edition.json"))["sha256"] == facts.edition_sha256
    assert json.loads(result)["dossier_sha256"] == facts.dossier_sha256
    assert b'"trace"' not in result


def test_not_before_the_decision_stands(world: World, play: Play, keys: Path) -> None:
    scheme = actor_of(world.scheme)
    submission = play.to(State.PANEL)
    assert refused(lambda: issuing.issue(scheme, submission)) == {"certificate.not-decided"}
    play.vote_all(submission)
    play.decide(submission)
    last = over(submission) - timedelta(1)
    assert refused(lambda: issuing.issue(scheme, submission, at=at(last))) == {"certificate.appealable"}
    (waiting,) = list_waiting(last)
    assert (waiting.submission, waiting.stars) == (submission, None)
    assert [one.code for one in waiting.faults] == ["certificate.appealable"]
    (waiting,) = list_waiting(last + timedelta(1))
    assert (waiting.stars, waiting.faults) == (4, ())
    play.appeal(submission)
    assert refused(lambda: issuing.issue(scheme, submission, at=at(over(submission)))) == {
        "certificate.not-decided"
    }
    play.rule(submission, "basic")
    made = issuing.issue(scheme, submission)  # the ruling is the last word: no days run after it
    assert (made.stars, load_facts(made).stage) == (3, "三星（基础）")
    assert not list_waiting(over(submission))


def test_no_star_no_certificate(world: World, play: Play, keys: Path) -> None:
    submission = play.to(State.PANEL)
    play.vote_all(submission, "refuse refuse refuse refuse approve")
    play.decide(submission)
    act = lambda: issuing.issue(actor_of(world.scheme), submission, at=at(over(submission)))  # noqa: E731
    assert refused(act) == {"certificate.not-granted"}
    assert not list_waiting(over(submission)) and not Certificate.objects.exists()


@pytest.mark.parametrize("role", ["park", "body", "evaluator", "expert", "enterprise", "stranger"])
def test_by_the_scheme_alone(world: World, decided: Submission, role: str) -> None:
    with pytest.raises(PermissionDenied):
        issuing.issue(actor_of(world.someone(role)), decided, at=at(over(decided)))


def test_a_review_gives_one_certificate(world: World, decided: Submission, made: Certificate) -> None:
    act = lambda: issuing.issue(actor_of(world.scheme), decided, at=at(over(decided)))  # noqa: E731
    assert refused(act) == {"certificate.issued-already"}
    follow = issuing.Follow(made)
    again = lambda: issuing.issue(actor_of(world.scheme), decided, follow=follow, at=at(over(decided)))  # noqa: E731
    assert refused(again) == {"certificate.issued-already"}
    assert Certificate.objects.count() == 1


def test_a_park_holds_one_at_a_time(world: World, decided: Submission) -> None:
    scheme, day = actor_of(world.scheme), over(decided)
    old = keep_certificate(world.alpha, world.scheme.user, valid_from=date(2026, 2, 1), stars=3)
    assert refused(lambda: issuing.issue(scheme, decided, at=at(day))) == {"certificate.held-already"}
    new = issuing.issue(scheme, decided, follow=issuing.Follow(old), at=at(day))
    assert load_facts(new).supersedes == old.number and new.status_index == 1
    states = {one.certificate.number: one.state for one in _lines(day)}
    assert states == {old.number: "superseded", new.number: "valid"}
    gone = issuing.Follow(old)
    other = lambda: issuing.issue(scheme, decided, follow=gone, at=at(day))  # noqa: E731
    assert refused(other) == {"certificate.issued-already"}


def _lines(day: date) -> Any:
    from lingtan_web.certificates.register import Filter, list_all

    return list_all(Filter(), day)


def test_a_case_of_another_band_is_decided_by_the_new_certificate(world: World, decided: Submission) -> None:
    scheme, day = actor_of(world.scheme), over(decided)
    old = keep_certificate(world.alpha, world.scheme.user, valid_from=date(2026, 2, 1), stars=5)
    entering.open_case(scheme, old, "score_band", "监督得分落入四星", at=at(day - timedelta(5)))
    follow = issuing.Follow(old, case=1, reasons="监督得分 82.20，调整为四星")
    early = lambda: issuing.issue(scheme, decided, follow=follow, at=at(day))  # noqa: E731
    assert refused(early) == {"certificate.not-heard"}
    assert Certificate.objects.count() == 1  # all of it or nothing
    entering.hear(actor_of(world.park), old, 1, "无异议", at=at(day))
    new = issuing.issue(scheme, decided, follow=follow, at=at(day))
    last = queries.find_history(queries.find_certificate(old.number) or old)[-1]
    assert last.zh == f"作出处理决定：换发新证书，原证书由其取代（{new.number}）"
    assert last.reasons == "监督得分 82.20，调整为四星"


def test_signed_anew_it_keeps_its_days(world: World, decided: Submission, made: Certificate) -> None:
    scheme, first = actor_of(world.scheme), over(decided)
    year = first.replace(year=first.year + 1)
    entering.survey(scheme, made, at=at(year - timedelta(10)))
    due = year.replace(year=year.year + 1) + timedelta(20)
    entering.extend(scheme, made, due, "园区整合计量系统", at=at(year - timedelta(9)))
    new = issuing.reissue(scheme, made, "运营主体变更", at=at(year))
    life = queries.read_life(new)
    assert (life.valid_until, new.bundle, new.submission) == (made.valid_until, made.bundle, decided)
    assert life.valid_from == year - timedelta(10)
    from lingtan.certificate.lifecycle.rules import find_standing

    assert find_standing(life).due == due
    assert load_facts(new).supersedes == made.number
    assert new.number == make_number("LZC", year.year, 1)  # numbers count within the year
    again = lambda: issuing.reissue(scheme, made, "再次换发", at=at(year))  # noqa: E731
    assert refused(again) == {"certificate.ended"}


def test_signing_anew_settles_nothing(world: World, made: Certificate, decided: Submission) -> None:
    scheme, day = actor_of(world.scheme), over(decided)
    entering.open_case(scheme, made, "incident", "有事件", at=at(day))
    act = lambda: issuing.reissue(scheme, made, "运营主体变更", at=at(day))  # noqa: E731
    assert refused(act) == {"certificate.not-free"}


def test_whoever_finds_the_number_taken_takes_the_next(
    world: World, decided: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign, tried = issuing._sign, []

    def slow(order: issuing.Order, moment: Any) -> issuing.Signed:
        done = sign(order, moment)
        tried.append(done.facts.number)
        if len(tried) == 1:  # somebody else is quicker
            keep_certificate(world.beta, world.scheme.user, 1, over(decided))
        return done

    monkeypatch.setattr(issuing, "_sign", slow)
    made = issuing.issue(actor_of(world.scheme), decided, at=at(over(decided)))
    year = over(decided).year
    assert tried == [make_number("LZC", year, 1), make_number("LZC", year, 2)]
    assert (made.number, made.status_index) == (tried[1], 1)


def test_without_a_boundary_there_is_none(world: World, play: Play, keys: Path) -> None:
    from tests.web import review_parts

    assert "boundary.geojson" in review_parts.make_version(world, 9).manifest
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lingtan_web.certificates.services.drafting.BOUNDARY", "gone.geojson")
        submission = play.to(State.DECIDED)
        act = lambda: issuing.issue(actor_of(world.scheme), submission, at=at(over(submission)))  # noqa: E731
        assert refused(act) == {"certificate.no-boundary"}


def test_the_edition_must_be_the_one_it_was_reached_under(
    world: World, decided: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FrozenEdition(decided.edition, "0" * 64, b"{}")
    monkeypatch.setattr(drafting, "freeze_edition", lambda edition: other)
    act = lambda: issuing.issue(actor_of(world.scheme), decided, at=at(over(decided)))  # noqa: E731
    assert refused(act) == {"certificate.edition-changed"}


def test_the_result_must_be_the_one_that_was_handed_in(world: World, play: Play, keys: Path) -> None:
    submission = play.to(State.DECIDED)
    for export in play.results.exports.values():
        export["score"] = "99"
    act = lambda: issuing.issue(actor_of(world.scheme), submission, at=at(over(submission)))  # noqa: E731
    assert refused(act) == {"certificate.result-gone"}
