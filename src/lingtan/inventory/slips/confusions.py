"""Units that are taken for one another, as `lingtan_data/methods/slips.yaml` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from lingtan.documents import Record, load_record
from lingtan.quantities import UnitError, scale
from lingtan.standards.records import Sourced
from lingtan.trace import Basis

Of = Literal["quantity", "ncv", "carbon", "factor"]
ONE = Decimal(1)
HUNDRED = Decimal(100)
_CALORIES_APART = Decimal("0.001")


class Limits(Record):
    """How near a ratio must be, how many values there must be, and what is impossible."""

    series_percent: Sourced
    series_others: Sourced
    series_neighbours: Sourced
    series_spread: Sourced
    metered_percent: Sourced
    factor_percent: Sourced
    impossible_percent: Sourced
    hydrogen_ncv: Sourced
    pure_carbon: Sourced
    pure_carbon_co2: Sourced
    share: Sourced


class Confusion(Record):
    """Two units, the larger first, and how many of the smaller make one of the larger."""

    ratio: Decimal
    units: tuple[str, str]
    of: tuple[Of, ...]
    zh: str
    en: str
    basis: Basis
    source: str

    def has_unit(self, unit: str) -> bool:
        """Whether `unit` is one of the two, however it is written."""
        return _is_same(unit, self.units[0]) or _is_same(unit, self.units[1])


class Phrase(Record):
    """A phrase in both languages."""

    zh: str
    en: str


class Slips(Record):
    """Limits, phrases and confusions."""

    limits: Limits
    words: Mapping[Literal["stated", "converted", "none"], Phrase]
    confusions: Mapping[str, Confusion]


@dataclass(frozen=True, slots=True)
class Likely:
    """The confusion that explains why `given` (in `unit`) is not `expected`."""

    id: str
    confusion: Confusion
    given: Decimal
    expected: Decimal
    unit: str

    def words(self) -> dict[str, str]:
        """What the words of a fault say of it: the pair, its ratio, and which way it went."""
        larger, smaller = self.confusion.units
        is_larger = _is_same(self.unit, larger)
        other = smaller if is_larger else larger
        # too large a number in the larger unit, or too small a one in the smaller: the other was meant
        is_stated = is_larger == (self.given > self.expected)
        phrase = load_slips().words["stated" if is_stated else "converted"]
        shown = {"given": _shown(self.unit), "other": _shown(other)}
        return {
            "confusion": self.confusion.zh,
            "confused": self.confusion.en,
            "slip": self.id,
            "known": shorten(self.confusion.ratio),
            "likely": phrase.zh.format(**shown),
            "likely_en": phrase.en.format(**shown),
            "meant": shown["other" if is_stated else "given"],
        }


@cache
def load_slips() -> Slips:
    """The shipped list; EditionError if our file is wrong."""
    return load_record(Slips, "methods", "slips.yaml")


def _shown(unit: str) -> str:
    return unit.replace("_it", "")  # pint's name of the International Table calorie


@cache
def _is_same(one: str, other: str) -> bool:
    """Whether two units are one, however written and whichever calorie (4.184 J, 4.1868 J) is meant."""
    try:
        return abs(scale(one, other) - ONE) < _CALORIES_APART
    except UnitError:
        return False


@cache
def _confusions(unit: str, of: Of) -> tuple[tuple[str, Confusion], ...]:
    known = load_slips().confusions.items()
    return tuple((id_, one) for id_, one in known if of in one.of and one.has_unit(unit))


def apart(one: Decimal, other: Decimal) -> Decimal:
    """How many times the smaller of two positive numbers the larger one is."""
    return max(one, other) / min(one, other)


def find_likely(given: Decimal, expected: Decimal, unit: str, *, of: Of, percent: Decimal) -> Likely | None:
    """The confusion whose ratio is nearest to that of `given` and `expected`, if within `percent` of it."""
    if given <= 0 or expected <= 0:
        return None
    ratio = apart(given, expected)
    near = [
        (apart(ratio, one.ratio), id_, one)
        for id_, one in _confusions(unit, of)
        if abs(ratio - one.ratio) * HUNDRED <= percent * one.ratio
    ]
    if not near:
        return None
    _, id_, confusion = min(near, key=lambda item: item[0])
    return Likely(id_, confusion, given, expected, unit)


def describe(given: Decimal, expected: Decimal, likely: Likely | None) -> dict[str, object]:
    """The numbers and the likely confusion, for the words of a fault."""
    none = load_slips().words["none"]
    nothing = {"likely": none.zh, "likely_en": none.en, "slip": "", "known": "", "meant": ""}
    times = shorten(given / expected) if expected else ""
    numbers = {"given": shorten(given), "expected": shorten(expected), "ratio": times}
    return {**numbers, **(likely.words() if likely else nothing)}


def shorten(value: Decimal) -> str:
    """`value` to four significant digits, more only before the point."""
    if not value:
        return "0"
    digits = max(0, 3 - value.adjusted())
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
