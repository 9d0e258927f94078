"""The description of the interface (OpenAPI 3.1), made from the operations as they are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import lingtan_web.api.operations  # noqa: F401  (declares them)
from lingtan_web.api.application import PREFIX, api
from lingtan_web.roles import Role


@dataclass(frozen=True, slots=True)
class Tag:
    """What a group of operations is about."""

    id: str
    zh: str
    en: str


TAGS = (
    Tag("people", "令牌与本人", "Token and person"),
    Tag("parks", "园区", "Parks"),
    Tag("readings", "读数", "Readings"),
    Tag("dossiers", "工作档案与版本", "Dossiers and versions"),
    Tag("results", "评价结果", "Results"),
    Tag("reviews", "评审", "Reviews"),
)


@cache
def build_description() -> dict[str, Any]:
    """The description, as data."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    for operation in _operations(found):
        operation["responses"] = {str(status): one for status, one in operation["responses"].items()}
    used = {operation["tags"][0] for operation in _operations(found)}
    found["tags"] = [{"name": tag.id, "description": f"{tag.zh} {tag.en}"} for tag in TAGS if tag.id in used]
    return found


def _operations(description: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in description["paths"].values():
        yield from methods.values()


@dataclass(frozen=True, slots=True)
class Told:
    """An operation for people to read; `answers` are statuses and the names of their shapes."""

    name: str
    method: str
    path: str
    zh: str
    en: str
    scope: str
    roles: tuple[Role, ...]
    parameters: tuple[Mapping[str, Any], ...]
    body: str
    answers: tuple[tuple[str, str], ...]


def tell_operations() -> list[tuple[Tag, list[Told]]]:
    """Every operation, by what it is about."""
    told = [
        (one["tags"][0], _tell(path, method, one))
        for path, methods in build_description()["paths"].items()
        for method, one in methods.items()
    ]
    groups = [(tag, [one for of, one in told if of == tag.id]) for tag in TAGS]
    return [(tag, operations) for tag, operations in groups if operations]


def _tell(path: str, method: str, one: Mapping[str, Any]) -> Told:
    answers = sorted(one["responses"].items())
    return Told(
        name=one["operationId"],
        method=method.upper(),
        path=path,
        zh=one["x-zh"],
        en=one["x-en"],
        scope=one["x-scope"],
        roles=tuple(Role(role) for role in one["x-roles"]),
        parameters=tuple(one["parameters"]),
        body=_shape(one.get("requestBody", {})),
        answers=tuple((status, _shape(answer)) for status, answer in answers),
    )


def _shape(part: Mapping[str, Any]) -> str:
    """The name of the shape of a body."""
    return _kind(part.get("content", {}).get("application/json", {}).get("schema", {}))


def tell_shapes() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every shape: its fields and what they hold."""
    schemas = build_description()["components"]["schemas"]
    return [
        (name, [(field, _kind(kind)) for field, kind in one.get("properties", {}).items()])
        for name, one in sorted(schemas.items())
    ]


def _kind(schema: Mapping[str, Any]) -> str:
    """What a field holds, in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    kind = schema.get("type", "")
    if kind == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    if isinstance(kind, list):
        return " | ".join(kind)
    return str(schema.get("format", kind) or "")
