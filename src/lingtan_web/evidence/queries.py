"""Reading the library for pages: the list of a year with files, uses and what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from lingtan.dossier.evidence import FOLDER
from lingtan_web.assessments.artefacts import EVIDENCE
from lingtan_web.assessments.models import Calculation
from lingtan_web.assessments.queries import visible_calculations
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.evidence.entries import REGISTER, ListEntry, read_entry
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.evidence.rules import Guarded, Viewer, can_change, can_list, can_open
from lingtan_web.evidence.uses import (
    Unproven,
    Use,
    evidence_columns,
    find_unlisted,
    find_unproven,
    find_uses,
)
from lingtan_web.evidence.wanting import State, Wanting, find_wanting, read_grounds
from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.access import Access
from lingtan_web.parks.models import Park, ParkEnterprise
from lingtan_web.roles import Role
from lingtan_web.storage import open_stored


@dataclass(frozen=True, slots=True)
class Item:
    """A document of the year's list as a page shows it. `version` is the file that the list names."""

    entry: ListEntry
    document: Document | None
    version: DocumentVersion | None
    versions: tuple[DocumentVersion, ...]
    uses: tuple[Use, ...]
    state: State
    days_left: int | None
    may_open: bool
    may_change: bool

    @property
    def is_scanned(self) -> bool:
        """Whether a scanner looked at the file that the list names."""
        return self.version is not None and bool(self.version.scans.all())

    @property
    def is_superseded(self) -> bool:
        """Whether there is a newer file than the list names."""
        return self.version is not None and self.version.number < max(one.number for one in self.versions)


