"""The description of the interface (OpenAPI 3.1), made from the operations as they are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import lingtan_web.api.operations  # noqa: F401  (declares them)
from lingtan_web.api.application import PREFIX, api
from lingtan_web.roles import Role

JSON, FORM = "application/json", "multipart/form-data"


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
    Tag("evidence", "佐证材料", "Evidence"),
    Tag("process", "创建计划与任务", "Plans and tasks"),
    Tag("results", "评价结果", "Results"),
    Tag("reviews", "评审", "Reviews"),
)


@cache
def build_description() -> dict[str, Any]:
    """The description, as data."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    for operation in _operations(found):
        _close_form(operation)
        operation["responses"] = {str(status): one for status, one in operation["responses"].items()}
    used = {operation["tags"][0] for operation in _operations(found)}
    found["tags"] = [{"name": tag.id, "description": f"{tag.zh} {tag.en}"} for tag in TAGS if tag.id in used]
    return found


def _close_form(operation: Mapping[str, Any]) -> None:
    """A form has the fields that are described and no others, as bodies of JSON have."""
    for kind, told in operation.get("requestBody", {}).get("content", {}).items():
        if kind == FORM:
            told["schema"]["additionalProperties"] = False


def _operations(description: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in description["paths"].values():
        yield from methods.values()


@dataclass(frozen=True, slots=True)
class Shape:
    """What a body or a field holds: its words, and which shape they link to (blank: none)."""

    label: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An operation for people to read. `answers` leaves out those that every operation gives."""

    name: str
    method: str
    path: str
    zh: str
    en: str
    scope: str
    roles: tuple[Role, ...]
    parameters: tuple[Mapping[str, Any], ...]
    form: tuple[str, ...]
    body: Shape | None
    answers: tuple[tuple[str, Shape], ...]


COMMON = frozenset(["401", "403", "404", "413", "422", "429"])


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
        form=tuple(_form(one)),
        body=_content(one["requestBody"]) if "requestBody" in one else None,
        answers=tuple((status, _content(told)) for status, told in answers if status not in COMMON),
    )


def _form(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of the form that an operation takes; none for one that takes JSON or nothing."""
    content = operation.get("requestBody", {}).get("content", {})
    fields: Mapping[str, Any] = content.get(FORM, {}).get("schema", {}).get("properties", {})
    return fields


def _content(part: Mapping[str, Any]) -> Shape:
    """What a body or an answer holds: a shape of JSON, else the kind of file that it is."""
    kinds = part.get("content", {})
    return _shape(kinds[JSON]["schema"]) if JSON in kinds else Shape(" | ".join(kinds))


def tell_shapes() -> list[tuple[str, str, list[tuple[str, Shape]]]]:
    """Every shape: anchor, name, its fields and what they hold."""
    return [
        (anchor, _title(anchor), [(field, _shape(kind)) for field, kind in one.get("properties", {}).items()])
        for anchor, one in sorted(_schemas().items())
    ]


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = build_description()["components"]["schemas"]
    return found


def _title(anchor: str) -> str:
    return str(_schemas()[anchor].get("title", anchor))


def _shape(schema: Mapping[str, Any]) -> Shape:
    """What a field holds, in a word or two."""
    if "$ref" in schema:
        anchor = str(schema["$ref"]).rpartition("/")[2]
        return Shape(_title(anchor), anchor)
    parts = [_shape(one) for one in schema.get("anyOf", schema.get("oneOf", ()))]
    if parts:
        anchors = [part.anchor for part in parts if part.anchor]
        return Shape(" | ".join(part.label for part in parts), anchors[0] if anchors else "")
    if schema.get("type") == "array":
        of = _shape(schema.get("items", {}))
        return Shape(f"[{of.label}]", of.anchor)
    return Shape(_word(schema))


def _word(schema: Mapping[str, Any]) -> str:
    given = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if given:
        return " | ".join(str(one) for one in given)
    kind = schema.get("format") or schema.get("title" if "$schema" in schema else "type", "")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)
