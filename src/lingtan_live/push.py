"""The shape of an HTTP push of readings: what may be sent, what is answered. No server here.

The form stands in `lingtan_data/schema/readings-push.schema.json`; keys, limits and the pattern of
the idempotency key are read from there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import lingtan_data
from lingtan.errors import Fault, Place, fault
from lingtan_live.json_text import read_json
from lingtan_live.limits import RefusalError, limit, shown
from lingtan_live.readings import Reading
from lingtan_live.stamps import check_plausible, read_stamp, read_value
from lingtan_live.topics import check_meter

_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Push:
    """A push as read. `readings` can be stored; `faults` have the number of their item (0 first).

    A push whose whole form is wrong has no readings and faults without a number, and no key.
    """

    key: str
    readings: tuple[Reading, ...] = ()
    faults: tuple[tuple[int | None, Fault], ...] = ()
    blanks: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether the push as a whole is refused (400 or 413), nothing of it to be stored."""
        return any(index is None for index, _ in self.faults)


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What became of a push: readings new in the store, there already, and instants in conflict."""

    push: Push
    stored: int
    equal: int
    conflicts: int

    def as_dict(self) -> dict[str, Any]:
        """For the sender; `faults` are ordered by item."""
        return {
            "key": self.push.key or None,
            "stored": self.stored,
            "equal": self.equal,
            "conflicts": self.conflicts,
            "blank": self.push.blanks,
            "refused": len({index for index, _ in self.push.faults if index is not None}),
            "faults": [{"index": index, **fault.as_dict()} for index, fault in self.push.faults],
        }


def parse_push(body: bytes, *, received: datetime, known: Collection[str] | None = None) -> Push:
    """The body of a push. Bad items are refused one by one, the others can be stored.

    `received` (aware): stamps much later are refused. `known`: ids of the registered meters, None
    for all. Nothing in a body raises.
    """
    if len(body) > limit("push_bytes"):
        return _refuse(fault("live.push-too-large", size=len(body), limit=limit("push_bytes")))
    try:
        data = read_json(body)
    except RefusalError as refusal:
        return _refuse(refusal.fault(Place()))
    faults = list(_form_faults(data, load_schema()))
    if faults:
        return _refuse(*faults)
    return _Items(received, known).read(data["key"], data["readings"])


@cache
def load_schema() -> dict[str, Any]:
    """The JSON schema of a push."""
    file = lingtan_data.path("schema", "readings-push.schema.json")
    return dict(json.loads(file.read_text("utf-8")))


def _refuse(*faults: Fault) -> Push:
    return Push("", faults=tuple((None, one) for one in faults))


def _key_faults(data: Any, path: str, schema: dict[str, Any]) -> Iterator[Fault]:
    """An object with the keys of its schema, none missing and none more."""
    if not isinstance(data, dict):
        yield fault("live.push-wrong-shape", path=path, wanted="object")
        return
    for key in schema["required"]:
        if key not in data:
            yield fault("live.push-missing-key", Place(column=key), key=key)
    for key in data:
        if key not in schema["properties"]:
            known = "、".join(schema["properties"])
            yield fault("live.push-unknown-key", Place(column=shown(key)), key=shown(key), known=known)


def _form_faults(data: Any, schema: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with the push as a whole."""
    yield from _key_faults(data, "$", schema)
    if not isinstance(data, dict):
        return
    key, readings = data.get("key", "missing"), data.get("readings", [None])
    pattern = schema["properties"]["key"]["pattern"]
    if not isinstance(key, str) or not re.search(pattern, key) or key.endswith("\n"):
        yield fault("live.push-key-bad", Place(column="key"), given=shown(key))
    if not isinstance(readings, list) or not readings:
        yield fault("live.push-wrong-shape", Place(column="readings"), path="readings", wanted="list")
    elif len(readings) > schema["properties"]["readings"]["maxItems"]:
        most = schema["properties"]["readings"]["maxItems"]
        yield fault("live.push-too-many", Place(column="readings"), count=len(readings), limit=most)


class _Items:
    """Reads the items of a push."""

    def __init__(self, received: datetime, known: Collection[str] | None) -> None:
        self._received = received
        self._known = None if known is None else frozenset(known)
        self._schema = load_schema()["$defs"]["reading"]

    def read(self, key: str, items: list[Any]) -> Push:
        readings: list[Reading] = []
        faults: list[tuple[int | None, Fault]] = []
        blanks = 0
        for index, item in enumerate(items):
            wrong = list(_key_faults(item, f"readings[{index}]", self._schema))
            if not wrong:
                try:
                    reading = self._read_one(item)
                except RefusalError as refusal:
                    wrong = [refusal.fault(Place(row=index + 1))]
                else:
                    readings += [reading] if reading else []
                    blanks += reading is None
            faults += [(index, one) for one in wrong]
        return Push(key, tuple(readings), tuple(faults), blanks)

    def _read_one(self, item: dict[str, Any]) -> Reading | None:
        meter = check_meter(item["meter"])
        if self._known is not None and meter not in self._known:
            raise RefusalError("live.unknown-meter", meter=meter)
        at = read_stamp(item["at"], "iso", None)
        check_plausible(at, self._received)
        if item["value"] is None:
            return None
        return Reading(meter, at, read_value(item["value"], _DECIMALS))
