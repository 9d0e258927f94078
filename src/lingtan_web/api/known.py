"""What the sender of a request wrote that is not known, or stands twice: told, never passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.operation import Operation
from pydantic import BaseModel

from lingtan.errors import Fault, Place, fault
from lingtan_live.limits import shown
from lingtan_web.api.words import explain

_FORMS = frozenset(["form", "file"])


@dataclass(frozen=True, slots=True)
class Known:
    """The names an operation knows: in the query, and (None: it takes no form) in a form.

    `many` may be given more than once.
    """

    query: tuple[str, ...] = ()
    form: frozenset[str] | None = None
    many: frozenset[str] = frozenset()


KNOWN: dict[tuple[str, str], Known] = {}
"""By the name of the address and the method, as declared."""


def read_known(operation: Operation) -> Known:
    """What `operation` knows, from its own parameters."""
    of = {source: _names(operation, source) for source in ("query", *_FORMS)}
    form = frozenset(of["form"] + of["file"])
    lists = (getattr(model, "__ninja_collection_fields__", ()) for model in operation.models)
    return Known(of["query"], form or None, frozenset(name for names in lists for name in names))


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
    """A fault for every parameter of the query and field of a form that is not known, or stands twice."""
    match = request.resolver_match
    known = KNOWN.get((str(match.url_name) if match else "", request.method or ""), Known())
    faults = [_unknown_parameter(name, known.query) for name in request.GET if name not in known.query]
    given = Counter(_names_given(request.GET))
    if known.form is not None:
        sent = Counter([*_names_given(request.POST), *_names_given(request.FILES)])
        faults += [_bad(name, "extra_forbidden") for name in sent if name not in known.form]
        given += sent
    repeated = [name for name, times in given.items() if times > 1 and name not in known.many]
    return faults + [_bad(name, "repeated") for name in repeated]


def _names_given(given: MultiValueDict[str, Any]) -> Iterator[str]:
    """Every name as often as it stands there."""
    return (name for name, values in given.lists() for _ in values)


def _unknown_parameter(name: str, known: tuple[str, ...]) -> Fault:
    told = {"known_zh": "、".join(known) or "（没有）", "known_en": ", ".join(known) or "none"}
    return fault("api.unknown-parameter", Place(column=shown(name)), name=shown(name), **told)


def _bad(name: str, kind: str) -> Fault:
    zh, en = explain({"type": kind})
    return fault("api.bad-field", Place(column=shown(name)), field=shown(name), zh=zh, en=en)
