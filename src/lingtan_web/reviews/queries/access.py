"""Which reviews a person may see: never more than mandate, seat or role give."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.access import Access, current_mandates
from lingtan_web.parks.models import Park
from lingtan_web.reviews.models import PanelSeat, Submission
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.states import find_running, with_state
from lingtan_web.reviews.rules.fields import Field
from lingtan_web.roles import Role

READERS = frozenset([Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.PARK, Role.EXPERT])
"""Who has a part in reviews: enterprises and the public have none."""


def _seats(user: User) -> QuerySet[PanelSeat]:
    """The seats of a person who is an expert still; who stepped down has left."""
    is_expert = Membership.objects.filter(user=user, role=Role.EXPERT, ended_at=None)
    return PanelSeat.objects.filter(Exists(is_expert), expert=user).exclude(declaration__is_free=False)


def as_expert(user: User, today: date) -> QuerySet[Park]:
    """The parks that a person sits on a panel about."""
    return Park.objects.filter(Exists(_seats(user).filter(panel__submission__park=OuterRef("pk"))))


def expert_years(user: User, park: Park, today: date) -> QuerySet[PanelSeat, int]:
    """The years of a park that a person sits on a panel about."""
    seats = _seats(user).filter(panel__submission__park=park)
    return seats.values_list("panel__submission__year", flat=True)


def find_submissions(user: User, access: Access, park: Park) -> QuerySet[Submission]:
    """The reviews of a park that are this person's to see, with their state."""
    all_of_park = with_state(Submission.objects.filter(park=park).select_related("park"))
    if access.has(Role.SCHEME, Role.PARK):
        return all_of_park
    return all_of_park.filter(_is_theirs(user, park))


def _is_theirs(user: User, park: Park) -> Q:
    mandates = current_mandates(timezone.localdate()).filter(park=park)
    led = Membership.objects.filter(user=user, role=Role.BODY, ended_at=None).values("organisation")
    sent = Membership.objects.filter(user=user, role=Role.EVALUATOR, ended_at=None).values("organisation")
    mine = mandates.filter(Q(body__in=led) | Q(evaluators=user, body__in=sent))
    return Q(year__in=mine.values("year")) | Q(Exists(_seats(user).filter(panel__submission=OuterRef("pk"))))


def get_submission(user: User, access: Access, park: Park, number: int) -> Submission:
    """One of them by its number; Http404 for what is not there or not theirs."""
    return get_object_or_404(find_submissions(user, access, park), number=number)


def find_reopened(park: Park, year: int) -> list[Field] | None:
    """Which fields of a park's dossier of a year may change now: None while no review of it runs, so all."""
    running = find_running(Submission.objects.filter(park=park, year=year))
    return None if running is None else Case(running).opened
