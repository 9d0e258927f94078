"""The dossiers of a park, one dossier at a glance, park.yaml, empty registers."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.dossiers import services
from lingtan_web.dossiers.checking import ask_spots
from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.dossiers.overviews import build_overview
from lingtan_web.dossiers.profiles import profile_groups
from lingtan_web.dossiers.queries import count_rows, find_dossier, find_register, find_scope
from lingtan_web.dossiers.views.waiting import answer_waiting
from lingtan_web.languages import say
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role

READERS = {Role.PARK, Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.ENTERPRISE}
FAULTS_A_PAGE = 100


@page("GET", scope="park", roles=READERS)
def dossiers(request: Request, park: Park) -> HttpResponse:
    """The years of a park; with one year only, straight to it."""
    years = WorkingDossier.objects.filter(park=park).order_by("-year")
    shown = [one for one in years if request.access.can_see_year(one.year)]
    if len(shown) == 1 and not request.access.has(Role.PARK):
        return redirect("dossier", park=park.slug, year=shown[0].year)
    return render(request, "dossiers/years.html", {"park": park, "dossiers": shown})


@page("POST", scope="park", roles={Role.PARK})
def open_dossier(request: Request, park: Park) -> HttpResponse:
    """A dossier of another year."""
    made = services.open_dossier(request.actor, park=park, year=_year(request.POST.get("year", "")))
    return redirect("dossier", park=park.slug, year=made.year)


def _year(given: str) -> int:
    if not (given.isascii() and given.isdigit() and 1990 <= int(given) <= 2100):
        raise LingtanError([fault("web.bad-year", Place(column="year"), given=given[:40])])
    return int(given)


@page("GET", scope="park", roles=READERS)
def dossier(request: Request, park: Park, year: int) -> HttpResponse:
    """A dossier at a glance."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    spots = ask_spots(found, scope)
    if request.htmx:
        return answer_waiting(request, "dossiers/checking.html", is_ready=spots is not None)
    overview = build_overview(found, scope, count_rows(found, scope), spots or [])
    shown = {"park": park, "dossier": found, "scope": scope, "overview": overview}
    shown["is_checking"] = spots is None
    if scope.keys is not None:
        shown["parts"] = found.parts.filter(key__in=scope.keys)
        shown["places"] = (
            park.enterprises.filter(key__in=scope.keys).select_related("organisation").order_by("key")
        )
    return render(request, "dossiers/overview.html", shown)


@page("GET", scope="park", roles=READERS)
def faults(request: Request, park: Park, year: int) -> HttpResponse:
    """Everything that is wrong with a dossier, each with a link to its cell."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    wanted, notes = request.GET.get("register", ""), request.GET.get("notes") == "1"
    told = ask_spots(found, scope)
    if request.htmx:
        return answer_waiting(request, "dossiers/checking.html", is_ready=told is not None)
    spots = [
        spot for spot in told or []
        if (not wanted or spot.register == wanted) and (notes or spot.fault.severity != "note")
    ]  # fmt: skip
    shown = Paginator(spots, FAULTS_A_PAGE).get_page(request.GET.get("page"))
    register = find_register(scope, wanted) if wanted else None
    return render(
        request, "dossiers/faults.html",
        {"park": park, "dossier": found, "page": shown, "register": register, "notes": notes,
         "is_checking": told is None},
    )  # fmt: skip


@page("GET", "POST", scope="park", roles={Role.PARK, Role.SCHEME, Role.BODY, Role.EVALUATOR})
def profile(request: Request, park: Park, year: int) -> HttpResponse:
    """park.yaml as a form; only the park writes it."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    if request.method == "POST":
        if not scope.can_edit:
            return render(request, "403.html", status=403)
        notes = services.set_profile(request.actor, dossier=found, given=request.POST.dict())
        if notes:
            messages.info(
                request,
                say(
                    f"已保存；有 {len(notes)} 处按规则作了整理。", f"Saved; {len(notes)} entries were tidied."
                ),
            )
        else:
            messages.success(request, say("已保存。", "Saved."))
        return redirect("dossier-profile", park=park.slug, year=year)
    shown = {"park": park, "dossier": found, "scope": scope, "groups": profile_groups(found.facts)}
    return render(request, "dossiers/profile.html", shown)


@page("POST", scope="park", roles={Role.PARK})
def confirm_empty(request: Request, park: Park, year: int, register: str) -> HttpResponse:
    """Say that a register really has no row, or take that back."""
    found, scope = find_dossier(park, year), find_scope(request.access)
    name = find_register(scope, register).name
    services.confirm_empty(
        request.actor, dossier=found, register=name, is_empty=request.POST.get("is_empty") == "1"
    )
    return redirect("dossier", park=park.slug, year=year)
