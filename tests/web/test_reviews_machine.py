"""The review as a state machine: every role, every act, every order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lingtan.errors import fault
from lingtan_web.reviews.rules.experts import Ballot, Seat, count_votes
from lingtan_web.reviews.rules.guards import Facts, check_act
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.words import ACTS, ROLES, STATES, STEPS, words_of
from lingtan_web.reviews.workflow import (
    AWAITED,
    ENDS,
    TABLE,
    WAY,
    Act,
    State,
    find_acting,
    find_acts,
    find_awaited,
    find_next,
    find_roles,
    find_way,
)
from lingtan_web.roles import Role

TERMS = load_review_terms().terms
START = date(2026, 3, 2)
PARK, EVE, ADAM, BODY, SCHEME, CHIEF = 1, 2, 3, 4, 5, 6
EXPERTS = (11, 12, 13, 14, 15)
PEOPLE = (PARK, EVE, ADAM, BODY, SCHEME, CHIEF, *EXPERTS)
LACKING = fault("review.finding-lacking", code="A1.1", name_zh="甲", name_en="a")


def test_every_state_act_and_role_has_words() -> None:
    assert set(STATES) == set(State)
    assert set(ACTS) == set(Act)
    assert set(ROLES) == set(Role)
    assert len(STEPS) == len(WAY)
    assert words_of(State.PANEL)[1] == "before the expert panel"


def test_every_state_is_reached_and_every_act_is_somebody_s() -> None:
    assert set(TABLE.values()) == set(State) - {State.DRAFT}
    assert {act for _, act, _ in TABLE} == set(Act)
    assert not any(state in ENDS for state, _, _ in TABLE), "nothing follows an end"
    assert all(any(state is at for at, _, _ in TABLE) for state in set(State) - ENDS)


def test_enterprises_and_the_public_have_no_part() -> None:
    assert not any(role is Role.ENTERPRISE for _, _, role in TABLE)
    assert find_acts(State.PANEL, []) == ()


def test_each_side_keeps_to_its_duty() -> None:
    assert find_acting(Act.SUBMIT) == find_acting(Act.APPEAL) == {Role.PARK}
    assert find_acting(Act.FIND) == find_acting(Act.SIGN) == {Role.EVALUATOR}
    assert find_acting(Act.ISSUE) == {Role.BODY}
    assert find_acting(Act.VOTE) == {Role.EXPERT}
    assert find_acting(Act.DECIDE) == find_acting(Act.DECIDE_APPEAL) == {Role.SCHEME}
    assert find_roles(State.QUESTIONED, Act.ANSWER) == {Role.PARK, Role.EVALUATOR}


def test_who_has_the_ball() -> None:
    assert find_awaited(State.QUESTIONED) == {Role.PARK}
    assert find_awaited(State.QUESTIONED, is_answered=True) == {Role.PARK, Role.EVALUATOR}
    assert find_awaited(State.SIGNED) == {Role.BODY}
    assert find_awaited(State.DECIDED) == frozenset()
    assert find_awaited(State.PANEL) == {Role.EXPERT, Role.SCHEME}
    assert all(
        (state, act) in {(s, a) for s, a, _ in TABLE} for state, acts in AWAITED.items() for act in acts
    )


def test_the_way_tells_done_now_and_next() -> None:
    assert [mark for _, mark in find_way(State.QUESTIONED)] == ["done", "done", "now", *["next"] * 4]
    assert [mark for _, mark in find_way(State.DRAFT)] == ["next"] * 7
    assert [mark for _, mark in find_way(State.WITHDRAWN)] == ["next"] * 7


@pytest.mark.parametrize("state", State)
def test_what_the_table_does_not_list_is_refused(state: State) -> None:
    for act, role in itertools.product(Act, Role):
        faults = check_act(act, role, PARK, Facts(state, START), TERMS)
        if (state, act, role) not in TABLE:
            code = "review.not-your-act" if find_roles(state, act) else "review.not-now"
            assert [one.code for one in faults] == [code]
            assert faults[0].context["act_zh"] == ACTS[act][0]
        else:
            assert not {one.code for one in faults} & {"review.not-your-act", "review.not-now"}


STORY: tuple[tuple[Act, Role, int], ...] = (
    (Act.SUBMIT, Role.PARK, PARK),
    (Act.ACCEPT, Role.SCHEME, SCHEME),
    (Act.DECLARE, Role.EVALUATOR, EVE),
    (Act.DECLARE, Role.EVALUATOR, ADAM),
    (Act.BEGIN, Role.EVALUATOR, EVE),
    (Act.ASK, Role.EVALUATOR, EVE),
    (Act.ANSWER, Role.PARK, PARK),
    (Act.RESUBMIT, Role.PARK, PARK),
    (Act.SETTLE, Role.EVALUATOR, EVE),
    (Act.RESUME, Role.EVALUATOR, EVE),
    (Act.VISIT, Role.EVALUATOR, EVE),
    (Act.FIND, Role.EVALUATOR, EVE),
    (Act.SIGN, Role.EVALUATOR, EVE),
    (Act.SEND_BACK, Role.BODY, BODY),
    (Act.SIGN, Role.EVALUATOR, ADAM),
    (Act.ISSUE, Role.BODY, BODY),
    (Act.CONVENE, Role.SCHEME, SCHEME),
    *((Act.DECLARE_CONFLICT, Role.EXPERT, expert) for expert in EXPERTS),
    *((Act.VOTE, Role.EXPERT, expert) for expert in EXPERTS),
    (Act.MINUTE, Role.SCHEME, SCHEME),
    (Act.DECIDE, Role.SCHEME, SCHEME),
    (Act.APPEAL, Role.PARK, PARK),
    (Act.DECIDE_APPEAL, Role.SCHEME, CHIEF),
)


class Review(RuleBasedStateMachine):
    """Plays a review: anyone tries anything at any time; what is allowed happens to the facts.

    It sets out from any point of a good story, so that every state is tried from.
    """

    @initialize(steps=st.integers(0, len(STORY)))
    def start(self, steps: int) -> None:
        self.begin()
        for act, role, person in STORY[:steps]:
            self.perform(act, role, person, True)
        assert len(self.done) == steps, "the good story is allowed from end to end"

    def begin(self) -> None:
        self.facts = Facts(
            State.DRAFT, START, has_mandate=True, evaluators=frozenset({EVE, ADAM}), incomplete=(LACKING,)
        )
        self.done: list[tuple[State, Act, Role, State]] = []

    @rule(
        act=st.sampled_from(Act),
        role=st.sampled_from(Role),
        person=st.sampled_from(PEOPLE),
        yes=st.booleans(),
    )
    def attempt(self, act: Act, role: Role, person: int, yes: bool) -> None:
        self.perform(act, role, person, yes)

    @rule(person=st.sampled_from(PEOPLE), pick=st.randoms(use_true_random=False), yes=st.booleans())
    def go_on(self, person: int, pick: object, yes: bool) -> None:
        """Something the table lists, so that the play gets far."""
        listed = sorted((act, role) for state, act, role in TABLE if state is self.facts.state)
        if listed:
            act, role = pick.choice(listed)  # type: ignore[attr-defined]
            self.perform(act, role, person, yes)

    @rule(days=st.sampled_from([1, 14, 15, 16, 20, 21, 400]))
    def wait(self, days: int) -> None:
        self.facts = replace(self.facts, today=self.facts.today + timedelta(days=days))

    @rule(mandate=st.booleans())
    def mandate(self, mandate: bool) -> None:
        self.facts = replace(self.facts, has_mandate=mandate)

    def perform(self, act: Act, role: Role, person: int, yes: bool) -> None:
        before = self.facts
        if check_act(act, role, person, before, TERMS):
            return
        after = find_next(before.state, act, role)
        assert after is not None, "an allowed act stands in the table"
        self.check_deed(act, person, before)
        effect = EFFECTS.get(act, lambda facts, person, yes: facts)
        self.facts = replace(effect(before, person, yes), state=after)
        self.done.append((before.state, act, role, after))

    def check_deed(self, act: Act, person: int, facts: Facts) -> None:
        """The promises, told by the history and not by the guards."""
        acts = [done for _, done, _, _ in self.done]
        tally = count_votes(facts.seats, TERMS)
        if act is Act.DECIDE:
            assert Act.ISSUE in acts and Act.MINUTE in acts
            assert tally.approve + tally.refuse + tally.abstain >= 4, "two thirds of five, rounded up"
        if act is Act.SIGN:
            assert Act.VISIT in acts and Act.FIND in acts and person in facts.free
            assert not facts.questions
        if act is Act.ISSUE:
            assert person not in (EVE, ADAM)
        if act is Act.APPEAL:
            assert facts.decided_on is not None
            assert (facts.today - facts.decided_on).days <= 15
        if act is Act.DECIDE_APPEAL:
            assert person != facts.decided_by
        if act is Act.RETURN and facts.state is State.QUESTIONED:
            assert facts.asked_on is not None and (facts.today - facts.asked_on).days > 20

    @invariant()
    def only_listed_transitions_happened(self) -> None:
        assert all(TABLE[(before, act, role)] is after for before, act, role, after in self.done)

    @invariant()
    def nothing_is_decided_without_statement_and_panel(self) -> None:
        if self.facts.state in (State.DECIDED, State.APPEALED, State.APPEAL_DECIDED):
            states = [after for _, _, _, after in self.done]
            assert State.SIGNED in states and State.ISSUED in states and State.PANEL in states

    @invariant()
    def an_end_is_an_end(self) -> None:
        assert sum(after in ENDS for _, _, _, after in self.done) <= 1


def _ask(facts: Facts, person: int, yes: bool) -> Facts:
    return replace(facts, questions={**facts.questions, len(facts.questions): False}, asked_on=facts.today)


def _answer(facts: Facts, person: int, yes: bool) -> Facts:
    return replace(facts, questions=dict.fromkeys(facts.questions, person == PARK))


def _declare_conflict(facts: Facts, person: int, yes: bool) -> Facts:
    seats = (replace(seat, is_free=yes) if seat.expert == person else seat for seat in facts.seats)
    return replace(facts, seats=tuple(seats))


def _vote(facts: Facts, person: int, yes: bool) -> Facts:
    ballot = Ballot.APPROVE if yes else Ballot.REFUSE
    seats = (replace(seat, ballot=ballot) if seat.expert == person else seat for seat in facts.seats)
    return replace(facts, seats=tuple(seats))


EFFECTS: dict[Act, Callable[[Facts, int, bool], Facts]] = {
    Act.DECLARE: lambda f, p, yes: replace(
        f, declared=f.declared | {p}, free=f.free | {p} if yes else f.free
    ),
    Act.FIND: lambda f, p, yes: replace(f, incomplete=() if yes else (LACKING,)),
    Act.VISIT: lambda f, p, yes: replace(f, visits=f.visits + 1),
    Act.ASK: _ask,
    Act.ANSWER: _answer,
    Act.SETTLE: lambda f, p, yes: replace(f, questions={}),
    Act.SIGN: lambda f, p, yes: replace(f, has_statement=True, signers=frozenset({p})),
    Act.SEND_BACK: lambda f, p, yes: replace(f, has_statement=False, signers=frozenset()),
    Act.CONVENE: lambda f, p, yes: replace(f, seats=tuple(Seat(one) for one in EXPERTS), has_minutes=False),
    Act.DECLARE_CONFLICT: _declare_conflict,
    Act.VOTE: _vote,
    Act.MINUTE: lambda f, p, yes: replace(f, has_minutes=True),
    Act.DECIDE: lambda f, p, yes: replace(f, decided_on=f.today, decided_by=p),
}

TestReview = Review.TestCase
TestReview.settings = settings(max_examples=300, stateful_step_count=60, deadline=None)


def test_the_page_about_reviews_shows_the_table() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "concepts" / "review.md"
    rows = [
        line.strip("| ").split(" | ")
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    shown = {(State(at), Act(act), Role(role)): State(then) for at, role, act, then in rows[1:]}
    assert shown.items() <= TABLE.items()
    assert {act for _, act, _ in shown} == set(Act) - {Act.FIND, Act.VISIT, Act.WITHDRAW}
