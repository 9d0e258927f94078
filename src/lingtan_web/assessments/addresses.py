"""Addresses of numbers and of the places where data are filled in."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.urls import reverse

from lingtan_web.assessments.naming import DatumPlace, Form

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


def fill_url(park: str, year: int, place: DatumPlace, cell: tuple[int, str] | None = None) -> str:
    """Where a datum is filled in, at its very row and column.

    `cell` is a row of data (the first is 1) and a column; without it the row is found by its key, so that
    the link holds when rows have come and gone.
    """
    where = {"park": park, "year": year}
    if not place.register or place.form == "readings":
        field = f"#f-{place.column}" if place.form == "profile" and place.column else ""
        return reverse(_PAGES[place.form], kwargs=where) + field
    root = reverse("register", kwargs={**where, "register": place.register})
    if cell:
        return f"{root}?{urlencode({'row': cell[0], 'column': cell[1]})}"
    return f"{root}?{urlencode({'key': place.key, 'column': place.column})}" if place.key else root
