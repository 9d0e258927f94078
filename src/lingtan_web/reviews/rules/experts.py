"""The expert panel: seats, conflicts, quorum, outcome."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lingtan.errors import Fault, fault
from lingtan_web.reviews.rules.terms import Terms


class Ballot(StrEnum):
    """An expert's vote on the statement of the evaluation body."""

    APPROVE = "approve"
    REFUSE = "refuse"
    ABSTAIN = "abstain"


class Outcome(StrEnum):
    """What the panel comes to, and so the decision."""

    AWARD = "award"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Seat:
    """One expert: `is_free` None has not declared yet, False stepped down; `ballot` None has not voted."""

    expert: int
    is_free: bool | None = None
    ballot: Ballot | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How the panel stands. The quorum is counted over all seats, whoever stepped down."""

    seats: int
    recused: int
    approve: int
    refuse: int
    abstain: int
    needed: int

    @property
    def cast(self) -> int:
        """Votes given, abstentions among them."""
        return self.approve + self.refuse + self.abstain

    @property
    def open(self) -> int:
        """Seats that may still vote."""
        return self.seats - self.recused - self.cast

    @property
    def has_quorum(self) -> bool:
        """Whether enough of the seated experts voted."""
        return self.cast >= self.needed

    @property
    def can_reach_quorum(self) -> bool:
        """Whether those who did not step down are enough."""
        return self.seats - self.recused >= self.needed


def check_panel(experts: Collection[int], *, evaluators: Collection[int], terms: Terms) -> list[Fault]:
    """Enough experts, an odd number, each once, none of the evaluators."""
    least, count = terms.panel_seats.count, len(experts)
    faults = []
    if len(set(experts)) < count:
        faults.append(fault("review.panel-expert-twice"))
    if count < least:
        faults.append(fault("review.panel-too-small", count=count, least=least))
    if count % 2 == 0:
        faults.append(fault("review.panel-even", count=count))
    if set(experts) & set(evaluators):
        faults.append(fault("review.panel-evaluator"))
    return faults


def count_votes(seats: Collection[Seat], terms: Terms) -> Tally:
    """The tally; a vote of someone who stepped down does not count."""
    cast = [seat.ballot for seat in seats if seat.is_free]
    needed = -(-len(seats) * _share(terms.quorum_share.value) // 1)
    return Tally(
        seats=len(seats),
        recused=sum(seat.is_free is False for seat in seats),
        approve=cast.count(Ballot.APPROVE),
        refuse=cast.count(Ballot.REFUSE),
        abstain=cast.count(Ballot.ABSTAIN),
        needed=max(1, int(needed)),
    )


def _share(percent: object) -> Fraction:
    """A share as a simple fraction: 66.666… % of three is two, not a little more."""
    return Fraction(str(percent)).limit_denominator(1000) / 100


def find_outcome(tally: Tally, terms: Terms, *, meets: bool) -> Outcome:
    """Award when enough of the votes cast approve a statement that finds an award met, else refusal.

    The share is a lower bound, inclusive. `meets`: the statement finds the conditions of an award met.
    """
    reached = tally.approve >= tally.cast * _share(terms.approval_share.value)
    return Outcome.AWARD if meets and tally.cast and reached else Outcome.REFUSAL
