"""Who changed what, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from lingtan_web.dossiers import services
from lingtan_web.dossiers.models import CellChange
from lingtan_web.dossiers.queries import (
    find_changes,
    find_dossier,
    find_register,
    find_row,
    find_scope,
    find_steps,
)
from lingtan_web.dossiers.tellings import tell_changes
from lingtan_web.dossiers.views.overview import READERS
from lingtan_web.languages import current_language, say
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role

A_PAGE = 50


@page("GET", scope="park", roles=READERS)
def history(request: Request, park: Park, year: int) -> HttpResponse:
    """The revisions of a dossier; with `row` what happened to one cell or row."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    if request.GET.get("row"):
        one = find_register(scope, request.GET.get("register", ""))
        row = find_row(found, scope, one.name, request.GET["row"])
        column = request.GET.get("column", "")
        shown = Paginator(find_changes(found, row, column), A_PAGE).get_page(request.GET.get("page"))
        told = tell_changes(shown.object_list, current_language())
        context = {
            "park": park,
            "dossier": found,
            "register": one,
            "row": row,
            "page": shown,
            "changes": told,
        }
        return render(request, "dossiers/cell_history.html", context)
    wanted = request.GET.get("register", "")
    named = find_register(scope, wanted) if wanted else None
    steps = find_steps(found, scope, request.user.pk, wanted)
    page_of_steps = Paginator(steps, A_PAGE).get_page(request.GET.get("page"))
    context = {"park": park, "dossier": found, "scope": scope, "page": page_of_steps, "register": named}
    return render(request, "dossiers/history.html", context)


@page("GET", scope="park", roles=READERS)
def revision(request: Request, park: Park, year: int, revision: int) -> HttpResponse:
    """One revision: every cell it changed."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    step = get_object_or_404(find_steps(found, scope, request.user.pk), number=revision)
    changes = (
        CellChange.objects.filter(dossier=found, revision=revision).select_related("user").order_by("pk")
    )
    shown = Paginator(changes, A_PAGE).get_page(request.GET.get("page"))
    told = tell_changes(shown.object_list, current_language())
    context = {"park": park, "dossier": found, "scope": scope, "step": step, "page": shown, "changes": told}
    return render(request, "dossiers/revision.html", context)


@page("POST", scope="park", roles={Role.PARK, Role.ENTERPRISE})
def undo(request: Request, park: Park, year: int, revision: int) -> HttpResponse:
    """Take back a revision."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    services.undo(request.actor, dossier=found, revision=revision, scope=scope)
    messages.success(request, say(f"第 {revision} 次修改已撤销。", f"Change {revision} was taken back."))
    return redirect("dossier-history", park=park.slug, year=year)
