"""The services of a review: every role, every act, in every state; and what each of them must have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from tests.web.conftest import PASSWORD, Someone
from tests.web.review_parts import (
    ACTS,
    BUILDINGS,
    EDITION,
    FREE,
    STORY_STATES,
    UNTIED,
    VISIT,
    Play,
    actor_of,
    example_export,
    play,
)

from lingtan.errors import LingtanError
from lingtan_web.audit.models import Entry
from lingtan_web.audit.services import SYSTEM, Actor, find_broken_entry
from lingtan_web.parks.models import Mandate
from lingtan_web.reviews import models as kept
from lingtan_web.reviews import versions
from lingtan_web.reviews.models import Submission
from lingtan_web.reviews.queries.access import find_reopened
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.statements import build_content
from lingtan_web.reviews.rules.results import compute_sha256
from lingtan_web.reviews.services import deciding, handing, judging, stating, visiting
from lingtan_web.reviews.workflow import TABLE, Act, State
from lingtan_web.roles import Role

__all__ = ["play"]


def codes(error: pytest.ExceptionInfo[LingtanError]) -> list[str]:
    return [one.code.removeprefix("review.") for one in error.value.faults]


class UndoneError(Exception):
    """Takes back what an attempt did."""


def attempts(play: Play, submission: Submission) -> dict[Act, Callable[[Actor], object]]:
    """Each act with arguments that are right for it."""
    s, read = submission, compute_sha256(build_content(Case(submission)))
    signed = kept.Statement.objects.filter(submission=s).order_by("-number").first()
    chosen = [one.user.pk for one in play.experts]
    version = play.mended()
    opinion = judging.Opinion("accept")
    ruling = deciding.Ruling(None, "维持")
    field = ["buildings[B02].floor_area_m2"]
    return {
        Act.ACCEPT: lambda who: handing.accept(who, submission=s),
        Act.RETURN: lambda who: handing.give_back(who, submission=s, reasons="材料不全"),
        Act.WITHDRAW: lambda who: handing.withdraw(who, submission=s),
        Act.DECLARE: lambda who: judging.declare_independence(who, submission=s, answers=FREE),
        Act.BEGIN: lambda who: judging.begin(who, submission=s),
        Act.FIND: lambda who: judging.record_finding(who, submission=s, code="A1.1", opinion=opinion),
        Act.VISIT: lambda who: visiting.record_visit(who, submission=s, seen=VISIT),
        Act.ASK: lambda who: judging.ask(who, submission=s, code="A1.2", text="请补充", fields=field),
        Act.ANSWER: lambda who: judging.answer(who, submission=s, question=1, text="已补充"),
        Act.SETTLE: lambda who: judging.settle(who, submission=s, question=1),
        Act.RESUBMIT: lambda who: handing.resubmit(who, submission=s, version=version),
        Act.RESUME: lambda who: judging.resume(who, submission=s),
        Act.SIGN: lambda who: stating.sign(
            who, submission=s, conclusion="符合", read=read, password=PASSWORD
        ),
        Act.SEND_BACK: lambda who: stating.send_back(who, submission=s, reasons="请补充依据"),
        Act.ISSUE: lambda who: stating.issue(
            who, submission=s, read=signed.sha256 if signed else "", password=PASSWORD
        ),
        Act.CONVENE: lambda who: deciding.convene(who, submission=s, experts=chosen),
        Act.DECLARE_CONFLICT: lambda who: deciding.declare_interests(who, submission=s, answers=UNTIED),
        Act.VOTE: lambda who: deciding.vote(who, submission=s, ballot="approve"),
        Act.MINUTE: lambda who: deciding.record_minutes(who, submission=s, text="记录"),
        Act.DECIDE: lambda who: deciding.decide(who, submission=s, reasons="同意"),
        Act.APPEAL: lambda who: deciding.appeal(who, submission=s, reasons="有异议"),
        Act.DECIDE_APPEAL: lambda who: deciding.decide_appeal(who, submission=s, ruling=ruling),
    }


def outcome(act: Callable[[Actor], object], who: Someone, submission: Submission) -> State | list[str]:
    """Where an attempt led, or the codes it was refused with; undone afterwards."""
    found: State | list[str] = []
    try:
        with transaction.atomic():
            act(actor_of(who))
            found = Case(submission).state
            raise UndoneError
    except UndoneError:
        return found
    except LingtanError as error:
        return [one.code for one in error.faults]
    except PermissionDenied:
        return ["no access"]
    except Http404:
        return ["no such thing"]


@pytest.mark.parametrize("state", STORY_STATES)
def test_every_role_and_every_act_in(state: State, play: Play) -> None:
    submission = play.to(state)
    tries = attempts(play, submission)
    assert set(tries) == set(ACTS)
    for act, attempt in tries.items():
        for role in Role:
            found = outcome(attempt, play.world.someone(role), submission)
            listed = TABLE.get((state, act, role))
            if listed is None:
                refused = ["review.not-your-act"], ["review.not-now"], ["no access"]
                assert found in refused, f"{role} could {act} in {state}: {found}"
            elif isinstance(found, State):
                assert found is listed
            else:
                assert not set(found) & {"review.not-your-act", "review.not-now"}, f"{role} {act} {state}"
    for one in (play.world.stranger, play.world.neighbour, play.world.other_park):
        for attempt in tries.values():
            found = outcome(attempt, one, submission)
            assert found in (["no access"], ["review.not-your-act"], ["review.not-now"])
    with pytest.raises(PermissionDenied):
        tries[Act.WITHDRAW](SYSTEM)


def test_the_whole_story_leaves_its_trace(play: Play) -> None:
    submission = play.to(State.APPEAL_DECIDED)
    case = Case(submission)
    assert [step.after for step in case.steps] == [
        "submitted", "accepted", "in-review", "questioned", "resubmitted", "in-review", "statement-signed",
        "statement-issued", "panel", "decided", "appealed", "appeal-decided",
    ]  # fmt: skip
    assert case.decision is not None and (case.decision.stars, case.decision.stage) == (4, "creation")
    acts = list(Entry.objects.order_by("number").values_list("act", flat=True))
    assert acts[0] == "review.submit" and acts[-1] == "review.decide-appeal"
    assert {f"review.{act}" for act in ("ask", "sign", "issue", "vote", "decide")} <= set(acts)
    assert find_broken_entry() is None
    vote = Entry.objects.filter(act="review.vote").first()
    assert vote is not None and vote.details == {}, "which way somebody voted is not in the log"


# --- handing in


def test_one_review_at_a_time_for_a_year(play: Play) -> None:
    first = play.submit()
    with pytest.raises(LingtanError) as error:
        play.submit()
    assert codes(error) == ["running-already"]
    handing.withdraw(actor_of(play.world.park), submission=first)
    assert play.submit().number == 2


def test_what_a_submission_must_have(play: Play) -> None:
    park = actor_of(play.world.park)
    with pytest.raises(LingtanError) as error:
        handing.submit(park, version=play.version, edition=EDITION, is_truthful=False)
    assert codes(error) == ["not-truthful"]
    with pytest.raises(LingtanError) as error:
        handing.submit(park, version=play.version, edition="js-zero-carbon-2024", is_truthful=True)
    assert codes(error) == ["not-calculated"]
    with pytest.raises(LingtanError) as error:
        handing.submit(actor_of(play.world.scheme), version=play.version, edition=EDITION, is_truthful=True)
    assert codes(error) == ["not-your-act"]
    with pytest.raises(PermissionDenied):
        handing.submit(
            actor_of(play.world.other_park), version=play.version, edition=EDITION, is_truthful=True
        )
    assert not Submission.objects.exists() and not Entry.objects.exists()


def test_without_a_result_s_source_nothing_is_known(play: Play) -> None:
    assert versions.SOURCES[0].find_assessed(play.version, EDITION) is None
    assert not versions.SOURCES[0].find_choices(play.world.alpha)


def test_acceptance_needs_a_mandate_with_people(play: Play) -> None:
    submission = play.submit()
    play.world.mandate.evaluators.clear()
    with pytest.raises(LingtanError) as error:
        handing.accept(actor_of(play.world.scheme), submission=submission)
    assert codes(error) == ["no-evaluators"]
    Mandate.objects.filter(pk=play.world.mandate.pk).update(year=2023)
    with pytest.raises(LingtanError) as error:
        handing.accept(actor_of(play.world.scheme), submission=submission)
    assert codes(error) == ["no-mandate"]


def test_a_return_needs_reasons_and_waits_for_the_answer(play: Play) -> None:
    submission = play.to(State.QUESTIONED)
    scheme, today = actor_of(play.world.scheme), date.today()
    with pytest.raises(LingtanError) as error:
        handing.give_back(scheme, submission=submission, reasons="逾期", on=today + timedelta(20))
    assert codes(error) == ["answer-days-run"]
    with pytest.raises(LingtanError) as error:
        handing.give_back(scheme, submission=submission, reasons=" ", on=today + timedelta(22))
    assert codes(error) == ["text-lacking"]
    handing.give_back(scheme, submission=submission, reasons="逾期", on=today + timedelta(22))
    assert Case(submission).state is State.RETURNED


# --- questions reopen only the questioned field


def test_a_new_version_may_differ_only_where_it_was_asked(play: Play) -> None:
    submission = play.to(State.QUESTIONED)
    park = actor_of(play.world.park)
    with pytest.raises(LingtanError) as error:
        play.resubmit(submission)
    assert codes(error) == ["questions-unanswered"]
    play.answer(submission)
    with pytest.raises(LingtanError) as error:
        handing.resubmit(park, submission=submission, version=play.version)
    assert codes(error) == ["same-version"]
    elsewhere = play.mended(buildings=BUILDINGS.replace("300", "310").replace("700", "710"))
    with pytest.raises(LingtanError) as error:
        handing.resubmit(park, submission=submission, version=elsewhere)
    assert [one.context["field"] for one in error.value.faults] == ["buildings[B02].floor_area_m2"]
    grown = play.mended(buildings=BUILDINGS + "B03,三号楼,10,1,\n")
    with pytest.raises(LingtanError) as error:
        handing.resubmit(park, submission=submission, version=grown)
    assert codes(error) == ["changed-unasked"]
    handing.resubmit(park, submission=submission, version=play.mended())
    assert Case(submission).round.number == 2


def test_a_settled_question_closes_its_field_again(play: Play) -> None:
    submission = play.to(State.QUESTIONED)
    play.ask(submission, "buildings[B02].floor_area_m2", "buildings[+]")
    assert [str(one) for one in Case(submission).opened] == [
        "buildings[B01].floor_area_m2",
        "buildings[B02].floor_area_m2",
        "buildings[+]",
    ]
    judging.settle(actor_of(play.world.evaluator), submission=submission, question=1)
    assert [str(one) for one in Case(submission).opened] == ["buildings[B02].floor_area_m2", "buildings[+]"]
    play.answer(submission, 2)
    with pytest.raises(LingtanError) as error:
        play.resubmit(submission)
    assert codes(error) == ["changed-unasked"]
    play.resubmit(submission, play.mended(buildings=BUILDINGS.replace("700", "710") + "B03,三号楼,10,1,\n"))


def test_what_is_open_to_the_park_meanwhile(play: Play) -> None:
    alpha = play.world.alpha
    assert find_reopened(alpha, 2024) is None, "no review: everything"
    submission = play.to(State.IN_REVIEW)
    assert find_reopened(alpha, 2024) == [] and find_reopened(alpha, 2025) is None
    play.ask(submission)
    assert [str(one) for one in find_reopened(alpha, 2024) or ()] == ["buildings[B01].floor_area_m2"]
    handing.withdraw(actor_of(play.world.park), submission=submission)
    assert find_reopened(alpha, 2024) is None


def test_threads(play: Play) -> None:
    submission = play.to(State.QUESTIONED)
    evaluator = actor_of(play.world.evaluator)
    with pytest.raises(LingtanError) as error:
        judging.ask(evaluator, submission=submission, code="A1.1", text=" ", fields=[])
    assert codes(error) == ["text-lacking", "question-without-field"]
    with pytest.raises(LingtanError) as error:
        judging.ask(evaluator, submission=submission, code="Z9", text="?", fields=["boundary"])
    assert codes(error) == ["unknown-subject"]
    with pytest.raises(LingtanError) as error:
        judging.ask(evaluator, submission=submission, code="A1.1", text="?", fields=["nothing[1].x"])
    assert codes(error) == ["unknown-field"]
    play.answer(submission)
    judging.answer(evaluator, submission=submission, question=1, text="请附抄表照片")
    with pytest.raises(LingtanError) as error:
        play.resubmit(submission)
    assert codes(error) == ["questions-unanswered"]
    with pytest.raises(Http404):
        play.answer(submission, 9)
    judging.settle(evaluator, submission=submission, question=1, text="说明可以接受")
    with pytest.raises(LingtanError) as error:
        play.answer(submission)
    assert codes(error) == ["no-open-question"]
    judging.resume(evaluator, submission=submission)
    with pytest.raises(LingtanError) as error:
        play.sign(submission)
    assert "finding-open" in codes(error) and "no-site-visit" in codes(error)


# --- evaluators


def test_a_tie_keeps_an_evaluator_out(play: Play) -> None:
    submission = play.submit()
    handing.accept(actor_of(play.world.scheme), submission=submission)
    evaluator = actor_of(play.world.evaluator)
    with pytest.raises(LingtanError) as error:
        judging.begin(evaluator, submission=submission)
    assert codes(error) == ["not-independent"]
    with pytest.raises(LingtanError) as error:
        judging.declare_independence(evaluator, submission=submission, answers={"fee": False})
    assert codes(error) == ["declaration-lacking"] * 4
    judging.declare_independence(evaluator, submission=submission, answers={**FREE, "advice": True})
    with pytest.raises(LingtanError) as error:
        judging.begin(evaluator, submission=submission)
    assert codes(error) == ["not-independent"]
    with pytest.raises(LingtanError) as error:
        play.declare(submission)
    assert codes(error) == ["declared-already"]


def took_part(play: Play, years: list[int], *, at_park: object) -> None:
    """Reviews of earlier years that the evaluator took part in."""
    for number, year in enumerate(years, start=100):
        one = Submission.objects.create(
            park=at_park, year=year, number=number, edition=EDITION, by=play.world.park.user
        )
        user = play.world.evaluator.user
        kept.IndependenceStatement.objects.create(submission=one, by=user, answers=FREE, is_free=True)
        kept.Step.objects.create(
            submission=one, number=1, act=Act.BEGIN, role=Role.EVALUATOR, before=State.ACCEPTED,
            after=State.RETURNED, by=user,
        )  # fmt: skip


@pytest.mark.parametrize(("count", "expected"), [(11, []), (12, ["evaluator-cap"])])
def test_the_yearly_cap(play: Play, count: int, expected: list[str]) -> None:
    took_part(play, [2000 + 2 * n for n in range(count)], at_park=play.world.beta)
    submission = play.to(State.ACCEPTED)
    if not expected:
        play.declare(submission)
        judging.begin(actor_of(play.world.evaluator), submission=submission)
        return
    with pytest.raises(LingtanError) as error:
        play.declare(submission)
    assert codes(error) == expected


@pytest.mark.parametrize(
    ("years", "expected"), [([2022, 2023], []), ([2021, 2022, 2023], ["evaluator-rotation"])]
)
def test_rotation(play: Play, years: list[int], expected: list[str]) -> None:
    took_part(play, years, at_park=play.world.alpha)
    submission = play.to(State.ACCEPTED)
    if not expected:
        return play.declare(submission)
    with pytest.raises(LingtanError) as error:
        play.declare(submission)
    return None if codes(error) == expected else pytest.fail(str(codes(error)))


def test_an_evaluator_of_the_body_who_is_not_named_stays_out(play: Play) -> None:
    submission = play.to(State.IN_REVIEW)
    other = play.second_evaluator()
    play.world.mandate.evaluators.remove(other.user)
    with pytest.raises(PermissionDenied):
        play.declare(submission, other)


def test_two_evaluators_must_read_the_riskiest_twice_and_agree(play: Play) -> None:
    other = play.second_evaluator()
    submission = play.to(State.ACCEPTED)
    play.declare(submission)
    play.declare(submission, other)
    judging.begin(actor_of(other), submission=submission)
    play.judge_all(submission)
    with pytest.raises(LingtanError) as error:
        play.sign(submission)
    assert codes(error) == ["second-reading-lacking"] * 5
    twice = [one.context["code"] for one in error.value.faults]
    for code in twice:
        opinion = judging.Opinion("reject", reasons="无原始记录")
        judging.record_finding(actor_of(other), submission=submission, code=code, opinion=opinion)
    with pytest.raises(LingtanError) as error:
        play.sign(submission)
    assert codes(error) == ["evaluators-differ"] * 5
    for code in twice:
        judging.record_finding(
            actor_of(other), submission=submission, code=code, opinion=judging.Opinion("accept")
        )
    play.sign(submission)


def test_findings_by_service(play: Play) -> None:
    submission = play.to(State.IN_REVIEW)
    evaluator = actor_of(play.world.evaluator)

    def find(code: str, *opinion: str) -> None:
        judging.record_finding(evaluator, submission=submission, code=code, opinion=judging.Opinion(*opinion))

    for code, opinion, expected in [
        ("Z9", ("accept",), "unknown-subject"),
        ("A1.1", ("praise",), "choice-unknown"),
        ("A1.1", ("question",), "finding-without-question"),
        ("A1.1", ("correct", "x", "因为", "EV1"), "value-unreadable"),
    ]:
        with pytest.raises(LingtanError) as error:
            find(code, *opinion)
        assert codes(error) == [expected]
    find("A1.1", "correct", " 27.5 ", "按抄表记录", "EV1 第 2 页")
    find("A1.2", "accept", " ")
    assert [(one.code, one.verdict, one.value) for one in Case(submission).findings] == [
        ("A1.1", "correct", "27.5"),
        ("A1.2", "accept", None),
    ]


def test_a_finding_on_an_old_value_is_out_of_date(play: Play) -> None:
    submission = play.to(State.QUESTIONED)
    play.judge_all(submission)
    play.answer(submission)
    version = play.mended()
    export = example_export()
    export["indicators"][0]["value"] = "28.1"
    play.results.exports[version.pk] = export
    play.resubmit(submission, version)
    judging.settle(actor_of(play.world.evaluator), submission=submission, question=1)
    judging.resume(actor_of(play.world.evaluator), submission=submission)
    with pytest.raises(LingtanError) as error:
        play.sign(submission)
    assert codes(error) == ["finding-outdated"]


# --- statement


def ready(play: Play) -> Submission:
    submission = play.to(State.ACCEPTED)
    play.declare(submission)
    judging.begin(actor_of(play.world.evaluator), submission=submission)
    play.judge_all(submission)
    return submission


def test_signing_is_of_what_was_read_and_by_password(play: Play) -> None:
    submission = ready(play)
    with pytest.raises(LingtanError) as error:
        play.sign(submission, password="wrong")
    assert codes(error) == ["not-confirmed"]
    assert not kept.Statement.objects.exists(), "nothing half-done stays"
    read = compute_sha256(build_content(Case(submission)))
    opinion = judging.Opinion("reject", reasons="无依据")
    judging.record_finding(
        actor_of(play.world.evaluator), submission=submission, code="C1.1", opinion=opinion
    )
    evaluator = actor_of(play.world.evaluator)
    with pytest.raises(LingtanError) as error:
        stating.sign(evaluator, submission=submission, conclusion="好", read=read, password=PASSWORD)
    assert codes(error) == ["statement-changed"]
    with pytest.raises(LingtanError) as error:
        stating.sign(evaluator, submission=submission, conclusion="", read=read, password=PASSWORD)
    assert codes(error) == ["text-lacking"]
    play.sign(submission)
    statement = Case(submission).statement
    assert statement is not None and statement.content["stars"] == 3
    assert compute_sha256(statement.content) == statement.sha256


def test_an_edition_that_changed_meanwhile_cannot_be_scored(play: Play) -> None:
    export = example_export()
    export["edition_sha256"] = "0" * 64
    play.results.exports[play.version.pk] = export
    submission = ready(play)
    with pytest.raises(LingtanError) as error:
        play.sign(submission)
    assert codes(error) == ["edition-changed"]


def test_the_body_issues_what_it_did_not_make(play: Play) -> None:
    submission = ready(play)
    play.sign(submission)
    body = actor_of(play.world.body)
    with pytest.raises(LingtanError) as error:
        stating.issue(body, submission=submission, read="0" * 64, password=PASSWORD)
    assert codes(error) == ["statement-changed"]
    play.world.mandate.evaluators.add(play.world.body.user)
    with pytest.raises(LingtanError) as error:
        play.issue(submission)
    assert codes(error) == ["own-work"]
    play.world.mandate.evaluators.remove(play.world.body.user)
    stating.send_back(body, submission=submission, reasons="C2.1 缺依据")
    assert Case(submission).statement is None
    play.sign(submission)
    play.issue(submission)
    statement = Case(submission).statement
    assert statement is not None and statement.number == 2
    assert {one.role for one in statement.signatures.all()} == {"evaluator", "body"}
    assert {one.sha256 for one in statement.signatures.all()} == {statement.sha256}


# --- panel, decision, appeal


def test_a_panel_is_free_of_ties(play: Play) -> None:
    submission = play.to(State.ISSUED)
    scheme, chosen = actor_of(play.world.scheme), [one.user.pk for one in play.experts]
    for experts, expected in [
        (chosen[:3], ["panel-too-small"]),
        (chosen[:4], ["panel-too-small", "panel-even"]),
        ([*chosen[:4], chosen[0]], ["panel-expert-twice"]),
        ([*chosen[:4], play.chief.user.pk], ["panel-stranger"]),
        (
            [*chosen[:4], play.world.evaluator.user.pk],
            ["panel-evaluator", "panel-stranger", "tied-organisation"],
        ),
        ([*chosen[:4], play.world.park.user.pk], ["panel-stranger", "tied-organisation"]),
        ([*chosen[:4], play.world.enterprise.user.pk], ["panel-stranger", "tied-organisation"]),
    ]:
        with pytest.raises(LingtanError) as error:
            deciding.convene(scheme, submission=submission, experts=experts)
        assert codes(error) == expected


def test_too_many_ties_and_a_new_panel(play: Play) -> None:
    submission = play.to(State.PANEL)
    tied = {**UNTIED, "advised": True}
    for one in play.experts[:2]:
        deciding.declare_interests(actor_of(one), submission=submission, answers=tied)
    with pytest.raises(PermissionDenied):
        deciding.vote(actor_of(play.experts[0]), submission=submission, ballot="approve")
    for one in play.experts[2:]:
        deciding.declare_interests(actor_of(one), submission=submission, answers=UNTIED)
        deciding.vote(actor_of(one), submission=submission, ballot="approve")
    with pytest.raises(LingtanError) as error:
        deciding.record_minutes(actor_of(play.world.scheme), submission=submission, text="三票")
    assert codes(error) == ["no-quorum"]
    play.convene(submission)
    assert Case(submission).panel is not None and Case(submission).panel.number == 2  # type: ignore[union-attr]
    play.vote_all(submission)


def test_voting(play: Play) -> None:
    submission = play.to(State.PANEL)
    expert, scheme = actor_of(play.experts[0]), actor_of(play.world.scheme)

    def refused(act: Callable[[], object]) -> list[str]:
        with pytest.raises(LingtanError) as error:
            act()
        return codes(error)

    vote = lambda ballot="approve", reasons="": deciding.vote(  # noqa: E731
        expert, submission=submission, ballot=ballot, reasons=reasons
    )
    assert refused(vote) == ["conflict-undeclared"]
    assert refused(lambda: deciding.decide(scheme, submission=submission, reasons="x")) == [
        "no-quorum",
        "no-minutes",
    ]
    deciding.declare_interests(expert, submission=submission, answers=UNTIED)
    assert refused(lambda: vote("maybe")) == ["choice-unknown"]
    assert refused(lambda: vote("refuse")) == ["vote-without-reasons"]
    vote()
    assert refused(vote) == ["voted-already"]


@pytest.mark.parametrize(
    ("ballots", "stars"),
    [
        ("approve approve approve approve refuse", 4),
        ("approve approve approve refuse refuse", None),
        ("approve approve approve abstain abstain", None),
    ],
)
def test_the_decision_is_the_panel_s(play: Play, ballots: str, stars: int | None) -> None:
    submission = play.to(State.PANEL)
    play.vote_all(submission, ballots)
    decision = deciding.decide(actor_of(play.world.scheme), submission=submission, reasons="见纪要")
    assert decision.stars == stars
    assert decision.outcome == ("award" if stars else "refusal")


def test_the_days_of_appeal(play: Play) -> None:
    submission = play.to(State.DECIDED)
    decision = Case(submission).decision
    assert decision is not None
    park = actor_of(play.world.park)
    with pytest.raises(LingtanError) as error:
        deciding.appeal(park, submission=submission, reasons="晚了", on=decision.appeal_until + timedelta(1))
    assert codes(error) == ["appeal-late"]
    deciding.appeal(park, submission=submission, reasons="及时", on=decision.appeal_until)


@pytest.mark.parametrize(
    ("stage", "outcome_", "stars"), [(None, "award", 4), ("basic", "award", 3), ("", "refusal", None)]
)
def test_an_appeal_is_dismissed_or_amended(
    play: Play, stage: str | None, outcome_: str, stars: int | None
) -> None:
    submission = play.to(State.APPEALED)
    for wrong in ("creation", "six-stars"):
        with pytest.raises(LingtanError) as error:
            play.rule(submission, wrong)
        assert codes(error) == ["amended-stars"]
    with pytest.raises(LingtanError) as error:
        deciding.decide_appeal(
            actor_of(play.world.scheme), submission=submission, ruling=deciding.Ruling(None, "维持")
        )
    assert codes(error) == ["appeal-same-person"]
    play.rule(submission, stage)
    ruled = kept.AppealDecision.objects.get(submission=submission)
    assert (ruled.outcome, ruled.stars, ruled.is_amended) == (outcome_, stars, stage is not None)


def test_who_is_second_is_told_so(play: Play) -> None:
    """Two accept at once: the step of the second has a number that is taken."""
    submission = play.submit()
    kept.Step.objects.create(
        submission=submission, number=2, act=Act.RETURN, role=Role.SCHEME, before=State.SUBMITTED,
        after=State.SUBMITTED, by=play.chief.user,
    )  # fmt: skip
    case = Case(submission)
    assert case.state is State.SUBMITTED
    kept.Step.objects.create(
        submission=submission, number=4, act=Act.RETURN, role=Role.SCHEME, before=State.SUBMITTED,
        after=State.SUBMITTED, by=play.chief.user,
    )  # fmt: skip
    with pytest.raises(LingtanError) as error:
        handing.accept(actor_of(play.world.scheme), submission=submission)
    assert codes(error) == ["changed-meanwhile"]
