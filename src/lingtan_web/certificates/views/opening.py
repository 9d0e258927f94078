"""What pages of one certificate begin with."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.queries import find_certificate
from lingtan_web.certificates.showing import Shown
from lingtan_web.fields import read_text
from lingtan_web.parks.models import Park
from lingtan_web.permissions import Request


def open_certificate(number: str, park: Park | None = None) -> Certificate:
    """The certificate of an address; Http404 where there is none, or it is another park's."""
    found = find_certificate(number)
    if found is None or (park is not None and found.park_id != park.pk):
        raise Http404
    return found


def show(request: Request, template: str, certificate: Certificate, **more: Any) -> HttpResponse:
    """A page of a certificate as it stands today."""
    shown = Shown(certificate, timezone.localdate())
    given = {"shown": shown, "park": certificate.park, "now": timezone.now(), **more}
    return render(request, f"certificates/{template}.html", given)


def check_typed(request: Request, expected: str) -> None:
    """What cannot be taken back is typed out. LingtanError where it was not."""
    if read_text(request, "typed") != expected:
        raise LingtanError([fault("certificate.not-typed", Place(column="typed"), expected=expected)])
