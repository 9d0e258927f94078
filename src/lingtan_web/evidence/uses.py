"""Where a document is used: rows whose evidence cells name it, numbers of the profile, what its row says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from lingtan.dossier.cells import CellError, clean
from lingtan.dossier.cells_words import parse_evidence
from lingtan.dossier.registers import registers
from lingtan_web.evidence.entries import REGISTER, ListEntry

PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Use:
    """One place: register (or `profile`), row as stored, its readable key, column."""

    register: str
    row: int
    key: str
    column: str


@dataclass(frozen=True, slots=True)
class Unproven:
    """A register with evidence columns: how many of its rows name evidence."""

    register: str
    rows: int
    without: int


@cache
def evidence_columns() -> Mapping[str, tuple[str, ...]]:
    """The columns of type evidence, by register."""
    found = {
        name: tuple(column.name for column in register.columns.values() if column.type == "evidence")
        for name, register in registers().items()
    }
    return {name: columns for name, columns in found.items() if columns}


def named_ids(cell: object) -> tuple[str, ...]:
    """The ids in an evidence cell, whatever people put between them; none where it cannot be read."""
    try:
        cleaned = clean(str(cell), [])
        text = parse_evidence(cleaned, []) if cleaned is not None else None
    except CellError:
        return ()
    return tuple(text.split(";")) if text else ()


Rows = Iterable[tuple[str, int, Mapping[str, str]]]


def find_uses(rows: Rows, profile: Mapping[str, object]) -> Mapping[str, tuple[Use, ...]]:
    """Every use by id of the document. `rows`: register, row, cells."""
    found: dict[str, list[Use]] = defaultdict(list)
    for one, use in _uses(rows, profile):
        found[one].append(use)
    return {one: tuple(uses) for one, uses in found.items()}


def _uses(rows: Rows, profile: Mapping[str, object]) -> Iterator[tuple[str, Use]]:
    for register, row, cells in rows:
        for column in evidence_columns().get(register, ()):
            for one in named_ids(cells.get(column, "")):
                yield one, Use(register, row, key_of(register, cells), column)
    named = profile.get("profile_evidence")
    for key, ids in named.items() if isinstance(named, Mapping) else ():
        for one in named_ids(ids):
            yield one, Use(PROFILE, 0, str(key), str(key))


def key_of(register: str, cells: Mapping[str, str]) -> str:
    """The readable key of a row, as the core writes it."""
    spec = registers().get(register)
    return "/".join(str(cells.get(column, "")).strip() for column in spec.key) if spec else ""


def find_unproven(rows: Rows) -> tuple[Unproven, ...]:
    """Registers whose rows name no evidence in any evidence column, in the order of the registers."""
    counted: dict[str, list[int]] = {}
    for register, _, cells in rows:
        columns = evidence_columns().get(register, ())
        if columns and register != REGISTER:
            count = counted.setdefault(register, [0, 0])
            count[0] += 1
            count[1] += not any(named_ids(cells.get(column, "")) for column in columns)
    return tuple(Unproven(name, *counted[name]) for name in registers() if name in counted)


def find_unlisted(uses: Mapping[str, tuple[Use, ...]], entries: Iterable[ListEntry]) -> tuple[str, ...]:
    """Ids that are used and stand in no row of the list."""
    return tuple(sorted(set(uses) - {entry.id for entry in entries}))
