"""Declaring operations: the only way to add one that lets anybody in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from ninja.operation import Operation

from lingtan.errors import LingtanError
from lingtan_web.api.application import api
from lingtan_web.api.doors import READ, ApiRequest, Door, Method, OperationRule, PathRule, Scope
from lingtan_web.api.forms import Detail
from lingtan_web.api.known import KNOWN, find_unknown, read_known
from lingtan_web.api.rate import PerToken
from lingtan_web.roles import Role

__all__ = ["READ", "RULES", "ApiRequest", "declare", "guard", "lets"]
RULES: dict[str, dict[str, OperationRule]] = {}
"""Rules by the name of the address and method, as declared."""
Says = tuple[str, str]
Lets = tuple[Scope, frozenset[Role]]


def lets(scope: Scope, roles: frozenset[Role] | set[Role] = frozenset()) -> Lets:
    """Whom an operation lets in: tokens with `scope`, and in a park those who have one of `roles` there."""
    return scope, frozenset(roles)


def declare(
    method: Method, path: str, *, name: str, rule: Lets, says: Says, **more: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation. `name` is that of the address; `says` what it does, in Chinese and English."""
    made = OperationRule(method, *rule, in_park="{slug:park}" in path)
    RULES.setdefault(name, {})[method] = made
    told = {"x-scope": made.scope, "x-roles": sorted(made.roles), "x-zh": says[0], "x-en": says[1]}
    extra = {**told, **more.pop("openapi_extra", {})}
    if method != "GET":
        more["response"] = {413: Detail, **more["response"]}

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        view.rule = made  # type: ignore[attr-defined]
        view._ninja_contribute_to_operation = [_tighten]  # type: ignore[attr-defined]
        added: Callable[..., Any] = api.api_operation(
            [method],
            path,
            auth=Door(made),
            throttle=PerToken("read" if method == "GET" else "write"),
            url_name=name,
            operation_id=f"{name}-{method.lower()}",
            summary=" ".join(says),
            openapi_extra=extra,
            **more,
        )(view)
        return added

    return wrap


def _tighten(operation: Operation) -> None:
    """Let an operation refuse what it does not know, before it does anything."""
    view = operation.view_func
    KNOWN[str(operation.url_name), operation.methods[0]] = read_known(operation)

    @wraps(view)
    def strict(request: HttpRequest, **given: Any) -> Any:
        if unknown := find_unknown(request):
            raise LingtanError(unknown)
        return view(request, **given)

    operation.view_func = strict


def guard(view: Callable[..., HttpResponseBase], rules: Mapping[str, OperationRule]) -> Any:
    """A view of the library with its rule, for the middleware; other methods are refused as JSON."""

    def guarded(request: HttpRequest, **given: Any) -> HttpResponseBase:
        if request.method not in rules:
            refused: HttpResponse = JsonResponse({"detail": "method not allowed"}, status=405)
            refused.headers["Allow"] = ", ".join(sorted(rules))
            return refused
        answer = view(request, **given)
        answer.headers["Cache-Control"] = "no-store"
        if answer.status_code == 401:
            answer.headers["WWW-Authenticate"] = 'Bearer realm="lingtan"'
        return answer

    guarded.rule = PathRule(dict(rules))  # type: ignore[attr-defined]
    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # cookies open nothing here
    return guarded
