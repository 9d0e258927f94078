"""Drawing the boundary of a park, without any map from elsewhere."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from lingtan.dossier.boundary import compute_boundary_area
from lingtan_web.dossiers.models import WorkingDossier
from lingtan_web.languages import current_language, say
from lingtan_web.parks import boundary_services as services
from lingtan_web.parks.boundaries import Found, find_rings, near
from lingtan_web.parks.models import Park
from lingtan_web.parks.outlines import write_outline
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role

LONGEST_TEXT = 2_000_000
CHINA = (73.5, 18.0, 135.0, 53.5)
"""West, south, east, north of what is shown where nothing is known."""


def _dossier(park: Park, year: int) -> WorkingDossier:
    return get_object_or_404(WorkingDossier.objects.select_related("park"), park=park, year=year)


@page("GET", scope="park")
def latest(request: Request, park: Park) -> HttpResponse:
    """The boundary in the latest year that the person may see."""
    years = WorkingDossier.objects.filter(park=park).order_by("-year").values_list("year", flat=True)
    seen = [year for year in years if request.access.can_see_year(year)]
    if not seen:
        return render(request, "parks/no_boundary_year.html", {"park": park})
    return redirect("boundary", park=park.slug, year=seen[0])


@page("GET", scope="park")
def show(request: Request, park: Park, year: int) -> HttpResponse:
    """The boundary on the map and as text."""
    dossier = _dossier(park, year)
    boundary = dossier.boundary
    found = services.check_kept(dossier, boundary)
    broken = _is_broken(found)
    text = json.dumps(boundary, ensure_ascii=False, indent=1) if broken else write_outline(boundary)
    shown = {
        "park": park,
        "year": year,
        "text": text,
        "may_edit": request.access.has(Role.PARK),
        "area": compute_boundary_area(boundary),
        "stated": services.stated_area(dossier),
        "faults": [one.fault for one in found],
        "map": _map_data(dossier, found),
    }
    return render(request, "parks/boundary.html", shown)


def _map_data(dossier: WorkingDossier, found: tuple[Found, ...]) -> dict[str, Any]:
    neighbours = services.find_neighbours(dossier.park, dossier.year)
    boundary = dossier.boundary
    beside = near(boundary, neighbours) if boundary and not _is_broken(found) else neighbours
    return {
        "polygons": list(find_rings(boundary)) if boundary and not _is_broken(found) else [],
        "neighbours": [
            {"name": say(one.name_zh, one.name_en or one.name_zh), "polygons": list(find_rings(one.boundary))}
            for one in beside
        ],
        "faults": [_told(one) for one in found],
        "centre": _centre(dossier),
    }


def _is_broken(found: tuple[Found, ...]) -> bool:
    return any(
        one.fault.code in ("dossier.boundary-not-polygon", "dossier.boundary-bad-coordinates")
        for one in found
    )


def _centre(dossier: WorkingDossier) -> list[float] | None:
    """Where the profile says the park lies."""
    location = dossier.profile.get("location")
    try:
        return [float(location["longitude"]), float(location["latitude"])]
    except (TypeError, KeyError, ValueError):
        return None


def _told(one: Found) -> dict[str, Any]:
    words = one.fault.words(current_language())
    said = {"what": words.what, "why": words.why, "mend": words.mend}
    return {"code": one.fault.code, "severity": one.fault.severity, "corner": one.corner, **said}


@page("POST", scope="park", roles={Role.PARK})
def check(request: Request, park: Park, year: int) -> HttpResponse:
    """What would be said of a text, for the map: area and faults; nothing is kept."""
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    boundary, found = services.check_text(_dossier(park, year), text)
    area = compute_boundary_area(boundary)
    return JsonResponse(
        {"area_m2": None if area is None else int(area), "faults": [_told(one) for one in found]}
    )


@page("POST", scope="park", roles={Role.PARK})
def save(request: Request, park: Park, year: int) -> HttpResponse:
    """Keep the boundary."""
    text = request.POST.get("text", "")
    services.save_boundary(request.actor, dossier=_dossier(park, year), text=text)
    return redirect("boundary", park=park.slug, year=year)
