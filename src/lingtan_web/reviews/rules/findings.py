"""Findings: what an evaluator says of each indicator and each basic requirement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from lingtan.errors import Fault, fault

YES, NO = "yes", "no"
LONGEST = 4000


class Verdict(StrEnum):
    """Accept the park's value, set another, reject it (it counts as missing), or ask first."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Subject:
    """An indicator (by code) or a basic requirement (by id) with the park's value.

    `value` None is missing; of a requirement it is "yes" or "no". `applies` false: the park says that
    the indicator does not apply, which an evaluator accepts or rejects too.
    """

    code: str
    is_gate: bool
    zh: str
    en: str
    value: str | None
    unit: str = ""
    kind: str = ""
    points: Decimal = Decimal(0)
    earned: Decimal = Decimal(0)
    applies: bool = True
    passed: bool | None = None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One evaluator's word on one subject. `number` rises; the newest of an evaluator holds.

    `seen` is the park's value that it speaks of: after another one is handed in it is out of date.
    """

    code: str
    evaluator: int
    verdict: Verdict
    value: str | None = None
    reasons: str = ""
    reference: str = ""
    number: int = 0
    seen: str | None = None


def read_subjects(result: Mapping[str, Any]) -> tuple[Subject, ...]:
    """Every basic requirement and indicator of a result (see `results`), in the edition's order."""
    gates = [
        Subject(
            gate["id"], True, gate["name"], gate["name_en"], _yes_no(gate["passed"]), passed=gate["passed"]
        )
        for gate in result["gates"]
    ]
    return (*gates, *(_indicator(raw) for raw in result["indicators"]))


def _yes_no(passed: bool | None) -> str | None:
    return None if passed is None else YES if passed else NO


def _indicator(raw: Mapping[str, Any]) -> Subject:
    return Subject(
        raw["code"],
        False,
        raw["name"],
        raw["name_en"],
        raw["value"] if raw["applies"] else None,
        raw["unit"],
        raw["kind"],
        Decimal(raw["points"] or 0),
        Decimal(raw["earned"] or 0),
        raw["applies"],
        raw["passed"],
        Decimal(raw["target"]) if raw["target"] is not None else None,
    )


def check_finding(finding: Finding, subject: Subject, *, questions: int = 0) -> list[Fault]:
    """What a verdict must have. `questions`: how many open ones there are on this subject."""
    rules = {
        Verdict.ACCEPT: _check_accept,
        Verdict.CORRECT: _check_correct,
        Verdict.REJECT: _check_reject,
    }
    if finding.verdict is Verdict.QUESTION:
        return [] if questions else [fault("review.finding-without-question", code=subject.code)]
    too_long = [
        fault("review.text-too-long", limit=LONGEST)
        for text in (finding.reasons, finding.reference)
        if len(text) > LONGEST
    ]
    return [*rules[finding.verdict](finding, subject), *too_long]


def _check_accept(finding: Finding, subject: Subject) -> list[Fault]:
    if finding.value is not None and not is_same(finding.value, subject.value):
        return [fault("review.accepted-another-value", code=subject.code, value=finding.value)]
    return []


def _check_reject(finding: Finding, subject: Subject) -> list[Fault]:
    faults = _check_reasons(finding, subject)
    if finding.value is not None:
        faults.append(fault("review.rejected-with-value", code=subject.code))
    if subject.value is None and subject.applies:
        faults.append(fault("review.nothing-to-reject", code=subject.code))
    return faults


def _check_correct(finding: Finding, subject: Subject) -> list[Fault]:
    faults = _check_reasons(finding, subject)
    if not finding.reference.strip():
        faults.append(fault("review.correction-without-reference", code=subject.code))
    if finding.value is None or not finding.value.strip():
        faults.append(fault("review.correction-without-value", code=subject.code))
    elif not _is_readable(finding.value, subject):
        faults.append(fault("review.value-unreadable", code=subject.code, value=finding.value))
    elif is_same(finding.value, subject.value):
        faults.append(fault("review.corrected-to-same", code=subject.code, value=finding.value))
    return faults


def _check_reasons(finding: Finding, subject: Subject) -> list[Fault]:
    return [] if finding.reasons.strip() else [fault("review.finding-without-reasons", code=subject.code)]


def read_number(text: str) -> Decimal | None:
    """A plain finite decimal of at most 40 characters; None otherwise."""
    try:
        value = Decimal(text.strip()) if len(text) <= 40 else None
    except InvalidOperation:
        return None
    small = value is not None and value.is_finite() and abs(value.adjusted()) <= 30
    return value if small else None


def _is_readable(text: str, subject: Subject) -> bool:
    return text in (YES, NO) if subject.is_gate else read_number(text) is not None


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two values say the same: 10.0 is 10."""
    if one is None or other is None:
        return one is other
    numbers = _number(one), _number(other)
    return one == other if None in numbers else numbers[0] == numbers[1]


def _number(text: str) -> Decimal | None:
    """A finite number of any length (computed values have 50 digits)."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def find_held(findings: Iterable[Finding]) -> dict[str, dict[int, Finding]]:
    """What each evaluator holds of each subject: the newest."""
    held: dict[str, dict[int, Finding]] = {}
    for finding in sorted(findings, key=lambda one: one.number):
        held.setdefault(finding.code, {})[finding.evaluator] = finding
    return held


def find_first(findings: Iterable[Finding]) -> dict[int, dict[str, Verdict]]:
    """What each evaluator said first of each subject: before they talked it over."""
    first: dict[int, dict[str, Verdict]] = {}
    for finding in sorted(findings, key=lambda one: one.number):
        first.setdefault(finding.evaluator, {}).setdefault(finding.code, finding.verdict)
    return first


def find_result(findings: Iterable[Finding]) -> dict[str, Finding]:
    """The finding of the team for each subject: the newest of all; see `check_findings` for when it holds."""
    return {code: max(by.values(), key=lambda one: one.number) for code, by in find_held(findings).items()}


def check_findings(
    subjects: Iterable[Subject], findings: Iterable[Finding], *, twice: Iterable[str] = ()
) -> list[Fault]:
    """Before a statement: every subject judged, none asked about, evaluators of one mind.

    `twice`: subjects that two evaluators must have judged.
    """
    held, double = find_held(findings), set(twice)
    return [one for subject in subjects for one in _check_held(subject, held.get(subject.code, {}), double)]


def _check_held(subject: Subject, held: Mapping[int, Finding], double: set[str]) -> list[Fault]:
    if not held:
        return [fault("review.finding-lacking", code=subject.code, name_zh=subject.zh, name_en=subject.en)]
    if any(one.verdict is Verdict.QUESTION for one in held.values()):
        return [fault("review.finding-open", code=subject.code)]
    if any(not is_same(one.seen, subject.value) for one in held.values()):
        return [fault("review.finding-outdated", code=subject.code)]
    if subject.code in double and len(held) < 2:
        return [fault("review.second-reading-lacking", code=subject.code)]
    first, *others = held.values()
    same = all(one.verdict is first.verdict and is_same(one.value, first.value) for one in others)
    return [] if same else [fault("review.evaluators-differ", code=subject.code)]
