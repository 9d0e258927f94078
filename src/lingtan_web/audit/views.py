"""The log for those who may read it: the scheme all of it, a park its own."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from lingtan_web.audit.models import Entry
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role

PER_PAGE = 50


@page("GET", scope="organisation", roles={Role.SCHEME})
def log(request: Request) -> HttpResponse:
    """Everything that was changed, the latest first."""
    return render(request, "audit/log.html", {"page": _page(request, Entry.objects.all())})


@page("GET", scope="park", roles={Role.PARK, Role.SCHEME})
def park_log(request: Request, park: Park) -> HttpResponse:
    """What was changed in one park."""
    found = _page(request, Entry.objects.filter(park=park.slug))
    return render(request, "audit/park_log.html", {"page": found, "park": park})


def _page(request: Request, entries: QuerySet[Entry]) -> object:
    listed = entries.select_related("actor").order_by("-number")
    return Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
