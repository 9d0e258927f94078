"""The one gate: every view says its methods, its scope and its roles; what says nothing is refused.

Not yours: 404, as if it were not there. Yours, but not allowed: 403. Not signed in: to the door.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from lingtan_web.audit.services import Actor
from lingtan_web.organisations.models import Membership, User
from lingtan_web.parks.access import Access, find_park
from lingtan_web.parks.models import Park
from lingtan_web.roles import Role

Scope = Literal["public", "signed-in", "park", "organisation"]
Method = Literal["GET", "POST"]
View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request that has passed the gate."""

    user: User
    access: Access
    park: Park
    actor: Actor
    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a view, and how."""

    methods: tuple[Method, ...]
    scope: Scope
    roles: frozenset[Role]


LIBRARY_VIEWS: dict[str, Scope] = {
    "account_login": "public",
    "account_logout": "signed-in",
    "account_reauthenticate": "signed-in",
    "account_change_password": "signed-in",
    "account_set_password": "signed-in",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "account_signup": "public",
    "account_inactive": "public",
    "mfa_index": "signed-in",
    "mfa_authenticate": "public",
    "mfa_reauthenticate": "signed-in",
    "mfa_activate_totp": "signed-in",
    "mfa_deactivate_totp": "signed-in",
    "mfa_view_recovery_codes": "signed-in",
    "mfa_generate_recovery_codes": "signed-in",
    "mfa_download_recovery_codes": "signed-in",
    "mfa_list_webauthn": "signed-in",
    "mfa_add_webauthn": "signed-in",
    "mfa_edit_webauthn": "signed-in",
    "mfa_remove_webauthn": "signed-in",
    "mfa_login_webauthn": "public",
    "mfa_reauthenticate_webauthn": "signed-in",
    "usersessions_list": "signed-in",
    "openid_connect_login": "public",
    "openid_connect_callback": "public",
    "socialaccount_login_cancelled": "public",
    "socialaccount_login_error": "public",
}
"""The pages of allauth that we use; any other of its pages does not exist here."""


def page(
    *methods: Method, scope: Scope, roles: frozenset[Role] | set[Role] = frozenset()
) -> Callable[[View], View]:
    """Declare a view. `roles` empty: whoever the scope lets in.

    With scope `park` the argument `park` (a slug) becomes the Park, and `request.access` says what the
    person is for it; with scope `organisation` the roles are those held anywhere.
    """
    rule = Rule(methods, scope, frozenset(roles))

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, **given: Any) -> HttpResponseBase:
            if request.method not in (*methods, "HEAD" if "GET" in methods else ""):
                return HttpResponseNotAllowed(methods)
            refused = _admit(request, rule, given)
            return refused if refused is not None else view(request, **given)

        guarded.rule = rule  # type: ignore[attr-defined]
        return cast(View, guarded)

    return declare


def _admit(request: Request, rule: Rule, given: dict[str, Any]) -> HttpResponse | None:
    if rule.scope == "public":
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if rule.scope == "park":
        return _admit_to_park(request, rule, given)
    if rule.scope == "organisation":
        held = Membership.objects.filter(user=request.user, ended_at=None).values_list("role", flat=True)
        request.access = Access(frozenset(Role(role) for role in held))
        return None if not rule.roles or request.access.has(*rule.roles) else forbid(request)
    return None


def _admit_to_park(request: Request, rule: Rule, given: dict[str, Any]) -> HttpResponse | None:
    found = find_park(request.user, given["park"])
    if found is None:
        raise Http404
    given["park"], request.access = found
    request.park = given["park"]
    if "year" in given and not request.access.can_see_year(given["year"]):
        raise Http404
    return None if not rule.roles or request.access.has(*rule.roles) else forbid(request)


def forbid(request: HttpRequest) -> HttpResponse:
    """Yours, but not allowed."""
    return render(request, "403.html", status=403)
