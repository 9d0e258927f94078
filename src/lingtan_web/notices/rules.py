"""From what is due, and a day, to the reminders of that day; terms: `lingtan_data/process/reminders.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated

from pydantic import Field

from lingtan.documents import Record, load_record
from lingtan.trace import Basis

Days = Annotated[int, Field(ge=0, le=366)]


class Term(Record):
    """When people are reminded of one kind of thing: days before it is due, and how often afterwards."""

    zh: str
    en: str
    before: tuple[Days, ...]
    again: Annotated[int, Field(ge=1, le=366)]
    most: Annotated[int, Field(ge=0, le=52)]


class Terms(Record):
    """The terms of every kind, and what they rest on."""

    basis: Basis
    source: str
    review_by: date
    kinds: Mapping[str, Term]


@cache
def load_terms() -> Terms:
    """The shipped terms. EditionError if our file is wrong."""
    return load_record(Terms, "process", "reminders.yaml")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for people (`to`: their numbers). `key` names it among those of its kind."""

    kind: str
    key: str
    zh: str
    en: str
    link: str
    due: date | None = None
    park: str = ""
    park_zh: str = ""
    park_en: str = ""
    to: frozenset[int] = frozenset()

    @property
    def order(self) -> tuple[bool, date, str, str]:
        """By due day, what has none last."""
        return (self.due is None, self.due or date.max, self.park, self.key)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder to one person; the same `key` is never sent to them twice."""

    to: int
    kind: str
    key: str
    zh: str
    en: str
    link: str
    park: str
    due: date


def find_stage(term: Term, due: date, today: date) -> int | None:
    """The reminder that has come: days before the due day, or below zero after it; None if none has.

    A day that was missed is made up for by the next run, once: only the last stage reached counts.
    """
    left = (due - today).days
    if left >= 0:
        return min((days for days in term.before if days >= left), default=None)
    rounds = min(-left // term.again, term.most)
    return -rounds * term.again if rounds else min(term.before, default=None)


def find_reminders(
    waiting: Iterable[Waiting], today: date, terms: Mapping[str, Term] | None = None
) -> Iterator[Reminder]:
    """The reminders that have come by `today`. A kind without terms is our own bug (KeyError)."""
    known = load_terms().kinds if terms is None else terms
    for one in waiting:
        term = known[one.kind]
        stage = None if one.due is None else find_stage(term, one.due, today)
        if stage is None or one.due is None:
            continue
        zh, en = _words(one.due, today)
        for person in sorted(one.to):
            yield Reminder(
                person, one.kind, f"{one.key}@{one.due}/{stage}", f"{one.zh}（{zh}）", f"{one.en} ({en})",
                one.link, one.park, one.due,
            )  # fmt: skip


def _words(due: date, today: date) -> tuple[str, str]:
    left = (due - today).days
    if left == 0:
        return f"今天到期，{due}", f"due today, {due}"
    if left == 1:
        return f"明天到期，{due}", f"due tomorrow, {due}"
    if left > 0:
        return f"还有 {left} 天到期，{due}", f"due in {left} days, {due}"
    return f"已逾期 {-left} 天，应于 {due} 完成", f"{-left} day{'s' if left < -1 else ''} late, was due {due}"
