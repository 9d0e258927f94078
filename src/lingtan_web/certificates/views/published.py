"""What the scheme publishes for programs: status lists, keys, open data, the feed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from lingtan.certificate.keyring import export_ring
from lingtan.certificate.status import PURPOSES
from lingtan_web.certificates.feed import build_feed
from lingtan_web.certificates.open_data import COLUMNS, LICENCE, find_rows, write_csv, write_json
from lingtan_web.certificates.pacing import paced
from lingtan_web.certificates.queries import find_list
from lingtan_web.certificates.scheme import find_ring, find_scheme, has_keys
from lingtan_web.permissions import Request, page

EXPORTS_PER_MINUTE, FEEDS_PER_MINUTE = 6, 30
_LONGEST = 3600  # seconds that a list may be kept by who fetched it: a suspension is to be seen soon
_OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def _answer(request: Request, text: str, kind: str, seconds: int) -> HttpResponseBase:
    """A text for anybody's program: kept for `seconds`, not sent again to who has it."""
    answer = HttpResponse(text, content_type=kind, headers=_OPEN)
    answer.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-cache"
    answer.headers["ETag"] = etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    return get_conditional_response(request, etag, None, answer) or answer


@page("GET", scope="public")
def status_list(request: Request, number: int, purpose: str) -> HttpResponseBase:
    """The newest published list, as it was signed; no longer to be kept than it is fresh."""
    found = find_list(number, purpose) if purpose in PURPOSES else None
    if found is None:
        raise Http404
    left = int((found.fresh_until - timezone.now()).total_seconds())
    return _answer(request, found.token, "application/vc+jwt", max(0, min(left, _LONGEST)))


@page("GET", scope="public")
def keys(request: Request) -> HttpResponseBase:
    """The public half of the scheme's keys: what a check without the internet needs."""
    if not has_keys():
        raise Http404
    return _answer(request, export_ring(find_ring()), "application/json", 300)


@page("GET", scope="public")
@paced(EXPORTS_PER_MINUTE, "GET")
def open_csv(request: Request) -> HttpResponseBase:
    """The register as CSV."""
    rows = find_rows(timezone.localdate())
    return _stream(write_csv(COLUMNS, rows), "text/csv; charset=utf-8", "register.csv")


@page("GET", scope="public")
@paced(EXPORTS_PER_MINUTE, "GET")
def open_json(request: Request) -> HttpResponseBase:
    """The register as JSON."""
    today = timezone.localdate()
    publisher = find_scheme().name if has_keys() else ""
    lines = write_json(find_rows(today), publisher=publisher, day=today)
    return _stream(lines, "application/json", "register.json")


def _stream(lines: Iterator[str], kind: str, name: str) -> HttpResponseBase:
    links = {
        "Link": f'<{LICENCE[1]}>; rel="license"',
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    links["Cache-Control"] = "public, max-age=300"
    return StreamingHttpResponse(lines, content_type=kind, headers={**_OPEN, **links})


@page("GET", scope="public")
@paced(FEEDS_PER_MINUTE, "GET")
def feed(request: Request) -> HttpResponseBase:
    """The last changes, for programs that follow them."""
    site = request.build_absolute_uri("/").rstrip("/")
    answer = _answer(request, build_feed(site), "application/atom+xml; charset=utf-8", 300)
    patch_vary_headers(answer, ["Cookie"])
    return answer
