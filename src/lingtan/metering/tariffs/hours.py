"""Rules to the periods of one day, minute by minute, and whether they leave a gap or quarrel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lingtan.errors import Fault, Place, fault
from lingtan.metering.tariffs.records import (
    ALL_MONTHS,
    DAY_MINUTES,
    PERIODS,
    DayName,
    PeriodName,
    Rule,
    Tariff,
    Version,
)

UNKNOWN = -1
"""A period or price that is not known."""


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """Minutes of a day that no rule has (`one` and `other` blank), or that two rules have."""

    begin: int
    end: int
    one: str = ""
    other: str = ""


def resolve_day(
    rules: Iterable[Rule], month: int, kind: DayName | None
) -> tuple[NDArray[np.int8], tuple[Trouble, ...]]:
    """The period of each minute of a day, int8[1440], and what is wrong with the rules.

    Plain rules first, then those that take hours from others (`over`), of these the ones of certain
    days last, then the rest. A minute that is in doubt or that no rule has is UNKNOWN.
    """
    found = np.full(DAY_MINUTES, UNKNOWN, np.int8)
    doubtful = np.zeros(DAY_MINUTES, np.bool_)
    troubles: list[Trouble] = []
    chosen = [rule for rule in rules if month in rule.months and (not rule.days or kind in rule.days)]
    for rule in sorted(chosen, key=_rank):
        mine = _minutes(rule)
        if rule.rest:
            mine &= found == UNKNOWN
        allowed = (UNKNOWN, *(PERIODS.index(name) for name in (rule.period, *rule.over)))
        clash = mine & ~np.isin(found, allowed)
        troubles += _clashes(found, clash, rule.period)
        doubtful |= clash
        found[mine & ~clash] = PERIODS.index(rule.period)
    troubles += [Trouble(*span) for span in _spans(found == UNKNOWN)]
    found[doubtful] = UNKNOWN
    return found, tuple(sorted(set(troubles)))


def _rank(rule: Rule) -> int:
    return 3 if rule.rest else (2 if rule.days else 1) if rule.over else 0


def _minutes(rule: Rule) -> NDArray[np.bool_]:
    mask = np.zeros(DAY_MINUTES, np.bool_)
    for begin, end in rule.hours:
        mask[begin:end] = True
    return mask


def _clashes(found: NDArray[np.int8], clash: NDArray[np.bool_], period: PeriodName) -> Iterator[Trouble]:
    for code in np.unique(found[clash]).tolist():
        for begin, end in _spans(clash & (found == code)):
            yield Trouble(begin, end, PERIODS[code], period)


def _spans(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def has_days(versions: Iterable[Version], month: int) -> bool:
    """Whether periods in `month` depend on the kind of day."""
    return any(rule.days for one in versions for rule in one.rules if month in rule.months)


def check_hours(tariff: Tariff) -> tuple[Fault, ...]:
    """What is wrong with a tariff's hours: every minute is to be in exactly one period.

    Tried for every month and every kind of day that a rule names, and for a day that none names.
    Errors `tariff.overlap` and `tariff.uncovered`, with the months they hold in.
    """
    faults = []
    for version in tariff.versions:
        kinds = {None, *(day for rule in version.rules for day in rule.days)}
        months: dict[Trouble, set[int]] = {}
        for month, kind in product(ALL_MONTHS, kinds):
            for trouble in resolve_day(version.rules, month, kind)[1]:
                months.setdefault(trouble, set()).add(month)
        faults += [_fault(version, trouble, months[trouble]) for trouble in sorted(months)]
    return tuple(faults)


def _fault(version: Version, trouble: Trouble, months: set[int]) -> Fault:
    context = {
        "version": version.id,
        "months": " ".join(str(month) for month in sorted(months)),
        "begin": clock(trouble.begin),
        "end": clock(trouble.end),
    }
    if not trouble.one:
        return fault("tariff.uncovered", Place(version.id), **context)
    return fault("tariff.overlap", Place(version.id), **context, one=trouble.one, other=trouble.other)


def clock(minutes: int) -> str:
    """Minutes of the day as people write them: `22:00`, the end of the day `24:00`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
