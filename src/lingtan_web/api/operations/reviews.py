"""Where reviews stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Query, Schema

from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Number, Paged, Pages, Refused, Slug
from lingtan_web.api.paging import build_page
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.queries.access import READERS, find_submissions, get_submission
from lingtan_web.reviews.queries.facts import Case, is_answered


class SubmissionOut(Schema):
    """A self-assessment that was handed in, and where its review stands."""

    number: int
    year: int
    edition: str
    state: str
    submitted_at: datetime
    moved_at: datetime


class RoundOut(Schema):
    """A version as it was handed in."""

    number: int
    version: int
    result_sha256: str
    at: datetime


class StepOut(Schema):
    """An act that moved the review on."""

    number: int
    act: str
    role: str
    before: str
    after: str
    at: datetime


class QuestionOut(Schema):
    """An open question: what it is about, which fields are open to the park again."""

    number: int
    code: str
    fields: list[str]
    is_answered: bool


class DecisionOut(Schema):
    """The decision as it was made; an appeal may have amended it (see the steps)."""

    outcome: str
    stars: int | None
    stage: str
    at: datetime


class SubmissionFull(SubmissionOut):
    """A submission with its versions, steps, open questions and decision."""

    rounds: list[RoundOut]
    steps: list[StepOut]
    questions: list[QuestionOut]
    decision: DecisionOut | None


def _submission(one: Submission) -> dict[str, Any]:
    return {
        "number": one.number,
        "year": one.year,
        "edition": one.edition,
        "state": one.state,  # type: ignore[attr-defined]
        "submitted_at": one.at,
        "moved_at": one.moved_at,  # type: ignore[attr-defined]
    }


@declare(
    "GET",
    "/parks/{slug:park}/submissions",
    name="api-submissions",
    rule=lets(READ, READERS),
    says=("园区提交的自评及其评审进度。", "The self-assessments of a park, and where their reviews stand."),
    response={200: Paged[SubmissionOut], **Refused},
    tags=["reviews"],
)
def list_submissions(request: ApiRequest, park: Slug, pages: Query[Pages]) -> dict[str, Any]:
    """Those one has a part in, the latest first."""
    found = find_submissions(request.auth.user, request.access, request.park)
    return build_page(found.order_by("-number"), pages, _submission)


@declare(
    "GET",
    "/parks/{slug:park}/submissions/{int:number}",
    name="api-submission",
    rule=lets(READ, READERS),
    says=("一次评审：版本、经过、未结问题、结论。", "One review: versions, steps, open questions, decision."),
    response={200: SubmissionFull, **Refused},
    tags=["reviews"],
)
def show_submission(request: ApiRequest, park: Slug, number: Number) -> dict[str, Any]:
    """What happened and what is asked; findings and threads have operations of their own."""
    case = Case(get_submission(request.auth.user, request.access, request.park, number))
    return {
        **_submission(case.submission),
        "rounds": [
            {
                "number": one.number,
                "version": one.version.number,
                "result_sha256": one.result_sha256,
                "at": one.at,
            }
            for one in case.rounds
        ],
        "steps": [
            {name: getattr(one, name) for name in ("number", "act", "role", "before", "after", "at")}
            for one in case.steps
        ],
        "questions": [
            {"number": one.number, "code": one.code, "fields": one.fields, "is_answered": is_answered(one)}
            for one in case.open_questions
        ],
        "decision": _decision(case),
    }


def _decision(case: Case) -> dict[str, Any] | None:
    made = case.decision
    if made is None:
        return None
    return {"outcome": made.outcome, "stars": made.stars, "stage": made.stage, "at": made.at}
