"""Who may evaluate: independence, the yearly cap, rotation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lingtan.errors import Fault, fault
from lingtan_web.reviews.rules.terms import Declaration, Terms


def check_declarations(answers: Mapping[str, bool], asked: Mapping[str, Declaration]) -> list[Fault]:
    """Every sentence must be answered; whether a yes keeps the person out is `is_free`."""
    lacking = [name for name in asked if name not in answers]
    unknown = [name for name in answers if name not in asked]
    faults = [fault("review.declaration-lacking", zh=asked[name].zh, en=asked[name].en) for name in lacking]
    return faults + [fault("review.declaration-unknown", name=name) for name in unknown]


def is_free(answers: Mapping[str, bool]) -> bool:
    """Whether a statement declares no tie at all."""
    return not any(answers.values())


def check_cap(begun: int, terms: Terms) -> list[Fault]:
    """`begun`: reviews the evaluator has begun in this calendar year, this one not among them."""
    cap = terms.evaluator_cap.count
    return [fault("review.evaluator-cap", begun=begun, cap=cap)] if begun >= cap else []


def check_rotation(years: Collection[int], year: int, terms: Terms) -> list[Fault]:
    """`years`: reporting years of this park that the evaluator reviewed before `year`.

    After `rotation_years` running the evaluator stays away for `cooling_years`.
    """
    longest, away = terms.rotation_years.count, terms.cooling_years.count
    before = {one for one in years if one < year}
    last = max((end for end in before if is_full_run(end, before, longest)), default=None)
    if last is None or year - last > away:
        return []
    return [fault("review.evaluator-rotation", years=longest, last=last, again=last + away + 1)]


def is_full_run(end: int, years: Collection[int], longest: int) -> bool:
    """Whether the `longest` years up to `end` were all reviewed."""
    return all(end - n in years for n in range(longest))


def check_ties(organisations: Iterable[int], kept_out: Mapping[int, str]) -> list[Fault]:
    """Memberships that alone keep a person out: `kept_out` maps organisations to their names."""
    return [
        fault("review.tied-organisation", name=kept_out[one])
        for one in sorted(set(organisations) & set(kept_out))
    ]
