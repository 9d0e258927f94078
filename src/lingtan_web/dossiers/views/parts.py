"""The parts of enterprises: who fills them in, how far they are, reminders."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from lingtan_web.dossiers import services
from lingtan_web.dossiers.queries import find_dossier, find_parts, find_scope
from lingtan_web.languages import say
from lingtan_web.organisations.mail import send_invitation
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role


@page("GET", scope="park", roles={Role.PARK, Role.SCHEME})
def parts(request: Request, park: Park, year: int) -> HttpResponse:
    """Every enterprise of the dossier and where it stands."""
    found = find_dossier(park, year)
    shown = {"park": park, "dossier": found, "parts": find_parts(found), "scope": find_scope(request.access)}
    return render(request, "dossiers/parts.html", shown)


@page("POST", scope="park", roles={Role.PARK})
def invite_enterprise(request: Request, park: Park, year: int) -> HttpResponse:
    """Let an enterprise fill in its part: its organisation, its place, a letter to a person of it."""
    find_dossier(park, year)
    given = request.POST
    made, secret = services.invite_enterprise(
        request.actor, park=park, key=given.get("key", ""), name=given.get("name", ""),
        email=given.get("email", ""),
    )  # fmt: skip
    link = request.build_absolute_uri(f"/invitations/{secret}/")
    is_sent = send_invitation(made, link)
    shown = {"invitation": made, "link": link, "is_sent": is_sent}
    return render(request, "organisations/invited.html", shown)


@page("POST", scope="park", roles={Role.PARK})
def remind(request: Request, park: Park, year: int) -> HttpResponse:
    """Remind enterprises that have not said they are done."""
    found = find_dossier(park, year)
    told = services.remind_enterprises(request.actor, dossier=found, keys=request.POST.getlist("key"))
    messages.success(request, say(f"已提醒 {told} 人。", f"{told} people were reminded."))
    return redirect("enterprise-parts", park=park.slug, year=year)


@page("POST", scope="park", roles={Role.ENTERPRISE})
def declare_done(request: Request, park: Park, year: int) -> HttpResponse:
    """An enterprise says that its part is filled in, or takes that back."""
    found, keys = find_dossier(park, year), request.access.enterprise_keys
    is_done = request.POST.get("is_done") == "1"
    services.declare_done(request.actor, dossier=found, keys=keys, is_done=is_done)
    return redirect("dossier", park=park.slug, year=year)


@page("POST", scope="park", roles={Role.ENTERPRISE})
def confidential(request: Request, park: Park, year: int) -> HttpResponse:
    """An enterprise says whether it is to be named."""
    find_dossier(park, year)
    key = request.POST.get("key", "")
    if key not in request.access.enterprise_keys:
        raise Http404
    services.set_confidential(
        request.actor, park=park, key=key, is_confidential=request.POST.get("is_confidential") == "1"
    )
    return redirect("dossier", park=park.slug, year=year)
