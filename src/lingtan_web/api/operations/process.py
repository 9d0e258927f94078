"""The plan of a year, its tasks, and what waits for the person behind the token."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query
from ninja.errors import HttpError

from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Number, Paged, Pages, Refused, Slug, Year
from lingtan_web.api.forms_process import (
    Choose,
    Deed,
    NewTaskIn,
    PlanFull,
    PlanOut,
    Start,
    TaskFull,
    TaskOut,
    WorkOut,
)
from lingtan_web.api.paging import cut_page
from lingtan_web.notices.rules import Waiting
from lingtan_web.notices.sources import find_waiting
from lingtan_web.process import queries, services
from lingtan_web.process.models import Plan, Task
from lingtan_web.process.workflow import MAY, MOVES, Act, State, Who, find_acts, find_standings, is_owner
from lingtan_web.roles import Role

LEADERS = {Role.PARK, Role.SCHEME, Role.BODY}
PLAN = "/parks/{slug:park}/plans/{int:year}"


def _plan(one: Plan) -> dict[str, Any]:
    return {"year": one.year, "first_day": one.first_day}


@declare(
    "GET",
    "/parks/{slug:park}/plans",
    name="api-plans",
    rule=lets(READ),
    says=("各年度的创建计划。", "The plans of a park by year."),
    response={200: Paged[PlanOut], **Refused},
    tags=["process"],
)
def list_plans(request: ApiRequest, park: Slug, pages: Query[Pages]) -> dict[str, Any]:
    """The latest year first."""
    found = [one for one in request.park.plans.order_by("-year") if request.access.can_see_year(one.year)]
    return cut_page(found, pages, _plan)


@declare(
    "POST",
    "/parks/{slug:park}/plans",
    name="api-plans",
    rule=lets("process:write", {Role.PARK, Role.SCHEME}),
    says=("启动一个年度的创建计划。", "Start the plan of a year."),
    response={200: PlanOut, **Refused},
    tags=["process"],
)
def start_plan(request: ApiRequest, park: Slug, start: Start) -> dict[str, Any]:
    """Where there is one already, it is given the steps that it lacks; nothing else changes."""
    first_day = start.first_day or timezone.localdate()
    return _plan(services.start_plan(request.actor, park=request.park, year=start.year, first_day=first_day))


@declare(
    "GET",
    PLAN,
    name="api-plan",
    rule=lets(READ),
    says=("一个年度的创建计划：各阶段进度。", "The plan of a year: how far its phases are."),
    response={200: PlanFull, **Refused},
    tags=["process"],
)
def show_plan(request: ApiRequest, park: Slug, year: Year) -> dict[str, Any]:
    """Counted over the tasks that one sees."""
    plan = get_object_or_404(Plan, park=request.park, year=year)
    tasks = list(queries.find_tasks(plan, _who(request)))
    phases = [
        {
            "id": one.phase.id,
            "zh": one.phase.zh,
            "en": one.phase.en,
            "tasks": one.all,
            "done": one.done,
        }
        for one in queries.build_board(tasks)
    ]
    today = timezone.localdate()
    return {**_plan(plan), "phases": phases, "late": sum(one.is_late(today) for one in tasks)}


def _who(request: ApiRequest) -> Who:
    return queries.find_who(request.user, request.park, request.access)


@declare(
    "GET",
    f"{PLAN}/tasks",
    name="api-tasks",
    rule=lets(READ),
    says=("一个年度的任务。", "The tasks of a year."),
    response={200: Paged[TaskOut], **Refused},
    tags=["process"],
)
def list_tasks(request: ApiRequest, park: Slug, year: Year, choose: Query[Choose]) -> dict[str, Any]:
    """Those that one sees, in the order of the plan."""
    plan = get_object_or_404(Plan, park=request.park, year=year)
    who, today = _who(request), timezone.localdate()
    found = queries.find_tasks(plan, who)
    found = found.filter(phase=choose.phase) if choose.phase else found
    found = found.filter(state=choose.state) if choose.state else found
    tasks = [
        one
        for one in found
        if (choose.mine == "false" or (one.is_unfinished and is_owner(who, one.duty)))
        and (choose.late == "false" or one.is_late(today))
    ]
    return cut_page(tasks, choose, lambda one: _task(one, who, today))


def _task(one: Task, who: Who, today: date) -> dict[str, Any]:
    names = ("phase", "step", "code", "title_zh", "title_en", "due", "state")
    return {
        "number": one.pk,
        **{name: getattr(one, name) for name in names},
        "role": one.owner_role,
        "organisation": one.owner_organisation_id,
        "owner": one.owner_id,
        "owner_name": str(one.owner) if one.owner else None,
        "is_late": one.is_late(today),
        "is_mine": one.is_unfinished and is_owner(who, one.duty),
    }


@declare(
    "POST",
    f"{PLAN}/tasks",
    name="api-tasks",
    rule=lets("process:write", LEADERS),
    says=("为自己主导的一方添加任务。", "Add a task for a part that one leads."),
    response={200: TaskFull, **Refused},
    tags=["process"],
)
def add_task(request: ApiRequest, park: Slug, year: Year, task: NewTaskIn) -> dict[str, Any]:
    """The park for itself and its enterprises, a body for its evaluators, the scheme for its experts."""
    plan = get_object_or_404(Plan, park=request.park, year=year)
    plan.park = request.park
    if task.role not in queries.can_add(request.access.roles):
        raise HttpError(403, "you do not lead this part")
    chosen = queries.find_organisation(request.user, request.park, task.role, task.organisation)
    new = services.NewTask(
        task.title.strip(),
        task.role,
        task.phase,
        about_zh=task.about.strip(),
        organisation=chosen,
        due=task.due,
    )
    return _tell(request, services.add_task(request.actor, plan=plan, new=new))


def _find(request: ApiRequest, year: int, number: int) -> Task:
    """A task that one sees; 404 for any other."""
    plan = get_object_or_404(Plan, park=request.park, year=year)
    plan.park = request.park
    task = get_object_or_404(queries.find_tasks(plan, _who(request)), pk=number)
    task.plan = plan
    return task


def _tell(request: ApiRequest, one: Task) -> dict[str, Any]:
    who = _who(request)
    acts = find_acts(State(one.state), find_standings(who, one.duty))
    people = queries.find_people(one) if Act.ASSIGN in acts else []
    return {
        **_task(one, who, timezone.localdate()),
        "about_zh": one.about_zh,
        "about_en": one.about_en,
        "acts": acts,
        "people": [{"number": person.pk, "name": str(person)} for person in people],
        "events": [
            {"act": event.act, "text": event.text, "by": event.user and str(event.user), "at": event.at}
            for event in one.events.select_related("user").order_by("at", "pk")
        ],
    }


@declare(
    "GET",
    f"{PLAN}/tasks/{{int:number}}",
    name="api-task",
    rule=lets(READ),
    says=("一项任务：内容、经过、自己可做的事。", "One task: what it is, what happened, what one may do."),
    response={200: TaskFull, **Refused},
    tags=["process"],
)
def show_task(request: ApiRequest, park: Slug, year: Year, number: Number) -> dict[str, Any]:
    """`acts` are what its state and your part in it allow now."""
    return _tell(request, _find(request, year, number))


@declare(
    "POST",
    f"{PLAN}/tasks/{{int:number}}",
    name="api-task",
    rule=lets("process:write"),
    says=(
        "对任务做一件事：开始、完成、不做、重开、留言、改期、指派。",
        "Do something with a task: start, finish, drop, reopen, comment, reschedule, assign.",
    ),
    response={200: TaskFull, **Refused},
    tags=["process"],
)
def act_on_task(request: ApiRequest, park: Slug, year: Year, number: Number, deed: Deed) -> dict[str, Any]:
    """403 for what is not yours to do, 422 for what the state of the task does not allow."""
    one = _find(request, year, number)
    if not MAY[Act(deed.act)] & find_standings(_who(request), one.duty):
        raise HttpError(403, "this is not yours to do with this task")
    _do(request, one, deed)
    return _tell(request, _find(request, year, number))


def _do(request: ApiRequest, one: Task, deed: Any) -> None:
    act, standings = Act(deed.act), find_standings(_who(request), one.duty)
    if act in MOVES:
        services.move_task(request.actor, task=one, act=act, standings=standings, reason=deed.text.strip())
    elif act is Act.COMMENT:
        services.comment_task(request.actor, task=one, standings=standings, text=deed.text.strip())
    elif act is Act.RESCHEDULE:
        services.reschedule_task(request.actor, task=one, standings=standings, due=deed.due)
    else:
        owner = None if deed.owner is None else queries.find_people(one).filter(pk=deed.owner).first()
        if owner is None and deed.owner is not None:
            raise Http404
        services.assign_task(request.actor, task=one, standings=standings, owner=owner)


@declare(
    "GET",
    "/work",
    name="api-work",
    rule=lets(READ),
    says=("等我办理的事，跨全部园区，按期限排列。", "What waits for you, over all parks, by due day."),
    response={
        200: Paged[WorkOut],
        401: Refused[401],
        403: Refused[403],
        422: Refused[422],
        429: Refused[429],
    },
    tags=["people"],
)
def list_work(request: ApiRequest, pages: Query[Pages]) -> dict[str, Any]:
    """The same as the page “My work”; what has no due day comes last."""
    today = timezone.localdate()
    site = request.build_absolute_uri("/").rstrip("/")
    return cut_page(find_waiting(today, request.user), pages, lambda one: _work(one, today, site))


def _work(one: Waiting, today: date, site: str) -> dict[str, Any]:
    names = ("kind", "key", "zh", "en", "park", "park_zh", "park_en", "due")
    return {
        **{name: getattr(one, name) for name in names},
        "is_late": one.due is not None and one.due < today,
        "link": site + one.link,
    }
