"""Every operation × every role × every scope, walked from the library's registry: one missing fails."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from ninja.operation import Operation
from tests.web.api_matrix import API_MATRIX, EVERYBODY, Call
from tests.web.api_parts import V1, Program, make_result, make_submission, withdraw
from tests.web.conftest import World
from tests.web.dossier_parts import dossier_zip, upload
from tests.web.evidence_parts import make_evidence
from tests.web.review_parts import make_version
from tests.web.test_matrix import ALL

from lingtan_web.api.application import api
from lingtan_web.api.doors import Door, PathRule
from lingtan_web.api.rate import PerToken
from lingtan_web.audit.services import SYSTEM, Actor
from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.dossiers.services import preview_import
from lingtan_web.organisations.services import SCOPES
from lingtan_web.process.services import start_plan
from lingtan_web.reviews.models import Question

CALLS = [(name, call) for name, calls in API_MATRIX.items() for call in calls]


def operations() -> Iterator[Operation]:
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            yield from view.operations


def test_every_operation_of_the_library_is_in_the_matrix() -> None:
    stated = {(name, call.method) for name, call in CALLS}
    assert stated == {(one.url_name, method) for one in operations() for method in one.methods}


def test_every_operation_has_a_door_of_its_own_and_a_rate() -> None:
    for one in operations():
        door, rate = one.auth_callbacks[0], one.throttle_objects[0]
        assert len(one.auth_callbacks) == 1 and isinstance(door, Door) and isinstance(rate, PerToken)
        assert door.rule == one.view_func.rule
        assert [door.rule.method] == one.methods
        assert rate.kind == ("read" if door.rule.method == "GET" else "write")
        assert ("{slug:park}" in one.path) == door.rule.in_park
        assert (door.rule.scope == "read") == (door.rule.method == "GET")


def test_every_address_of_the_interface_is_an_operation() -> None:
    rules = {str(one.name): one.callback.rule for one in ALL if str(one.pattern).startswith("api/v1/")}
    rules.pop("api-openapi")
    assert set(rules) == set(API_MATRIX)
    assert all(isinstance(rule, PathRule) for rule in rules.values())


def test_an_operation_that_is_not_declared_lets_nobody_in(world: World) -> None:
    from lingtan_web.api.application import build_api

    bare = build_api()
    bare.get("/bare")(lambda request: "secret")
    view = bare.urls[0][0].callback
    request = Client().get("/healthz").wsgi_request
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {Program(world.scheme).secret}"
    assert view(request).status_code == 401


@pytest.fixture
def numbers(world: World) -> dict[str, Any]:
    """The ids that calls name: a submitted version, its calculation, tasks, a document, a preview."""
    version = make_version(world)
    submission = make_submission(world, version)
    withdraw(submission)
    plan = start_plan(SYSTEM, park=world.alpha, year=2024, first_day=date(2026, 1, 1))
    evidence = make_evidence(world)
    unfiled = RegisterRow.objects.get(pk=evidence["unfiled"])
    zipped = upload("a.zip", dossier_zip(meters="meter\nM1\n"))
    preview = preview_import(Actor(world.park.user.pk), dossier=world.dossier, upload=zipped)
    by = world.evaluator.user
    Question.objects.create(submission=submission, number=1, by=by, code="A1.1", fields=["boundary"])
    return {
        "result": make_result(world, version).pk,
        "task": plan.tasks.get(step="boundary").pk,
        "review_task": plan.tasks.get(step="document_review").pk,
        "part_task": plan.tasks.get(owner_organisation__memberships__user=world.enterprise.user).pk,
        "document": evidence["document"],
        "row": unfiled.mark,
        "preview": preview.token,
    }


def ask(program: Program, call: Call, numbers: dict[str, Any]) -> Any:
    """The answer of one call; every call meets the same world."""
    with transaction.atomic():
        answer = program.call(call.method, call.path.format(**numbers), call.body)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_role(world: World, numbers: dict[str, Any], role: str) -> None:
    program = Program(world.someone(role))
    wrong = []
    for name, call in CALLS:
        answer = ask(program, call, numbers)
        if answer.status_code not in call.expected(role):
            wrong.append((name, call.method, answer.status_code, answer.content[:200]))
    assert not wrong


@pytest.mark.parametrize("scope", SCOPES)
def test_scope(world: World, numbers: dict[str, Any], scope: str) -> None:
    programs = {role: Program(world.someone(role), scope) for role in EVERYBODY}
    wrong = []
    for name, call in CALLS:
        role = sorted(call.may)[-1]
        answer = ask(programs[role], call, numbers)
        if answer.status_code not in (call.expected(role) if scope == call.scope else (403,)):
            wrong.append((name, call.method, answer.status_code, answer.content[:200]))
    assert not wrong


def test_without_a_token(world: World, numbers: dict[str, Any]) -> None:
    for _, call in CALLS:
        path = V1 + call.path.format(**numbers)
        assert Client().generic(call.method, path).status_code == 401, path
        assert world.park.client.generic(call.method, path).status_code == 401, path


def test_other_methods_are_refused(world: World, numbers: dict[str, Any]) -> None:
    program = Program(world.scheme)
    every = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"}
    for name, call in CALLS:
        for method in every - {one.method for one in API_MATRIX[name]}:
            answer = program.call(method, call.path.format(**numbers))
            assert answer.status_code == 405, (method, call.path)
