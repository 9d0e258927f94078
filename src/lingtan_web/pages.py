"""Pages that belong to no app: faults, refusals, the switch of languages, health."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from lingtan.errors import Fault
from lingtan_web.languages import COOKIE
from lingtan_web.permissions import Request, page

YEAR_SECONDS = 365 * 24 * 3600


def show_faults(request: HttpRequest, faults: Sequence[Fault]) -> HttpResponse:
    """Every fault with what, why and how to mend: as JSON for programs, as a part of a page for htmx."""
    if request.path.startswith("/api/"):
        return JsonResponse({"faults": [fault.as_dict() for fault in faults]}, status=422)
    is_part = getattr(request, "htmx", False)
    template = "parts/faults.html" if is_part else "faults.html"
    return render(request, template, {"faults": faults, "back": _back(request)}, status=422)


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its mark (CSRF): sent from elsewhere, or from a page that was open too long."""
    return render(request, "refused_form.html", status=403)


@page("POST", scope="public")
def switch_language(request: Request) -> HttpResponse:
    """Remember the language and go back to where one was (never to another site)."""
    response = HttpResponseRedirect(_back(request))
    chosen = "en" if request.POST.get("language") == "en" else "zh"
    response.set_cookie(COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response


@page("GET", scope="public")
def health(request: Request) -> HttpResponse:
    """Whether the application and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.headers.get("Referer") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"
