"""Reviews as things that wait for people: in their list of work, and for reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from lingtan_web.notices.recipients import Parts, load_parts
from lingtan_web.notices.rules import Waiting
from lingtan_web.organisations.models import Membership, User
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.queries.listing import find_mine
from lingtan_web.reviews.queries.states import with_state
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.words import STATES
from lingtan_web.reviews.workflow import State, find_awaited
from lingtan_web.roles import Role

_KINDS = {State.QUESTIONED: "question", State.APPEALED: "appeal"}


def find_reviews(today: date, user: User | None = None) -> Iterator[Waiting]:
    """Reviews whose next step is somebody's. Only the park's answer has a day it is due."""
    if user is None:
        yield from _for_everybody(today)
        return
    held = Membership.objects.filter(user=user, ended_at=None).values_list("role", flat=True)
    roles = frozenset(Role(role) for role in held)
    for one in find_mine(user, roles):
        if _awaited(one) & roles:
            yield _waiting(one, frozenset([user.pk]))


def _for_everybody(today: date) -> Iterator[Waiting]:
    parts = load_parts(today)
    open_ = with_state(Submission.objects.select_related("park"))
    for one in open_:
        people = _people(one, parts)
        if people:
            yield _waiting(one, people)


def _people(one: Submission, parts: Parts) -> frozenset[int]:
    found = (parts.find(role, one.park, one.year, None) for role in _awaited(one))
    return frozenset().union(*found)


def _awaited(one: Submission) -> frozenset[Role]:
    return find_awaited(State(one.state), is_answered=one.is_answered)  # type: ignore[attr-defined]


def _waiting(one: Submission, people: frozenset[int]) -> Waiting:
    state = State(one.state)  # type: ignore[attr-defined]
    zh, en = STATES[state]
    link = reverse("review", kwargs={"park": one.park.slug, "number": one.number})
    return Waiting(
        kind=_KINDS.get(state, "review"),
        key=f"review/{one.pk}/{state}",
        zh=f"{one.year} 年评审：{zh}",
        en=f"Review of {one.year}: {en}",
        link=link,
        due=_due(one, state),
        park=one.park.slug,
        park_zh=one.park.name_zh,
        park_en=one.park.name_en,
        to=people,
    )


def _due(one: Submission, state: State) -> date | None:
    """The last day to answer, counted from when the questions began."""
    if state is not State.QUESTIONED:
        return None
    moved = timezone.localtime(one.moved_at).date()  # type: ignore[attr-defined]
    return moved + timedelta(days=load_review_terms().terms.answer_days.count)
