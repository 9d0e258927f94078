"""The interface itself: one object of the library, with our reading of JSON and our answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.types import DictStrAny

from lingtan_live.json_text import read_json
from lingtan_web.api.answers import add_handlers
from lingtan_web.api.doors import Shut

PREFIX = "/api/v1/"
VERSION = "1"
ABOUT = (
    "程序接口：凭令牌（Authorization: Bearer ltk_…）访问，权限与网页相同；说明见 /api/。 "
    "Interface for programs: sign in with a token; one may do here what one may do on the pages. See /api/."
)
_DIGITS = 40  # beyond, no number of ours is whole


class StrictParser(Parser):
    """JSON without NaN, duplicate keys, endless depth or inexact numbers."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as plain data; RefusalError for anything that is not strict JSON."""
        found: Any = _with_integers(read_json(request.body))
        return dict(found) if isinstance(found, dict) else found


def _with_integers(value: Any) -> Any:
    """Numbers without a fraction as whole ones: in JSON 2 and 2.0 are the same number."""
    if isinstance(value, Decimal):
        return int(value) if value.adjusted() < _DIGITS and value == value.to_integral_value() else value
    if isinstance(value, dict):
        return {key: _with_integers(inner) for key, inner in value.items()}
    return [_with_integers(inner) for inner in value] if isinstance(value, list) else value


def build_api() -> NinjaAPI:
    """The interface without operations. No pages of the library: they need scripts from elsewhere."""
    api = NinjaAPI(
        title="零碳 Lingtan", version=VERSION, description=ABOUT, urls_namespace="api", auth=Shut(),
        parser=StrictParser(), docs_url=None, openapi_url=None,
    )  # fmt: skip
    add_handlers(api)
    return api


api = build_api()
