"""What pages of a dossier show: a constant number of questions, never a whole register in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from lingtan.dossier.registers import Register, registers
from lingtan_web.dossiers.models import CellChange, ImportPreview, RegisterRow, Revision, WorkingDossier
from lingtan_web.dossiers.scopes import EDITOR, WHOLE, Scope
from lingtan_web.organisations.models import User
from lingtan_web.parks.access import Access
from lingtan_web.parks.models import Park
from lingtan_web.roles import Role

MOST_ALIKE = 500
MOST_KNOWN = 500  # ids offered while writing
_INSIDERS = (Role.SCHEME, Role.BODY, Role.EVALUATOR)
_KEYS_SQLITE = (
    "SELECT DISTINCT j.key FROM dossiers_registerrow r, json_each(r.cells) j "
    "WHERE r.dossier_id = %s AND r.register = %s"
)
_KEYS_POSTGRES = (
    "SELECT DISTINCT jsonb_object_keys(r.cells) FROM dossiers_registerrow r "
    "WHERE r.dossier_id = %s AND r.register = %s"
)


def find_dossier(park: Park, year: int) -> WorkingDossier:
    """The working dossier of a year; 404 if there is none."""
    return get_object_or_404(WorkingDossier.objects.select_related("park"), park=park, year=year)


def find_preview(dossier: WorkingDossier, token: str, user: User) -> ImportPreview:
    """A preview that the person made themselves; 404 for any other."""
    found = get_object_or_404(ImportPreview, dossier=dossier, token=token, made_by=user)
    found.dossier = dossier
    return found


def find_scope(access: Access) -> Scope:
    """What of a dossier a person works with: the park all of it, evaluators look, enterprises their part."""
    if access.has(Role.PARK):
        return EDITOR
    if access.has(*_INSIDERS):
        return WHOLE
    if access.has(Role.ENTERPRISE) and access.enterprise_keys:
        return Scope(access.enterprise_keys, can_edit=True)
    raise Http404


def find_register(scope: Scope, name: str) -> Register:
    """A register that holds rows of theirs; 404 for any other."""
    if not scope.has_register(name):
        raise Http404
    return registers()[name]


def scoped_rows(dossier: WorkingDossier, scope: Scope) -> QuerySet[RegisterRow]:
    """The rows in scope, in order."""
    rows = RegisterRow.objects.filter(dossier=dossier)
    if scope.keys is not None:
        rows = rows.filter(enterprise__in=scope.keys, register__in=[*scope.registers()])
    return rows.order_by("position", "pk")


def count_rows(dossier: WorkingDossier, scope: Scope) -> dict[str, int]:
    """How many rows in scope each register has."""
    rows = scoped_rows(dossier, scope).order_by()
    return dict(rows.values_list("register").annotate(count=Count("pk")))


def find_own_columns(dossier: WorkingDossier, register: Register, scope: Scope) -> list[str]:
    """The columns that people added to a register."""
    sql = _KEYS_SQLITE if connection.vendor == "sqlite" else _KEYS_POSTGRES
    values: list[int | str] = [dossier.pk, register.name]
    if scope.keys is not None:
        sql += f" AND r.enterprise IN ({', '.join(['%s'] * len(scope.keys))})"
        values += sorted(scope.keys)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted(name for (name,) in cursor.fetchall() if name not in register.columns)


def find_idents(dossier: WorkingDossier, register: Register) -> dict[str, list[str]]:
    """The ids of the registers that this one refers to, to be offered while writing."""
    names = {column.to for column in register.columns.values() if column.to}
    if any(column.type == "evidence" for column in register.columns.values()):
        names.add("evidence")
    rows = RegisterRow.objects.filter(dossier=dossier, register__in=names).exclude(ident="")
    found: dict[str, list[str]] = {name: [] for name in names}
    pairs = rows.order_by("register", "ident").values_list("register", "ident").distinct()
    for name, ident in pairs[: MOST_KNOWN * max(len(names), 1)]:
        if len(found[name]) < MOST_KNOWN:
            found[name].append(ident)
    return found


def find_known(dossier: WorkingDossier, wanted: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Which of the ids `wanted` there are, by register."""
    asked = Q(pk=None)
    for name, idents in wanted.items():
        asked |= Q(register=name, ident__in=idents)
    found: dict[str, list[str]] = {name: [] for name in wanted}
    rows = RegisterRow.objects.filter(asked, dossier=dossier)
    for name, ident in rows.values_list("register", "ident").distinct():
        found[name].append(ident)
    return found


