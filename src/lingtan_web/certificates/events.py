"""Rows of events as the core's events, and back: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Protocol, get_args

from lingtan.certificate.lifecycle.records import Event, Life, Terms

KINDS: Mapping[str, type[Event]] = {kind.__name__.lower(): kind for kind in get_args(Event)}
"""The events of the core by the name under which they are kept."""


class Row(Protocol):
    """An event as it is kept."""

    kind: str
    on: date
    data: Any


class IssuedRow(Protocol):
    """A certificate as it is kept, as far as its life goes."""

    valid_from: date
    valid_until: date
    terms: Any


def export_event(event: Event) -> tuple[str, dict[str, Any]]:
    """The kind of an event, and its fields (but its day) as JSON; days as ISO dates."""
    kind = type(event).__name__.lower()
    data = {one.name: getattr(event, one.name) for one in fields(event) if one.name != "on"}
    return kind, {
        name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()
    }


def load_event(row: Row) -> Event:
    """The event of a row. KeyError or TypeError for what no release of ours has written."""
    data = dict(row.data)
    if "until" in data:
        data["until"] = date.fromisoformat(data["until"])
    return KINDS[row.kind](on=row.on, **data)


def load_life(issued: IssuedRow, rows: Iterable[Row]) -> Life:
    """The life of a certificate from its row and the rows of its events, in their order."""
    terms = Terms(**issued.terms)
    return Life(issued.valid_from, issued.valid_until, terms, tuple(load_event(row) for row in rows))
