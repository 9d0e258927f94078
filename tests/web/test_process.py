"""Plans, tasks and measures on the site: who sees what, who may do what, and what is kept of it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.web.conftest import Someone, World, someone
from tests.web.plan_parts import FIRST, LEADER, address, find_refusal, step

from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM, Actor, find_broken_entry
from lingtan_web.process import queries, services
from lingtan_web.process.models import Plan, Task, TaskEvent
from lingtan_web.process.services import NewTask
from lingtan_web.process.workflow import (
    EVALUATION,
    UNFINISHED,
    Act,
    Standing,
    State,
)
from lingtan_web.roles import Role


def test_a_plan_has_every_step_and_that_of_the_enterprises_once_for_each(world: World, plan: Plan) -> None:
    assert plan.tasks.count() == 26  # 25 steps; two enterprises fill in their own part
    parts = plan.tasks.filter(step="enterprise_data")
    assert {one.owner_organisation_id for one in parts} == {
        world.enterprise.user.memberships.get().organisation_id,
        world.neighbour.user.memberships.get().organisation_id,
    }
    assert {one.due for one in parts} == {date(2026, 3, 1)}
    assert Entry.objects.get(act="plan.started").details["tasks"] == 26


def test_starting_again_adds_what_is_lacking_and_moves_nothing(world: World, plan: Plan) -> None:
    services.reschedule_task(SYSTEM, task=step(plan, "boundary"), standings=LEADER, due=date(2026, 5, 5))
    world.alpha.enterprises.create(key="E003", organisation=world.body_organisation)
    services.start_plan(SYSTEM, park=world.alpha, year=2024, first_day=date(2030, 1, 1))
    assert plan.tasks.count() == 27
    plan.refresh_from_db()
    assert plan.first_day == FIRST
    assert step(plan, "boundary").due == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("who", "status", "many"),
    [
        ("scheme", 200, 26), ("park", 200, 26), ("enterprise", 200, 1), ("neighbour", 200, 1),
        ("evaluator", 200, 2), ("body", 200, 3), ("expert", 404, 0), ("other_park", 404, 0),
        ("stranger", 404, 0),
    ],
)  # fmt: skip
def test_each_sees_theirs_on_the_board(world: World, plan: Plan, who: str, status: int, many: int) -> None:
    answer = world.someone(who).client.get("/parks/alpha/process/2024/")
    assert answer.status_code == status
    if status == 200:
        shown = [one for column in answer.context["columns"] for one in column.tasks]
        assert len(shown) == many


def test_a_task_that_is_not_theirs_is_not_there(world: World, plan: Plan) -> None:
    own, other = plan.tasks.filter(step="enterprise_data").order_by("owner_organisation")
    mine = world.enterprise.user.memberships.get().organisation_id
    own, other = (own, other) if own.owner_organisation_id == mine else (other, own)
    assert world.enterprise.client.get(address(own)).status_code == 200
    assert world.enterprise.client.get(address(other)).status_code == 404
    assert world.enterprise.client.post(address(other, "finish")).status_code == 404
    assert world.evaluator.client.get(address(step(plan, "boundary"))).status_code == 404
    assert world.other_park.client.get(address(own)).status_code == 404
    elsewhere = address(own).replace("alpha", "beta")
    assert world.other_park.client.get(elsewhere).status_code == 404  # another park's number in one's own


def test_yours_but_not_allowed(world: World, plan: Plan) -> None:
    assert world.scheme.client.post(address(step(plan, "boundary"), "finish")).status_code == 403
    assert (
        world.park.client.post(address(step(plan, "document_review"), "drop"), {"text": "x"}).status_code
        == 403
    )
    part = plan.tasks.get(owner_organisation=world.enterprise.user.memberships.get().organisation)
    assert world.enterprise.client.post(address(part, "drop"), {"text": "不做"}).status_code == 403
    assert world.enterprise.client.post("/parks/alpha/process/", {"year": 2025}).status_code == 403
    assert world.enterprise.client.get("/parks/alpha/process/2024/tasks/new/").status_code == 403
    assert world.evaluator.client.get("/parks/alpha/process/2024/measures/").status_code == 403
    assert world.scheme.client.post("/parks/alpha/process/2024/measures/", {"key": "M01"}).status_code == 403
    assert world.park.client.post(address(part, "no-such-act")).status_code == 404


def test_an_evaluator_sees_no_plan_of_another_year(world: World) -> None:
    services.start_plan(SYSTEM, park=world.alpha, year=2025, first_day=FIRST)
    assert world.evaluator.client.get("/parks/alpha/process/2025/").status_code == 404
    assert world.park.client.get("/parks/alpha/process/2025/").status_code == 200


def test_a_task_from_start_to_done_and_back(world: World, plan: Plan) -> None:
    task, client = step(plan, "boundary"), world.park.client
    assert client.post(address(task, "start")).status_code == 302
    assert client.post(address(task, "finish")).status_code == 302
    assert client.post(address(task, "finish")).status_code == 422  # sent twice: done once
    assert client.post(address(task, "reopen")).status_code == 422  # why?
    assert client.post(address(task, "reopen"), {"text": "面积算错了"}).status_code == 302
    assert client.post(address(task, "comment"), {"text": "请测绘单位复核"}).status_code == 302
    task.refresh_from_db()
    assert task.state == State.REOPENED
    assert list(task.events.order_by("pk").values_list("act", "text")) == [
        ("start", ""), ("finish", ""), ("reopen", "面积算错了"), ("comment", "请测绘单位复核"),
    ]  # fmt: skip
    page = client.get(address(task)).content.decode()
    assert "面积算错了" in page and "重新打开" in page
    acts = list(Entry.objects.filter(subject=task.title_zh).values_list("act", flat=True))
    assert acts == ["task.start", "task.finish", "task.reopen", "task.comment"]
    assert find_broken_entry() is None


def test_faults_of_moves_name_what_is_wrong(world: World, plan: Plan) -> None:
    task = step(plan, "boundary")

    def move(act: Act, reason: str = "", standings: frozenset[Standing] = LEADER) -> object:
        return services.move_task(SYSTEM, task=task, act=act, standings=standings, reason=reason)

    assert find_refusal(lambda: move(Act.DROP)) == {"process.reason-missing"}
    assert find_refusal(lambda: move(Act.REOPEN, "x")) == {"process.not-in-this-state"}
    assert find_refusal(lambda: move(Act.FINISH, "", frozenset([Standing.WATCHER]))) == {
        "process.not-yours-to-do"
    }
    assert find_refusal(lambda: move(Act.DROP, "x" * 4001)) == {"process.text-too-long"}
    assert find_refusal(lambda: services.comment_task(SYSTEM, task=task, standings=LEADER, text="")) == {
        "process.comment-missing"
    }
    move(Act.DROP, "x" * 4000)
    assert find_refusal(lambda: move(Act.FINISH)) == {"process.not-in-this-state"}
    assert not TaskEvent.objects.exclude(act="drop").exists()


def test_the_owner_belongs_to_the_part(world: World, plan: Plan) -> None:
    review = step(plan, "document_review")
    assert list(queries.find_people(review)) == [world.evaluator.user]
    services.assign_task(SYSTEM, task=review, standings=LEADER, owner=world.evaluator.user)
    review.refresh_from_db()
    assert review.owner == world.evaluator.user
    assert find_refusal(
        lambda: services.assign_task(SYSTEM, task=review, standings=LEADER, owner=world.body.user)
    ) == {"process.owner-not-of-part"}
    colleague = someone("second@example.org", world.body_organisation, Role.EVALUATOR)
    world.mandate.evaluators.add(colleague.user)
    assert colleague.client.get(address(review)).status_code == 404  # it is another's now
    answer = world.body.client.post(address(review, "assign"), {"owner": colleague.user.pk})
    assert answer.status_code == 302
    assert colleague.client.get(address(review)).status_code == 200
    assert world.evaluator.client.get(address(review)).status_code == 404
    world.body.client.post(address(review, "assign"), {"owner": ""})
    assert world.evaluator.client.get(address(review)).status_code == 200
    forged = world.body.client.post(address(review, "assign"), {"owner": world.stranger.user.pk})
    assert forged.status_code == 404


def test_the_day_moves(world: World, plan: Plan) -> None:
    task = step(plan, "boundary")
    world.park.client.post(address(task, "reschedule"), {"due": "2026-02-28"})
    task.refresh_from_db()
    assert task.due == date(2026, 2, 28)
    assert world.park.client.post(address(task, "reschedule"), {"due": "2026-02-30"}).status_code == 422
    world.park.client.post(address(task, "reschedule"), {"due": ""})
    task.refresh_from_db()
    assert task.due is None
    assert [one.text for one in task.events.order_by("pk")] == ["2026-01-15 → 2026-02-28", "2026-02-28 → —"]


def add(world: World, who: str = "park", **given: object) -> int:
    form = {"title": "补充证明", "phase": "preparation", "role": "park", "due": ""} | given
    return world.someone(who).client.post("/parks/alpha/process/2024/tasks/new/", form).status_code


def test_people_write_tasks_for_those_they_lead(world: World, plan: Plan) -> None:
    tenant = world.enterprise.user.memberships.get().organisation
    assert add(world) == 302
    assert add(world, role="enterprise", organisation=tenant.pk) == 302
    assert world.enterprise.client.get("/parks/alpha/process/2024/").content.decode().count("补充证明") == 1
    assert add(world, who="body", role="evaluator", phase=EVALUATION) == 302
    assert Task.objects.get(owner_role="evaluator", step="").owner_organisation == world.body_organisation
    assert add(world, who="scheme", role="expert", phase=EVALUATION, due="2026-03-01") == 302
    before = Task.objects.count()
    assert add(world, role="evaluator") == 422  # process.unknown-part
    assert add(world, role="mayor") == 422
    assert add(world, who="body", role="evaluator", phase="preparation") == 422
    assert add(world, role="enterprise", organisation=world.body_organisation.pk) == 422
    assert add(world, title=" ") == 422
    assert Task.objects.count() == before


def test_faults_of_a_new_task_come_all_at_once(world: World, plan: Plan) -> None:
    def new(phase: str, title: str, role: Role) -> object:
        return services.add_task(SYSTEM, plan=plan, new=NewTask(title, role, phase))

    assert find_refusal(lambda: new("no-such", "", Role.PARK)) == {
        "process.title-missing",
        "process.unknown-phase",
    }
    assert find_refusal(lambda: new("preparation", "x" * 201, Role.EVALUATOR)) == {
        "process.text-too-long",
        "process.phase-not-theirs",
    }
    assert find_refusal(lambda: new("preparation", "x" * 200, Role.ENTERPRISE)) == {
        "process.enterprise-missing"
    }
    answer = world.park.client.post(
        "/parks/alpha/process/2024/tasks/new/", {"title": "x", "phase": EVALUATION, "role": "scheme"}
    )
    assert [fault.code for fault in answer.context["faults"]] == ["process.unknown-part"]


def test_a_task_from_an_assessment_stands_once_on_the_list_and_comes_back_when_found_again(
    world: World,
) -> None:
    def found() -> Task:
        new = NewTask(
            "提高可再生能源电力占比", en="Raise the share of renewable electricity", code="indicator:C1.1"
        )
        return services.create_task_from(
            Actor(world.park.user.pk), park=world.alpha, year=2023, new=new, today=FIRST
        )

    first = found()
    assert (first.phase, first.owner_role, first.due, first.plan.template) == (EVALUATION, "park", None, "")
    assert found().pk == first.pk
    assert TaskEvent.objects.count() == 0
    services.move_task(SYSTEM, task=first, act=Act.FINISH, standings=LEADER)
    assert found().state == State.REOPENED
    services.start_plan(SYSTEM, park=world.alpha, year=2023, first_day=FIRST)  # the steps come afterwards
    page = world.park.client.get("/parks/alpha/process/2023/")
    assert [one.pk for one in page.context["columns"][2].improvements] == [first.pk]
    assert first.plan.tasks.count() == 27


def test_what_happened_to_a_task_is_kept_by_the_database(world: World, plan: Plan) -> None:
    event = services.comment_task(SYSTEM, task=step(plan, "boundary"), standings=LEADER, text="原话")
    for statement in (
        "UPDATE process_taskevent SET text = 'x'", "DELETE FROM process_taskevent",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    event.refresh_from_db()
    assert event.text == "原话"


def test_the_first_page_of_the_process_offers_a_plan_to_those_who_may_start_one(world: World) -> None:
    assert "建立计划" in world.park.client.get("/parks/alpha/process/").content.decode()
    assert "建立计划" not in world.enterprise.client.get("/parks/alpha/process/").content.decode()
    for year in ("", "1989", "abc"):
        assert world.park.client.post("/parks/alpha/process/", {"year": year}).status_code == 422
    answer = world.park.client.post("/parks/alpha/process/", {"year": "2024", "first_day": ""})
    assert answer["Location"] == "/parks/alpha/process/2024/"
    assert Plan.objects.get().first_day == timezone.localdate()
    assert world.park.client.get("/parks/alpha/process/")["Location"] == "/parks/alpha/process/2024/"


def test_the_board_can_show_what_waits_for_me(world: World, plan: Plan) -> None:
    def shown(person: Someone, show: str) -> set[str]:
        columns = person.client.get(f"/parks/alpha/process/2024/?show={show}").context["columns"]
        return {one.owner_role for column in columns for one in column.tasks}

    assert shown(world.scheme, "mine") == {"scheme"}
    assert shown(world.scheme, "") == set(Role)
    services.move_task(SYSTEM, task=step(plan, "mandate"), act=Act.FINISH, standings=LEADER)
    page = world.scheme.client.get("/parks/alpha/process/2024/?show=open")
    assert not [one for c in page.context["columns"] for one in c.tasks if one.state not in UNFINISHED]
    assert page.context["late"] == sum(one.is_late(timezone.localdate()) for one in plan.tasks.all())


def test_words_of_people_are_shown_as_words(world: World, plan: Plan) -> None:
    services.add_task(SYSTEM, plan=plan, new=NewTask("<script>alert(1)</script>"))
    page = world.park.client.get("/parks/alpha/process/2024/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_a_task_that_is_due_today_is_not_late(plan: Plan) -> None:
    task = step(plan, "boundary")
    assert task.due == date(2026, 1, 15)
    assert not task.is_late(date(2026, 1, 15))
    assert task.is_late(date(2026, 1, 15) + timedelta(days=1))
    task.due = None
    assert not task.is_late(date(2100, 1, 1))
