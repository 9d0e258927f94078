"""A park's own certificates: what is due when, being heard, declaring, giving back, disclosing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import with_events
from lingtan_web.certificates.services import entering
from lingtan_web.certificates.showing import Shown
from lingtan_web.certificates.views.opening import check_typed, open_certificate, show
from lingtan_web.fields import read_text
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role

INSIDE = {Role.PARK, Role.SCHEME}


@page("GET", scope="park", roles=INSIDE)
def of_park(request: Request, park: Park) -> HttpResponse:
    """The certificates of a park, the newest first."""
    today = timezone.localdate()
    rows = with_events(Certificate.objects.filter(park=park).order_by("-status_index"))
    given = {"park": park, "certificates": [Shown(one, today) for one in rows]}
    return render(request, "certificates/of_park.html", given)


@page("GET", scope="park", roles=INSIDE)
def one(request: Request, park: Park, number: str) -> HttpResponse:
    """One of them."""
    return show(request, "of_park_one", open_certificate(number, park))


@page("POST", scope="park", roles={Role.PARK})
def hear(request: Request, park: Park, number: str, case: int) -> HttpResponse:
    """The park's word in a case, which is published; blank where it will not be heard."""
    certificate = open_certificate(number, park)
    entering.hear(request.actor, certificate, case, read_text(request, "statement"))
    return redirect("park-certificate", park=park.slug, number=certificate.number)


@page("POST", scope="park", roles={Role.PARK})
def give_back(request: Request, park: Park, number: str) -> HttpResponse:
    """The park gives its certificate back: the number is typed out, for it will not hold again."""
    certificate = open_certificate(number, park)
    check_typed(request, certificate.number)
    entering.exit_certificate(request.actor, certificate, read_text(request, "reasons"))
    return redirect("park-certificate", park=park.slug, number=certificate.number)
