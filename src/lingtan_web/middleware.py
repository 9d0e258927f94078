"""What happens to every request: an id, a language, security headers, the gate, faults as pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from lingtan.errors import Language, LingtanError
from lingtan_web.audit.services import Actor
from lingtan_web.languages import COOKIE, DJANGO_CODES
from lingtan_web.organisations.models import User
from lingtan_web.pages import show_faults
from lingtan_web.permissions import LIBRARY_VIEWS

Answer = Callable[[HttpRequest], HttpResponseBase]
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def request_marks(answer: Answer) -> Answer:
    """An id for the request, and headers that tell a browser what our pages never do."""

    def marked(request: HttpRequest) -> HttpResponseBase:
        request.id = str(uuid.uuid4())  # type: ignore[attr-defined]
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response

    return marked


def language(answer: Answer) -> Answer:
    """Chinese, unless the person switched to English: what the browser prefers is not asked."""

    def translated(request: HttpRequest) -> HttpResponseBase:
        chosen: Language = "en" if request.COOKIES.get(COOKIE) == "en" else "zh"
        with translation.override(DJANGO_CODES[chosen]):
            request.LANGUAGE_CODE = DJANGO_CODES[chosen]
            response = answer(request)
        response.headers.setdefault("Content-Language", DJANGO_CODES[chosen])
        return response

    return translated


def address_of(request: HttpRequest) -> str:
    """Where a request came from; behind proxies (LINGTAN_PROXIES of them) what the last trusted one says."""
    proxies = settings.ENVIRONMENT.proxies
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(told) >= proxies:
        return told[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


class Gate:
    """No view without a rule; the actor of changes; faults of the user's data as pages."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Say who acts, then answer."""
        who = request.user.pk if isinstance(request.user, User) else None
        request.actor = Actor(who, "page", address_of(request), request.id)  # type: ignore[attr-defined]
        response = self._answer(request)
        if who is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[object, ...], given: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse what is not declared."""
        if hasattr(view, "rule"):
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if name not in LIBRARY_VIEWS:
            raise Http404
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Faults are for the person who made them; anything else is our bug and rises."""
        return show_faults(request, error.faults) if isinstance(error, LingtanError) else None
