"""Which indicators to look into first, and which rows to check: by points at stake and uncertainty.

risk = points at stake × uncertainty (0 certain … 1 unknown). The sample takes the largest risks until it
covers the share of all risk that the terms ask for. Rows are spread over it by risk (largest remainder) and
drawn by a hash of the version and the row, so that nobody can choose them and anybody can draw them again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lingtan_web.reviews.rules.findings import Subject
from lingtan_web.reviews.rules.terms import Grade, ReviewTerms, Terms

_ORDER: tuple[Grade, ...] = ("readings", "proven", "entered", "estimated", "unknown")
_METERED = ("meters", "metering_points")


@dataclass(frozen=True, slots=True)
class Stake:
    """One indicator with its risk and what it rests on."""

    code: str
    points: Decimal
    grade: Grade
    risk: Fraction


@dataclass(frozen=True, slots=True)
class Sampled:
    """One indicator of the sample: its risk, the share covered up to it, the rows to check."""

    stake: Stake
    covered: Fraction
    rows: int = 0
    twice: bool = False


def build_stakes(
    subjects: Iterable[Subject], grades: Mapping[str, Grade], review: ReviewTerms
) -> tuple[Stake, ...]:
    """The indicators by falling risk; one that does not apply has no points and no risk."""
    stakes = []
    for subject in subjects:
        if subject.is_gate:
            continue
        grade = grades.get(subject.code, "entered") if subject.value is not None else "unknown"
        risk = Fraction(subject.points) * Fraction(review.uncertainty[grade].value)
        stakes.append(Stake(subject.code, subject.points, grade, risk))
    return tuple(sorted(stakes, key=lambda one: (-one.risk, one.code)))


def grade_rows(register: str, rows: Iterable[Mapping[str, str]], *, has_readings: bool) -> Grade:
    """What the rows of a register rest on, at their weakest; none handed in is of unknown origin.

    Meters rest on their readings. A row whose `source` is an estimate or a default says so itself.
    """
    if register in _METERED and has_readings:
        return "readings"
    return max((_grade(cells) for cells in rows), key=_ORDER.index, default="unknown")


def _grade(cells: Mapping[str, str]) -> Grade:
    if cells.get("source") in ("estimate", "default"):
        return "estimated"
    return "proven" if cells.get("evidence") else "entered"


def find_grades(
    users: Mapping[str, Iterable[str]],
    registers: Mapping[str, Mapping[str, Mapping[str, str]]],
    *,
    has_readings: bool,
) -> dict[str, Grade]:
    """By indicator the weakest of the registers with rows that it rests on; unknown if none has any.

    `users`: register → codes that use it; `registers`: register → row key → cells.
    """
    found: dict[str, Grade] = {}
    for register, codes in users.items():
        rows = registers.get(register, {}).values()
        grade = grade_rows(register, rows, has_readings=has_readings) if rows else None
        for code in codes:
            both = [one for one in (found.get(code), grade) if one is not None]
            if both:
                found[code] = max(both, key=_ORDER.index)
    used = {code for codes in users.values() for code in codes}
    return {code: found.get(code, "unknown") for code in used}


def build_sample(stakes: Sequence[Stake], terms: Terms) -> tuple[Sampled, ...]:
    """The largest risks until the share is covered, at least so many; rows and second readings on top."""
    chosen = list(_take(stakes, terms))
    rows = spread_rows([one.stake.risk for one in chosen], terms.sample_rows.count)
    return tuple(
        Sampled(one.stake, one.covered, count, number < terms.second_readings.count)
        for number, (one, count) in enumerate(zip(chosen, rows, strict=True))
    )


def _take(stakes: Sequence[Stake], terms: Terms) -> Iterator[Sampled]:
    total = sum((one.risk for one in stakes), Fraction(0))
    wanted = Fraction(terms.sample_share.value) / 100
    covered = Fraction(0)
    for number, stake in enumerate(stakes):
        if not stake.risk or (number >= terms.sample_least.count and covered >= wanted):
            return
        covered += stake.risk / total
        yield Sampled(stake, covered)


def spread_rows(risks: Sequence[Fraction], rows: int) -> list[int]:
    """`rows` spread in proportion to `risks` by largest remainder; ties go to the earlier."""
    total = sum(risks, Fraction(0))
    if not total:
        return [0] * len(risks)
    exact = [rows * risk / total for risk in risks]
    counts = [int(one) for one in exact]
    by_rest = sorted(range(len(risks)), key=lambda n: (counts[n] - exact[n], n))
    for n in by_rest[: rows - sum(counts)]:
        counts[n] += 1
    return counts


def draw_rows(keys: Iterable[str], count: int, *, seed: str) -> tuple[str, ...]:
    """`count` of `keys`, drawn by SHA-256 of `seed` (the fingerprint of the version) and key."""
    ranked = sorted(set(keys), key=lambda key: hashlib.sha256(f"{seed}\0{key}".encode()).digest())
    return tuple(sorted(ranked[:count]))
