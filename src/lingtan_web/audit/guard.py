"""What a connection of the application to SQLite may not do: take away the triggers that keep tables.

SQLite has no roles, so the connection itself refuses: no table or trigger is dropped or altered, no
schema written by hand, no other file attached. Commands that build tables (`migrate`) work `unguarded`.
"""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from django.db.backends.signals import connection_created

_REFUSED = frozenset(
    [
        sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_DROP_TRIGGER, sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_CREATE_TRIGGER, sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH,
    ]
)  # fmt: skip
_PRAGMAS = frozenset(["writable_schema", "recursive_triggers", "trusted_schema"])


def install() -> None:
    """Guard every connection that is opened from now on."""
    connection_created.connect(_on_connection, dispatch_uid="lingtan_web.audit.guard")


def _on_connection(connection: Any, **_: object) -> None:
    if os.environ.get("LINGTAN_AS_OWNER") != "1":
        watch(connection)


def watch(connection: Any) -> None:
    """Guard a connection that is open."""
    if connection.vendor == "sqlite":
        connection.connection.set_authorizer(_decide)


def unwatch(connection: Any) -> None:
    """Let the owner of the tables work on an open connection: to build them, and to empty them in tests."""
    if connection.vendor == "sqlite":
        connection.connection.set_authorizer(None)


def _decide(act: int, first: str | None, second: str | None, schema: str | None, source: str | None) -> int:
    if act in _REFUSED and schema != "temp":
        return sqlite3.SQLITE_DENY
    if act == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
