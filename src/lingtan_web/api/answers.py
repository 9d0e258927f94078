"""What went wrong, as programs read it: faults with code and place, or one line of detail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_live.limits import RefusalError, shown
from lingtan_web.api.known import find_unknown
from lingtan_web.api.words import explain

STATUSES = {
    "api.key-used-otherwise": 409,
    "api.key-differs": 409,
    "assessment.unknown-name": 404,
    "dossiers.dossier-exists": 409,
    "lake.other-writer": 503,
    "lake.not-written": 503,
}
"""Faults that are not about the content of the request (all others are answered with 422)."""
AGAIN_AFTER = "10"  # seconds


def answer_faults(faults: Sequence[Fault]) -> HttpResponse:
    """Every fault in both languages."""
    status = next((STATUSES[one.code] for one in faults if one.code in STATUSES), 422)
    answer = JsonResponse({"faults": [one.as_dict() for one in faults]}, status=status)
    if status == 503:
        answer.headers["Retry-After"] = AGAIN_AFTER
    return answer


def add_handlers(api: NinjaAPI) -> None:
    """Let `api` answer this way; what is none of these is our bug and rises."""
    api.add_exception_handler(LingtanError, _on_faults)
    api.add_exception_handler(ValidationError, _on_bad_fields)
    api.add_exception_handler(HttpError, _on_refusal)
    api.add_exception_handler(Http404, _on_missing)
    api.add_exception_handler(RequestDataTooBig, _on_too_big)
    for unreadable in (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent):
        api.add_exception_handler(unreadable, _on_bad_form)


def _on_faults(request: HttpRequest, error: Any) -> HttpResponse:
    return answer_faults(error.faults)


def _on_bad_fields(request: HttpRequest, error: Any) -> HttpResponse:
    return answer_faults([*find_unknown(request), *map(_field_fault, error.errors)])


def _field_fault(error: dict[str, Any]) -> Fault:
    source, *rest = error["loc"]
    if source == "body":  # its first part is the name we gave it, which no sender knows
        rest = rest[1:]
    where = shown(".".join(str(part) for part in rest))
    zh, en = explain(error)
    return fault("api.bad-field", Place(column=where), field=where or source, zh=zh, en=en)


def _on_refusal(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error.__cause__, RefusalError):
        return answer_faults([error.__cause__.fault(Place())])
    if isinstance(error.__cause__, RequestDataTooBig):
        return _on_too_big(request, error.__cause__)
    return JsonResponse({"detail": str(error)}, status=error.status_code)


def _on_missing(request: HttpRequest, error: Any) -> HttpResponse:
    return JsonResponse({"detail": "not found"}, status=404)


def _on_too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return JsonResponse({"detail": "the body is too large"}, status=413)


def _on_bad_form(request: HttpRequest, error: Any) -> HttpResponse:
    return answer_faults([fault("api.bad-form")])
