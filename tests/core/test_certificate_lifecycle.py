"""The life of a certificate: each rule by hand, and years of it as a state machine."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import lingtan as lt
from lingtan.certificate.lifecycle.records import (
    Decided,
    Event,
    Exited,
    Extended,
    Heard,
    Life,
    Opened,
    Reinstated,
    Replaced,
    Surveyed,
    Terms,
    find_grounds,
    read_terms,
)
from lingtan.certificate.lifecycle.rules import (
    add_months,
    check_event,
    find_standing,
    is_published,
    last_day,
    record_event,
    state_on,
)
from lingtan.certificate.lifecycle.watching import Observed, find_dates, watch
from lingtan.errors import EditionError, LingtanError

TERMS = Terms(36, 12, 60, 180, 15)
"""Of standard.md: three years, every twelve months, 60 days late, 180 days to cure; 15 days to be heard."""
BEGIN = date(2026, 3, 1)
LIFE = Life(BEGIN, date(2029, 2, 28), TERMS)
DAY = timedelta(days=1)


def lived(*events: Event) -> Life:
    life = LIFE
    for event in events:
        life = record_event(life, event)
    return life


def refused(life: Life, event: Event) -> set[str]:
    return {one.code for one in check_event(life, event)}


def test_the_terms_are_the_editions() -> None:
    edition = lt.load_edition("sh-seesa-zctp-2024")
    assert read_terms(edition) == TERMS
    without = edition.model_copy(
        update={"lifecycle": {k: v for k, v in edition.lifecycle.items() if k != "cure_period"}}
    )
    with pytest.raises(EditionError) as caught:
        read_terms(without)
    assert caught.value.faults[0].code == "certificate.no-term"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 1), 12, date(2027, 3, 1)), (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 1, 31), 13, date(2028, 2, 29)), (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)  # fmt: skip
def test_months_end_with_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_three_years_end_the_day_before() -> None:
    assert last_day(BEGIN, TERMS) == date(2029, 2, 28)


def test_a_missed_surveillance_suspends_after_sixty_days() -> None:
    """Due on 2027-03-01; 60 days later is 2027-04-30."""
    assert state_on(LIFE, date(2027, 3, 1)) == "valid"
    assert state_on(LIFE, date(2027, 4, 30)) == "valid"
    assert state_on(LIFE, date(2027, 5, 1)) == "suspended"
    assert state_on(lived(Surveyed(date(2027, 4, 30))), date(2027, 5, 1)) == "valid"


def test_a_surveillance_made_late_lifts_what_lateness_did() -> None:
    life = lived(Surveyed(date(2027, 6, 1)))
    assert state_on(life, date(2027, 5, 31)) == "suspended"
    assert state_on(life, date(2027, 6, 1)) == "valid"
    assert find_standing(life).due == date(2028, 6, 1)


def test_an_extension_moves_the_day() -> None:
    life = lived(Extended(date(2027, 2, 1), date(2027, 4, 1)))
    assert state_on(life, date(2027, 5, 31)) == "valid"
    assert state_on(life, date(2027, 6, 1)) == "suspended"
    for until in (date(2027, 3, 1), date(2029, 3, 1)):
        assert refused(LIFE, Extended(date(2027, 2, 1), until)) == {"certificate.extension-wrong"}


def test_no_surveillance_is_due_after_the_last_day() -> None:
    life = lived(Surveyed(date(2027, 3, 1)), Surveyed(date(2028, 3, 1)))
    assert find_standing(life).due == date(2029, 2, 28)
    assert state_on(life, date(2029, 2, 28)) == "valid"


def test_a_decision_waits_for_the_hearing_or_its_end() -> None:
    """Opened on 2026-06-01, fifteen days to be heard until the 16th: from the 17th on."""
    life = lived(Opened(date(2026, 6, 1), 1, "gate_failed"))
    withdraw = Decided(date(2026, 6, 16), 1, "withdraw")
    assert refused(life, withdraw) == {"certificate.not-heard"}
    assert refused(life, replace(withdraw, on=date(2026, 6, 17))) == set()
    heard = record_event(life, Heard(date(2026, 6, 5), 1))
    assert refused(heard, replace(withdraw, on=date(2026, 6, 5))) == set()
    assert refused(heard, Heard(date(2026, 6, 6), 1)) == {"certificate.heard-already"}
    gone = record_event(heard, replace(withdraw, on=date(2026, 6, 5)))
    assert state_on(gone, date(2026, 6, 4)) == "valid"
    assert state_on(gone, date(2026, 6, 5)) == "withdrawn"


def test_a_case_may_be_dismissed_at_once() -> None:
    life = lived(Opened(date(2026, 6, 1), 1, "incident"), Decided(date(2026, 6, 1), 1, "dismiss"))
    assert state_on(life, date(2026, 6, 2)) == "valid"
    assert refused(life, Decided(date(2026, 6, 30), 1, "withdraw")) == {"certificate.no-open-case"}
    assert refused(life, Heard(date(2026, 6, 2), 1)) == {"certificate.no-open-case"}
    assert refused(life, Opened(date(2026, 6, 2), 3, "incident")) == {"certificate.case-number"}


def test_a_ground_carries_what_it_can() -> None:
    life = lived(Opened(date(2026, 6, 1), 1, "coverage_fell"), Heard(date(2026, 6, 2), 1))
    assert refused(life, Decided(date(2026, 6, 3), 1, "withdraw")) == {"certificate.ground-too-weak"}
    assert refused(life, Opened(date(2026, 6, 3), 2, "coverage_fell")) == {"certificate.case-open"}
    assert refused(life, Opened(date(2026, 6, 3), 2, "rumour")) == {"certificate.no-ground"}


def test_a_suspension_is_cured_or_ends_the_certificate() -> None:
    """Suspended on 2026-06-02; 180 days to cure end on 2026-11-29."""
    life = lived(
        Opened(date(2026, 6, 1), 1, "incident"),
        Heard(date(2026, 6, 2), 1),
        Decided(date(2026, 6, 2), 1, "suspend"),
    )
    assert state_on(life, date(2026, 6, 2)) == "suspended"
    assert state_on(record_event(life, Reinstated(date(2026, 8, 1))), date(2026, 8, 1)) == "valid"
    late = record_event(life, Opened(date(2026, 11, 1), 2, "not_cured"))
    assert refused(late, Decided(date(2026, 11, 29), 2, "withdraw")) == {"certificate.still-curable"}
    assert refused(late, Decided(date(2026, 11, 30), 2, "withdraw")) == set()
    assert refused(LIFE, Reinstated(date(2026, 8, 1))) == {"certificate.not-suspended"}


def test_no_reinstatement_without_the_surveillance() -> None:
    life = lived(
        Opened(date(2027, 5, 1), 1, "surveillance_late"), Heard(date(2027, 5, 2), 1),
        Decided(date(2027, 5, 2), 1, "suspend"),
    )  # fmt: skip
    assert refused(life, Reinstated(date(2027, 6, 1))) == {"certificate.surveillance-missing"}
    surveyed = record_event(life, Surveyed(date(2027, 6, 1)))
    assert state_on(surveyed, date(2027, 6, 1)) == "suspended"
    assert refused(surveyed, Reinstated(date(2027, 6, 1))) == set()


def test_a_level_changes_by_a_new_certificate() -> None:
    life = lived(Opened(date(2027, 3, 1), 1, "score_band"), Heard(date(2027, 3, 2), 1))
    assert refused(life, Decided(date(2027, 3, 2), 1, "supersede")) == {"certificate.no-successor"}
    assert refused(life, Decided(date(2027, 3, 2), 1, "withdraw", "LZC-2")) == {"certificate.no-successor"}
    gone = record_event(life, Decided(date(2027, 3, 2), 1, "supersede", "LZC-2"))
    assert state_on(gone, date(2027, 3, 2)) == "superseded"


@pytest.mark.parametrize(
    ("event", "state"),
    [(Exited(date(2026, 9, 1)), "exited"), (Replaced(date(2026, 9, 1), "N"), "superseded")],
)
def test_what_ends_it_ends_it(event: Event, state: str) -> None:
    life = lived(event)
    assert state_on(life, date(2026, 8, 31)) == "valid"
    assert state_on(life, date(2026, 9, 1)) == state
    assert refused(life, Surveyed(date(2026, 9, 2))) == {"certificate.ended"}


def test_events_stand_in_order_and_within_the_days() -> None:
    life = lived(Surveyed(date(2027, 3, 1)))
    assert refused(life, Surveyed(date(2027, 2, 28))) == {"certificate.out-of-order"}
    assert refused(LIFE, Surveyed(date(2026, 2, 28))) == {"certificate.out-of-order"}
    assert refused(life, Surveyed(date(2029, 3, 1))) == {"certificate.expired"}
    with pytest.raises(LingtanError):
        find_standing(replace(life, events=(*life.events, Surveyed(date(2026, 1, 1)))))


def test_watching_proposes_and_does_nothing() -> None:
    observed = Observed(("boundary",), 1, ("C1.1",), Decimal("70"), Decimal("80"), 3, 4)
    seen = watch(LIFE, observed, date(2026, 6, 1))
    assert {one.ground for one in seen} == {
        "gate_failed", "incident", "constraint_lost", "coverage_fell", "score_band",
    }  # fmt: skip
    assert watch(LIFE, Observed(), date(2026, 6, 1)) == ()
    assert watch(LIFE, Observed(coverage=Decimal(80), least_coverage=Decimal(80)), BEGIN) == ()
    opened = lived(Opened(date(2026, 6, 1), 1, "incident"))
    assert "incident" not in {one.ground for one in watch(opened, observed, date(2026, 6, 2))}
    assert watch(lived(Exited(date(2026, 6, 1))), observed, date(2026, 6, 2)) == ()


def test_watching_the_calendar() -> None:
    assert watch(LIFE, Observed(), date(2027, 4, 30)) == ()
    assert [one.ground for one in watch(LIFE, Observed(), date(2027, 5, 1))] == ["surveillance_late"]
    grounds = [one.ground for one in watch(LIFE, Observed(), date(2027, 10, 29))]  # 2027-05-01 and 181 days
    assert grounds == ["surveillance_late", "not_cured"]


def test_every_ground_that_is_watched_can_be_seen() -> None:
    watched = {name for name, one in find_grounds().items() if one.watch}
    assert watched == {
        "gate_failed", "incident", "constraint_lost", "coverage_fell", "score_band", "surveillance_late",
        "not_cured",
    }  # fmt: skip


def test_the_days_ahead() -> None:
    life = lived(Opened(date(2026, 6, 1), 1, "incident"))
    assert [(one.on, one.what) for one in find_dates(life)] == [
        (date(2026, 6, 16), "hearing"), (date(2027, 3, 1), "surveillance"), (date(2027, 4, 30), "lapse"),
        (date(2029, 2, 28), "expiry"),
    ]  # fmt: skip


def test_the_public_is_told_of_a_case_once_it_went_against_the_park() -> None:
    opened, heard = Opened(date(2026, 6, 1), 1, "incident"), Heard(date(2026, 6, 2), 1)
    life = lived(opened, heard)
    assert not is_published(life, opened)
    dismissed = Decided(date(2026, 6, 3), 1, "dismiss")
    assert not any(is_published(record_event(life, dismissed), one) for one in (opened, heard, dismissed))
    suspended = Decided(date(2026, 6, 3), 1, "suspend")
    assert all(is_published(record_event(life, suspended), one) for one in (opened, heard, suspended))
    assert is_published(lived(Surveyed(date(2027, 3, 1))), Surveyed(date(2027, 3, 1)))


class Years(RuleBasedStateMachine):
    """A scheme that tries everything, day after day, for years; a second account is kept by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.life, self.day = LIFE, BEGIN
        self.surveyed = BEGIN
        self.ended = ""
        self.opened: dict[int, tuple[str, date]] = {}
        self.heard: set[int] = set()
        self.decided: set[int] = set()

    @initialize()
    def begin(self) -> None:
        assert state_on(self.life, self.day) == "valid"

    def attempt(self, event: Event) -> bool:
        before = self.life
        if check_event(self.life, event):
            with pytest.raises(LingtanError):
                record_event(self.life, event)
            assert self.life == before
            return False
        self.life = record_event(self.life, event)
        return True

    @rule(days=st.integers(1, 120))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule()
    def survey(self) -> None:
        if self.attempt(Surveyed(self.day)):
            self.surveyed = self.day

    @rule(ground=st.sampled_from(sorted(find_grounds())), skip=st.booleans())
    def open(self, ground: str, skip: bool) -> None:
        number = len(self.opened) + 1 + skip
        if self.attempt(Opened(self.day, number, ground)):
            assert not skip
            self.opened[number] = (ground, self.day)

    @rule(case=st.integers(1, 6))
    def hear(self, case: int) -> None:
        if self.attempt(Heard(self.day, case)):
            self.heard.add(case)

    @rule(
        case=st.integers(1, 6),
        outcome=st.sampled_from(["dismiss", "suspend", "withdraw", "supersede"]),
        by=st.sampled_from([None, "LZC-2"]),
    )
    def decide(self, case: int, outcome: str, by: str | None) -> None:
        if not self.attempt(Decided(self.day, case, outcome, by)):  # type: ignore[arg-type]
            return
        assert case in self.opened
        assert case not in self.decided
        self.decided.add(case)
        if outcome != "dismiss":  # no decision against a park without ground and hearing
            ground, opened = self.opened[case]
            assert outcome in find_grounds()[ground].acts
            assert case in self.heard or self.day > opened + timedelta(days=15)
        if outcome in ("withdraw", "supersede"):
            self.ended = outcome

    @rule()
    def reinstate(self) -> None:
        self.attempt(Reinstated(self.day))

    @precondition(lambda self: self.day > BEGIN + timedelta(days=500))
    @rule()
    def leave(self) -> None:
        if self.attempt(Exited(self.day)):
            self.ended = "exit"

    @invariant()
    def nothing_is_valid_without_surveillance(self) -> None:
        state = state_on(self.life, self.day)
        if self.day <= self.life.valid_until and state == "valid":
            limit = add_months(self.surveyed, 12) + timedelta(days=60)
            assert self.day <= limit or self.life.valid_until <= limit

    @invariant()
    def what_has_ended_stays_so(self) -> None:
        state = state_on(self.life, self.day)
        expected = {"withdraw": "withdrawn", "supersede": "superseded", "exit": "exited"}
        assert (state == expected[self.ended]) if self.ended else state in ("valid", "suspended")

    @invariant()
    def the_past_does_not_change(self) -> None:
        for day in (BEGIN, self.surveyed - DAY):
            if day >= BEGIN:
                before = replace(self.life, events=tuple(e for e in self.life.events if e.on <= day))
                assert state_on(self.life, day) == state_on(before, day)


TestYears = Years.TestCase
TestYears.settings = settings(max_examples=60, stateful_step_count=60)
