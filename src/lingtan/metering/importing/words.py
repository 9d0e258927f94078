"""Names of columns, spellings of units and words for "no value": `lingtan_data/methods/import.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from lingtan.documents import Record, load_record
from lingtan.metering.limits import Limit

_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_SUFFIX = re.compile(r"(?:[_\s/.,，:：]|(?<=[^\x00-\x7f]))([^_\s/.,，:：]+)$")
_IGNORED = re.compile(r"[\s_\-.#:：]+")
_NAMED_UNIT = re.compile(r"单位\s*[:：]\s*(\S+)|units?\s*[:：]\s*(\S+)", re.IGNORECASE)

Pair = tuple[str, str]


class ImportLimits(Record):
    """By what a register, or a year too early, is told."""

    steady_values: Limit
    falls_share: Limit
    earliest_year: Limit


class ImportWords(Record):
    """The words by which files are recognised, and those in which decisions are told (zh, en)."""

    names: Mapping[str, tuple[str, ...]]
    says: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    limits: ImportLimits
    subjects: Mapping[str, Pair]
    answers: Mapping[str, Pair]
    reasons: Mapping[str, Pair]


@cache
def load_words() -> ImportWords:
    """The shipped words; EditionError if our file is wrong."""
    return load_record(ImportWords, "methods", "import.yaml")


def folded(text: str) -> str:
    """A name as names are compared: full width and case folded, without unit, blanks and marks."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _IGNORED.sub("", without_unit(plain))


def without_unit(text: str) -> str:
    """A name without a unit in brackets or after its last mark."""
    bare = _BRACKETS.sub("", text).strip()
    suffix = _SUFFIX.search(bare)
    return bare[: suffix.start()] if suffix and _spelled(suffix[1]) and suffix.start() else bare


@cache
def _spellings() -> dict[str, str]:
    return {
        unicodedata.normalize("NFKC", spelling).casefold(): unit
        for unit, spellings in load_words().units.items()
        for spelling in spellings
    }


def _spelled(text: str) -> str | None:
    return _spellings().get(unicodedata.normalize("NFKC", text).casefold().strip())


def find_unit(text: str) -> str | None:
    """The unit `text` is, as ours is named (`千瓦时` is kWh); None if it is none."""
    return _spelled(text.strip(" ()（）[]【】"))


def unit_of_name(name: str) -> str | None:
    """The unit in the name of a column: in brackets, or after the last mark (`Usage_kWh`)."""
    plain = unicodedata.normalize("NFKC", name)
    for inner in reversed(_BRACKETS.findall(plain)):
        if unit := _spelled(inner):
            return unit
    suffix = _SUFFIX.search(plain.strip())
    return _spelled(suffix[1]) if suffix else None


def unit_of_title(text: str) -> str | None:
    """The unit a title above a table states (`单位：万kWh`)."""
    match = _NAMED_UNIT.search(unicodedata.normalize("NFKC", text))
    return find_unit((match[1] or match[2]).rstrip("),，")) if match else None


@cache
def _names(role: str) -> frozenset[str]:
    return frozenset(folded(name) for name in load_words().names[role])


def has_role(name: str, role: str) -> bool:
    """Whether a column of this name is commonly used for `role`."""
    return folded(name) in _names(role)


def says(name: str, what: str) -> bool:
    """Whether the name holds a word for `what` (power, cumulative, interval, primary …)."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return any(word in plain for word in load_words().says[what])
