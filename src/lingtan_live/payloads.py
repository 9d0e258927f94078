"""Payloads of any shape to readings: the shape is data, the payload a stranger's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from lingtan.documents import Record
from lingtan.errors import Fault, Place
from lingtan_live.json_text import read_json
from lingtan_live.limits import RefusalError, limit
from lingtan_live.readings import Reading
from lingtan_live.stamps import TimeFormat, check_plausible, read_stamp, read_value
from lingtan_live.topics import MeterPattern, Topic, parse_meter, parse_topic


class Shape(Record):
    """Where in a JSON payload the readings stand. Paths are dotted; `$.` begins at the top.

    `rows` leads to the row or the list of rows; with `keys` it leads to an object whose keys fill
    the field of that name and whose values are the rows. `fields` are names read out of a row.
    `values` has for each value its path in the row and the pattern of its meter's id. With
    `step_seconds` a value is a list: the first at the stamp, the next a step later.
    """

    rows: str = ""
    keys: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    time: str
    time_format: TimeFormat = "iso"
    zone: str = ""
    values: dict[str, str] = Field(min_length=1)
    step_seconds: int = Field(default=0, ge=0)
    decimals: int = Field(default=9, ge=0, le=9)


class Source(Record):
    """Messages of one topic template and the shape of their payloads."""

    topic: str
    payload: Shape


@dataclass(frozen=True, slots=True)
class Parsed:
    """Readings of a message, what was refused, and how many values were null (no reading)."""

    readings: tuple[Reading, ...] = ()
    faults: tuple[Fault, ...] = ()
    blanks: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """A source, prepared: everything that is the same for each message."""

    topic: Topic
    shape: Shape
    zone: ZoneInfo | None
    rows: FieldPath
    time: FieldPath
    fields: tuple[tuple[str, FieldPath], ...]
    values: tuple[tuple[str, FieldPath, MeterPattern], ...]

    def parse(self, names: Mapping[str, str], payload: bytes, received: datetime) -> Parsed:
        """The readings of one message; bad rows are refused and the others kept."""
        work = _Work(self, received)
        try:
            data = read_json(payload)
            rows = list(self._rows(data))
            if len(rows) > limit("readings_per_message"):
                raise RefusalError("live.payload-too-many", limit=limit("readings_per_message"))
        except RefusalError as refusal:
            return Parsed(faults=(refusal.fault(Place()),))
        for number, (key, row) in enumerate(rows, start=1):
            work.take_row(number, data, row, {**names, **key})
        return Parsed(tuple(work.readings), tuple(work.faults), work.blanks)

    def _rows(self, data: Any) -> Iterator[tuple[dict[str, str], Any]]:
        found = self.rows.find(data, data)
        if self.shape.keys:
            if not isinstance(found, dict):
                raise RefusalError("live.payload-wrong-shape", path=self.rows.text, wanted="object")
            for key, row in found.items():
                yield {self.shape.keys: key}, row
        elif isinstance(found, list):
            for row in found:
                yield {}, row
        else:
            yield {}, found


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A dotted path: keys of objects and numbers of lists; `$.` begins at the top of the payload."""

    text: str
    parts: tuple[str, ...]
    from_top: bool

    def find(self, top: Any, row: Any) -> Any:
        """What stands there; RefusalError if nothing does."""
        value = top if self.from_top else row
        for part in self.parts:
            if isinstance(value, dict) and part in value:
                value = value[part]
            elif isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                raise RefusalError("live.payload-field-missing", path=self.text)
        return value


def parse_path(text: str) -> FieldPath:
    """The path; an empty one is the row itself, `$` the whole payload."""
    from_top = text == "$" or text.startswith("$.")
    rest = text[2:] if from_top else text
    return FieldPath(text, tuple(rest.split(".")) if rest else (), from_top)


def build_reader(source: Source) -> Reader:
    """The source, prepared; ValueError with the reason, zoneinfo's errors included."""
    topic, shape = parse_topic(source.topic), source.payload
    known = {*topic.names, *shape.fields, *([shape.keys] if shape.keys else [])}
    return Reader(
        topic,
        shape,
        _zone(shape.zone) if shape.zone else None,
        parse_path(shape.rows),
        parse_path(shape.time),
        tuple((name, parse_path(path)) for name, path in shape.fields.items()),
        tuple((path, parse_path(path), parse_meter(name, known)) for path, name in shape.values.items()),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"'{name}' is no time zone") from None


@dataclass(slots=True)
class _Work:
    """What one message has yielded so far."""

    reader: Reader
    received: datetime
    readings: list[Reading] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    blanks: int = 0

    def take_row(self, number: int, top: Any, row: Any, names: Mapping[str, str]) -> None:
        """The values of one row; a stamp or a field that is bad spoils the whole row."""
        reader = self.reader
        try:
            named = {**names, **{name: _text(path.find(top, row), path) for name, path in reader.fields}}
            raw = reader.time.find(top, row)
            at = read_stamp(raw, reader.shape.time_format, reader.zone)
        except RefusalError as refusal:
            self.faults.append(refusal.fault(Place(row=number, column=reader.shape.time)))
            return
        for text, path, pattern in reader.values:
            with self._refusing(number, text):
                self._take(path.find(top, row), pattern.build(named), at)

    @contextmanager
    def _refusing(self, number: int, column: str) -> Iterator[None]:
        """What is refused inside is a fault of this row and column, and no more."""
        try:
            yield
        except RefusalError as refusal:
            self.faults.append(refusal.fault(Place(row=number, column=column)))

    def _take(self, raw: Any, meter: str, at: datetime) -> None:
        step = self.reader.shape.step_seconds
        if not step:
            return self._take_one(raw, meter, at)
        if not isinstance(raw, list):
            raise RefusalError("live.payload-wrong-shape", path="", wanted="list")
        if len(self.readings) + len(raw) > limit("readings_per_message"):
            raise RefusalError("live.payload-too-many", limit=limit("readings_per_message"))
        for index, one in enumerate(raw):
            with self._refusing(index + 1, meter):
                self._take_one(one, meter, _later(at, index * step))
        return None

    def _take_one(self, raw: Any, meter: str, at: datetime) -> None:
        if raw is None:  # the sender says that there is no reading
            self.blanks += 1
            return
        check_plausible(at, self.received)
        self.readings.append(Reading(meter, at, read_value(raw, self.reader.shape.decimals)))


def _later(at: datetime, seconds: int) -> datetime:
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        raise RefusalError("live.time-not-readable", given=at.isoformat()) from None


def _text(value: Any, path: FieldPath) -> str:
    """A field of a row as text: strings and whole numbers name things, nothing else does."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 20 and value % 1 == 0:
        return str(int(value))
    raise RefusalError("live.payload-wrong-shape", path=path.text, wanted="text")
