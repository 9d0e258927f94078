"""Changes to the evidence library: a document handed in, a new version, its words, its use in a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from django.db.models import Max

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.dossiers.services.changing import Change, changing, check_change
from lingtan_web.evidence.entries import REGISTER, ListEntry, next_id, read_entry
from lingtan_web.evidence.models import Document, DocumentVersion, Scan
from lingtan_web.evidence.names import shown
from lingtan_web.evidence.receiving import MOST_AT_ONCE, Received, Upload, receive
from lingtan_web.evidence.saying import Said, check_words
from lingtan_web.organisations.models import Organisation
from lingtan_web.parks.models import Park


def hand_in(
    actor: Actor, *, dossier: WorkingDossier, owner: Organisation, uploads: Sequence[Upload], said: Said
) -> list[Document]:
    """A new document for every file, listed in this year; all of them or none.

    LingtanError with every fault of every file, of the words, and of files that are here already.
    """
    faults = [*check_words(said), *_check_number(uploads)]
    received = receive(uploads[:MOST_AT_ONCE], faults)
    faults += [_same(one, key) for one in received if (key := _known(dossier.park, owner, one.sha256))]
    if faults:
        raise LingtanError(faults)
    if len(received) > 1:
        said = replace(said, title="")  # one title for several files would be a title of none
    with _changing(actor, "evidence.handed-in", dossier, owner.name_zh) as change:
        lock(dossier.park)
        return [_make(change, owner, one, said) for one in received]


def _changing(
    actor: Actor, act: str, dossier: WorkingDossier, subject: str
) -> AbstractContextManager[Change]:
    return changing(actor, act, dossier=dossier, kind="evidence", subject=subject)


def _check_number(uploads: Sequence[Upload]) -> list[Fault]:
    if not uploads:
        return [fault("evidence.no-file", Place(column="files"))]
    if len(uploads) > MOST_AT_ONCE:
        place = Place(column="files")
        return [fault("evidence.too-many-files", place, count=len(uploads), limit=MOST_AT_ONCE)]
    return []


def _receive_one(upload: Upload | None) -> Received:
    if upload is None:
        raise LingtanError([fault("evidence.no-file", Place(column="file"))])
    faults: list[Fault] = []
    received = receive([upload], faults)
    if faults:
        raise LingtanError(faults)
    return received[0]


def _known(park: Park, owner: Organisation, sha256: str) -> str:
    """The id under which the owner has handed in this very file, empty if not: others' are not told."""
    found = DocumentVersion.objects.filter(document__park=park, document__owner=owner, sha256=sha256)
    return found.values_list("document__key", flat=True).first() or ""


def _same(one: Received, key: str) -> Fault:
    return fault("evidence.same-file", Place(shown(one.name)), id=shown(key))


def lock(park: Park) -> None:
    """One change of a park's documents at a time: ids are given once."""
    Park.objects.select_for_update().get(pk=park.pk)


def _make(change: Change, owner: Organisation, file: Received, said: Said) -> Document:
    park = change.dossier.park
    document = Document.objects.create(park=park, key=_next_key(park), owner=owner, is_sealed=said.is_sealed)
    version = bring_version(change, document, file)
    words = replace(said, title=said.title.strip() or file.name.rpartition(".")[0])
    write_row(change, None, {"id": document.key, **file_cells(document, version), **words.cells()})
    return document


def _next_key(park: Park) -> str:
    rows = RegisterRow.objects.filter(dossier__park=park, register=REGISTER)
    keys = Document.objects.filter(park=park).values_list("key", flat=True)
    return next_id([*keys, *rows.values_list("ident", flat=True)])


def bring_version(change: Change, document: Document, file: Received) -> DocumentVersion:
    """The next version of a document, where no list that it belongs to is closed by a review.

    A row without SHA-256 means the newest version, in whatever year it stands.
    """
    version = _keep_version(change.actor, document, file)
    rows = RegisterRow.objects.filter(dossier__park=document.park, register=REGISTER, ident=document.key)
    for row in rows.select_related("dossier__park"):
        if read_entry(row.pk, row.cells).sha256 not in ("", version.sha256):
            continue
        if row.dossier_id == change.dossier.pk:
            change.bring_file(row)
            continue
        other = Change(row.dossier, change.actor, change.kind)
        other.bring_file(row)
        check_change(other)
    return version


