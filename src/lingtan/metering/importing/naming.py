"""Which meter of the register a name in a file stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from threading import Lock

import polars as pl

from lingtan.dossier.cells import LONGEST_ID
from lingtan.metering.importing.words import without_unit

UNKNOWN = -1
BAD = -2
MOST_METERS = 1_000_000
_SHORTEST_RUN = 4  # rows of a meter below one another, on average, that are worth a look
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]")


class Naming:
    """Names to meters. Without register every name is a meter of its own.

    A meter has a number in `ids`; UNKNOWN and BAD stand for names that are none.
    """

    def __init__(self, meters: Iterable[str] | None, names: Mapping[str, str]) -> None:
        self._stated = {_plain(name): meter for name, meter in names.items()}
        self.is_open = meters is None
        self._known = frozenset(meters or ()) | (frozenset(names.values()) if self.is_open else frozenset())
        self._alike = _unique((_plain(meter), meter) for meter in sorted(self._known))
        self._digits = _unique((m.lstrip("0"), m) for m in sorted(self._known) if m.isdigit())
        self.ids: list[str] = []
        self._numbers: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._lock = Lock()
        self.unknown: dict[str, None] = {}

    def find(self, name: str) -> str | None:
        """The id of the meter `name` stands for: as stated, equal, or equal but for form and unit."""
        bare = name.strip()
        if bare in self._known:
            return bare
        if not bare or len(bare) > LONGEST_ID or _FORBIDDEN.search(bare):
            return None
        plain = _plain(bare)
        for key in (plain, _plain(without_unit(unicodedata.normalize("NFKC", bare)))):
            found = self._stated.get(key) or self._alike.get(key)
            if found:
                return found
        number = bare.removesuffix(".0").lstrip("0")
        if number.isdigit() and number in self._digits:
            return self._digits[number]
        return bare if self.is_open else None

    def number(self, meter: str) -> int:
        """The number of a meter by its id."""
        if meter not in self._numbers:
            self._numbers[meter] = len(self.ids)
            self.ids.append(meter)
        return self._numbers[meter]

    def numbers(self, names: pl.Series) -> pl.Series:
        """The number of the meter for each name, UNKNOWN or BAD."""
        runs = names.rle().struct.unnest()
        if runs.height * _SHORTEST_RUN > len(names):
            return self._numbers_of(names)
        numbers = self._numbers_of(runs["value"]).to_numpy()
        return pl.Series(numbers.repeat(runs["len"].to_numpy()), dtype=pl.Int32)

    def _numbers_of(self, names: pl.Series) -> pl.Series:
        with self._lock:
            local = {name: self._seen_number(name) for name in names.unique().drop_nulls().to_list()}
        if not local:
            return pl.Series([UNKNOWN], dtype=pl.Int32).new_from_index(0, len(names))
        old, new = list(local), list(local.values())
        return names.replace_strict(old, new, default=UNKNOWN, return_dtype=pl.Int32)

    def _seen_number(self, name: str) -> int:
        if name not in self._seen and len(self._seen) < MOST_METERS:
            self._seen[name] = self._number_of(name)
        return self._seen.get(name, UNKNOWN)

    def _number_of(self, name: str) -> int:
        meter = self.find(name)
        if meter is not None:
            return self.number(meter)
        if name.strip() and (_FORBIDDEN.search(name.strip()) or len(name.strip()) > LONGEST_ID):
            return BAD
        if len(self.unknown) < MOST_METERS:
            self.unknown.setdefault(name.strip())
        return UNKNOWN


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pairs whose key stands for one meter only."""
    found: dict[str, str | None] = {}
    for key, meter in pairs:
        found[key] = None if key in found and found[key] != meter else meter
    return {key: meter for key, meter in found.items() if meter and key}
