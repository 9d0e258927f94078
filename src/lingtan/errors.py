"""Faults: where, what, why, how to mend; all at once, never the first alone.

A fault is a code with a context. Its words live in `lingtan_data/faults/*.yaml` in Chinese
and English, so that terminal, web page and report say the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from ruamel.yaml import YAML

import lingtan_data

Severity = Literal["error", "warning", "note"]
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: file, sheet (register), row as people count it, column."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        row = str(self.row) if self.row else ""
        parts = (self.file, self.sheet, row, self.column)
        return " › ".join(part for part in parts if part)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Words:
    """One fault in one language."""

    what: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A code of the catalogue, the place, and the values its words speak of."""

    code: str
    place: Place = NOWHERE
    context: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """`error`, `warning` or `note`, as the catalogue has it."""
        return catalogue()[self.code].severity

    def words(self, language: Language = "zh") -> Words:
        """What, why and how to mend, in `language`, with the context filled in."""
        texts = getattr(catalogue()[self.code], language)
        return Words(*(text.format_map(self.context) for text in texts))

    def as_dict(self) -> dict[str, object]:
        """For machines: code, severity, place, context and the words in both languages."""
        zh, en = self.words("zh"), self.words("en")
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.place.file or None,
            "sheet": self.place.sheet or None,
            "row": self.place.row or None,
            "column": self.place.column or None,
            "context": dict(self.context),
            "zh": {"what": zh.what, "why": zh.why, "mend": zh.mend},
            "en": {"what": en.what, "why": en.why, "mend": en.mend},
        }


def fault(code: str, place: Place = NOWHERE, /, **context: object) -> Fault:
    """A fault of the catalogue; a code that the catalogue lacks is our own bug (KeyError)."""
    if code not in catalogue():
        raise KeyError(f"fault code {code!r} is not in lingtan_data/faults")
    return Fault(code, place, {key: str(value) for key, value in context.items()})


@dataclass(frozen=True, slots=True)
class Entry:
    """A fault of the catalogue: severity, and (what, why, mend) with placeholders, twice."""

    severity: Severity
    zh: tuple[str, str, str]
    en: tuple[str, str, str]


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every fault code with its severity and words."""
    entries: dict[str, Entry] = {}
    for file in sorted(lingtan_data.path("faults").glob("*.yaml")):
        for name, raw in (YAML(typ="safe").load(file) or {}).items():
            zh, en = (tuple(raw[lang][k] for k in ("what", "why", "mend")) for lang in ("zh", "en"))
            entries[f"{file.stem}.{name}"] = Entry(raw["severity"], zh, en)
    return entries


def has_errors(faults: Iterable[Fault]) -> bool:
    """Whether any fault is an error (warnings and notes let the work go on)."""
    return any(fault.severity == "error" for fault in faults)


def sorted_once(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once, by place, code and context."""
    once = {(item.place, item.code, tuple(sorted(item.context.items()))): item for item in faults}
    return tuple(once[key] for key in sorted(once))


class LingtanError(Exception):
    """Work that cannot go on, with every fault that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(_line(fault) for fault in self.faults))


def _line(fault: Fault) -> str:
    words = fault.words("en")
    return f"{fault.place}: {words.what}" if fault.place != NOWHERE else words.what


class DossierError(LingtanError):
    """The user's data cannot be read."""


class EditionError(LingtanError):
    """An edition file is wrong."""


class FactorError(LingtanError):
    """No factor, or a factor file is wrong."""
