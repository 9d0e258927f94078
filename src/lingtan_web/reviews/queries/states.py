"""The state of a submission is where its last step led."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from lingtan_web.reviews.models import Message, Question, Step, Submission
from lingtan_web.reviews.workflow import ENDS, State

CLOSED = ENDS | {State.DECIDED}
"""States after which a park may hand in anew for the same year."""


def with_state(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Submissions with `state` and `moved_at`, of their last step, and whether all questions are answered."""
    last = Step.objects.filter(submission=OuterRef("pk")).order_by("-number")
    said = Message.objects.filter(question=OuterRef("pk")).order_by("-pk").values("kind")[:1]
    asked = Question.objects.filter(submission=OuterRef("pk")).alias(last=Subquery(said)).filter(last="ask")
    return submissions.annotate(
        state=Subquery(last.values("after")[:1]),
        moved_at=Subquery(last.values("at")[:1]),
        is_answered=~Exists(asked),
    )


def find_state(submission: Submission) -> State:
    """Where a submission stands."""
    last = Step.objects.filter(submission=submission).order_by("-number").values_list("after", flat=True)
    return State(last[0])


def find_running(submissions: QuerySet[Submission]) -> Submission | None:
    """The submission among these that is not closed, if any."""
    closed = [state.value for state in CLOSED]
    last = Step.objects.filter(submission=OuterRef("pk")).order_by("-number").values("after")[:1]
    return submissions.alias(at_last=Subquery(last)).exclude(at_last__in=closed).first()