def _keep_version(actor: Actor, document: Document, file: Received) -> DocumentVersion:
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion.objects.create(
        document=document, number=last + 1, name=file.name, kind=file.kind, sha256=file.sha256,
        size=file.size, members=file.members, preview_sha256=file.preview_sha256,
        uploaded_by_id=actor.user_id,
    )  # fmt: skip
    if file.scanner:
        Scan.objects.create(version=version, scanner=file.scanner)
    return version


def file_cells(document: Document, version: DocumentVersion) -> dict[str, str]:
    """File names in the folder of evidence begin with the id: two bills may have the same name."""
    return {"file": f"{document.key}-{version.name}", "sha256": version.sha256}


def supersede(
    actor: Actor, *, dossier: WorkingDossier, document: Document, upload: Upload | None
) -> DocumentVersion:
    """A new file of the same document: this year's list names it, the old one is kept.

    Lists of other years keep the version they name. LingtanError if the file is refused or no other.
    """
    file = _receive_one(upload)
    with _changing(actor, "evidence.superseded", dossier, document.key) as change:
        lock(dossier.park)
        if document.versions.filter(sha256=file.sha256).exists():
            raise LingtanError([_same(file, document.key)])
        version = bring_version(change, document, file)
        row = find_row(dossier, document.key)
        if row is not None:
            write_row(change, row, file_cells(document, version))
    return version


def attach(
    actor: Actor, *, dossier: WorkingDossier, row: RegisterRow, upload: Upload | None,
    accept_other: bool = False,
) -> Document:  # fmt: skip
    """The file of a row that was listed without one (imported from a workbook): a document of the park.

    LingtanError if the row states another SHA-256, unless `accept_other`: then the row is changed.
    """
    entry, file = read_entry(row.pk, row.cells), _receive_one(upload)
    if entry.sha256 not in ("", file.sha256) and not accept_other:
        raise LingtanError([_other(entry, file)])
    with _changing(actor, "evidence.attached", dossier, entry.id) as change:
        lock(dossier.park)
        document = Document.objects.create(park=dossier.park, key=entry.id, owner=dossier.park.operator)
        write_row(change, row, file_cells(document, bring_version(change, document, file)))
    return document


def _other(entry: ListEntry, file: Received) -> Fault:
    place = Place(shown(file.name), REGISTER, column="sha256")
    digests = {"stated": entry.sha256[:12], "given": file.sha256[:12]}
    return fault("evidence.other-file", place, id=shown(entry.id), **digests)


def describe(actor: Actor, *, dossier: WorkingDossier, document: Document, said: Said) -> None:
    """Other words for a document in this year's list; LingtanError for bad ones."""
    faults = check_words(said)
    if not said.title.strip():
        faults.append(fault("evidence.no-title", Place(column="title")))
    if faults:
        raise LingtanError(faults)
    with _changing(actor, "evidence.described", dossier, document.key) as change:
        write_row(change, find_row(dossier, document.key), {"id": document.key, **said.cells()})
        Document.objects.filter(pk=document.pk).update(is_sealed=said.is_sealed)


def list_in_year(actor: Actor, *, dossier: WorkingDossier, document: Document) -> None:
    """Use a document of another year in this one: its last row is taken over, with its last version."""
    with _changing(actor, "evidence.listed", dossier, document.key) as change:
        if find_row(dossier, document.key) is not None:
            raise LingtanError([fault("evidence.listed-already", id=shown(document.key))])
        rows = RegisterRow.objects.filter(dossier__park=dossier.park, register=REGISTER, ident=document.key)
        before = rows.order_by("-dossier__year", "position").first()
        version = document.versions.order_by("-number").first()
        cells = {"title": document.key, **(before.cells if before else {}), "id": document.key}
        write_row(change, None, {**cells, **(file_cells(document, version) if version else {})})


def find_row(dossier: WorkingDossier, key: str) -> RegisterRow | None:
    """The row of this year's list with an id; the first of several."""
    rows = RegisterRow.objects.filter(dossier=dossier, register=REGISTER, ident=key)
    return rows.order_by("position", "pk").first()


def write_row(change: Change, row: RegisterRow | None, cells: Mapping[str, str]) -> None:
    """Write cells of a row of the list, or a new row."""
    texts = {name: value.strip() for name, value in cells.items()}
    if row is None:
        change.add_row(REGISTER, {name: text for name, text in texts.items() if text})
        return
    for name, text in texts.items():
        change.put_cell(row, name, text)
