"""Importing a workbook or a zip: first a plan that is shown, then exactly that plan, in one transaction."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lingtan
from lingtan.errors import Fault, LingtanError, fault
from lingtan_web import storage
from lingtan_web.audit.services import SYSTEM, Actor, recorded
from lingtan_web.dossiers.carrying import find_carried
from lingtan_web.dossiers.limits import limit
from lingtan_web.dossiers.models import ImportPreview, RegisterRow, WorkingDossier
from lingtan_web.dossiers.plans import Plan, build_plan, imported_profile, keep_fault, plan_bytes
from lingtan_web.dossiers.scopes import EDITOR, Scope
from lingtan_web.dossiers.services.changing import Change, changing
from lingtan_web.dossiers.uploads import Upload, has_many_cells, keep_upload, laid_out

PART = 500
Files = Mapping[str, tuple[str, int]]
"""Files of an import by path: SHA-256 and size."""


@dataclass(slots=True)
class Arrived:
    """What became of the evidence of an import: ids taken into the library, ids whose file is still wanting,

    why files were refused, and the paths that are not kept beside the dossier any more.
    """

    adopted: list[str] = field(default_factory=list)
    wanting: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Imported:
    """The revision that an import made, and what became of its evidence."""

    revision: int
    arrived: Arrived


ADOPTERS: list[Callable[[WorkingDossier, Files], Callable[[Change, Arrived], None]]] = []
"""Who keeps files of a dossier elsewhere: looks at them beforehand, takes them in within the change."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a plan is carried out."""

    registers: Collection[str] = ()
    profile: bool = False
    boundary: bool = False
    files: bool = False


def preview_import(
    actor: Actor, *, dossier: WorkingDossier, upload: Upload | None, scope: Scope = EDITOR
) -> ImportPreview:
    """What importing the file would change; nothing of the dossier is written. DossierError if unreadable.

    The plan of a large file is made by the worker; then its faults stand in the preview.
    """
    name, sha256 = keep_upload(upload)
    with laid_out(name, sha256) as path:
        is_large = has_many_cells(path)
        made = _Made() if is_large else _make_plan(path, dossier, scope)
    details = {"upload": sha256, "plan": made.plan}
    with recorded(actor, "dossier.import-previewed", park=dossier.park, subject=name, details=details):
        preview = ImportPreview.objects.create(
            dossier=dossier, name=name, upload_sha256=sha256, plan_sha256=made.plan, carried=made.carried,
            made_by_id=actor.user_id, keys=None if scope.keys is None else sorted(scope.keys),
        )  # fmt: skip
        if is_large:
            from lingtan_web.dossiers.tasks import plan_import

            plan_import.enqueue(preview.pk)
    return preview


def plan_waiting(preview: ImportPreview) -> None:
    """Make the plan that a preview waits for, or say in it why there is none. Begun twice it is made once."""
    if not preview.is_pending:
        return
    scope = EDITOR if preview.keys is None else Scope(frozenset(preview.keys), can_edit=True)
    made, faults = _Made(), [fault("dossiers.preview-broken")]
    try:
        with laid_out(preview.name, preview.upload_sha256) as path:
            made, faults = _make_plan(path, preview.dossier, scope), []
    except LingtanError as error:
        faults = list(error.faults)
    finally:  # also where it is our bug: a page waits for it
        _settle(preview, made, faults)


def _settle(preview: ImportPreview, made: _Made, faults: Sequence[Fault]) -> None:
    park, details = preview.dossier.park, {"upload": preview.upload_sha256, "plan": made.plan}
    with recorded(SYSTEM, "dossier.import-planned", park=park, subject=preview.name, details=details):
        waiting = ImportPreview.objects.filter(pk=preview.pk, plan_sha256="")
        told = [keep_fault(one) for one in faults]
        waiting.update(plan_sha256=made.plan, carried=made.carried, faults=told)


@dataclass(frozen=True, slots=True)
class _Made:
    """What was put into the store for a preview, by SHA-256: its plan, and the files beside the tables."""

    plan: str = ""
    carried: list[str] = field(default_factory=list)