def find_alike(rows: QuerySet[RegisterRow], block: Sequence[RegisterRow]) -> list[RegisterRow]:
    """Those of `rows` that have the key of a row of `block` and are not in it."""
    keys = {row.key for row in block if row.key}
    return list(rows.filter(key__in=keys).exclude(pk__in=[row.pk for row in block])[:MOST_ALIKE])


def find_place_of(dossier: WorkingDossier, register: Register, scope: Scope, key: str) -> int | None:
    """The place, counted from 0, of the first row with a key among those in scope; None if there is none."""
    rows = scoped_rows(dossier, scope).filter(register=register.name)
    found = rows.filter(key=key).first()
    return find_numbers(rows, [found])[found.mark] - 1 if found else None


def find_numbers(rows: QuerySet[RegisterRow], wanted: Sequence[RegisterRow]) -> dict[str, int]:
    """The places, counted from 1, of some rows among others."""
    if not wanted:
        return {}
    asked = {row.mark for row in wanted}
    marks = rows.values_list("mark", flat=True).iterator()
    return {mark: number for number, mark in enumerate(marks, start=1) if mark in asked}


def find_steps(dossier: WorkingDossier, scope: Scope, user_id: int, register: str = "") -> QuerySet[Revision]:
    """Revisions, the latest first (of one register, if it is named); an enterprise sees its own people's."""
    found = Revision.objects.filter(dossier=dossier).select_related("user").order_by("-number")
    if register:
        changes = CellChange.objects.filter(dossier=dossier, register=register)
        found = found.filter(number__in=changes.values("revision"))
    if scope.is_whole:
        return found
    mine = CellChange.objects.filter(dossier=dossier, user=user_id).values("revision")
    return found.filter(number__in=mine, user=user_id)


def find_changes(dossier: WorkingDossier, row: RegisterRow, column: str) -> QuerySet[CellChange]:
    """What happened to a cell, or to the whole row, the latest first."""
    found = CellChange.objects.filter(dossier=dossier, register=row.register, row=row.pk)
    if column:
        found = found.filter(column__in=[column, ""])
    return found.select_related("user").order_by("-pk")


def find_row(dossier: WorkingDossier, scope: Scope, register: str, mark: str) -> RegisterRow:
    """A row in scope by its mark; 404 if it is not there."""
    return get_object_or_404(scoped_rows(dossier, scope), register=register, mark=mark)


@dataclass(frozen=True, slots=True)
class Part:
    """An enterprise and where it stands with its part."""

    key: str
    name: str
    organisation: object
    is_confidential: bool
    rows: int
    changed_at: object
    done_at: object
    reminded_at: object


def find_parts(dossier: WorkingDossier) -> list[Part]:
    """Every enterprise of the dossier: who fills it in, how far it is."""
    rows = RegisterRow.objects.filter(dossier=dossier)
    listed = rows.filter(register="enterprises").order_by("position", "pk").values_list("ident", "cells")
    names = {ident: str(cells.get("name_zh") or cells.get("name") or "") for ident, cells in listed if ident}
    placed = {one.key: one for one in dossier.park.enterprises.select_related("organisation")}
    parts = {one.key: one for one in dossier.parts.all()}
    counts = dict(rows.exclude(enterprise="").values_list("enterprise").annotate(count=Count("pk")))
    users = dossier.park.enterprises.values("organisation__memberships__user")
    latest = CellChange.objects.filter(dossier=dossier, user__in=users)
    changed = dict(latest.values_list("user__memberships__organisation").annotate(at=Max("at")))
    found = []
    for key in [*names, *(key for key in placed if key not in names)]:
        place, part = placed.get(key), parts.get(key)
        found.append(
            Part(
                key, names.get(key, ""), place.organisation if place else None,
                bool(place and place.is_confidential), counts.get(key, 0),
                changed.get(place.organisation_id) if place and place.organisation_id else None,
                part.done_at if part else None, part.reminded_at if part else None,
            )
        )  # fmt: skip
    return found
