"""What an import is asked for, what it decided, and what it hands on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import polars as pl

from lingtan.errors import Fault, Language
from lingtan.metering.importing.words import load_words

Stamps = Literal["begin", "end"]
Quantity = Literal["interval", "cumulative", "power"]
Layout = Literal["long", "wide", "matrix"]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What people state because the files do not say it. None: decide from register and data.

    `zone`: IANA zone of stamps without offset. `today`: the last day readings may be of.
    `day_first`, `stamps`, `quantity`, `unit`, `decimal` ("." or ",") answer what cannot be told.
    `meter`: the one meter a table without meter column is of. `value`: the column of values.
    `names`: names in the files to meter ids. `side`: whether values are secondary (as the meter
    shows them) or primary (multiplied already).
    """

    zone: str | None = None
    today: date | None = None
    day_first: bool | None = None
    stamps: Stamps | None = None
    quantity: Quantity | None = None
    unit: str | None = None
    decimal: Literal[".", ","] | None = None
    meter: str | None = None
    value: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    side: Literal["secondary", "primary"] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing an import decided, and why. `value` is a word of import.yaml or text as it stands."""

    subject: str
    value: str
    reason: str
    about: str = ""

    def words(self, language: Language = "zh") -> tuple[str, str, str]:
        """Subject, answer and reason in `language`."""
        index, words = 0 if language == "zh" else 1, load_words()
        subject = words.subjects[self.subject][index] + (f" {self.about}" if self.about else "")
        answer = words.answers.get(self.value)
        return subject, answer[index] if answer else self.value, words.reasons[self.reason][index]


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """A column of the file: its name, what it is used as (`ignored`, `unknown-meter` too), its meter."""

    name: str
    role: str
    meter: str = ""


@dataclass(frozen=True, slots=True)
class MeterPlan:
    """How readings of one meter in one table are taken.

    A stored value is the file's value times `factor`, in `unit` of the register (or of the file).
    `shift_ms` is taken off every stamp (end stamps become begin stamps). `exponent`: stored whole
    numbers times ten to it are the values. `reason` says why `quantity` was chosen.
    """

    meter: str
    column: str
    quantity: Quantity
    reason: str
    unit: str
    file_unit: str
    factor: Decimal
    stamps: Stamps | Literal["instant"]
    interval_minutes: int
    shift_ms: int
    exponent: int
    taken: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A file, or a sheet of it: its layout, columns, decisions, meters and counts of readings.

    `taken` and `left_out` (by verdict; see `verdicts.VERDICTS`) count cells with a value's place;
    `lines_lost` counts lines that could not be read at all.
    """

    file: str
    sheet: str
    layout: Layout
    header_row: int
    columns: tuple[ColumnUse, ...]
    decisions: tuple[Decision, ...]
    meters: tuple[MeterPlan, ...]
    taken: int
    left_out: Mapping[str, int]
    lines_lost: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings for the lake: `meter` String, `at` Datetime(ms, UTC), `value` Int64.

    Values are `value` × 10^exponents[meter]; the exponent of a meter is one over a whole plan.
    """

    frame: pl.DataFrame
    exponents: Mapping[str, int]
    file: str
    sheet: str


def fingerprint(digests: Mapping[str, str]) -> str:
    """SHA-256 over the hashes of files, whatever their names and places; empty without files."""
    joined = "\n".join(sorted(digests.values()))
    return hashlib.sha256(joined.encode()).hexdigest() if digests else ""


Faults = tuple[Fault, ...]
