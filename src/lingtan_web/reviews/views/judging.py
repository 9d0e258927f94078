"""The evaluators' pages: independence, findings, questions, sampling plan."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from lingtan.errors import Fault, LingtanError
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.reviews.queries.fields import suggest_fields
from lingtan_web.reviews.queries.grid import Grid, Line, build_grid
from lingtan_web.reviews.queries.sampling import build_plan
from lingtan_web.reviews.queries.showing import View
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.services import judging
from lingtan_web.reviews.views.opening import SEE, open_submission, open_view, show
from lingtan_web.roles import Role

WORK = {Role.SCHEME, Role.BODY, Role.EVALUATOR}


@page("GET", "POST", scope="park", roles={Role.EVALUATOR})
def independence(request: Request, park: Park, number: int) -> HttpResponse:
    """An evaluator's statement of independence."""
    asked = load_review_terms().independence
    if request.method == "GET":
        return show(request, "independence", open_view(request, park, number), asked=asked)
    submission = open_submission(request, park, number)
    judging.declare_independence(request.actor, submission=submission, answers=read_answers(request))
    return redirect("review", park=park.slug, number=number)


def read_answers(request: Request) -> dict[str, bool]:
    """The points of a declaration that were answered with yes or no."""
    given = {
        key.removeprefix("point-"): value for key, value in request.POST.items() if key.startswith("point-")
    }
    return {key: value == "yes" for key, value in given.items() if value in ("yes", "no")}


@page("POST", scope="park", roles={Role.EVALUATOR})
def begin(request: Request, park: Park, number: int) -> HttpResponse:
    """Begin the review."""
    judging.begin(request.actor, submission=open_submission(request, park, number))
    return redirect("review-findings", park=park.slug, number=number)


@page("POST", scope="park", roles={Role.EVALUATOR})
def resume(request: Request, park: Park, number: int) -> HttpResponse:
    """Go on once every question is settled."""
    judging.resume(request.actor, submission=open_submission(request, park, number))
    return redirect("review-findings", park=park.slug, number=number)


@page("GET", scope="park", roles=SEE)
def findings(request: Request, park: Park, number: int) -> HttpResponse:
    """The grid: the park's value, the evaluators' value, points and verdict of every subject."""
    view = open_view(request, park, number)
    grid = build_grid(view.case, request.user.pk) if view.sees_findings else None
    return show(request, "findings", view, grid=grid)


@page("GET", "POST", scope="park", roles={Role.EVALUATOR})
def finding(request: Request, park: Park, number: int, code: str) -> HttpResponse:
    """One subject: what was said of it, the form for a verdict, the form for a question."""
    if request.method == "GET":
        return _show_finding(request, open_view(request, park, number), code)
    submission = open_submission(request, park, number)
    opinion = judging.Opinion(
        request.POST.get("verdict", ""),
        request.POST.get("value", ""),
        request.POST.get("reasons", ""),
        request.POST.get("reference", ""),
    )
    try:
        judging.record_finding(request.actor, submission=submission, code=code, opinion=opinion)
    except LingtanError as error:
        return _show_finding(request, open_view(request, park, number), code, error.faults)
    if request.htmx:
        return _show_line(request, open_view(request, park, number), code)
    return redirect("review-findings", park=park.slug, number=number)


def _find_line(view: View, code: str) -> tuple[Grid, Line]:
    grid = build_grid(view.case, view.user_id)
    line = next((one for one in grid.lines if one.subject.code == code), None)
    if line is None:
        raise Http404
    return grid, line


def _show_line(request: Request, view: View, code: str) -> HttpResponse:
    grid, line = _find_line(view, code)
    return show(request, "parts/line_and_sum", view, grid=grid, line=line)


def _show_finding(request: Request, view: View, code: str, faults: tuple[Fault, ...] = ()) -> HttpResponse:
    _, line = _find_line(view, code)
    history = [one for one in view.case.findings if one.code == code and not line.is_hidden]
    given = {
        "line": line,
        "history": history,
        "faults": faults,
        "typed": request.POST,
        "suggested": suggest_fields(view.case, code),
    }
    template = "parts/finding_form" if request.htmx else "finding"
    return show(request, template, view, 422 if faults else 200, **given)


@page("POST", scope="park", roles={Role.EVALUATOR})
def ask(request: Request, park: Park, number: int, code: str) -> HttpResponse:
    """Ask about a subject; the fields named are reopened."""
    submission = open_submission(request, park, number)
    fields = [*request.POST.getlist("field"), *request.POST.get("fields", "").splitlines()]
    text = request.POST.get("text", "")
    try:
        asked = judging.ask(request.actor, submission=submission, code=code, text=text, fields=fields)
    except LingtanError as error:
        return _show_finding(request, open_view(request, park, number), code, error.faults)
    return redirect("review-question", park=park.slug, number=number, question=asked.number)


@page("GET", scope="park", roles=SEE)
def questions(request: Request, park: Park, number: int) -> HttpResponse:
    """Every question and how it stands."""
    return show(request, "questions", open_view(request, park, number))


@page("GET", scope="park", roles=SEE)
def question(request: Request, park: Park, number: int, question: int) -> HttpResponse:
    """The thread of a question."""
    view = open_view(request, park, number)
    found = next((one for one in view.case.questions if one.number == question), None)
    if found is None:
        raise Http404
    is_open = found in view.case.open_questions
    return show(
        request, "question", view, question=found, subject=view.case.subject(found.code), is_open=is_open
    )


@page("POST", scope="park", roles={Role.PARK, Role.EVALUATOR})
def answer(request: Request, park: Park, number: int, question: int) -> HttpResponse:
    """Write in the thread."""
    submission, text = open_submission(request, park, number), request.POST.get("text", "")
    judging.answer(request.actor, submission=submission, question=question, text=text)
    return redirect("review-question", park=park.slug, number=number, question=question)


@page("POST", scope="park", roles={Role.EVALUATOR})
def settle(request: Request, park: Park, number: int, question: int) -> HttpResponse:
    """Settle a question."""
    submission, text = open_submission(request, park, number), request.POST.get("text", "")
    judging.settle(request.actor, submission=submission, question=question, text=text)
    return redirect("review-question", park=park.slug, number=number, question=question)


@page("GET", scope="park", roles=WORK)
def sample(request: Request, park: Park, number: int) -> HttpResponse:
    """The sampling plan."""
    view = open_view(request, park, number)
    review = load_review_terms()
    plan = build_plan(view.case)
    return show(request, "sample", view, plan=plan, terms=review.terms, weights=review.uncertainty)
