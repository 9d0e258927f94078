"""What happens to a certificate after it was issued, as events that are added and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from lingtan.documents import Record, load_shipped
from lingtan.errors import EditionError, Place, fault
from lingtan.standards.records import Edition
from lingtan.trace import Basis

Outcome = Literal["dismiss", "suspend", "withdraw", "supersede"]
"""What the decision of a case may come to."""
_UNITS = {
    "certificate_validity": "month", "surveillance_interval": "month", "surveillance_grace": "day",
    "cure_period": "day", "hearing_period": "day",
}  # fmt: skip


class Ground(Record):
    """Why the scheme may act, and what a decision on it may come to."""

    zh: str
    en: str
    acts: tuple[Outcome, ...]
    watch: bool
    basis: Basis
    source: str


@cache
def find_grounds() -> Mapping[str, Ground]:
    """Every ground by its name."""
    loaded = load_shipped("certificates", "grounds.yaml")
    return {name: Ground.model_validate(raw) for name, raw in loaded.items()}


@dataclass(frozen=True, slots=True)
class Terms:
    """Periods of the edition: months for validity and interval, days for the others."""

    certificate_validity: int
    surveillance_interval: int
    surveillance_grace: int
    cure_period: int
    hearing_period: int


def read_terms(edition: Edition) -> Terms:
    """The terms an edition states. EditionError where one is missing or has another unit."""
    missing = [
        name
        for name, unit in _UNITS.items()
        if name not in edition.lifecycle or edition.lifecycle[name].unit != unit
    ]
    if missing:
        where = Place(edition.id, "lifecycle")
        raise EditionError([fault("certificate.no-term", where, terms="、".join(missing))])
    return Terms(**{name: int(edition.lifecycle[name].value) for name in _UNITS})


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A surveillance was decided: the park still conforms."""

    on: date


@dataclass(frozen=True, slots=True)
class Extended:
    """The scheme gave the next surveillance until `until`, with reasons."""

    on: date
    until: date


@dataclass(frozen=True, slots=True)
class Opened:
    """A case was opened and the park told: it may be heard until `hearing_period` is over."""

    on: date
    case: int
    ground: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The park said its word in a case, or said that it will not."""

    on: date
    case: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A case was decided. `by` is the number of the certificate that takes the place of this one."""

    on: date
    case: int
    outcome: Outcome
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Reinstated:
    """What led to a suspension was cured."""

    on: date


@dataclass(frozen=True, slots=True)
class Exited:
    """The park gave its certificate back."""

    on: date


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another certificate took its place without a case: re-certification, transfer, a better level."""

    on: date
    by: str


Event = Surveyed | Extended | Opened | Heard | Decided | Reinstated | Exited | Replaced


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands. `heard_on`: when the park was heard; `decided`: what came of it."""

    number: int
    ground: str
    opened_on: date
    heard_on: date | None = None
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """A certificate and everything that has happened to it so far."""

    valid_from: date
    valid_until: date
    terms: Terms
    events: tuple[Event, ...] = ()
