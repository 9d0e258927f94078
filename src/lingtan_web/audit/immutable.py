"""Tables that the database itself keeps from being changed: for migrations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_SQLITE = (
    "CREATE TRIGGER keep_{table}_{act} BEFORE {act} {columns}ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
)
_POSTGRES_FUNCTION = (
    "CREATE OR REPLACE FUNCTION lingtan_keep() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$"
)


def protect(table: str, *, columns: Sequence[str] = ()) -> RunPython:
    """Rows of `table` are added and then stay: no update (of `columns`, if given), no delete, no truncate.

    Triggers in SQLite and PostgreSQL. What a connection of the application could do about the
    triggers themselves is shut off by `guard` (SQLite) and by a role that does not own them (PostgreSQL).
    """

    def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(editor.connection.vendor, table, columns):
            editor.execute(statement, params=None)

    def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for act in ("UPDATE", "DELETE", *(["TRUNCATE"] if on else [])):
            editor.execute(f"DROP TRIGGER keep_{table}_{act}{on}")

    return RunPython(make, drop)


def statements(vendor: str, table: str, columns: Sequence[str] = ()) -> list[str]:
    """The SQL that protects `table`."""
    of = f"OF {', '.join(columns)} " if columns else ""
    if vendor == "sqlite":
        return [
            _SQLITE.format(table=table, act="UPDATE", columns=of),
            _SQLITE.format(table=table, act="DELETE", columns=""),
        ]
    made = "CREATE TRIGGER keep_{0}_{1} BEFORE {1} {2}ON {0} FOR EACH {3} EXECUTE FUNCTION lingtan_keep()"
    return [
        _POSTGRES_FUNCTION,
        made.format(table, "UPDATE", of, "ROW"),
        made.format(table, "DELETE", "", "ROW"),
        made.format(table, "TRUNCATE", "", "STATEMENT"),
    ]
