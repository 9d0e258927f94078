"""Parts of a dossier that enterprises have not filled in, as things that wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.notices.recipients import load_parts
from lingtan_web.notices.rules import Waiting
from lingtan_web.organisations.models import User
from lingtan_web.parks.models import ParkEnterprise
from lingtan_web.process.links import register_link
from lingtan_web.process.models import Task
from lingtan_web.process.queries import find_held
from lingtan_web.process.workflow import UNFINISHED
from lingtan_web.roles import Role

STEP = "enterprise_data"
REGISTER = "energy_activity"


def find_parts(today: date, user: User | None = None) -> Iterator[Waiting]:
    """Parts of the latest dossier without one row of energy, due when the plan says so.

    Where the task that asks for it is not finished, the task waits and the part does not.
    """
    empty = _empty()
    if user is not None:
        for place in empty.filter(organisation__in=find_held(user, Role.ENTERPRISE)):
            yield _part(place, frozenset([user.pk]))
        return
    parts = load_parts(today)
    for place in empty.exclude(due=None):
        people = parts.find(Role.ENTERPRISE, place.park, place.year, place.organisation_id)
        yield _part(place, people)


def _empty() -> QuerySet[Any]:
    """Places of enterprises, each with the `year` of the dossier and the `due` day of its part."""
    latest = WorkingDossier.objects.filter(park=OuterRef("park")).order_by("-year")
    places = ParkEnterprise.objects.exclude(organisation=None).annotate(
        dossier=Subquery(latest.values("pk")[:1]), year=Subquery(latest.values("year")[:1])
    )
    filled = RegisterRow.objects.filter(
        dossier=OuterRef("dossier"), register=REGISTER, cells__enterprise=OuterRef("key")
    )
    asked = Task.objects.filter(
        plan__park=OuterRef("park"), plan__year=OuterRef("year"), step=STEP,
        owner_organisation=OuterRef("organisation"),
    )  # fmt: skip
    places = places.annotate(due=Subquery(asked.values("due")[:1])).exclude(dossier=None)
    waiting = places.exclude(Exists(filled)).exclude(Exists(asked.filter(state__in=UNFINISHED)))
    return waiting.select_related("park").order_by("park", "key")


def _part(place: Any, people: frozenset[int]) -> Waiting:
    park = place.park
    return Waiting(
        "part", f"part/{place.pk}/{place.year}", f"企业 {place.key}：{place.year} 年能源数据还没有填报",
        f"Enterprise {place.key}: no energy data of {place.year} yet",
        register_link(park.slug, place.year, REGISTER), place.due, park.slug, park.name_zh, park.name_en,
        people,
    )  # fmt: skip
