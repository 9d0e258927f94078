"""What a page is told that waits for the worker and asks by htmx."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from lingtan_web.permissions import Request


def answer_waiting(request: Request, part: str, *, is_ready: bool) -> HttpResponse:
    """Wait on (the same part once more), or come again as a whole page."""
    if not is_ready:
        return render(request, part)
    answer = HttpResponse()
    answer["HX-Refresh"] = "true"
    return answer
