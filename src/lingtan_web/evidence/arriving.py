"""What an import names of evidence goes into the library at once: files it brought, files that lie there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lingtan.dossier.evidence import FOLDER
from lingtan.errors import Fault
from lingtan_web.audit.services import recorded
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.dossiers.services.changing import Change
from lingtan_web.dossiers.services.importing import Arrived, Files
from lingtan_web.evidence.adopting import AT_ONCE, Carried
from lingtan_web.evidence.entries import REGISTER, ListEntry, read_entry
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.evidence.receiving import Received, receive
from lingtan_web.evidence.services import bring_version, lock


def prepare_files(dossier: WorkingDossier, files: Files) -> Callable[[Change, Arrived], None]:
    """What takes evidence in once the rows of the import stand; files are examined here, where nobody waits.

    A file is what a row names by its SHA-256, or by its name where it gives none. Files that the park has
    handed in before are not examined again; those of enterprises are theirs and are not looked at.
    """
    known = _find_own(dossier)
    carried = [
        Carried(path, sha256)
        for path, (sha256, _) in files.items()
        if path.startswith(FOLDER) and sha256 not in known
    ]
    faults: list[Fault] = []
    for at in range(0, len(carried), AT_ONCE):
        known |= {one.sha256: one for one in receive(carried[at : at + AT_ONCE], faults)}

    def take(change: Change, arrived: Arrived) -> None:
        if any(path.startswith(FOLDER) for path in files) or _is_touched(change):
            arrived.faults += faults
            _Taking(change, arrived, files, known).take_all()

    return take


def _find_own(dossier: WorkingDossier) -> dict[str, Received]:
    """What the park has handed in, by SHA-256, but for files in which something was found."""
    park = dossier.park
    versions = DocumentVersion.objects.filter(document__park=park, document__owner=park.operator_id)
    return {one.sha256: _again(one) for one in versions.prefetch_related("scans") if not one.threat}


def _again(version: DocumentVersion) -> Received:
    scans = [scan.scanner for scan in version.scans.all()]
    return Received(
        version.name, version.kind, version.sha256, version.size, version.members, version.preview_sha256,
        scans[0] if scans else "",
    )  # fmt: skip


def _is_touched(change: Change) -> bool:
    rows = (*change.made.values(), *change.altered.values(), *change.gone.values())
    return any(row.register == REGISTER for row in rows)


@dataclass(frozen=True, slots=True)
class _Taking:
    """One import as its rows are gone through; `known` are files fit for the library, by SHA-256."""

    change: Change
    arrived: Arrived
    files: Files
    known: Mapping[str, Received]

    def take_all(self) -> None:
        """Every row of the list as the import leaves it."""
        park = self.change.dossier.park
        lock(park)
        library = _find_library(self.change.dossier)
        for entry in _listed(self.change):
            if entry.id not in library and (file := self._file_of(entry)) is not None:
                document = Document.objects.create(park=park, key=entry.id, owner=park.operator)
                bring_version(self.change, document, file)
                library[entry.id] = {file.sha256}
                self.arrived.adopted.append(entry.id)
            self._settle(entry, library.get(entry.id, set()))
        if self.arrived.adopted:
            details = {"year": self.change.dossier.year, "documents": self.arrived.adopted}
            with recorded(self.change.actor, "evidence.adopted", park=park, details=details):
                pass

    def _file_of(self, entry: ListEntry) -> Received | None:
        beside = self.files.get(FOLDER + entry.file)
        return self.known.get(entry.sha256 or (beside[0] if beside else ""))

    def _settle(self, entry: ListEntry, versions: set[str]) -> None:
        """A file that lies in the library is not kept beside the dossier too; what is not there is told."""
        if not versions or (entry.sha256 and entry.sha256 not in versions):
            self.arrived.wanting.append(entry.id)
        path = FOLDER + entry.file
        if path in self.files and self.files[path][0] in versions:
            self.arrived.taken.add(path)


def _find_library(dossier: WorkingDossier) -> dict[str, set[str]]:
    """Documents of the park by id, with the SHA-256 of their versions."""
    found: dict[str, set[str]] = {}
    versions = DocumentVersion.objects.filter(document__park=dossier.park)
    for key, sha256 in versions.values_list("document__key", "sha256"):
        found.setdefault(key, set()).add(sha256)
    return found


def _listed(change: Change) -> Iterator[ListEntry]:
    """The rows of the list as the change leaves them, with an id, in order."""
    rows = {row.mark: row for row in RegisterRow.objects.filter(dossier=change.dossier, register=REGISTER)}
    rows |= {mark: row for mark, row in {**change.altered, **change.made}.items() if row.register == REGISTER}
    for row in sorted(rows.values(), key=lambda one: one.position):
        entry = read_entry(0, row.cells)
        if entry.id and row.mark not in change.gone:
            yield entry
