"""Strict reading of YAML files: YAML 1.2, exact numbers, no duplicate and no unknown keys.

Every fault names the file, the line and the key, and suggests the key that was meant.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

import lingtan_data
from lingtan.errors import EditionError, Fault, Place, fault

Key = tuple[str | int, ...]
LARGEST_BYTES = 20_000_000  # a YAML file of people is never larger; stops hostile files early


class Record(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


M = TypeVar("M", bound=BaseModel)


class _ExactConstructor(RoundTripConstructor):
    """Numbers with a point become exact decimals; tags (`!!python/…`) are refused."""


def _exact(constructor: Any, node: Any) -> Decimal:
    text = node.value.replace("_", "").lower()
    return Decimal(text.replace(".inf", "Infinity").replace(".nan", "NaN"))


def _as_written(constructor: Any, node: Any) -> str:
    return str(node.value)


def _refuse_tag(constructor: Any, node: Any) -> None:
    raise ConstructorError(None, None, f"the tag {node.tag} is not allowed", node.start_mark)


_ExactConstructor.add_constructor(None, _refuse_tag)
_ExactConstructor.add_constructor("tag:yaml.org,2002:float", _exact)
_ExactConstructor.add_constructor("tag:yaml.org,2002:timestamp", _as_written)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data, with the line of each key."""

    name: str
    data: Any
    lines: Mapping[Key, int]

    def place(self, key: Key) -> Place:
        """Line and dotted key of `key`, or of the nearest key above it that the file has."""
        at = key
        while at and at not in self.lines:
            at = at[:-1]
        return Place(file=self.name, row=self.lines.get(at, 1), column=dotted(key))


def dotted(key: Key) -> str:
    """`("indicators", 3, "unit")` as `indicators[3].unit`."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_document(file: Path, name: str = "") -> tuple[Document | None, list[Fault]]:
    """The YAML file as a document, or the faults that keep it from being read."""
    label = name or file.name
    try:
        raw = file.read_bytes()
    except OSError as error:
        return None, [fault("document.unreadable", Place(label), reason=error.strerror or error)]
    return parse_document(raw, label)


def parse_document(raw: bytes, name: str) -> tuple[Document | None, list[Fault]]:
    """YAML bytes as a document named `name`, or the faults that keep it from being read."""
    if len(raw) > LARGEST_BYTES:
        return None, [fault("document.too-large", Place(name), size=len(raw), limit=LARGEST_BYTES)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [fault("document.not-utf8", Place(name), position=error.start)]
    return _parse(text, name)


def _parse(text: str, name: str) -> tuple[Document | None, list[Fault]]:
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _ExactConstructor
    yaml.allow_duplicate_keys = False
    try:
        data = yaml.load(text)
    except DuplicateKeyError as error:
        key = str(error.problem).split('"')[1] if '"' in str(error.problem) else ""
        return None, [fault("document.duplicate-key", _marked(name, error, key), key=key)]
    except MarkedYAMLError as error:
        return None, [fault("document.not-yaml", _marked(name, error), reason=error.problem or "")]
    except (YAMLError, ValueError, RecursionError, ArithmeticError) as error:
        return None, [fault("document.not-yaml", Place(name), reason=type(error).__name__)]
    lines: dict[Key, int] = {}
    return Document(name, _plain(data, (), lines, frozenset()), lines), []


def _marked(name: str, error: MarkedYAMLError, key: str = "") -> Place:
    mark = error.problem_mark
    return Place(file=name, row=mark.line + 1 if mark else 0, column=key)


def _plain(value: Any, key: Key, lines: dict[Key, int], above: frozenset[int]) -> Any:
    """Round-trip containers as plain ones; records the line of each key on the way."""
    if id(value) in above:  # an alias that holds itself
        return None
    if isinstance(value, CommentedMap | CommentedSeq):
        above = above | {id(value)}
    if isinstance(value, CommentedMap):
        for part in value:
            lines[(*key, str(part))] = value.lc.key(part)[0] + 1
        return {str(k): _plain(v, (*key, str(k)), lines, above) for k, v in value.items()}
    if isinstance(value, CommentedSeq):
        for index in range(len(value)):
            lines[(*key, index)] = value.lc.item(index)[0] + 1
        return [_plain(v, (*key, i), lines, above) for i, v in enumerate(value)]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    return str(value) if isinstance(value, str) else value


def validate(document: Document, model: type[M]) -> tuple[M | None, list[Fault]]:
    """`document` as a record of `model`, or every fault of its shape."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        return None, [_shape_fault(document, model, detail) for detail in error.errors()]


def load_shipped(*parts: str) -> Any:
    """The data of a YAML file of ours, below `lingtan_data`; EditionError with every fault of it."""
    return _shipped(*parts).data


def load_record(model: type[M], *parts: str) -> M:
    """A YAML file of ours as a record of `model`; EditionError with every fault of it."""
    record, faults = validate(_shipped(*parts), model)
    if record is None:
        raise EditionError(faults)
    return record


def _shipped(*parts: str) -> Document:
    document, faults = read_document(lingtan_data.path(*parts))
    if document is None:
        raise EditionError(faults)
    return document


def _shape_fault(document: Document, model: type[BaseModel], detail: Any) -> Fault:
    key: Key = tuple(part for part in detail["loc"] if _is_written(part, document, detail["loc"]))
    place = document.place(key)
    if detail["type"] == "extra_forbidden":
        allowed = sorted(set(_allowed(model, detail["loc"][:-1])))
        near = difflib.get_close_matches(str(detail["loc"][-1]), allowed, n=1)
        hint = near[0] if near else "、".join(allowed)
        return fault("document.unknown-key", place, key=detail["loc"][-1], hint=hint)
    if detail["type"] == "missing":
        return fault("document.missing-key", place, key=dotted(key))
    given = "" if isinstance(detail.get("input"), dict | list) else str(detail.get("input"))[:80]
    return fault("document.bad-value", place, key=dotted(key), given=given, reason=detail["msg"])


def _is_written(part: str | int, document: Document, loc: tuple[str | int, ...]) -> bool:
    """Whether a part of pydantic's location is a key of the file (unions add type names)."""
    index = loc.index(part)
    return (
        isinstance(part, int)
        or index == len(loc) - 1
        or any(len(key) > 0 and key[-1] == part for key in document.lines)
    )


def _allowed(model: type[BaseModel], loc: tuple[str | int, ...]) -> Iterator[str]:
    """The keys allowed at `loc` below `model`."""
    here: list[Any] = [model]
    for part in loc:
        here = [inner for kind in here for inner in _below(kind, part)]
    for kind in here:
        for inner in _models(kind):
            yield from inner.model_fields


def _below(kind: Any, part: str | int) -> Iterator[Any]:
    for inner in _models(kind):
        if part in inner.model_fields:
            yield inner.model_fields[str(part)].annotation
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        for arg in args:
            yield from _below(arg, part)
    elif origin is typing.Annotated:
        yield from _below(args[0], part)
    elif args:
        yield args[-1] if args[-1] is not Ellipsis else args[0]


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    elif typing.get_origin(kind) in (typing.Union, types.UnionType, typing.Annotated):
        for arg in typing.get_args(kind):
            yield from _models(arg)
