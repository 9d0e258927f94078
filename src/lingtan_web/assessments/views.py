"""The cockpit: where a park stands, why, and what to do next; every number opens."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from lingtan_web.assessments import services
from lingtan_web.assessments.explaining import explain_number
from lingtan_web.assessments.models import State
from lingtan_web.assessments.queries import Opened, find_calculation, list_calculations, viewer_of
from lingtan_web.assessments.years import compare_years
from lingtan_web.dossiers.models import DossierVersion, WorkingDossier
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role

INSIDE = {Role.PARK, Role.SCHEME, Role.BODY, Role.EVALUATOR, Role.EXPERT}
ANYONE = {*INSIDE, Role.ENTERPRISE}
LINES_PER_PAGE = 100
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@page("GET", scope="park", roles=ANYONE)
def results(request: Request, park: Park) -> HttpResponse:
    """All calculations of the park, and the form that asks for one."""
    found = list(list_calculations(park, request.access)[:200])
    shown = {"park": park, "calculations": found, "can_ask": request.access.has(Role.PARK)}
    if request.access.has(Role.PARK):
        versions = DossierVersion.objects.filter(dossier__park=park).select_related("dossier")
        shown["versions"] = versions.only("number", "label", "made_at", "dossier__year").order_by(
            "-dossier__year", "-number"
        )[:50]
        shown["editions"] = services.find_editions()
        shown["years"] = (
            WorkingDossier.objects.filter(park=park).order_by("-year").values_list("year", flat=True)
        )
    return render(request, "assessments/results.html", shown)


@page("POST", scope="park", roles={Role.PARK})
def ask(request: Request, park: Park) -> HttpResponse:
    """Ask for the calculation of a version."""
    given = request.POST.get("version", "")
    number = int(given) if given.isascii() and given.isdigit() else 0
    versions = DossierVersion.objects.filter(dossier__park=park).select_related("dossier__park")
    asked = services.ask_calculation(
        request.actor,
        version=get_object_or_404(versions, pk=number),
        on=services.read_day(request.POST.get("on", "").strip()),
        editions=request.POST.getlist("editions"),
    )
    return redirect("result", park=park.slug, number=asked.pk)


@page("POST", scope="park", roles={Role.PARK})
def preview(request: Request, park: Park) -> HttpResponse:
    """Ask for the calculation of the working dossier of a year as it stands."""
    given = request.POST.get("year", "")
    dossiers = WorkingDossier.objects.filter(park=park).select_related("park")
    asked = services.ask_preview(
        request.actor,
        dossier=get_object_or_404(dossiers, year=int(given) if given.isascii() and given.isdigit() else 0),
        on=services.read_day(request.POST.get("on", "").strip()),
        editions=request.POST.getlist("editions"),
    )
    return redirect("result", park=park.slug, number=asked.pk)


@page("GET", scope="park", roles=ANYONE)
def result(request: Request, park: Park, number: int) -> HttpResponse:
    """The first screen: stars, what is lacking for the next, what to do. While it runs: that it runs."""
    calculation = find_calculation(park, request.access, number)
    if calculation.state != State.DONE:
        is_part = bool(request.htmx)
        template = "assessments/parts/state.html" if is_part else "assessments/waiting.html"
        abandoned = services.is_abandoned(calculation)
        shown = {"park": park, "calculation": calculation, "is_abandoned": abandoned}
        return render(request, template, shown)
    if request.htmx:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    if not viewer_of(request.access).sees_park:
        return redirect("result-mine", park=park.slug, number=number)
    opened = _open(request, park, number)
    sheets = {name: opened.read_sheet(name) for name in ("inventory", "ledger")}
    return _render(request, "overview", opened, **sheets)


def _open(request: Request, park: Park, number: int) -> Opened:
    calculation = find_calculation(park, request.access, number)
    if calculation.state != State.DONE:
        raise Http404
    return Opened(calculation, viewer_of(request.access), request.GET.get("edition", ""))


def _render(request: Request, name: str, opened: Opened, **more: Any) -> HttpResponse:
    shown = {"park": request.park, "opened": opened, "tab": name, **more}
    return render(request, f"assessments/{name}.html", shown)


@page("GET", scope="park", roles=INSIDE)
def indicators(request: Request, park: Park, number: int) -> HttpResponse:
    """Gates and indicators with points, limits, pass lines and bases."""
    return _render(request, "indicators", _open(request, park, number))


@page("GET", scope="park", roles=INSIDE)
def missing(request: Request, park: Park, number: int) -> HttpResponse:
    """What was not handed in, by the points that hang on it."""
    return _render(request, "missing", _open(request, park, number))


@page("GET", scope="park", roles=INSIDE)
def inventory(request: Request, park: Park, number: int) -> HttpResponse:
    """Emissions by scope, source and enterprise."""
    opened = _open(request, park, number)
    return _render(request, "inventory", opened, inventory=opened.read_sheet("inventory"))


@page("GET", scope="park", roles=INSIDE)
def source(request: Request, park: Park, number: int, name: str) -> HttpResponse:
    """The lines of one source of emissions, the largest first; each opens its trace."""
    opened = _open(request, park, number)
    sheet = opened.read_sheet("inventory")
    sums = [one for one in sheet["sources"] if one["source"] == name]
    if not sums:
        raise Http404
    lines = Paginator(opened.read_lines_of(name), LINES_PER_PAGE).get_page(request.GET.get("page"))
    return _render(request, "source", opened, sums=sums, lines=lines)


@page("GET", scope="park", roles=INSIDE)
def energy(request: Request, park: Park, number: int) -> HttpResponse:
    """Where energy comes from and goes, and what is carbon-free by the hour."""
    opened = _open(request, park, number)
    return _render(request, "energy", opened, energy=opened.read_sheet("energy"))


@page("GET", scope="park", roles=INSIDE)
def meters(request: Request, park: Park, number: int) -> HttpResponse:
    """Coverage of the platform, completeness of meters, findings in the readings."""
    opened = _open(request, park, number)
    return _render(request, "meters", opened, metering=opened.read_sheet("metering"))


@page("GET", scope="park", roles=INSIDE)
def balance(request: Request, park: Park, number: int) -> HttpResponse:
    """The net-zero balance in the order of cancellation."""
    opened = _open(request, park, number)
    return _render(request, "balance", opened, ledger=opened.read_sheet("ledger"))


@page("GET", scope="park", roles=INSIDE)
def editions(request: Request, park: Park, number: int) -> HttpResponse:
    """The same park under every edition, side by side; nothing is added across them."""
    opened = _open(request, park, number)
    sheets = [opened.covers.clean(one.sheet) for one in opened.results]
    return _render(request, "editions", opened, sheets=sheets)


@page("GET", scope="park", roles=INSIDE)
def years(request: Request, park: Park) -> HttpResponse:
    """The years of the park side by side."""
    compared = compare_years(park, request.access)
    return render(request, "assessments/years.html", {"park": park, "compared": compared})


@page("GET", scope="park", roles=ANYONE)
def enterprise(request: Request, park: Park, number: int, key: str) -> HttpResponse:
    """The lines of one enterprise."""
    opened = _open(request, park, number)
    people = opened.covers.people
    is_confidential = bool((people.get(key) or {}).get("cover"))
    if not opened.viewer.can_open_enterprise(key, is_confidential=is_confidential):
        raise Http404
    return _render_member(request, opened, "enterprise", [key])


@page("GET", scope="park", roles=ANYONE)
def mine(request: Request, park: Park, number: int) -> HttpResponse:
    """An enterprise's own inventory and its share of the park's total; nothing of its neighbours."""
    opened = _open(request, park, number)
    return _render_member(request, opened, "mine", sorted(request.access.enterprise_keys))


def _render_member(request: Request, opened: Opened, name: str, keys: list[str]) -> HttpResponse:
    sheet = opened.read_sheet("inventory")
    members = [
        {**one, "lines": opened.read_lines(one["enterprise"])}
        for one in sheet["members"]
        if one["enterprise"] in keys
    ]
    if not members and name == "enterprise":
        raise Http404
    gross = next(one for one in sheet["groups"][0]["totals"] if one["name"] == "gross_tco2e")
    metering = opened.read_sheet("metering")
    own = [one for one in metering["meters"] if one["enterprise"] in keys]
    findings = [one for one in metering["findings"] if one["enterprise"] in keys]
    asked = [
        {**one, "data": [cell["datum"] for cell in one["data"] if cell["asked_of"] in keys]}
        for one in opened.sheet["missing"]
        if set(keys) & set(one["asked_of"])
    ]
    return _render(
        request, name, opened, members=members, gross=gross, meters=own, findings=findings, asked=asked,
        year=sheet["year"],
    )  # fmt: skip


@page("GET", scope="park", roles=ANYONE)
def explain(request: Request, park: Park, number: int, name: str) -> HttpResponse:
    """The whole story of one number: formula, inputs, factor with source, cells, clause."""
    opened = _open(request, park, number)
    told = explain_number(opened, name, request.GET)
    if told is None:
        raise Http404
    shell = "assessments/cockpit.html" if opened.viewer.sees_park else "assessments/bare.html"
    return _render(request, "explain", opened, told=told, shell=shell)


@page("GET", scope="park", roles=INSIDE)
def chart(request: Request, park: Park, number: int, name: str) -> HttpResponseBase:
    """A chart as SVG, as it was drawn when the calculation was made."""
    opened = _open(request, park, number)
    file = opened.path(f"{name}.svg")
    answer = FileResponse(file.open("rb"), content_type="image/svg+xml")
    answer["Content-Security-Policy"] = _SVG_POLICY
    return answer
