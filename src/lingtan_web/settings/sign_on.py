"""Single sign-on by OpenID Connect, where an organisation has it: one provider, given by variables."""

from __future__ import annotations

import os
from typing import Any


def openid_connect_apps() -> list[dict[str, Any]]:
    """The provider of LINGTAN_OIDC_SERVER with its client id and secret; none if it is not given."""
    server = os.environ.get("LINGTAN_OIDC_SERVER", "")
    if not server:
        return []
    return [
        {
            "provider_id": "sso",
            "name": os.environ.get("LINGTAN_OIDC_NAME", "单点登录 Single sign-on"),
            "client_id": os.environ.get("LINGTAN_OIDC_CLIENT_ID", ""),
            "secret": os.environ.get("LINGTAN_OIDC_CLIENT_SECRET", ""),
            "settings": {"server_url": server},
        }
    ]
