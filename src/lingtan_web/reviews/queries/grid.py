"""The grid of findings: the park's value beside the evaluators', subject by subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lingtan.standards import load_edition
from lingtan_web.reviews.models import Finding
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.queries.sampling import build_plan
from lingtan_web.reviews.queries.statements import find_verified
from lingtan_web.reviews.rules.findings import Subject, is_same
from lingtan_web.reviews.rules.verified import Verified


@dataclass(frozen=True, slots=True)
class Line:
    """One subject as the grid shows it. `said` are the findings to be seen, each evaluator's newest.

    `is_hidden`: another evaluator has judged it, but two must judge it on their own and the viewer has
    not yet. `rank` is its place in the sampling plan.
    """

    subject: Subject
    own: Finding | None
    said: tuple[Finding, ...]
    is_hidden: bool
    is_outdated: bool
    differ: bool
    earned: Decimal | None
    passed: bool | None
    open_questions: int
    rank: int | None
    twice: bool

    @property
    def newest(self) -> Finding | None:
        """The finding that holds."""
        return self.said[-1] if self.said else None

    @property
    def is_done(self) -> bool:
        """Whether nothing keeps it from being signed, as far as it can be seen here."""
        newest = self.newest
        is_open = newest is None or newest.verdict == "question"
        return not (is_open or self.is_outdated or self.differ or (self.twice and len(self.said) < 2))


@dataclass(frozen=True, slots=True)
class Group:
    """The basic requirements, or a first-level indicator with its lines."""

    code: str
    zh: str
    en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """All lines in groups, and what they come to."""

    groups: tuple[Group, ...]
    verified: Verified

    @property
    def lines(self) -> Iterator[Line]:
        """Every line."""
        return (line for group in self.groups for line in group.lines)

    @property
    def total(self) -> int:
        """How many subjects there are."""
        return sum(len(group.lines) for group in self.groups)

    @property
    def done(self) -> int:
        """How many are judged."""
        return sum(line.is_done for line in self.lines)


def build_grid(case: Case, viewer: int) -> Grid:
    """The grid as `viewer` may see it."""
    plan = {one.subject.code: (rank, one) for rank, one in enumerate(build_plan(case), start=1)}
    is_team = len(case.evaluators) > 1
    verified, lines = find_verified(case), []
    newest = _newest(case.findings)
    for subject in case.subjects:
        rank, planned = plan.get(subject.code, (None, None))
        twice = is_team and planned is not None and planned.sampled.twice
        held = Held(newest.get(subject.code, {}), viewer, rank, twice)
        lines.append(_line(case, subject, held, verified))
    return Grid(tuple(_groups(case, lines)), verified)


def _newest(findings: list[Finding]) -> dict[str, dict[int, Finding]]:
    held: dict[str, dict[int, Finding]] = {}
    for one in findings:
        held.setdefault(one.code, {}).pop(one.by_id, None)
        held[one.code][one.by_id] = one
    return held


@dataclass(frozen=True, slots=True)
class Held:
    """What evaluators hold of a subject, who looks, and its place in the plan."""

    findings: Mapping[int, Finding]
    viewer: int
    rank: int | None
    twice: bool


def _line(case: Case, subject: Subject, given: Held, verified: Verified) -> Line:
    held, viewer, twice = given.findings, given.viewer, given.twice
    own = held.get(viewer)
    is_hidden = twice and viewer in case.evaluators and own is None and bool(held)
    said = () if is_hidden else tuple(held.values())
    first = said[0] if said else None
    return Line(
        subject=subject,
        own=own,
        said=said,
        is_hidden=is_hidden,
        is_outdated=any(not is_same(one.seen, subject.value) for one in said),
        differ=any(
            one.verdict != first.verdict or not is_same(one.value, first.value) for one in said if first
        ),
        earned=None if is_hidden else verified.earned.get(subject.code),
        passed=None if is_hidden else verified.passed.get(subject.code),
        open_questions=sum(one.code == subject.code for one in case.open_questions),
        rank=given.rank,
        twice=twice,
    )


def _groups(case: Case, lines: list[Line]) -> Iterator[Group]:
    gates = tuple(line for line in lines if line.subject.is_gate)
    if gates:
        yield Group("", "基本要求", "Basic requirements", gates)
    edition = load_edition(case.submission.edition)
    levels = {level.code: level for level in edition.levels}
    first_of = {i.code: levels[i.level2].parent or i.level2 for i in edition.indicators if i.level2 in levels}
    for level in edition.levels:
        found = tuple(one for one in lines if first_of.get(one.subject.code) == level.code)
        if not level.parent and found:
            yield Group(level.code, level.zh, level.en, found)
    rest = tuple(one for one in lines if not one.subject.is_gate and one.subject.code not in first_of)
    if rest:
        yield Group("", "指标", "Indicators", rest)
