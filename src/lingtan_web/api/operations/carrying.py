"""Whole dossiers in and out: import with its preview, export of the working dossier and of versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Path, Query

from lingtan.dossier.registers import registers
from lingtan.errors import LingtanError, Place, fault
from lingtan_live.limits import shown
from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Number, Paged, Refused, Slug, Year
from lingtan_web.api.forms_carrying import Confirm, Imported, PlannedRow, PreviewOut, Which
from lingtan_web.api.forms_files import Upload, gives_file
from lingtan_web.api.operations.dossiers import INSIDERS, ONE, READERS, WRITERS
from lingtan_web.api.paging import cut_page
from lingtan_web.dossiers import services
from lingtan_web.dossiers.exports import export_dossier, export_version, serve_export
from lingtan_web.dossiers.models import ImportPreview
from lingtan_web.dossiers.plans import Plan, read_faults
from lingtan_web.dossiers.previews import count_plan, find_shown
from lingtan_web.dossiers.queries import find_dossier, find_preview, find_scope
from lingtan_web.dossiers.services.importing import Choice, load_plan

PreviewId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="预览编号 Id of the preview")]
PREVIEW = f"{ONE}/imports/{{slug:preview}}"
_COUNTS = ("name", "is_given", "added", "changed", "removed", "unchanged", "faults")


def _preview(one: ImportPreview) -> dict[str, Any]:
    """A preview as it stands; of one whose plan is not there, its state and why."""
    told: dict[str, Any] = {
        "id": one.token,
        "file": one.name,
        "state": _state(one),
        "digest": one.plan_sha256,
        "made_at": one.made_at,
        "confirmed_as": one.confirmed_as,
    }
    return told | (_planned(one, load_plan(one)) if one.plan_sha256 else _unplanned(one))


def _state(one: ImportPreview) -> str:
    if one.is_expired:
        return "expired"
    return "ready" if one.plan_sha256 else "waiting" if one.is_awaited else "failed"


def _unplanned(one: ImportPreview) -> dict[str, Any]:
    nothing: dict[str, Any] = {"revision": None, "is_outdated": False, "has_boundary": False}
    return nothing | {"registers": [], "profile": [], "files": [], "faults": _faults(one.faults)}


def _planned(one: ImportPreview, plan: Plan) -> dict[str, Any]:
    return {
        "revision": plan["revision"],
        "is_outdated": plan["revision"] != one.dossier.revision,
        "registers": [
            {name: getattr(part, name) for name in _COUNTS} | _words(part.name)
            for part in count_plan(plan, "zh")
        ],
        "profile": [dict(zip(("key", "old", "new"), line, strict=True)) for line in plan["profile"]],
        "has_boundary": plan["boundary"] not in (None, one.dossier.boundary),
        "files": [dict(zip(("path", "sha256", "size"), line, strict=True)) for line in plan["files"]],
        "faults": _faults(plan["faults"]),
    }


def _load_plan(one: ImportPreview) -> Plan:
    """LingtanError where the plan is not there (yet, or any more)."""
    if not one.plan_sha256:
        raise LingtanError([fault("dossiers.preview-not-ready")])
    return load_plan(one)


def _words(register: str) -> dict[str, str]:
    return {"zh": registers()[register].zh, "en": registers()[register].en}


def _faults(kept: Sequence[Any]) -> list[dict[str, Any]]:
    return [one.as_dict() for one in read_faults(kept)]


@declare(
    "POST",
    f"{ONE}/imports",
    name="api-imports",
    rule=lets("dossier:write", WRITERS),
    says=(
        "上传工作簿或压缩包，预览将改动什么；此时什么都不写入。",
        "Upload a workbook or zip and see what it would change; nothing is written yet.",
    ),
    response={200: PreviewOut, **Refused},
    tags=["dossiers"],
)
def preview_import(request: ApiRequest, park: Slug, year: Year, file: Upload) -> dict[str, Any]:
    """The dry run of an import. It becomes the dossier's when it is confirmed by its id.

    That of a large file is made by the worker: its state is `waiting` until it is `ready`.

    An enterprise imports its own rows; those of others are left out.
    """
    found, scope = find_dossier(request.park, year), find_scope(request.access)
    made = services.preview_import(request.actor, dossier=found, upload=file, scope=scope)
    return _preview(made)


@declare(
    "GET",
    PREVIEW,
    name="api-import",
    rule=lets(READ, WRITERS),
    says=("一次导入预览。", "One preview of an import."),
    response={200: PreviewOut, **Refused},
    tags=["dossiers"],
)
def show_preview(request: ApiRequest, park: Slug, year: Year, preview: PreviewId) -> dict[str, Any]:
    """Only those that one made oneself."""
    one = find_preview(find_dossier(request.park, year), preview, request.user)
    return _preview(one)


@declare(
    "GET",
    f"{PREVIEW}/rows",
    name="api-import-rows",
    rule=lets(READ, WRITERS),
    says=("预览逐行给出将增加、改动、删除的内容。", "The preview row by row: what comes, changes and goes."),
    response={200: Paged[PlannedRow], **Refused},
    tags=["dossiers"],
)
def list_planned_rows(
    request: ApiRequest, park: Slug, year: Year, preview: PreviewId, which: Query[Which]
) -> dict[str, Any]:
    """In the order of the registers; a row with faults tells them."""
    one = find_preview(find_dossier(request.park, year), preview, request.user)
    return cut_page(find_shown(_load_plan(one), which.sheet, which.kind), which, _row)


def _row(planned: tuple[str, Mapping[str, Any]]) -> dict[str, Any]:
    name, row = planned
    is_gone = row["kind"] == "removed"
    whole = [
        (column, text if is_gone else "", "" if is_gone else text) for column, text in row["line"].items()
    ]
    cells = [dict(zip(("column", "old", "new"), cell, strict=True)) for cell in whole or row["cells"]]
    kept = {key: row[key] for key in ("kind", "key", "number")}
    return {"sheet": name, **kept, "cells": cells, "faults": _faults(row["faults"])}


@declare(
    "POST",
    f"{PREVIEW}/confirm",
    name="api-import-confirm",
    rule=lets("dossier:write", WRITERS),
    says=(
        "按编号确认一次预览：预览中所见原样写入，一次完成。",
        "Confirm a preview by its id: exactly what it showed is written, at once.",
    ),
    response={200: Imported, **Refused},
    tags=["dossiers"],
)
def confirm_import(
    request: ApiRequest, park: Slug, year: Year, preview: PreviewId, confirm: Confirm
) -> dict[str, Any]:
    """One revision. Refused if the dossier has changed since, or the preview was confirmed already."""
    found, scope = find_dossier(request.park, year), find_scope(request.access)
    one = find_preview(found, preview, request.user)
    choice = Choice(_chosen(_load_plan(one), confirm), confirm.profile, confirm.boundary, confirm.files)
    digest = one.plan_sha256 if confirm.digest is None else confirm.digest
    made = services.confirm_import(request.actor, preview=one, digest=digest, choice=choice, scope=scope)
    return {
        "revision": made.revision,
        "adopted": made.arrived.adopted,
        "wanting": made.arrived.wanting,
        "faults": [refused.as_dict() for refused in made.arrived.faults],
    }


def _chosen(plan: Plan, confirm: Confirm) -> list[str]:
    """The registers that are asked for; LingtanError for one that the plan does not have."""
    there = {part["name"]: part["is_given"] for part in plan["registers"]}
    if confirm.registers is None:
        return [name for name, is_given in there.items() if is_given]
    zh, en = "预览中没有这张登记表", "the preview has no such register"
    faults = [
        fault("api.bad-field", Place(column=f"registers.{n}"), field=shown(name), zh=zh, en=en)
        for n, name in enumerate(confirm.registers)
        if name not in there
    ]
    if faults:
        raise LingtanError(faults)
    return confirm.registers


@declare(
    "GET",
    f"{ONE}/export",
    name="api-export",
    rule=lets(READ, READERS),
    says=("导出工作档案：工作簿或压缩包。", "The working dossier as a workbook or zip."),
    response={200: None, **Refused},
    openapi_extra=gives_file(),
    tags=["dossiers"],
)
def export(
    request: ApiRequest,
    park: Slug,
    year: Year,
    format: Annotated[
        Literal["xlsx", "zip"], Query("xlsx", description="格式；zip 含附件 Format; a zip has the files too")
    ],
) -> HttpResponseBase:
    """Equal to the last cell, which is checked. An enterprise gets its own rows."""
    found, scope = find_dossier(request.park, year), find_scope(request.access)
    return serve_export(*export_dossier(found, scope, format))


@declare(
    "GET",
    f"{ONE}/versions/{{int:number}}/export",
    name="api-version-export",
    rule=lets(READ, INSIDERS),
    says=(
        "导出一个已冻结（如已提交）的版本：压缩包。",
        "A frozen version, such as one that was submitted, as a zip.",
    ),
    response={200: None, **Refused},
    openapi_extra=gives_file(),
    tags=["dossiers"],
)
def export_frozen(request: ApiRequest, park: Slug, year: Year, number: Number) -> HttpResponseBase:
    """With its files; nobody can have changed it."""
    versions = find_dossier(request.park, year).versions.select_related("dossier__park")
    return serve_export(*export_version(get_object_or_404(versions, number=number)))
