"""`park.yaml` and the sheet `park`: the same content as keys in YAML and as rows."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from lingtan.documents import Document, Key, dotted, load_shipped, parse_document, validate
from lingtan.dossier.cells import CellError, Notes, Raw, clean, plain_number, raw_text
from lingtan.dossier.cells_numbers import read_decimal
from lingtan.dossier.cells_words import parse_yes_no
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.headers import SEARCHED_ROWS, folded, is_mark
from lingtan.dossier.records import Park, Profile
from lingtan.errors import Fault, Place

HEADINGS = ("key", "value")
LABELS = ("键", "填写")
DEEPEST = 4  # parts of a dotted key
_ONE_PER_LINE = re.compile(r"[\n;；,，、]")
_NUMBERS = ("location.latitude", "location.longitude", "reporting.year")
_PLAIN_ITEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclasses.dataclass(frozen=True, slots=True)
class ParkKey:
    """One key of park.yaml with its words; `is_list` if several values may stand in its cell."""

    key: str
    zh: str
    en: str
    is_required: bool = False
    is_list: bool = False
    example: str = ""
    about: str = ""


@cache
def park_keys() -> Mapping[str, ParkKey]:
    """The keys a person fills in, in their order."""
    written, facts = (_data(name) for name in ("park.yaml", "facts.yaml"))
    keys = [_park_key(key, raw) for key, raw in written.items()]
    profile = [_park_key(key, raw) for key, raw in facts.items() if _is_profile(key)]
    at = next(i for i, key in enumerate(keys) if key.key.startswith("profile."))
    return {key.key: key for key in (*keys[:at], *profile, *keys[at:])}


def _is_profile(key: str) -> bool:
    return key.startswith("profile.") and key.removeprefix("profile.") in Profile.model_fields


def _park_key(key: str, raw: Mapping[str, Any]) -> ParkKey:
    unit = f"（{raw['unit']}）" if raw.get("unit") else ""
    words = raw["zh"] + unit, raw["en"] + unit.replace("（", " (").replace("）", ")")
    flags = bool(raw.get("required")), bool(raw.get("list"))
    return ParkKey(key, *words, *flags, str(raw.get("example", "")), str(raw.get("about", "")))


def _data(name: str) -> Mapping[str, Mapping[str, Any]]:
    data: Mapping[str, Mapping[str, Any]] = load_shipped("schema", name)
    return data


def parse_park(raw: bytes, name: str, findings: Findings) -> Park | None:
    """`park.yaml` as a record; None with every fault of its shape."""
    document, faults = parse_document(raw, name)
    findings.extend(faults)
    return _validated(document, Place(name), findings) if document else None


def _validated(document: Document, place: Place, findings: Findings) -> Park | None:
    data = _cleaned(document.data, (), document, findings) or {}
    park, faults = validate(Document(document.name, data, document.lines), Park)
    findings.extend(_in_sheet(fault, place.sheet) if place.sheet else fault for fault in faults)
    return park


def _in_sheet(fault: Fault, sheet: str) -> Fault:
    """The fault with its key written as the sheet writes it: `responsible.1.role`."""
    column = _counted(fault.place.column)
    words = {name: _counted(value) if name == "key" else value for name, value in fault.context.items()}
    place = dataclasses.replace(fault.place, sheet=sheet, column=column)
    return dataclasses.replace(fault, place=place, context=words)


def _counted(key: str) -> str:
    return re.sub(r"\[(\d+)\]", lambda index: f".{int(index[1]) + 1}", key)


def _cleaned(data: Any, key: Key, document: Document, findings: Findings) -> Any:
    """Texts without surrounding blanks; keys without a value are keys not given (a skeleton has them)."""
    if isinstance(data, dict):
        below = {name: _cleaned(value, (*key, name), document, findings) for name, value in data.items()}
        return {name: value for name, value in below.items() if value is not None}
    if isinstance(data, list):
        below_list = [_cleaned(value, (*key, n), document, findings) for n, value in enumerate(data)]
        return [value for value in below_list if value not in (None, {})]
    try:
        return clean(data, []) if isinstance(data, str) else data
    except CellError as refusal:
        findings.add(refusal.code, document.place(key), label=dotted(key), **refusal.context)
        return None


def read_park_sheet(grid: Sequence[Sequence[Raw]], place: Place, findings: Findings) -> Park | None:
    """The rows `key | value` as a record; None with every fault of its shape."""
    columns, start = _columns(grid)
    data: dict[str, Any] = {}
    lines: dict[Key, int] = {}
    seen: dict[str, int] = {}
    for number, row in enumerate(grid[start:], start=start + 1):
        key, cell = (row[index] if index < len(row) else "" for index in columns)
        name = raw_text(key).strip()
        if not name or is_mark(name) or folded(name) in (*HEADINGS, *LABELS):
            continue
        here = Place(place.file, place.sheet, number, name)
        if name in seen:
            findings.add("document.duplicate-key", here, key=name)
            continue
        seen[name] = number
        value = _value(name, cell, here, findings)
        if value is not None:
            _put(data, lines, _path(name), value, number)
    document = Document(place.file, _lists(data), {**lines, **{_path(key): row for key, row in seen.items()}})
    return _validated(document, place, findings)


def _columns(grid: Sequence[Sequence[Raw]]) -> tuple[tuple[int, int], int]:
    """Indices of key and value, and the first row below their heading."""
    for index, row in enumerate(grid[:SEARCHED_ROWS]):
        texts = [folded(raw_text(cell)) for cell in row]
        found = [
            next((i for i, text in enumerate(texts) if text in (name, label, label + name)), None)
            for name, label in zip(HEADINGS, LABELS, strict=True)
        ]
        if found[0] is not None and found[1] is not None:
            return (found[0], found[1]), index + 1
    return (0, 1), 0


def _value(name: str, cell: Raw, here: Place, findings: Findings) -> Any:
    label = park_keys()[name].zh if name in park_keys() else name
    notes: Notes = []
    try:
        text = clean(cell, notes)
        value = None if text is None else _parsed(name, text, notes)
    except CellError as refusal:
        findings.add(refusal.code, here, label=label, **refusal.context)
        return None
    for code in notes:
        findings.count(code, here, given=shown(raw_text(cell)), label=label)
    return value


def _parsed(name: str, cell: Raw, notes: Notes) -> Any:
    """The value of one key from its cell; CellError if it is not of its kind."""
    if name == "boundary_confirmed":
        return parse_yes_no(cell, notes)
    if name in park_keys() and park_keys()[name].is_list:
        return [item.strip() for item in _ONE_PER_LINE.split(raw_text(cell)) if item.strip()]
    if name.startswith("profile.") or name in _NUMBERS:
        kind = {"percent": name.endswith("_percent"), "is_year": name == "reporting.year"}
        number = read_decimal(raw_text(cell), notes, **kind)
        return None if number is None else plain_number(number)
    return raw_text(cell)


def _path(name: str) -> Key:
    """`responsible.1.role` as keys; evidence ids of the profile may have points in their key."""
    head, _, rest = name.partition(".")
    if head == "profile_evidence":
        return (head, rest)
    parts = name.split(".")
    if len(parts) > DEEPEST:
        return (name,)
    return tuple(int(part) - 1 if part.isascii() and part.isdigit() else part for part in parts)


def _put(data: dict[str, Any], lines: dict[Key, int], path: Key, value: Any, row: int) -> None:
    here: Any = data
    for depth, part in enumerate(path[:-1], start=1):
        lines.setdefault(path[:depth], row)
        if not isinstance(here.get(part), dict):
            here[part] = {}
        here = here[part]
    here[path[-1]] = value


def _lists(data: Any) -> Any:
    """Maps whose keys are all numbers as lists, in the order of the numbers."""
    if not isinstance(data, dict):
        return data
    if data and all(isinstance(key, int) for key in data):
        return [_lists(data[key]) for key in sorted(data)]
    return {key: _lists(value) for key, value in data.items()}


def park_data(park: Park) -> dict[str, Any]:
    """The park as plain data, only what differs from the defaults."""
    return park.model_dump(exclude_defaults=True)


def park_rows(park: Park) -> list[tuple[str, str | Decimal]]:
    """The park as rows of key and value, in the order of the record."""
    return [(key, value) for key, value in _flat(park_data(park), "") if key]


def _flat(data: Any, prefix: str) -> list[tuple[str, str | Decimal]]:
    if isinstance(data, Mapping):
        parts = [(f"{prefix}.{key}" if prefix else str(key), value) for key, value in data.items()]
        return [row for key, value in parts for row in _flat(value, key)]
    if isinstance(data, list | tuple):
        if data and all(isinstance(item, str) and _PLAIN_ITEM.fullmatch(item) for item in data):
            return [(prefix, "\n".join(data))]
        return [row for n, item in enumerate(data, start=1) for row in _flat(item, f"{prefix}.{n}")]
    if isinstance(data, bool):
        return [(prefix, "是" if data else "否")]
    return [] if data is None else [(prefix, data if isinstance(data, Decimal) else str(data))]


class _PlainRepresenter(SafeRepresenter):
    """Decimals as plain numbers."""


def _plain_decimal(representer: Any, value: Decimal) -> Any:
    text = plain_number(value)
    return representer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_PlainRepresenter.add_representer(Decimal, _plain_decimal)


def park_yaml(park: Park) -> bytes:
    """`park.yaml` of the park, UTF-8."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _PlainRepresenter
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 4096
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.BytesIO()
    yaml.dump(_plain(park_data(park)), stream)
    return stream.getvalue()


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(item) for item in data] if isinstance(data, list | tuple) else data
