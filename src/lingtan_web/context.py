"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from lingtan.version import VERSION
from lingtan_web.languages import current_language, html_language
from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.sections import find_sections
from lingtan_web.roles import Role


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Language, version, what the person may do here, and the roles they hold anywhere."""
    return {
        "language": current_language(),
        "html_language": html_language(),
        "version": VERSION,
        "access": getattr(request, "access", None),
        "held_roles": _held(request),
        "park_sections": find_sections(request),
    }


def _held(request: HttpRequest) -> frozenset[Role]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return frozenset()
    roles = Membership.objects.filter(user=user, ended_at=None).values_list("role", flat=True)
    return frozenset(Role(role) for role in roles)
