"""Working dossiers: registers read and edited by batch, faults, versions."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query

from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Faults, Paged, Pages, Refused, Slug, Year
from lingtan_web.api.forms_dossiers import (
    Batch,
    DossierFault,
    DossierFull,
    DossierOut,
    Freeze,
    Opening,
    Outcome,
    RowOut,
    VersionOut,
)
from lingtan_web.api.paging import build_page
from lingtan_web.dossiers import services
from lingtan_web.dossiers.checking import find_spots
from lingtan_web.dossiers.edits import read_edits
from lingtan_web.dossiers.models import DossierVersion, RegisterRow, WorkingDossier
from lingtan_web.dossiers.queries import count_rows, find_dossier, find_register, find_scope, scoped_rows
from lingtan_web.roles import Role

READERS = {Role.PARK, Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.ENTERPRISE}
INSIDERS = READERS - {Role.ENTERPRISE}
WRITERS = {Role.PARK, Role.ENTERPRISE}
RegisterName = Annotated[str, Path(max_length=40, description="登记表，如 energy_activity Register")]
ROOT = "/parks/{slug:park}/dossiers"
ONE = f"{ROOT}/{{int:year}}"


def _dossier(one: WorkingDossier) -> dict[str, Any]:
    return {"year": one.year, "revision": one.revision}


@declare(
    "GET",
    ROOT,
    name="api-dossiers",
    rule=lets(READ, READERS),
    says=("各年度的工作档案。", "The working dossiers by year."),
    response={200: list[DossierOut], **Refused},
    tags=["dossiers"],
)
def list_dossiers(request: ApiRequest, park: Slug) -> list[dict[str, Any]]:
    """The latest year first; evaluators see the years of their mandates."""
    found = WorkingDossier.objects.filter(park=request.park).only("year", "revision").order_by("-year")
    return [_dossier(one) for one in found if request.access.can_see_year(one.year)]


@declare(
    "POST",
    ROOT,
    name="api-dossiers",
    rule=lets("dossier:write", {Role.PARK}),
    says=("建立一个年度的工作档案。", "Open the working dossier of a year."),
    response={200: DossierOut, **Refused, 409: Faults},
    tags=["dossiers"],
)
def open_dossier(request: ApiRequest, park: Slug, opening: Opening) -> dict[str, Any]:
    """Empty but for what the park's own record says."""
    return _dossier(services.open_dossier(request.actor, park=request.park, year=opening.year))


@declare(
    "GET",
    ONE,
    name="api-dossier",
    rule=lets(READ, READERS),
    says=("一个年度的工作档案与其登记表。", "One working dossier and its registers."),
    response={200: DossierFull, **Refused},
    tags=["dossiers"],
)
def show_dossier(request: ApiRequest, park: Slug, year: Year) -> dict[str, Any]:
    """An enterprise sees its own rows only."""
    found, scope = find_dossier(request.park, year), find_scope(request.access)
    counts = count_rows(found, scope)
    return {
        **_dossier(found),
        "profile": found.facts if scope.is_whole else None,
        "registers": [
            {"name": name, "zh": one.zh, "en": one.en, "rows": counts.get(name, 0)}
            for name, one in scope.registers().items()
        ],
    }


def _row(row: RegisterRow) -> dict[str, Any]:
    return {"row": row.mark, "cells": row.cells}


@declare(
    "GET",
    f"{ONE}/registers/{{slug:name}}",
    name="api-register",
    rule=lets(READ, READERS),
    says=("一张登记表的各行。", "The rows of a register."),
    response={200: Paged[RowOut], **Refused},
    tags=["dossiers"],
)
def list_rows(
    request: ApiRequest,
    park: Slug,
    year: Year,
    name: RegisterName,
    pages: Query[Pages],
) -> dict[str, Any]:
    """In their order, cells as they were written."""
    found, scope = find_dossier(request.park, year), find_scope(request.access)
    rows = scoped_rows(found, scope).filter(register=find_register(scope, name).name)
    return build_page(rows, pages, _row)


@declare(
    "POST",
    f"{ONE}/registers/{{slug:name}}",
    name="api-register",
    rule=lets("dossier:write", WRITERS),
    says=(
        "成批修改登记表；他人已改动的单元格不会被覆盖。",
        "Edit a register by batch; what others changed is not written over.",
    ),
    response={200: Outcome, **Refused},
    tags=["dossiers"],
)
def edit_rows(
    request: ApiRequest, park: Slug, year: Year, name: RegisterName, batch: Batch
) -> dict[str, Any]:
    """One revision, that can be taken back on the pages. Sending a batch twice does nothing twice.

    A cell is written only if it still says `old`; otherwise it is told among the conflicts.
    """
    found, scope = find_dossier(request.park, year), find_scope(request.access)
    one = find_register(scope, name)
    edits = read_edits(one, [edit.model_dump() for edit in batch.edits])
    outcome = services.apply_edits(
        request.actor, dossier=found, register=one, edits=edits, revision=batch.revision, scope=scope
    )
    names = ("column", "yours", "theirs", "is_gone")
    rows = scoped_rows(found, scope).filter(register=one.name, mark__in=outcome.marks)
    return {
        "previous": outcome.previous,
        "revision": outcome.revision,
        "rows": [_row(row) for row in rows],
        "conflicts": [
            {"row": told.mark, "cells": dict(told.cells), **{name: getattr(told, name) for name in names}}
            for told in outcome.conflicts
        ],
    }


@declare(
    "GET",
    f"{ONE}/faults",
    name="api-dossier-faults",
    rule=lets(READ, READERS),
    says=("档案检查发现的全部问题。", "Everything that is wrong with a dossier."),
    response={200: list[DossierFault], **Refused},
    tags=["dossiers"],
)
def list_faults(request: ApiRequest, park: Slug, year: Year) -> list[dict[str, Any]]:
    """As the command lingtan dossier check tells them; an enterprise those of its own rows."""
    found, scope = find_dossier(request.park, year), find_scope(request.access)
    return [
        {**spot.fault.as_dict(), "sheet": spot.register or None, "index": spot.index}
        for spot in find_spots(found, scope)
    ]


def _version(one: DossierVersion) -> dict[str, Any]:
    return {
        name: getattr(one, name)
        for name in ("number", "revision", "label", "fingerprint", "manifest_sha256", "made_at")
    }


@declare(
    "GET",
    f"{ONE}/versions",
    name="api-versions",
    rule=lets(READ, INSIDERS),
    says=("已冻结的版本。", "The frozen versions."),
    response={200: Paged[VersionOut], **Refused},
    tags=["dossiers"],
)
def list_versions(request: ApiRequest, park: Slug, year: Year, pages: Query[Pages]) -> dict[str, Any]:
    """The latest first."""
    found = find_dossier(request.park, year).versions.defer("manifest").order_by("-number")
    return build_page(found, pages, _version)


@declare(
    "POST",
    f"{ONE}/versions",
    name="api-versions",
    rule=lets("dossier:write", {Role.PARK}),
    says=(
        "冻结当前内容为一个版本，连同推送的读数。",
        "Freeze the dossier as it stands, with the readings that were pushed.",
    ),
    response={200: VersionOut, **Refused},
    tags=["dossiers"],
)
def freeze(request: ApiRequest, park: Slug, year: Year, asked: Freeze) -> dict[str, Any]:
    """Nobody can change a version; it can be calculated and submitted."""
    found = find_dossier(request.park, year)
    return _version(services.freeze_version(request.actor, dossier=found, label=asked.label.strip()))
