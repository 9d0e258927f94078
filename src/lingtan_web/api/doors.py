"""The gate of the interface: every operation says its scope and its roles; what says nothing is refused.

No token, or none that is good: 401. A token without the scope: 403. Not your park: 404, as if it were
not there. Yours, but not for your role: 403. The session of a browser opens nothing here, so that no
other site can act through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.http import Http404, HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from lingtan_web.api.tokens import Grant, find_grant
from lingtan_web.audit.services import Actor
from lingtan_web.parks.access import find_park
from lingtan_web.permissions import Request
from lingtan_web.roles import Role

Scope = Literal["read", "readings:write", "dossier:write", "process:write", "review:write"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
READ: Scope = "read"


class ApiRequest(Request):
    """A request that has passed the gate of the interface."""

    auth: Grant
    id: str


@dataclass(frozen=True, slots=True)
class OperationRule:
    """Who may use an operation: the scope of the token, and for a park's operations the roles there.

    `roles` empty: whoever has any role for the park. `in_park`: the address names a park.
    """

    method: Method
    scope: Scope
    roles: frozenset[Role]
    in_park: bool


@dataclass(frozen=True, slots=True)
class PathRule:
    """What the middleware looks for on a view: the rules of all operations of one address."""

    operations: Mapping[str, OperationRule]


class Door(HttpBearer):
    """Lets a request in to one operation, or says why not."""

    def __init__(self, rule: OperationRule) -> None:
        self.rule = rule
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Grant | None:
        """The grant, after scope, park and role were looked at; None for a token that is not good."""
        grant = find_grant(token.strip())
        if grant is None:
            return None
        if self.rule.scope not in grant.scopes:
            raise HttpError(403, f"the token lacks the scope {self.rule.scope}")
        request.user = grant.user
        request.actor = Actor(grant.user.pk, "api", request.actor.address, request.actor.request)  # type: ignore[attr-defined]
        if self.rule.in_park:
            self._enter(request, grant)
        return grant

    def _enter(self, request: HttpRequest, grant: Grant) -> None:
        given = request.resolver_match.kwargs if request.resolver_match else {}
        found = find_park(grant.user, str(given["park"]))
        if found is None:
            raise Http404
        request.park, request.access = found  # type: ignore[attr-defined]
        if "year" in given and not found[1].can_see_year(int(given["year"])):
            raise Http404
        if self.rule.roles and not found[1].has(*self.rule.roles):
            raise HttpError(403, "your role for this park does not allow it")


class Shut(HttpBearer):
    """The door of an operation that was not declared: nobody gets in."""

    def authenticate(self, request: HttpRequest, token: str) -> None:
        """Never."""
        return
