"""The scheme's desk: what needs doing, issuing, and one certificate with all that may be done to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from lingtan.certificate.lifecycle.records import Outcome, find_grounds, read_terms
from lingtan.certificate.lifecycle.rules import last_day
from lingtan.errors import LingtanError, fault
from lingtan.standards import load_edition
from lingtan_web.certificates.desk import find_desk
from lingtan_web.certificates.granting import find_grant, list_waiting
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import find_current
from lingtan_web.certificates.scheme import find_scheme, has_keys
from lingtan_web.certificates.services import entering, issuing, surveying
from lingtan_web.certificates.services.publishing import publish_lists
from lingtan_web.certificates.showing import Shown, list_declarations
from lingtan_web.certificates.views.opening import open_certificate, show
from lingtan_web.fields import read_day, read_id, read_text
from lingtan_web.permissions import Request, page
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.queries.states import with_state
from lingtan_web.reviews.workflow import State
from lingtan_web.roles import Role

SCHEME = {Role.SCHEME}
ENDS = (State.DECIDED, State.APPEAL_DECIDED)
OUTCOMES: tuple[Outcome, ...] = ("dismiss", "suspend", "withdraw")
"""What a case is decided to on its page; to supersede, the new certificate is issued on the case."""


@page("GET", scope="organisation", roles=SCHEME)
def desk(request: Request) -> HttpResponse:
    """What waits for the scheme: decisions to issue on, cases, days that come, lists that age."""
    today = timezone.localdate()
    given = {"desk": find_desk(today), "waiting": list_waiting(today), "today": today, "has_keys": has_keys()}
    return render(request, "certificates/desk.html", given)


@page("GET", "POST", scope="organisation", roles=SCHEME)
def issue(request: Request, submission: int) -> HttpResponse:
    """What a certificate of a decision will say; signing it."""
    found = get_object_or_404(Submission.objects.select_related("park"), pk=submission)
    if request.method == "POST":
        made = issuing.issue(request.actor, found, follow=_read_follow(request))
        return redirect("manage-certificate", number=made.number)
    today = timezone.localdate()
    given: dict[str, Any] = {"submission": found, "park": found.park, "today": today}
    try:
        given |= _find_coming(found, today)
    except LingtanError as error:
        given["lacking"] = error.faults
    return render(request, "certificates/issue.html", given)


def _find_coming(submission: Submission, today: date) -> dict[str, Any]:
    """What the certificate will say, and the one whose place it takes. LingtanError why there is none."""
    grant, edition = find_grant(submission, today), load_edition(submission.edition)
    running = find_current(submission.park, today)
    return {
        "grant": grant,
        "scheme": find_scheme(),
        "award": next(one for one in edition.awards if one.id == grant.stage),
        "last": last_day(today, read_terms(edition)),
        "running": Shown(running, today) if running else None,
    }


def _read_follow(request: Request) -> issuing.Follow | None:
    """The certificate whose place the new one takes, and the case that says so."""
    number = read_text(request, "follow")
    if not number:
        return None
    case, reasons = read_id(request, "case"), read_text(request, "reasons")
    return issuing.Follow(open_certificate(number), case, reasons)


@page("GET", scope="organisation", roles=SCHEME)
def manage(request: Request, number: str) -> HttpResponse:
    """One certificate: how it stands, its cases, what may be done."""
    certificate = open_certificate(number)
    given = {
        "grounds": find_grounds().items(),
        "declarations": list_declarations(certificate),
        "reviews": _find_later(certificate),
    }
    return show(request, "manage", certificate, **given)


def _find_later(certificate: Certificate) -> list[Submission]:
    """Reviews of later years that a surveillance may rest on."""
    later = Submission.objects.filter(park=certificate.park, year__gt=certificate.facts["year"])
    decided = with_state(later).filter(state__in=ENDS)  # type: ignore[misc] # annotated
    return list(decided.order_by("-year", "-number")[:20])


@page("POST", scope="organisation", roles=SCHEME)
def open_case(request: Request, number: str) -> HttpResponse:
    """Open a case on a ground."""
    certificate = open_certificate(number)
    entering.open_case(
        request.actor, certificate, request.POST.get("ground", ""), read_text(request, "reasons")
    )
    return redirect("manage-certificate", number=certificate.number)


@page("POST", scope="organisation", roles=SCHEME)
def hear(request: Request, number: str, case: int) -> HttpResponse:
    """Record what the park said where it did not write it itself."""
    certificate = open_certificate(number)
    entering.hear(request.actor, certificate, case, read_text(request, "statement"))
    return redirect("manage-certificate", number=certificate.number)


@page("POST", scope="organisation", roles=SCHEME)
def decide(request: Request, number: str, case: int) -> HttpResponse:
    """Decide a case."""
    certificate = open_certificate(number)
    outcome = next((one for one in OUTCOMES if one == request.POST.get("outcome")), None)
    if outcome is None:
        raise LingtanError([fault("certificate.no-outcome")])
    entering.decide(request.actor, certificate, case, outcome, read_text(request, "reasons"))
    return redirect("manage-certificate", number=certificate.number)


@page("POST", scope="organisation", roles=SCHEME)
def act(request: Request, number: str, act: str) -> HttpResponse:
    """Survey, extend, reinstate, or put another certificate in its place."""
    certificate = open_certificate(number)
    made = _do(request, certificate, act, read_text(request, "reasons"))
    return redirect("manage-certificate", number=(made or certificate).number)


def _do(request: Request, certificate: Certificate, act: str, reasons: str) -> Certificate | None:
    match act:
        case "survey":
            entering.survey(request.actor, certificate, reasons)
        case "judge":
            later = get_object_or_404(Submission, pk=read_id(request, "submission") or 0)
            surveying.survey_by_review(request.actor, certificate, later)
        case "extend":
            until = read_day(request, "until")
            if until is None:
                raise LingtanError([fault("certificate.no-day")])
            entering.extend(request.actor, certificate, until, reasons)
        case "reinstate":
            entering.reinstate(request.actor, certificate, reasons)
        case "replace":
            entering.replace(request.actor, certificate, read_text(request, "by"), reasons)
        case _:
            return issuing.reissue(request.actor, certificate, reasons)
    return None


@page("POST", scope="organisation", roles=SCHEME)
def publish(request: Request) -> HttpResponse:
    """Sign and publish the lists anew."""
    publish_lists(actor=request.actor)
    return redirect("certificate-desk")
