"""The manifest: what the lake consists of, in one SQLite file, changed by one transaction at a time."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

from lingtan import databases
from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.lake.records import Action, Correction, Meter, Receipt, Segment, State

NAME = "manifest.sqlite"
FORMAT = "1"
_CODES = databases.Codes("lake.not-found", "lake.other-writer", "lake.not-written", "lake.damaged-manifest")
_SCHEMA = """
CREATE TABLE lake(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE meters(code INTEGER PRIMARY KEY, meter TEXT NOT NULL UNIQUE, exponent INTEGER NOT NULL);
CREATE TABLE segments(position INTEGER NOT NULL, bucket INTEGER NOT NULL, kind TEXT NOT NULL,
  file TEXT PRIMARY KEY, rows INTEGER NOT NULL,
  ordered INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  largest INTEGER NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE coarser(file TEXT NOT NULL, code INTEGER NOT NULL, exponent INTEGER NOT NULL,
  PRIMARY KEY(file, code));
CREATE TABLE corrections(id TEXT PRIMARY KEY, meter TEXT NOT NULL, at TEXT NOT NULL, action TEXT NOT NULL,
  who TEXT NOT NULL, when_ TEXT NOT NULL, why TEXT NOT NULL, value TEXT, value_after TEXT, until TEXT);
CREATE TABLE imports(number INTEGER PRIMARY KEY, source TEXT NOT NULL, sha256 TEXT NOT NULL,
  when_ TEXT NOT NULL, rows INTEGER NOT NULL, new INTEGER NOT NULL, equal INTEGER NOT NULL,
  missing INTEGER NOT NULL, conflicts INTEGER NOT NULL);
CREATE TABLE retired(file TEXT PRIMARY KEY, when_ TEXT NOT NULL);
"""


def create_manifest(folder: Path, patience: float) -> None:
    """An empty manifest in `folder` unless there is one; two processes may try at once."""
    first = f"INSERT INTO lake VALUES('format', '{FORMAT}'), ('generation', '0'), ('bits', '0')"
    with connect(folder, patience, create=True) as connection:
        databases.create_tables(connection, (*_SCHEMA.strip().rstrip(";").split(";"), first))


def connect(
    folder: Path, patience: float, *, create: bool = False
) -> AbstractContextManager[sqlite3.Connection]:
    """A connection for one piece of work; waits `patience` seconds for another writer.

    LingtanError: no lake, damaged, written by a newer version, or locked for longer.
    """
    return databases.connect(folder / NAME, patience, _CODES, Place(str(folder)), create=create)


def load_state(connection: sqlite3.Connection, known: State | None = None) -> State:
    """The manifest as it is now; `known` again if nothing changed since."""
    inside = connection.in_transaction
    if not inside:
        connection.execute("BEGIN")
    try:
        values = dict(connection.execute("SELECT key, value FROM lake"))
        if values.get("format") != FORMAT:
            raise LingtanError([fault("lake.other-format", given=values.get("format"), known=FORMAT)])
        if known is not None and known.generation == int(values["generation"]):
            return known
        return _load(connection, values)
    finally:
        if not inside:
            connection.execute("ROLLBACK")


def _load(connection: sqlite3.Connection, values: dict[str, str]) -> State:
    meters = connection.execute("SELECT code, meter, exponent FROM meters ORDER BY code")
    segments = connection.execute(
        "SELECT bucket, kind, file, rows, ordered, first, last, largest, size, sha256 FROM segments"
        " ORDER BY position, bucket, kind"
    )
    coarser = connection.execute("SELECT file, code, exponent FROM coarser")
    return State(
        int(values["generation"]),
        int(values["bits"]),
        tuple(Meter(*row) for row in meters),
        tuple(Segment(*row) for row in segments),
        {(file, code): exponent for file, code, exponent in coarser},
        tuple(_correction(row) for row in connection.execute(_CORRECTIONS)),
    )


_CORRECTIONS = (
    "SELECT meter, at, action, who, when_, why, value, value_after, until FROM corrections ORDER BY when_, id"
)


def _correction(row: tuple[str, ...]) -> Correction:
    meter, at, action, who, when, why, value, value_after, until = row
    return Correction(
        meter,
        datetime.fromisoformat(at),
        cast(Action, action),
        who,
        datetime.fromisoformat(when),
        why,
        value=None if value is None else Decimal(value),
        value_after=None if value_after is None else Decimal(value_after),
        until=None if until is None else datetime.fromisoformat(until),
    )


def write_state(connection: sqlite3.Connection, old: State, new: State, when: datetime) -> None:
    """Record `new` in place of `old`, inside the transaction that read `old`.

    Files no longer needed are retired as of `when`: readers of the old state still find them.
    """
    numbers = {"generation": old.generation + 1, "bits": new.bits}
    for key, value in numbers.items():
        connection.execute("UPDATE lake SET value = ? WHERE key = ?", (str(value), key))
    _replace_meters(connection, set(old.meters), set(new.meters))
    _replace_segments(connection, old, new, when)
    if old.coarser != new.coarser:
        connection.execute("DELETE FROM coarser")
        rows = [(file, code, exponent) for (file, code), exponent in new.coarser.items()]
        connection.executemany("INSERT INTO coarser VALUES(?, ?, ?)", sorted(rows))
    for correction in set(new.corrections) - set(old.corrections):
        connection.execute(f"INSERT INTO corrections VALUES({', '.join('?' * 10)})", _columns(correction))


def _replace_meters(connection: sqlite3.Connection, old: set[Meter], new: set[Meter]) -> None:
    gone = sorted((meter.code,) for meter in old - new)
    connection.executemany("DELETE FROM meters WHERE code = ?", gone)
    come = sorted((meter.code, meter.meter, meter.exponent) for meter in new - old)
    connection.executemany("INSERT INTO meters VALUES(?, ?, ?)", come)


def _replace_segments(connection: sqlite3.Connection, old: State, new: State, when: datetime) -> None:
    gone = {segment.file for segment in old.segments} - {segment.file for segment in new.segments}
    for file in sorted(gone):
        connection.execute("DELETE FROM segments WHERE file = ?", (file,))
        connection.execute("INSERT OR REPLACE INTO retired VALUES(?, ?)", (file, when.isoformat()))
    known = {segment.file for segment in old.segments}
    start = connection.execute("SELECT coalesce(max(position), 0) + 1 FROM segments").fetchone()[0]
    for place, segment in enumerate(new.segments):
        if segment.file in known:
            continue
        position = start + place if segment.kind == "late" else 0
        fields = [getattr(segment, name) for name in Segment.__slots__]  # in the order of the columns
        connection.execute(f"INSERT INTO segments VALUES(?, {', '.join('?' * 10)})", (position, *fields))
        connection.execute("DELETE FROM retired WHERE file = ?", (segment.file,))


def _columns(correction: Correction) -> tuple[str | None, ...]:
    c = correction
    numbers = (None if number is None else str(number) for number in (c.value, c.value_after))
    until = c.until.isoformat() if c.until else None
    return (c.id, c.meter, c.at.isoformat(), c.action, c.who, c.when.isoformat(), c.why, *numbers, until)


def record_import(connection: sqlite3.Connection, receipt: Receipt, sha256: str, when: datetime) -> None:
    """A line in the journal of imports; the journal is the one part that depends on their order."""
    r = receipt
    connection.execute(
        "INSERT INTO imports(source, sha256, when_, rows, new, equal, missing, conflicts)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (r.source, sha256, when.isoformat(), r.rows, r.new, r.equal, r.missing, r.conflicts),
    )


def load_imports(connection: sqlite3.Connection) -> tuple[tuple[Receipt, datetime], ...]:
    """The journal, oldest first."""
    rows = connection.execute(
        "SELECT when_, source, rows, new, equal, missing, conflicts FROM imports ORDER BY number"
    )
    return tuple((Receipt(*counts), datetime.fromisoformat(when)) for when, *counts in rows)
