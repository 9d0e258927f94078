"""Tariffs as dated records: which hours of which days belong to which period, and at which ratio."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from lingtan.documents import Record, load_record
from lingtan.trace import Basis

PeriodName = Literal["sharp", "peak", "flat", "valley", "deep"]
PERIODS: tuple[PeriodName, ...] = get_args(PeriodName)
"""Names of periods; a period's code is its place here."""

DayName = Literal[
    "workday", "rest-day", "new-year", "spring-festival", "qingming", "labour-day", "dragon-boat",
    "mid-autumn", "national-day", "other-holiday",
]  # fmt: skip
"""Every day is of exactly one kind; a make-up working day is a workday."""

DAY_MINUTES = 1440
_WINDOW = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")

Span = tuple[int, int]
"""Minutes of the local day, half-open."""


def parse_hours(texts: Any) -> Any:
    """`22:00-06:00` and the like as spans within a day; ValueError for what is none."""
    spans: list[Span] = []
    for text in [texts] if isinstance(texts, str) else texts:
        match = _WINDOW.fullmatch(str(text))
        begin, end = (int(match[i]) * 60 + int(match[i + 1]) for i in (1, 3)) if match else (0, 0)
        end = end or DAY_MINUTES
        if match is None or begin >= DAY_MINUTES or end > DAY_MINUTES or begin == end:
            raise ValueError(f"hours are written 22:00-06:00, not {text}")
        spans += [(begin, end)] if begin < end else [(begin, DAY_MINUTES), (0, end)]
    return tuple(spans)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not a time zone, such as Asia/Shanghai") from None
    return name


Hours = Annotated[tuple[Span, ...], BeforeValidator(parse_hours), Field(min_length=1)]
Month = Annotated[int, Field(ge=1, le=12)]
Months = Annotated[tuple[Month, ...], Field(min_length=1)]
ALL_MONTHS = tuple(range(1, 13))


class Words(Record):
    """A text in Chinese and English."""

    zh: str
    en: str


class Rule(Record):
    """These hours, in these months and on these days, are of this period.

    `days` empty: all. `over`: the periods it takes its hours from, as documents say "of these".
    `rest`: it has what no other rule has ("the other hours").
    """

    period: PeriodName
    hours: Hours
    months: Months = ALL_MONTHS
    days: tuple[DayName, ...] = ()
    over: tuple[PeriodName, ...] = ()
    rest: bool = False


class HourRules(Record):
    """Rules of one document."""

    document: str
    basis: Basis
    source: str
    rules: tuple[Rule, ...]


class Season(Record):
    """Ratios to the flat price in these months; they act on the floating part of the price only."""

    months: Months = ALL_MONTHS
    of_flat: dict[PeriodName, Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]]


class Ratios(Record):
    """Ratios of one document."""

    document: str
    basis: Basis
    source: str
    seasons: tuple[Season, ...]


class Version(Record):
    """A tariff as it stands from a day on, until the next version or `valid_to` (the last day).

    `valid_from` is the earliest day. Where the day of entry into force was not found,
    `surely_from` is the first on which it is known to hold, None if no such day is known.
    `conditions` are rules of the document that no calendar decides (hot days); not in the hours.
    """

    id: str
    valid_from: date
    surely_from: date | None = None
    dated: bool = True
    valid_to: date | None = None
    basis: Basis
    source: str
    hours: tuple[HourRules, ...]
    ratios: Ratios | None = None
    conditions: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all its documents, in order."""
        return tuple(rule for part in self.hours for rule in part.rules)

    @property
    def sure(self) -> date | None:
        """The first day on which it surely holds, if one is known."""
        return self.surely_from or (self.valid_from if self.dated else None)

    def ratio(self, period: PeriodName, month: int) -> Decimal | None:
        """The ratio of `period` to the flat price in `month`; None if no document gives it."""
        for season in self.ratios.seasons if self.ratios else ():
            if month in season.months and period in season.of_flat:
                return season.of_flat[period]
        return None


class Tariff(Record):
    """A tariff of an area for a class of users; `calendar` tells workdays: `cn`, or `week` (Mon-Fri)."""

    id: str
    zh: str
    en: str
    area: str
    zone: Annotated[str, AfterValidator(_zone)]
    calendar: Literal["cn", "week"] = "week"
    applies_to: Words
    url: str = ""
    review_by: date
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]


class TariffFile(Record):
    """What a file of tariffs holds."""

    tariffs: tuple[Tariff, ...]


class TariffWords(Record):
    """Words for people: periods, kinds of days, columns of a price sheet."""

    periods: dict[PeriodName, Words]
    days: dict[DayName, Words]
    columns: dict[str, Words]


@cache
def load_words() -> TariffWords:
    """The shipped words of tariffs; EditionError if our file is wrong."""
    return load_record(TariffWords, "tariffs", "words.yaml")
