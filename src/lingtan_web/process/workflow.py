"""The life of a task, and who may do what with it: tables, and functions that read them.

Two sides work on a plan. What the park and its enterprises have to do is led by the park; what the
evaluation body, the experts and the scheme have to do is led by the body for its own people and by the
scheme for the rest. Nobody closes, drops or moves the tasks of the other side.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from enum import StrEnum

from lingtan_web.roles import Role

EVALUATION = "evaluation"


class State(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"
    REOPENED = "reopened"


class Act(StrEnum):
    """What a person does with a task."""

    START = "start"
    FINISH = "finish"
    DROP = "drop"
    REOPEN = "reopen"
    ASSIGN = "assign"
    RESCHEDULE = "reschedule"
    COMMENT = "comment"


UNFINISHED = frozenset([State.OPEN, State.IN_PROGRESS, State.REOPENED])
FINISHED = frozenset([State.DONE, State.DROPPED])

MOVES: dict[Act, tuple[frozenset[State], State]] = {
    Act.START: (frozenset([State.OPEN, State.REOPENED]), State.IN_PROGRESS),
    Act.FINISH: (UNFINISHED, State.DONE),
    Act.DROP: (UNFINISHED, State.DROPPED),
    Act.REOPEN: (FINISHED, State.REOPENED),
}
"""From which states an act leads to which."""

NEEDS_REASON = frozenset([Act.DROP, Act.REOPEN])

LED_BY: dict[Role, Role] = {
    Role.PARK: Role.PARK,
    Role.ENTERPRISE: Role.PARK,
    Role.BODY: Role.BODY,
    Role.EVALUATOR: Role.BODY,
    Role.EXPERT: Role.SCHEME,
    Role.SCHEME: Role.SCHEME,
}
"""Who leads the tasks of a part."""


class Standing(StrEnum):
    """What a person is to a task."""

    OWNER = "owner"
    LEADER = "leader"
    WATCHER = "watcher"


MAY: dict[Act, frozenset[Standing]] = {
    Act.START: frozenset([Standing.OWNER, Standing.LEADER]),
    Act.FINISH: frozenset([Standing.OWNER, Standing.LEADER]),
    Act.DROP: frozenset([Standing.LEADER]),
    Act.REOPEN: frozenset([Standing.OWNER, Standing.LEADER]),
    Act.ASSIGN: frozenset([Standing.LEADER]),
    Act.RESCHEDULE: frozenset([Standing.LEADER]),
    Act.COMMENT: frozenset(Standing),
}
"""Who may do what with a task they see."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Whose a task is: a part; of one organisation, if it is named; of one person, if they are named."""

    role: Role
    phase: str
    year: int
    organisation: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """A person at one park: roles, organisations by which they are tenant, and (body, year) of mandates."""

    person: int
    roles: Set[Role]
    tenants: Set[int] = field(default_factory=frozenset)
    led: Set[tuple[int, int]] = field(default_factory=frozenset)
    evaluated: Set[tuple[int, int]] = field(default_factory=frozenset)


def is_owner(who: Who, duty: Duty) -> bool:
    """Whether the task waits for this person."""
    return duty.person in (None, who.person) and _is_of(who, duty, duty.role)


def find_standings(who: Who, duty: Duty) -> frozenset[Standing]:
    """What the person is to the task; nothing: they do not see it. Colleagues of an enterprise look on."""
    is_colleague = duty.role is Role.ENTERPRISE and _is_of(who, duty, Role.ENTERPRISE)
    found = {Standing.WATCHER} if is_colleague or who.roles & {Role.PARK, Role.SCHEME} else set()
    if is_owner(who, duty):
        found |= {Standing.OWNER, Standing.WATCHER}
    if _is_of(who, duty, LED_BY[duty.role]):
        found |= {Standing.LEADER, Standing.WATCHER}
    return frozenset(found)


def _is_of(who: Who, duty: Duty, role: Role) -> bool:
    """Whether the person has `role` for this task."""
    if role not in who.roles:
        return False
    if role is Role.ENTERPRISE:
        return duty.organisation in who.tenants
    if role in (Role.PARK, Role.SCHEME):
        return True
    return duty.phase == EVALUATION and (role is Role.EXPERT or _has_mandate(who, duty, role))


def _has_mandate(who: Who, duty: Duty, role: Role) -> bool:
    mandates = who.led if role is Role.BODY else who.evaluated
    bodies = {body for body, year in mandates if year == duty.year}
    return bool(bodies) if duty.organisation is None else duty.organisation in bodies


def can(act: Act, state: State, standings: Set[Standing]) -> bool:
    """Whether a person may do this now."""
    return bool(MAY[act] & standings) and is_possible(act, state)


def is_possible(act: Act, state: State) -> bool:
    """Whether the state of a task allows the act, whoever does it."""
    if act in MOVES:
        return state in MOVES[act][0]
    return act is Act.COMMENT or state in UNFINISHED


def find_acts(state: State, standings: Set[Standing]) -> tuple[Act, ...]:
    """What a person may do with a task now, in the order of the table."""
    return tuple(act for act in Act if can(act, state, standings))
