"""Reading the evidence of a year: documents, their files, what is missing."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from ninja import Path, Query
from ninja.errors import HttpError

from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Number, Paged, Refused, Slug, Year
from lingtan_web.api.forms_evidence import DocumentFull, DocumentOut, Look, MissingOut
from lingtan_web.api.forms_files import gives_file
from lingtan_web.api.operations.dossiers import ONE
from lingtan_web.api.paging import cut_page
from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.dossiers.queries import find_dossier
from lingtan_web.evidence import queries
from lingtan_web.evidence.choosing import matches
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.evidence.queries import Item, Missing
from lingtan_web.evidence.rules import Viewer
from lingtan_web.evidence.serving import serve_file
from lingtan_web.evidence.wanting import Wanting
from lingtan_web.roles import Role

ROOT = f"{ONE}/evidence"
DOCUMENT = f"{ROOT}/{{int:number}}"
FileNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="第几个文件 Which file of the document")]


def find_viewer(request: ApiRequest) -> Viewer:
    """The person behind the token with their organisations."""
    return queries.find_viewer(request.user, request.park, request.access)


def open_document(request: ApiRequest, year: int, number: int) -> tuple[Item | None, Document]:
    """A document and its item in this year; 404 for what the person does not see."""
    dossier = find_dossier(request.park, year)
    found = queries.find_document(dossier, find_viewer(request), number, timezone.localdate())
    if found is None:
        raise Http404
    return found


@declare(
    "GET",
    ROOT,
    name="api-evidence",
    rule=lets(READ),
    says=("一个年度的佐证清单：文件、用处、状态。", "The evidence of a year: files, uses, state."),
    response={200: Paged[DocumentOut], **Refused},
    tags=["evidence"],
)
def list_documents(request: ApiRequest, park: Slug, year: Year, look: Query[Look]) -> dict[str, Any]:
    """In the order of the list; an enterprise sees its own."""
    dossier = find_dossier(request.park, year)
    found = queries.find_library(dossier, find_viewer(request), timezone.localdate())
    items = [one for one in found.items if matches(one, look.q.strip(), look.state)]
    rows = {one.entry.row for one in items}
    marks = dict(RegisterRow.objects.filter(dossier=dossier, pk__in=rows).values_list("pk", "mark"))
    return cut_page(items, look, lambda item: _item(item, marks[item.entry.row]))


def _item(item: Item, row: str) -> dict[str, Any]:
    entry = item.entry
    said = ("id", "title", "supports", "page", "valid_to", "is_confidential")
    stands = ("days_left", "state", "is_superseded", "may_open", "may_change")
    return {
        "number": item.document.pk if item.document else None,
        "row": row,
        "version": item.version.number if item.version else None,
        "uses": [{"sheet": one.register, "key": one.key, "column": one.column} for one in item.uses],
        **{name: getattr(entry, name) for name in said},
        **{name: getattr(item, name) for name in stands},
    }


def tell_document(item: Item | None, one: Document) -> dict[str, Any]:
    """A document as programs read it."""
    mark = RegisterRow.objects.get(pk=item.entry.row).mark if item else ""
    return {
        "number": one.pk,
        "id": one.key,
        "owner": one.owner_id,
        "owner_zh": one.owner.name_zh,
        "owner_en": one.owner.name_en,
        "is_sealed": one.is_sealed,
        "listed": _item(item, mark) if item else None,
        "files": [_file(version) for version in one.versions.all()],
    }


def _file(version: DocumentVersion) -> dict[str, Any]:
    names = ("number", "name", "kind", "sha256", "size", "uploaded_at", "threat")
    return {
        **{name: getattr(version, name) for name in names},
        "is_scanned": bool(version.scans.all()),
    }


@declare(
    "GET",
    DOCUMENT,
    name="api-document",
    rule=lets(READ),
    says=(
        "一份佐证材料：说明、用处、历次文件。",
        "One document: its words, its uses, every file it ever had.",
    ),
    response={200: DocumentFull, **Refused},
    tags=["evidence"],
)
def show_document(request: ApiRequest, park: Slug, year: Year, number: Number) -> dict[str, Any]:
    """Also where another year lists it; then `listed` is null."""
    return tell_document(*open_document(request, year, number))


@declare(
    "GET",
    f"{DOCUMENT}/files/{{int:file}}",
    name="api-document-file",
    rule=lets(READ),
    says=("下载一份文件，与提交时逐字节相同。", "A file, byte for byte as it was handed in."),
    response={200: None, **Refused},
    openapi_extra=gives_file("*/*"),
    tags=["evidence"],
)
def download(
    request: ApiRequest, park: Slug, year: Year, number: Number, file: FileNumber
) -> HttpResponseBase:
    """403 for what is confidential or sealed to you, and for a file in which a scanner found something."""
    item, one = open_document(request, year, number)
    version = next((each for each in one.versions.all() if each.number == file), None)
    if version is None:
        raise Http404
    if version.threat or not queries.may_open(item, one, find_viewer(request), request.park):
        raise HttpError(403, "this file is not for you to open")
    return serve_file(one, version)


@declare(
    "GET",
    f"{ROOT}/missing",
    name="api-evidence-missing",
    rule=lets(READ, {Role.PARK, Role.BODY, Role.EVALUATOR}),
    says=(
        "每个指标、每项基本要求还缺哪些佐证。",
        "What is missing of evidence for each indicator and requirement.",
    ),
    response={200: MissingOut, **Refused},
    tags=["evidence"],
)
def show_missing(
    request: ApiRequest,
    park: Slug,
    year: Year,
    edition: Annotated[
        str, Query("", max_length=100, description="版本，缺省为主版本 Edition; the main one if left out")
    ],
) -> dict[str, Any]:
    """By the latest calculation that one may see: those that lack something first, by points."""
    dossier = find_dossier(request.park, year)
    found = queries.find_missing(dossier, request.access, timezone.localdate(), edition)
    if found is None:
        return {"result": None, "edition": None, "editions": [], "indicators": []}
    if edition and found.edition != edition:
        raise Http404
    return _missing(found)


def _missing(found: Missing) -> dict[str, Any]:
    return {
        "result": found.calculation.pk,
        "edition": found.edition,
        "editions": found.editions,
        "indicators": [_wanting(one) for one in found.wanting],
    }


def _wanting(one: Wanting) -> dict[str, Any]:
    ground = one.ground
    return {
        **{name: getattr(ground, name) for name in ("code", "zh", "en", "rows")},
        "points": ground.points or None,
        "rows_without": ground.unproven,
        "unlisted": one.unlisted,
        "troubled": [{"id": id, "state": state} for id, state in one.troubled],
        "is_complete": one.is_complete,
    }
