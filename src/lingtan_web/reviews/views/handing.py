"""The submission itself: handed in, its overview, accepted, returned, withdrawn, handed in again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.reviews.queries.statements import find_verified
from lingtan_web.reviews.rules.changes import find_changes
from lingtan_web.reviews.services import handing
from lingtan_web.reviews.versions import find_choices, find_snapshot
from lingtan_web.reviews.views.opening import SEE, open_submission, open_view, show
from lingtan_web.roles import Role


@page("GET", "POST", scope="park", roles={Role.PARK})
def submit(request: Request, park: Park) -> HttpResponse:
    """Choose a version that was assessed, declare it true, hand it in."""
    if request.method == "GET":
        return render(request, "reviews/submit.html", {"park": park, "choices": find_choices(park)})
    version, edition = _chosen(request, park)
    made = handing.submit(
        request.actor, version=version, edition=edition, is_truthful="is_truthful" in request.POST
    )
    return redirect("review", park=park.slug, number=made.number)


def _chosen(request: Request, park: Park) -> tuple[DossierVersion, str]:
    """The version of this park, and the edition, that a form names."""
    number, _, edition = request.POST.get("choice", "").partition(":")
    versions = DossierVersion.objects.filter(dossier__park=park).select_related("dossier__park")
    key = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    return get_object_or_404(versions, pk=key), edition


@page("GET", scope="park", roles=SEE)
def overview(request: Request, park: Park, number: int) -> HttpResponse:
    """Where the review stands, whose turn it is, what one may do."""
    view = open_view(request, park, number)
    verified = find_verified(view.case) if view.sees_findings and view.case.findings else None
    return show(request, "overview", view, verified=verified)


@page("POST", scope="park", roles={Role.SCHEME})
def accept(request: Request, park: Park, number: int) -> HttpResponse:
    """Accept it for review."""
    handing.accept(request.actor, submission=open_submission(request, park, number))
    return redirect("review", park=park.slug, number=number)


@page("POST", scope="park", roles={Role.SCHEME})
def give_back(request: Request, park: Park, number: int) -> HttpResponse:
    """Return it to the park."""
    submission = open_submission(request, park, number)
    handing.give_back(request.actor, submission=submission, reasons=request.POST.get("reasons", ""))
    return redirect("review", park=park.slug, number=number)


@page("POST", scope="park", roles={Role.PARK})
def withdraw(request: Request, park: Park, number: int) -> HttpResponse:
    """Take it back."""
    submission = open_submission(request, park, number)
    handing.withdraw(request.actor, submission=submission, reasons=request.POST.get("reasons", ""))
    return redirect("review", park=park.slug, number=number)


@page("GET", "POST", scope="park", roles={Role.PARK})
def resubmit(request: Request, park: Park, number: int) -> HttpResponse:
    """Hand in the version that was mended where it was asked."""
    if request.method == "GET":
        view = open_view(request, park, number)
        current = view.case.round.version
        choices = [
            one
            for one in find_choices(park, view.case.submission.year)
            if one.edition == view.case.submission.edition and one.version.number > current.number
        ]
        return show(request, "resubmit", view, choices=choices)
    version, _ = _chosen(request, park)
    submission = open_submission(request, park, number)
    note = request.POST.get("note", "")
    handing.resubmit(request.actor, submission=submission, version=version, note=note)
    return redirect("review", park=park.slug, number=number)


@page("GET", scope="park", roles=SEE)
def changes(request: Request, park: Park, number: int) -> HttpResponse:
    """What changed from each version handed in to the next."""
    view = open_view(request, park, number)
    rounds = view.case.rounds
    texts = [find_snapshot(one.snapshot) for one in rounds]
    compared = [
        {"before": rounds[n - 1], "after": rounds[n], "changes": find_changes(texts[n - 1], texts[n])}
        for n in range(len(rounds) - 1, 0, -1)
    ]
    return show(request, "changes", view, compared=compared)
