"""What every page of a review begins with."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.queries.access import get_submission
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.showing import View
from lingtan_web.roles import Role

SEE = {Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.PARK, Role.EXPERT}
"""Who may open pages of a review that they have a part in."""


def open_submission(request: Request, park: Park, number: int) -> Submission:
    """The review of this address; Http404 if it is not there or not theirs."""
    return get_submission(request.user, request.access, park, number)


def open_view(request: Request, park: Park, number: int) -> View:
    """The same with everything said in it, as the person sees it."""
    case = Case(open_submission(request, park, number))
    return View(case, request.access.roles, request.user.pk)


def show(request: Request, template: str, view: View, status: int = 200, **more: Any) -> HttpResponse:
    """A page of a review."""
    case = view.case
    given = {"park": case.submission.park, "submission": case.submission, "case": case, "view": view}
    return render(request, f"reviews/{template}.html", {**given, **more}, status=status)
