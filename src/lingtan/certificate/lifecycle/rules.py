"""What may happen to a certificate, and how it stands on a day. Pure: no clock, no database.

A surveillance that is missed suspends by the terms of the certificate, as the last day ends it: no one
decides that. Everything else that takes something from a park needs a case with a ground, the park's
hearing or the end of its time to be heard, and a decision. What is watched opens cases and does no more.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lingtan.certificate.lifecycle.records import (
    Case,
    Decided,
    Event,
    Exited,
    Extended,
    Heard,
    Life,
    Opened,
    Reinstated,
    Replaced,
    Surveyed,
    Terms,
    find_grounds,
)
from lingtan.certificate.records import State
from lingtan.errors import Fault, LingtanError, fault


@dataclass(frozen=True, slots=True)
class Standing:
    """How a certificate stands after its events, before the days have their say."""

    ended: State | None
    ended_on: date | None
    suspended_on: date | None
    due: date
    cases: Mapping[int, Case]
    last: date


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month where it has none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(valid_from: date, terms: Terms) -> date:
    """The last day a certificate holds."""
    return add_months(valid_from, terms.certificate_validity) - timedelta(days=1)


def find_standing(life: Life) -> Standing:
    """Where the events of a life have led. LingtanError if one of them was not allowed."""
    standing = _begin(life)
    for event in life.events:
        if faults := list(_find_faults(life, standing, event)):
            raise LingtanError(faults)
        standing = _apply(life, standing, event)
    return standing


def check_event(life: Life, event: Event) -> tuple[Fault, ...]:
    """Why `event` may not happen now; nothing if it may."""
    return tuple(_find_faults(life, find_standing(life), event))


def record_event(life: Life, event: Event) -> Life:
    """The life with `event` in it. LingtanError says why it may not be."""
    if faults := check_event(life, event):
        raise LingtanError(faults)
    return replace(life, events=(*life.events, event))


def state_on(life: Life, day: date) -> State:
    """What the scheme says of the certificate on a day; whether it has expired its own days say."""
    known = replace(life, events=tuple(event for event in life.events if event.on <= day))
    standing = find_standing(known)
    if standing.ended:
        return standing.ended
    is_late = day > lapses_on(known, standing)
    return "suspended" if standing.suspended_on or is_late else "valid"


def lapses_on(life: Life, standing: Standing) -> date:
    """The last day before a missed surveillance suspends; after the last day of all where none is due."""
    return standing.due + timedelta(days=life.terms.surveillance_grace)


def is_published(life: Life, event: Event) -> bool:
    """Whether the public is told of `event`: of a case only once it went against the park.

    An open case is no finding, and one that was dismissed never was: both stay between park and scheme.
    """
    if not isinstance(event, Opened | Heard | Decided):
        return True
    decided = find_standing(life).cases[event.case].decided
    return decided is not None and decided.outcome != "dismiss"


def may_decide_from(life: Life, case: Case) -> date:
    """The first day on which a case may be decided: the park was heard, or its time to be heard is over."""
    over = case.opened_on + timedelta(days=life.terms.hearing_period + 1)
    return min(case.heard_on, over) if case.heard_on else over


def _begin(life: Life) -> Standing:
    return Standing(None, None, None, _next_due(life, life.valid_from), {}, life.valid_from)


def _next_due(life: Life, since: date) -> date:
    """When the next surveillance is due; the last day of the certificate ends the row."""
    return min(add_months(since, life.terms.surveillance_interval), life.valid_until)


def _apply(life: Life, standing: Standing, event: Event) -> Standing:
    now = replace(standing, last=event.on)
    match event:
        case Surveyed():
            return replace(now, due=_next_due(life, event.on))
        case Extended():
            return replace(now, due=event.until)
        case Opened():
            return _with_case(now, Case(event.case, event.ground, event.on))
        case Heard():
            return _with_case(now, replace(now.cases[event.case], heard_on=event.on))
        case Decided():
            return _decide(_with_case(now, replace(now.cases[event.case], decided=event)), event)
        case Reinstated():
            return replace(now, suspended_on=None)
        case Exited():
            return replace(now, ended="exited", ended_on=event.on)
        case Replaced():
            return replace(now, ended="superseded", ended_on=event.on)


def _with_case(standing: Standing, case: Case) -> Standing:
    return replace(standing, cases={**standing.cases, case.number: case})


def _decide(standing: Standing, event: Decided) -> Standing:
    if event.outcome == "suspend":
        return replace(standing, suspended_on=standing.suspended_on or event.on)
    if event.outcome == "withdraw":
        return replace(standing, ended="withdrawn", ended_on=event.on)
    if event.outcome == "supersede":
        return replace(standing, ended="superseded", ended_on=event.on)
    return standing


def _find_faults(life: Life, standing: Standing, event: Event) -> Iterator[Fault]:
    if standing.ended:
        yield fault("certificate.ended", state=standing.ended, on=standing.ended_on)
        return
    if event.on < standing.last:
        yield fault("certificate.out-of-order", on=event.on, last=standing.last)
    if event.on > life.valid_until:
        yield fault("certificate.expired", until=life.valid_until)
    match event:
        case Extended():
            yield from _faults_of_extension(life, standing, event)
        case Opened():
            yield from _faults_of_opening(standing, event)
        case Heard():
            yield from _faults_of_case(standing, event.case)
        case Decided():
            yield from _faults_of_decision(life, standing, event)
        case Reinstated():
            if not standing.suspended_on:
                yield fault("certificate.not-suspended")
            if event.on > lapses_on(life, standing):
                yield fault("certificate.surveillance-missing", due=standing.due)


def _faults_of_extension(life: Life, standing: Standing, event: Extended) -> Iterator[Fault]:
    if not standing.due < event.until <= life.valid_until:
        yield fault("certificate.extension-wrong", until=event.until, due=standing.due, last=life.valid_until)


def _faults_of_opening(standing: Standing, event: Opened) -> Iterator[Fault]:
    if event.ground not in find_grounds():
        yield fault("certificate.no-ground", ground=event.ground, known="、".join(find_grounds()))
    if event.case != len(standing.cases) + 1:
        yield fault("certificate.case-number", case=event.case, expected=len(standing.cases) + 1)
    if any(one.ground == event.ground and not one.decided for one in standing.cases.values()):
        yield fault("certificate.case-open", ground=event.ground)


def _faults_of_case(standing: Standing, number: int) -> Iterator[Fault]:
    found = standing.cases.get(number)
    if not found or found.decided:
        yield fault("certificate.no-open-case", case=number)
    elif found.heard_on:
        yield fault("certificate.heard-already", case=number, on=found.heard_on)


def _faults_of_decision(life: Life, standing: Standing, event: Decided) -> Iterator[Fault]:
    found = standing.cases.get(event.case)
    if not found or found.decided:
        yield fault("certificate.no-open-case", case=event.case)
        return
    if event.outcome == "dismiss":
        return
    if event.outcome not in find_grounds()[found.ground].acts:
        yield fault("certificate.ground-too-weak", ground=found.ground, outcome=event.outcome)
    if event.on < (first := may_decide_from(life, found)):
        yield fault("certificate.not-heard", case=event.case, first=first)
    if found.ground == "not_cured" and event.on <= (end := cure_ends(life, standing)):
        yield fault("certificate.still-curable", until=end)
    if (event.outcome == "supersede") is (event.by is None):
        yield fault("certificate.no-successor", outcome=event.outcome)


def cure_ends(life: Life, standing: Standing) -> date:
    """The last day to cure a suspension; the last day of all where there is none."""
    since = standing.suspended_on or lapses_on(life, standing) + timedelta(days=1)
    return since + timedelta(days=life.terms.cure_period)
