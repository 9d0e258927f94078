"""Site visits and their photographs."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from lingtan.errors import Fault, LingtanError
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.reviews.models import VisitPhoto
from lingtan_web.reviews.photos import MOST
from lingtan_web.reviews.services import visiting
from lingtan_web.reviews.views.opening import SEE, open_submission, open_view, show
from lingtan_web.roles import Role
from lingtan_web.storage import open_stored


@page("GET", scope="park", roles=SEE)
def visits(request: Request, park: Park, number: int) -> HttpResponse:
    """What was seen on site, with photographs."""
    return show(request, "visits", open_view(request, park, number))


@page("GET", "POST", scope="park", roles={Role.EVALUATOR})
def new_visit(request: Request, park: Park, number: int) -> HttpResponse:
    """The record of a visit, made for a phone."""
    if request.method == "GET":
        return _form(request, park, number)
    seen = visiting.Seen(*(request.POST.get(name, "") for name in ("day", "place", "present", "seen")))
    try:
        visiting.record_visit(
            request.actor,
            submission=open_submission(request, park, number),
            seen=seen,
            photos=_uploads(request),
            keeps_place="keeps_place" in request.POST,
        )
    except LingtanError as error:
        return _form(request, park, number, error.faults)
    return redirect("review-visits", park=park.slug, number=number)


def _form(request: Request, park: Park, number: int, faults: tuple[Fault, ...] = ()) -> HttpResponse:
    given = {"faults": faults, "typed": request.POST, "today": timezone.localdate(), "most": MOST}
    return show(request, "visit_new", open_view(request, park, number), 422 if faults else 200, **given)


def _uploads(request: Request) -> list[visiting.Upload]:
    files, captions = request.FILES.getlist("photos"), request.POST.get("captions", "").splitlines()
    padded = [*captions, *[""] * len(files)]
    return [visiting.Upload(cast(BinaryIO, one), one.name or "", padded[n]) for n, one in enumerate(files)]


@page("GET", scope="park", roles=SEE)
def photo(request: Request, park: Park, number: int, photo: int) -> HttpResponseBase:
    """A photograph of a visit: a JPEG we made ourselves."""
    submission = open_submission(request, park, number)
    found = get_object_or_404(VisitPhoto, pk=photo, visit__submission=submission)
    response = FileResponse(open_stored(found.sha256), content_type="image/jpeg")
    response.headers["Content-Disposition"] = (
        f'inline; filename="visit-{found.visit_id}-{found.position}.jpg"'
    )
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response
