"""The scheme's desk and the park's pages: what is done there happens, and only by who may."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.certificate_matrix import keep_bundle
from tests.web.certificate_world import at, keep_certificate, keys
from tests.web.conftest import Someone, World
from tests.web.review_parts import Play, actor_of, play

from lingtan.certificate import read_list
from lingtan_web.certificates.granting import list_waiting
from lingtan_web.certificates.models import Certificate, Declaration, Disclosure
from lingtan_web.certificates.queries import find_certificate, find_life, find_list, stands_on
from lingtan_web.certificates.scheme import find_ring
from lingtan_web.certificates.services import entering
from lingtan_web.certificates.services.publishing import publish_lists
from lingtan_web.reviews.models import Decision, Step
from lingtan_web.reviews.workflow import State

__all__ = ["keys", "play"]

TODAY = timezone.localdate()


@pytest.fixture
def made(world: World, keys: Path) -> Certificate:
    """A certificate of alpha."""
    return keep_certificate(
        world.alpha, world.scheme.user, valid_from=TODAY - timedelta(100), bundle=keep_bundle()
    )


def state(made: Certificate) -> str:
    """How it stands today."""
    found = find_certificate(made.number)
    assert found is not None
    return stands_on(find_life(found), TODAY)


def page(who: Someone, address: str) -> str:
    answer = who.client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def post(who: Someone, address: str, **given: object) -> tuple[int, str]:
    answer = who.client.post(address, given)
    return answer.status_code, answer.content.decode()


def test_a_case_through_the_pages(world: World, made: Certificate) -> None:
    desk, ours = f"/certificates/{made.number}/", f"/parks/alpha/certificates/{made.number}/"
    assert post(world.scheme, f"{desk}cases/", ground="coverage_fell", reasons="平台离线")[0] == 302
    shown = page(world.scheme, desk)
    first = TODAY + timedelta(16)  # fifteen days to be heard, and the one after
    assert f"{first} 起可以处分" in shown
    assert 'value="suspend"' in shown
    assert 'value="withdraw"' not in shown  # this ground does not allow it
    status, said = post(world.scheme, f"{desk}cases/1/", outcome="suspend", reasons="属实")
    assert (status, state(made)) == (422, "valid")
    assert f"{first}" in said
    assert "平台离线" in page(world.park, ours)
    assert post(world.park, f"{ours}cases/1/", statement="正在抢修")[0] == 302
    assert "现在可以作出决定" in page(world.scheme, desk)
    assert post(world.scheme, f"{desk}cases/1/", outcome="withdraw", reasons="属实")[0] == 422
    status, said = post(world.scheme, f"{desk}cases/1/", outcome="", reasons="属实")
    assert status == 422
    assert "没有选择处理结果" in said  # certificate.no-outcome
    assert post(world.scheme, f"{desk}cases/1/", outcome="suspend", reasons="属实")[0] == 302
    assert state(made) == "suspended"
    assert "正在抢修" in page(world.stranger, f"/register/{made.number}/")
    assert post(world.scheme, f"{desk}reinstate/", reasons="平台恢复")[0] == 302
    assert state(made) == "valid"


def test_the_desk_says_what_waits(world: World, made: Certificate) -> None:
    scheme = actor_of(world.scheme)
    entering.open_case(scheme, made, "incident", "事件", at=at(TODAY - timedelta(30)))
    late = keep_certificate(world.beta, world.scheme.user, 2, TODAY - timedelta(500))  # no surveillance
    shown = page(world.scheme, "/certificates/")
    assert "可以决定" in shown
    suspended = shown[shown.index("已暂停，整改期内") : shown.index("未来 90 天")]
    assert late.number in suspended
    assert made.number not in suspended
    assert "还没有公布过" not in shown  # the case published one
    assert post(world.scheme, "/certificates/lists/")[0] == 302


def test_surveillance_and_extension(world: World, made: Certificate) -> None:
    desk = f"/certificates/{made.number}/"
    status, said = post(world.scheme, f"{desk}extend/", reasons="搬迁")
    assert status == 422
    assert "没有填写延至的日期" in said  # certificate.no-day
    later = TODAY + timedelta(365)
    assert post(world.scheme, f"{desk}extend/", until=later.isoformat(), reasons="搬迁")[0] == 302
    assert f"{later}</span> 监督评价到期" in page(world.scheme, desk)
    assert post(world.scheme, f"{desk}survey/")[0] == 302
    assert "监督评价合格" in page(world.stranger, f"/register/{made.number}/")


def test_a_successor_is_linked_both_ways(world: World, made: Certificate) -> None:
    new = keep_certificate(world.alpha, world.scheme.user, 2, TODAY, supersedes=made.number)
    assert post(world.scheme, f"/certificates/{made.number}/replace/", by=new.number)[0] == 302
    assert state(made) == "superseded"
    assert f"/register/{new.number}/" in page(world.stranger, f"/register/{made.number}/")
    assert f"/register/{made.number}/" in page(world.stranger, f"/register/{new.number}/")


def test_the_park_gives_it_back_only_by_typing_its_number(world: World, made: Certificate) -> None:
    address = f"/parks/alpha/certificates/{made.number}/exit/"
    for typed in ("", made.number.lower(), "yes"):
        status, said = post(world.park, address, reasons="转产", typed=typed)
        assert (status, state(made)) == (422, "valid")
        assert "没有输入确认文字" in said  # certificate.not-typed
    assert post(world.park, address, reasons="转产", typed=made.number)[0] == 302
    assert state(made) == "exited"
    assert "exit/" not in page(world.park, f"/parks/alpha/certificates/{made.number}/")


def test_a_declaration(world: World, made: Certificate) -> None:
    ours = f"/parks/alpha/certificates/{made.number}/"
    status, said = post(world.park, f"{ours}declare/", year="2025")
    assert status == 422
    assert "没有声明是否继续符合" in said  # certificate.not-declared
    assert post(world.park, f"{ours}declare/", year="2025", conforms="no")[0] == 422  # without a reason
    assert post(world.park, f"{ours}declare/", year="x", conforms="yes")[0] == 422
    assert post(world.park, f"{ours}declare/", year="2025", conforms="yes", version="999999")[0] == 404
    assert post(world.park, f"{ours}declare/", year="2025", conforms="yes", text="一切照旧")[0] == 302
    assert Declaration.objects.get().year == 2025
    assert "一切照旧" in page(world.scheme, f"/certificates/{made.number}/")


def test_disclosing_and_taking_back(world: World, made: Certificate) -> None:
    ours, theirs = f"/parks/alpha/certificates/{made.number}/", f"/register/{made.number}/bundle.zip"
    shown = page(world.park, f"{ours}disclose/")
    confidential = shown[shown.index("以下内容涉密") : shown.index("<fieldset")]
    assert "各登记表" in confidential  # one enterprise of alpha is confidential
    assert 'value="dossier/registers/"' not in shown
    assert world.stranger.client.get(theirs).status_code == 404
    assert post(world.park, f"{ours}disclose/", withheld="edition.json")[0] == 422
    assert post(world.park, f"{ours}disclose/", withheld="dossier/park.yaml")[0] == 302
    row = Disclosure.objects.get()
    assert "dossier/park.yaml" in row.withheld
    assert "dossier/registers/" in row.withheld
    answer = world.stranger.client.get(theirs)
    content = answer.getvalue()
    assert b"manifest.json" in content
    assert b"V1,E001" not in content
    assert "园区公开的资料包" in page(world.stranger, f"/register/{made.number}/")
    assert post(world.park, f"{ours}conceal/")[0] == 302
    assert world.stranger.client.get(theirs).status_code == 404


def test_another_park_sees_nothing(world: World, made: Certificate) -> None:
    other = keep_certificate(world.beta, world.scheme.user, 2, TODAY)
    for act in ("", "exit/", "declare/", "conceal/", "cases/1/", "disclose/"):
        address = f"/parks/alpha/certificates/{other.number}/{act}"  # beta's, under alpha's address
        assert world.park.client.post(address, {"typed": other.number}).status_code in (404, 405), act
        address = f"/parks/alpha/certificates/{made.number}/{act}"
        assert world.other_park.client.post(address).status_code in (404, 405), act
    assert world.park.client.get(f"/parks/alpha/certificates/{other.number}/").status_code == 404
    assert other.number not in page(world.park, "/parks/alpha/certificates/")
    assert state(other) == "valid"
    for who in (world.park, world.body, world.evaluator, world.expert, world.stranger):
        assert who.client.post(f"/certificates/{made.number}/survey/").status_code == 403


def test_keys_are_rotated_and_revoked(world: World, made: Certificate) -> None:
    publish_lists()
    first = find_ring().current
    assert find_ring().fingerprint in page(world.scheme, "/certificates/keys/")
    assert post(world.scheme, "/certificates/keys/rotate/")[0] == 302
    second = find_ring().current
    assert second != first
    shown = page(world.scheme, "/certificates/keys/")
    assert "已轮换，旧签名仍有效" in shown
    address = f"/certificates/keys/{first}/revoke/"
    assert post(world.scheme, address, reasons="泄露", typed=second)[0] == 422
    assert post(world.scheme, address, reasons="", typed=first)[0] == 422
    assert post(world.scheme, address, reasons="泄露", typed=first)[0] == 302
    assert re.search(rf"{TODAY} 吊销", page(world.scheme, "/certificates/keys/"))
    assert post(world.scheme, "/certificates/keys/none/revoke/", reasons="泄露", typed="none")[0] == 422


def test_issuing_shows_what_will_be_signed(world: World, keys: Path, play: Play) -> None:
    submission = play.to(State.DECIDED)
    address = f"/certificates/issue/{submission.pk}/"
    assert "还不能颁发" in page(world.scheme, address)  # an appeal may still be made
    assert post(world.scheme, address)[0] == 422
    assert Certificate.objects.count() == 0
    assert world.scheme.client.get("/certificates/issue/999999/").status_code == 404


def test_hostile_words_are_text(world: World, made: Certificate) -> None:
    bad = "<script>alert(1)</script>"
    world.alpha.name_zh = bad
    world.alpha.save()
    scheme = actor_of(world.scheme)
    entering.open_case(scheme, made, "incident", bad)
    entering.hear(actor_of(world.park), made, 1, bad)
    for who, address in (
        (world.scheme, "/certificates/"),
        (world.scheme, f"/certificates/{made.number}/"),
        (world.park, "/parks/alpha/certificates/"),
        (world.park, f"/parks/alpha/certificates/{made.number}/"),
        (world.stranger, f"/register/{made.number}/"),
        (world.stranger, "/register/feed.atom"),
    ):
        shown = page(who, address)
        assert bad not in shown, address
        assert "&lt;script&gt;" in shown, address


def test_what_is_entered_is_in_the_list_at_once(world: World, made: Certificate) -> None:
    entering.open_case(actor_of(world.scheme), made, "incident", "事件", at=at(TODAY - timedelta(21)))
    desk = f"/certificates/{made.number}/cases/1/"
    assert post(world.scheme, desk, outcome="suspend", reasons="属实")[0] == 302
    row = find_list(0, "message")
    assert row is not None
    assert read_list(row.token, find_ring()).state(0) == "suspended"


def test_the_desk_asks_no_more_often_for_more_decisions(world: World, keys: Path, play: Play) -> None:
    submission = play.to(State.DECIDED)
    with CaptureQueriesContext(connection) as once:
        (first,) = list_waiting(TODAY)
    decision, steps = Decision.objects.get(), list(Step.objects.filter(submission=submission))
    for number in range(2, 5):
        submission.pk, submission.number = None, number
        submission.save()
        decision.pk, decision.submission = None, submission
        decision.save()
        last = steps[-1]
        last.pk, last.submission = None, submission
        last.save()
    with CaptureQueriesContext(connection) as more:
        assert [one.faults for one in list_waiting(TODAY)] == [first.faults] * 4
    assert len(more) == len(once)
