"""Pages for what was not found, what could not be read, and what went wrong on our side."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not there, or not yours: the same answer."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "not found"}, status=404)
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent is too large, or cannot be read: nothing was taken."""
    is_too_large = isinstance(exception, RequestDataTooBig)
    status = 413 if is_too_large else 400
    if request.path.startswith("/api/"):
        told = "the body is too large" if is_too_large else "the request cannot be read"
        return JsonResponse({"detail": told}, status=status)
    return render(request, "400.html", {"is_too_large": is_too_large}, status=status)


def our_bug(request: HttpRequest) -> HttpResponse:
    """Our bug: its number, and nothing about our insides."""
    mark = getattr(request, "id", "")
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "internal error", "request": mark}, status=500)
    return render(request, "500.html", {"mark": mark}, status=500)
