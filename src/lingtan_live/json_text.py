"""Strict reading of JSON from strangers: exact numbers, no duplicate keys, bounded depth."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from lingtan_live.limits import RefusalError, limit, shown

_LONGEST_NUMBER = 64
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_OPEN, _CLOSE = b"[{", b"]}"


def read_json(payload: bytes) -> Any:
    """The payload as plain data: objects, lists, strings, booleans, None and exact decimals.

    RefusalError for what is not UTF-8, not JSON (NaN and Infinity are not), nested too deep, or
    has a key twice in one object: which of the two is meant nobody knows.
    """
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusalError("live.payload-not-utf8", position=error.start) from None
    if _depth(payload) > limit("payload_depth"):
        raise RefusalError("live.payload-too-deep", limit=limit("payload_depth"))
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise RefusalError("live.payload-not-json", reason=f"{error.msg}, {error.pos}") from None


def _depth(payload: bytes) -> int:
    """The deepest nesting; an upper bound is enough while it is below the limit."""
    bound = sum(payload.count(bytes([sign])) for sign in _OPEN)
    if bound <= limit("payload_depth"):
        return bound
    deepest = depth = 0
    for sign in _STRING.sub(b"", payload):
        depth += (sign in _OPEN) - (sign in _CLOSE)
        deepest = max(deepest, depth)
    return deepest


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise RefusalError("live.value-not-a-number", given=shown(text))
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent no decimal has
        raise RefusalError("live.value-not-a-number", given=shown(text)) from None


def _constant(text: str) -> Any:
    raise RefusalError("live.payload-not-json", reason=text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RefusalError("live.payload-duplicate-key", key=shown(twice))
    return found


_DECODER = json.JSONDecoder(
    parse_float=_number, parse_int=_number, parse_constant=_constant, object_pairs_hook=_object
)
