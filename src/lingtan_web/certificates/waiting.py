"""Days of certificates that wait for people: surveillance, hearing, cure, expiry, cases to decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from lingtan.certificate.lifecycle.records import Life
from lingtan.certificate.lifecycle.rules import find_standing
from lingtan.certificate.lifecycle.watching import Coming, find_dates
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import find_first_days, find_lives
from lingtan_web.certificates.services.telling import find_link
from lingtan_web.certificates.words import DATE_WORDS
from lingtan_web.notices.recipients import load_parts
from lingtan_web.notices.rules import Waiting
from lingtan_web.organisations.models import Membership, User
from lingtan_web.roles import Role

_KINDS: dict[Coming, str] = {
    "surveillance": "surveillance", "lapse": "surveillance", "cure": "hearing", "hearing": "hearing",
    "expiry": "expiry",
}  # fmt: skip
_OF_BOTH = frozenset(["surveillance", "lapse"])
"""Days that the scheme has to keep as well; the others are the park's."""


def find_certificates(today: date, user: User | None = None) -> Iterator[Waiting]:
    """What lies ahead of certificates, for the people of the park and of the scheme."""
    running = Certificate.objects.filter(valid_until__gte=today).select_related("park")
    if user is None:
        parts = load_parts(today)
        scheme = parts.everyone(Role.SCHEME)
        for certificate, life in find_lives(running):
            park = parts.held.get((certificate.park.operator_id, Role.PARK), frozenset())
            yield from _of(certificate, life, today, park, scheme)
        return
    held = list(Membership.objects.filter(user=user, ended_at=None).values_list("role", "organisation"))
    operated = {organisation for role, organisation in held if role == Role.PARK}
    is_scheme = any(role == Role.SCHEME for role, _ in held)
    mine = running.filter(Q() if is_scheme else Q(park__operator__in=operated))
    me, nobody = frozenset([user.pk]), frozenset[int]()
    for certificate, life in find_lives(mine):
        park = me if certificate.park.operator_id in operated else nobody
        yield from _of(certificate, life, today, park, me if is_scheme else nobody)


def _of(
    certificate: Certificate, life: Life, today: date, park: frozenset[int], scheme: frozenset[int]
) -> Iterator[Waiting]:
    """Of surveillance the day it is due, and after that the day it lapses."""
    due = find_standing(life).due
    for one in find_dates(life):
        is_past = one.what == "surveillance" and due < today
        is_not_yet = one.what == "lapse" and due >= today
        people = park | scheme if one.what in _OF_BOTH else park
        if people and not is_past and not is_not_yet:
            yield _waiting(certificate, _KINDS[one.what], one.what, DATE_WORDS[one.what], one.on, people)
    if find_standing(life).ended or not scheme:
        return
    for number, first in find_first_days(life).items():
        if first <= today:
            words = (f"第 {number} 号案可作决定", f"case {number} may be decided")
            yield _waiting(certificate, "hearing", f"case/{number}", words, None, scheme)


def _waiting(  # noqa: PLR0913 what waits
    certificate: Certificate,
    kind: str,
    key: str,
    words: tuple[str, str],
    due: date | None,
    people: frozenset[int],
) -> Waiting:
    park = certificate.park
    return Waiting(
        kind, f"{certificate.number}/{key}", f"证书 {certificate.number}：{words[0]}",
        f"Certificate {certificate.number}: {words[1]}", find_link(certificate), due, park.slug, park.name_zh,
        park.name_en, people,
    )  # fmt: skip
