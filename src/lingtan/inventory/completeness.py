"""What is lacking: months within a monthly series, enterprises that reported nothing, doubled series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import registers
from lingtan.errors import Fault, fault
from lingtan.inventory.activities import Activity, Key, rows_of_year
from lingtan.inventory.lines import Draft
from lingtan.periods import Period
from lingtan.trace import Gap

Topic = Literal["fuel", "electricity", "heat"]
TOPIC_OF_KIND: Mapping[str, Topic] = {
    "fossil": "fuel",
    "biogenic": "fuel",
    "electricity": "electricity",
    "heat": "heat",
    "steam": "heat",
    "cold": "heat",
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """Gaps by what rests on them; `all` lack to every total."""

    by_topic: Mapping[Topic, tuple[Gap, ...]]
    everywhere: tuple[Gap, ...]

    def of(self, *topics: Topic) -> tuple[Gap, ...]:
        """The gaps of `topics` and those that lack everywhere."""
        return tuple(gap for topic in topics for gap in self.by_topic.get(topic, ())) + self.everywhere


def find_lacking(
    dossier: Dossier, activities: Sequence[Activity], unusable: Iterable[Gap], *, year: int
) -> Lacking:
    """Months missing from monthly series, and enterprises active in `year` that reported no energy."""
    enterprises = {row.text("enterprise"): row for row in dossier.rows.get("enterprises", ())}
    by_topic: dict[Topic, list[Gap]] = defaultdict(list)
    for key, series in _series(activities).items():
        topic = TOPIC_OF_KIND[series[0].carrier.kind]
        by_topic[topic].extend(_missing_months(key, series, enterprises.get(key[0]), year))
    everywhere = [*unusable, *_silent(dossier, enterprises, activities, year)]
    return Lacking({topic: tuple(gaps) for topic, gaps in by_topic.items()}, tuple(sorted(set(everywhere))))


def _series(activities: Iterable[Activity]) -> dict[Key, list[Activity]]:
    series: dict[Key, list[Activity]] = defaultdict(list)
    for activity in activities:
        series[activity.key].append(activity)
    return series


def _missing_months(key: Key, series: list[Activity], enterprise: Row | None, year: int) -> list[Gap]:
    there = {activity.period.month for activity in series}
    unread = {month for activity in series for month in activity.unread}
    if 0 in there and not unread:
        return []
    there = set(range(1, 13)) - unread if 0 in there else there - unread
    first, last = active_months(enterprise, year)
    tail = "/".join(part for part in key if part)
    place = series[0].at("")
    return [
        Gap(f"energy_activity[{Period(year, month)}/{tail}]", key[0], place)
        for month in range(first, last + 1)
        if month not in there
    ]


def active_months(enterprise: Row | None, year: int) -> tuple[int, int]:
    """First and last month of `year` in which the enterprise was in the park; (1, 0) if in none."""
    begin, end = date(year, 1, 1), date(year, 12, 31)
    since = enterprise.values.get("active_from") if enterprise else None
    until = enterprise.values.get("active_to") if enterprise else None
    begin = max(begin, since) if isinstance(since, date) else begin
    end = min(end, until) if isinstance(until, date) else end
    return (begin.month, end.month) if begin <= end else (1, 0)


def _silent(
    dossier: Dossier, enterprises: Mapping[str, Row], activities: Iterable[Activity], year: int
) -> list[Gap]:
    """One gap per active enterprise without any energy; one for the register where none is named."""
    if not enterprises:
        return [] if any(True for _ in activities) else [Gap("register energy_activity", "park")]
    spoke = {activity.enterprise for activity in activities}
    for register, column in (("transfers", "to"), ("leases", "tenant")):
        spoke |= {row.text(column) for row in rows_of_year(dossier, register, year)}
    if "energy_activity" in dossier.park.confirmed_empty:
        return []
    return [
        Gap(f"energy_activity[{name}]", name, row.place)
        for name, row in enterprises.items()
        if name not in spoke and active_months(row, year) != (1, 0)
    ]


def read_series(dossier: Dossier, register: str, year: int, draft: Draft) -> list[Row]:
    """Rows of `register` within `year`, without a yearly row where months of its series are given too.

    Each such row is an error and a gap. Of a register where a month left out would lower the emissions, a
    month that a monthly series lacks is a gap.
    """
    series: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows_of_year(dossier, register, year):
        series[_parts(row)].append(row)
    enterprises = {row.text("enterprise"): row for row in dossier.rows.get("enterprises", ())}
    keep: list[Row] = []
    for key, rows in series.items():
        months = {_month(row) for row in rows} - {0}
        for row in rows:
            if months and not _month(row):
                name = "/".join(part for part in key if part)
                draft.faults.append(fault("inventory.year-and-months", row.at("period"), series=name))
                draft.gaps.append(Gap(f"{register}[{row.key}].period", _owner(row), row.at("period")))
            else:
                keep.append(row)
        if months and register in _EVERY_MONTH:
            draft.gaps.extend(
                _unreported(rows[0], months, active_months(enterprises.get(key[0]), year), year)
            )
    return keep


_EVERY_MONTH = ("process_activity", "waste_treatment", "wastewater", "electronics_gases", "cogeneration")


def _unreported(row: Row, there: set[int], active: tuple[int, int], year: int) -> list[Gap]:
    tail = "/".join(part for part in _parts(row) if part)
    return [
        Gap(f"{row.register}[{Period(year, month)}/{tail}]", _owner(row), row.place)
        for month in range(active[0], active[1] + 1)
        if month not in there
    ]


def _parts(row: Row) -> tuple[str, ...]:
    """What is reported period by period: the key of the register without its period."""
    return tuple(row.text(column) for column in registers()[row.register].key if column != "period")


def _month(row: Row) -> int:
    period = row.values.get("period")
    return period.month if isinstance(period, Period) else 0


def _owner(row: Row) -> str:
    return row.text("enterprise") or row.text("from") or row.text("landlord") or "park"


def refuse_doubles(activities: Sequence[Activity]) -> tuple[list[Activity], list[Gap], list[Fault]]:
    """Series without the yearly row where months are given too; each such row is an error and a gap."""
    keep: list[Activity] = []
    gaps: list[Gap] = []
    faults: list[Fault] = []
    monthly = {activity.key for activity in activities if activity.period.month}
    for activity in activities:
        if activity.period.month or activity.key not in monthly:
            keep.append(activity)
            continue
        series = "/".join(part for part in activity.key if part)
        faults.append(fault("inventory.year-and-months", activity.at("period"), series=series))
        gaps.append(Gap(f"energy_activity[{activity.ref}].period", activity.enterprise, activity.at("")))
    return keep, gaps, faults
