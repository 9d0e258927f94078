"""Plans, tasks and the work queue through the interface."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.web.api_parts import Program
from tests.web.conftest import World

from lingtan_web.api.forms_process import Choose
from lingtan_web.audit.models import Entry
from lingtan_web.organisations.models import Organisation
from lingtan_web.process.models import Plan, Task
from lingtan_web.process.workflow import State
from lingtan_web.roles import Kind

PLANS = "/parks/alpha/plans"
TASKS = f"{PLANS}/2024/tasks"


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content
    return [one["code"] for one in answer.json()["faults"]]


def path_of(task: Task) -> str:
    return f"{TASKS}/{task.pk}"


def test_a_plan_is_started_and_told(world: World) -> None:
    program = Program(world.park)
    assert program.get(PLANS).json()["items"] == []
    asked = {"year": 2025, "first_day": "2026-03-01"}
    assert program.post(PLANS, asked).json() == asked
    assert program.post(PLANS, asked).json() == asked  # again: nothing moves
    assert Plan.objects.count() == 1
    told = program.get(f"{PLANS}/2025").json()
    assert [one["id"] for one in told["phases"]] == ["preparation", "implementation", "evaluation"]
    assert sum(one["tasks"] for one in told["phases"]) == Task.objects.count() > 20
    assert sum(one["done"] for one in told["phases"]) == 0
    assert Entry.objects.filter(act="plan.started", via="api").count() == 2
    for wrong in ({}, {"year": 1989}, {"year": 2024, "first_day": 0}, {"year": 2024, "first_day": "1.3.26"}):
        assert set(codes(program.post(PLANS, wrong))) == {"api.bad-field"}
    assert program.get(f"{PLANS}/2026").status_code == 404


def test_tasks_are_chosen_and_paged(world: World, plan: Plan) -> None:
    program = Program(world.park)
    first = plan.tasks.order_by("position", "pk").first()
    assert first is not None
    plan.tasks.update(due=None)
    Task.objects.filter(pk=first.pk).update(state=State.IN_PROGRESS, due=timezone.localdate() - timedelta(1))
    told = program.get(f"{TASKS}?per_page=1").json()
    assert (told["total"], told["pages"]) == (plan.tasks.count(),) * 2
    (one,) = told["items"]
    assert (one["number"], one["state"], one["is_late"], one["is_mine"]) == (
        first.pk,
        "in_progress",
        True,
        True,
    )
    for query in ("state=in_progress", "late=true", "mine=true&late=true"):
        assert [one["number"] for one in program.get(f"{TASKS}?{query}").json()["items"]] == [first.pk]
    phase = program.get(f"{TASKS}?phase=evaluation&per_page=500").json()["items"]
    assert {one["phase"] for one in phase} == {"evaluation"}
    mine = program.get(f"{TASKS}?mine=true&per_page=500").json()["items"]
    assert {one["role"] for one in mine} == {"park"}
    assert program.get(f"{PLANS}/2024").json()["late"] == 1


def test_the_states_one_may_choose_are_those_there_are() -> None:
    annotation: Any = Choose.model_fields["state"].annotation
    assert set(annotation.__args__) == {"", *State}


def test_a_task_is_worked_on(world: World, plan: Plan) -> None:
    program = Program(world.park)
    path = path_of(plan.tasks.get(step="boundary"))
    assert program.get(path).json()["acts"] == ["start", "finish", "drop", "assign", "reschedule", "comment"]
    started = program.post(path, {"act": "start"}).json()
    assert (started["state"], started["acts"][0]) == ("in_progress", "finish")
    assert codes(program.post(path, {"act": "start"})) == ["process.not-in-this-state"]
    assert codes(program.post(path, {"act": "drop"})) == ["process.reason-missing"]
    assert codes(program.post(path, {"act": "comment", "text": " "})) == ["process.comment-missing"]
    program.post(path, {"act": "comment", "text": "图纸已到"})
    program.post(path, {"act": "reschedule", "due": "2027-01-31"})
    told = program.post(path, {"act": "finish"}).json()
    assert (told["state"], told["due"], told["is_mine"]) == ("done", "2027-01-31", False)
    assert [one["act"] for one in told["events"]] == ["start", "comment", "reschedule", "finish"]
    assert {one["by"] for one in told["events"]} == {"park"}
    assert set(Entry.objects.filter(act__startswith="task.").values_list("via", flat=True)) == {"api"}


def test_a_task_is_given_to_somebody_of_its_part(world: World, plan: Plan) -> None:
    program = Program(world.park)
    path = path_of(plan.tasks.get(step="boundary"))
    person = world.park.user.pk
    assert program.get(path).json()["people"] == [{"number": person, "name": "park"}]
    told = program.post(path, {"act": "assign", "owner": person}).json()
    assert (told["owner"], told["owner_name"]) == (person, "park")
    assert program.post(path, {"act": "assign", "owner": world.scheme.user.pk}).status_code == 404
    assert program.post(path, {"act": "assign", "owner": None}).json()["owner"] is None


@pytest.mark.parametrize(
    "body",
    [{}, {"act": "burn"}, {"act": "assign"}, {"act": "reschedule", "due": "soon"}, {"act": "start", "x": 1}],
)
def test_what_is_no_act_is_told(world: World, plan: Plan, body: dict[str, Any]) -> None:
    path = path_of(plan.tasks.get(step="boundary"))
    assert codes(Program(world.park).post(path, body)) == ["api.bad-field"]


def test_a_task_is_written_for_a_part_that_one_leads(world: World, plan: Plan) -> None:
    program = Program(world.park)
    enterprise = Organisation.objects.get(kind=Kind.ENTERPRISE, name_zh="甲enterprise")
    asked = {"title": "补报十二月用电", "role": "enterprise", "phase": "implementation", "due": "2027-02-01"}
    told = program.post(TASKS, {**asked, "organisation": enterprise.pk}).json()
    assert (told["title_zh"], told["organisation"], told["due"]) == (
        asked["title"],
        enterprise.pk,
        "2027-02-01",
    )
    assert Program(world.enterprise).get(f"{TASKS}/{told['number']}").status_code == 200
    assert codes(program.post(TASKS, asked)) == ["process.enterprise-missing"]
    assert codes(program.post(TASKS, {**asked, "role": "park", "phase": "x"})) == ["process.unknown-phase"]
    assert program.post(TASKS, {**asked, "role": "evaluator"}).status_code == 403  # the body leads those
    own = (
        Program(world.body).post(TASKS, {"title": "复核", "role": "evaluator", "phase": "evaluation"}).json()
    )
    assert own["organisation"] == world.body_organisation.pk


def test_foreign_tasks_and_scopes(world: World, plan: Plan) -> None:
    task, other = plan.tasks.get(step="boundary"), Program(world.other_park)
    assert other.get(path_of(task)).status_code == 404
    Plan.objects.create(park=world.beta, year=2024, first_day=date(2026, 1, 1))
    beta = f"/parks/beta/plans/2024/tasks/{task.pk}"
    assert other.get(beta).status_code == 404
    assert other.post(beta, {"act": "finish"}).status_code == 404
    for scope in ("read", "dossier:write", "review:write", "readings:write"):
        program = Program(world.park, scope)
        assert program.post(path_of(task), {"act": "finish"}).status_code == 403
        assert program.post(PLANS, {"year": 2026}).status_code == 403
    task.refresh_from_db()
    assert task.state == State.OPEN
    world.mandate.year = 2023
    world.mandate.save()
    assert Program(world.evaluator).get(TASKS).status_code == 404


def test_what_waits_for_one(world: World, plan: Plan) -> None:
    told = Program(world.enterprise).get("/work").json()
    tasks = plan.tasks.filter(owner_organisation__memberships__user=world.enterprise.user)
    assert [one["kind"] for one in told["items"]] == ["task"] * tasks.count()
    assert told["total"] == tasks.count() > 0
    first = told["items"][0]
    assert (first["park"], first["park_zh"]) == ("alpha", "甲园区")
    assert first["link"].startswith("http://testserver/parks/alpha/process/2024/tasks/")
    assert world.enterprise.client.get(first["link"]).status_code == 200
    days = [one["due"] for one in told["items"] if one["due"]]
    assert days == sorted(days)
    assert first["is_late"] is (first["due"] < str(timezone.localdate()))
    assert Program(world.stranger).get("/work").json()["items"] == []
    page = Program(world.park).get("/work?per_page=2&page=2").json()
    assert len(page["items"]) == 2 and page["page"] == 2
