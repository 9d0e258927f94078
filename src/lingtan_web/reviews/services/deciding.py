"""Panel, decision, appeal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.utils import timezone

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.standards import load_edition
from lingtan_web.audit.services import Actor
from lingtan_web.organisations.models import Membership
from lingtan_web.reviews import models as kept
from lingtan_web.reviews.queries.facts import Case, plain_seats
from lingtan_web.reviews.rules.evaluators import check_declarations, check_ties, is_free
from lingtan_web.reviews.rules.experts import (
    Ballot,
    Outcome,
    check_panel,
    count_votes,
    find_outcome,
)
from lingtan_web.reviews.rules.guards import appeal_until
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.services.acting import check_text, next_number, performed, refuse
from lingtan_web.reviews.workflow import Act
from lingtan_web.roles import Role

Choice = TypeVar("Choice", bound=StrEnum)


def convene(actor: Actor, *, submission: kept.Submission, experts: Sequence[int]) -> kept.Panel:
    """Seat a panel: enough experts, an odd number, none tied to park, enterprises or evaluation body."""
    with performed(actor, submission, Act.CONVENE) as deed:
        terms = load_review_terms().terms
        refuse(
            [
                *check_panel(experts, evaluators=deed.case.evaluators, terms=terms),
                *_check_strangers(experts),
                *_check_ties(deed.case, experts),
            ]
        )
        panel = kept.Panel.objects.create(
            submission=submission, number=next_number(kept.Panel, submission), by=deed.user
        )
        kept.PanelSeat.objects.bulk_create(kept.PanelSeat(panel=panel, expert_id=one) for one in experts)
        deed.details |= {"panel": panel.number, "experts": sorted(experts)}
    return panel


def _check_strangers(experts: Sequence[int]) -> list[Fault]:
    held = Membership.objects.filter(user__in=experts, role=Role.EXPERT, ended_at=None)
    known = set(held.values_list("user", flat=True))
    return [] if set(experts) <= known else [fault("review.panel-stranger")]


def _check_ties(case: Case, experts: Sequence[int]) -> list[Fault]:
    """Who belongs to the operator, an enterprise of the park or the evaluation body stays out."""
    park = case.submission.park
    tied = {park.operator_id: park.operator.name_zh}
    placed = park.enterprises.exclude(organisation=None).select_related("organisation")
    tied |= {one.organisation.pk: one.organisation.name_zh for one in placed if one.organisation}
    if case.mandate is not None:
        tied[case.mandate.body_id] = case.mandate.body.name_zh
    held = Membership.objects.filter(user__in=experts, ended_at=None)
    return check_ties(held.values_list("organisation", flat=True), tied)


def declare_interests(actor: Actor, *, submission: kept.Submission, answers: Mapping[str, bool]) -> None:
    """An expert's declaration before voting; a tie means to step down."""
    with performed(actor, submission, Act.DECLARE_CONFLICT) as deed:
        refuse(check_declarations(answers, load_review_terms().conflict))
        free = is_free(answers)
        seat = next(one for one in deed.case.seats if one.expert_id == deed.user.pk)
        kept.InterestDeclaration.objects.create(seat=seat, answers=dict(answers), is_free=free)
        deed.details["is_free"] = free


def vote(actor: Actor, *, submission: kept.Submission, ballot: str, reasons: str = "") -> None:
    """Vote on the statement; a vote against it needs reasons. Which way is not in the log."""
    with performed(actor, submission, Act.VOTE) as deed:
        chosen = read_choice(Ballot, ballot)
        if chosen is Ballot.REFUSE and not reasons.strip():
            raise LingtanError([fault("review.vote-without-reasons", Place(column="reasons"))])
        seat = next(one for one in deed.case.seats if one.expert_id == deed.user.pk)
        kept.Vote.objects.create(seat=seat, ballot=chosen, reasons=reasons.strip()[:4000])


