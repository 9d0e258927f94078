"""What waits at the scheme's desk, read in a handful of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from lingtan.certificate.lifecycle.rules import cure_ends, find_standing
from lingtan.certificate.lifecycle.watching import Date, find_dates
from lingtan_web.certificates.models import Certificate, PublishedList
from lingtan_web.certificates.queries import Coming, find_list, find_lives, stands_on
from lingtan_web.certificates.showing import CaseShown, list_cases
from lingtan_web.certificates.words import Standing

AHEAD = timedelta(days=90)
MOST = 50
"""Lines of each list on the desk: what comes first is what is urgent."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """An open case and its certificate."""

    certificate: Certificate
    shown: CaseShown


@dataclass
class Desk:
    """Open cases, suspended certificates with the end of their cure, days ahead, and counts by state."""

    cases: list[CaseLine] = field(default_factory=list)
    suspended: list[tuple[Certificate, date]] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)
    counts: dict[Standing, int] = field(default_factory=dict)
    published: PublishedList | None = None


def find_desk(today: date) -> Desk:
    """Everything that waits or will soon; the most urgent first."""
    desk = Desk(published=find_list(0, "message"))
    for one, life in find_lives(Certificate.objects.select_related("park").order_by("status_index")):
        state = stands_on(life, today)
        desk.counts[state] = desk.counts.get(state, 0) + 1
        if state not in ("valid", "suspended", "not_yet"):
            continue
        standing = find_standing(life)
        desk.cases += [CaseLine(one, case) for case in list_cases(life, today) if not case.case.decided]
        if state == "suspended":
            desk.suspended.append((one, cure_ends(life, standing)))
        desk.coming += [Coming(one, day) for day in find_dates(life) if _is_near(day, today)]
    desk.cases.sort(key=lambda line: line.shown.first_day)
    desk.suspended.sort(key=lambda pair: pair[1])
    desk.coming.sort(key=lambda line: line.date.on)
    del desk.cases[MOST:], desk.suspended[MOST:], desk.coming[MOST:]
    return desk


def _is_near(day: Date, today: date) -> bool:
    """Whether a day belongs on the desk: where a hearing is over, its case says what may be done."""
    return day.on <= today + AHEAD and (day.what != "hearing" or day.on >= today)
