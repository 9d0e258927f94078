"""Which parks a person may see, and the roles they have for one: never more than the rows say.

A source is a function that gives, for a user and a day, the parks where the user has one role.
Other apps add theirs (`SOURCES`), so that there is one place where access is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.models import Mandate, Park, ParkEnterprise
from lingtan_web.roles import Role

Parks = QuerySet[Park]
Source = Callable[[User, date], Parks]


@dataclass(frozen=True, slots=True)
class Access:
    """What a person is for one park.

    `years` limits evaluators to those of their mandates and experts to those of their panels (None: all).
    """

    roles: frozenset[Role]
    enterprise_keys: frozenset[str] = frozenset()
    years: frozenset[int] | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the person has one of these roles here."""
        return bool(self.roles & set(roles))

    def can_see_year(self, year: int) -> bool:
        """Whether the dossier of this year is theirs to see."""
        return self.years is None or year in self.years


def _held(user: User, role: Role) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, role=role, ended_at=None)


def _as_scheme(user: User, today: date) -> Parks:
    return Park.objects.filter(Exists(_held(user, Role.SCHEME)))


def _as_operator(user: User, today: date) -> Parks:
    return Park.objects.filter(operator__in=_held(user, Role.PARK).values("organisation"))


def _as_enterprise(user: User, today: date) -> Parks:
    held = _held(user, Role.ENTERPRISE).values("organisation")
    return Park.objects.filter(
        Exists(ParkEnterprise.objects.filter(park=OuterRef("pk"), organisation__in=held))
    )


def current_mandates(today: date) -> QuerySet[Mandate]:
    """Mandates that hold on a day."""
    return Mandate.objects.filter(ended_at=None, from_day__lte=today, to_day__gte=today)


def _as_body(user: User, today: date) -> Parks:
    held = _held(user, Role.BODY).values("organisation")
    return Park.objects.filter(Exists(current_mandates(today).filter(park=OuterRef("pk"), body__in=held)))


def _as_evaluator(user: User, today: date) -> Parks:
    held = _held(user, Role.EVALUATOR).values("organisation")
    mine = current_mandates(today).filter(park=OuterRef("pk"), evaluators=user, body__in=held)
    return Park.objects.filter(Exists(mine))


SOURCES: dict[Role, Source] = {
    Role.SCHEME: _as_scheme,
    Role.PARK: _as_operator,
    Role.ENTERPRISE: _as_enterprise,
    Role.BODY: _as_body,
    Role.EVALUATOR: _as_evaluator,
}
"""Where each role comes from. The reviews add that of the experts: the seats of their panels."""


def _led_years(user: User, park: Park, today: date) -> Iterable[int]:
    held = _held(user, Role.BODY).values("organisation")
    return current_mandates(today).filter(park=park, body__in=held).values_list("year", flat=True)


def _evaluated_years(user: User, park: Park, today: date) -> Iterable[int]:
    held = _held(user, Role.EVALUATOR).values("organisation")
    mine = current_mandates(today).filter(park=park, evaluators=user, body__in=held)
    return mine.values_list("year", flat=True)


Years = Callable[[User, Park, date], Iterable[int]]
YEARS: dict[Role, Years] = {Role.BODY: _led_years, Role.EVALUATOR: _evaluated_years}
"""Roles that are for some years of a park only, and for which. The reviews add the experts."""


def visible_parks(user: User) -> Parks:
    """The parks a person has any role for, by name."""
    today, found = timezone.localdate(), Park.objects.none()
    for source in SOURCES.values():
        found = found | source(user, today)
    return found.distinct().order_by("name_zh", "slug")


def find_park(user: User, slug: str) -> tuple[Park, Access] | None:
    """The park and what the person is for it; None where they are nothing for it, or it is not there."""
    today = timezone.localdate()
    marks = {
        f"is_{role.value}": Exists(source(user, today).filter(pk=OuterRef("pk")))
        for role, source in SOURCES.items()
    }
    park = Park.objects.annotate(**marks).select_related("operator").filter(slug=slug).first()
    if park is None:
        return None
    roles = frozenset(role for role in SOURCES if getattr(park, f"is_{role.value}"))
    return (
        (park, Access(roles, _keys(user, park, roles), _years(user, park, roles, today))) if roles else None
    )


def _keys(user: User, park: Park, roles: frozenset[Role]) -> frozenset[str]:
    if Role.ENTERPRISE not in roles:
        return frozenset()
    held = _held(user, Role.ENTERPRISE).values("organisation")
    return frozenset(park.enterprises.filter(organisation__in=held).values_list("key", flat=True))


def _years(user: User, park: Park, roles: frozenset[Role], today: date) -> frozenset[int] | None:
    if roles - YEARS.keys():
        return None
    return frozenset(year for role in roles for year in YEARS[role](user, park, today))
