"""The scheme's work by commands: who acts is found by address, what is asked for by number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from lingtan.errors import LingtanError, fault
from lingtan_web.audit.services import Actor
from lingtan_web.certificates.models import Certificate, CertificateEvent
from lingtan_web.certificates.queries import find_certificate, find_lives, find_running, stands_on
from lingtan_web.certificates.services.entering import decide
from lingtan_web.certificates.services.issuing import Follow, issue
from lingtan_web.certificates.words import Standing
from lingtan_web.organisations.models import User
from lingtan_web.reviews.models import Submission
from lingtan_web.storage import path_of

T = TypeVar("T")


def issue_for(  # noqa: PLR0913 what an order by command says
    who: str, park: str, review: int, *, after: str, case: int | None, reasons: str
) -> Certificate:
    """A certificate of what a review of a park decided; `after`: the one whose place it takes, or none.

    LingtanError for a person, park, review or certificate that is not there, and as `issuing.issue`.
    """
    actor = _find_actor(who)
    found = Submission.objects.filter(park__slug=park, number=review).select_related("park").first()
    if found is None:
        raise LingtanError([fault("certificate.no-such-review", park=park[:60], review=review)])
    follow = Follow(_find(after), case, reasons) if after else None
    return _allowed(lambda: issue(actor, found, follow=follow))


def withdraw(who: str, number: str, case: int, reasons: str) -> CertificateEvent:
    """Withdraw a certificate by deciding its case. LingtanError as `issue_for`, and as `entering.decide`."""
    actor, found = _find_actor(who), _find(number)
    return _allowed(lambda: decide(actor, found, case, "withdraw", reasons))


def list_standing(number: str = "") -> tuple[date, list[tuple[Certificate, Standing]]]:
    """Today, and how each certificate (or the one with `number`) stands; LingtanError if it is not there."""
    wanted = Certificate.objects.select_related("park").order_by("status_index")
    if number:
        wanted = wanted.filter(pk=_find(number).pk)
    today = timezone.localdate()
    return today, [(one, stands_on(life, today)) for one, life in find_lives(wanted)]


def list_bundles() -> list[tuple[str, Path]]:
    """The number of every certificate that runs today, and its bundle in the store."""
    return [(one.number, path_of(one.bundle)) for one in find_running(timezone.localdate())]


def _find_actor(who: str) -> Actor:
    found = User.objects.filter(email__iexact=who.strip(), is_active=True).first()
    if found is None:
        raise LingtanError([fault("certificate.no-such-person", who=who[:80])])
    return Actor(found.pk, "command")


def _find(number: str) -> Certificate:
    if (found := find_certificate(number)) is None:
        raise LingtanError([fault("certificate.no-such-certificate", number=number[:40])])
    return found


def _allowed(act: Callable[[], T]) -> T:
    """What `act` gives; a person without the right is told so."""
    try:
        return act()
    except PermissionDenied:
        raise LingtanError([fault("certificate.not-allowed")]) from None
