"""The sampling plan of a submission, from the version under review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from lingtan.standards import load_edition
from lingtan.standards.compiling import (
    CompiledEdition,
    CompiledFormula,
    compile_edition,
    find_register_users,
)
from lingtan_web.reviews.queries.facts import Case
from lingtan_web.reviews.rules.changes import Snapshot
from lingtan_web.reviews.rules.findings import Subject
from lingtan_web.reviews.rules.sampling import Sampled, build_sample, build_stakes, draw_rows, find_grades
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.versions import find_snapshot


@dataclass(frozen=True, slots=True)
class Planned:
    """One indicator of the plan with the rows drawn for it, each as a trace names it."""

    subject: Subject
    sampled: Sampled
    rows: tuple[str, ...]

    @property
    def risk(self) -> float:
        """Points times uncertainty."""
        return float(self.sampled.stake.risk)

    @property
    def covered_percent(self) -> float:
        """The share of all risk that the plan covers up to here."""
        return float(self.sampled.covered * 100)


@cache
def register_users(edition: str) -> Mapping[str, tuple[str, ...]]:
    """Register → codes that rest on it: directly, through terms, or through facts computed from it."""
    loaded = load_edition(edition)
    users = {name: dict.fromkeys(codes) for name, codes in find_register_users(loaded).items()}
    compiled, review = compile_edition(loaded), load_review_terms()
    for code, formula in {**compiled.gates, **compiled.indicators}.items():
        for fact in _facts(compiled, formula):
            for register in review.registers_of(fact):
                users.setdefault(register, {})[code] = None
    return {name: tuple(codes) for name, codes in sorted(users.items())}


def _facts(compiled: CompiledEdition, formula: CompiledFormula) -> Iterator[str]:
    """The names a formula uses that are no terms, through its terms."""
    for name in formula.names:
        if name in compiled.terms:
            yield from _facts(compiled, compiled.terms[name])
        else:
            yield name


def build_plan(case: Case) -> tuple[Planned, ...]:
    """The plan: the same for everybody who asks, as long as the version is the same."""
    review, users = load_review_terms(), register_users(case.submission.edition)
    snapshot = find_snapshot(case.round.snapshot)
    has_readings = any(path.startswith("readings/") for path in snapshot.files)
    grades = find_grades(users, snapshot.registers, has_readings=has_readings)
    sample = build_sample(build_stakes(case.subjects, grades, review), review.terms)
    seed = case.round.version.fingerprint
    return tuple(_planned(case, one, users, snapshot, seed) for one in sample)


def _planned(
    case: Case, one: Sampled, users: Mapping[str, tuple[str, ...]], snapshot: Snapshot, seed: str
) -> Planned:
    subject = case.subject(one.stake.code)
    assert subject is not None
    keys = _rows(users, snapshot, one.stake.code)
    return Planned(subject, one, draw_rows(keys, one.rows, seed=f"{seed}/{one.stake.code}"))


def _rows(users: Mapping[str, tuple[str, ...]], snapshot: Snapshot, code: str) -> Iterator[str]:
    for register, codes in users.items():
        if code in codes:
            yield from (f"{register}[{key}]" for key in snapshot.registers.get(register, {}))


def find_twice(case: Case) -> tuple[str, ...]:
    """The indicators that two evaluators must judge; none where the mandate names one evaluator."""
    if len(case.evaluators) < 2:
        return ()
    return tuple(one.subject.code for one in build_plan(case) if one.sampled.twice)
