"""What a review has decided, read as the ground of a certificate, and why it may not be one yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from lingtan.errors import Fault, LingtanError, fault
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import read_life, stands_on
from lingtan_web.reviews.models import AppealDecision, Decision, Round, Submission
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.states import with_state
from lingtan_web.reviews.rules.experts import Outcome
from lingtan_web.reviews.workflow import State


@dataclass(frozen=True, slots=True)
class Grant:
    """A decision that grants: the version it rests on, its award, the evaluators' score (exact, as text)."""

    submission: Submission
    round: Round
    stage: str
    stars: int
    score: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decided review without a certificate: the stars granted, or why none may be issued yet."""

    submission: Submission
    stars: int | None
    faults: tuple[Fault, ...] = ()


def find_grant(submission: Submission, day: date) -> Grant:
    """What was granted; LingtanError where nothing was, or an appeal may still change it."""
    case = Case(submission)
    if faults := _find_open(case.state, case.decision, day):
        raise LingtanError(faults)
    decision = case.decision
    assert decision is not None
    last: Decision | AppealDecision = case.appeal.decision if case.appeal else decision
    if last.outcome != Outcome.AWARD or last.stars is None:
        raise LingtanError([fault("certificate.not-granted", year=submission.year)])
    score = decision.statement.content["score"]
    decided_on = timezone.localdate(last.at)
    return Grant(submission, case.round, last.stage, last.stars, str(score), decided_on)


def _find_open(state: State, decision: Decision | None, day: date) -> list[Fault]:
    if state is State.DECIDED and decision is not None:
        until = decision.appeal_until
        return [fault("certificate.appealable", until=until)] if day <= until else []
    return [] if state is State.APPEAL_DECIDED else [fault("certificate.not-decided")]


def list_waiting(day: date) -> list[Waiting]:
    """Decided reviews without a certificate, the oldest first, in three queries; not the refused ones."""
    decided = with_state(Submission.objects.filter(certificates=None).select_related("park"))
    ends = (State.DECIDED, State.APPEALED, State.APPEAL_DECIDED)
    rows = list(decided.filter(state__in=ends).order_by("moved_at"))  # type: ignore[misc] # annotated
    decisions = {one.submission_id: one for one in Decision.objects.filter(submission__in=rows)}
    rulings = {one.submission_id: one for one in AppealDecision.objects.filter(submission__in=rows)}
    found = []
    for one in rows:
        decision = decisions[one.pk]
        last: Decision | AppealDecision = rulings.get(one.pk, decision)
        if faults := _find_open(State(one.state), decision, day):  # type: ignore[attr-defined]
            found.append(Waiting(one, None, tuple(faults)))
        elif last.outcome == Outcome.AWARD:
            found.append(Waiting(one, last.stars))
    return found


def check_predecessors(grant: Grant, day: date, replaced: Certificate | None) -> list[Fault]:
    """A review gives one certificate, and a park holds one at a time: the one before is replaced by name."""
    others = Certificate.objects.filter(park=grant.submission.park).select_related("submission")
    running = [one for one in others if stands_on(read_life(one), day) in ("not_yet", "valid", "suspended")]
    if any(one.submission_id == grant.submission.pk for one in running):
        return [fault("certificate.issued-already", number=running[-1].number)]
    left = [one.number for one in running if replaced is None or one.pk != replaced.pk]
    faults = [fault("certificate.held-already", number=number) for number in left]
    if replaced is not None and replaced.pk not in {one.pk for one in running}:
        faults.append(fault("certificate.not-running", number=replaced.number))
    return faults
