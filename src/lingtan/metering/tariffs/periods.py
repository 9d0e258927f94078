"""The period of every slot of a grid: which version holds on its day, and what its hours say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.metering.grid import Grid
from lingtan.metering.tariffs.days import find_day_kind
from lingtan.metering.tariffs.hours import UNKNOWN, clock, has_days, resolve_day
from lingtan.metering.tariffs.records import DAY_MINUTES, DayName, Tariff, Version

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class LocalTime:
    """Slots of a grid in local time, each cut into `parts` so fine that no limit falls within one.

    `days`: the local days of the grid; `day_of` and `minute_of`, shape (slots, parts): which of
    them, and the minute at which the part begins.
    """

    days: tuple[date, ...]
    day_of: NDArray[np.int64]
    minute_of: NDArray[np.int64]


def build_local_time(tariff: Tariff, grid: Grid) -> LocalTime:
    """The slots of `grid` in the local time of the tariff, daylight saving included."""
    limits = {
        minute for one in tariff.versions for rule in one.rules for span in rule.hours for minute in span
    }
    starts = _local(grid.starts_ms, tariff.zone)[1] % grid.slot_minutes
    step = int(np.gcd.reduce([grid.slot_minutes, *limits, *np.unique(starts).tolist()]))
    parts = grid.slot_minutes // step
    at = grid.starts_ms[:, None] + np.arange(parts) * (step * 60_000)
    day, minute = _local(at.ravel(), tariff.zone)
    days, day_of = np.unique(day, return_inverse=True)
    shape = (grid.count, parts)
    dates = tuple(date.fromordinal(_EPOCH + int(number)) for number in days)
    return LocalTime(dates, day_of.reshape(shape), minute.reshape(shape))


def _local(at_ms: NDArray[np.int64], zone: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Local days since 1970 and minutes of the day."""
    local = pl.Series(at_ms).cast(pl.Datetime("ms", "UTC")).dt.convert_time_zone(zone)
    wall = local.dt.replace_time_zone(None).dt.epoch("ms").to_numpy() // 60_000
    return np.asarray(wall // DAY_MINUTES), np.asarray(wall % DAY_MINUTES)


def find_versions(tariff: Tariff, day: date) -> tuple[Version, ...]:
    """The versions that may hold on `day`: one as a rule, none where nothing holds for sure.

    Several where the entry into force of a later one was not found. A tariff of which no day was
    found at all holds from its earliest day on.
    """
    possible = [
        version
        for version in tariff.versions
        if version.valid_from <= day and (version.valid_to is None or day <= version.valid_to)
    ]
    sure = [index for index, version in enumerate(possible) if version.sure and version.sure <= day]
    if not sure and any(version.dated for version in possible):
        return ()
    return tuple(possible[sure[-1] if sure else 0 :])


class _Tables:
    """Periods of a day by minute, made once for each kind of day there is."""

    def __init__(self, tariff: Tariff) -> None:
        self._tariff = tariff
        self._made: dict[tuple[tuple[str, ...], int, DayName | None], NDArray[np.int8]] = {}

    def find(self, day: date) -> NDArray[np.int8]:
        versions = find_versions(self._tariff, day)
        depends = has_days(versions, day.month)
        kind = find_day_kind(day, self._tariff.calendar) if depends else None
        key = (tuple(version.id for version in versions), day.month, kind)
        if key not in self._made:
            self._made[key] = _agreed(resolve_day(one.rules, day.month, kind)[0] for one in versions)
        return self._made[key]


def _agreed(tables: Iterable[NDArray[np.int8]]) -> NDArray[np.int8]:
    """What all tables say; UNKNOWN where they differ, or where there is none."""
    every = list(tables) or [np.full(DAY_MINUTES, UNKNOWN, np.int8)]
    return np.where(np.all(np.stack(every) == every[0], axis=0), every[0], np.int8(UNKNOWN))


def build_periods(tariff: Tariff, grid: Grid) -> NDArray[np.int8]:
    """The period of each slot as its place in `PERIODS`, UNKNOWN where it is not known.

    Not known: before the first and after the last version, and where it depends on a day of entry
    into force that was not found (`check_validity` tells which). LingtanError
    `tariff.slot-too-coarse` where a period changes within a slot, `tariff.calendar-ends` where the
    days are beyond the calendar; no guess is made of either.
    """
    local, tables = build_local_time(tariff, grid), _Tables(tariff)
    by_day = np.stack([tables.find(day) for day in local.days])
    parts = by_day[local.day_of, local.minute_of]
    mixed = np.flatnonzero(np.any(parts != parts[:, :1], axis=1))
    if len(mixed):
        first = clock(int(local.minute_of[mixed[0], 0]))
        minutes = grid.slot_minutes // parts.shape[1]
        context = {"tariff": tariff.id, "first": first, "length": grid.slot_minutes, "minutes": minutes}
        raise LingtanError([fault("tariff.slot-too-coarse", Place(tariff.id), **context)])
    return np.ascontiguousarray(parts[:, 0])


def check_validity(tariff: Tariff, grid: Grid) -> tuple[Fault, ...]:
    """Warnings on what `build_periods` leaves unknown or rests on for this grid.

    `tariff.not-in-force` for days without a version, `tariff.entry-unsure` for days on which two
    may hold, `tariff.undated` where no day of entry is known, `tariff.condition` for rules that a
    calendar does not decide.
    """
    span = _Span(grid, tariff)
    held = [find_versions(tariff, day) for day in span.days]
    faults = []
    bare = [day for day, versions in zip(span.days, held, strict=True) if not versions]
    if bare:
        faults.append(span.fault("tariff.not-in-force", bare))
    for version in {one.id: one for versions in held for one in versions}.values():
        days = [day for day, versions in zip(span.days, held, strict=True) if version in versions[1:]]
        if days:
            faults.append(span.fault("tariff.entry-unsure", days, version=version.id, source=version.source))
        if not version.dated:
            context = {"version": version.id, "earliest": version.valid_from, "source": version.source}
            faults.append(fault("tariff.undated", Place(tariff.id), **context))
        for text in version.conditions:
            faults.append(fault("tariff.condition", Place(tariff.id), version=version.id, condition=text))
    return tuple(faults)


@dataclass(frozen=True)
class _Span:
    grid: Grid
    tariff: Tariff

    @cached_property
    def days(self) -> tuple[date, ...]:
        ends = np.array([self.grid.begin_ms, self.grid.end_ms - 1], np.int64)
        first, last = _local(ends, self.tariff.zone)[0].tolist()
        return tuple(date.fromordinal(_EPOCH + number) for number in range(first, last + 1))

    def fault(self, code: str, days: list[date], **context: object) -> Fault:
        shown = {"tariff": self.tariff.id, "first": days[0], "last": days[-1], **context}
        return fault(code, Place(self.tariff.id), **shown)
