"""Pages of the process: the plan as a board, a task, the measures."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from lingtan.dossier.registers import registers
from lingtan.errors import LingtanError, Place, fault
from lingtan_web.fields import read_day, read_id, read_text
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, forbid, page
from lingtan_web.process import measures, queries, services
from lingtan_web.process.links import register_link
from lingtan_web.process.models import Plan, Task
from lingtan_web.process.services import NewTask
from lingtan_web.process.template import load_process
from lingtan_web.process.workflow import (
    MAY,
    MOVES,
    NEEDS_REASON,
    Act,
    Standing,
    Who,
    find_acts,
    find_standings,
    is_owner,
)  # fmt: skip
from lingtan_web.roles import Role

LEADERS = {Role.PARK, Role.SCHEME, Role.BODY}


@page("GET", "POST", scope="park")
def process(request: Request, park: Park) -> HttpResponse:
    """The years for which there is a plan; the park and the scheme start one for another year."""
    if request.method == "POST":
        return _start(request, park)
    plans = [plan for plan in park.plans.order_by("-year") if request.access.can_see_year(plan.year)]
    if plans and "years" not in request.GET:
        return redirect("process-board", park=park.slug, year=plans[0].year)
    return render(request, "process/years.html", _years(request, park, plans))


def _years(request: Request, park: Park, plans: list[Plan]) -> dict[str, object]:
    today = timezone.localdate()
    dossiers = park.dossiers.order_by("-year").values_list("year", flat=True)
    can_start = request.access.has(Role.PARK, Role.SCHEME)
    return {
        "park": park, "plans": plans, "today": today, "process": load_process(), "can_start": can_start,
        "likely": dossiers.first() or today.year - 1,
    }  # fmt: skip


def _start(request: Request, park: Park) -> HttpResponse:
    if not request.access.has(Role.PARK, Role.SCHEME):
        return forbid(request)
    year = read_id(request, "year") or 0
    if not 1990 <= year <= 2100:
        raise LingtanError(
            [fault("web.bad-year", Place(column="year"), given=request.POST.get("year", "")[:40])]
        )
    first_day = read_day(request, "first_day") or timezone.localdate()
    services.start_plan(request.actor, park=park, year=year, first_day=first_day)
    return redirect("process-board", park=park.slug, year=year)


@page("GET", scope="park")
def board(request: Request, park: Park, year: int) -> HttpResponse:
    """The three phases with their tasks: all of them, those that wait for the person, or the unfinished."""
    plan = _plan(park, year)
    who = queries.find_who(request.user, park, request.access)
    tasks = list(queries.find_tasks(plan, who))
    shown = request.GET.get("show", "")
    if shown == "mine":
        tasks = [one for one in tasks if one.is_unfinished and is_owner(who, one.duty)]
    elif shown == "open":
        tasks = [one for one in tasks if one.is_unfinished]
    today, columns = timezone.localdate(), queries.build_board(tasks)
    if not request.access.has(Role.PARK, Role.SCHEME):
        columns = [one for one in columns if one.tasks or one.improvements]  # the others are not theirs
    given = {
        "park": park, "plan": plan, "columns": columns, "today": today, "show": shown,
        "late": sum(one.is_late(today) for one in tasks), "process": load_process(),
        "years": park.plans.exclude(pk=plan.pk).order_by("-year").values_list("year", flat=True),
        "roles": queries.can_add(request.access.roles),
        "can_start": request.access.has(Role.PARK, Role.SCHEME),
    }  # fmt: skip
    return render(request, "process/board.html", given)


def _plan(park: Park, year: int) -> Plan:
    plan = get_object_or_404(Plan, park=park, year=year)
    plan.park = park
    return plan


@page("GET", "POST", scope="park", roles=LEADERS)
def new_task(request: Request, park: Park, year: int) -> HttpResponse:
    """A task that people write themselves, for those they lead."""
    plan = _plan(park, year)
    if request.method == "GET":
        given = {
            "park": park, "plan": plan, "roles": queries.can_add(request.access.roles),
            "phases": load_process().phases, "tenants": queries.find_tenants(park),
        }  # fmt: skip
        return render(request, "process/new_task.html", given)
    role = _role(request)
    chosen = queries.find_organisation(request.user, park, role, read_id(request, "organisation"))
    new = NewTask(
        read_text(request, "title"), role, request.POST.get("phase", ""),
        about_zh=read_text(request, "about"), organisation=chosen,
        due=read_day(request, "due"),
    )  # fmt: skip
    task = services.add_task(request.actor, plan=plan, new=new)
    return redirect("task", park=park.slug, year=year, task=task.pk)


def _role(request: Request) -> Role:
    given = request.POST.get("role", "")
    if given not in queries.can_add(request.access.roles):
        raise LingtanError([fault("process.unknown-part", Place(column="role"), given=given[:40])])
    return Role(given)


def _find(request: Request, park: Park, year: int, number: int) -> tuple[Task, Who, frozenset[Standing]]:
    """The task, if the person sees it (else 404), and what they are to it."""
    plan = _plan(park, year)
    who = queries.find_who(request.user, park, request.access)
    task = get_object_or_404(queries.find_tasks(plan, who), pk=number)
    task.plan = plan
    return task, who, find_standings(who, task.duty)


@page("GET", scope="park")
def task(request: Request, park: Park, year: int, task: int) -> HttpResponse:
    """One task: what it is, what happened to it, and what the person may do with it."""
    one, _, standings = _find(request, park, year, task)
    acts = find_acts(one.state, standings)  # type: ignore[arg-type]
    steps = {step.id: (phase, step) for phase, step in load_process().steps}
    phase, step = steps.get(one.step, (None, None))
    given = {
        "park": park, "task": one, "acts": acts, "phase": phase or _phase(one.phase), "step": step,
        "moves": [act for act in acts if act in MOVES], "needs_reason": NEEDS_REASON,
        "events": one.events.select_related("user").order_by("at", "pk"),
        "people": queries.find_people(one) if Act.ASSIGN in acts else [],
        "today": timezone.localdate(), "is_late": one.is_late(timezone.localdate()),
        "is_followed": bool(step and measures.REGISTER in step.registers)
        and request.access.has(Role.PARK, Role.SCHEME),
        "registers": _registers(request, park, year, step.registers if step else ()),
    }  # fmt: skip
    return render(request, "process/task.html", given)


def _phase(name: str) -> object:
    return next((phase for phase in load_process().phases if phase.id == name), None)


def _registers(
    request: Request, park: Park, year: int, names: tuple[str, ...]
) -> list[tuple[str, str, str]]:  # fmt: skip
    """Registers in which the step leaves its data: address and names; for those who fill them in."""
    is_theirs = request.access.has(Role.PARK, Role.ENTERPRISE)
    if not is_theirs or not names or not park.dossiers.filter(year=year).exists():
        return []
    return [
        (register_link(park.slug, year, name), registers()[name].zh, registers()[name].en) for name in names
    ]


@page("POST", scope="park")
def act_on_task(request: Request, park: Park, year: int, task: int, act: str) -> HttpResponse:
    """Start, finish, drop, reopen, assign, move the day, comment: what the table lets the person do."""
    if act not in set(Act):
        raise Http404
    one, _, standings = _find(request, park, year, task)
    if not MAY[Act(act)] & standings:
        return forbid(request)
    _do(request, one, Act(act), standings)
    return redirect("task", park=park.slug, year=year, task=one.pk)


def _do(request: Request, one: Task, act: Act, standings: frozenset[Standing]) -> None:
    text = read_text(request, "text")
    if act in MOVES:
        services.move_task(request.actor, task=one, act=act, standings=standings, reason=text)
    elif act is Act.COMMENT:
        services.comment_task(request.actor, task=one, standings=standings, text=text)
    elif act is Act.RESCHEDULE:
        services.reschedule_task(request.actor, task=one, standings=standings, due=read_day(request, "due"))
    else:
        number = read_id(request, "owner")
        owner = None if number is None else get_object_or_404(queries.find_people(one), pk=number)
        services.assign_task(request.actor, task=one, standings=standings, owner=owner)


@page("GET", "POST", scope="park", roles={Role.PARK, Role.SCHEME})
def follow_measures(request: Request, park: Park, year: int) -> HttpResponse:
    """The measures of the year: planned and actual saving, state, due day; the park sets the targets."""
    plan = _plan(park, year)
    if request.method == "POST":
        if not request.access.has(Role.PARK):
            return forbid(request)
        measures.set_target(
            request.actor, plan=plan, key=request.POST.get("key", ""), planned=read_text(request, "planned"),
            due=read_day(request, "due"),
        )  # fmt: skip
        return redirect("process-measures", park=park.slug, year=year)
    return render(request, "process/measures.html", _measures(request, plan, timezone.localdate()))


def _measures(request: Request, plan: Plan, today: date) -> dict[str, object]:
    found = measures.find_measures(plan)
    return {
        "park": plan.park, "plan": plan, "totals": measures.compute_totals(found),
        "measures": [(one, one.is_late(today)) for one in found], "can_set": request.access.has(Role.PARK),
        "grid": register_link(plan.park.slug, plan.year, measures.REGISTER)
        if plan.park.dossiers.filter(year=plan.year).exists()
        else "",
    }  # fmt: skip
