"""What the sender of a request wrote that an operation does not know: told, never passed over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from ninja.operation import Operation
from pydantic import BaseModel

from lingtan.errors import Fault, Place, fault
from lingtan_live.limits import shown
from lingtan_web.api.words import explain

_FORMS = frozenset(["form", "file"])


@dataclass(frozen=True, slots=True)
class Known:
    """The names an operation knows: in the query, and (None: it takes no form) in a form."""

    query: tuple[str, ...] = ()
    form: frozenset[str] | None = None


KNOWN: dict[tuple[str, str], Known] = {}
"""By the name of the address and the method, as declared."""


def read_known(operation: Operation) -> Known:
    """What `operation` knows, from its own parameters."""
    of = {source: _names(operation, source) for source in ("query", *_FORMS)}
    form = frozenset(of["form"] + of["file"])
    return Known(of["query"], form or None)


def _names(operation: Operation, source: str) -> tuple[str, ...]:
    found: list[str] = []
    for model in operation.models:
        if model.__ninja_param_source__ == source:
            flat = getattr(model, "__ninja_flatten_map__", None) or _fields(model)
            found.extend(flat)
    return tuple(found)


def _fields(model: type[BaseModel]) -> Collection[str]:
    return list(model.model_fields)


def find_unknown(request: HttpRequest) -> list[Fault]:
    """A fault for every parameter of the query and every field of a form that is not known here."""
    match = request.resolver_match
    known = KNOWN.get((str(match.url_name) if match else "", request.method or ""), Known())
    faults = [_unknown_parameter(name, known.query) for name in request.GET if name not in known.query]
    if known.form is not None:
        sent = dict.fromkeys((*request.POST, *request.FILES))
        faults += [_unknown_field(name) for name in sent if name not in known.form]
    return faults


def _unknown_parameter(name: str, known: tuple[str, ...]) -> Fault:
    told = {"known_zh": "、".join(known) or "（没有）", "known_en": ", ".join(known) or "none"}
    return fault("api.unknown-parameter", Place(column=shown(name)), name=shown(name), **told)


def _unknown_field(name: str) -> Fault:
    zh, en = explain({"type": "extra_forbidden"})
    return fault("api.bad-field", Place(column=shown(name)), field=shown(name), zh=zh, en=en)
