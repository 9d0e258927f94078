"""Which of several factors is the right one, and why: region first, then vintage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lingtan.errors import Fault, fault
from lingtan.factors.records import Factor, FoundFactor
from lingtan.factors.tables import factor_kinds, regions

OLD_AFTER_YEARS = 2  # a yearly value warns when older than this; method.md 10, the rule is ours


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `chain`: regions from the place outwards; `on`: the day of the work, if known."""

    activity: str
    kind: str
    place: str
    chain: tuple[str, ...]
    year: int
    method: str = ""
    unit: str = ""
    on: date | None = None


def is_in_force(factor: Factor, year: int) -> bool:
    """Whether the factor may be used for the reporting year `year` and is not replaced by another."""
    begun = not factor.valid_from or factor.valid_from <= year
    ended = bool(factor.valid_to) and factor.valid_to < year
    return begun and not ended and not factor.replaced_by


def suits_method(factor: Factor, method: str) -> bool:
    """Whether the factor belongs to no method or to `method`."""
    return factor.method in ("", method)


def choose(candidates: Sequence[Factor], query: Query) -> FoundFactor | Factor | None:
    """The factor for `query`, most specific region first; the newest vintage not after its year.

    A region whose chosen vintage is "not found" is passed over for the next wider one; if no
    wider one has a value, that factor itself comes back. None if there are no candidates.
    """
    unknown: Factor | None = None
    for region in query.chain:
        here = [f for f in candidates if f.region == region]
        own = [f for f in here if f.method] or here
        if not own:
            continue
        chosen = _vintage(own, query.year)
        if chosen.value is not None:
            return _found(chosen, query, passed_over=unknown)
        unknown = unknown or chosen
    return unknown


def _vintage(factors: Iterable[Factor], year: int) -> Factor:
    """The newest not after `year`, else the earliest after it; equal years by id."""
    ordered = sorted(factors, key=lambda f: (f.year, f.valid_from, f.id))
    past = [f for f in ordered if f.year <= year]
    return past[-1] if past else ordered[0]


def _found(factor: Factor, query: Query, *, passed_over: Factor | None) -> FoundFactor:
    faults = list(age_faults(factor, query.year))
    if passed_over is not None:
        narrow, wide = _named(passed_over.region), _named(factor.region)
        faults.append(fault("factor.wider-region", narrow=narrow, wide=wide, id=factor.id))
    faults += review_faults(factor, query.on)
    zh, en = _reasons(factor, query)
    return explained(factor, zh, en, faults)


def _named(region: str) -> str:
    return f"{regions()[region].zh} ({region})"


def explained(factor: Factor, zh: str, en: str, faults: Iterable[Fault]) -> FoundFactor:
    """A found factor with its reasons; a transcription says so."""
    every = list(faults)
    if factor.second_hand:
        every.append(fault("factor.second-hand", id=factor.id, source=factor.source))
    warnings = tuple(f.code for f in every if f.severity == "warning")
    return FoundFactor(factor, zh, warnings, zh, en, tuple(every))


def age_faults(factor: Factor, year: int) -> Iterable[Fault]:
    """What the vintage of `factor` calls for, used in the reporting year `year`."""
    if not factor.year:
        return
    age = year - factor.year
    if age < 0:
        yield fault("factor.later-vintage", id=factor.id, vintage=factor.year, year=year)
    elif age > OLD_AFTER_YEARS:
        ages = factor_kinds()[factor.kind].ages
        code = "factor.old-vintage" if ages == "yearly" else "factor.old-document"
        yield fault(code, id=factor.id, vintage=factor.year, year=year, age=age)


def review_faults(factor: Factor, on: date | None) -> Iterable[Fault]:
    """A warning when `on` is past the day by which the factor was to be reviewed."""
    if on is not None and on > factor.review_by:
        yield fault(
            "factor.due-review", id=factor.id, review_by=factor.review_by, on=on, source=factor.source
        )


def _reasons(factor: Factor, query: Query) -> tuple[str, str]:
    where, when = _region_reason(factor, query), _vintage_reason(factor, query.year)
    return f"{where[0]}；{when[0]}", f"{where[1]}; {when[1]}"


def _region_reason(factor: Factor, query: Query) -> tuple[str, str]:
    if factor.method:
        return f"核算方法 {factor.method} 规定的取值", f"fixed by the method {factor.method}"
    region = regions()[factor.region]
    if factor.region == query.chain[0]:
        return f"取{region.zh}的数值", f"value of {region.en} itself"
    place = regions()[query.chain[0]]
    return (
        f"{place.zh}没有单独的数值，取{region.zh}的数值",
        f"{place.en} has no value of its own, that of {region.en} is taken",
    )


def _vintage_reason(factor: Factor, year: int) -> tuple[str, str]:
    if not factor.year:
        return "不分年度，现行有效", "not by year, in force"
    if factor.year <= year:
        return (
            f"{factor.year} 年版，不晚于报告年度 {year} 的最新一版",
            f"of {factor.year}, the newest not after the reporting year {year}",
        )
    return (
        f"{factor.year} 年版，报告年度 {year} 及以前没有，取其后最早一版",
        f"of {factor.year}; none of {year} or before, the earliest later one",
    )
