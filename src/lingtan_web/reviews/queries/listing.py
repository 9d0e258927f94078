"""Lists of reviews: those of a person over all parks, those of a park."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.access import current_mandates
from lingtan_web.reviews.models import PanelSeat, Step, Submission
from lingtan_web.reviews.queries.states import with_state
from lingtan_web.reviews.workflow import State, find_awaited
from lingtan_web.roles import Role


@dataclass(frozen=True, slots=True)
class Listed:
    """A review in a list. `is_mine`: the person has the next step."""

    submission: Submission
    state: State
    moved_at: datetime
    awaited: tuple[Role, ...]
    is_mine: bool


def as_listed(submission: Submission, roles: frozenset[Role]) -> Listed:
    """A submission (with its state) as a line of a list."""
    state = State(submission.state)  # type: ignore[attr-defined]
    awaited = find_awaited(state, is_answered=submission.is_answered)  # type: ignore[attr-defined]
    ordered = tuple(role for role in Role if role in awaited)
    moved: datetime = submission.moved_at  # type: ignore[attr-defined]
    return Listed(submission, state, moved, ordered, bool(awaited & roles))


def find_mine(user: User, roles: frozenset[Role]) -> QuerySet[Submission]:
    """Every review that is this person's to see in any role, the last moved first."""
    last = Step.objects.filter(submission=OuterRef("pk")).order_by("-number").values("at")[:1]
    found = Submission.objects.filter(_is_mine(user, roles)).select_related("park")
    return with_state(found).order_by(Subquery(last).desc(), "-pk")


def _is_mine(user: User, roles: frozenset[Role]) -> Q:
    if Role.SCHEME in roles:
        return Q()
    held = Membership.objects.filter(user=user, ended_at=None)
    operated = held.filter(role=Role.PARK).values("organisation")
    mandates = current_mandates(timezone.localdate()).filter(
        Q(body__in=held.filter(role=Role.BODY).values("organisation"))
        | Q(evaluators=user, body__in=held.filter(role=Role.EVALUATOR).values("organisation")),
        park=OuterRef("park"),
        year=OuterRef("year"),
    )
    seats = PanelSeat.objects.filter(expert=user, panel__submission=OuterRef("pk"))
    is_expert = Role.EXPERT in roles
    seated = Exists(seats.exclude(declaration__is_free=False)) if is_expert else Q(pk__in=[])
    return Q(park__operator__in=operated) | Q(Exists(mandates)) | Q(seated)


def list_of(submissions: Iterable[Submission], roles: frozenset[Role]) -> Iterator[Listed]:
    """Submissions as lines."""
    return (as_listed(one, roles) for one in submissions)
