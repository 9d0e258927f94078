"""What is kept of certificates, read: lives, the public register, its history, the newest lists.

Nothing here asks who reads: register, history and lists are public.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from lingtan.certificate.lifecycle.records import Event, Life, Opened, Surveyed, find_grounds
from lingtan.certificate.lifecycle.rules import find_standing, is_published, may_decide_from, state_on
from lingtan.certificate.lifecycle.watching import Date, find_dates
from lingtan.certificate.records import read_number
from lingtan_web.certificates.events import load_event, load_life
from lingtan_web.certificates.models import Certificate, CertificateEvent, Disclosure, PublishedList
from lingtan_web.certificates.words import EVENT_WORDS, OUTCOME_WORDS, Pair, Standing
from lingtan_web.parks.models import Park

_RUNNING: tuple[Standing, ...] = ("not_yet", "valid", "suspended")
NOT_LISTED = ("credential", "code", "facts")
"""Columns that lists have no need of."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened, as the register tells it. `reasons` are the scheme's words, published."""

    on: date
    kind: str
    zh: str
    en: str
    reasons: str
    event: Event | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Coming:
    """A day ahead of a certificate."""

    certificate: Certificate
    date: Date


def find_certificate(number: str) -> Certificate | None:
    """The certificate with a number (as people type it), with its park."""
    found = Certificate.objects.filter(number=read_number(number))
    return with_events(found).select_related("park", "submission").first()


def with_events(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Certificates with their events, in one further query: what `find_life` reads."""
    ordered = CertificateEvent.objects.order_by("certificate", "number")
    return certificates.prefetch_related(Prefetch("events", ordered))


def find_life(certificate: Certificate) -> Life:
    """The life of a certificate: no query if it was read with its events."""
    return load_life(certificate, certificate.events.all())


def read_life(certificate: Certificate) -> Life:
    """The life of a certificate as it is now in the database, whatever was read before."""
    return load_life(certificate, CertificateEvent.objects.filter(certificate=certificate).order_by("number"))


def find_lives(certificates: QuerySet[Certificate]) -> Iterator[tuple[Certificate, Life]]:
    """Every one of the certificates with its life, without the columns that are large."""
    for one in with_events(certificates.defer(*NOT_LISTED)).iterator(chunk_size=2000):
        yield one, find_life(one)


def stands_on(life: Life, day: date) -> Standing:
    """How a certificate stands on a day; what has ended for good comes before what its days say."""
    state = state_on(life, day)
    if state in ("withdrawn", "exited", "superseded"):
        return state
    if day > life.valid_until:
        return "expired"
    if day < life.valid_from:
        return "not_yet"
    return "suspended" if state == "suspended" else "valid"


def find_first_days(life: Life) -> Mapping[int, date]:
    """For each case that is open: the first day on which it may be decided."""
    cases = find_standing(life).cases.values()
    return {one.number: may_decide_from(life, one) for one in cases if not one.decided}


def find_published(certificate: Certificate) -> list[Told]:
    """What the public is told of a certificate, from its issue on, in order (see `rules.is_published`)."""
    life = find_life(certificate)
    return [one for one in find_history(certificate) if one.event is None or is_published(life, one.event)]


def find_history(certificate: Certificate) -> list[Told]:
    """What happened to a certificate, from its issue on, in order: for its park and the scheme."""
    issued = ("issued", *EVENT_WORDS["issued"])
    told = [Told(certificate.valid_from, *issued, "", None, certificate.at)]
    for row in certificate.events.all():
        event = load_event(row)
        told.append(Told(row.on, row.kind, *say_event(event), row.reasons, event, row.at))
    return told


def say_event(event: Event) -> Pair:
    """An event in a few words: with its ground, its outcome, its successor or its new day."""
    zh, en = EVENT_WORDS[type(event).__name__.lower()]
    if isinstance(event, Opened):
        ground = find_grounds()[event.ground]
        return f"{zh}：{ground.zh}", f"{en}: {ground.en}"
    if isinstance(event, Surveyed):
        return zh, en
    if outcome := getattr(event, "outcome", None):
        words = OUTCOME_WORDS[outcome]
        zh, en = f"{zh}：{words[0]}", f"{en}: {words[1]}"
    if by := getattr(event, "by", None):
        return f"{zh}（{by}）", f"{en} ({by})"
    if until := getattr(event, "until", None):
        return f"{zh}至 {until}", f"{en} until {until}"
    return zh, en


def find_list(number: int, purpose: str) -> PublishedList | None:
    """The newest of the published lists with a number and a purpose (`message`, `revocation`, …)."""
    found = PublishedList.objects.filter(list=number, purpose=purpose)
    return found.order_by("-at", "-pk").first()


def find_coming(certificates: QuerySet[Certificate], first: date, last: date) -> list[Coming]:
    """The days between `first` and `last` that lie ahead of certificates, in order."""
    found = (
        Coming(one, day)
        for one, life in find_lives(certificates.select_related("park"))
        for day in find_dates(life)
    )
    within = (one for one in found if first <= one.date.on <= last)
    return sorted(within, key=lambda one: (one.date.on, one.certificate.number, one.date.what))


def find_current(park: Park, day: date) -> Certificate | None:
    """The certificate a park holds on a day, be it suspended; None where it has none that runs."""
    for one, life in find_lives(Certificate.objects.filter(park=park).order_by("-status_index")):
        if stands_on(life, day) in _RUNNING:
            return one
    return None


def find_running(day: date) -> list[Certificate]:
    """The certificates that run on a day, suspended or yet to begin among them, in the order of issue."""
    lives = find_lives(Certificate.objects.select_related("park").order_by("status_index"))
    return [one for one, life in lives if stands_on(life, day) in _RUNNING]


def find_disclosure(certificate: Certificate) -> Disclosure | None:
    """What the park has published of the bundle; None where it has not, or has taken it back."""
    newest = Disclosure.objects.filter(certificate=certificate).order_by("-at", "-pk").first()
    return newest if newest is not None and newest.bundle else None
