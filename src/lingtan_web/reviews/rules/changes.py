"""What changed between two versions of a dossier: rows added, removed, changed; keys; boundary; files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lingtan.dossier.fingerprint import cell_text
from lingtan.dossier.park_files import park_rows
from lingtan.dossier.records import Dossier, Row
from lingtan.errors import Fault, fault
from lingtan_web.reviews.rules.fields import BOUNDARY, NEW_ROWS, PARK, Field, is_open

Kind = Literal["added", "removed", "changed"]
Cells = Mapping[str, str]
READINGS, FILES = "readings", "files"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version as text: registers by row key, park by dotted key, boundary, other files by SHA-256."""

    registers: Mapping[str, Mapping[str, Cells]] = field(default_factory=dict)
    park: Cells = field(default_factory=dict)
    boundary: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def export_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as plain data."""
    return {name: getattr(snapshot, name) for name in ("registers", "park", "boundary", "files")}


def load_snapshot(data: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `export_snapshot` wrote."""
    return Snapshot(**data)


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One difference. A row that came or went stands once (no column), its cells in `cells`."""

    register: str
    row: str
    column: str
    kind: Kind
    old: str = ""
    new: str = ""
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> Field:
        """Where it is, as a question would name it."""
        return Field(self.register, self.row, self.column)


def read_snapshot(dossier: Dossier, files: Mapping[str, str] | None = None) -> Snapshot:
    """`dossier` as comparable text. `files`: path → SHA-256 of readings and evidence files."""
    registers = {name: _rows(rows) for name, rows in dossier.rows.items() if rows}
    boundary = "" if dossier.boundary is None else repr(_sorted(dossier.boundary))
    kept = {path: sha for path, sha in (files or {}).items() if _is_compared(path)}
    return Snapshot(registers, {key: str(value) for key, value in park_rows(dossier.park)}, boundary, kept)


def _is_compared(path: str) -> bool:
    """Readings and evidence; the list of evidence is a register and compared as such."""
    return path.split("/")[0] in (READINGS, "evidence") and path != "evidence/evidence.csv"


def _rows(rows: tuple[Row, ...]) -> Mapping[str, Cells]:
    """Rows by key; a key that stands several times is numbered, in a stable order of content."""
    seen: Counter[str] = Counter()
    found: dict[str, Cells] = {}
    keyed = [(row.key, _cells(row)) for row in rows]
    for key, cells in sorted(keyed, key=lambda one: (one[0], sorted(one[1].items()))):
        seen[key] += 1
        found[key if seen[key] == 1 else f"{key}#{seen[key]}"] = cells
    return found


def _cells(row: Row) -> dict[str, str]:
    cells = {name: cell_text(value) for name, value in row.values.items() if value is not None}
    return {**cells, **row.unread, **{name: text for name, text in row.extra.items() if text}}


def _sorted(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(name): _sorted(data[name]) for name in sorted(data, key=str)}
    return [_sorted(value) for value in data] if isinstance(data, list | tuple) else data


def find_changes(old: Snapshot, new: Snapshot) -> tuple[Change, ...]:
    """Every difference, by register, row and column."""
    found = [
        change
        for name in sorted({*old.registers, *new.registers})
        for change in _register_changes(name, old.registers.get(name, {}), new.registers.get(name, {}))
    ]
    found += [Change(PARK, "", key, *rest) for key, *rest in find_cell_changes(old.park, new.park)]  # type: ignore[arg-type]
    if old.boundary != new.boundary:
        found.append(Change(BOUNDARY, "", "", _kind(old.boundary, new.boundary)))
    found += [Change(FILES, path, "", *rest) for path, *rest in find_cell_changes(old.files, new.files)]  # type: ignore[arg-type]
    return tuple(found)


def _kind(old: str, new: str) -> Kind:
    return "changed" if old and new else "added" if new else "removed"


def find_cell_changes(old: Cells, new: Cells) -> Iterator[tuple[str, Kind, str, str]]:
    """Name, kind, text before and after of every cell that differs."""
    for name in sorted({*old, *new}):
        before, after = old.get(name, ""), new.get(name, "")
        if before != after:
            yield name, _kind(before, after), before, after


def _register_changes(name: str, old: Mapping[str, Cells], new: Mapping[str, Cells]) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        if key not in old:
            yield Change(name, key, "", "added", cells=tuple(sorted(new[key].items())))
        elif key not in new:
            yield Change(name, key, "", "removed", cells=tuple(sorted(old[key].items())))
        else:
            for column, _, before, after in find_cell_changes(old[key], new[key]):
                yield Change(name, key, column, "changed", before, after)


_WORDS: Mapping[Kind, tuple[str, str]] = {
    "added": ("新增", "added"),
    "removed": ("删除", "removed"),
    "changed": ("修改", "changed"),
}


def check_reopened(
    changes: Iterable[Change], opened: Collection[Field], code: str = "review.changed-unasked", **more: object
) -> list[Fault]:
    """A version may differ only where a question reopened it (files follow the list of evidence).

    `more` is what the words of `code` speak of beside the field and what happens to it.
    """
    return [
        fault(code, field=str(one.place), kind_zh=_WORDS[one.kind][0], kind_en=_WORDS[one.kind][1], **more)
        for one in changes
        if not _is_allowed(one, opened)
    ]


def _is_allowed(change: Change, opened: Collection[Field]) -> bool:
    if change.register == FILES:
        return _is_file_allowed(change, opened)
    if change.kind == "added" and Field(change.register, NEW_ROWS) in opened:
        return True
    return is_open(change.place, opened)


def _is_file_allowed(change: Change, opened: Collection[Field]) -> bool:
    """Evidence files change with a row of the list of evidence, readings with the register of meters."""
    register = "meters" if change.row.startswith(f"{READINGS}/") else "evidence"
    return any(one.register == register for one in opened)
