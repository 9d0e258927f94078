"""Documents whose validity ends, as things that wait for their owners; the notices say when they are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
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

KIND = "document"


def find_documents(today: date, user: User | None = None) -> Iterator[Waiting]:
    """Documents in the latest list of each park that end soon or have ended; three queries for one person."""
    parks = None if user is None else SOURCES[Role.PARK](user, today) | SOURCES[Role.ENTERPRISE](user, today)
    ending = list(_ending(today, parks))
    owners = dict(_owners({row.dossier.park_id for row, _ in ending}))
    if user is not None:
        mine = frozenset(_held(user))
        for row, entry in ending:
            if owners.get((row.dossier.park_id, entry.id), row.dossier.park.operator_id) in mine:
                yield _waiting(row, entry, frozenset([user.pk]))
        return
    parts = load_parts(today)
    for row, entry in ending:
        park = row.dossier.park
        owner = owners.get((park.pk, entry.id), park.operator_id)
        role = Role.PARK if owner == park.operator_id else Role.ENTERPRISE
        yield _waiting(row, entry, parts.find(role, park, row.dossier.year, owner))


def _ending(today: date, parks: QuerySet[Park] | None) -> Iterator[tuple[RegisterRow, ListEntry]]:
    last = today + timedelta(max(load_terms().kinds[KIND].before))
    rows = _rows()
    for row in rows if parks is None else rows.filter(dossier__park__in=parks.values("pk")):
        entry = read_entry(row.pk, row.cells)
        if entry.id and entry.valid_to is not None and entry.valid_to <= last:
            yield row, entry


def _rows() -> QuerySet[RegisterRow]:
    """Rows with a day of ending, in the latest dossier of each park."""
    latest = WorkingDossier.objects.filter(park=OuterRef("pk")).order_by("-year").values("pk")[:1]
    dossiers = Park.objects.annotate(latest=Subquery(latest)).exclude(latest=None).values("latest")
    rows = RegisterRow.objects.filter(dossier__in=dossiers, register=REGISTER, cells__has_key="valid_to")
    return rows.select_related("dossier__park").order_by("dossier", "position")


def _owners(parks: Iterable[int]) -> Iterator[tuple[tuple[int, str], int]]:
    found = Document.objects.filter(park__in=parks).values_list("park", "key", "owner")
    return (((park, key), owner) for park, key, owner in found)


def _held(user: User) -> Iterator[int]:
    roles = (Role.PARK, Role.ENTERPRISE)
    held = Membership.objects.filter(user=user, ended_at=None, role__in=roles)
    return held.values_list("organisation", flat=True).iterator()


def _waiting(row: RegisterRow, entry: ListEntry, people: frozenset[int]) -> Waiting:
    park, year = row.dossier.park, row.dossier.year
    link = reverse("evidence-library", kwargs={"park": park.slug, "year": year})
    title = entry.title or entry.id
    return Waiting(
        KIND, f"{KIND}/{park.pk}/{year}/{entry.id}", f"证明材料 {entry.id} 到期：{title}",
        f"Document {entry.id} runs out: {title}", f"{link}?q={entry.id}", entry.valid_to, park.slug,
        park.name_zh, park.name_en, people,
    )  # fmt: skip
