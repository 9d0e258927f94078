"""What a person sees of a review and may do in it."""

from __future__ import annotations

from dataclasses import dataclass

from lingtan.standards import load_edition
from lingtan_web.reviews.queries.facts import STATED, Case, is_answered
from lingtan_web.reviews.words import STEPS
from lingtan_web.reviews.workflow import Act, State, find_acts, find_awaited, find_way
from lingtan_web.roles import Role

INSIDE = frozenset([Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.EXPERT])


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step on the way: `done`, `now` or `next`."""

    zh: str
    en: str
    mark: str


@dataclass(frozen=True)
class View:
    """A case as someone with `roles` sees it."""

    case: Case
    roles: frozenset[Role]
    user_id: int

    @property
    def edition_en(self) -> str:
        """The edition's English name, as it is shipped now."""
        return load_edition(self.case.submission.edition).en

    @property
    def way(self) -> list[Milestone]:
        """The steps done, the one now, the ones to come."""
        return [
            Milestone(*words, mark) for words, (_, mark) in zip(STEPS, find_way(self.case.state), strict=True)
        ]

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the person may do now, by state and role."""
        return find_acts(self.case.state, self.roles)

    @property
    def can(self) -> dict[str, bool]:
        """The same for templates: `can.issue`, `can.record_finding`."""
        return {act.value.replace("-", "_"): act in self.acts for act in Act}

    @property
    def _turn(self) -> frozenset[Role]:
        answered = all(is_answered(one) for one in self.case.open_questions)
        return find_awaited(self.case.state, is_answered=answered)

    @property
    def awaited(self) -> list[Role]:
        """Whose turn it is."""
        return [role for role in Role if role in self._turn]

    @property
    def is_mine(self) -> bool:
        """Whether it is this person's turn."""
        return bool(self._turn & self.roles)

    @property
    def sees_findings(self) -> bool:
        """The park sees findings once the statement is issued; the others always."""
        issued = STATED - {State.SIGNED}
        return bool(self.roles & INSIDE) or self.case.state in issued

    @property
    def sees_panel(self) -> bool:
        """Who sits on the panel is not told to the park before the decision."""
        return self.case.panel is not None and (bool(self.roles & INSIDE) or self.case.decision is not None)

    @property
    def sees_ballots(self) -> bool:
        """Single votes are for the scheme and the experts, and only once the vote is closed."""
        panel = self.case.panel
        is_closed = panel is not None and hasattr(panel, "minutes")
        return is_closed and bool(self.roles & {Role.SCHEME, Role.EXPERT})

    @property
    def own_seat(self) -> object | None:
        """The person's seat on the panel."""
        return next((seat for seat in self.case.seats if seat.expert_id == self.user_id), None)

    @property
    def own_independence(self) -> object | None:
        """The person's statement of independence."""
        return next((one for one in self.case.independence if one.by_id == self.user_id), None)

    @property
    def is_evaluator(self) -> bool:
        """Whether the mandate names the person."""
        return self.user_id in self.case.evaluators
