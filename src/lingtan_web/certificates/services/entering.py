"""What happens to a certificate is entered: checked by the rules, kept, told, and published at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from lingtan.certificate.lifecycle import records as core
from lingtan.certificate.lifecycle.rules import check_event, find_standing, record_event, state_on
from lingtan.certificate.status import place_in_list
from lingtan.errors import Fault, LingtanError, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.certificates.events import export_event
from lingtan_web.certificates.models import Certificate, CertificateEvent
from lingtan_web.certificates.queries import read_life
from lingtan_web.certificates.services.acting import find_person, taking_turns
from lingtan_web.certificates.services.publishing import publish_list
from lingtan_web.certificates.services.telling import tell_event
from lingtan_web.reviews.services.acting import check_text
from lingtan_web.roles import Role

MAY: dict[type[core.Event], tuple[Role, ...]] = {
    core.Surveyed: (Role.SCHEME,),
    core.Extended: (Role.SCHEME,),
    core.Opened: (Role.SCHEME,),
    core.Heard: (Role.PARK, Role.SCHEME),
    core.Decided: (Role.SCHEME,),
    core.Reinstated: (Role.SCHEME,),
    core.Exited: (Role.PARK,),
    core.Replaced: (Role.SCHEME,),
}
"""Who may enter what. The software itself opens cases and does no more."""

Make = Callable[[core.Life, date], core.Event]


def enter_event(
    actor: Actor, certificate: Certificate, event: core.Event, reasons: str, *, at: datetime | None = None
) -> CertificateEvent:
    """Enter `event` on the day it happens, with the scheme's reasons, which are published.

    In one transaction: its row, its entry in the audit log, the new status list. LingtanError says
    everything that stands against it; PermissionDenied for who may not. `at` is now if not given.
    """
    return enter(actor, certificate, lambda life, day: event, reasons, at=at)


def enter(
    actor: Actor, certificate: Certificate, make: Make, reasons: str, *, at: datetime | None = None
) -> CertificateEvent:
    """The same, with the event made of the life as it is when nobody else writes any more."""
    moment = at or timezone.now()
    with taking_turns():
        row = keep_event(actor, certificate, make, reasons, moment)
        publish_list(place_in_list(certificate.status_index)[0], moment)
    return row


def keep_event(
    actor: Actor, certificate: Certificate, make: Make, reasons: str, at: datetime
) -> CertificateEvent:
    """An event and its entry, without the list: to be called within `taking_turns`."""
    subject = certificate.number
    with recorded(actor, "certificate.event", park=certificate.park, subject=subject) as details:
        day, life = timezone.localdate(at), read_life(certificate)
        event = make(life, day)
        person = _check_person(actor, certificate, event)
        _check(certificate, life, event, reasons, day)
        after = record_event(life, event)
        kind, data = export_event(event)
        row = _create(
            certificate=certificate, number=len(after.events), kind=kind, on=event.on, data=data,
            reasons=reasons.strip(), by_id=person, at=at,
        )  # fmt: skip
        tell_event(certificate, row, after)
        details |= {
            "certificate": certificate.number, "event": kind, "number": row.number, "on": row.on.isoformat(),
            "data": data, "reasons": row.reasons, "state": state_on(after, day),
        }  # fmt: skip
    return row


def _create(**fields: Any) -> CertificateEvent:
    try:
        with transaction.atomic():
            return CertificateEvent.objects.create(**fields)
    except IntegrityError:
        raise LingtanError([fault("certificate.changed-meanwhile")]) from None


def _check(certificate: Certificate, life: core.Life, event: core.Event, reasons: str, day: date) -> None:
    """LingtanError with everything that stands against an event."""
    faults = [
        *check_event(life, event),
        *_check_reasons(event, reasons),
        *_check_successor(certificate, event),
    ]
    if event.on != day:
        faults.append(fault("certificate.not-today", on=event.on, today=day))
    if faults:
        raise LingtanError(faults)


def _check_person(actor: Actor, certificate: Certificate, event: core.Event) -> int | None:
    """Who enters it; None for the software, which may open a case."""
    if actor.user_id is not None:
        return find_person(actor, certificate.park, *MAY[type(event)]).pk
    if not isinstance(event, core.Opened):
        raise PermissionDenied
    return None


def _check_reasons(event: core.Event, reasons: str) -> Iterable[Fault]:
    """A surveillance that was passed speaks for itself; a park may say that it will not be heard."""
    if isinstance(event, core.Surveyed | core.Heard | core.Replaced) and not reasons.strip():
        return []
    return check_text(reasons, "公示的理由", "Published reasons", column="reasons")


def _check_successor(certificate: Certificate, event: core.Event) -> Iterable[Fault]:
    """What takes the place of a certificate is another one of the same park, issued after it."""
    by = getattr(event, "by", None)
    if by is None:
        return []
    later = Certificate.objects.filter(park=certificate.park, status_index__gt=certificate.status_index)
    return [] if later.filter(number=by).exists() else [fault("certificate.not-a-successor", by=by[:40])]


def open_case(
    actor: Actor, certificate: Certificate, ground: str, reasons: str, *, at: datetime | None = None
) -> CertificateEvent:
    """Open a case on a ground and tell the park, which may be heard until its period is over."""

    def make(life: core.Life, day: date) -> core.Event:
        return core.Opened(day, len(find_standing(life).cases) + 1, ground)

    return enter(actor, certificate, make, reasons, at=at)


def hear(
    actor: Actor, certificate: Certificate, case: int, statement: str, *, at: datetime | None = None
) -> CertificateEvent:
    """The park's word in a case, which is published; blank where it says that it will not be heard."""
    return enter(actor, certificate, lambda _, day: core.Heard(day, case), statement, at=at)


def decide(  # noqa: PLR0913 what a decision says
    actor: Actor,
    certificate: Certificate,
    case: int,
    outcome: core.Outcome,
    reasons: str,
    *,
    by: str | None = None,
    at: datetime | None = None,
) -> CertificateEvent:
    """Decide a case: dismiss it, suspend or withdraw; `by`: the number of what supersedes (see `issuing`)."""
    return enter(actor, certificate, lambda _, day: core.Decided(day, case, outcome, by), reasons, at=at)


def survey(
    actor: Actor, certificate: Certificate, remarks: str = "", *, at: datetime | None = None
) -> CertificateEvent:
    """A surveillance was decided: the park still conforms."""
    return enter(actor, certificate, lambda _, day: core.Surveyed(day), remarks, at=at)


def extend(
    actor: Actor, certificate: Certificate, until: date, reasons: str, *, at: datetime | None = None
) -> CertificateEvent:
    """Give the next surveillance until `until`."""
    return enter(actor, certificate, lambda _, day: core.Extended(day, until), reasons, at=at)


def reinstate(
    actor: Actor, certificate: Certificate, reasons: str, *, at: datetime | None = None
) -> CertificateEvent:
    """What led to a suspension was cured."""
    return enter(actor, certificate, lambda _, day: core.Reinstated(day), reasons, at=at)


def exit_certificate(
    actor: Actor, certificate: Certificate, reasons: str, *, at: datetime | None = None
) -> CertificateEvent:
    """The park gives its certificate back."""
    return enter(actor, certificate, lambda _, day: core.Exited(day), reasons, at=at)


def replace(
    actor: Actor, certificate: Certificate, by: str, reasons: str = "", *, at: datetime | None = None
) -> CertificateEvent:
    """Another certificate of the park, issued before, takes the place of this one.

    LingtanError where `by` is not one of the same park.
    """
    return enter(actor, certificate, lambda _, day: core.Replaced(day, by), reasons, at=at)
