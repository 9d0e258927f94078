"""What a form says, field by field; faults of one field name it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from lingtan.errors import LingtanError, Place, fault


def read_day(request: HttpRequest, name: str) -> date | None:
    """The day in a field; None where it is blank. LingtanError for what is no day."""
    given = request.POST.get(name, "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise LingtanError([fault("web.bad-day", Place(column=name), given=given[:40])]) from None


def read_text(request: HttpRequest, name: str) -> str:
    """The text in a field without blanks around it; lines end as the database has them."""
    return request.POST.get(name, "").replace("\r\n", "\n").strip()


def read_id(request: HttpRequest, name: str) -> int | None:
    """The id in a field; None where it is blank or none."""
    given = request.POST.get(name, "").strip()
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