def read_choice(kind: type[Choice], text: str) -> Choice:
    """One of the choices; LingtanError for another text."""
    try:
        return kind(text)
    except ValueError:
        raise LingtanError([fault("review.choice-unknown", given=text[:40])]) from None


def record_minutes(actor: Actor, *, submission: kept.Submission, text: str) -> None:
    """Record the minutes, which closes the vote."""
    with performed(actor, submission, Act.MINUTE) as deed:
        refuse(check_text(text, "会议纪要", "Minutes", column="text"))
        assert deed.case.panel is not None
        kept.Minutes.objects.create(
            submission=submission, panel=deed.case.panel, by=deed.user, text=text.strip()
        )


def decide(
    actor: Actor, *, submission: kept.Submission, reasons: str, on: date | None = None
) -> kept.Decision:
    """Decide as the panel voted, with reasons: the stars of the statement, or none."""
    with performed(actor, submission, Act.DECIDE, on=on) as deed:
        refuse(check_text(reasons, "决定理由", "Reasons", column="reasons"))
        terms, statement, panel = load_review_terms().terms, deed.case.statement, deed.case.panel
        assert statement is not None and panel is not None
        outcome = find_coming(deed.case)
        is_award = outcome is Outcome.AWARD
        decision = kept.Decision.objects.create(
            submission=submission,
            by=deed.user,
            panel=panel,
            statement=statement,
            outcome=outcome,
            stars=statement.content["stars"] if is_award else None,
            stage=statement.content["stage"] if is_award else "",
            reasons=reasons.strip(),
            appeal_until=appeal_until(on or timezone.localdate(), terms),
        )
        deed.details |= {"outcome": outcome, "stars": decision.stars}
    return decision


def find_coming(case: Case) -> Outcome:
    """What the decision will be, by the votes cast."""
    meets = case.statement is not None and case.statement.content["stage"] is not None
    terms = load_review_terms().terms
    return find_outcome(count_votes(plain_seats(case.seats), terms), terms, meets=meets)


def appeal(actor: Actor, *, submission: kept.Submission, reasons: str, on: date | None = None) -> None:
    """Appeal against the decision, within its days."""
    with performed(actor, submission, Act.APPEAL, on=on) as deed:
        refuse(check_text(reasons, "申诉理由", "Reasons", column="reasons"))
        kept.Appeal.objects.create(submission=submission, by=deed.user, reasons=reasons.strip())


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of an appeal: `stage` is the award it is amended to, "" none; None to dismiss it."""

    stage: str | None
    reasons: str


def decide_appeal(actor: Actor, *, submission: kept.Submission, ruling: Ruling) -> None:
    """Dismiss the appeal, or amend the decision; never by the person who took it."""
    with performed(actor, submission, Act.DECIDE_APPEAL) as deed:
        refuse(check_text(ruling.reasons, "申诉决定的理由", "Reasons", column="reasons"))
        decision = deed.case.decision
        assert decision is not None and deed.case.appeal is not None
        stage, stars = _amended(submission, decision, ruling)
        kept.AppealDecision.objects.create(
            submission=submission,
            appeal=deed.case.appeal,
            by=deed.user,
            is_amended=ruling.stage is not None,
            outcome=Outcome.AWARD if stage else Outcome.REFUSAL,
            stars=stars,
            stage=stage,
            reasons=ruling.reasons.strip(),
        )
        deed.details |= {"is_amended": ruling.stage is not None, "stars": stars}


def _amended(submission: kept.Submission, decision: kept.Decision, ruling: Ruling) -> tuple[str, int | None]:
    """The award after the ruling: the old one if dismissed, else another award of the edition, or none."""
    if ruling.stage is None:
        return decision.stage, decision.stars
    awards = {award.id: award.stars for award in load_edition(submission.edition).awards}
    known = ruling.stage == "" or ruling.stage in awards
    if not known or ruling.stage == decision.stage:
        raise LingtanError([fault("review.amended-stars", Place(column="stage"), stars=ruling.stage[:40])])
    return ruling.stage, awards.get(ruling.stage)
