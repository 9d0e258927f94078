"""Fields to sign and stamp."""

from __future__ import annotations

from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import Column, Row, Table


def build_fields(id: str, key: str, desk: Desk) -> Table:
    """A field per name of a phrase (`负责人（签字）|日期`), to be filled in by hand."""
    rows = tuple(Row(((name,), ())) for name in desk.text(key).split("|"))
    return Table(id, "", (Column("", 1.2), Column("", 2.4)), rows, headed=False)
