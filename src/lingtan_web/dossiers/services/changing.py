"""One revision of a dossier being made: rows, cells and parts, written together at its end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Max
from django.utils import timezone

from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.indexing import index_line, index_lines
from lingtan_web.dossiers.models import CellChange, RegisterRow, Revision, StoredFile, WorkingDossier

Kind = Literal["added", "removed", "changed"]
FILE_COLUMN = "sha256"  # what says of a row of evidence which file it is about
BATCH = 1_000  # rows written by one statement


@dataclass(frozen=True, slots=True)
class _Cell:
    row: RegisterRow
    column: str
    old: str
    new: str


@dataclass(slots=True)
class Change:
    """What one revision does. Nothing is written before `write`."""

    dossier: WorkingDossier
    actor: Actor
    kind: str
    subject: str = ""
    undoes: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    made: dict[str, RegisterRow] = field(default_factory=dict)
    altered: dict[str, RegisterRow] = field(default_factory=dict)
    gone: dict[str, RegisterRow] = field(default_factory=dict)
    brought: list[RegisterRow] = field(default_factory=list)
    _cells: list[_Cell] = field(default_factory=list)
    _last: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The revision that is being made."""
        return self.dossier.revision + 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed."""
        return not (self._cells or self.before or self.after)

    def put_cell(self, row: RegisterRow, column: str, text: str) -> None:
        """Write into a cell."""
        old = row.cells.get(column, "")
        if old == text:
            return
        row.cells = {name: one for name, one in {**row.cells, column: text}.items() if one}
        self._cells.append(_Cell(row, column, old, text))
        if row.mark not in self.made:
            self.altered[row.mark] = row

    def add_row(
        self, register: str, cells: Mapping[str, str], *, mark: str = "", back: CellChange | None = None
    ) -> RegisterRow:
        """A new row at the end; with `back` one that was removed, where it stood."""
        row = RegisterRow(dossier=self.dossier, register=register, cells=dict(cells))
        if mark:
            row.mark = mark
        if back is not None:
            row.pk, row.position = back.row, int(json.loads(back.old)["position"])
        else:
            row.position = self._next_position(register)
        self.made[row.mark] = row
        self._cells.append(_Cell(row, "", "", _whole(row)))
        return row

    def remove_row(self, row: RegisterRow) -> None:
        """Take a row out."""
        self._cells.append(_Cell(row, "", _whole(row), ""))
        self.altered.pop(row.mark, None)
        if self.made.pop(row.mark, None) is not None:
            self._cells = [one for one in self._cells if one.row is not row]
        else:
            self.gone[row.mark] = row

    def set_profile(self, profile: Mapping[str, Any]) -> None:
        """Another park.yaml."""
        if profile != self.dossier.profile:
            self.before["profile"], self.after["profile"] = self.dossier.profile, dict(profile)
            self.dossier.profile = dict(profile)

    def set_boundary(self, boundary: Any) -> None:
        """Another boundary, or none."""
        if boundary != self.dossier.boundary:
            self.before["boundary"], self.after["boundary"] = self.dossier.boundary, boundary
            self.dossier.boundary = boundary

    def set_file(self, path: str, content: tuple[str, int] | None) -> None:
        """Another content (SHA-256, size) of a file, or none."""
        old = StoredFile.objects.filter(dossier=self.dossier, path=path).first()
        before = (old.sha256, old.size) if old else None
        if before == content:
            return
        self.before.setdefault("files", {})[path] = before
        self.after.setdefault("files", {})[path] = content
        if content is None:
            StoredFile.objects.filter(dossier=self.dossier, path=path).delete()
        else:
            values = {"sha256": content[0], "size": content[1]}
            StoredFile.objects.update_or_create(dossier=self.dossier, path=path, defaults=values)

    def bring_file(self, row: RegisterRow) -> None:
        """The file that a row of the list of evidence names comes to the library: as good as a cell of it."""
        self.brought.append(row)

    def places(self) -> Iterator[tuple[str, str, str, Kind]]:
        """Register, key of the row, column, and what happens there; a row that comes or goes stands once."""
        for row in self.made.values():
            yield row.register, index_line(row.register, row.cells)[0], "", "added"
        for row in self.gone.values():
            yield row.register, row.key, "", "removed"
        whole = {*self.made, *self.gone}
        for one in self._cells:
            if one.row.mark not in whole:
                yield one.row.register, one.row.key, one.column, "changed"
        whole |= {one.row.mark for one in self._cells if one.column == FILE_COLUMN}
        for row in self.brought:
            if row.mark not in whole:
                yield row.register, row.key, FILE_COLUMN, "changed"

    def index(self) -> list[RegisterRow]:
        """The rows that are new or altered, with the keys their cells give."""
        rows = [*self.made.values(), *self.altered.values()]
        for register in {row.register for row in rows}:
            mine = [row for row in rows if row.register == register]
            for row, found in zip(mine, index_lines(register, [row.cells for row in mine]), strict=True):
                row.key, row.ident, row.enterprise = found
        return rows

    def _next_position(self, register: str) -> int:
        if register not in self._last:
            rows = RegisterRow.objects.filter(dossier=self.dossier, register=register)
            last = rows.aggregate(last=Max("position"))["last"]
            self._last[register] = -1 if last is None else last
        self._last[register] += 1
        return self._last[register]

    def write(self, found: dict[str, Any]) -> None:
        """Write everything, and say in `found` how much it was."""
        self.index()
        gone = [row.pk for row in self.gone.values()]
        for at in range(0, len(gone), BATCH // 2):
            RegisterRow.objects.filter(pk__in=gone[at : at + BATCH // 2]).delete()
        RegisterRow.objects.bulk_create(self.made.values(), batch_size=BATCH)
        fields = ["cells", "key", "ident", "enterprise"]
        RegisterRow.objects.bulk_update(self.altered.values(), fields, batch_size=BATCH // 4)
        now, number, user = timezone.now(), self.number, self.actor.user_id
        CellChange.objects.bulk_create(
            (
                CellChange(
                    dossier=self.dossier, revision=number, register=one.row.register, row=one.row.pk,
                    mark=one.row.mark, column=one.column, old=one.old, new=one.new, user_id=user, at=now,
                )
                for one in self._cells
            ),
            batch_size=BATCH,
        )  # fmt: skip
        touched = len(self.made) + len(self.altered) + len(self.gone)
        Revision.objects.create(
            dossier=self.dossier, number=number, kind=self.kind, subject=self.subject[:200], rows=touched,
            before=self.before, after=self.after, undoes=self.undoes, user_id=user, at=now,
        )  # fmt: skip
        self.dossier.revision = number
        self.dossier.save(update_fields=["revision", "profile", "boundary"])
        found |= {"revision": number, "rows": touched, "cells": len(self._cells)}


def _whole(row: RegisterRow) -> str:
    """A row as its record keeps it."""
    return json.dumps(
        {"mark": row.mark, "position": row.position, "cells": row.cells}, ensure_ascii=False, sort_keys=True
    )


CHECKS: list[Callable[[Change], None]] = []
"""What may refuse a revision before it is written: a review opens only what it has asked about."""


def check_change(change: Change) -> None:
    """LingtanError if anybody refuses the revision."""
    for check in CHECKS:
        check(change)


@contextmanager
def changing(  # noqa: PLR0913 - what a revision is called, all by name
    actor: Actor,
    act: str,
    *,
    dossier: WorkingDossier,
    kind: str,
    subject: str = "",
    undoes: int | None = None,
) -> Iterator[Change]:
    """A revision of the dossier and its audit entry in one transaction; whoever else writes waits.

    `dossier` is brought up to date. Where nothing changed there is no revision (the entry stays).
    """
    with recorded(actor, act, park=dossier.park, subject=subject or str(dossier.year)) as found:
        fresh = WorkingDossier.objects.select_for_update().get(pk=dossier.pk)
        for name in ("revision", "profile", "boundary"):
            setattr(dossier, name, getattr(fresh, name))
        found["year"] = dossier.year
        change = Change(dossier, actor, kind, subject, undoes)
        yield change
        if change.brought or not change.is_empty:
            check_change(change)
        if not change.is_empty:
            change.write(found)
