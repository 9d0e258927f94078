"""Who a token acts for."""

from __future__ import annotations

from typing import Any

from lingtan_web.api.declaring import READ, ApiRequest, declare, lets
from lingtan_web.api.forms import Me, Refused


@declare(
    "GET",
    "/me",
    name="api-me",
    rule=lets(READ),
    says=("令牌代表谁、能做什么。", "Whom the token acts for."),
    response={200: Me, 401: Refused[401], 403: Refused[403], 429: Refused[429]},
    tags=["people"],
)
def me(request: ApiRequest) -> dict[str, Any]:
    """The person behind the token, the roles they hold now, scopes and end of the token."""
    user, token = request.auth.user, request.auth.token
    held = user.memberships.filter(ended_at=None).select_related("organisation").order_by("role", "pk")
    return {
        "email": user.email,
        "name": user.name,
        "roles": [
            {
                "role": one.role,
                "organisation": one.organisation_id,
                "organisation_zh": one.organisation.name_zh,
                "organisation_en": one.organisation.name_en,
            }
            for one in held
        ],
        "token": token.name,
        "scopes": sorted(request.auth.scopes),
        "expires_at": token.expires_at,
    }
