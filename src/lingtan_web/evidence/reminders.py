"""When the end of a document's validity is told: on set days before it, and once it is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lingtan_web.evidence.entries import ListEntry
from lingtan_web.evidence.kinds import reminder_days


@dataclass(frozen=True, slots=True)
class Reminder:
    """A document that ends. `step`: the days-before that was reached; -1 once it is over."""

    id: str
    title: str
    valid_to: date
    days_left: int
    step: int

    @property
    def key(self) -> str:
        """One reminder per document, day of ending and step: who sends it remembers the key."""
        return f"evidence/{self.id}/{self.valid_to.isoformat()}/{self.step}"


def find_reminders(entries: Iterable[ListEntry], today: date) -> tuple[Reminder, ...]:
    """Everything due today, the soonest first. Only the latest step reached is due: a reminder that was
    missed because nothing ran for a week is not made up for by three at once."""
    found = (_reminder(entry, today) for entry in entries)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.valid_to, one.id)))


def _reminder(entry: ListEntry, today: date) -> Reminder | None:
    if entry.valid_to is None:
        return None
    left = (entry.valid_to - today).days
    if left > max(reminder_days()):
        return None
    step = min((days for days in reminder_days() if days >= left), default=-1) if left >= 0 else -1
    return Reminder(entry.id, entry.title, entry.valid_to, left, step)
