"""Home, the list of parks, a park's own settings: enterprises and mandates."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.organisations.models import Membership, Organisation, User
from lingtan_web.parks import services
from lingtan_web.parks.access import visible_parks
from lingtan_web.parks.models import Mandate, Park
from lingtan_web.parks.sections import find_sections
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Kind, Role

PER_PAGE = 30


@page("GET", scope="public")
def home(request: Request) -> HttpResponse:
    """For visitors what this is; for people who signed in their parks and their work."""
    if not request.user.is_authenticated:
        return render(request, "parks/welcome.html")
    parks = visible_parks(request.user).select_related("operator")
    wanted = request.GET.get("q", "").strip()
    if wanted:
        parks = parks.filter(
            Q(name_zh__icontains=wanted) | Q(name_en__icontains=wanted) | Q(slug__icontains=wanted)
        )
    found = Paginator(parks, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "parks/home.html", {"page": found, "wanted": wanted})


@page("GET", "POST", scope="organisation", roles={Role.SCHEME})
def new_park(request: Request) -> HttpResponse:
    """A new park and who operates it."""
    operators = Organisation.objects.filter(kind=Kind.OPERATOR).order_by("name_zh")
    if request.method == "GET":
        return render(request, "parks/new.html", {"operators": operators})
    made = services.create_park(
        request.actor,
        slug=request.POST.get("slug", "").strip(),
        name_zh=request.POST.get("name_zh", ""),
        name_en=request.POST.get("name_en", ""),
        operator=_chosen(operators, request.POST.get("operator", "")),
    )
    return redirect("park-people", park=made.slug)


def _chosen(among: QuerySet[Organisation], given: str) -> Organisation:
    return get_object_or_404(among, pk=int(given) if given.isascii() and given.isdigit() else 0)


@page("GET", scope="park", roles={Role.PARK, Role.SCHEME, Role.BODY})
def people(request: Request, park: Park) -> HttpResponse:
    """Who works on this park: operator, enterprises, mandates."""
    bodies = Organisation.objects.filter(kind=Kind.BODY).order_by("name_zh")
    shown = {
        "park": park,
        "enterprises": park.enterprises.select_related("organisation").order_by("key"),
        "mandates": _mandates(request, park),
        "bodies": bodies if request.access.has(Role.SCHEME) else [],
        "tenants": Organisation.objects.filter(kind=Kind.ENTERPRISE).order_by("name_zh"),
        "today": timezone.localdate(),
    }
    return render(request, "parks/people.html", shown)


def _mandates(request: Request, park: Park) -> object:
    found = park.mandates.select_related("body").prefetch_related("evaluators").order_by("-from_day")
    if request.access.has(Role.PARK, Role.SCHEME):
        return found
    held = Membership.objects.filter(user=request.user, role=Role.BODY, ended_at=None)
    return found.filter(body__in=held.values("organisation"))


@page("POST", scope="park", roles={Role.PARK})
def place_enterprise(request: Request, park: Park) -> HttpResponse:
    """Let an organisation fill the part of an enterprise."""
    tenants = Organisation.objects.filter(kind=Kind.ENTERPRISE)
    key = request.POST.get("key", "").strip()
    if not key:
        raise LingtanError([fault("web.name-missing", Place(column="key"))])
    services.place_enterprise(
        request.actor,
        park=park,
        key=key[:200],
        organisation=_chosen(tenants, request.POST.get("organisation", "")),
        is_confidential="is_confidential" in request.POST,
    )
    return redirect("park-people", park=park.slug)


@page("POST", scope="park", roles={Role.SCHEME})
def give_mandate(request: Request, park: Park) -> HttpResponse:
    """Order an evaluation body to evaluate the park."""
    bodies = Organisation.objects.filter(kind=Kind.BODY)
    services.give_mandate(
        request.actor,
        park=park,
        body=_chosen(bodies, request.POST.get("body", "")),
        year=_year(request.POST.get("year", "")),
        days=(_day(request, "from_day"), _day(request, "to_day")),
    )
    return redirect("park-people", park=park.slug)


@page("POST", scope="park", roles={Role.BODY})
def name_evaluators(request: Request, park: Park, mandate: int) -> HttpResponse:
    """Who of one's body evaluates."""
    held = Membership.objects.filter(user=request.user, role=Role.BODY, ended_at=None).values("organisation")
    one = get_object_or_404(Mandate, pk=mandate, park=park, body__in=held, ended_at=None)
    addresses = [
        part.strip().lower() for part in request.POST.get("evaluators", "").split(";") if part.strip()
    ]
    found = {user.email: user for user in User.objects.filter(email__in=addresses)}
    unknown = [
        fault("web.not-an-evaluator", Place(column="evaluators"), name=a) for a in addresses if a not in found
    ]
    if unknown:
        raise LingtanError(unknown)
    services.name_evaluators(request.actor, mandate=one, evaluators=list(found.values()))
    return redirect("park-people", park=park.slug)


@page("POST", scope="park", roles={Role.SCHEME})
def end_mandate(request: Request, park: Park, mandate: int) -> HttpResponse:
    """End a mandate."""
    services.end_mandate(request.actor, mandate=get_object_or_404(park.mandates, pk=mandate))
    return redirect("park-people", park=park.slug)


def _day(request: Request, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise LingtanError(
            [fault("web.bad-day", Place(column=name), given=request.POST.get(name, "")[:40])]
        ) from None


def _year(given: str) -> int:
    if not (given.isascii() and given.isdigit() and 1990 <= int(given) <= 2100):
        raise LingtanError([fault("web.bad-year", Place(column="year"), given=given[:40])])
    return int(given)


@page("GET", scope="park")
def front(request: Request, park: Park) -> HttpResponse:
    """A park's first page: the first section that the person may open."""
    sections = find_sections(request)
    return (
        redirect(sections[0].url) if sections else render(request, "parks/nothing_yet.html", {"park": park})
    )
