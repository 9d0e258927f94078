"""Changes to parks, their enterprises and the mandates over them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.organisations.models import Membership, Organisation, User
from lingtan_web.parks.models import Mandate, Park, ParkEnterprise
from lingtan_web.roles import Kind, Role

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")


def create_park(actor: Actor, *, slug: str, name_zh: str, name_en: str = "", operator: Organisation) -> Park:
    """A new park. LingtanError: id not readable or taken, no name, operator of another kind."""
    faults = []
    if not _SLUG.fullmatch(slug):
        faults.append(fault("web.bad-slug", Place(column="slug"), given=slug[:60]))
    elif Park.objects.filter(slug=slug).exists():
        faults.append(fault("web.park-exists", Place(column="slug"), given=slug))
    if not name_zh.strip():
        faults.append(fault("web.name-missing", Place(column="name_zh")))
    if operator.kind != Kind.OPERATOR:
        faults.append(fault("web.not-an-operator", Place(column="operator"), name=operator))
    if faults:
        raise LingtanError(faults)
    with recorded(actor, "park.created", subject=name_zh) as found:
        park = Park.objects.create(
            slug=slug, name_zh=name_zh.strip(), name_en=name_en.strip(), operator=operator
        )
        found["park"] = park.slug
    return park


def place_enterprise(
    actor: Actor, *, park: Park, key: str, organisation: Organisation, is_confidential: bool = False
) -> ParkEnterprise:
    """Let an organisation fill the part of the enterprise `key`; LingtanError if another one does."""
    if organisation.kind != Kind.ENTERPRISE:
        raise LingtanError([fault("web.not-an-enterprise", Place(column="organisation"), name=organisation)])
    with recorded(
        actor, "enterprise.placed", park=park, subject=key, details={"organisation": organisation.pk}
    ):
        placed, _ = ParkEnterprise.objects.select_for_update().get_or_create(park=park, key=key)
        if placed.organisation_id not in (None, organisation.pk):
            raise LingtanError([fault("web.enterprise-taken", Place(column="key"), key=key)])
        placed.organisation, placed.is_confidential = organisation, is_confidential
        placed.save()
    return placed


def give_mandate(
    actor: Actor, *, park: Park, body: Organisation, year: int, days: tuple[date, date]
) -> Mandate:
    """A mandate from the first to the last of `days`.

    LingtanError: not an evaluation body; days reversed; on one of the days the body has a mandate for this
    park and year already. Once that is over or was ended, another may be given.
    """
    from_day, to_day = days
    faults = []
    if body.kind != Kind.BODY:
        faults.append(fault("web.not-a-body", Place(column="body"), name=body))
    if to_day < from_day:
        faults.append(fault("web.days-reversed", Place(column="to_day"), first=from_day, last=to_day))
    if faults:
        raise LingtanError(faults)
    with recorded(actor, "mandate.given", park=park, subject=str(body), details={"year": year}):
        Park.objects.select_for_update().get(pk=park.pk)  # of two at once the second sees the first
        _check_free(park.mandates.filter(body=body, year=year), days)
        return Mandate.objects.create(park=park, body=body, year=year, from_day=from_day, to_day=to_day)


def _check_free(mandates: QuerySet[Mandate], days: tuple[date, date]) -> None:
    other = mandates.filter(ended_at=None, from_day__lte=days[1], to_day__gte=days[0]).first()
    if other is not None:
        told = {"name": other.body, "year": other.year, "first": other.from_day, "last": other.to_day}
        raise LingtanError([fault("web.mandate-overlaps", Place(column="from_day"), **told)])


def name_evaluators(actor: Actor, *, mandate: Mandate, evaluators: Sequence[User]) -> None:
    """Who of the body evaluates. LingtanError for people who are not its evaluators."""
    details = {"mandate": mandate.pk, "evaluators": sorted(one.pk for one in evaluators)}
    with recorded(actor, "mandate.evaluators-named", park=mandate.park, details=details):
        _check_evaluators(mandate, evaluators)
        mandate.evaluators.set(evaluators)


def _check_evaluators(mandate: Mandate, evaluators: Sequence[User]) -> None:
    held = Membership.objects.filter(organisation=mandate.body, role=Role.EVALUATOR, ended_at=None)
    strangers = [one for one in evaluators if not held.filter(user=one).exists()]
    if strangers:
        raise LingtanError(
            [fault("web.not-an-evaluator", Place(column="evaluators"), name=one) for one in strangers]
        )


def end_mandate(actor: Actor, *, mandate: Mandate) -> None:
    """End a mandate now; its people lose their access at once."""
    with recorded(actor, "mandate.ended", park=mandate.park, details={"mandate": mandate.pk}):
        Mandate.objects.filter(pk=mandate.pk, ended_at=None).update(ended_at=timezone.now())
