"""The scheme's keys: shown, rotated, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingtan.certificate.keyring import Ring, find_revocation
from lingtan.errors import LingtanError
from lingtan_web.certificates.models import Certificate
from lingtan_web.certificates.scheme import find_ring, find_scheme, has_keys
from lingtan_web.certificates.services import keys as services
from lingtan_web.certificates.views.opening import check_typed
from lingtan_web.fields import read_text
from lingtan_web.permissions import Request, page
from lingtan_web.roles import Role


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key: from when to when it signs, how much it has signed, since when it is revoked."""

    kid: str
    first: datetime
    last: datetime
    signed: int
    revoked: date | None
    is_current: bool


@page("GET", scope="organisation", roles={Role.SCHEME})
def keys(request: Request) -> HttpResponse:
    """Fingerprint of the root, and every signing key."""
    if not has_keys():
        return render(request, "certificates/keys.html", {"ring": None})
    ring = find_ring()
    given = {"ring": ring, "scheme": find_scheme(), "keys": _list(ring)}
    return render(request, "certificates/keys.html", given)


def _list(ring: Ring) -> list[Key]:
    """The keys, the newest first."""
    counted = Certificate.objects.order_by().values_list("key").annotate(count=Count("pk"))
    signed = dict(counted)
    try:
        current = ring.current
    except LingtanError:  # every key is revoked
        current = ""
    return [
        Key(kid, made.not_valid_before_utc, made.not_valid_after_utc, signed.get(kid, 0),
            find_revocation(ring, made), kid == current)
        for kid, made in reversed(list(ring.keys.items()))
    ]  # fmt: skip


@page("POST", scope="organisation", roles={Role.SCHEME})
def rotate(request: Request) -> HttpResponse:
    """A new signing key."""
    services.rotate(request.actor)
    return redirect("signing-keys")


@page("POST", scope="organisation", roles={Role.SCHEME})
def revoke(request: Request, kid: str) -> HttpResponse:
    """Revoke a key: its name is typed out, for nothing it signed is good any more."""
    check_typed(request, kid)
    services.revoke(request.actor, kid, read_text(request, "reasons"))
    return redirect("signing-keys")
