"""While a review runs, the dossier of its year is open only where a question reopened it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lingtan.errors import LingtanError
from lingtan_web.dossiers.services.changing import Change as Revising
from lingtan_web.reviews.queries.access import find_reopened
from lingtan_web.reviews.rules.changes import FILES, Change, check_reopened, find_cell_changes
from lingtan_web.reviews.rules.fields import BOUNDARY, PARK


def check_revision(revising: Revising) -> None:
    """LingtanError for every place of a revision that no question has opened."""
    opened = find_reopened(revising.dossier.park, revising.dossier.year)
    if opened is None:
        return
    faults = check_reopened(_changes(revising), opened, "review.dossier-closed", year=revising.dossier.year)
    if faults:
        raise LingtanError(faults)


def _changes(revising: Revising) -> Iterator[Change]:
    for register, row, column, kind in revising.places():
        yield Change(register, row, column, kind)
    before, after = revising.before, revising.after
    old, new = (dict(_flat(one.get("profile", {}))) for one in (before, after))
    for key, kind, was, now in find_cell_changes(old, new):
        yield Change(PARK, "", key, kind, was, now)
    if "boundary" in after:
        yield Change(BOUNDARY, "", "", "changed")
    for path in after.get("files", {}):
        yield Change(FILES, path, "", "changed")


def _flat(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """park.yaml as dotted keys, counted from one where there are several."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from _flat(value, f"{key}.{name}" if key else str(name))
    elif isinstance(data, list):
        for number, value in enumerate(data, start=1):
            yield from _flat(value, f"{key}.{number}")
    elif data is not None:
        yield key, str(data)
