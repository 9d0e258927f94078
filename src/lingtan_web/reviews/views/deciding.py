"""Statement, panel, decision, appeal."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from lingtan.standards import load_edition
from lingtan_web.organisations.models import User
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.reviews.queries.facts import plain_seats
from lingtan_web.reviews.queries.statements import build_content
from lingtan_web.reviews.rules.experts import count_votes
from lingtan_web.reviews.rules.results import compute_sha256
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.services import deciding, stating
from lingtan_web.reviews.signing import counted
from lingtan_web.reviews.views.judging import read_answers
from lingtan_web.reviews.views.opening import SEE, open_submission, open_view, show
from lingtan_web.reviews.workflow import Act
from lingtan_web.roles import Role


@page("GET", "POST", scope="park", roles=SEE)
def statement(request: Request, park: Park, number: int) -> HttpResponse:
    """The statement as it stands, or as it would be now; signing it."""
    if request.method == "POST":
        submission = open_submission(request, park, number)
        with counted(request):
            stating.sign(
                request.actor,
                submission=submission,
                conclusion=request.POST.get("conclusion", ""),
                read=request.POST.get("read", ""),
                password=request.POST.get("password", ""),
            )
        return redirect("review-statement", park=park.slug, number=number)
    view = open_view(request, park, number)
    if view.case.statement is not None:
        content = view.case.statement.content
        return show(request, "statement", view, content=content, moved=_moved(content))
    if not view.sees_findings:
        return show(request, "statement", view, content=None)
    content = build_content(view.case)
    lacking = stating.find_lacking(view.case, request.user.pk) if Act.SIGN in view.acts else []
    given: dict[str, Any] = {
        "content": content,
        "moved": _moved(content),
        "read": compute_sha256(content),
        "lacking": lacking,
    }
    return show(request, "statement", view, **given)


def _moved(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What was corrected or rejected: the rest was accepted as the park has it."""
    return [one for one in content["findings"] if one["verdict"] in ("correct", "reject")]


@page("POST", scope="park", roles={Role.BODY})
def issue(request: Request, park: Park, number: int) -> HttpResponse:
    """Issue the statement."""
    submission = open_submission(request, park, number)
    with counted(request):
        stating.issue(
            request.actor,
            submission=submission,
            read=request.POST.get("read", ""),
            password=request.POST.get("password", ""),
        )
    return redirect("review-statement", park=park.slug, number=number)


@page("POST", scope="park", roles={Role.BODY})
def send_back(request: Request, park: Park, number: int) -> HttpResponse:
    """Send the statement back to the evaluators."""
    submission = open_submission(request, park, number)
    stating.send_back(request.actor, submission=submission, reasons=request.POST.get("reasons", ""))
    return redirect("review", park=park.slug, number=number)


@page("GET", scope="park", roles={Role.SCHEME, Role.EXPERT, Role.BODY, Role.PARK})
def panel(request: Request, park: Park, number: int) -> HttpResponse:
    """The panel: seats, declarations, votes, minutes."""
    view = open_view(request, park, number)
    review = load_review_terms()
    given: dict[str, Any] = {
        "terms": review.terms,
        "asked": review.conflict,
        "tally": count_votes(plain_seats(view.case.seats), review.terms) if view.case.panel else None,
        "experts": _experts() if Act.CONVENE in view.acts else (),
    }
    return show(request, "panel", view, **given)


def _experts() -> object:
    held = User.objects.filter(memberships__role=Role.EXPERT, memberships__ended_at=None, is_active=True)
    return held.distinct().order_by("name", "email")


@page("POST", scope="park", roles={Role.SCHEME})
def convene(request: Request, park: Park, number: int) -> HttpResponse:
    """Seat a panel."""
    chosen = [int(one) for one in request.POST.getlist("expert") if one.isascii() and one.isdigit()]
    deciding.convene(request.actor, submission=open_submission(request, park, number), experts=chosen)
    return redirect("review-panel", park=park.slug, number=number)


@page("POST", scope="park", roles={Role.EXPERT})
def declare_interests(request: Request, park: Park, number: int) -> HttpResponse:
    """An expert's declaration."""
    submission = open_submission(request, park, number)
    answers = read_answers(request)
    deciding.declare_interests(request.actor, submission=submission, answers=answers)
    return (
        redirect("my-reviews")
        if any(answers.values())
        else redirect("review-panel", park=park.slug, number=number)
    )


@page("POST", scope="park", roles={Role.EXPERT})
def vote(request: Request, park: Park, number: int) -> HttpResponse:
    """An expert's vote."""
    submission = open_submission(request, park, number)
    ballot, reasons = request.POST.get("ballot", ""), request.POST.get("reasons", "")
    deciding.vote(request.actor, submission=submission, ballot=ballot, reasons=reasons)
    return redirect("review-panel", park=park.slug, number=number)


@page("POST", scope="park", roles={Role.SCHEME})
def minutes(request: Request, park: Park, number: int) -> HttpResponse:
    """The minutes, which close the vote."""
    submission = open_submission(request, park, number)
    deciding.record_minutes(request.actor, submission=submission, text=request.POST.get("text", ""))
    return redirect("review-panel", park=park.slug, number=number)


@page("GET", "POST", scope="park", roles=SEE)
def decision(request: Request, park: Park, number: int) -> HttpResponse:
    """The decision and the appeal against it; deciding."""
    if request.method == "POST":
        submission = open_submission(request, park, number)
        deciding.decide(request.actor, submission=submission, reasons=request.POST.get("reasons", ""))
        return redirect("review-decision", park=park.slug, number=number)
    view = open_view(request, park, number)
    terms = load_review_terms().terms
    given: dict[str, Any] = {
        "awards": load_edition(view.case.submission.edition).awards,
        "coming": deciding.find_coming(view.case) if view.sees_ballots else None,
        "terms": terms,
    }
    return show(request, "decision", view, **given)


@page("POST", scope="park", roles={Role.PARK})
def appeal(request: Request, park: Park, number: int) -> HttpResponse:
    """Appeal."""
    submission = open_submission(request, park, number)
    deciding.appeal(request.actor, submission=submission, reasons=request.POST.get("reasons", ""))
    return redirect("review-decision", park=park.slug, number=number)


@page("POST", scope="park", roles={Role.SCHEME})
def decide_appeal(request: Request, park: Park, number: int) -> HttpResponse:
    """Decide the appeal."""
    chosen = request.POST.get("stage", "dismiss")
    stage = None if chosen == "dismiss" else "" if chosen == "none" else chosen
    ruling = deciding.Ruling(stage, request.POST.get("reasons", ""))
    deciding.decide_appeal(request.actor, submission=open_submission(request, park, number), ruling=ruling)
    return redirect("review-decision", park=park.slug, number=number)
