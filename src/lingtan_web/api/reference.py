"""The description of the interface: for programs as OpenAPI, for people as a page."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from lingtan_live.limits import limit
from lingtan_live.push import load_schema
from lingtan_web.api.application import PREFIX
from lingtan_web.api.description import build_description, tell_operations, tell_shapes
from lingtan_web.permissions import Request, page
from lingtan_web.webhooks.events import EVENTS
from lingtan_web.webhooks.rules import ATTEMPTS


@page("GET", scope="public")
def openapi(request: Request) -> HttpResponse:
    """OpenAPI 3.1."""
    text = json.dumps(build_description(), ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json; charset=utf-8")


@page("GET", scope="public")
def show(request: Request) -> HttpResponse:
    """How to sign in, what is answered, and every operation."""
    shown: dict[str, Any] = {
        "groups": tell_operations(),
        "shapes": tell_shapes(),
        "root": request.build_absolute_uri(PREFIX),
        "reads": settings.API_READS_PER_MINUTE,
        "writes": settings.API_WRITES_PER_MINUTE,
        "most": load_schema()["properties"]["readings"]["maxItems"],
        "told": limit("push_faults"),
        "events": list(EVENTS.values()),
        "attempts": ATTEMPTS,
    }
    return render(request, "api/reference.html", shown)
