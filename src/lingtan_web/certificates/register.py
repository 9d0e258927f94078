"""The public register: every certificate ever issued, how each stands, filtered without a query per row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingtan.certificate.records import read_number
from lingtan_web.certificates.models import Certificate, CertificateEvent
from lingtan_web.certificates.queries import NOT_LISTED, find_life, stands_on, with_events
from lingtan_web.certificates.words import Standing

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of the register; nothing for everything. `year` is that of the first valid day."""

    text: str = ""
    park: str = ""
    stars: int | None = None
    state: Standing | None = None
    edition: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A certificate in the register and how it stands."""

    certificate: Certificate
    state: Standing


@dataclass(frozen=True, slots=True)
class Register:
    """One page of the register; `total` counts the lines of all pages."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    total: int


def list_register(wanted: Filter, day: date, *, page: int = 1, per_page: int = PER_PAGE) -> Register:
    """A page of the register as it stands on `day`, the newest first. A page beyond the last is empty."""
    rows = _filter(wanted, day)
    first = (page - 1) * per_page
    if wanted.state in (None, "expired", "not_yet", *_ENDS):
        total = rows.count()
        lines = _lines(rows[first : first + per_page], day)
    else:  # what runs may have lapsed by the day alone: told apart by the rules, not by the database
        light = with_events(rows.only("status_index", "valid_from", "valid_until", "terms"))
        running = [one.pk for one in light if stands_on(find_life(one), day) == wanted.state]
        total, shown = len(running), running[first : first + per_page]
        lines = _lines(rows.filter(pk__in=shown), day) if shown else []
    return Register(tuple(lines), page, -(-total // per_page), total)


def list_all(wanted: Filter, day: date) -> list[Line]:
    """Every line of the register, for exports and feeds."""
    lines = _lines(_filter(wanted, day), day)
    return [one for one in lines if wanted.state in (None, one.state)]


def find_choices() -> tuple[list[str], list[int], list[int]]:
    """Editions, stars and years that occur in the register, for a form of filters."""
    rows = Certificate.objects.order_by()
    editions = sorted(rows.values_list("edition", flat=True).distinct())
    stars = sorted(rows.values_list("stars", flat=True).distinct(), reverse=True)
    years = sorted({day.year for day in rows.dates("valid_from", "year")}, reverse=True)
    return editions, stars, years


def _lines(rows: QuerySet[Certificate], day: date) -> list[Line]:
    found = with_events(rows.select_related("park").defer(*NOT_LISTED))
    return [Line(one, stands_on(find_life(one), day)) for one in found]


def _filter(wanted: Filter, day: date) -> QuerySet[Certificate]:
    rows = Certificate.objects.order_by("-status_index")
    if text := wanted.text.strip():
        rows = rows.filter(
            Q(number__icontains=read_number(text))
            | Q(park__name_zh__icontains=text)
            | Q(park__name_en__icontains=text)
        )
    if wanted.park:
        rows = rows.filter(park__slug=wanted.park)
    if wanted.stars is not None:
        rows = rows.filter(stars=wanted.stars)
    if wanted.edition:
        rows = rows.filter(edition=wanted.edition)
    if wanted.year is not None:
        rows = rows.filter(valid_from__year=wanted.year)
    return _in_state(rows, wanted.state, day) if wanted.state else rows


_ENDS: dict[Standing, Q] = {
    "withdrawn": Q(kind="decided", data__outcome="withdraw"),
    "exited": Q(kind="exited"),
    "superseded": Q(kind="replaced") | Q(kind="decided", data__outcome="supersede"),
}
"""The events that end a certificate: nothing comes after them, so there is one at most."""


def _in_state(rows: QuerySet[Certificate], state: Standing, day: date) -> QuerySet[Certificate]:
    """Those in a state; of `valid` and `suspended` those that run, whom the rules tell apart."""
    happened = CertificateEvent.objects.filter(certificate=OuterRef("pk"), on__lte=day)
    if state in _ENDS:
        return rows.filter(Exists(happened.filter(_ENDS[state])))
    ended = Q()
    for one in _ENDS.values():
        ended |= one
    rows = rows.filter(~Exists(happened.filter(ended)))
    if state == "expired":
        return rows.filter(valid_until__lt=day)
    if state == "not_yet":
        return rows.filter(valid_from__gt=day)
    return rows.filter(valid_from__lte=day, valid_until__gte=day)
