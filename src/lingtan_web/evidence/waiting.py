"""Documents of the current lists that end soon or have ended, as things that wait for who handed them in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.evidence.entries import REGISTER, ListEntry, read_entry
from lingtan_web.evidence.models import Document
from lingtan_web.notices.recipients import load_parts
from lingtan_web.notices.rules import Waiting, load_terms
from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.access import SOURCES
from lingtan_web.parks.models import Park
from lingtan_web.roles import Role

Ending = tuple[ListEntry, WorkingDossier, Document | None]


def find_documents(today: date, user: User | None = None) -> Iterator[Waiting]:
    """Documents in the list of a park's latest year, for their owner; for the park where no file is there."""
    if user is not None:
        yield from _of(user, today)
        return
    parts = load_parts(today)
    for entry, dossier, document in _ending(_rows(), today):
        owner = document.owner_id if document else dossier.park.operator_id
        role = Role.PARK if owner == dossier.park.operator_id else Role.ENTERPRISE
        yield _waiting(entry, dossier, document, parts.find(role, dossier.park, dossier.year, owner))


def _of(user: User, today: date) -> Iterator[Waiting]:
    """Those of one person: three queries."""
    members = Membership.objects.filter(user=user, ended_at=None).values_list("role", "organisation")
    held = {(Role(role), organisation) for role, organisation in members}
    here = SOURCES[Role.PARK](user, today) | SOURCES[Role.ENTERPRISE](user, today)
    rows = _rows().filter(dossier__park__in=here.values("pk"))
    placed = set(here.values_list("pk", "enterprises__organisation"))
    for entry, dossier, document in _ending(rows, today):
        park: Park = dossier.park
        owner = document.owner_id if document else park.operator_id
        is_tenant = (Role.ENTERPRISE, owner) in held and (park.pk, owner) in placed
        if (owner == park.operator_id and (Role.PARK, owner) in held) or is_tenant:
            yield _waiting(entry, dossier, document, frozenset([user.pk]))


def _rows() -> QuerySet[RegisterRow]:
    newer = WorkingDossier.objects.filter(park=OuterRef("dossier__park"), year__gt=OuterRef("dossier__year"))
    rows = RegisterRow.objects.filter(register=REGISTER).exclude(Exists(newer))
    return rows.select_related("dossier__park").order_by("dossier", F("position"))


def _ending(rows: QuerySet[RegisterRow], today: date) -> Iterator[Ending]:
    """Entries that end by the first reminder; the documents behind all of them are read at once."""
    last = today + timedelta(days=max(load_terms().kinds["document"].before))
    entries = [(read_entry(row.pk, row.cells), row.dossier) for row in rows]
    ending = [(entry, dossier) for entry, dossier in entries if entry.valid_to and entry.valid_to <= last]
    found = Document.objects.filter(park__in={dossier.park_id for _, dossier in ending})
    documents = {(one.park_id, one.key): one for one in found}
    for entry, dossier in ending:
        yield entry, dossier, documents.get((dossier.park_id, entry.id))


def _waiting(
    entry: ListEntry, dossier: WorkingDossier, document: Document | None, people: frozenset[int]
) -> Waiting:
    park, name = dossier.park, f"{entry.id} {entry.title}".strip()
    where = {"park": park.slug, "year": dossier.year}
    link = (
        reverse("evidence-document", kwargs=where | {"number": document.pk})
        if document
        else reverse("evidence-library", kwargs=where)
    )
    return Waiting(
        "document", f"document/{park.pk}/{entry.id}", f"证明材料到期：{name}"[:400],
        f"Document ends: {name}"[:400],
        link, entry.valid_to, park.slug, park.name_zh, park.name_en, people,
    )  # fmt: skip
