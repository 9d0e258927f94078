"""Who gets in to the interface, and with what: tokens, scopes, parks, roles, rates."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.api_parts import V1, Program, push, reading, register_meters
from tests.web.conftest import World

from lingtan_web.audit.models import Entry
from lingtan_web.organisations.models import ApiToken


def test_a_token_says_whom_it_acts_for(world: World) -> None:
    told = Program(world.park, "read").get("/me").json()
    assert (told["email"], told["scopes"], told["token"]) == ("park@example.org", ["read"], "program")
    assert [one["role"] for one in told["roles"]] == ["park"]


def test_without_a_good_token_nobody_gets_in(world: World) -> None:
    program = Program(world.park)
    ended = Program(world.park)
    ApiToken.objects.filter(pk=ended.token.pk).update(expires_at=timezone.now())
    taken_back = Program(world.park)
    ApiToken.objects.filter(pk=taken_back.token.pk).update(revoked_at=timezone.now())
    good = program.secret
    for header in (
        None, "", "Bearer", "Bearer ", "Bearer x", f"Basic {good}", f"Bearer {good}x", f"Bearer {good[:-1]}",
        f"Bearer {good.upper()}", f"Bearer {ended.secret}", f"Bearer {taken_back.secret}",
        "Bearer ltk_" + "a" * 10_000, "Bearer ltk_令牌", "Bearer lti_" + good[4:],
    ):  # fmt: skip
        headers = {} if header is None else {"Authorization": header}
        answer = Client().get(f"{V1}/me", headers=headers)
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert set(answer.json()) == {"detail"}
    assert program.get("/me").status_code == 200


def test_who_left_gets_in_no_more(world: World) -> None:
    program = Program(world.park)
    world.park.user.is_active = False
    world.park.user.save()
    assert program.get("/me").status_code == 401


def test_the_session_of_a_browser_opens_nothing(world: World) -> None:
    assert world.park.client.get(f"{V1}/me").status_code == 401
    body = push(reading())
    answer = world.park.client.post(f"{V1}/parks/alpha/readings", body, content_type="application/json")
    assert answer.status_code == 401


def test_a_token_is_no_sign_in_to_the_pages(world: World) -> None:
    program = Program(world.park)
    answer = program.client.get("/parks/alpha/", headers={"Authorization": f"Bearer {program.secret}"})
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_a_role_that_ended_ends_the_tokens_reach(world: World) -> None:
    program = Program(world.park)
    assert program.get("/parks/alpha").status_code == 200
    world.park.user.memberships.update(ended_at=timezone.now())
    assert program.get("/parks/alpha").status_code == 404


def test_not_yours_and_not_there_are_the_same(world: World) -> None:
    program = Program(world.park)
    foreign, missing = program.get("/parks/beta"), program.get("/parks/gamma")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content
    assert [one["slug"] for one in program.get("/parks").json()["items"]] == ["alpha"]


def test_use_is_noted_once_a_minute(world: World, django_assert_num_queries: Any) -> None:
    program = Program(world.park)
    program.get("/me")
    first = ApiToken.objects.get(pk=program.token.pk).used_at
    assert first is not None
    program.get("/me")
    assert ApiToken.objects.get(pk=program.token.pk).used_at == first
    earlier = timezone.now() - timedelta(seconds=60)
    ApiToken.objects.filter(pk=program.token.pk).update(used_at=earlier)
    program.get("/me")
    later = ApiToken.objects.get(pk=program.token.pk).used_at
    assert later is not None and later > earlier


def test_a_token_has_so_many_requests_a_minute(world: World, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("lingtan_web.api.rate.time.time", lambda: 600.0)
    settings.API_READS_PER_MINUTE, settings.API_WRITES_PER_MINUTE = 3, 1
    program, other = Program(world.park), Program(world.park)
    assert [program.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert program.get("/me").headers["Retry-After"] == "60"
    assert other.get("/me").status_code == 200  # tokens are counted apart
    register_meters(world, ("E001-EL", "E001"))
    assert program.post("/parks/alpha/readings", push(reading())).status_code == 200  # and so is writing
    assert program.post("/parks/alpha/readings", push(reading())).status_code == 429
    monkeypatch.setattr("lingtan_web.api.rate.time.time", lambda: 660.0)
    assert program.get("/me").status_code == 200


def test_what_a_program_changes_is_logged_as_such(world: World) -> None:
    register_meters(world, ("E001-EL", "E001"))
    Program(world.park).post("/parks/alpha/readings", push(reading()))
    entry = Entry.objects.get(act="readings.pushed")
    assert (entry.actor, entry.via, entry.park, entry.subject) == (world.park.user, "api", "alpha", "k-1")


def test_unknown_addresses_and_methods_are_told_as_json(world: World) -> None:
    program = Program(world.park)
    for path in ("", "/", "/docs", "/parks/", "/parks/alpha/none", "/parks/../parks", "/parks/%00"):
        answer = program.get(path)
        assert answer.status_code == 404, path
        assert answer.json() == {"detail": "not found"}
    answer = program.call("DELETE", "/parks")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert answer.json() == {"detail": "method not allowed"}


@pytest.mark.parametrize("path", ["/me", "/parks", "/parks/alpha"])
def test_answers_are_not_kept_by_anyone(world: World, path: str) -> None:
    assert Program(world.park).get(path).headers["Cache-Control"] == "no-store"


def test_a_parameter_that_is_not_known_is_told_with_those_that_are(world: World) -> None:
    program = Program(world.park)
    answer = program.get("/parks?pgae=2&per_page=1&Page=1")
    assert answer.status_code == 422
    told = answer.json()["faults"]
    assert [(one["code"], one["column"]) for one in told] == [
        ("api.unknown-parameter", "pgae"), ("api.unknown-parameter", "Page"),
    ]  # fmt: skip
    assert "page、per_page" in told[0]["zh"]["why"] and "page, per_page" in told[0]["en"]["why"]
    (none,) = program.get("/me?page=1").json()["faults"]
    assert "（没有）" in none["zh"]["why"] and "none" in none["en"]["why"]


def test_everything_that_is_wrong_with_the_query_is_told_at_once(world: World) -> None:
    told = Program(world.park).get("/parks?page=0&pgae=2").json()["faults"]
    assert [one["code"] for one in told] == ["api.unknown-parameter", "api.bad-field"]


def test_nothing_is_done_with_a_parameter_that_is_not_known(world: World) -> None:
    register_meters(world, ("E001-EL", "E001"))
    answer = Program(world.park).post("/parks/alpha/readings?dry_run=1", push(reading()))
    assert [one["code"] for one in answer.json()["faults"]] == ["api.unknown-parameter"]
    assert not Entry.objects.filter(act="readings.pushed").exists()


def test_who_is_not_let_in_is_not_told_what_is_known(world: World) -> None:
    assert Client().get(f"{V1}/parks?pgae=2").status_code == 401
    assert Program(world.park).get("/parks/beta?pgae=2").status_code == 404
    assert Program(world.park, "readings:write").get("/parks?pgae=2").status_code == 403


def test_a_parameter_that_stands_twice_is_told(world: World) -> None:
    (told,) = Program(world.park).get("/parks?page=1&page=2&per_page=9").json()["faults"]
    assert (told["code"], told["column"]) == ("api.bad-field", "page")
    assert "不止一次" in told["zh"]["what"] and "more than once" in told["en"]["what"]
