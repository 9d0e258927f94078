"""Changes to plans and tasks."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.organisations.models import Organisation, User
from lingtan_web.parks.models import Park
from lingtan_web.process.models import Plan, Task, TaskEvent
from lingtan_web.process.queries import OUTSIDE, find_people
from lingtan_web.process.template import Phase, Step, compute_due_days, load_process
from lingtan_web.process.words import ACT_WORDS, STATE_WORDS
from lingtan_web.process.workflow import (
    EVALUATION,
    FINISHED,
    MAY,
    MOVES,
    NEEDS_REASON,
    Act,
    Standing,
    State,
    is_possible,
)  # fmt: skip
from lingtan_web.roles import Role

MOST_LETTERS = 4000
TITLE_LETTERS = 200


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task before it is in a plan: title, part, and what else is known. English may be left out.

    `code` is what an assessment calls it, such as `indicator:C1.1` or `missing:water_use.reused_m3`.
    """

    zh: str
    role: Role = Role.PARK
    phase: str = EVALUATION
    en: str = ""
    about_zh: str = ""
    about_en: str = ""
    organisation: Organisation | None = None
    due: date | None = None
    code: str = ""


def start_plan(actor: Actor, *, park: Park, year: int, first_day: date) -> Plan:
    """The plan of a year with every step of the template as a task.

    Where it is there already, steps are added that it lacks (an enterprise came later); nothing else moves.
    """
    process = load_process()
    with recorded(actor, "plan.started", park=park, subject=str(year)) as found:
        plan = _plan(park, year, first_day)
        if not plan.template:
            plan.template, plan.first_day = process.id, first_day
            plan.save()
        found |= {"template": process.id, "first_day": str(plan.first_day), "tasks": _add_steps(plan)}
    return plan


def _plan(park: Park, year: int, first_day: date) -> Plan:
    plan, _ = Plan.objects.select_for_update().get_or_create(
        park=park, year=year, defaults={"first_day": first_day}
    )
    return plan


def _add_steps(plan: Plan) -> int:
    process, there = load_process(), set(plan.tasks.values_list("step", "owner_organisation"))
    tenants = list(plan.park.enterprises.exclude(organisation=None).values_list("organisation", flat=True))
    lacking = [
        _task_of(plan, position, phase, step, organisation)
        for position, (phase, step) in enumerate(process.steps, start=1)
        for organisation in (sorted(set(tenants)) if step.owner is Role.ENTERPRISE else [None])
        if (step.id, organisation) not in there
    ]
    due = compute_due_days(process, plan.first_day)
    for task in lacking:
        task.due = due[task.step]
    return len(Task.objects.bulk_create(lacking))


def _task_of(plan: Plan, position: int, phase: Phase, step: Step, organisation: int | None) -> Task:
    return Task(
        plan=plan, phase=phase.id, step=step.id, position=position * 10, title_zh=step.zh, title_en=step.en,
        about_zh=step.about_zh, about_en=step.about_en, owner_role=step.owner,
        owner_organisation_id=organisation,
    )  # fmt: skip


def add_task(actor: Actor, *, plan: Plan, new: NewTask) -> Task:
    """A task that people wrote themselves. LingtanError with every fault of it."""
    _check_new(new)
    with recorded(actor, "task.added", park=plan.park, subject=new.zh) as found:
        task = _create(plan, new)
        found |= {"task": task.pk, "year": plan.year}
    return task


def create_task_from(actor: Actor, *, park: Park, year: int, new: NewTask, today: date) -> Task:
    """A task on the list of improvements from what an assessment found, once for each `code`.

    What is there already stays as it is; what was done or dropped is opened again, because it was found
    again. ValueError without a code.
    """
    if not new.code:
        raise ValueError("what an assessment found has a code")
    _check_new(new)
    with recorded(actor, "task.added-from-assessment", park=park, subject=new.code) as found:
        plan = _plan(park, year, today)
        task = plan.tasks.select_for_update().filter(code=new.code).first()
        if task is None:
            task = _create(plan, new)
        elif task.state in FINISHED:
            _move(actor, task, Act.REOPEN, "再次评价时仍存在 found again by a later assessment")
        found |= {"task": task.pk, "year": year}
    return task


def _create(plan: Plan, new: NewTask) -> Task:
    last = plan.tasks.order_by("-position").values_list("position", flat=True).first() or 0
    return Task.objects.create(
        plan=plan, phase=new.phase, code=new.code, position=last + 1, title_zh=new.zh, title_en=new.en,
        about_zh=new.about_zh, about_en=new.about_en, owner_role=new.role,
        owner_organisation=new.organisation, due=new.due,
    )  # fmt: skip


