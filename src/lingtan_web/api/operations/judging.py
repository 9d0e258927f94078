"""Acting in reviews: findings, questions and their threads.

Handing in, declarations, signatures, votes and decisions stand for what a person declares: they are made on
the pages, where one reads what one signs.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404
from ninja import Path
from ninja.errors import HttpError

from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Number, Refused, Slug
from lingtan_web.api.forms_reviews import (
    Asking,
    ChangesOut,
    Code,
    Judgement,
    QuestionFull,
    Saying,
    Settling,
    SubjectOut,
)
from lingtan_web.reviews.models import Finding, Question, Submission
from lingtan_web.reviews.queries.access import READERS, get_submission
from lingtan_web.reviews.queries.facts import Case, is_answered, is_settled
from lingtan_web.reviews.queries.grid import Line, build_grid
from lingtan_web.reviews.queries.showing import View
from lingtan_web.reviews.rules.changes import Change, find_changes
from lingtan_web.reviews.services import judging
from lingtan_web.reviews.versions import find_snapshot
from lingtan_web.roles import Role

ONE = "/parks/{slug:park}/submissions/{int:number}"
QUESTION = f"{ONE}/questions/{{int:question}}"
QuestionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="第几个质询 Which question")]


def _open(request: ApiRequest, number: int) -> Submission:
    return get_submission(request.user, request.access, request.park, number)


@declare(
    "GET",
    f"{ONE}/findings",
    name="api-findings",
    rule=lets(READ, READERS),
    says=(
        "评审意见：逐项列出园区的值与评价人员的意见。",
        "The findings: what the park states and what the evaluators say, subject by subject.",
    ),
    response={200: list[SubjectOut], **Refused},
    tags=["reviews"],
)
def list_findings(request: ApiRequest, park: Slug, number: Number) -> list[dict[str, Any]]:
    """In the order of the edition. The park sees them once the statement is issued (until then 403)."""
    view = View(Case(_open(request, number)), request.access.roles, request.user.pk)
    if not view.sees_findings:
        raise HttpError(403, "findings are shown to the park once the statement is issued")
    return [_subject(line) for line in build_grid(view.case, request.user.pk).lines]


def _subject(line: Line) -> dict[str, Any]:
    of_subject = ("code", "zh", "en", "is_gate", "applies", "value", "unit")
    of_line = ("passed", "is_hidden", "is_outdated", "is_done", "open_questions", "rank")
    return {
        **{name: getattr(line.subject, name) for name in of_subject},
        **{name: getattr(line, name) for name in of_line},
        "points": f"{line.subject.points:f}",
        "earned": f"{line.subject.earned:f}",
        "earned_verified": None if line.earned is None else f"{line.earned:f}",
        "findings": [_finding(one) for one in line.said],
        "do_differ": line.differ,
        "needs_two": line.twice,
    }


def _finding(one: Finding) -> dict[str, Any]:
    names = ("number", "verdict", "value", "seen", "reasons", "reference", "at")
    return {"by": str(one.by), **{name: getattr(one, name) for name in names}}


@declare(
    "POST",
    f"{ONE}/findings/{{str:code}}",
    name="api-finding",
    rule=lets("review:write", {Role.EVALUATOR}),
    says=("对一个指标或基本要求给出意见。", "Record a finding on an indicator or basic requirement."),
    response={200: SubjectOut, **Refused},
    tags=["reviews"],
)
def record_finding(
    request: ApiRequest, park: Slug, number: Number, code: Code, judgement: Judgement
) -> dict[str, Any]:
    """What an evaluator said before stays in the record; the newest holds."""
    submission = _open(request, number)
    opinion = judging.Opinion(**judgement.model_dump())
    judging.record_finding(request.actor, submission=submission, code=code, opinion=opinion)
    grid = build_grid(Case(submission), request.user.pk)
    return next(_subject(line) for line in grid.lines if line.subject.code == code)


@declare(
    "GET",
    f"{ONE}/questions",
    name="api-questions",
    rule=lets(READ, READERS),
    says=("质询及往来。", "The questions with their threads."),
    response={200: list[QuestionFull], **Refused},
    tags=["reviews"],
)
def list_questions(request: ApiRequest, park: Slug, number: Number) -> list[dict[str, Any]]:
    """All of them, in the order they were asked."""
    return [_question(one) for one in Case(_open(request, number)).questions]


def _question(one: Question) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("number", "code", "fields")},
        "is_answered": is_answered(one),
        "is_settled": is_settled(one),
        "messages": [
            {"by": str(said.by), **{name: getattr(said, name) for name in ("kind", "role", "text", "at")}}
            for said in one.thread  # type: ignore[attr-defined]
        ],
    }


def _tell(submission: Submission, number: int) -> dict[str, Any]:
    """A question as it stands now; 404 if there is none of this number."""
    found = next((one for one in Case(submission).questions if one.number == number), None)
    if found is None:
        raise Http404
    return _question(found)


@declare(
    "POST",
    f"{ONE}/questions",
    name="api-questions",
    rule=lets("review:write", {Role.EVALUATOR}),
    says=(
        "就一个指标向园区提出质询，并重新开放所列栏目。",
        "Ask the park about a subject; the fields named are reopened to it.",
    ),
    response={200: QuestionFull, **Refused},
    tags=["reviews"],
)
def ask(request: ApiRequest, park: Slug, number: Number, asking: Asking) -> dict[str, Any]:
    """They stay open until the question is settled; everything else stays closed."""
    submission = _open(request, number)
    made = judging.ask(
        request.actor, submission=submission, code=asking.code, text=asking.text, fields=asking.fields
    )
    return _tell(submission, made.number)


@declare(
    "GET",
    QUESTION,
    name="api-question",
    rule=lets(READ, READERS),
    says=("一个质询及往来。", "One question with its thread."),
    response={200: QuestionFull, **Refused},
    tags=["reviews"],
)
def show_question(
    request: ApiRequest, park: Slug, number: Number, question: QuestionNumber
) -> dict[str, Any]:  # fmt: skip
    """In the order of what was said."""
    return _tell(_open(request, number), question)


@declare(
    "POST",
    f"{QUESTION}/messages",
    name="api-question-messages",
    rule=lets("review:write", {Role.PARK, Role.EVALUATOR}),
    says=("园区答复质询，或评价人员追问。", "The park answers a question, or an evaluator asks on."),
    response={200: QuestionFull, **Refused},
    tags=["reviews"],
)
def answer(
    request: ApiRequest, park: Slug, number: Number, question: QuestionNumber, saying: Saying
) -> dict[str, Any]:
    """A settled question takes no more."""
    submission = _open(request, number)
    judging.answer(request.actor, submission=submission, question=question, text=saying.text)
    return _tell(submission, question)


@declare(
    "POST",
    f"{QUESTION}/settle",
    name="api-question-settle",
    rule=lets("review:write", {Role.EVALUATOR}),
    says=("了结质询，所开放的栏目随之关闭。", "Settle a question: its fields close again."),
    response={200: QuestionFull, **Refused},
    tags=["reviews"],
)
def settle(
    request: ApiRequest, park: Slug, number: Number, question: QuestionNumber, settling: Settling
) -> dict[str, Any]:
    """The finding on its subject is still to be given."""
    submission = _open(request, number)
    judging.settle(request.actor, submission=submission, question=question, text=settling.text)
    return _tell(submission, question)


@declare(
    "GET",
    f"{ONE}/changes",
    name="api-submission-changes",
    rule=lets(READ, READERS),
    says=(
        "提交的各版本之间改了什么，最近一次在前。",
        "What changed from each version handed in to the next, the latest first.",
    ),
    response={200: list[ChangesOut], **Refused},
    tags=["reviews"],
)
def list_changes(request: ApiRequest, park: Slug, number: Number) -> list[dict[str, Any]]:
    """Empty as long as one version was handed in; a version itself is exported by its number."""
    rounds = Case(_open(request, number)).rounds
    texts = [find_snapshot(one.snapshot) for one in rounds]
    return [
        {
            "before": rounds[n - 1].number,
            "after": rounds[n].number,
            "changes": [_change(one) for one in find_changes(texts[n - 1], texts[n])],
        }
        for n in range(len(rounds) - 1, 0, -1)
    ]


def _change(one: Change) -> dict[str, Any]:
    return {
        "field": str(one.place),
        "kind": one.kind,
        "old": one.old,
        "new": one.new,
        "cells": dict(one.cells),
    }
