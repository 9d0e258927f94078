"""One act of one person: role found, rules asked, step kept, all in one transaction with its entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.organisations.models import User
from lingtan_web.parks.access import find_park
from lingtan_web.parks.models import Park
from lingtan_web.reviews.models import Numbered, Step, Submission
from lingtan_web.reviews.queries.facts import Case, find_facts
from lingtan_web.reviews.rules.findings import LONGEST
from lingtan_web.reviews.rules.guards import Facts, check_act
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.workflow import Act, State, find_next
from lingtan_web.roles import Role

More = Callable[[Case, Facts], Facts]


@dataclass
class Deed:
    """An act that is allowed and being done. `note` and `mandate` go into its step, `details` to the log."""

    case: Case
    user: User
    role: Role
    after: State
    details: dict[str, Any]
    note: str = ""
    mandate_id: int | None = None

    @property
    def submission(self) -> Submission:
        """What it is done to."""
        return self.case.submission


@contextmanager
def performed(
    actor: Actor, submission: Submission, act: Act, *, on: date | None = None, more: More | None = None
) -> Iterator[Deed]:
    """Do `act`: what is written inside, its step and its entry, or none of it.

    `on` is today if not given; `more` adds to the facts what only this act asks for. LingtanError with
    every reason why it may not be done; also if somebody else was quicker.
    """
    user, roles = find_actor(actor, submission.park)
    subject = f"{submission.year}/{submission.number}"
    try:
        with recorded(actor, f"review.{act}", park=submission.park, subject=subject) as details:
            Submission.objects.select_for_update().get(pk=submission.pk)
            case = Case(submission)
            facts = find_facts(case, on or timezone.localdate())
            role, after = _allowed(act, user, roles, more(case, facts) if more else facts)
            deed = Deed(case, user, role, after, details)
            yield deed
            _move(deed, act)
    except IntegrityError:
        raise LingtanError([fault("review.changed-meanwhile")]) from None


def find_actor(actor: Actor, park: Park) -> tuple[User, frozenset[Role]]:
    """Who acts and the roles they have for the park; PermissionDenied for nobody and for strangers."""
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first()
    found = find_park(user, park.slug) if user else None
    if user is None or found is None:
        raise PermissionDenied
    return user, found[1].roles


def _allowed(act: Act, user: User, roles: frozenset[Role], facts: Facts) -> tuple[Role, State]:
    role = choose_role(facts.state, act, roles)
    refuse(check_act(act, role, user.pk, facts, load_review_terms().terms))
    after = find_next(facts.state, act, role)
    assert after is not None
    return role, after


def choose_role(state: State, act: Act, roles: frozenset[Role]) -> Role:
    """The role in which someone with `roles` does it; if none may, any of them to be refused."""
    able = [role for role in Role if role in roles and find_next(state, act, role)]
    return (able or [role for role in Role if role in roles])[0]


def refuse(faults: list[Fault]) -> None:
    """LingtanError if there are any."""
    if faults:
        raise LingtanError(faults)


def _move(deed: Deed, act: Act) -> None:
    """Keep the step of an act that leads on."""
    if deed.after is deed.case.state:
        return
    Step.objects.create(
        submission=deed.submission,
        number=len(deed.case.steps) + 1,
        act=act,
        role=deed.role,
        before=deed.case.state,
        after=deed.after,
        by=deed.user,
        note=deed.note,
        mandate_id=deed.mandate_id,
    )


def next_number(kind: type[Numbered], submission: Submission) -> int:
    """The number of the next row; two who take it at once are told apart by the database."""
    last = kind.objects.filter(submission=submission).order_by("-number").values_list("number", flat=True)  # type: ignore[attr-defined]
    return (last.first() or 0) + 1


def check_text(text: str, zh: str, en: str, *, column: str = "") -> list[Fault]:
    """A text that must be there and not be endless."""
    place = Place(column=column)
    if not text.strip():
        return [fault("review.text-lacking", place, zh=zh, en=en)]
    return [fault("review.text-too-long", place, limit=LONGEST)] if len(text) > LONGEST else []
