"""Unfinished tasks and measures that do not work yet, as things that wait for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.urls import reverse

from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.notices.recipients import load_parts
from lingtan_web.notices.rules import Waiting, load_terms
from lingtan_web.organisations.models import User
from lingtan_web.parks.access import SOURCES, current_mandates
from lingtan_web.parks.models import Park, ParkEnterprise
from lingtan_web.process.measures import IMPLEMENTED, REGISTER
from lingtan_web.process.models import MeasureTarget, Task
from lingtan_web.process.queries import find_held
from lingtan_web.process.workflow import EVALUATION, UNFINISHED
from lingtan_web.roles import Role


def find_tasks(today: date, user: User | None = None) -> Iterator[Waiting]:
    """Unfinished tasks: for one person in one query; for everyone those whose reminders may have come."""
    tasks = Task.objects.filter(state__in=UNFINISHED).select_related("plan__park")
    if user is not None:
        for task in tasks.filter(_for_person(user, today)):
            yield _waiting(task, frozenset([user.pk]))
        return
    parts = load_parts(today)
    for task in tasks.filter(due__lte=_horizon("task", today)).iterator():
        duty = task.duty
        people = parts.find(duty.role, task.plan.park, duty.year, duty.organisation)
        is_theirs = duty.phase == EVALUATION or duty.role not in (Role.BODY, Role.EVALUATOR, Role.EXPERT)
        if is_theirs:
            yield _waiting(task, people if duty.person is None else people & {duty.person})


def _horizon(kind: str, today: date) -> date:
    """The last due day of which people may have to be reminded by today."""
    return today + timedelta(days=max(load_terms().kinds[kind].before, default=0))


def _waiting(task: Task, people: frozenset[int]) -> Waiting:
    park = task.plan.park
    link = reverse("task", kwargs={"park": park.slug, "year": task.plan.year, "task": task.pk})
    return Waiting(
        "task", f"task/{task.pk}", task.title_zh, task.title_en or task.title_zh, link, task.due, park.slug,
        park.name_zh, park.name_en, people,
    )  # fmt: skip


def _for_person(user: User, today: date) -> Q:
    """Tasks that wait for a person: the same as `workflow.is_owner`, over all parks, as one query."""
    found = Q(pk=None)
    placed = ParkEnterprise.objects.filter(
        park=OuterRef("plan__park"), organisation=OuterRef("owner_organisation")
    )
    for role, source in SOURCES.items():
        here = Q(owner_role=role, plan__park__in=source(user, today).values("pk"))
        if role is Role.ENTERPRISE:
            here &= Q(owner_organisation__in=find_held(user, role)) & Q(Exists(placed))
        elif role in (Role.BODY, Role.EVALUATOR, Role.EXPERT):
            here &= Q(phase=EVALUATION)
        if role in (Role.BODY, Role.EVALUATOR):
            here &= _is_mandated(user, role, today)
        found |= here
    return found & (Q(owner=None) | Q(owner=user))


def _is_mandated(user: User, role: Role, today: date) -> Q:
    """Whether the person has a mandate for the park and year of a task, by the body that it names, if any."""
    own = current_mandates(today).filter(
        body__in=find_held(user, role), park=OuterRef("plan__park"), year=OuterRef("plan__year")
    )
    own = own if role is Role.BODY else own.filter(evaluators=user)
    of_named = own.filter(body=OuterRef("owner_organisation"))
    return Q(owner_organisation=None) & Q(Exists(own)) | Q(Exists(of_named))


def find_measures(today: date, user: User | None = None) -> Iterator[Waiting]:
    """Measures with a day by which they are to work and that do not yet, for the people of the park."""
    rows = RegisterRow.objects.annotate(measure=KT("cells__measure")).filter(
        dossier__park=OuterRef("plan__park"), dossier__year=OuterRef("plan__year"), register=REGISTER,
        measure=OuterRef("key"),
    ).exclude(cells__status=IMPLEMENTED)  # fmt: skip
    targets = MeasureTarget.objects.filter(Exists(rows)).exclude(due=None).select_related("plan__park")
    if user is not None:
        mine = SOURCES[Role.PARK](user, today).values("pk")
        for target in targets.filter(plan__park__in=mine):
            yield _measure(target, frozenset([user.pk]))
        return
    parts = load_parts(today)
    for target in targets.filter(due__lte=_horizon("measure", today)).iterator():
        yield _measure(target, parts.find(Role.PARK, target.plan.park, target.plan.year, None))


def _measure(target: MeasureTarget, people: frozenset[int]) -> Waiting:
    park: Park = target.plan.park
    link = reverse("process-measures", kwargs={"park": park.slug, "year": target.plan.year})
    return Waiting(
        "measure", f"measure/{target.pk}", f"减排措施 {target.key} 投运",
        f"Measure {target.key} in operation", link, target.due, park.slug, park.name_zh, park.name_en, people,
    )  # fmt: skip
