"""How often one address may ask for what costs much: counted by clock minute."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from lingtan_web.middleware import address_of
from lingtan_web.permissions import Request, View

MINUTE = 60


def paced(per_minute: int, *methods: str) -> Callable[[View], View]:
    """A view that answers an address so often in a minute; beyond that it asks to wait (429)."""

    def declare(view: View) -> View:
        @wraps(view)
        def answered(request: Request, **given: Any) -> HttpResponseBase:
            if request.method in methods and _count(request, view.__name__) > per_minute:
                return _wait(request)
            return view(request, **given)

        return cast(View, answered)

    return declare


def _count(request: Request, what: str) -> int:
    """How often this address asked in this minute, this time included."""
    address = hashlib.sha256(address_of(request).encode()).hexdigest()[:32]
    key = f"pace/{what}/{int(time.time()) // MINUTE}/{address}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        return cache.incr(key)
    except ValueError:  # thrown out meanwhile: the cache is small, and this is no matter of safety
        return 1


def _wait(request: Request) -> HttpResponse:
    seconds = MINUTE - int(time.time()) % MINUTE
    answer = render(request, "certificates/slow.html", {"seconds": seconds}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer
