"""What the software sees in a park's reports and in the calendar: it proposes cases and decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from lingtan.certificate.lifecycle.records import Life
from lingtan.certificate.lifecycle.rules import cure_ends, find_standing, lapses_on, state_on

Coming = Literal["surveillance", "lapse", "cure", "hearing", "expiry"]


@dataclass(frozen=True, slots=True)
class Observed:
    """What the newest assessment of a certified park says. None: not known, which is no failure.

    `failed_gates` and `lost_constraints` are ids of the edition; coverage is in per cent.
    """

    failed_gates: tuple[str, ...] = ()
    grave_incidents: int = 0
    lost_constraints: tuple[str, ...] = ()
    coverage: Decimal | None = None
    least_coverage: Decimal | None = None
    stars: int | None = None
    certified_stars: int | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A ground for a case, with what was seen."""

    ground: str
    seen: str


@dataclass(frozen=True, slots=True)
class Date:
    """A day in the calendar of a certificate."""

    on: date
    what: Coming


def watch(life: Life, observed: Observed, day: date) -> tuple[Sighting, ...]:
    """Grounds that stand out on `day` and have no open case yet. A certificate that has ended has none."""
    standing = find_standing(life)
    if standing.ended or day > life.valid_until:
        return ()
    is_open = {one.ground for one in standing.cases.values() if not one.decided}
    seen = [*_in_reports(observed), *_in_calendar(life, day)]
    return tuple(one for one in seen if one.ground not in is_open)


def _in_reports(observed: Observed) -> Iterator[Sighting]:
    if observed.failed_gates:
        yield Sighting("gate_failed", "、".join(observed.failed_gates))
    if observed.grave_incidents:
        yield Sighting("incident", str(observed.grave_incidents))
    if observed.lost_constraints:
        yield Sighting("constraint_lost", "、".join(observed.lost_constraints))
    coverage, least = observed.coverage, observed.least_coverage
    if coverage is not None and least is not None and coverage < least:
        yield Sighting("coverage_fell", f"{coverage} % < {least} %")
    now, then = observed.stars, observed.certified_stars
    if now is not None and then is not None and now != then:
        yield Sighting("score_band", f"{then} → {now}")


def _in_calendar(life: Life, day: date) -> Iterator[Sighting]:
    standing = find_standing(life)
    if day > lapses_on(life, standing):
        yield Sighting("surveillance_late", standing.due.isoformat())
    if state_on(life, day) == "suspended" and day > cure_ends(life, standing):
        yield Sighting("not_cured", cure_ends(life, standing).isoformat())


def find_dates(life: Life) -> tuple[Date, ...]:
    """What lies ahead of a certificate, in order; nothing where it has ended."""
    standing = find_standing(life)
    if standing.ended:
        return ()
    dates = [Date(life.valid_until, "expiry")]
    if standing.due < life.valid_until:
        dates += [Date(standing.due, "surveillance"), Date(lapses_on(life, standing), "lapse")]
    if standing.suspended_on:
        dates.append(Date(cure_ends(life, standing), "cure"))
    for case in standing.cases.values():
        if not case.decided and not case.heard_on:
            over = case.opened_on + timedelta(days=life.terms.hearing_period)
            dates.append(Date(over, "hearing"))
    return tuple(sorted(dates, key=lambda one: (one.on, one.what)))