@dataclass(frozen=True, slots=True)
class Library:
    """The list of a year, and what does not fit together."""

    items: tuple[Item, ...]
    elsewhere: tuple[Document, ...]
    unlisted: tuple[str, ...]
    unproven: tuple[Unproven, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing per indicator under one edition, and the calculation whose trace says so."""

    calculation: Calculation
    editions: tuple[str, ...]
    edition: str
    wanting: tuple[Wanting, ...]


def find_viewer(user: User, park: Park, access: Access) -> Viewer:
    """The person with the organisations they work for in this park."""
    held = Membership.objects.filter(user=user, ended_at=None)
    mine = set()
    if access.has(Role.PARK):
        mine |= set(
            held.filter(role=Role.PARK, organisation=park.operator_id).values_list("organisation", flat=True)
        )
    if access.has(Role.ENTERPRISE):
        here = ParkEnterprise.objects.filter(park=park).values("organisation")
        mine |= set(
            held.filter(role=Role.ENTERPRISE, organisation__in=here).values_list("organisation", flat=True)
        )
    return Viewer(access.roles, mine)


def find_library(dossier: WorkingDossier, viewer: Viewer, today: date) -> Library:
    """The library of a year as `viewer` may see it; six queries, however many documents there are."""
    rows = _rows(dossier)
    uses = find_uses(rows, dossier.profile)
    documents = {one.key: one for one in _documents(dossier.park)}
    entries = [read_entry(row, cells) for register, row, cells in rows if register == REGISTER]
    ground = _Ground(uses, viewer, dossier.park, today)
    items = [_item(entry, documents.get(entry.id), ground) for entry in entries]
    listed = {entry.id for entry in entries}
    elsewhere = [one for key, one in documents.items() if key not in listed and _sees(viewer, one)]
    is_whole = bool(viewer.roles - {Role.ENTERPRISE})  # gaps of the whole park are none of one enterprise's
    return Library(
        items=tuple(one for one in items if one is not None),
        elsewhere=tuple(elsewhere),
        unlisted=find_unlisted(uses, entries) if is_whole else (),
        unproven=find_unproven(rows) if is_whole else (),
    )


def _sees(viewer: Viewer, document: Document) -> bool:
    return can_list(viewer, Guarded(document.owner_id, True, document.is_sealed, is_listed=False))


def _rows(dossier: WorkingDossier) -> list[tuple[str, int, Mapping[str, str]]]:
    """Rows of every register that can name evidence, and of the list itself."""
    rows = RegisterRow.objects.filter(dossier=dossier, register__in=[*evidence_columns(), REGISTER])
    return list(rows.order_by("register", "position", "pk").values_list("register", "pk", "cells"))


def _documents(park: Park) -> Sequence[Document]:
    versions = (
        DocumentVersion.objects.order_by("-number").select_related("uploaded_by").prefetch_related("scans")
    )
    found = Document.objects.filter(park=park).select_related("owner").order_by("key")
    return list(found.prefetch_related(Prefetch("versions", versions)))


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every item of a page is seen against."""

    uses: Mapping[str, tuple[Use, ...]]
    viewer: Viewer
    park: Park
    today: date


def _item(entry: ListEntry, document: Document | None, ground: _Ground) -> Item | None:
    guarded = guard_of(entry, document, ground.park)
    if not can_list(ground.viewer, guarded):
        return None
    versions = tuple(document.versions.all()) if document else ()
    version = find_named(entry, versions)
    return Item(
        entry=entry,
        document=document,
        version=version,
        versions=versions,
        uses=ground.uses.get(entry.id, ()),
        state=state_of(entry, versions, version, ground.today),
        days_left=(entry.valid_to - ground.today).days if entry.valid_to else None,
        may_open=document is not None and can_open(ground.viewer, guarded),
        may_change=can_change(ground.viewer, guarded),
    )


def guard_of(entry: ListEntry | None, document: Document | None, park: Park) -> Guarded:
    """What decisions rest on. Not listed in the year: as if confidential. No file yet: the park's."""
    owner = document.owner_id if document else park.operator_id
    is_sealed = document is not None and document.is_sealed
    return Guarded(owner, entry is None or entry.is_confidential, is_sealed, entry is not None)


def find_named(entry: ListEntry, versions: Sequence[DocumentVersion]) -> DocumentVersion | None:
    """The version that the list names by its SHA-256; the newest where it names none."""
    if not entry.sha256:
        return versions[0] if versions else None
    return next((one for one in versions if one.sha256 == entry.sha256), None)


def state_of(
    entry: ListEntry, versions: Sequence[DocumentVersion], version: DocumentVersion | None, today: date
) -> State:
    """How a document stands on a day."""
    if version is None:
        return State.CHANGED if versions else State.ABSENT
    return State.EXPIRED if entry.valid_to is not None and entry.valid_to < today else State.HERE


def find_document(
    dossier: WorkingDossier, viewer: Viewer, number: int, today: date
) -> tuple[Item | None, Document] | None:
    """One document as the viewer may see it: its item in this year (None if not listed), or nothing."""
    document = next((one for one in _documents(dossier.park) if one.pk == number), None)
    if document is None:
        return None
    rows = _rows(dossier)
    entries = [read_entry(row, cells) for register, row, cells in rows if register == REGISTER]
    entry = next((one for one in entries if one.id == document.key), None)
    if not can_list(viewer, guard_of(entry, document, dossier.park)):
        return None
    ground = _Ground(find_uses(rows, dossier.profile), viewer, dossier.park, today)
    return (_item(entry, document, ground) if entry else None), document


def find_entries(dossier: WorkingDossier) -> tuple[ListEntry, ...]:
    """The list of a year, for reminders."""
    rows = RegisterRow.objects.filter(dossier=dossier, register=REGISTER).order_by("position", "pk")
    return tuple(read_entry(row, cells) for row, cells in rows.values_list("pk", "cells"))


def find_states(dossier: WorkingDossier, today: date) -> Mapping[str, State]:
    """How every document of the list stands, by id."""
    documents = {one.key: tuple(one.versions.all()) for one in _documents(dossier.park)}
    states = {}
    for entry in find_entries(dossier):
        versions = documents.get(entry.id, ())
        states[entry.id] = state_of(entry, versions, find_named(entry, versions), today)
    return states


def find_evidence_files(dossier: WorkingDossier) -> Mapping[str, str]:
    """What lies in the folder `evidence/` of the dossier when it is written out: name to SHA-256."""
    documents = {one.key: tuple(one.versions.all()) for one in _documents(dossier.park)}
    found = {}
    for entry in find_entries(dossier):
        version = find_named(entry, documents.get(entry.id, ()))
        if version is not None and entry.file:
            found[entry.file] = version.sha256
    return found


def find_carried_files(dossier: WorkingDossier) -> Mapping[str, str]:
    """The same by path within the dossier."""
    return {FOLDER + name: sha256 for name, sha256 in find_evidence_files(dossier).items()}


def may_open(item: Item | None, document: Document, viewer: Viewer, park: Park) -> bool:
    """Whether the viewer may read files of a document that is found."""
    return can_open(viewer, guard_of(item.entry if item else None, document, park))


def find_years(park: Park, access: Access) -> list[int]:
    """Years with a working dossier that the person may see, the latest first."""
    years = WorkingDossier.objects.filter(park=park).order_by("-year").values_list("year", flat=True)
    return [year for year in years if access.can_see_year(year)]


def find_missing(dossier: WorkingDossier, access: Access, today: date, edition: str = "") -> Missing | None:
    """What is missing per indicator and gate, by the latest calculation the person may see; None without."""
    calculations = visible_calculations(dossier.park, access).filter(version__dossier=dossier, state="done")
    latest = calculations.order_by("-version__number", "-on", "-pk").select_related("version").first()
    if latest is None or EVIDENCE not in latest.artefacts:
        return None
    with open_stored(latest.artefacts[EVIDENCE]) as stream:
        data = json.load(stream)
    chosen = edition if edition in data else next(iter(data))
    wanting = find_wanting(read_grounds(data, chosen), find_states(dossier, today))
    return Missing(latest, tuple(data), chosen, wanting)