def _make_plan(path: Path, dossier: WorkingDossier, scope: Scope) -> _Made:
    """The plan of importing a file. DossierError if unreadable."""
    given = lingtan.read_dossier(path, unpack_to=path.parent / "unpacked")
    carried = find_carried(given.origin, storage.put) if scope.is_whole else ()
    dossier.refresh_from_db()  # before its rows are read: newer rows are noticed at the end
    there = set(dossier.files.values_list("path", "sha256"))
    files = [one for one in carried if (one.path, one.sha256) not in there]
    plan = build_plan(given, files, _standing(dossier, scope), dossier.facts, scope)
    plan["revision"] = dossier.revision
    plan["new_profile"] = imported_profile(given, dossier.facts) if scope.is_whole else {}
    return _Made(storage.put(io.BytesIO(plan_bytes(plan))), sorted({one.sha256 for one in carried}))


def load_plan(preview: ImportPreview) -> Plan:
    """The plan of a preview as it was made."""
    with storage.open_stored(preview.plan_sha256) as stream:
        plan: Plan = json.load(stream)
    return plan


def confirm_import(
    actor: Actor, *, preview: ImportPreview, digest: str, choice: Choice, scope: Scope = EDITOR
) -> Imported:
    """Carry out what was chosen of a plan. LingtanError if the dossier changed since.

    `digest` is that of the plan the person saw.
    """
    if not (choice.registers or choice.profile or choice.boundary or choice.files):
        raise LingtanError([fault("dossiers.nothing-chosen")])
    if preview.is_expired:
        raise LingtanError([fault("dossiers.preview-expired", days=limit("preview_days"))])
    if not preview.plan_sha256:
        raise LingtanError([fault("dossiers.preview-not-ready")])
    dossier, plan, arrived = preview.dossier, load_plan(preview), Arrived()
    files = {path: (sha256, size) for path, sha256, size in plan["files"]} if choice.files else {}
    adopters = [prepare(dossier, files) for prepare in ADOPTERS if scope.is_whole]
    with changing(actor, "dossier.imported", dossier=dossier, kind="import", subject=preview.name) as change:
        fresh = ImportPreview.objects.select_for_update().get(pk=preview.pk)
        if fresh.confirmed_as is not None:
            raise LingtanError([fault("dossiers.preview-used")])
        if digest != fresh.plan_sha256 or plan["revision"] != dossier.revision:
            raise LingtanError([fault("dossiers.preview-outdated")])
        _carry_out(change, plan, choice, scope)
        for adopt in adopters:
            adopt(change, arrived)
        for path, content in files.items() if scope.is_whole else ():
            if path not in arrived.taken:
                change.set_file(path, content)
        fresh.confirmed_as = dossier.revision + (0 if change.is_empty else 1)
        fresh.save()
    return Imported(dossier.revision, arrived)


def _carry_out(change: Change, plan: Plan, choice: Choice, scope: Scope) -> None:
    for part in plan["registers"]:
        if part["name"] in choice.registers and scope.has_register(part["name"]):
            _carry_out_register(change, part)
    if not scope.is_whole:
        return
    if choice.profile and plan["profile"]:
        change.set_profile(plan["new_profile"])
    if choice.boundary and plan["boundary"] is not None:
        change.set_boundary(plan["boundary"])


def _carry_out_register(change: Change, part: Mapping[str, Any]) -> None:
    rows = _rows(
        change.dossier, [row["mark"] for row in part["rows"] if row["kind"] in ("changed", "removed")]
    )
    for row in part["rows"]:
        if row["kind"] == "added":
            change.add_row(part["name"], row["line"])
        elif row["kind"] == "removed":
            change.remove_row(rows[row["mark"]])
        elif row["kind"] == "changed":
            for column, _, new in row["cells"]:
                change.put_cell(rows[row["mark"]], column, new)


def _rows(dossier: WorkingDossier, marks: list[str]) -> dict[str, RegisterRow]:
    found: dict[str, RegisterRow] = {}
    for at in range(0, len(marks), PART):
        rows = RegisterRow.objects.filter(dossier=dossier, mark__in=marks[at : at + PART])
        found |= {row.mark: row for row in rows}
    return found


def _standing(dossier: WorkingDossier, scope: Scope) -> dict[str, list[tuple[str, dict[str, str]]]]:
    rows = RegisterRow.objects.filter(dossier=dossier)
    if scope.keys is not None:
        rows = rows.filter(enterprise__in=scope.keys, register__in=[*scope.registers()])
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for register, mark, cells in rows.order_by("position", "pk").values_list("register", "mark", "cells"):
        found.setdefault(register, []).append((mark, cells))
    return found
