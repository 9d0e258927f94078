"""The documents of a calculation: the list, asking for them, handing them out."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from lingtan_web.assessments.models import State
from lingtan_web.assessments.queries import Opened, find_calculation, viewer_of
from lingtan_web.documents import services
from lingtan_web.documents.models import Document
from lingtan_web.documents.rules import KINDS, TYPES, Wanted, file_name, formats_of, read_wanted, title_of
from lingtan_web.languages import current_language
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role
from lingtan_web.storage import open_stored

INSIDE = {Role.PARK, Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.EXPERT}
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"


@page("GET", scope="park", roles=INSIDE)
def documents(request: Request, park: Park, number: int) -> HttpResponse:
    """Every document there is, with what is made, being made, or could be asked for."""
    calculation = find_calculation(park, request.access, number)
    if calculation.state != State.DONE:
        raise Http404
    opened = Opened(calculation, viewer_of(request.access), request.GET.get("edition", ""))
    table = _table(calculation.pk)
    shown = {"park": park, "opened": opened, "tab": "documents", **table}
    template = "documents/parts/table.html" if request.htmx else "documents/documents.html"
    return render(request, template, shown)


def _table(calculation: int) -> dict[str, Any]:
    language = current_language()
    made = {
        (one.kind, one.format): one
        for one in Document.objects.filter(calculation=calculation, language=language).defer("faults")
    }
    rows = [
        {
            "kind": kind,
            "title": title_of(kind, language),
            "cells": [{"format": each, "document": made.get((kind, each))} for each in formats_of(kind)],
        }
        for kind in KINDS
    ]
    is_busy = any(one.state in (State.QUEUED, State.RUNNING) for one in made.values())
    return {"rows": rows, "is_busy": is_busy, "document_language": language}


@page("POST", scope="park", roles=INSIDE)
def ask_documents(request: Request, park: Park, number: int) -> HttpResponse:
    """Ask for documents: `wanted` is kind.format, several times if you like."""
    calculation = find_calculation(park, request.access, number)
    language = current_language()
    wanted: set[Wanted] = set()
    for given in request.POST.getlist("wanted"):
        kind, _, format = given.partition(".")
        wanted.add(read_wanted(kind, format, language))
    if wanted:
        services.ask_documents(request.actor, calculation=calculation, wanted=wanted)
    return redirect("documents", park=park.slug, number=number)


@page("GET", scope="park", roles=INSIDE)
def document(request: Request, park: Park, number: int, document: int) -> HttpResponseBase:
    """The content, to be saved: nothing of it is run in our place."""
    calculation = find_calculation(park, request.access, number)
    found = get_object_or_404(Document, pk=document, calculation=calculation, state=State.DONE)
    version = calculation.version
    wanted = read_wanted(found.kind, found.format, found.language)
    name = file_name(park.slug, version.dossier.year, version.number, wanted)
    answer = FileResponse(
        open_stored(found.sha256), as_attachment=True, filename=name, content_type=TYPES[found.format]
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = _SANDBOX
    return answer
