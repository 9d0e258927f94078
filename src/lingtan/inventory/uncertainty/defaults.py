"""How uncertain an input is where nobody said: `lingtan_data/methods/uncertainty.yaml`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from statistics import NormalDist

from lingtan.documents import Record, load_record
from lingtan.standards.records import Sourced

LEVEL = 95.0  # the confidence, in percent, at which half-widths are given back


@dataclass(frozen=True, slots=True)
class Spread:
    """A relative uncertainty: `percent` of the value either side, at `confidence` percent."""

    percent: Decimal | float
    confidence: Decimal | float = LEVEL

    @property
    def is_usable(self) -> bool:
        """Whether percent is finite and not negative, and the confidence lies between 0 and 100."""
        percent, confidence = float(self.percent), float(self.confidence)
        return math.isfinite(percent) and percent >= 0 and 0 < confidence < 100

    @property
    def deviation(self) -> float:
        """The relative standard deviation (1 = the value itself): half-width by normal quantile."""
        return float(self.percent) / 100 / quantile(float(self.confidence))


def quantile(confidence: float) -> float:
    """Standard deviations either side of the mean that hold `confidence` percent of a normal: 95 → 1.96."""
    return NormalDist().inv_cdf(0.5 + confidence / 200)


class Width(Sourced):
    """A half-width in percent of the value, at `confidence` percent."""

    confidence: Decimal

    @property
    def spread(self) -> Spread:
        """The numbers alone."""
        return Spread(self.value, self.confidence)


class Band(Sourced):
    """A grade of data quality and the least score that reaches it."""

    grade: int


class Defaults(Record):
    """Widths by kind of input and of factor, scores (1 to 6) by kind, bands of the product of two scores."""

    review_by: date
    inputs: Mapping[str, Width]
    factor_kinds: Mapping[str, str]
    activity_scores: Mapping[str, Sourced]
    factor_scores: Mapping[str, Sourced]
    bands: tuple[Band, ...]

    def grade(self, score: float) -> int | None:
        """The grade of a score; None below the last band, whose successors are not known."""
        return next((band.grade for band in self.bands if score >= band.value), None)


@cache
def load_defaults() -> Defaults:
    """The shipped defaults; EditionError if our file is wrong."""
    return load_record(Defaults, "methods", "uncertainty.yaml")
