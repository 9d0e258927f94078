"""A park's own certificates: what is due when, being heard, declaring, giving back, disclosing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import find_disclosure, with_events
from lingtan_web.certificates.services import disclosing, entering, surveying
from lingtan_web.certificates.showing import Shown, list_declarations, list_groups
from lingtan_web.certificates.views.opening import check_typed, open_certificate, show
from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.fields import read_id, read_text
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
    certificate, today = open_certificate(number, park), timezone.localdate()
    years = range(today.year - 1, int(certificate.facts["year"]), -1)
    versions = DossierVersion.objects.filter(dossier__park=park, dossier__year__in=years)
    given = {
        "declarations": list_declarations(certificate),
        "years": years,
        "versions": versions.select_related("dossier").order_by("-dossier__year", "-number")[:50],
        "disclosure": find_disclosure(certificate),
    }
    return show(request, "of_park_one", certificate, **given)


@page("POST", scope="park", roles={Role.PARK})
def hear(request: Request, park: Park, number: str, case: int) -> HttpResponse:
    """The park's word in a case, which is published; blank where it will not be heard."""
    certificate = open_certificate(number, park)
    entering.hear(request.actor, certificate, case, read_text(request, "statement"))
    return redirect("park-certificate", park=park.slug, number=certificate.number)


@page("POST", scope="park", roles={Role.PARK})
def declare(request: Request, park: Park, number: str) -> HttpResponse:
    """The yearly self-declaration: still conforming or not, with the data it rests on."""
    certificate = open_certificate(number, park)
    conforms = request.POST.get("conforms", "")
    if conforms not in ("yes", "no"):
        raise LingtanError([fault("certificate.not-declared", Place(column="conforms"))])
    chosen = read_id(request, "version")
    surveying.declare(
        request.actor,
        certificate,
        year=read_id(request, "year") or 0,
        conforms=conforms == "yes",
        text=read_text(request, "text"),
        version=get_object_or_404(DossierVersion, pk=chosen, dossier__park=park) if chosen else None,
    )
    return redirect("park-certificate", park=park.slug, number=certificate.number)


@page("GET", "POST", scope="park", roles={Role.PARK})
def disclose(request: Request, park: Park, number: str) -> HttpResponse:
    """Choose what of the bundle behind the certificate anyone may have; publish it."""
    certificate = open_certificate(number, park)
    if request.method == "POST":
        disclosing.disclose(request.actor, certificate, request.POST.getlist("withheld"))
        return redirect("park-certificate", park=park.slug, number=certificate.number)
    given = {
        "groups": list_groups(disclosing.list_files(certificate)),
        "confidential": disclosing.find_confidential(certificate),
        "disclosure": find_disclosure(certificate),
    }
    return show(request, "disclose", certificate, **given)


@page("POST", scope="park", roles={Role.PARK})
def conceal(request: Request, park: Park, number: str) -> HttpResponse:
    """Publish nothing of the bundle any more."""
    certificate = open_certificate(number, park)
    disclosing.take_back(request.actor, certificate)
    return redirect("park-certificate", park=park.slug, number=certificate.number)


@page("POST", scope="park", roles={Role.PARK})
def give_back(request: Request, park: Park, number: str) -> HttpResponse:
    """The park gives its certificate back: the number is typed out, for it will not hold again."""
    certificate = open_certificate(number, park)
    check_typed(request, certificate.number)
    entering.exit_certificate(request.actor, certificate, read_text(request, "reasons"))
    return redirect("park-certificate", park=park.slug, number=certificate.number)