def _check_new(new: NewTask) -> None:
    faults: list[Fault] = []
    if not new.zh.strip():
        faults.append(fault("process.title-missing", Place(column="title")))
    for column, text, most in (
        ("title", new.zh, TITLE_LETTERS), ("title", new.en, 300),
        ("about", new.about_zh, MOST_LETTERS), ("about", new.about_en, MOST_LETTERS),
    ):  # fmt: skip
        if len(text) > most:
            faults.append(fault("process.text-too-long", Place(column=column), most=most, given=len(text)))
    if new.phase not in {one.id for one in load_process().phases}:
        faults.append(fault("process.unknown-phase", Place(column="phase"), given=new.phase[:40]))
    elif new.role in OUTSIDE and new.phase != EVALUATION:
        faults.append(fault("process.phase-not-theirs", Place(column="phase")))
    if new.role is Role.ENTERPRISE and new.organisation is None:
        faults.append(fault("process.enterprise-missing", Place(column="organisation")))
    if faults:
        raise LingtanError(faults)


def move_task(
    actor: Actor, *, task: Task, act: Act, standings: Set[Standing], reason: str = ""
) -> Task:  # fmt: skip
    """Start, finish, drop or reopen. LingtanError: not theirs, not in this state, no reason given."""
    if act in NEEDS_REASON and not reason:
        raise LingtanError([fault("process.reason-missing", Place(column="text"))])
    with recorded(
        actor, f"task.{act}", park=task.plan.park, subject=task.title_zh, details={"task": task.pk}
    ):
        fresh = _held(task, act, standings, reason)
        _move(actor, fresh, act, reason)
    return fresh


def _move(actor: Actor, task: Task, act: Act, reason: str) -> None:
    task.state = MOVES[act][1]
    task.save(update_fields=["state"])
    TaskEvent.objects.create(task=task, act=act, text=reason, user_id=actor.user_id)


def _held(task: Task, act: Act, standings: Set[Standing], text: str) -> Task:
    """The task as it is now, held until the end of the transaction, if the act can be done to it."""
    fresh = Task.objects.select_for_update(of=("self",)).select_related("plan__park").get(pk=task.pk)
    state = State(fresh.state)
    if not MAY[act] & standings:
        raise LingtanError([fault("process.not-yours-to-do", **_words("act", ACT_WORDS[act]))])
    if not is_possible(act, state):
        words = _words("act", ACT_WORDS[act]) | _words("state", STATE_WORDS[state])
        raise LingtanError([fault("process.not-in-this-state", **words)])
    if len(text) > MOST_LETTERS:
        raise LingtanError(
            [fault("process.text-too-long", Place(column="text"), most=MOST_LETTERS, given=len(text))]
        )
    return fresh


def _words(name: str, pair: tuple[str, str]) -> dict[str, str]:
    return {f"{name}_zh": pair[0], f"{name}_en": pair[1].lower()}


def assign_task(
    actor: Actor, *, task: Task, standings: Set[Standing], owner: User | None
) -> Task:  # fmt: skip
    """Name the person who does it, or (None) leave it to their part. LingtanError: not of that part."""
    with recorded(
        actor, "task.assign", park=task.plan.park, subject=task.title_zh,
        details={"task": task.pk, "owner": owner.pk if owner else None},
    ):  # fmt: skip
        fresh = _held(task, Act.ASSIGN, standings, "")
        if owner is not None and not find_people(fresh).filter(pk=owner.pk).exists():
            raise LingtanError([fault("process.owner-not-of-part", Place(column="owner"), name=owner)])
        fresh.owner = owner
        fresh.save(update_fields=["owner"])
        TaskEvent.objects.create(
            task=fresh, act=Act.ASSIGN, text=str(owner or ""), user_id=actor.user_id
        )  # fmt: skip
    return fresh


def reschedule_task(
    actor: Actor, *, task: Task, standings: Set[Standing], due: date | None
) -> Task:  # fmt: skip
    """Another due day, or none."""
    with recorded(
        actor, "task.reschedule", park=task.plan.park, subject=task.title_zh,
        details={"task": task.pk, "due": str(due) if due else None},
    ):  # fmt: skip
        fresh = _held(task, Act.RESCHEDULE, standings, "")
        text = f"{fresh.due or '—'} → {due or '—'}"
        fresh.due = due
        fresh.save(update_fields=["due"])
        TaskEvent.objects.create(task=fresh, act=Act.RESCHEDULE, text=text, user_id=actor.user_id)
    return fresh


def comment_task(actor: Actor, *, task: Task, standings: Set[Standing], text: str) -> TaskEvent:
    """Say something about a task. LingtanError if nothing is said."""
    if not text:
        raise LingtanError([fault("process.comment-missing", Place(column="text"))])
    with recorded(
        actor, "task.comment", park=task.plan.park, subject=task.title_zh, details={"task": task.pk}
    ):
        fresh = _held(task, Act.COMMENT, standings, text)
        return TaskEvent.objects.create(task=fresh, act=Act.COMMENT, text=text, user_id=actor.user_id)
