"""Check a certificate without an account: hand in a file, paste a text, or look a number up."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from lingtan.certificate import is_number, read_number
from lingtan.errors import LingtanError, fault
from lingtan_web.certificates.checking import LARGEST, check_bytes
from lingtan_web.certificates.pacing import paced
from lingtan_web.certificates.scheme import find_ring, has_keys
from lingtan_web.permissions import Request, page

CHECKS_PER_MINUTE = 20


@page("GET", "POST", scope="public")
@paced(CHECKS_PER_MINUTE, "POST")
def check(request: Request) -> HttpResponse:
    """The form, or the verdict on what was handed in; nothing of it is kept."""
    given: dict[str, Any] = {"has_keys": has_keys(), "largest": LARGEST // 1000, "now": timezone.now()}
    if request.method == "POST":
        text = request.POST.get("text", "").strip()
        if is_number(read_number(text)) and "file" not in request.FILES:
            return redirect("certificate", number=read_number(text))
        name, data = _read(request, text)
        given |= {"verdict": check_bytes(data, name=name, at=given["now"]), "name": name, "text": text}
    given["root"] = find_ring().fingerprint if given["has_keys"] else ""
    return render(request, "certificates/check.html", given)


def _read(request: Request, text: str) -> tuple[str, bytes]:
    """Name and bytes of what was handed in. LingtanError for nothing, or for too much."""
    uploaded = request.FILES.get("file")
    if uploaded is None:
        if not text:
            raise LingtanError([fault("certificate.nothing-to-check")])
        return "", text.encode()
    if (uploaded.size or 0) > LARGEST:
        raise LingtanError([fault("certificate.too-large-to-check", largest=LARGEST // 1000)])
    return (uploaded.name or "")[:100], uploaded.read()
