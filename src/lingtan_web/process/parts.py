"""Parts of a dossier that enterprises fill in: what waits for them, and the task that goes with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from lingtan_web.audit.services import SYSTEM, Actor, recorded
from lingtan_web.dossiers.models import EnterprisePart, WorkingDossier
from lingtan_web.notices.recipients import load_parts
from lingtan_web.notices.rules import Waiting
from lingtan_web.notices.services import tell
from lingtan_web.organisations.models import User
from lingtan_web.parks.models import ParkEnterprise
from lingtan_web.process.models import Task
from lingtan_web.process.queries import find_held
from lingtan_web.process.services import move_task
from lingtan_web.process.workflow import FINISHED, UNFINISHED, Act, Standing
from lingtan_web.roles import Role

STEP = "enterprise_data"
OWNER = frozenset([Standing.OWNER])


def find_parts(today: date, user: User | None = None) -> Iterator[Waiting]:
    """Parts of the latest dossier that are not reported as done, due when the plan says so.

    Where the task that asks for it is not finished, the task waits and the part does not.
    """
    open_ = _open()
    if user is not None:
        for place in open_.filter(organisation__in=find_held(user, Role.ENTERPRISE)):
            yield _part(place, frozenset([user.pk]))
        return
    parts = load_parts(today)
    for place in open_.exclude(due=None):
        people = parts.find(Role.ENTERPRISE, place.park, place.year, place.organisation_id)
        yield _part(place, people)


def _open() -> QuerySet[Any]:
    """Places of enterprises, each with the `year` of the dossier and the `due` day of its part."""
    latest = WorkingDossier.objects.filter(park=OuterRef("park")).order_by("-year")
    places = ParkEnterprise.objects.exclude(organisation=None).annotate(
        dossier=Subquery(latest.values("pk")[:1]), year=Subquery(latest.values("year")[:1])
    )
    done = EnterprisePart.objects.filter(dossier=OuterRef("dossier"), key=OuterRef("key")).exclude(
        done_at=None
    )
    asked = Task.objects.filter(
        plan__park=OuterRef("park"), plan__year=OuterRef("year"), step=STEP,
        owner_organisation=OuterRef("organisation"),
    )  # fmt: skip
    places = places.annotate(due=Subquery(asked.values("due")[:1])).exclude(dossier=None)
    waiting = places.exclude(Exists(done)).exclude(Exists(asked.filter(state__in=UNFINISHED)))
    return waiting.select_related("park").order_by("park", "key")


def _part(place: Any, people: frozenset[int]) -> Waiting:
    park = place.park
    link = reverse("dossier", kwargs={"park": park.slug, "year": place.year})
    return Waiting(
        "part", f"part/{place.pk}/{place.year}", f"企业 {place.key}：{place.year} 年数据还没有报告填写完成",
        f"Enterprise {place.key}: its part of {place.year} is not reported as done", link, place.due,
        park.slug, park.name_zh, park.name_en, people,
    )  # fmt: skip


def follow_part(actor: Actor, dossier: WorkingDossier, keys: Collection[str], is_done: bool) -> None:
    """Within the report that parts are done: the task of an enterprise is finished once all its parts are.

    Where a report is taken back, the task is open again. Who reports may always do this much.
    """
    places = dossier.park.enterprises.exclude(organisation=None)
    concerned = set(places.filter(key__in=keys).values_list("organisation", flat=True))
    done = EnterprisePart.objects.filter(dossier=dossier).exclude(done_at=None).values("key")
    lacking = set(places.exclude(key__in=done).values_list("organisation", flat=True))
    tasks = Task.objects.filter(plan__park=dossier.park, plan__year=dossier.year, step=STEP)
    tasks = tasks.filter(owner_organisation__in=concerned).select_related("plan__park")
    for task in tasks:
        if is_done and task.is_unfinished and task.owner_organisation_id not in lacking:
            move_task(actor, task=task, act=Act.FINISH, standings=OWNER, reason="")
        elif not is_done and task.state in FINISHED:
            reason = "撤回了“填写完成” the report that the part is done was taken back"
            move_task(actor, task=task, act=Act.REOPEN, standings=OWNER, reason=reason)


def tell_of_part(user: User, dossier: WorkingDossier) -> None:
    """In the application, beside the letter: the park asks an enterprise for its part, once a day at most."""
    park, today = dossier.park, timezone.localdate()
    what = Waiting(
        "part", f"asked/{dossier.pk}/{today}", f"请填写 {dossier.year} 年数据，完成后报告填写完成",
        f"Please fill in your part of {dossier.year} and report it as done",
        reverse("dossier", kwargs={"park": park.slug, "year": dossier.year}), None, park.slug, park.name_zh,
        park.name_en, frozenset([user.pk]),
    )  # fmt: skip
    with recorded(SYSTEM, "notice.kept", park=park, details={"user": user.pk}):
        tell(what, is_mailed=True)
