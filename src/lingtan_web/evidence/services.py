"""Changes to the evidence library: a document handed in, a new version, its words, its use in a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Max

from lingtan.dossier.cells import CellError, clean
from lingtan.dossier.cells_dates import parse_date
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.audit.services import Actor, recorded
from lingtan_web.dossiers.models import CellChange, RegisterRow, WorkingDossier
from lingtan_web.evidence.entries import REGISTER, ListEntry, next_id, read_entry
from lingtan_web.evidence.models import Document, DocumentVersion, Scan
from lingtan_web.evidence.names import shown
from lingtan_web.evidence.receiving import MOST_AT_ONCE, Received, Upload, receive
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.models import Park

LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of a document, as its row in the list will have it; sealed is confidential too."""

    title: str = ""
    supports: str = ""
    page: str = ""
    valid_to: str = ""
    is_confidential: bool = False
    is_sealed: bool = False

    @property
    def confidential(self) -> str:
        """The cell of the list."""
        return "yes" if self.is_confidential or self.is_sealed else "no"


def hand_in(
    actor: Actor, *, dossier: WorkingDossier, owner: Organisation, uploads: Sequence[Upload], said: Said
) -> list[Document]:
    """A new document for every file, listed in this year; all of them or none.

    LingtanError with every fault of every file, of the words, and of files that are here already.
    """
    faults = [*_check_words(said), *_check_number(uploads)]
    received = receive(uploads[:MOST_AT_ONCE], faults)
    faults += [_same(one, key) for one in received if (key := _known(dossier.park, owner, one.sha256))]
    if faults:
        raise LingtanError(faults)
    if len(received) > 1:
        said = replace(said, title="")  # one title for several files would be a title of none
    with recorded(actor, "evidence.handed-in", park=dossier.park) as found:
        _lock(dossier)
        made = [_make(actor, dossier, owner, one, said) for one in received]
        found["documents"] = {one.key: file.sha256 for one, file in zip(made, received, strict=True)}
    return made


def _check_number(uploads: Sequence[Upload]) -> list[Fault]:
    if not uploads:
        return [fault("evidence.no-file", Place(column="files"))]
    if len(uploads) > MOST_AT_ONCE:
        return [
            fault("evidence.too-many-files", Place(column="files"), count=len(uploads), limit=MOST_AT_ONCE)
        ]
    return []


def _receive_one(upload: Upload) -> Received:
    faults: list[Fault] = []
    received = receive([upload], faults)
    if faults:
        raise LingtanError(faults)
    return received[0]


def _check_words(said: Said) -> list[Fault]:
    """Faults of the words: a day that is none, words too long for a cell of a list."""
    faults = []
    try:
        cleaned = clean(said.valid_to, [])
        if cleaned is not None:
            parse_date(cleaned, [])
    except CellError:
        faults.append(fault("evidence.bad-day", Place(column="valid_to"), given=shown(said.valid_to)))
    for name in ("title", "supports", "page"):
        length = len(getattr(said, name))
        if length > LONGEST_WORDS:
            faults.append(
                fault("evidence.words-long", Place(column=name), length=length, limit=LONGEST_WORDS)
            )
    return faults


def _known(park: Park, owner: Organisation, sha256: str) -> str:
    """The id under which the owner has handed in this very file, empty if not: others' are not told."""
    found = DocumentVersion.objects.filter(document__park=park, document__owner=owner, sha256=sha256)
    return found.values_list("document__key", flat=True).first() or ""


def _same(one: Received, key: str) -> Fault:
    return fault("evidence.same-file", Place(shown(one.name)), id=shown(key))


def _lock(dossier: WorkingDossier) -> None:
    """One change of a park's list at a time: ids are given once."""
    Park.objects.select_for_update().get(pk=dossier.park_id)
    dossier.revision = WorkingDossier.objects.select_for_update().get(pk=dossier.pk).revision


def _make(actor: Actor, dossier: WorkingDossier, owner: Organisation, file: Received, said: Said) -> Document:
    document = Document.objects.create(
        park=dossier.park, key=_next_key(dossier.park), owner=owner, is_sealed=said.is_sealed
    )
    version = _keep(actor, document, file)
    title = said.title.strip() or file.name.rpartition(".")[0]
    words = {"title": title, "supports": said.supports, "page": said.page, "valid_to": said.valid_to}
    cells = {"id": document.key, **_file_cells(document, version), **words, "confidential": said.confidential}
    write_row(actor, dossier, None, cells)
    return document


def _next_key(park: Park) -> str:
    listed = RegisterRow.objects.filter(dossier__park=park, register=REGISTER).values_list("cells", flat=True)
    keys = Document.objects.filter(park=park).values_list("key", flat=True)
    return next_id([*keys, *(str(cells.get("id", "")).strip() for cells in listed)])


def _keep(actor: Actor, document: Document, file: Received) -> DocumentVersion:
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion.objects.create(
        document=document, number=last + 1, name=file.name, kind=file.kind, sha256=file.sha256,
        size=file.size, members=file.members, preview_sha256=file.preview_sha256,
        uploaded_by_id=actor.user_id,
    )  # fmt: skip
    if file.scanner:
        Scan.objects.create(version=version, scanner=file.scanner)
    return version


