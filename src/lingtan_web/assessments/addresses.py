"""Addresses of numbers and of the places where data are filled in."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.urls import reverse

from lingtan_web.assessments.naming import Form

_PLACES: dict[Form, str] = {
    "profile": "profile/",
    "boundary": "boundary/",
    "readings": "readings/",
    "other": "",
}


def explain_url(park: str, number: int, name: str, *, edition: str = "", node: int | None = None) -> str:
    """The page of a number. Its name is one segment, whatever marks it holds."""
    root = reverse("result", kwargs={"park": park, "number": number})
    asked = {key: value for key, value in (("edition", edition), ("node", node)) if value}
    return f"{root}explain/{quote(name, safe='')}" + (f"?{urlencode(asked)}" if asked else "")


def fill_url(park: str, year: int, form: Form, register: str = "") -> str:
    """Where a datum is filled in."""
    root = f"/parks/{park}/dossier/{year}/"
    return f"{root}registers/{register}/" if register else root + _PLACES.get(form, "")
