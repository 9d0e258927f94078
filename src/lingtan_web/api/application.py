"""The interface itself: one object of the library, with our reading of JSON and our answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.types import DictStrAny

from lingtan_live.json_text import read_json
from lingtan_web.api.answers import add_handlers
from lingtan_web.api.declaring import Shut

PREFIX = "/api/v1/"
VERSION = "1"


class StrictParser(Parser):
    """JSON without NaN, duplicate keys, endless depth or inexact numbers."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as plain data; RefusalError for anything that is not strict JSON."""
        found: Any = read_json(request.body)
        return dict(found) if isinstance(found, dict) else found


def build_api() -> NinjaAPI:
    """The interface without operations. No pages of the library: they need scripts from elsewhere."""
    api = NinjaAPI(
        title="零碳 Lingtan", version=VERSION, urls_namespace="api", auth=Shut(), parser=StrictParser(),
        docs_url=None, openapi_url=None,
    )  # fmt: skip
    add_handlers(api)
    return api


api = build_api()