def _file_cells(document: Document, version: DocumentVersion) -> dict[str, str]:
    """File names in the folder of evidence begin with the id: two bills may have the same name."""
    return {"file": f"{document.key}-{version.name}", "sha256": version.sha256}


def supersede(
    actor: Actor, *, dossier: WorkingDossier, document: Document, upload: Upload
) -> DocumentVersion:
    """A new file of the same document: this year's list names it, the old one is kept.

    Lists of other years keep the version they name. LingtanError if the file is refused or no other.
    """
    file = _receive_one(upload)
    with recorded(
        actor, "evidence.superseded", park=dossier.park, subject=document.key, details={"sha256": file.sha256}
    ):
        _lock(dossier)
        if document.versions.filter(sha256=file.sha256).exists():
            raise LingtanError([_same(file, document.key)])
        version = _keep(actor, document, file)
        row = find_row(dossier, document.key)
        if row is not None:
            write_row(actor, dossier, row, _file_cells(document, version))
    return version


def attach(
    actor: Actor, *, dossier: WorkingDossier, row: RegisterRow, upload: Upload, accept_other: bool = False
) -> Document:
    """The file of a row that was listed without one (imported from a workbook): a document of the park.

    LingtanError if the row states another SHA-256, unless `accept_other`: then the row is changed.
    """
    entry, file = read_entry(row.pk, row.cells), _receive_one(upload)
    if entry.sha256 not in ("", file.sha256) and not accept_other:
        raise LingtanError([_other(entry, file)])
    with recorded(
        actor, "evidence.attached", park=dossier.park, subject=entry.id, details={"sha256": file.sha256}
    ):
        _lock(dossier)
        document = Document.objects.create(park=dossier.park, key=entry.id, owner=dossier.park.operator)
        version = _keep(actor, document, file)
        write_row(actor, dossier, row, _file_cells(document, version))
    return document


def _other(entry: ListEntry, file: Received) -> Fault:
    place = Place(shown(file.name), REGISTER, column="sha256")
    return fault(
        "evidence.other-file", place, id=shown(entry.id), stated=entry.sha256[:12], given=file.sha256[:12]
    )


def describe(actor: Actor, *, dossier: WorkingDossier, document: Document, said: Said) -> None:
    """Other words for a document in this year's list; LingtanError for bad ones."""
    faults = _check_words(said)
    if not said.title.strip():
        faults.append(fault("evidence.no-title", Place(column="title")))
    if faults:
        raise LingtanError(faults)
    with recorded(actor, "evidence.described", park=dossier.park, subject=document.key):
        _lock(dossier)
        row = find_row(dossier, document.key)
        words = {"title": said.title.strip(), "supports": said.supports, "page": said.page}
        more = {
            "valid_to": said.valid_to,
            "confidential": said.confidential,
        }
        write_row(actor, dossier, row, {"id": document.key, **words, **more})
        Document.objects.filter(pk=document.pk).update(is_sealed=said.is_sealed)


def list_in_year(actor: Actor, *, dossier: WorkingDossier, document: Document) -> None:
    """Use a document of another year in this one: its last row is taken over, with its last version."""
    with recorded(actor, "evidence.listed", park=dossier.park, subject=document.key):
        _lock(dossier)
        if find_row(dossier, document.key) is not None:
            raise LingtanError([fault("evidence.listed-already", id=shown(document.key))])
        rows = RegisterRow.objects.filter(dossier__park=dossier.park, register=REGISTER).order_by(
            "-dossier__year"
        )
        before: dict[str, str] = next(
            (row.cells for row in rows if str(row.cells.get("id", "")).strip() == document.key), {}
        )
        version = document.versions.order_by("-number").first()
        cells = {"title": document.key, **before, "id": document.key}
        write_row(actor, dossier, None, {**cells, **(_file_cells(document, version) if version else {})})


def find_row(dossier: WorkingDossier, key: str) -> RegisterRow | None:
    """The row of this year's list with an id; the first of several."""
    rows = RegisterRow.objects.filter(dossier=dossier, register=REGISTER).order_by("position", "pk")
    return next((row for row in rows if str(row.cells.get("id", "")).strip() == key), None)


def write_row(actor: Actor, dossier: WorkingDossier, row: RegisterRow | None, cells: dict[str, str]) -> None:
    """Write cells of a row of the list, or a new row, with who changed what; one revision a call."""
    if row is None:
        rows = RegisterRow.objects.filter(dossier=dossier, register=REGISTER)
        last = rows.aggregate(last=Max("position"))["last"]
        row = RegisterRow(
            dossier=dossier, register=REGISTER, position=0 if last is None else last + 1, cells={}
        )
    old = dict(row.cells)
    changed = {name: value.strip() for name, value in cells.items() if old.get(name, "") != value.strip()}
    if not changed:
        return
    row.cells = {name: value for name, value in {**old, **changed}.items() if value}
    row.save()
    dossier.revision += 1
    WorkingDossier.objects.filter(pk=dossier.pk).update(revision=dossier.revision)
    CellChange.objects.bulk_create(
        CellChange(
            dossier=dossier, revision=dossier.revision, register=REGISTER, row=row.pk, column=name,
            old=old.get(name, ""), new=value, user_id=actor.user_id,
        )
        for name, value in changed.items()
    )  # fmt: skip


def no_file() -> LingtanError:
    """The form came without a file."""
    return LingtanError([fault("evidence.no-file", Place(column="file"))])
