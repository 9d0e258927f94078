"""The plan's template and the rules of tasks: tables and functions without a database."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lingtan_data
from lingtan.documents import parse_document, validate
from lingtan_web.process.template import NOT_FOUND, Process, compute_due_days, load_process
from lingtan_web.process.words import ACT_WORDS, EVENT_WORDS, STATE_TAGS, STATE_WORDS
from lingtan_web.process.workflow import (
    EVALUATION,
    FINISHED,
    LED_BY,
    MAY,
    MOVES,
    NEEDS_REASON,
    UNFINISHED,
    Act,
    Duty,
    Standing,
    State,
    Who,
    can,
    find_acts,
    find_standings,
    is_owner,
    is_possible,
)  # fmt: skip
from lingtan_web.roles import Role

FILE = lingtan_data.path("process", "creation.yaml")
PHASES = ["preparation", "implementation", EVALUATION]


def test_the_phases_are_those_of_the_explanation_and_what_it_does_not_say_is_not_found() -> None:
    process = load_process()
    assert [phase.id for phase in process.phases] == PHASES
    assert [phase.zh for phase in process.phases] == ["准备阶段", "实施阶段", "评价提升阶段"]
    assert {phase.basis for phase in process.phases} == {"standard"}
    assert (process.annex, process.annex_steps) == (NOT_FOUND, NOT_FOUND)
    assert (process.span_basis, process.owner_basis) == ("operator-set", "operator-set")


def test_no_step_claims_to_be_of_the_standard_and_what_has_no_clause_is_ours() -> None:
    for _, step in load_process().steps:
        expected = "operator-set" if step.clause == NOT_FOUND else "inferred"
        assert step.basis == expected, step.id


def test_every_chapter_that_asks_something_of_a_park_is_in_the_plan() -> None:
    clauses = {part.strip() for _, step in load_process().steps for part in step.clause.split(";")}
    assert clauses >= {"4", "5", "6.1", "6.2", "6.3", "6.4", "6.5", "7.1", "7.2", "8.1 ~ 8.3"}


def test_every_role_has_a_step_and_outsiders_have_theirs_in_the_evaluation() -> None:
    steps = list(load_process().steps)
    assert {step.owner for _, step in steps} == set(Role)
    for phase, step in steps:
        if step.owner in (Role.BODY, Role.EVALUATOR, Role.EXPERT):
            assert phase.id == EVALUATION


def test_a_step_is_due_its_span_after_the_last_of_those_before_it() -> None:
    due = compute_due_days(load_process(), date(2026, 1, 1))
    assert due["boundary"] == date(2026, 1, 15)  # 14 days
    assert due["enterprise_data"] == date(2026, 3, 1)  # and 45
    assert due["metering"] == date(2026, 3, 16)  # and 60: the later of the two before the inventory
    assert due["inventory"] == date(2026, 4, 15)  # and 30
    assert set(due) == {step.id for _, step in load_process().steps}


def _changed(old: str, new: str) -> list[str]:
    text = Path(FILE).read_text("utf-8")
    assert old in text
    document, faults = parse_document(text.replace(old, new, 1).encode(), "creation.yaml")
    assert document is not None and not faults
    record, faults = validate(document, Process)
    assert record is None
    return [fault.code for fault in faults]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("owner: park", "owner: mayor", "document.bad-value"),
        ("days: 30", "days: 0", "document.bad-value"),
        ("days: 30", "spann: 30", "document.unknown-key"),
        ("after: [boundary]", "after: [decision]", "document.bad-value"),
        ("- id: boundary", "- id: organisation", "document.bad-value"),
        ("registers: [checklists]", "registers: [no_such_table]", "document.bad-value"),
        ("annex: not found\n", "", "document.missing-key"),
    ],
)
def test_a_wrong_template_is_refused(old: str, new: str, code: str) -> None:
    assert code in _changed(old, new)


# The table of moves, by hand: rows are states, columns start, finish, drop, reopen.
TABLE = {
    State.OPEN: (State.IN_PROGRESS, State.DONE, State.DROPPED, None),
    State.IN_PROGRESS: (None, State.DONE, State.DROPPED, None),
    State.REOPENED: (State.IN_PROGRESS, State.DONE, State.DROPPED, None),
    State.DONE: (None, None, None, State.REOPENED),
    State.DROPPED: (None, None, None, State.REOPENED),
}


@pytest.mark.parametrize("state", list(State))
def test_the_moves_are_those_of_the_table(state: State) -> None:
    for act, to in zip((Act.START, Act.FINISH, Act.DROP, Act.REOPEN), TABLE[state], strict=True):
        assert is_possible(act, state) == (to is not None)
        if to is not None:
            assert MOVES[act][1] is to


def test_tables_are_complete() -> None:
    assert set(MAY) == set(ACT_WORDS) == set(EVENT_WORDS) == set(Act)
    assert set(STATE_WORDS) == set(STATE_TAGS) == set(State) == UNFINISHED | FINISHED
    assert set(LED_BY) == set(Role)
    assert {Act.DROP, Act.REOPEN} == NEEDS_REASON


roles = st.frozensets(st.sampled_from(Role))
years = st.sampled_from([2024, 2025])
numbers = st.integers(1, 3)
pairs = st.frozensets(st.tuples(numbers, years), max_size=3)
whos = st.builds(Who, numbers, roles, st.frozensets(numbers), pairs, pairs)
duties = st.builds(
    Duty, st.sampled_from(Role), st.sampled_from(PHASES), years, st.none() | numbers, st.none() | numbers
)


@given(whos, duties, st.lists(st.sampled_from(Act), max_size=8))
@settings(max_examples=400)
def test_whatever_is_tried_in_any_order_only_the_side_of_a_task_moves_it(
    who: Who, duty: Duty, tried: list[Act]
) -> None:
    standings, state = find_standings(who, duty), State.OPEN
    for act in tried:
        if not can(act, state, standings):
            continue
        assert act in find_acts(state, standings)
        # by hand: the owner's part, or the part that leads it; only leaders drop, assign, move the day
        assert duty.role in who.roles or LED_BY[duty.role] in who.roles or act is Act.COMMENT
        if act in (Act.DROP, Act.ASSIGN, Act.RESCHEDULE):
            assert LED_BY[duty.role] in who.roles
        if act in MOVES:
            assert state in MOVES[act][0]
            state = MOVES[act][1]
    if not standings:
        assert state is State.OPEN


@given(whos, duties)
@settings(max_examples=400)
def test_outsiders_see_their_own_tasks_only(who: Who, duty: Duty) -> None:
    if who.roles & {Role.PARK, Role.SCHEME}:
        assert Standing.WATCHER in find_standings(who, duty)
        return
    if not find_standings(who, duty):
        return
    assert duty.role in who.roles or (duty.role is Role.EVALUATOR and Role.BODY in who.roles)
    if duty.role is Role.ENTERPRISE:
        assert duty.organisation in who.tenants
    else:
        assert duty.phase == EVALUATION
    if duty.role is Role.EVALUATOR and Role.BODY not in who.roles:
        assert any(year == duty.year for _, year in who.evaluated)
        assert duty.person in (None, who.person)


@given(whos, duties)
@settings(max_examples=400)
def test_who_owns_a_task_sees_it(who: Who, duty: Duty) -> None:
    if is_owner(who, duty):
        assert {Standing.OWNER, Standing.WATCHER} <= find_standings(who, duty)


def test_a_colleague_of_an_enterprise_looks_on_and_a_neighbour_sees_nothing() -> None:
    duty = Duty(Role.ENTERPRISE, "preparation", 2024, organisation=7, person=1)
    colleague = Who(2, frozenset([Role.ENTERPRISE]), frozenset([7]))
    neighbour = Who(1, frozenset([Role.ENTERPRISE]), frozenset([8]))
    assert find_standings(colleague, duty) == {Standing.WATCHER}
    assert find_acts(State.OPEN, find_standings(colleague, duty)) == (Act.COMMENT,)
    assert find_standings(neighbour, duty) == frozenset()


def test_the_scheme_does_not_close_what_the_park_has_to_do_nor_the_park_what_evaluators_do() -> None:
    scheme, park = Who(1, frozenset([Role.SCHEME])), Who(2, frozenset([Role.PARK]))
    of_park, of_evaluator = Duty(Role.PARK, EVALUATION, 2024), Duty(Role.EVALUATOR, EVALUATION, 2024)
    assert find_acts(State.OPEN, find_standings(scheme, of_park)) == (Act.COMMENT,)
    assert find_acts(State.OPEN, find_standings(park, of_evaluator)) == (Act.COMMENT,)
