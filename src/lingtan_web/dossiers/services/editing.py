"""Edits of a grid: applied together, unless somebody else changed the same cell meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lingtan.dossier.findings import shown
from lingtan.dossier.registers import Register, registers
from lingtan.errors import LingtanError, Place, fault
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.edits import Edit
from lingtan_web.dossiers.models import CellChange, RegisterRow, WorkingDossier
from lingtan_web.dossiers.scopes import COLUMN, EDITOR, Scope
from lingtan_web.dossiers.services.changing import Change, changing

PART = 500  # names in one question to the database


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell (or, without `column`, a row) that is not what the editor saw. Nothing of it was written."""

    mark: str
    column: str
    yours: str
    theirs: str
    cells: Mapping[str, str]
    is_gone: bool = False
    by: CellChange | None = None


@dataclass(slots=True)
class Outcome:
    """What became of a batch."""

    previous: int
    revision: int = 0
    marks: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def apply_edits(  # noqa: PLR0913 - all by name
    actor: Actor,
    *,
    dossier: WorkingDossier,
    register: Register,
    edits: Sequence[Edit],
    revision: int,
    scope: Scope = EDITOR,
) -> Outcome:
    """Apply a batch that was made looking at `revision`; conflicts are told and left as they are.

    Sending a batch twice does nothing twice. LingtanError if an edit leaves the scope.
    """
    with changing(actor, "dossier.edited", dossier=dossier, kind="edits", subject=register.name) as change:
        outcome = Outcome(previous=dossier.revision, marks=list(dict.fromkeys(edit.mark for edit in edits)))
        batch = _Batch(change, register, scope, outcome)
        batch.load(edits)
        for edit in edits:
            batch.apply(edit)
        _check_scope(register, change, scope)
    outcome.revision = dossier.revision
    if outcome.conflicts and revision <= outcome.previous:
        outcome.conflicts = [_told(dossier, register, one) for one in outcome.conflicts]
    return outcome


class _Batch:
    """The rows that a batch names, and what it does to them."""

    def __init__(self, change: Change, register: Register, scope: Scope, outcome: Outcome) -> None:
        self._change, self._register, self._scope, self._outcome = change, register, scope, outcome
        self._rows: dict[str, RegisterRow] = {}
        self._removed: dict[str, CellChange] = {}

    def load(self, edits: Sequence[Edit]) -> None:
        """Fetch the rows by their marks; a mark of another register, dossier or enterprise is refused."""
        marks = [edit.mark for edit in edits]
        for part in _parts(list(dict.fromkeys(marks))):
            for row in RegisterRow.objects.filter(mark__in=part):
                is_here = row.dossier_id == self._change.dossier.pk and row.register == self._register.name
                if not is_here or not self._scope.has_row(row.enterprise):
                    raise LingtanError([fault("dossiers.row-exists", Place(sheet=self._register.name))])
                self._rows[row.mark] = row
        added = [edit.mark for edit in edits if edit.kind == "add" and edit.mark not in self._rows]
        self._removed = find_removed(self._change.dossier, self._register.name, added)

    def apply(self, edit: Edit) -> None:
        """One edit."""
        row = self._rows.get(edit.mark)
        if edit.kind == "add":
            self._add(edit, row)
        elif edit.kind == "remove":
            self._remove(edit, row)
        elif row is None:
            self._outcome.conflicts.append(Conflict(edit.mark, edit.column, edit.new, "", {}, is_gone=True))
        else:
            self._put(edit, row)

    def _add(self, edit: Edit, row: RegisterRow | None) -> None:
        if row is not None:  # sent once more
            return
        if not self._scope.can_add(self._register.name):
            raise LingtanError([fault("dossiers.not-your-register", Place(sheet=self._register.name))])
        back = self._removed.get(edit.mark)
        cells = {**self._scope.preset(self._register.name), **(edit.cells or {})}
        self._rows[edit.mark] = self._change.add_row(self._register.name, cells, mark=edit.mark, back=back)

    def _remove(self, edit: Edit, row: RegisterRow | None) -> None:
        if row is None:
            return
        if not self._scope.can_add(self._register.name):
            raise LingtanError([fault("dossiers.not-your-register", Place(sheet=self._register.name))])
        if row.cells != (edit.cells or {}):
            self._outcome.conflicts.append(Conflict(edit.mark, "", "", _line(row.cells), row.cells))
            return
        self._change.remove_row(self._rows.pop(edit.mark))

    def _put(self, edit: Edit, row: RegisterRow) -> None:
        now = row.cells.get(edit.column, "")
        if now not in (edit.old, edit.new):
            self._outcome.conflicts.append(Conflict(edit.mark, edit.column, edit.new, now, row.cells))
            return
        self._change.put_cell(row, edit.column, edit.new)


def find_removed(dossier: WorkingDossier, register: str, marks: Sequence[str]) -> dict[str, CellChange]:
    """The last removal of each of these rows, by mark; rows that were never removed are not in it."""
    if not marks:
        return {}
    found: dict[str, CellChange] = {}
    for part in _parts(list(marks)):
        changes = CellChange.objects.filter(dossier=dossier, mark__in=part, register=register)
        for one in changes.filter(column="", new="").order_by("pk"):
            found[one.mark] = one
    return found


def _check_scope(register: Register, change: Change, scope: Scope) -> None:
    """Rows that were written are of the writer's enterprises before and after."""
    if scope.keys is None:
        return
    for row in change.index():
        if not scope.has_row(row.enterprise):
            label = registers()[register.name].columns[COLUMN].zh
            words = {"label": label, "own": "、".join(sorted(scope.keys))}
            raise LingtanError(
                [fault("dossiers.not-your-row", Place(sheet=register.name, column=COLUMN), **words)]
            )


def _told(dossier: WorkingDossier, register: Register, conflict: Conflict) -> Conflict:
    """The conflict with who changed the cell last."""
    row = RegisterRow.objects.filter(dossier=dossier, mark=conflict.mark).first()
    changes = CellChange.objects.filter(dossier=dossier, register=register.name, row=row.pk if row else 0)
    columns = [conflict.column, ""] if conflict.column else None
    last = (changes.filter(column__in=columns) if columns else changes).select_related("user").order_by("-pk")
    return Conflict(
        conflict.mark, conflict.column, conflict.yours, conflict.theirs, conflict.cells, conflict.is_gone,
        last.first(),
    )  # fmt: skip


def _line(cells: Mapping[str, str]) -> str:
    return shown("、".join(cells.values()))


def _parts(names: list[str]) -> Iterable[list[Any]]:
    return (names[at : at + PART] for at in range(0, len(names), PART))
