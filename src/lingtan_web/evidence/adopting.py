"""Files that came with a dossier as a whole (a folder, a .zip) become documents of the library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lingtan.dossier.evidence import FOLDER
from lingtan.errors import Fault
from lingtan_web import storage
from lingtan_web.audit.services import Actor
from lingtan_web.dossiers.models import RegisterRow, StoredFile, WorkingDossier
from lingtan_web.dossiers.services.changing import changing
from lingtan_web.evidence.entries import REGISTER, read_entry
from lingtan_web.evidence.models import Document
from lingtan_web.evidence.receiving import BLOCK, Received, receive
from lingtan_web.evidence.services import bring_version, lock

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Carried:
    """A file of a dossier as if it were uploaded."""

    path: str
    sha256: str

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self.path.rpartition("/")[2]

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Its bytes."""
        with storage.open_stored(self.sha256) as stream:
            yield from _blocks(stream, chunk_size or BLOCK)


def _blocks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    while block := stream.read(size):
        yield block


def find_carried(dossier: WorkingDossier) -> list[tuple[RegisterRow, Carried]]:
    """Files of the folder of evidence that the list names and the library does not have yet."""
    stored = dict(
        StoredFile.objects.filter(dossier=dossier, path__startswith=FOLDER).values_list("path", "sha256")
    )
    known = set(Document.objects.filter(park=dossier.park).values_list("key", flat=True))
    rows = RegisterRow.objects.filter(dossier=dossier, register=REGISTER).order_by("position", "pk")
    found = []
    for row in rows:
        entry = read_entry(row.pk, row.cells)
        path = FOLDER + entry.file
        if entry.id and entry.id not in known and path in stored and entry.sha256 in ("", stored[path]):
            found.append((row, Carried(path, stored[path])))
            known.add(entry.id)
    return found


def adopt_files(actor: Actor, *, dossier: WorkingDossier) -> list[Fault]:
    """Take carried files into the library, examined as uploads are; the faults of those that are refused.

    What is refused stays with the dossier as it came, and is in no one's way: it is never handed out.
    """
    faults: list[Fault] = []
    carried = find_carried(dossier)
    for at in range(0, len(carried), AT_ONCE):
        some = carried[at : at + AT_ONCE]
        received = {one.sha256: one for one in receive([one for _, one in some], faults)}
        _adopt(
            actor,
            dossier,
            [(row, one.path, received[one.sha256]) for row, one in some if one.sha256 in received],
        )
    return faults


def _adopt(actor: Actor, dossier: WorkingDossier, found: list[tuple[RegisterRow, str, Received]]) -> None:
    if not found:
        return
    with changing(actor, "evidence.adopted", dossier=dossier, kind="evidence") as change:
        lock(dossier.park)
        for row, path, file in found:
            entry = read_entry(row.pk, row.cells)
            document = Document.objects.create(park=dossier.park, key=entry.id, owner=dossier.park.operator)
            bring_version(change, document, file)
            change.put_cell(row, "sha256", file.sha256)
            change.set_file(path, None)
