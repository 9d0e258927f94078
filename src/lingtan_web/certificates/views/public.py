"""The public register and the page of a certificate: for everybody, without an account."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from lingtan.certificate import is_number, read_number
from lingtan.certificate.status import place_in_list
from lingtan_web.certificates.checking import CodeFound, check_code
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import find_certificate, find_disclosure, find_list
from lingtan_web.certificates.register import Filter, find_choices, list_register
from lingtan_web.certificates.scheme import find_ring, has_keys
from lingtan_web.certificates.showing import Shown
from lingtan_web.certificates.words import STANDINGS
from lingtan_web.permissions import Request, page
from lingtan_web.storage import open_stored

ASKED = ("text", "state", "stars", "edition", "year", "page")
_CREDENTIAL, _PDF = "application/vc+jwt", "application/pdf"


@page("GET", scope="public")
def register(request: Request) -> HttpResponse:
    """Every certificate ever issued, filtered, with how it stands today."""
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    wanted = _read_filter(asked)
    today = timezone.localdate()
    editions, stars, years = find_choices()
    number = max(1, _whole(asked.get("page")) or 1)
    found = list_register(wanted, today, page=number)
    given = {
        "register": found,
        "earlier": min(number - 1, found.pages),
        "later": number + 1 if number < found.pages else None,
        "wanted": wanted,
        "is_filtered": wanted != Filter(),
        "standings": STANDINGS,
        "editions": editions,
        "stars": stars,
        "years": years,
        "now": timezone.now(),
    }
    return render(request, "certificates/register.html", given)


def _read_filter(asked: dict[str, str]) -> Filter:
    """What is asked for; what means nothing is passed over."""
    state = asked.get("state", "")
    return Filter(
        text=asked.get("text", "").replace("\0", "")[:100],
        stars=_whole(asked.get("stars")),
        state=next((one for one in STANDINGS if one == state), None),
        edition=asked.get("edition", "").replace("\0", "")[:100],
        year=_whole(asked.get("year")),
    )


def _whole(text: str | None) -> int | None:
    """A small whole number; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else None


@page("GET", scope="public")
def certificate(request: Request, number: str) -> HttpResponse:
    """The page of a certificate, or of a number that is none of ours."""
    found = find_certificate(number)
    return _unknown(request, number) if found is None else _show(request, found)


@page("GET", scope="public")
def scanned(request: Request, number: str) -> HttpResponse:
    """Where the code on the paper leads: the same page, and whether the code is the one we signed."""
    found = find_certificate(number)
    if found is None:
        return _unknown(request, number)
    token = request.GET.get("s", "")
    code = check_code(found, number, token) if token and has_keys() else None
    return _show(request, found, code)


@page("GET", scope="public")
def by_identity(request: Request, number: str) -> HttpResponse:
    """The address that a credential calls itself by leads to its page."""
    return redirect("certificate", number=number, permanent=True)


def _unknown(request: Request, number: str) -> HttpResponse:
    given = {"number": number[:60], "is_number": is_number(read_number(number))}
    return render(request, "certificates/unknown.html", given, status=404)


def _show(request: Request, found: Certificate, code: CodeFound | None = None) -> HttpResponse:
    given: dict[str, Any] = {
        "shown": Shown(found, timezone.localdate()),
        "code": code,
        "now": timezone.now(),
        "disclosure": find_disclosure(found),
        "published": find_list(place_in_list(found.status_index)[0], "message"),
        "root": find_ring().fingerprint if has_keys() else "",
    }
    return render(request, "certificates/certificate.html", given)


@page("GET", scope="public")
def paper(request: Request, number: str) -> FileResponse:
    """The signed PDF."""
    found = _get(number)
    name = f"{found.number}.pdf"
    return FileResponse(open_stored(found.paper), content_type=_PDF, filename=name, as_attachment=True)


@page("GET", scope="public")
def credential(request: Request, number: str) -> HttpResponse:
    """The signed credential."""
    found = _get(number)
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.vc.jwt"'}
    return HttpResponse(found.credential, content_type=_CREDENTIAL, headers=headers)


@page("GET", scope="public")
def bundle(request: Request, number: str) -> FileResponse:
    """What the park has published of the bundle, for whoever wants to repeat the assessment."""
    certificate = _get(number)
    found = find_disclosure(certificate)
    if found is None:
        raise Http404
    name = f"{certificate.number}.bundle.zip"
    kind = "application/zip"
    return FileResponse(open_stored(found.bundle), content_type=kind, filename=name, as_attachment=True)


def _get(number: str) -> Certificate:
    found = find_certificate(number)
    if found is None:
        raise Http404
    return found
