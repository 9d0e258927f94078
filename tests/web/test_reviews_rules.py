"""Rules of the review, each limit at, just beyond and missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lingtan_data
from lingtan.documents import load_shipped, parse_document, validate
from lingtan.dossier.registers import registers
from lingtan.errors import Fault
from lingtan_web.reviews.rules.agreement import compute_agreement, find_band, pair_verdicts
from lingtan_web.reviews.rules.evaluators import (
    check_cap,
    check_declarations,
    check_rotation,
    check_ties,
    is_free,
)
from lingtan_web.reviews.rules.experts import (
    Ballot,
    Outcome,
    Seat,
    check_panel,
    count_votes,
    find_outcome,
)
from lingtan_web.reviews.rules.findings import (
    Finding,
    Subject,
    Verdict,
    check_finding,
    check_findings,
    find_first,
    find_result,
    is_same,
    read_number,
)
from lingtan_web.reviews.rules.guards import Facts, answer_until, appeal_until, check_act
from lingtan_web.reviews.rules.sampling import (
    build_sample,
    build_stakes,
    draw_rows,
    find_grades,
    grade_rows,
    spread_rows,
)
from lingtan_web.reviews.rules.terms import ReviewTerms, load_review_terms
from lingtan_web.reviews.workflow import Act, State
from lingtan_web.roles import Role

REVIEW = load_review_terms()
TERMS = REVIEW.terms
DAY = date(2026, 3, 2)
SHARE = Subject("A1.1", False, "占比", "share", "40.0", "%", "constraint", Decimal(3), Decimal(1))
GATE = Subject("working_system", True, "体系", "system", "yes", passed=True)
MISSING = replace(SHARE, code="A3.1", value=None)
NOT_APPLICABLE = replace(SHARE, code="A2.1", value=None, applies=False)


def codes(faults: list[Fault]) -> list[str]:
    return [one.code.removeprefix("review.") for one in faults]


# --- terms


def test_terms_have_a_basis_each_and_unknown_keys_are_refused() -> None:
    raw = lingtan_data.path("process", "review.yaml").read_bytes()
    document, faults = parse_document(raw + b"nonsense: 1\n", "review.yaml")
    assert document is not None and not faults
    record, faults = validate(document, ReviewTerms)
    assert record is None and [one.code for one in faults] == ["document.unknown-key"]
    assert {term.basis for _, term in TERMS} == {"operator-set", "precedent"}
    assert all(term.source for _, term in TERMS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("panel_seats: {value: 5", "panel_seats: {value: 4"),
        ("{from: 0.21,", "{from: 0.71,"),
        ("{from: -1,", "{from: -0.5,"),
    ],
)
def test_terms_must_be_coherent(old: str, new: str) -> None:
    text = lingtan_data.path("process", "review.yaml").read_text("utf-8")
    assert old in text
    document, _ = parse_document(text.replace(old, new).encode(), "review.yaml")
    assert document is not None
    record, faults = validate(document, ReviewTerms)
    assert record is None and faults


def test_sentences_carry_the_years() -> None:
    assert "3 年内" in REVIEW.sentence(REVIEW.independence["advice"], "zh")
    assert "within 3 years" in REVIEW.sentence(REVIEW.independence["advice"], "en")


# --- findings


def finding(verdict: Verdict, **more: object) -> Finding:
    return replace(Finding("A1.1", 7, verdict, seen="40.0"), **more)  # type: ignore[arg-type]


FULL = {"reasons": "抄表数与填报不符", "reference": "EV012 第 3 页"}


@pytest.mark.parametrize(
    ("given_", "subject", "expected"),
    [
        (finding(Verdict.ACCEPT), SHARE, []),
        (finding(Verdict.ACCEPT, value="40"), SHARE, []),
        (finding(Verdict.ACCEPT, value="40.1"), SHARE, ["accepted-another-value"]),
        (finding(Verdict.ACCEPT), MISSING, []),
        (finding(Verdict.ACCEPT), NOT_APPLICABLE, []),
        (finding(Verdict.CORRECT, value="38.5", **FULL), SHARE, []),
        (finding(Verdict.CORRECT, value="38.5", **FULL), MISSING, []),
        (finding(Verdict.CORRECT, value="40.00", **FULL), SHARE, ["corrected-to-same"]),
        (finding(Verdict.CORRECT, value="abc", **FULL), SHARE, ["value-unreadable"]),
        (finding(Verdict.CORRECT, value="NaN", **FULL), SHARE, ["value-unreadable"]),
        (finding(Verdict.CORRECT, value="1e99", **FULL), SHARE, ["value-unreadable"]),
        (finding(Verdict.CORRECT, value="no", **FULL), SHARE, ["value-unreadable"]),
        (finding(Verdict.CORRECT, value="no", **FULL), GATE, []),
        (finding(Verdict.CORRECT, value="0", **FULL), GATE, ["value-unreadable"]),
        (finding(Verdict.CORRECT, value="yes", **FULL), GATE, ["corrected-to-same"]),
        (
            finding(Verdict.CORRECT, reasons=" "),
            SHARE,
            ["finding-without-reasons", "correction-without-reference", "correction-without-value"],
        ),
        (finding(Verdict.REJECT, reasons="无原始记录"), SHARE, []),
        (finding(Verdict.REJECT, reasons="确有热力管网"), NOT_APPLICABLE, []),
        (finding(Verdict.REJECT), SHARE, ["finding-without-reasons"]),
        (finding(Verdict.REJECT, reasons="x", value="1"), SHARE, ["rejected-with-value"]),
        (finding(Verdict.REJECT, reasons="x"), MISSING, ["nothing-to-reject"]),
        (finding(Verdict.QUESTION), SHARE, ["finding-without-question"]),
        (finding(Verdict.REJECT, reasons="长" * 4000), SHARE, []),
        (finding(Verdict.REJECT, reasons="长" * 4001), SHARE, ["text-too-long"]),
    ],
)
def test_what_a_finding_must_have(given_: Finding, subject: Subject, expected: list[str]) -> None:
    assert codes(check_finding(given_, subject)) == expected


def test_a_question_needs_an_open_one() -> None:
    assert check_finding(finding(Verdict.QUESTION), SHARE, questions=1) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0", "10", True),
        ("10", "10.0000000001", False),
        (None, None, True),
        (None, "0", False),
        ("yes", "yes", True),
        ("NaN", "NaN", True),
    ],
)
def test_same_values(one: str | None, other: str | None, same: bool) -> None:
    assert is_same(one, other) is same


def test_numbers_are_read_plainly() -> None:
    assert read_number(" 3.50 ") == Decimal("3.50")
    assert read_number("-1E+3") == Decimal(-1000)
    assert [read_number(text) for text in ("", "1,000", "١٢٣x", "Infinity", "9" * 41)] == [None] * 5


def test_before_signing_every_subject_has_one_view() -> None:
    accept = finding(Verdict.ACCEPT, number=1)
    gate = replace(accept, code="working_system", seen="yes")
    assert codes(check_findings([SHARE, GATE], [accept])) == ["finding-lacking"]
    assert check_findings([SHARE, GATE], [accept, gate]) == []
    asked = replace(accept, verdict=Verdict.QUESTION, number=2)
    assert codes(check_findings([SHARE], [accept, asked])) == ["finding-open"]
    assert check_findings([SHARE], [accept, asked, replace(accept, number=3)]) == []


def test_evaluators_must_agree_in_verdict_and_value() -> None:
    accept = finding(Verdict.ACCEPT, number=1)
    reject = finding(Verdict.REJECT, evaluator=8, reasons="x", number=2)
    assert codes(check_findings([SHARE], [accept, reject])) == ["evaluators-differ"]
    one = finding(Verdict.CORRECT, value="38", number=3)
    other = finding(Verdict.CORRECT, value="38.0", evaluator=8, number=4)
    assert check_findings([SHARE], [accept, reject, one, other]) == []
    assert codes(check_findings([SHARE], [one, replace(other, value="39")])) == ["evaluators-differ"]


def test_second_reading_and_outdated_findings() -> None:
    accept = finding(Verdict.ACCEPT, number=1)
    assert codes(check_findings([SHARE], [accept], twice=["A1.1"])) == ["second-reading-lacking"]
    assert check_findings([SHARE], [accept, replace(accept, evaluator=8)], twice=["A1.1"]) == []
    moved = replace(SHARE, value="41")
    assert codes(check_findings([moved], [accept])) == ["finding-outdated"]
    assert check_findings([moved], [replace(accept, seen="41.0")]) == []


def test_first_word_and_last_word() -> None:
    said = [
        finding(Verdict.REJECT, number=1),
        finding(Verdict.ACCEPT, number=5),
        finding(Verdict.CORRECT, number=3, evaluator=8),
    ]
    assert find_first(said) == {7: {"A1.1": Verdict.REJECT}, 8: {"A1.1": Verdict.CORRECT}}
    assert find_result(said)["A1.1"].number == 5


# --- evaluators


def test_declarations_are_answered_point_by_point() -> None:
    answers = dict.fromkeys(REVIEW.independence, False)
    assert check_declarations(answers, REVIEW.independence) == [] and is_free(answers)
    assert not is_free({**answers, "fee": True})
    lacking = {name: no for name, no in answers.items() if name != "gifts"}
    assert codes(check_declarations(lacking, REVIEW.independence)) == ["declaration-lacking"]
    assert codes(check_declarations({**answers, "x": False}, REVIEW.independence)) == ["declaration-unknown"]


@pytest.mark.parametrize(
    ("begun", "expected"), [(0, []), (11, []), (12, ["evaluator-cap"]), (13, ["evaluator-cap"])]
)
def test_yearly_cap_of_twelve(begun: int, expected: list[str]) -> None:
    assert codes(check_cap(begun, TERMS)) == expected


@pytest.mark.parametrize(
    ("years", "year", "allowed"),
    [
        ([], 2026, True),
        ([2024, 2025], 2026, True),  # the third year running is the last
        ([2023, 2024, 2025], 2026, False),
        ([2023, 2024, 2025], 2027, False),
        ([2023, 2024, 2025], 2028, True),  # after two years away
        ([2022, 2024, 2025], 2026, True),  # broken in 2023
        ([2023, 2024, 2025, 2026], 2026, False),  # the year in question does not count itself
        ([2027, 2028, 2029], 2026, True),
    ],
)
def test_rotation_three_years_then_two_away(years: list[int], year: int, allowed: bool) -> None:
    assert codes(check_rotation(years, year, TERMS)) == ([] if allowed else ["evaluator-rotation"])


def test_members_of_tied_organisations_stay_out() -> None:
    assert codes(check_ties([1, 2], {2: "园区运营公司"})) == ["tied-organisation"]
    assert check_ties([1], {2: "园区运营公司"}) == []


# --- experts


@pytest.mark.parametrize(
    ("experts", "expected"),
    [
        ([1, 2, 3, 4, 5], []),
        ([1, 2, 3, 4, 5, 6, 7], []),
        ([1, 2, 3], ["panel-too-small"]),
        ([1, 2, 3, 4, 5, 6], ["panel-even"]),
        ([1, 2, 3, 4], ["panel-too-small", "panel-even"]),
        ([1, 2, 3, 4, 4], ["panel-expert-twice"]),
        ([1, 2, 3, 4, 9], ["panel-evaluator"]),
        ([], ["panel-too-small", "panel-even"]),
    ],
)
def test_a_panel(experts: list[int], expected: list[str]) -> None:
    assert codes(check_panel(experts, evaluators=[9], terms=TERMS)) == expected


def seats(
    approve: int = 0, refuse: int = 0, abstain: int = 0, recused: int = 0, silent: int = 0
) -> list[Seat]:
    ballots = chain(
        repeat(Ballot.APPROVE, approve), repeat(Ballot.REFUSE, refuse), repeat(Ballot.ABSTAIN, abstain)
    )
    voted = [Seat(n, True, ballot) for n, ballot in enumerate(ballots)]
    return [*voted, *[Seat(50 + n, False) for n in range(recused)], *[Seat(80 + n) for n in range(silent)]]


@pytest.mark.parametrize(
    ("given_", "needed", "has", "can"),
    [
        ({"approve": 4, "silent": 1}, 4, True, True),  # two thirds of five is 3.33: four
        ({"approve": 3, "silent": 2}, 4, False, True),
        ({"approve": 3, "recused": 2}, 4, False, False),
        ({"approve": 4, "recused": 1}, 4, True, True),
        ({"approve": 2, "silent": 1}, 2, True, True),  # two thirds of three is exactly two
        ({"abstain": 6, "silent": 3}, 6, True, True),
        ({}, 1, False, False),
    ],
)
def test_quorum_of_two_thirds(given_: dict[str, int], needed: int, has: bool, can: bool) -> None:
    tally = count_votes(seats(**given_), TERMS)
    assert (tally.needed, tally.has_quorum, tally.can_reach_quorum) == (needed, has, can)


def test_the_vote_of_one_who_stepped_down_does_not_count() -> None:
    assert count_votes([Seat(1, False, Ballot.APPROVE), Seat(2, None, Ballot.APPROVE)], TERMS).cast == 0


@pytest.mark.parametrize(
    ("given_", "outcome"),
    [
        ({"approve": 3, "refuse": 1}, Outcome.AWARD),  # exactly three quarters
        ({"approve": 3, "abstain": 1}, Outcome.AWARD),
        ({"approve": 3, "refuse": 2}, Outcome.REFUSAL),
        ({"approve": 3, "refuse": 1, "abstain": 1}, Outcome.REFUSAL),
        ({"approve": 5}, Outcome.AWARD),
        ({"silent": 5}, Outcome.REFUSAL),
    ],
)
def test_three_quarters_must_approve(given_: dict[str, int], outcome: Outcome) -> None:
    tally = count_votes(seats(**given_), TERMS)
    assert find_outcome(tally, TERMS, meets=True) is outcome
    assert find_outcome(tally, TERMS, meets=False) is Outcome.REFUSAL


# --- sampling


def stakes_of(*pairs: tuple[str, int, str]) -> list[Subject]:
    return [replace(SHARE, code=code, points=Decimal(points)) for code, points, _ in pairs]


PAIRS = (("A", 10, "readings"), ("B", 4, "entered"), ("C", 6, "proven"), ("D", 5, "unknown"))


def test_risk_is_points_times_uncertainty() -> None:
    grades = {code: grade for code, _, grade in PAIRS}
    found = build_stakes([GATE, *stakes_of(*PAIRS)], grades, REVIEW)  # type: ignore[arg-type]
    assert [(one.code, one.risk) for one in found] == [
        ("D", Fraction(5)),
        ("B", Fraction(12, 5)),
        ("C", Fraction(9, 5)),
        ("A", Fraction(1)),
    ]
    assert build_stakes([MISSING], {"A3.1": "readings"}, REVIEW)[0].grade == "unknown"


def test_the_sample_covers_the_share_and_no_less_than_the_least() -> None:
    grades = {code: grade for code, _, grade in PAIRS}
    stakes = build_stakes(stakes_of(*PAIRS), grades, REVIEW)  # type: ignore[arg-type]
    assert len(build_sample(stakes, TERMS)) == 4, "at least eight, so all four"
    few = TERMS.model_copy(
        update={"sample_least": TERMS.sample_least.model_copy(update={"value": Decimal(1)})}
    )
    sample = build_sample(stakes, few)
    # 5 + 2.4 = 7.4 of 10.2 is 72.5 %; with 1.8 it is 9.2, 90.2 %
    assert [one.stake.code for one in sample] == ["D", "B", "C"]
    assert sample[-1].covered == Fraction(92, 102)
    # sixty rows over 5, 2.4, 1.8: 32.6, 15.65, 11.7 → 32, 15, 11 and two left for .7 and .65
    assert [one.rows for one in sample] == [32, 16, 12]
    assert all(one.twice for one in sample)


def test_what_has_no_points_is_not_sampled() -> None:
    assert build_sample(build_stakes([replace(SHARE, points=Decimal(0))], {}, REVIEW), TERMS) == ()
    assert build_sample([], TERMS) == ()


def test_second_readings_are_the_five_of_most_risk() -> None:
    many = [(f"X{n}", 20 - n, "entered") for n in range(10)]
    sample = build_sample(
        build_stakes(stakes_of(*many), {code: "entered" for code, *_ in many}, REVIEW), TERMS
    )
    assert [one.twice for one in sample][:6] == [True] * 5 + [False]


@settings(deadline=None)
@given(st.lists(st.fractions(min_value=0, max_value=9, max_denominator=50), max_size=9), st.integers(0, 200))
def test_rows_are_spread_without_loss(risks: list[Fraction], rows: int) -> None:
    counts = spread_rows(risks, rows)
    assert sum(counts) == (rows if sum(risks) else 0)
    total = sum(risks)
    assert all(abs(n - rows * risk / total) < 1 for n, risk in zip(counts, risks, strict=True) if total)


def test_rows_are_drawn_by_the_version_and_nobody_s_choice() -> None:
    keys = [f"R{n}" for n in range(100)]
    drawn = draw_rows(keys, 5, seed="a" * 64)
    assert len(set(drawn)) == 5 and drawn == draw_rows(reversed(keys), 5, seed="a" * 64)
    assert drawn != draw_rows(keys, 5, seed="b" * 64)
    assert draw_rows(keys, 200, seed="a") == tuple(sorted(keys))


def test_an_indicator_is_as_certain_as_its_weakest_register() -> None:
    proven, bare = {"evidence": "EV1"}, {"evidence": ""}
    guessed = {"evidence": "EV1", "source": "estimate"}
    assert grade_rows("meters", [], has_readings=True) == "readings"
    assert grade_rows("meters", [proven], has_readings=False) == "proven"
    assert grade_rows("buildings", [proven, proven], has_readings=True) == "proven"
    assert grade_rows("buildings", [proven, bare], has_readings=True) == "entered"
    assert grade_rows("energy_activity", [proven, bare, guessed], has_readings=True) == "estimated"
    assert grade_rows("buildings", [], has_readings=True) == "unknown"
    users = {"meters": ("A", "B"), "buildings": ("B", "C"), "fugitive_gases": ("C", "D")}
    filled = {"buildings": {"B01": proven}, "meters": {"M1": bare}}
    found = find_grades(users, filled, has_readings=True)
    assert found == {"A": "readings", "B": "proven", "C": "proven", "D": "unknown"}


def test_every_computed_fact_says_which_registers_it_rests_on() -> None:
    assert {name for names in REVIEW.rests_on.values() for name in names} <= set(registers())
    own = ("assessment.", "boundary.", "profile.")
    for fact in load_shipped("schema", "facts.yaml"):
        assert bool(REVIEW.registers_of(fact)) != fact.startswith(own), fact
    assert REVIEW.registers_of("ledger.green_mwh") == ("green_electricity", "certificates")


# --- agreement


def pairs_of(table: list[list[int]]) -> list[tuple[int, int]]:
    return [(i, j) for i, line in enumerate(table) for j, n in enumerate(line) for _ in range(n)]


def test_kappa_of_fleiss_levin_paik_table_18_1() -> None:
    """Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed. (2003), ch. 18.

    100 subjects, psychotic / neurotic / organic; po .89, pe .66, kappa .68.
    """
    found = compute_agreement(pairs_of([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
    assert found is not None and found.kappa is not None
    assert (found.observed, found.expected) == (Fraction(89, 100), Fraction(66, 100))
    assert found.kappa == Fraction(23, 34)
    assert find_band(found.kappa, REVIEW.agreement).en == "substantial"


def test_standard_error_of_a_sas_printout() -> None:
    """The SAS printout that the tests of statsmodels quote: kappa 0.4842, ASE 0.1380."""
    found = compute_agreement(pairs_of([[0, 4, 1], [0, 8, 0], [0, 1, 5]]))
    assert found is not None and found.kappa is not None and found.error is not None
    assert (round(float(found.kappa), 4), round(found.error, 4)) == (0.4842, 0.1380)


def test_kappa_of_fifty_proposals() -> None:
    """The much printed example of two readers and fifty proposals: 20, 5, 10, 15 gives 0.4."""
    found = compute_agreement(pairs_of([[20, 5], [10, 15]]))
    assert found is not None
    assert (found.observed, found.expected, found.kappa) == (Fraction(7, 10), Fraction(1, 2), Fraction(2, 5))


def test_kappa_at_its_ends() -> None:
    assert compute_agreement([]) is None
    always = compute_agreement([("a", "a")] * 3)
    assert always is not None and always.kappa is None and always.observed == 1
    perfect = compute_agreement([("a", "a"), ("b", "b")])
    assert perfect is not None and perfect.kappa == 1 and perfect.error == 0
    opposed = compute_agreement([("a", "b"), ("b", "a")])
    assert opposed is not None and opposed.kappa == -1


@pytest.mark.parametrize(
    ("kappa", "band"),
    [
        ("-1", "poor"),
        ("-0.01", "poor"),
        ("0", "slight"),
        ("0.204", "slight"),
        ("0.205", "slight"),
        ("0.206", "fair"),
        ("0.61", "substantial"),
        ("0.81", "almost perfect"),
        ("1", "almost perfect"),
    ],
)
def test_words_for_kappa(kappa: str, band: str) -> None:
    assert find_band(Fraction(kappa), REVIEW.agreement).en == band


VERDICT = st.sampled_from(Verdict)


@settings(deadline=None)
@given(st.lists(st.tuples(VERDICT, VERDICT), min_size=1, max_size=40))
def test_kappa_is_symmetric_and_bounded(pairs: list[tuple[Verdict, Verdict]]) -> None:
    found, turned = compute_agreement(pairs), compute_agreement([(b, a) for a, b in pairs])
    assert found is not None and turned is not None
    assert found.kappa == turned.kappa
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert (found.kappa == 1) == all(a == b for a, b in pairs)
        assert found.error is not None and turned.error is not None
        assert abs(found.error - turned.error) < 1e-9


def test_pairs_are_what_both_judged() -> None:
    given_ = {"eve": {"A": 1, "B": 2}, "adam": {"B": 3, "C": 4}, "bob": {"D": 5}}
    assert pair_verdicts(given_) == {("adam", "eve"): [(3, 2)]}  # type: ignore[arg-type]


# --- guards that the machine does not name


def test_days_of_appeal_and_answer() -> None:
    assert appeal_until(DAY, TERMS) == date(2026, 3, 17)
    assert answer_until(DAY, TERMS) == date(2026, 3, 22)


@pytest.mark.parametrize(
    ("act", "role", "facts", "expected"),
    [
        (Act.APPEAL, Role.PARK, Facts(State.DECIDED, date(2026, 3, 17), decided_on=DAY), []),
        (Act.APPEAL, Role.PARK, Facts(State.DECIDED, date(2026, 3, 18), decided_on=DAY), ["appeal-late"]),
        (Act.APPEAL, Role.PARK, Facts(State.DECIDED, DAY), ["no-decision"]),
        (Act.RETURN, Role.SCHEME, Facts(State.SUBMITTED, DAY), []),
        (
            Act.RETURN,
            Role.SCHEME,
            Facts(State.QUESTIONED, date(2026, 3, 22), asked_on=DAY),
            ["answer-days-run"],
        ),
        (Act.RETURN, Role.SCHEME, Facts(State.QUESTIONED, date(2026, 3, 23), asked_on=DAY), []),
        (Act.ACCEPT, Role.SCHEME, Facts(State.SUBMITTED, DAY), ["no-mandate"]),
        (Act.ACCEPT, Role.SCHEME, Facts(State.SUBMITTED, DAY, has_mandate=True), ["no-evaluators"]),
        (Act.DECLARE, Role.EVALUATOR, Facts(State.ACCEPTED, DAY), ["not-of-mandate"]),
        (
            Act.BEGIN,
            Role.EVALUATOR,
            Facts(State.ACCEPTED, DAY, evaluators=frozenset({1})),
            ["not-independent"],
        ),
        (Act.ANSWER, Role.PARK, Facts(State.QUESTIONED, DAY), ["no-open-question"]),
        (Act.RESUBMIT, Role.PARK, Facts(State.QUESTIONED, DAY), ["no-open-question"]),
        (
            Act.RESUBMIT,
            Role.PARK,
            Facts(State.QUESTIONED, DAY, questions={1: True, 2: False}),
            ["questions-unanswered"],
        ),
        (Act.ISSUE, Role.BODY, Facts(State.SIGNED, DAY), ["no-statement"]),
        (
            Act.ISSUE,
            Role.BODY,
            Facts(State.SIGNED, DAY, has_statement=True, signers=frozenset({1})),
            ["own-work"],
        ),
        (Act.CONVENE, Role.SCHEME, Facts(State.ISSUED, DAY), ["no-statement"]),
        (Act.VOTE, Role.EXPERT, Facts(State.PANEL, DAY), ["no-seat"]),
        (Act.DECLARE_CONFLICT, Role.EXPERT, Facts(State.PANEL, DAY), ["no-seat"]),
        (
            Act.DECLARE_CONFLICT,
            Role.EXPERT,
            Facts(State.PANEL, DAY, seats=(Seat(1, True),)),
            ["declared-already"],
        ),
        (Act.VOTE, Role.EXPERT, Facts(State.PANEL, DAY, seats=(Seat(1),)), ["conflict-undeclared"]),
        (Act.VOTE, Role.EXPERT, Facts(State.PANEL, DAY, seats=(Seat(1, False),)), ["stepped-down"]),
        (
            Act.VOTE,
            Role.EXPERT,
            Facts(State.PANEL, DAY, seats=(Seat(1, True, Ballot.APPROVE),)),
            ["voted-already"],
        ),
        (
            Act.VOTE,
            Role.EXPERT,
            Facts(State.PANEL, DAY, seats=(Seat(1, True),), has_minutes=True),
            ["votes-closed"],
        ),
        (Act.MINUTE, Role.SCHEME, Facts(State.PANEL, DAY), ["no-quorum"]),
        (Act.MINUTE, Role.SCHEME, Facts(State.PANEL, DAY, has_minutes=True), ["votes-closed"]),
        (Act.DECIDE, Role.SCHEME, Facts(State.PANEL, DAY), ["no-statement", "no-quorum", "no-minutes"]),
        (
            Act.CONVENE,
            Role.SCHEME,
            Facts(State.PANEL, DAY, has_statement=True, seats=tuple(map(Seat, range(5)))),
            ["panel-stands"],
        ),
        (Act.DECIDE_APPEAL, Role.SCHEME, Facts(State.APPEALED, DAY, decided_by=1), ["appeal-same-person"]),
        (Act.DECIDE_APPEAL, Role.SCHEME, Facts(State.APPEALED, DAY, decided_by=2), []),
    ],
)
def test_guards(act: Act, role: Role, facts: Facts, expected: list[str]) -> None:
    assert codes(check_act(act, role, 1, facts, TERMS)) == expected


def test_signing_names_everything_that_lacks() -> None:
    facts = Facts(State.IN_REVIEW, DAY, evaluators=frozenset({1}), free=frozenset({1}), questions={4: True})
    assert codes(check_act(Act.SIGN, Role.EVALUATOR, 1, facts, TERMS)) == ["questions-open", "no-site-visit"]
    ready = replace(facts, questions={}, visits=1)
    assert check_act(Act.SIGN, Role.EVALUATOR, 1, ready, TERMS) == []
