"""Pages of the evidence library."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from lingtan.errors import LingtanError
from lingtan_web.dossiers.models import RegisterRow, WorkingDossier
from lingtan_web.evidence import queries, services
from lingtan_web.evidence.adopting import adopt_files, find_carried
from lingtan_web.evidence.choosing import HANDING_IN, SHOWN, find_owners, matches
from lingtan_web.evidence.entries import REGISTER
from lingtan_web.evidence.kinds import limit, taken_endings
from lingtan_web.evidence.models import Document, DocumentVersion
from lingtan_web.evidence.queries import Item
from lingtan_web.evidence.receiving import MOST_AT_ONCE, Upload
from lingtan_web.evidence.rules import Viewer
from lingtan_web.evidence.saying import Said
from lingtan_web.evidence.serving import serve_file, serve_preview
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, forbid, page
from lingtan_web.roles import Role

PER_PAGE = 40
LAST = 1_000_000  # a page beyond the last is the last: where new documents stand


def _dossier(park: Park, year: int) -> WorkingDossier:
    return get_object_or_404(WorkingDossier.objects.select_related("park__operator"), park=park, year=year)


def _viewer(request: Request, park: Park) -> Viewer:
    return queries.find_viewer(request.user, park, request.access)


@page("GET", scope="park")
def latest(request: Request, park: Park) -> HttpResponse:
    """The library of the latest year that the person may see."""
    years = queries.find_years(park, request.access)
    if not years:
        return render(request, "evidence/no_year.html", {"park": park})
    return redirect("evidence-library", park=park.slug, year=years[0])


@page("GET", scope="park")
def library(request: Request, park: Park, year: int) -> HttpResponse:
    """The list of a year: files, uses, what is missing; a form to hand in."""
    viewer, dossier = _viewer(request, park), _dossier(park, year)
    found = queries.find_library(dossier, viewer, timezone.localdate())
    wanted, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    items = [item for item in found.items if matches(item, wanted, state)]
    shown = {
        "park": park,
        "year": year,
        "years": queries.find_years(park, request.access),
        "library": found,
        "page": Paginator(items, PER_PAGE).get_page(request.GET.get("page")),
        "counts": {name: sum(one.state in states for one in found.items) for name, states in SHOWN.items()},
        "wanted": wanted,
        "state": state,
        "unproven": [one for one in found.unproven if one.without],
        "owners": find_owners(viewer),
        "carried": len(find_carried(dossier)) if request.access.has(Role.PARK) else 0,
        "endings": ",".join(taken_endings()),
        "largest_mb": limit("largest_bytes") // 1_048_576,
        "most": MOST_AT_ONCE,
        "has_scanner": bool(settings.SCANNER),
    }
    return render(request, "evidence/library.html", shown)


@page("GET", scope="park", roles={Role.PARK, Role.BODY, Role.EVALUATOR})
def missing(request: Request, park: Park, year: int) -> HttpResponse:
    """What is still missing of evidence, per gate and indicator."""
    edition = request.GET.get("edition", "")
    found = queries.find_missing(_dossier(park, year), request.access, timezone.localdate(), edition)
    return render(request, "evidence/missing.html", {"park": park, "year": year, "missing": found})


@page("POST", scope="park", roles=HANDING_IN)
def hand_in(request: Request, park: Park, year: int) -> HttpResponse:
    """Hand in documents, one for every file."""
    owners = {one.pk: one for one in find_owners(_viewer(request, park))}
    given = request.POST.get("owner", "")
    owner = (
        owners.get(int(given)) if given.isascii() and given.isdigit() else next(iter(owners.values()), None)
    )
    if owner is None:
        return forbid(request)
    made = services.hand_in(
        request.actor, dossier=_dossier(park, year), owner=owner, uploads=_uploads(request, "files"),
        said=_said(request),
    )  # fmt: skip
    if len(made) == 1:
        return redirect("evidence-document", park=park.slug, year=year, number=made[0].pk)
    last = f"{reverse('evidence-library', kwargs={'park': park.slug, 'year': year})}?page={LAST}"
    return redirect(last)


def _uploads(request: Request, name: str) -> list[Upload]:
    return list(request.FILES.getlist(name))


def _said(request: Request) -> Said:
    texts = {name: request.POST.get(name, "").strip() for name in ("title", "supports", "page", "valid_to")}
    return Said(**texts, is_confidential="confidential" in request.POST, is_sealed="sealed" in request.POST)


def _found(request: Request, park: Park, year: int, number: int) -> tuple[Viewer, Item | None, Document]:
    viewer = _viewer(request, park)
    found = queries.find_document(_dossier(park, year), viewer, number, timezone.localdate())
    if found is None:
        raise Http404
    return viewer, *found


@page("GET", "POST", scope="park")
def document(request: Request, park: Park, year: int, number: int) -> HttpResponse:
    """One document: versions, where it is used, its words."""
    viewer, item, one = _found(request, park, year, number)
    may_change = item is not None and item.may_change
    if request.method == "POST":
        if not may_change:
            return forbid(request)
        services.describe(request.actor, dossier=_dossier(park, year), document=one, said=_said(request))
        return redirect("evidence-document", park=park.slug, year=year, number=number)
    shown = {
        "park": park,
        "year": year,
        "item": item,
        "document": one,
        "versions": one.versions.all(),
        "may_open": queries.may_open(item, one, viewer, park),
        "may_change": may_change,
        "may_list": item is None and request.access.has(*HANDING_IN) and one.owner_id in viewer.organisations,
        "has_scanner": bool(settings.SCANNER),
        "endings": ",".join(taken_endings()),
        "is_enterprise": one.owner_id != park.operator_id,
    }
    return render(request, "evidence/document.html", shown)


@page("POST", scope="park", roles=HANDING_IN)
def supersede(request: Request, park: Park, year: int, number: int) -> HttpResponse:
    """A new file of the same document."""
    _, item, one = _found(request, park, year, number)
    if item is None or not item.may_change:
        return forbid(request)
    upload = next(iter(_uploads(request, "file")), None)
    services.supersede(request.actor, dossier=_dossier(park, year), document=one, upload=upload)
    return redirect("evidence-document", park=park.slug, year=year, number=number)


@page("POST", scope="park", roles=HANDING_IN)
def list_in_year(request: Request, park: Park, year: int, number: int) -> HttpResponse:
    """Use a document of another year in this one."""
    viewer, _, one = _found(request, park, year, number)
    if one.owner_id not in viewer.organisations:
        return forbid(request)
    services.list_in_year(request.actor, dossier=_dossier(park, year), document=one)
    return redirect("evidence-document", park=park.slug, year=year, number=number)


@page("POST", scope="park", roles={Role.PARK})
def attach(request: Request, park: Park, year: int, row: int) -> HttpResponse:
    """The file of a row that was listed without one."""
    dossier = _dossier(park, year)
    listed = get_object_or_404(RegisterRow, pk=row, dossier=dossier, register=REGISTER)
    key = str(listed.cells.get("id", "")).strip()
    if not key or Document.objects.filter(park=park, key=key).exists():
        raise Http404
    upload = next(iter(_uploads(request, "file")), None)
    services.attach(
        request.actor, dossier=dossier, row=listed, upload=upload, accept_other="other" in request.POST
    )
    return redirect("evidence-library", park=park.slug, year=year)


@page("POST", scope="park", roles={Role.PARK})
def adopt(request: Request, park: Park, year: int) -> HttpResponse:
    """Take the files that came with an imported dossier into the library."""
    faults = adopt_files(request.actor, dossier=_dossier(park, year))
    if faults:
        raise LingtanError(faults)
    return redirect("evidence-library", park=park.slug, year=year)


def _version(request: Request, park: Park, year: int, numbers: tuple[int, int]) -> DocumentVersion | None:
    """The version, None if the person sees it in the list and may not open it."""
    viewer, item, one = _found(request, park, year, numbers[0])
    version = next((each for each in one.versions.all() if each.number == numbers[1]), None)
    if version is None:
        raise Http404
    may_open = queries.may_open(item, one, viewer, park) and not version.threat
    return version if may_open else None


@page("GET", scope="park")
def download(request: Request, park: Park, year: int, number: int, version: int) -> HttpResponseBase:
    """The file as it was handed in."""
    found = _version(request, park, year, (number, version))
    return forbid(request) if found is None else serve_file(found.document, found)


@page("GET", scope="park")
def preview(request: Request, park: Park, year: int, number: int, version: int) -> HttpResponseBase:
    """A picture for the screen."""
    found = _version(request, park, year, (number, version))
    if found is None:
        return forbid(request)
    if not found.preview_sha256:
        raise Http404
    return serve_preview(found)
