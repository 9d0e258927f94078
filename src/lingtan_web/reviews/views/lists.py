"""Lists: my reviews over all parks, those of a park, figures for the scheme."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.reviews.queries import statistics
from lingtan_web.reviews.queries.access import find_submissions
from lingtan_web.reviews.queries.listing import find_mine, list_of
from lingtan_web.reviews.rules.terms import load_review_terms
from lingtan_web.reviews.views.opening import SEE
from lingtan_web.roles import Role

PER_PAGE = 50


@page("GET", scope="organisation", roles=SEE)
def mine(request: Request) -> HttpResponse:
    """Every review the person has a part in; those that wait for them say so."""
    roles = request.access.roles
    found = Paginator(find_mine(request.user, roles), PER_PAGE).get_page(request.GET.get("page"))
    lines = list(list_of(found.object_list, roles))
    return render(request, "reviews/mine.html", {"page": found, "lines": lines})


@page("GET", scope="park", roles=SEE)
def of_park(request: Request, park: Park) -> HttpResponse:
    """The reviews of a park."""
    found = find_submissions(request.user, request.access, park).order_by("-number")
    lines = list(list_of(found[:200], request.access.roles))
    can_submit = request.access.has(Role.PARK)
    return render(request, "reviews/of_park.html", {"park": park, "lines": lines, "can_submit": can_submit})


@page("GET", scope="organisation", roles={Role.SCHEME})
def figures(request: Request) -> HttpResponse:
    """How reviews go, who agrees with whom, who has how many."""
    year = timezone.localdate().year
    review = load_review_terms()
    given = {
        "states": statistics.count_states(),
        "durations": statistics.find_durations(),
        "verdicts": [one for one in statistics.count_verdicts() if one[1].get("accept", 0) < one[2]][:20],
        "pairs": statistics.find_pairs(),
        "loads": list(statistics.find_loads(year)),
        "decisions": statistics.count_decisions(),
        "year": year,
        "terms": [term for _, term in review.terms],
        "bands": review.agreement,
    }
    return render(request, "reviews/figures.html", given)
