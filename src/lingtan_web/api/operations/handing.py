"""Handing in evidence: new documents, new files, their words, use in a year."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Form, Path
from ninja.errors import HttpError

from lingtan_web.api.declaring import ApiRequest, declare, lets
from lingtan_web.api.forms import Number, Refused, Slug, Year
from lingtan_web.api.forms_evidence import Adopted, Description, DocumentFull, HandedIn, Words
from lingtan_web.api.forms_files import Truth, Upload, Uploads
from lingtan_web.api.operations.evidence import DOCUMENT, ROOT, find_viewer, open_document, tell_document
from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.dossiers.queries import find_dossier
from lingtan_web.evidence import services
from lingtan_web.evidence.adopting import adopt_files, find_carried
from lingtan_web.evidence.choosing import HANDING_IN, find_owners
from lingtan_web.evidence.entries import REGISTER
from lingtan_web.evidence.models import Document
from lingtan_web.evidence.saying import Said
from lingtan_web.roles import Role

AcceptOther = Annotated[
    Truth, Form("false", description="与登记的 SHA-256 不符也收 Take one with another SHA-256")
]
RowMark = Annotated[
    str, Path(pattern=r"^[0-9a-f]{16}$", description="佐证清单的行 Row of the list of evidence")
]


@declare(
    "POST",
    ROOT,
    name="api-evidence",
    rule=lets("dossier:write", HANDING_IN),
    says=(
        "提交佐证材料，每个文件一份；与网页相同地识别、查毒。",
        "Hand in documents, one for every file; recognised and scanned as on the pages.",
    ),
    response={200: HandedIn, **Refused},
    tags=["evidence"],
)
def hand_in(
    request: ApiRequest, park: Slug, year: Year, files: Uploads, words: Form[Words]
) -> dict[str, Any]:
    """All of them or none; every fault of every file is told. A file that is here already is refused."""
    dossier = find_dossier(request.park, year)
    owners = find_owners(find_viewer(request))
    owner = next((one for one in owners if words.owner in (0, one.pk)), None)
    if owner is None:
        raise HttpError(403, "you hand in documents for your own organisation only")
    said = Said(
        words.title.strip(), words.supports.strip(), words.page.strip(), words.valid_to.strip(),
        words.confidential == "true", words.sealed == "true",
    )  # fmt: skip
    made = services.hand_in(request.actor, dossier=dossier, owner=owner, uploads=files, said=said)
    return {"documents": [_tell(request, year, one) for one in made]}


def _tell(request: ApiRequest, year: int, one: Document) -> dict[str, Any]:
    return tell_document(*open_document(request, year, one.pk))


def _own(request: ApiRequest, year: int, number: int) -> Document:
    """A document that this year lists and that is the person's to change; 403 if it is another's."""
    item, one = open_document(request, year, number)
    if item is None or not item.may_change:
        raise HttpError(403, "this document is not yours to change in this year")
    return one


@declare(
    "PUT",
    DOCUMENT,
    name="api-document",
    rule=lets("dossier:write", HANDING_IN),
    says=("改写一份佐证材料在本年度清单中的说明。", "Say anew what a document is, in the list of this year."),
    response={200: DocumentFull, **Refused},
    tags=["evidence"],
)
def describe(
    request: ApiRequest, park: Slug, year: Year, number: Number, description: Description
) -> dict[str, Any]:
    """All of its words: what is left out becomes blank."""
    one = _own(request, year, number)
    texts = {name: getattr(description, name).strip() for name in ("title", "supports", "page", "valid_to")}
    said = Said(**texts, is_confidential=description.confidential, is_sealed=description.sealed)
    services.describe(request.actor, dossier=find_dossier(request.park, year), document=one, said=said)
    return _tell(request, year, one)


@declare(
    "POST",
    f"{DOCUMENT}/files",
    name="api-document-files",
    rule=lets("dossier:write", HANDING_IN),
    says=(
        "以新文件替换，旧文件保留；本年度清单改用新文件。",
        "A new file of a document; the old one is kept, this year names the new.",
    ),
    response={200: DocumentFull, **Refused},
    tags=["evidence"],
)
def supersede(request: ApiRequest, park: Slug, year: Year, number: Number, file: Upload) -> dict[str, Any]:
    """Lists of other years keep the file they name."""
    one = _own(request, year, number)
    services.supersede(request.actor, dossier=find_dossier(request.park, year), document=one, upload=file)
    return _tell(request, year, one)


@declare(
    "POST",
    f"{DOCUMENT}/list",
    name="api-document-list",
    rule=lets("dossier:write", HANDING_IN),
    says=("把其他年度的佐证材料列入本年度。", "Use a document of another year in this one."),
    response={200: DocumentFull, **Refused},
    tags=["evidence"],
)
def list_in_year(request: ApiRequest, park: Slug, year: Year, number: Number) -> dict[str, Any]:
    """A row of a register uses it by writing its id in the column of evidence (see registers)."""
    _, one = open_document(request, year, number)
    if one.owner_id not in find_viewer(request).organisations:
        raise HttpError(403, "this document is another organisation's")
    services.list_in_year(request.actor, dossier=find_dossier(request.park, year), document=one)
    return _tell(request, year, one)


@declare(
    "POST",
    f"{ROOT}/rows/{{slug:row}}",
    name="api-evidence-row",
    rule=lets("dossier:write", {Role.PARK}),
    says=("为清单中尚无文件的一行补交文件。", "The file of a row that was listed without one."),
    response={200: DocumentFull, **Refused},
    tags=["evidence"],
)
def attach(  # noqa: PLR0913 - one for each part of the address and of the form
    request: ApiRequest, park: Slug, year: Year, row: RowMark, file: Upload, other: AcceptOther
) -> dict[str, Any]:
    """Refused if the row states another SHA-256, unless `other` is true: then the row is changed."""
    dossier = find_dossier(request.park, year)
    listed = get_object_or_404(RegisterRow, mark=row, dossier=dossier, register=REGISTER)
    key = str(listed.cells.get("id", "")).strip()
    if not key or Document.objects.filter(park=request.park, key=key).exists():
        raise Http404
    made = services.attach(
        request.actor, dossier=dossier, row=listed, upload=file, accept_other=other == "true"
    )
    return _tell(request, year, made)


@declare(
    "POST",
    f"{ROOT}/adopt",
    name="api-evidence-adopt",
    rule=lets("dossier:write", {Role.PARK}),
    says=("把随导入而来的佐证文件收入材料库。", "Take the files that came with an import into the library."),
    response={200: Adopted, **Refused},
    tags=["evidence"],
)
def adopt(request: ApiRequest, park: Slug, year: Year) -> dict[str, Any]:
    """Examined as uploads are; what is refused stays with the dossier and is never handed out."""
    dossier = find_dossier(request.park, year)
    before = len(find_carried(dossier))
    faults = adopt_files(request.actor, dossier=dossier)
    return {"adopted": before - len(find_carried(dossier)), "faults": [one.as_dict() for one in faults]}
