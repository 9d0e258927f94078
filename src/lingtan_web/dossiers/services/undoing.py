"""Taking back a revision: an edit, a whole import. What was changed since is never overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from lingtan.dossier.findings import shown
from lingtan.dossier.registers import registers
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import CellChange, RegisterRow, Revision, StoredFile, WorkingDossier
from lingtan_web.dossiers.scopes import EDITOR, Scope
from lingtan_web.dossiers.services.changing import Change, changing

MOST_TOLD = 20
PART = 500
_PARTS = {"profile": "park.yaml", "boundary": "boundary.geojson"}


def undo(actor: Actor, *, dossier: WorkingDossier, revision: int, scope: Scope = EDITOR) -> int:
    """Take back `revision` in a new one; its number. LingtanError with what was changed since."""
    with changing(
        actor, "dossier.undone", dossier=dossier, kind="undo", subject=str(revision), undoes=revision
    ) as change:
        done = Revision.objects.filter(dossier=dossier, number=revision).first()
        cells = CellChange.objects.filter(dossier=dossier, revision=revision).order_by("-pk")
        if (done is None and not cells) or (not scope.is_whole and not _is_own(actor, done)):
            raise LingtanError([fault("dossiers.nothing-to-undo")])
        faults: list[Fault] = []
        _undo_cells(change, list(cells), faults)
        if done is not None:
            _undo_parts(change, done, faults)
        if faults:
            raise LingtanError(faults[:MOST_TOLD])
        if change.is_empty:
            raise LingtanError([fault("dossiers.nothing-to-undo")])
    return dossier.revision


def _is_own(actor: Actor, done: Revision | None) -> bool:
    return done is not None and done.kind in ("edits", "import") and done.user_id == actor.user_id


def _undo_cells(change: Change, cells: Sequence[CellChange], faults: list[Fault]) -> None:
    rows = _rows(change.dossier, {one.row for one in cells})
    for one in cells:
        row = rows.get(one.row)
        if one.column:
            _undo_cell(change, one, row, faults)
        elif one.new:
            _undo_added(change, one, row, faults)
            rows.pop(one.row, None)
        elif row is None:
            whole = json.loads(one.old)
            rows[one.row] = change.add_row(one.register, whole["cells"], mark=whole["mark"], back=one)
        else:
            faults.append(_since(one, row, ""))


def _rows(dossier: WorkingDossier, numbers: Iterable[int]) -> dict[int, RegisterRow]:
    wanted = list(numbers)
    found: dict[int, RegisterRow] = {}
    for at in range(0, len(wanted), PART):
        rows = RegisterRow.objects.filter(dossier=dossier, pk__in=wanted[at : at + PART])
        found |= {row.pk: row for row in rows}
    return found


def _undo_cell(change: Change, one: CellChange, row: RegisterRow | None, faults: list[Fault]) -> None:
    now = row.cells.get(one.column, "") if row is not None else ""
    if row is None or now != one.new:
        faults.append(_since(one, row, now))
    else:
        change.put_cell(row, one.column, one.old)


def _undo_added(change: Change, one: CellChange, row: RegisterRow | None, faults: list[Fault]) -> None:
    if row is None or row.cells != json.loads(one.new)["cells"]:
        faults.append(_since(one, row, ""))
    else:
        change.remove_row(row)


def _undo_parts(change: Change, done: Revision, faults: list[Fault]) -> None:
    for name, file in _PARTS.items():
        if name not in done.after:
            continue
        if getattr(change.dossier, name) != done.after[name]:
            faults.append(fault("dossiers.changed-since", Place(file), key=file, label=name, now="…"))
        elif name == "profile":
            change.set_profile(done.before[name])
        else:
            change.set_boundary(done.before[name])
    for path, content in done.after.get("files", {}).items():
        _undo_file(change, path, content, done.before["files"][path], faults)


def _undo_file(change: Change, path: str, content: Any, before: Any, faults: list[Fault]) -> None:
    now = StoredFile.objects.filter(dossier=change.dossier, path=path).values_list("sha256", "size").first()
    if (list(now) if now else None) != content:
        faults.append(
            fault("dossiers.changed-since", Place(shown(path)), key=shown(path), label="SHA-256", now="…")
        )
    else:
        change.set_file(path, (before[0], before[1]) if before else None)


def _since(one: CellChange, row: RegisterRow | None, now: str) -> Fault:
    register = registers().get(one.register)
    column = register.columns.get(one.column) if register else None
    label = column.zh if column else one.column or (register.zh if register else one.register)
    key = row.key if row is not None and row.key else one.register
    place = Place(sheet=one.register, column=one.column)
    return fault("dossiers.changed-since", place, key=shown(key), label=label, now=shown(now or "—"))
