"""One register as a grid: the page, its rows, its edits."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lingtan.dossier.registers import Register
from lingtan.errors import LingtanError
from lingtan_web.dossiers.checking import ask_spots, find_next
from lingtan_web.dossiers.edits import read_edits
from lingtan_web.dossiers.grids import Sheet, describe_columns, find_block, find_marked, sentence
from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.dossiers.queries import (
    count_rows,
    find_dossier,
    find_idents,
    find_own_columns,
    find_place_of,
    find_register,
    find_scope,
)
from lingtan_web.dossiers.scopes import Scope
from lingtan_web.dossiers.services import Conflict, apply_edits
from lingtan_web.dossiers.views.overview import READERS
from lingtan_web.languages import current_language
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role

FIRST = 60  # rows that come with the page
LARGEST_BATCH = 4_000_000  # bytes


@page("GET", scope="park", roles=READERS)
def register(request: Request, park: Park, year: int, register: str) -> HttpResponse:
    """A register to write in, or to look at."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    one = find_register(scope, register)
    given = _describe(request, found, one, scope)
    shown = {"park": park, "dossier": found, "scope": scope, "register": one, "given": given}
    return render(request, "dossiers/register.html", shown)


def _describe(request: Request, dossier: WorkingDossier, register: Register, scope: Scope) -> dict[str, Any]:
    language = current_language()
    here = {"park": dossier.park.slug, "year": dossier.year, "register": register.name}
    own = find_own_columns(dossier, register, scope)
    idents = find_idents(dossier, register) if scope.is_whole else {}
    total = count_rows(dossier, scope).get(register.name, 0)
    history = reverse("dossier-history", kwargs={"park": dossier.park.slug, "year": dossier.year})
    return {
        "language": language,
        "title": register.en if language == "en" else register.zh,
        "urls": {
            "rows": reverse("register-rows", kwargs=here),
            "edits": reverse("register-edits", kwargs=here),
            "history": f"{history}?register={register.name}",
        },
        "token": get_token(request),
        "columns": describe_columns(register, scope, language, own=own, idents=idents),
        "total": total,
        "revision": dossier.revision,
        "first": find_block(Sheet(dossier, register, scope, language), start=0, count=FIRST),
        "canEdit": scope.can_edit,
        "canAdd": scope.can_add(register.name),
        "preset": scope.preset(register.name),
        "focus": _focus(request, dossier, register, scope),
    }


def _focus(
    request: Request, dossier: WorkingDossier, register: Register, scope: Scope
) -> dict[str, Any] | None:
    """The cell that a link names: `?row=` counts from 1, `?key=` is the key of a row.

    A key that no row has leads to the blank row at the end, where it is to be added.
    """
    total = count_rows(dossier, scope).get(register.name, 0)
    row, key, column = (request.GET.get(name, "") for name in ("row", "key", "column"))
    if key:
        at = find_place_of(dossier, register, scope, key)
        index = total if at is None and scope.can_add(register.name) else at
        return None if index is None else {"index": index, "column": column}
    if not (row.isascii() and row.isdigit() and 1 <= int(row) <= max(total, 1)):
        return None
    return {"index": int(row) - 1, "column": column}


@page("GET", scope="park", roles=READERS)
def register_rows(request: Request, park: Park, year: int, register: str) -> HttpResponse:
    """Rows of a register from a place on; with `after` the next cell behind that row with a problem,
    or that the check is not done yet."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    one = find_register(scope, register)
    if "after" in request.GET:
        spots = ask_spots(found, scope)
        following = find_next(spots or [], one, _number(request, "after"))
        return JsonResponse({"next": following, "isChecking": spots is None})
    start, count = (_number(request, name) for name in ("from", "count"))
    rows = find_block(Sheet(found, one, scope, current_language()), start=start, count=count)
    total = count_rows(found, scope).get(one.name, 0)
    return JsonResponse({"total": total, "revision": found.revision, "rows": rows})


def _number(request: Request, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@page("POST", scope="park", roles={Role.PARK, Role.ENTERPRISE})
def register_edits(request: Request, park: Park, year: int, register: str) -> HttpResponse:
    """Edits of a grid: what became of them, and the rows as they are now."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    one, language = find_register(scope, register), current_language()
    try:
        given = _body(request)
        outcome = apply_edits(
            request.actor, dossier=found, register=one, edits=read_edits(one, given.get("edits")),
            revision=given["revision"] if isinstance(given.get("revision"), int) else 0, scope=scope,
        )  # fmt: skip
    except LingtanError as refused:
        faults = [{"code": fault.code, "text": sentence(fault, language)} for fault in refused.faults]
        return JsonResponse({"faults": faults}, status=422)
    return JsonResponse({
        "previous": outcome.previous,
        "revision": outcome.revision,
        "total": count_rows(found, scope).get(one.name, 0),
        "rows": find_marked(Sheet(found, one, scope, language), outcome.marks),
        "conflicts": [_conflict(conflict) for conflict in outcome.conflicts],
        "refused": [],
    })  # fmt: skip


def _body(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(request.body) if len(request.body) <= LARGEST_BATCH else {}
    except (ValueError, RecursionError):
        given = {}
    return given if isinstance(given, dict) else {}


def _conflict(conflict: Conflict) -> dict[str, Any]:
    by = conflict.by
    return {
        "row": conflict.mark,
        "column": conflict.column,
        "yours": conflict.yours,
        "theirs": conflict.theirs,
        "cells": dict(conflict.cells),
        "isGone": conflict.is_gone,
        "by": str(by.user) if by and by.user else "",
        "at": timezone.localtime(by.at).strftime("%Y-%m-%d %H:%M") if by else "",
    }
