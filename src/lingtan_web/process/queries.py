"""What pages of the process show. Each function says how many queries it makes; rows do not change that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lingtan_web.organisations.models import Membership, Organisation, User
from lingtan_web.parks.access import Access, current_mandates
from lingtan_web.parks.models import Park
from lingtan_web.process.models import Plan, Task
from lingtan_web.process.template import Phase, load_process
from lingtan_web.process.workflow import EVALUATION, LED_BY, State, Who
from lingtan_web.roles import Role

OUTSIDE = (Role.BODY, Role.EVALUATOR, Role.EXPERT)
"""Parts that see the phase of evaluation only."""


def find_who(user: User, park: Park, access: Access) -> Who:
    """What the rules ask about a person at a park: no query for the park and the scheme, else up to three."""
    tenants: frozenset[int] = frozenset()
    if access.has(Role.ENTERPRISE):
        placed = park.enterprises.filter(organisation__in=find_held(user, Role.ENTERPRISE))
        tenants = frozenset(placed.values_list("organisation", flat=True))
    mandates = current_mandates(timezone.localdate()).filter(park=park).values_list("body", "year")
    led = evaluated = mandates.none()
    if access.has(Role.BODY):
        led = mandates.filter(body__in=find_held(user, Role.BODY))
    if access.has(Role.EVALUATOR):
        evaluated = mandates.filter(evaluators=user, body__in=find_held(user, Role.EVALUATOR))
    return Who(user.pk, access.roles, tenants, frozenset(led), frozenset(evaluated))


def find_held(user: User, role: Role) -> QuerySet[Membership, Any]:
    """The organisations in which a person has a role, for use inside of another query."""
    return Membership.objects.filter(user=user, role=role, ended_at=None).values("organisation")


def find_tasks(plan: Plan, who: Who) -> QuerySet[Task]:
    """The tasks of a plan that a person sees, in order: the same as `workflow.find_standings`, as a query."""
    tasks = plan.tasks.select_related("plan", "owner", "owner_organisation").order_by("position", "pk")
    return tasks if who.roles & {Role.PARK, Role.SCHEME} else tasks.filter(_seen(plan.year, who))


def _seen(year: int, who: Who) -> Q:
    seen = Q(pk=None)  # nothing
    mine = Q(owner=None) | Q(owner=who.person)
    if Role.ENTERPRISE in who.roles:
        seen |= Q(owner_role=Role.ENTERPRISE, owner_organisation__in=who.tenants)
    evaluation = Q(phase=EVALUATION)
    if Role.BODY in who.roles:
        seen |= evaluation & Q(owner_role__in=(Role.BODY, Role.EVALUATOR)) & _of_bodies(who.led, year)
    if Role.EVALUATOR in who.roles:
        seen |= evaluation & Q(owner_role=Role.EVALUATOR) & mine & _of_bodies(who.evaluated, year)
    if Role.EXPERT in who.roles:
        seen |= evaluation & Q(owner_role=Role.EXPERT) & mine
    return seen


def _of_bodies(mandates: Iterable[tuple[int, int]], year: int) -> Q:
    bodies = [body for body, mandated in mandates if mandated == year]
    return Q(owner_organisation=None) | Q(owner_organisation__in=bodies) if bodies else Q(pk=None)


@dataclass(frozen=True, slots=True)
class Column:
    """One phase on the board: its tasks, those that came from an assessment apart."""

    phase: Phase
    tasks: Sequence[Task]
    improvements: Sequence[Task]
    done: int
    all: int

    @property
    def percent(self) -> int:
        """How much of it is done; what was dropped does not count."""
        return round(100 * self.done / self.all) if self.all else 0


def build_board(tasks: Iterable[Task]) -> list[Column]:
    """The phases in their order with their tasks; no query."""
    listed = list(tasks)
    phases = load_process().phases
    return [_column(phase, [one for one in listed if one.phase == phase.id]) for phase in phases]


def _column(phase: Phase, tasks: Sequence[Task]) -> Column:
    counted = [one for one in tasks if one.state != State.DROPPED]
    return Column(
        phase,
        [one for one in tasks if not one.code],
        sorted((one for one in tasks if one.code), key=lambda one: (one.due is None, one.due or date.max)),
        sum(one.state == State.DONE for one in counted),
        len(counted),
    )


def find_people(task: Task) -> QuerySet[User]:
    """Who can be named as the owner of a task: the people of its part, by name."""
    held = Membership.objects.filter(role=task.owner_role, ended_at=None)
    if task.owner_role == Role.PARK:
        held = held.filter(organisation=task.plan.park.operator_id)
    elif task.owner_role in (Role.BODY, Role.EVALUATOR):
        mandates = current_mandates(timezone.localdate()).filter(park=task.plan.park_id, year=task.plan.year)
        one = task.owner_organisation_id
        bodies = mandates if one is None else mandates.filter(body=one)
        held = held.filter(organisation__in=bodies.values("body"))
        if task.owner_role == Role.EVALUATOR:
            held = held.filter(user__mandates__in=bodies)
    elif task.owner_organisation_id is not None:
        held = held.filter(organisation=task.owner_organisation_id)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "email")


def find_tenants(park: Park) -> QuerySet[Organisation]:
    """The enterprises that fill in their own part, by name."""
    return Organisation.objects.filter(places__park=park).distinct().order_by("name_zh")


def can_add(roles: frozenset[Role]) -> list[Role]:
    """For which parts a person of these roles can write tasks: those they lead."""
    return [role for role in Role if LED_BY[role] in roles]


def find_organisation(user: User, park: Park, role: Role, number: int | None) -> Organisation | None:
    """Whose a new task is: the enterprise that was chosen; what a body gives to its people is its own."""
    if role is Role.ENTERPRISE:
        return find_tenants(park).filter(pk=number or 0).first()
    if LED_BY[role] is Role.BODY:
        mine = Organisation.objects.filter(pk__in=find_held(user, Role.BODY))
        return mine.filter(mandates__in=park.mandates.filter(ended_at=None)).first()
    return None
