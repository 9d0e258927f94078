"""What an act needs beyond the right state and role: pure checks over the facts of a submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from lingtan.errors import Fault, fault
from lingtan_web.reviews.rules.experts import Seat, count_votes
from lingtan_web.reviews.rules.terms import Terms
from lingtan_web.reviews.words import words_of
from lingtan_web.reviews.workflow import Act, State, find_next, find_roles
from lingtan_web.roles import Role


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a submission when somebody acts on `today`; people are ids.

    `questions` maps open ones to whether the park has answered; `evaluators` are those of the mandate,
    `declared` those who gave their statement, `free` those of them without a tie, `barred` what keeps
    the acting evaluator out (cap, rotation), `incomplete` what the findings lack.
    """

    state: State
    today: date
    has_mandate: bool = False
    evaluators: frozenset[int] = frozenset()
    declared: frozenset[int] = frozenset()
    free: frozenset[int] = frozenset()
    barred: tuple[Fault, ...] = ()
    questions: Mapping[int, bool] = field(default_factory=dict)
    asked_on: date | None = None
    incomplete: tuple[Fault, ...] = ()
    visits: int = 0
    signers: frozenset[int] = frozenset()
    has_statement: bool = False
    seats: tuple[Seat, ...] = ()
    has_minutes: bool = False
    decided_on: date | None = None
    decided_by: int | None = None


def check_act(act: Act, role: Role, actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    """Every reason why `actor` in `role` may not do `act` now; none if it may be done."""
    if find_next(facts.state, act, role) is None:
        return [_refuse(act, role, facts.state)]
    guard = GUARDS.get(act)
    return guard(actor, facts, terms) if guard else []


def _refuse(act: Act, role: Role, state: State) -> Fault:
    """Out of turn if another role may do it now, else out of order."""
    code = "review.not-your-act" if find_roles(state, act) else "review.not-now"
    words = {
        f"{name}_{language}": text
        for name, one in (("act", act), ("role", role), ("state", state))
        for language, text in zip(("zh", "en"), words_of(one), strict=True)
    }
    return fault(code, **words)


def appeal_until(decided_on: date, terms: Terms) -> date:
    """The last day of appeal: the days run from the day after the decision."""
    return decided_on + timedelta(days=terms.appeal_days.count)


def answer_until(asked_on: date, terms: Terms) -> date:
    """The last day to answer: the days run from the day after the newest question."""
    return asked_on + timedelta(days=terms.answer_days.count)


def _accept(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    if not facts.has_mandate:
        return [fault("review.no-mandate")]
    return [] if facts.evaluators else [fault("review.no-evaluators")]


def _return(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    if facts.state is not State.QUESTIONED or facts.asked_on is None:
        return []
    last = answer_until(facts.asked_on, terms)
    return [fault("review.answer-days-run", until=last)] if facts.today <= last else []


def _declare(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    if actor not in facts.evaluators:
        return [fault("review.not-of-mandate")]
    if actor in facts.declared:
        return [fault("review.declared-already")]
    return list(facts.barred)


def _work(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    """An evaluator of the mandate who declared no tie."""
    if actor not in facts.evaluators:
        return [fault("review.not-of-mandate")]
    return [] if actor in facts.free else [fault("review.not-independent")]


def _begin(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    return [*_work(actor, facts, terms), *facts.barred]


def _answer(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    return [] if facts.questions else [fault("review.no-open-question")]


def _resubmit(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    if not facts.questions:
        return [fault("review.no-open-question")]
    open_ = sum(not answered for answered in facts.questions.values())
    return [fault("review.questions-unanswered", count=open_)] if open_ else []


def _resume(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    faults = _work(actor, facts, terms)
    if facts.questions:
        faults.append(fault("review.questions-open", count=len(facts.questions)))
    return faults


def _sign(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    faults = [*_resume(actor, facts, terms), *facts.incomplete]
    if not facts.visits:
        faults.append(fault("review.no-site-visit"))
    return faults


def _issue(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    if not facts.has_statement:
        return [fault("review.no-statement")]
    return [fault("review.own-work")] if actor in facts.signers | facts.evaluators else []


def _convene(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    if not facts.has_statement:
        return [fault("review.no-statement")]
    if facts.state is State.PANEL and count_votes(facts.seats, terms).can_reach_quorum:
        return [fault("review.panel-stands")]
    return []


def _own_seat(actor: int, facts: Facts) -> Seat | None:
    return next((seat for seat in facts.seats if seat.expert == actor), None)


def _declare_conflict(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    seat = _own_seat(actor, facts)
    if seat is None:
        return [fault("review.no-seat")]
    return [] if seat.is_free is None else [fault("review.declared-already")]


def _vote(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    seat = _own_seat(actor, facts)
    if seat is None:
        return [fault("review.no-seat")]
    if not seat.is_free:
        return [fault("review.conflict-undeclared" if seat.is_free is None else "review.stepped-down")]
    if facts.has_minutes:
        return [fault("review.votes-closed")]
    return [fault("review.voted-already")] if seat.ballot else []


def _minute(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    tally = count_votes(facts.seats, terms)
    if facts.has_minutes:
        return [fault("review.votes-closed")]
    return [] if tally.has_quorum else [fault("review.no-quorum", cast=tally.cast, needed=tally.needed)]


def _decide(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    tally = count_votes(facts.seats, terms)
    faults = [] if facts.has_statement else [fault("review.no-statement")]
    if not tally.has_quorum:
        faults.append(fault("review.no-quorum", cast=tally.cast, needed=tally.needed))
    if not facts.has_minutes:
        faults.append(fault("review.no-minutes"))
    return faults


def _appeal(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    if facts.decided_on is None:
        return [fault("review.no-decision")]
    last = appeal_until(facts.decided_on, terms)
    return [fault("review.appeal-late", until=last)] if facts.today > last else []


def _decide_appeal(actor: int, facts: Facts, terms: Terms) -> list[Fault]:
    """Who signed the decision does not judge the appeal against it."""
    return [fault("review.appeal-same-person")] if actor == facts.decided_by else []


Guard = Callable[[int, Facts, Terms], list[Fault]]

GUARDS: Mapping[Act, Guard] = {
    Act.ACCEPT: _accept,
    Act.RETURN: _return,
    Act.DECLARE: _declare,
    Act.BEGIN: _begin,
    Act.FIND: _work,
    Act.VISIT: _work,
    Act.ASK: _work,
    Act.ANSWER: _answer,
    Act.SETTLE: _work,
    Act.RESUBMIT: _resubmit,
    Act.RESUME: _resume,
    Act.SIGN: _sign,
    Act.ISSUE: _issue,
    Act.CONVENE: _convene,
    Act.DECLARE_CONFLICT: _declare_conflict,
    Act.VOTE: _vote,
    Act.MINUTE: _minute,
    Act.DECIDE: _decide,
    Act.APPEAL: _appeal,
    Act.DECIDE_APPEAL: _decide_appeal,
}
