"""The scheme's trials: asking for one, what it comes to, one park of it, files to take away."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from lingtan.certificate.words import find_outcomes
from lingtan_web.assessments.services import find_editions
from lingtan_web.certificates.open_data import write_csv
from lingtan_web.fields import read_text
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role
from lingtan_web.trials import services
from lingtan_web.trials.models import Trial, TrialLine
from lingtan_web.trials.showing import (
    COLUMNS,
    Shown,
    count_outcomes,
    find_lines,
    find_rows,
    write_json,
)

SCHEME = {Role.SCHEME}
PER_PAGE, NEWEST = 50, 50


@page("GET", "POST", scope="organisation", roles=SCHEME)
def trials(request: Request) -> HttpResponse:
    """Earlier trials, and the form for another."""
    if request.method == "POST":
        upload = request.FILES.get("file")
        edition = services.read_edition(read_text(request, "edition"), upload)
        return redirect("trial", number=services.ask_trial(request.actor, edition).pk)
    made = Trial.objects.select_related("by").annotate(done=Count("lines")).order_by("-pk")[:NEWEST]
    return render(request, "trials/trials.html", {"trials": made, "editions": find_editions()})


@page("GET", scope="organisation", roles=SCHEME)
def trial(request: Request, number: int) -> HttpResponse:
    """What a trial has come to so far; the page shows the rest by itself."""
    found = get_object_or_404(Trial.objects.select_related("by"), pk=number)
    counts = count_outcomes(found)
    asked = request.GET.get("outcome")
    outcome = asked if asked in find_outcomes() else None
    lines = Paginator(find_lines(found, outcome), PER_PAGE).get_page(request.GET.get("page"))
    done = sum(one.count for one in counts)
    given = {
        "trial": found,
        "counts": counts,
        "outcome": outcome,
        "lines": lines,
        "shown": [Shown(one) for one in lines],
        "done": done,
        "is_open": done < found.total,
    }
    is_part = request.htmx and not request.htmx.boosted
    return render(request, "trials/parts/trial.html" if is_part else "trials/trial.html", given)


@page("GET", scope="organisation", roles=SCHEME)
def park(request: Request, number: int, certificate: str) -> HttpResponse:
    """One park of a trial: everything that moved."""
    lines = TrialLine.objects.select_related("trial", "certificate__park")
    line = get_object_or_404(lines, trial=number, certificate__number=certificate)
    given = {"shown": Shown(line), "trial": line.trial, "park": line.certificate.park}
    return render(request, "trials/park.html", given)


@page("GET", scope="organisation", roles=SCHEME)
def export(request: Request, number: int, ending: str) -> HttpResponseBase:
    """The lines as CSV for a spreadsheet, or all of it as JSON."""
    found = get_object_or_404(Trial, pk=number)
    headers = {"Content-Disposition": f'attachment; filename="trial-{found.pk}.{ending}"'}
    if ending == "json":
        return StreamingHttpResponse(write_json(found), content_type="application/json", headers=headers)
    if ending != "csv":
        raise Http404
    lines = write_csv(COLUMNS, find_rows(found))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
