"""Reviews through the interface: findings, questions, answers; as the pages let each role."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.api_parts import Program
from tests.web.review_parts import Play, play  # noqa: F401  (the fixture)

from lingtan_web.audit.models import Entry
from lingtan_web.reviews.models import Finding, Question
from lingtan_web.reviews.workflow import State

ROOT = "/parks/alpha/submissions/1"
FIELD = "buildings[B01].floor_area_m2"
ASKED = {"code": "A1.1", "text": "一号楼面积与图纸不符", "fields": [FIELD]}


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content
    return [one["code"] for one in answer.json()["faults"]]


def test_an_evaluator_records_findings(play: Play) -> None:  # noqa: F811
    play.to(State.IN_REVIEW)
    program = Program(play.world.evaluator)
    lines = {one["code"]: one for one in program.get(f"{ROOT}/findings").json()}
    value = lines["A1.1"]["value"]
    assert value is not None and lines["A1.1"]["findings"] == [] and not lines["A1.1"]["is_done"]
    told = program.post(f"{ROOT}/findings/A1.1", {"verdict": "accept"}).json()
    (finding,) = told["findings"]
    assert (finding["verdict"], finding["by"], finding["seen"]) == ("accept", "evaluator", value)
    assert told["is_done"] is True
    correct = {"verdict": "correct", "value": "7", "reasons": "抄表记录", "reference": "EV001 第 3 页"}
    told = program.post(f"{ROOT}/findings/A1.1", correct).json()
    assert [(one["verdict"], one["value"]) for one in told["findings"]] == [
        ("correct", "7")
    ]  # the newest holds
    assert list(Finding.objects.values_list("verdict", flat=True)) == ["accept", "correct"]
    entry = Entry.objects.filter(act="review.record-finding").latest("number")
    assert (entry.via, entry.actor) == ("api", play.world.evaluator.user)
    again = {one["code"]: one for one in program.get(f"{ROOT}/findings").json()}
    assert again["A1.1"] == told
    assert [one for one, line in again.items() if line["is_gate"]]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"verdict": "correct", "value": "7", "reasons": "x"}, "review.correction-without-reference"),
        ({"verdict": "reject"}, "review.finding-without-reasons"),
        ({"verdict": "question"}, "api.bad-field"),
        ({"verdict": "accept", "why": "x"}, "api.bad-field"),
        ({"verdict": "accept", "reasons": "a\0b"}, "api.bad-field"),
        ({}, "api.bad-field"),
    ],
)
def test_what_a_finding_must_have(play: Play, body: dict[str, Any], code: str) -> None:  # noqa: F811
    play.to(State.IN_REVIEW)
    assert code in codes(Program(play.world.evaluator).post(f"{ROOT}/findings/A1.1", body))
    assert not Finding.objects.exists()


def test_a_question_is_asked_answered_and_settled(play: Play) -> None:  # noqa: F811
    play.to(State.IN_REVIEW)
    evaluator, park = Program(play.world.evaluator), Program(play.world.park)
    asked = evaluator.post(f"{ROOT}/questions", ASKED).json()
    assert (asked["number"], asked["code"], asked["fields"]) == (1, "A1.1", [FIELD])
    assert [(one["kind"], one["role"]) for one in asked["messages"]] == [("ask", "evaluator")]
    assert park.get(ROOT).json()["questions"] == [
        {"number": 1, "code": "A1.1", "fields": [FIELD], "is_answered": False}
    ]
    answered = park.post(f"{ROOT}/questions/1/messages", {"text": "已更正"}).json()
    assert (answered["is_answered"], answered["is_settled"]) == (True, False)
    more = evaluator.post(f"{ROOT}/questions/1/messages", {"text": "请附图纸"}).json()
    assert [one["kind"] for one in more["messages"]] == ["ask", "answer", "ask"]
    assert more["is_answered"] is False
    assert park.post(f"{ROOT}/questions/2/messages", {"text": "x"}).status_code == 404
    assert evaluator.post(f"{ROOT}/questions/2/settle", {}).status_code == 404
    settled = evaluator.post(f"{ROOT}/questions/1/settle", {}).json()
    assert settled["is_settled"] is True
    assert park.get(f"{ROOT}/questions").json() == [settled] == [park.get(f"{ROOT}/questions/1").json()]
    assert codes(park.post(f"{ROOT}/questions/1/messages", {"text": "还有"})) == ["review.no-open-question"]
    assert park.get(f"{ROOT}/questions/2").status_code == 404


def test_what_a_question_must_have(play: Play) -> None:  # noqa: F811
    play.to(State.IN_REVIEW)
    program = Program(play.world.evaluator)
    path = f"{ROOT}/questions"
    assert codes(program.post(path, {**ASKED, "fields": ["moon[1]"]})) == ["review.unknown-field"]
    assert codes(program.post(path, {**ASKED, "code": "Z9"})) == ["review.unknown-subject"]
    assert codes(program.post(path, {**ASKED, "text": " "})) == ["review.text-lacking"]
    assert codes(program.post(path, {**ASKED, "fields": []})) == ["api.bad-field"]
    assert not Question.objects.exists()


def test_only_those_who_may_and_not_before_their_time(play: Play) -> None:  # noqa: F811
    play.to(State.IN_REVIEW)
    world = play.world
    accept = {"verdict": "accept"}
    for role in ("park", "scheme", "body"):
        assert Program(world.someone(role)).post(f"{ROOT}/findings/A1.1", accept).status_code == 403
    for role in ("enterprise", "other_park", "stranger", "expert"):
        answer = Program(world.someone(role)).post(f"{ROOT}/findings/A1.1", accept)
        assert answer.status_code == (403 if role == "enterprise" else 404)
    assert Program(world.park).get(f"{ROOT}/findings").status_code == 403  # until the statement is issued
    tied = play.second_evaluator()  # has not declared to be free of ties
    assert Program(tied).post(f"{ROOT}/findings/A1.1", accept).status_code == 422
    for scope in ("read", "dossier:write", "process:write", "readings:write"):
        program = Program(world.evaluator, scope)
        assert program.post(f"{ROOT}/findings/A1.1", accept).status_code == 403
        assert program.post(f"{ROOT}/questions", ASKED).status_code == 403
    program = Program(world.evaluator)
    assert program.post("/parks/alpha/submissions/2/findings/A1.1", accept).status_code == 404
    assert program.post("/parks/beta/submissions/1/findings/A1.1", accept).status_code == 404
    assert codes(program.post(f"{ROOT}/findings/Z9", accept)) == ["review.unknown-subject"]
    assert not Finding.objects.exists() and not Question.objects.exists()


def test_the_park_sees_findings_once_the_statement_is_issued(play: Play) -> None:  # noqa: F811
    play.to(State.ISSUED)
    lines = Program(play.world.park).get(f"{ROOT}/findings").json()
    assert lines and all(one["is_done"] for one in lines)


def test_two_read_on_their_own(play: Play) -> None:  # noqa: F811
    submission = play.to(State.IN_REVIEW)
    second = play.second_evaluator()
    play.declare(submission, second)
    twice = [one["code"] for one in Program(second).get(f"{ROOT}/findings").json() if one["needs_two"]]
    assert twice
    Program(play.world.evaluator).post(f"{ROOT}/findings/{twice[0]}", {"verdict": "accept"})
    seen = {one["code"]: one for one in Program(second).get(f"{ROOT}/findings").json()}[twice[0]]
    assert (seen["is_hidden"], seen["findings"], seen["earned_verified"]) == (True, [], None)
    told = Program(second).post(f"{ROOT}/findings/{twice[0]}", {"verdict": "accept"}).json()
    assert (told["is_hidden"], len(told["findings"]), told["do_differ"]) == (False, 2, False)


def test_what_changed_between_the_versions(play: Play) -> None:  # noqa: F811
    play.to(State.RESUBMITTED)
    program = Program(play.world.evaluator)
    assert [one["number"] for one in program.get(ROOT).json()["rounds"]] == [1, 2]
    (told,) = program.get(f"{ROOT}/changes").json()
    assert (told["before"], told["after"]) == (1, 2)
    assert told["changes"] == [
        {"field": FIELD, "kind": "changed", "old": "300", "new": "310", "cells": {}}
    ]  # fmt: skip
    for number in (1, 2):
        version = program.get(ROOT).json()["rounds"][number - 1]["version"]
        assert program.get(f"/parks/alpha/dossiers/2024/versions/{version}/export").status_code == 200
