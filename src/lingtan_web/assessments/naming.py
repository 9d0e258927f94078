"""Short names for a screen: a datum, where it is filled in, a value with its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from lingtan.assessment.naming import NAMES, name_datum
from lingtan.dossier.registers import carriers, registers
from lingtan.errors import Language
from lingtan.reports.documents.desk import UNITS
from lingtan.reports.words import Words
from lingtan_web.assessments.records import Said

_REGISTER = re.compile(r"register (?P<register>\w+)")
_CELL = re.compile(r"(?P<register>\w+)\[(?P<key>.*)\](?:\.(?P<column>\w+))?")

FEW, MANY = 2, 4
"""Digits behind the point of a value for people: of one that is at least 1, and of a smaller one."""

Form = Literal["register", "profile", "boundary", "readings", "other"]


@dataclass(frozen=True, slots=True)
class DatumPlace:
    """Where a datum is filled in; of a register also the row and the column, if it speaks of one."""

    form: Form
    register: str = ""
    key: str = ""
    column: str = ""


def find_place(datum: str) -> DatumPlace:
    """The form and the field that a missing datum stands in."""
    match = _REGISTER.fullmatch(datum) or _CELL.fullmatch(datum)
    if match and match["register"] in registers():
        parts = match.groupdict()
        return DatumPlace("register", parts["register"], parts.get("key") or "", parts.get("column") or "")
    if datum.startswith(("profile.", "reporting.", "location.")):
        return DatumPlace("profile", column=datum)
    if datum.startswith("boundary"):
        return DatumPlace("boundary")
    if datum == "readings":
        return DatumPlace("readings", "meters")
    if datum in NAMES:  # what the inventory lacks of electricity
        return DatumPlace("register", "energy_activity")
    return DatumPlace("other")


def name_short(datum: str, count: int = 1) -> Said:
    """What a datum is called in a sentence: `数据中心·总用电量（DC2）`, of several `…等 3 处`."""
    return Said(_short(datum, count, "zh"), _short(datum, count, "en"))


def _short(datum: str, count: int, language: Language) -> str:
    place = find_place(datum)
    register = registers().get(place.register)
    column = register.columns.get(place.column) if register else None
    if register is None or column is None:
        return name_datum(datum, language, count=count)
    key = say_key(place.key, language)
    if language == "zh":
        return f"{register.zh}·{column.zh}（{key}{f' 等 {count} 处' if count > 1 else ''}）"
    return f"{register.en}: {column.en} ({key}{f' and {count - 1} more' if count > 1 else ''})"


def say_key(key: str, language: Language) -> str:
    """The key of a row with carriers and uses in words: `2024-04 · E025 · 天然气 · 燃烧`."""
    parts = key.split("/")
    return " · ".join(_say_part(part, language) for part in parts) if len(parts) > 1 else key


def _say_part(part: str, language: Language) -> str:
    carrier = carriers().get(part)
    pair = (carrier.zh, carrier.en) if carrier else _uses().get(part)
    return part if pair is None else pair[0] if language == "zh" else pair[1]


def _uses() -> Mapping[str, tuple[str, str]]:
    """Uses of energy and roles of meters, which stand in the keys of computed lines."""
    roles, uses = registers()["meters"].columns["role"].choices, registers()["energy_activity"].columns["use"]
    return {**roles, **uses.choices, "metered": ("计量", "metered")}


def say_unit(unit: str, language: Language) -> str:
    """A unit behind a number with the space before it; empty for a bare number."""
    if unit in ("", "1"):
        return ""
    for part, key in UNITS.items():
        if language == "en" and part in unit.split("/"):
            unit = unit.replace(part, Words(language).text(f"units.{key}"))
    return f" {unit}"


def say_down(value: Decimal, digits: int = FEW) -> str:
    """A number rounded down, so that a miss never looks like a hit."""
    return _trimmed(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_FLOOR))


def say_up(value: Decimal, digits: int = FEW) -> str:
    """A number rounded up: what is short is never said too small."""
    return _trimmed(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_CEILING))


def say_value(value: Decimal, unit: str, direction: str) -> Said:
    """A value with its unit, rounded away from the limit it has to reach."""
    digits = FEW if abs(value) >= 1 else MANY
    text = say_down(value, digits) if direction == "higher" else say_up(value, digits)
    return Said(text + say_unit(unit, "zh"), text + say_unit(unit, "en"))


def _trimmed(value: Decimal) -> str:
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
