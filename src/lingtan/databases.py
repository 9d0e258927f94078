"""One SQLite file shared by several processes: a connection for one piece of work, one writer at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lingtan.errors import Fault, LingtanError, Place, fault


@dataclass(frozen=True, slots=True)
class Codes:
    """The fault codes of one kind of file."""

    not_found: str
    other_writer: str
    not_written: str
    damaged: str


@contextmanager
def connect(
    file: Path, patience: float, codes: Codes, place: Place, *, create: bool = False
) -> Iterator[sqlite3.Connection]:
    """A connection to `file` for one piece of work; waits `patience` seconds for another writer.

    LingtanError: no file, damaged, not writable, or locked for longer.
    """
    if not create and not file.is_file():
        raise LingtanError([fault(codes.not_found, place)])
    try:
        uri = f"{file.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
        with closing(sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            yield connection
    except sqlite3.Error as error:
        raise LingtanError([_translate(error, codes, place, patience)]) from None


def _translate(error: sqlite3.Error, codes: Codes, place: Place, patience: float) -> Fault:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return fault(codes.other_writer, place, seconds=f"{patience:g}")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return fault(codes.not_written, place, reason=error)
    return fault(codes.damaged, place, reason=error)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """The one writer: everything below happens at once, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def create_tables(connection: sqlite3.Connection, statements: tuple[str, ...]) -> None:
    """Make the tables of an empty file, in WAL mode; two processes may try at once."""
    if _has_tables(connection):
        return
    connection.execute("PRAGMA journal_mode=WAL")
    with transaction(connection):
        if not _has_tables(connection):
            for statement in statements:
                connection.execute(statement)


def _has_tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
