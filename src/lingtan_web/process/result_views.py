"""From a result to the list of improvements."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from lingtan_web.assessments.models import State
from lingtan_web.assessments.queries import Opened, find_calculation, viewer_of
from lingtan_web.fields import read_day
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.process import improving
from lingtan_web.roles import Role


@page("GET", "POST", scope="park", roles={Role.PARK})
def improve(request: Request, park: Park, number: int) -> HttpResponse:
    """Choose which steps of a result go on the list of improvements; those that are there already say so."""
    calculation = find_calculation(park, request.access, number)
    if calculation.state != State.DONE:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    opened = Opened(calculation, viewer_of(request.access), given.get("edition", ""))
    year = calculation.version.dossier.year
    steps = opened.sheet["distance"]["steps"]
    candidates = improving.find_candidates(park, year, opened.chosen.edition, steps)
    if request.method == "POST":
        codes = set(request.POST.getlist("codes"))
        place = improving.Place(park, year, timezone.localdate(), read_day(request, "due"))
        chosen = [one for one in candidates if one.code in codes]
        improving.list_improvements(request.actor, place=place, chosen=chosen)
        return redirect("process-board", park=park.slug, year=year)
    shown = {
        "park": park, "calculation": calculation, "edition": opened.chosen, "candidates": candidates,
        "enough": opened.sheet["distance"]["enough"], "year": year,
    }  # fmt: skip
    return render(request, "process/improve.html", shown)
