"""Addresses of numbers and of the places where data are filled in."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.urls import reverse

from lingtan_web.assessments.naming import Form

_PAGES: dict[Form, str] = {
    "register": "dossier",
    "profile": "dossier-profile",
    "boundary": "boundary",
    "readings": "dossier-readings",
    "other": "dossier",
}


def explain_url(park: str, number: int, name: str, *, edition: str = "", node: int | None = None) -> str:
    """The page of a number. Its name is one segment, whatever marks it holds."""
    root = reverse("result", kwargs={"park": park, "number": number})
    asked = {key: value for key, value in (("edition", edition), ("node", node)) if value}
    return f"{root}explain/{quote(name, safe='')}" + (f"?{urlencode(asked)}" if asked else "")


def fill_url(
    park: str, year: int, form: Form, register: str = "", cell: tuple[int, str] | None = None
) -> str:
    """Where a datum is filled in; `cell` is a row of data (the first is 1) and a column."""
    where = {"park": park, "year": year}
    if not register or form == "readings":
        return reverse(_PAGES[form], kwargs=where)
    root = reverse("register", kwargs={**where, "register": register})
    return f"{root}?{urlencode({'row': cell[0], 'column': cell[1]})}" if cell else root
