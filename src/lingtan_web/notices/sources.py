"""Where what waits for people comes from: one list, to which every app adds its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from lingtan_web.notices.rules import Waiting
from lingtan_web.organisations.models import User


class Source(Protocol):
    """What waits on a day.

    With `user`: everything that waits for that person, dated or not, in a number of queries that does not
    grow with the rows. Without: everything that may have to be reminded of, with everyone it waits for.
    Both must name the same people.
    """

    def __call__(self, today: date, user: User | None = None) -> Iterable[Waiting]: ...


SOURCES: dict[str, Source] = {}
"""By a name of its own, so that a source is added once; an app adds it in `ready`."""


def find_waiting(today: date, user: User | None = None) -> list[Waiting]:
    """Everything that waits, by due day."""
    found = (one for source in SOURCES.values() for one in source(today, user))
    return sorted(found, key=lambda one: one.order)
