"""What is found in readings, and what people said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from lingtan.errors import NOWHERE, Fault, Place, Severity, catalogue, fault

CODES = (
    "gap", "zeros", "spike", "flat", "dead", "clipped", "clock-shift", "drift", "late-start", "early-end",
    "reset", "negative", "too-large", "duplicate", "conflict",
)  # fmt: skip
"""Stable: people and programs rely on them. Words and severity: `lingtan_data/faults/quality.yaml`."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something in the readings of a meter that people must look at.

    `first` and `last` are the first and the last instant (UTC) it is about; `count` is how many
    readings; `measure` the number behind it, as text. `fingerprint` is a hash of the readings it
    rests on: other data, another fingerprint.
    """

    meter: str
    first: datetime
    last: datetime
    code: str
    count: int
    measure: str = ""
    fingerprint: str = ""

    @property
    def id(self) -> str:
        """Twelve hex digits over code, meter and span: the same finding in other data has the same."""
        parts = (self.code, self.meter, self.first.isoformat(), self.last.isoformat())
        return sha256("\x1f".join(parts).encode()).hexdigest()[:12]

    @property
    def severity(self) -> Severity:
        """`error`, `warning` or `note`, as the catalogue has it."""
        return catalogue()[f"quality.{self.code}"].severity

    def as_fault(self, place: Place = NOWHERE, zone: str = "UTC") -> Fault:
        """The finding in words, times in `zone`."""
        local = (
            one.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") for one in (self.first, self.last)
        )
        first, last = local
        return fault(
            f"quality.{self.code}", place,
            meter=self.meter, first=first, last=last, count=self.count, measure=self.measure,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Somebody looked at a finding and says it may stand: for the data of that fingerprint only."""

    code: str
    meter: str
    first: datetime
    last: datetime
    fingerprint: str
    who: str
    when: datetime
    why: str


def find_standing(
    findings: tuple[Finding, ...], dismissals: tuple[Dismissal, ...]
) -> tuple[tuple[Finding, ...], tuple[Dismissal, ...]]:
    """Findings nobody dismissed, and the last dismissal of each whose data have changed since."""
    said: dict[_Subject, list[Dismissal]] = {}
    for one in sorted(dismissals, key=lambda one: (one.when, one.who, one.why)):
        said.setdefault((one.code, one.meter, one.first, one.last), []).append(one)
    standing, outdated = [], []
    for finding in findings:
        own = said.get((finding.code, finding.meter, finding.first, finding.last), [])
        if any(one.fingerprint == finding.fingerprint for one in own):
            continue
        standing.append(finding)
        outdated += own[-1:]
    return tuple(standing), tuple(outdated)


_Subject = tuple[str, str, datetime, datetime]


def fingerprint(rows: Iterable[Iterable[float | None]]) -> str:
    """Sixteen hex digits over numbers to twelve digits, which files and a lake have in common."""
    lines = (" ".join("" if one is None else f"{one:.12g}" for one in row) for row in rows)
    return sha256("\n".join(lines).encode()).hexdigest()[:16]
