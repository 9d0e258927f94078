"""Counts for a monitoring system, in the form Prometheus reads; shared by all server processes."""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from lingtan_web.permissions import Request, page

REQUESTS = Counter("lingtan_requests", "Requests answered", ["view", "method", "status"])
SECONDS = Histogram(
    "lingtan_request_seconds", "Time to answer", ["view"], buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10)
)
Answer = Callable[[HttpRequest], HttpResponseBase]


def counted(answer: Answer) -> Answer:
    """Count each request by the name of its view, never by its address."""

    def measured(request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = answer(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        REQUESTS.labels(view, request.method or "", response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - begun)
        return response

    return measured


@page("GET", scope="public")
def metrics(request: Request) -> HttpResponse:
    """The counts, for whoever has LINGTAN_METRICS_TOKEN; without that variable the page does not exist."""
    token = os.environ.get("LINGTAN_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
