"""The review as a table: in which state which role may do what, and where that leads.

    self-assessment submitted → accepted, with a mandate → review by evaluators → questions and a new
    version → statement signed, then issued by the evaluation body → panel → decision → appeal

What an act needs beyond state and role stands in `rules.guards`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from lingtan_web.roles import Role


class State(StrEnum):
    """Where a submission stands. `DRAFT` is before anything was handed in."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    IN_REVIEW = "in-review"
    QUESTIONED = "questioned"
    RESUBMITTED = "resubmitted"
    SIGNED = "statement-signed"
    ISSUED = "statement-issued"
    PANEL = "panel"
    DECIDED = "decided"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal-decided"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What a person does."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    WITHDRAW = "withdraw"
    DECLARE = "declare-independence"
    BEGIN = "begin"
    FIND = "record-finding"
    VISIT = "record-visit"
    ASK = "ask"
    ANSWER = "answer"
    SETTLE = "settle"
    RESUBMIT = "resubmit"
    RESUME = "resume"
    SIGN = "sign"
    SEND_BACK = "send-back"
    ISSUE = "issue"
    CONVENE = "convene"
    DECLARE_CONFLICT = "declare-conflict"
    VOTE = "vote"
    MINUTE = "record-minutes"
    DECIDE = "decide"
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide-appeal"


_AT_WORK = (State.IN_REVIEW, State.QUESTIONED, State.RESUBMITTED)

TABLE: dict[tuple[State, Act, Role], State] = {
    (State.DRAFT, Act.SUBMIT, Role.PARK): State.SUBMITTED,
    (State.SUBMITTED, Act.ACCEPT, Role.SCHEME): State.ACCEPTED,
    (State.SUBMITTED, Act.RETURN, Role.SCHEME): State.RETURNED,
    (State.ACCEPTED, Act.DECLARE, Role.EVALUATOR): State.ACCEPTED,
    (State.ACCEPTED, Act.BEGIN, Role.EVALUATOR): State.IN_REVIEW,
    **{(state, Act.DECLARE, Role.EVALUATOR): state for state in _AT_WORK},
    **{(state, Act.FIND, Role.EVALUATOR): state for state in _AT_WORK},
    **{(state, Act.VISIT, Role.EVALUATOR): state for state in _AT_WORK},
    (State.IN_REVIEW, Act.ASK, Role.EVALUATOR): State.QUESTIONED,
    (State.QUESTIONED, Act.ASK, Role.EVALUATOR): State.QUESTIONED,
    (State.RESUBMITTED, Act.ASK, Role.EVALUATOR): State.QUESTIONED,
    (State.QUESTIONED, Act.ANSWER, Role.PARK): State.QUESTIONED,
    (State.QUESTIONED, Act.ANSWER, Role.EVALUATOR): State.QUESTIONED,
    (State.QUESTIONED, Act.SETTLE, Role.EVALUATOR): State.QUESTIONED,
    (State.RESUBMITTED, Act.SETTLE, Role.EVALUATOR): State.RESUBMITTED,
    (State.QUESTIONED, Act.RESUBMIT, Role.PARK): State.RESUBMITTED,
    (State.QUESTIONED, Act.RESUME, Role.EVALUATOR): State.IN_REVIEW,
    (State.RESUBMITTED, Act.RESUME, Role.EVALUATOR): State.IN_REVIEW,
    (State.QUESTIONED, Act.RETURN, Role.SCHEME): State.RETURNED,
    (State.IN_REVIEW, Act.SIGN, Role.EVALUATOR): State.SIGNED,
    (State.SIGNED, Act.SEND_BACK, Role.BODY): State.IN_REVIEW,
    (State.SIGNED, Act.ISSUE, Role.BODY): State.ISSUED,
    (State.ISSUED, Act.CONVENE, Role.SCHEME): State.PANEL,
    (State.PANEL, Act.DECLARE_CONFLICT, Role.EXPERT): State.PANEL,
    (State.PANEL, Act.VOTE, Role.EXPERT): State.PANEL,
    (State.PANEL, Act.MINUTE, Role.SCHEME): State.PANEL,
    (State.PANEL, Act.CONVENE, Role.SCHEME): State.PANEL,
    (State.PANEL, Act.DECIDE, Role.SCHEME): State.DECIDED,
    (State.DECIDED, Act.APPEAL, Role.PARK): State.APPEALED,
    (State.APPEALED, Act.DECIDE_APPEAL, Role.SCHEME): State.APPEAL_DECIDED,
    **{
        (state, Act.WITHDRAW, Role.PARK): State.WITHDRAWN
        for state in (State.SUBMITTED, State.ACCEPTED, *_AT_WORK, State.SIGNED, State.ISSUED)
    },
}

ENDS = frozenset({State.RETURNED, State.WITHDRAWN, State.APPEAL_DECIDED})

WAY: tuple[tuple[State, ...], ...] = (
    (State.SUBMITTED, State.RETURNED),
    (State.ACCEPTED,),
    _AT_WORK,
    (State.SIGNED,),
    (State.ISSUED,),
    (State.PANEL,),
    (State.DECIDED, State.APPEALED, State.APPEAL_DECIDED),
)
"""The steps as a person sees them on the way, each with the states that belong to it."""

AWAITED: dict[State, tuple[Act, ...]] = {
    State.SUBMITTED: (Act.ACCEPT, Act.RETURN),
    State.ACCEPTED: (Act.DECLARE, Act.BEGIN),
    State.IN_REVIEW: (Act.FIND, Act.SIGN),
    State.QUESTIONED: (Act.RESUBMIT,),
    State.RESUBMITTED: (Act.SETTLE, Act.RESUME),
    State.SIGNED: (Act.ISSUE, Act.SEND_BACK),
    State.ISSUED: (Act.CONVENE,),
    State.PANEL: (Act.VOTE, Act.MINUTE, Act.DECIDE),
    State.APPEALED: (Act.DECIDE_APPEAL,),
}
"""What a state waits for: whoever may do it has the ball."""


def find_next(state: State, act: Act, role: Role) -> State | None:
    """The state that `act` by `role` leads to; None if it is not in the table."""
    return TABLE.get((state, act, role))


def find_acts(state: State, roles: Iterable[Role]) -> tuple[Act, ...]:
    """What someone with `roles` may do now, in the order of the table."""
    held = set(roles)
    return tuple(dict.fromkeys(act for (at, act, role) in TABLE if at is state and role in held))


def find_roles(state: State, act: Act) -> frozenset[Role]:
    """Who may do `act` in `state`."""
    return frozenset(role for (at, done, role) in TABLE if at is state and done is act)


def find_acting(act: Act) -> frozenset[Role]:
    """Who may do `act` in any state."""
    return frozenset(role for (_, done, role) in TABLE if done is act)


def find_awaited(state: State, *, is_answered: bool = False) -> frozenset[Role]:
    """Whose turn it is; nobody's when the review has come to its end (a decision may still be appealed).

    `is_answered`: every open question has its answer, so that the evaluators may settle them, or the park
    hands in a mended version.
    """
    acts = AWAITED.get(state, ())
    if state is State.QUESTIONED and is_answered:
        acts = (*acts, Act.SETTLE)
    return frozenset(role for act in acts for role in find_roles(state, act))


def find_way(state: State) -> Iterator[tuple[tuple[State, ...], str]]:
    """The steps with `done`, `now` or `next` each; a review that ended early stops where it ended."""
    at = next((i for i, states in enumerate(WAY) if state in states), None)
    for i, states in enumerate(WAY):
        yield states, "next" if at is None or i > at else "now" if i == at else "done"
