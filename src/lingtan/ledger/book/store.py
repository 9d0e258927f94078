"""The book in SQLite: entries appended, instruments and moves found again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lingtan import databases
from lingtan.errors import LingtanError, Place, fault
from lingtan.ledger.book.describing import read_date
from lingtan.ledger.book.lots import Lots
from lingtan.ledger.book.records import ISSUED, Action, Entry, Head, Instrument, Move, Posted, Stamp
from lingtan.ledger.book.tables import FORMAT, SCHEMA

_CODES = databases.Codes(
    "ledger.book-not-found", "ledger.book-other-writer", "ledger.book-not-written", "ledger.book-damaged"
)
ROOT = hashlib.sha256(b"lingtan ledger book 1").hexdigest()
_ENTRY = "number, action, park, year, who, when_, why, on_, voucher, reverses, request, previous, hash"
_INSTRUMENT = (
    "number, key, register, id, park, unit, count, registry, prefix, first, last, digits, project,"
    " month_from, month_to, first_year, last_year, last_day, cells"
)
_SERIAL_WIDTH = 30  # digits; longer numbers do not fit SQLite's integers, so they are compared as text
_WITHDRAWN = f"SELECT 1 FROM moves m WHERE m.instrument = i.number AND m.target = '{ISSUED}'"


def create_book(file: Path, patience: float) -> None:
    """An empty book unless there is one; two processes may try at once."""
    first = f"INSERT INTO book VALUES('format', '{FORMAT}'), ('root', '{ROOT}')"
    with databases.connect(file, patience, _CODES, Place(str(file)), create=True) as connection:
        databases.create_tables(connection, (*SCHEMA, first))


def canonical(value: object) -> str:
    """`value` as JSON, always the same text for the same content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def held(park: str) -> str:
    """The account of what the park holds."""
    return f"held/{park}"


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be entered, before it has a number."""

    action: Action
    park: str
    stamp: Stamp
    request: Mapping[str, Any]
    year: int | None = None
    reverses: int | None = None


class Store:
    """One piece of work on the book, inside one transaction."""

    def __init__(self, connection: sqlite3.Connection, place: Place) -> None:
        self.connection, self.place = connection, place
        self._instruments: dict[int, Instrument] = {}
        given = dict(connection.execute("SELECT key, value FROM book")).get("format")
        if given != FORMAT:
            raise LingtanError([fault("ledger.book-other-format", place, given=given, known=FORMAT)])

    def head(self) -> Head:
        """The last entry; number 0 where there is none."""
        row = self.connection.execute("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1")
        return Head(*(row.fetchone() or (0, ROOT)))

    def entries(self, where: str = "", values: tuple[object, ...] = ()) -> Iterator[Entry]:
        """Entries in order, those of `where` if given."""
        for row in self.connection.execute(f"SELECT {_ENTRY} FROM entries {where} ORDER BY number", values):
            *columns, request, previous, hash_ = row
            moves = tuple(move for _, move in self._moves("entry = ?", row[0]))
            yield Entry(*(*columns, json.loads(request), moves, previous, hash_))

    def entry(self, number: int) -> Entry | None:
        """The entry of that number."""
        return next(self.entries("WHERE number = ?", (number,)), None)

    def reversal(self, number: int) -> int | None:
        """The number of the entry that reverses `number`."""
        row = self.connection.execute("SELECT number FROM entries WHERE reverses = ?", (number,)).fetchone()
        return None if row is None else int(row[0])

    def standing_close(self, park: str, year: int) -> Entry | None:
        """The close of the year that was not reversed: the year is frozen."""
        where = (
            "WHERE park = ? AND year = ? AND action = 'close'"
            " AND NOT EXISTS(SELECT 1 FROM entries r WHERE r.reverses = entries.number)"
        )
        return next(self.entries(where, (park, year)), None)

    def _moves(self, where: str, value: object) -> Iterator[tuple[int, Move]]:
        query = f"SELECT entry, instrument, source, target, first, last FROM moves WHERE {where}"
        for entry, *columns in self.connection.execute(f"{query} ORDER BY entry, place", (value,)):
            yield entry, Move(*columns)

    def lots(self, instrument: Instrument) -> Lots:
        """Where its units lie now; LingtanError if its moves contradict each other."""
        lots = Lots(instrument.count)
        bad = lots.apply(move for _, move in self._moves("instrument = ?", instrument.number))
        if bad is not None:
            words = {"id": instrument.id, "account": bad.source, "first": bad.first, "last": bad.last}
            raise LingtanError([fault("ledger.book-not-conserved", self.place, **words)])
        return lots

    def instrument(self, key: str) -> Instrument | None:
        """The instrument of that key that was not withdrawn."""
        return next(self.instruments("key = ?", key), None)

    def instruments(
        self, where: str, *values: object, order: str = "number", withdrawn: bool = False
    ) -> Iterator[Instrument]:
        """Instruments in order; those withdrawn only if asked for."""
        live = "" if withdrawn else f"AND NOT EXISTS({_WITHDRAWN})"
        query = f"SELECT {_INSTRUMENT} FROM instruments i WHERE {where} {live} ORDER BY {order}"
        for row in self.connection.execute(query, values):
            yield _instrument(row)

    def touched(self, *accounts: str) -> list[Instrument]:
        """Instruments of which units came into one of `accounts`, whether or not they still lie there."""
        marks = ", ".join("?" * len(accounts))
        where = f"number IN (SELECT instrument FROM moves WHERE target IN ({marks}))"
        return list(self.instruments(where, *accounts, withdrawn=True))

    def overlapping(self, new: Instrument) -> Instrument | None:
        """An instrument that has a serial of `new`.

        Those kept never overlap, so only the last one that begins before the end of `new` can.
        """
        first, last = _padded(new.first), _padded(new.first + new.count - 1)
        where = "register = ? AND registry = ? AND prefix = ? AND digits > 0 AND first <= ?"
        values = (new.register, new.registry, new.prefix, last)
        before = next(self.instruments(where, *values, order="first DESC LIMIT 1"), None)
        if before is None or _padded(before.first + before.count - 1) < first:
            return None
        return before

    def append(self, line: Line, moves: Iterable[Move] = (), *, new: Instrument | None = None) -> Posted:
        """The entry with its moves, chained to the last one; a new instrument is issued to the park."""
        head, stamp = self.head(), line.stamp
        number = head.number + 1
        instrument, said = new, dict(line.request)
        if new is not None:
            instrument = replace(new, number=number)
            moves = [Move(number, ISSUED, held(new.park), 1, new.count)]
            said["columns"] = _columns(instrument)
        entry = Entry(
            number=number,
            action=line.action,
            park=line.park,
            year=line.year,
            who=stamp.who.strip(),
            when=stamp.when.isoformat(),
            why=stamp.why.strip(),
            on=stamp.day.isoformat(),
            voucher=stamp.voucher.strip(),
            reverses=line.reverses,
            request=json.loads(canonical(said)),
            moves=tuple(moves),
            previous=head.hash,
            hash="",
        )
        entry = replace(entry, hash=hash_of(entry))
        self._insert(entry, instrument)
        return Posted(entry)

    def _insert(self, e: Entry, instrument: Instrument | None) -> None:
        columns = (e.number, e.action, e.park, e.year, e.who, e.when, e.why, e.on, e.voucher, e.reverses)
        row = (*columns, canonical(e.request), e.previous, e.hash)
        self.connection.execute(f"INSERT INTO entries VALUES({', '.join('?' * len(row))})", row)
        if instrument is not None:
            cells = _columns(instrument)
            self.connection.execute(f"INSERT INTO instruments VALUES({', '.join('?' * len(cells))})", cells)
        for place, m in enumerate(e.moves, 1):
            values = (e.number, place, m.instrument, m.source, m.target, m.first, m.last)
            self.connection.execute("INSERT INTO moves VALUES(?, ?, ?, ?, ?, ?, ?)", values)


@contextmanager
def reading(file: Path, patience: float) -> Iterator[Store]:
    """The book as it is at one moment."""
    place = Place(str(file))
    with databases.connect(file, patience, _CODES, place) as connection:
        connection.execute("BEGIN")
        yield Store(connection, place)


@contextmanager
def writing(file: Path, patience: float) -> Iterator[Store]:
    """The book for one writer: everything below happens at once, or nothing."""
    place = Place(str(file))
    with (
        databases.connect(file, patience, _CODES, place) as connection,
        databases.transaction(connection),
    ):
        yield Store(connection, place)


def hash_of(entry: Entry) -> str:
    """SHA-256 over all that the entry says, its moves and the hash before it."""
    e = entry
    moves = [[m.instrument, m.source, m.target, m.first, m.last] for m in e.moves]
    said = [e.number, e.action, e.park, e.year, e.who, e.when, e.why, e.on, e.voucher, e.reverses]
    return hashlib.sha256(canonical([*said, e.request, moves, e.previous]).encode()).hexdigest()


def _padded(number: int) -> str:
    return f"{number:0{_SERIAL_WIDTH + 1}d}"  # the last serial of 30 nines and more has one digit more


def _columns(i: Instrument) -> tuple[object, ...]:
    last_day = i.last_day.isoformat() if i.last_day else None
    first, last = (_padded(number) for number in (i.first, i.first + i.count - 1))
    what = (i.number, i.key, i.register, i.id, i.park, i.unit, i.count, i.registry, i.prefix)
    when = (i.month_from, i.month_to, i.first_year, i.last_year, last_day)
    return (*what, first, last, i.digits, i.project, *when, canonical(i.cells))


def _instrument(row: tuple[Any, ...]) -> Instrument:
    *what, first, _, digits, project, month_from, month_to, first_year, last_year, last_day, cells = row
    until = (month_from, month_to, first_year, last_year, read_date(last_day or ""))
    return Instrument(*(*what, int(first), digits, project, *until, json.loads(cells)))


def columns_of(connection: sqlite3.Connection, number: int) -> list[object] | None:
    """The row of an instrument as it stands in its table."""
    row = connection.execute(f"SELECT {_INSTRUMENT} FROM instruments WHERE number = ?", (number,)).fetchone()
    return None if row is None else list(row)
