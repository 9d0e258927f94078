"""What waits and belongs to no other app: mandates that end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from lingtan_web.notices.recipients import load_parts
from lingtan_web.notices.rules import Waiting, load_terms
from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.access import current_mandates
from lingtan_web.parks.models import Mandate
from lingtan_web.roles import Role


def find_mandates(today: date, user: User | None = None) -> Iterator[Waiting]:
    """Mandates that end soon, for the lead of the body and its evaluators."""
    last = today + timedelta(days=max(load_terms().kinds["mandate"].before))
    ending = current_mandates(today).filter(to_day__lte=last).select_related("park")
    if user is not None:
        held = Membership.objects.filter(user=user, ended_at=None)
        led = Q(body__in=held.filter(role=Role.BODY).values("organisation"))
        named = Mandate.objects.filter(pk=OuterRef("pk"), evaluators=user)
        member = Q(body__in=held.filter(role=Role.EVALUATOR).values("organisation"))
        for mandate in ending.filter(led | member & Q(Exists(named))):
            yield _mandate(mandate, frozenset([user.pk]))
        return
    parts = load_parts(today)
    for mandate in ending:
        people = [
            parts.find(role, mandate.park, mandate.year, mandate.body_id)
            for role in (Role.BODY, Role.EVALUATOR)
        ]
        yield _mandate(mandate, people[0] | people[1])


def _mandate(mandate: Mandate, people: frozenset[int]) -> Waiting:
    park = mandate.park
    return Waiting(
        "mandate", f"mandate/{mandate.pk}", f"{mandate.year} 年度评价委托到期",
        f"The mandate for {mandate.year} ends", reverse("park", kwargs={"park": park.slug}), mandate.to_day,
        park.slug, park.name_zh, park.name_en, people,
    )  # fmt: skip
