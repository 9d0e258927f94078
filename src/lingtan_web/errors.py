"""Pages for what was not found and for what went wrong on our side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not there, or not yours: the same answer."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "not found"}, status=404)
    return render(request, "404.html", status=404)


def our_bug(request: HttpRequest) -> HttpResponse:
    """Our bug: its number, and nothing about our insides."""
    mark = getattr(request, "id", "")
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "internal error", "request": mark}, status=500)
    return render(request, "500.html", {"mark": mark}, status=500)
