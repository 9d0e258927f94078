"""The numbers and words of the review as the scheme sets them (`lingtan_data/process/review.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from lingtan.documents import Record, load_record
from lingtan.trace import Basis


class Term(Record):
    """One number with unit, basis, source and words."""

    value: Decimal = Field(ge=0)
    unit: str
    basis: Basis
    source: str = Field(min_length=1)
    zh: str
    en: str

    @property
    def count(self) -> int:
        """The value as a whole number (days, years, persons)."""
        return int(self.value)


class Terms(Record):
    """Every number the review asks for, by name: one that is missing is a fault of the file."""

    answer_days: Term
    appeal_days: Term
    evaluator_cap: Term
    rotation_years: Term
    cooling_years: Term
    independence_years: Term
    panel_seats: Term
    quorum_share: Term
    approval_share: Term
    sample_share: Term
    sample_least: Term
    sample_rows: Term
    second_readings: Term


class Band(Record):
    """Words for a kappa from `lower` upwards."""

    lower: Decimal = Field(alias="from")
    zh: str
    en: str
    basis: Basis
    source: str


class Declaration(Record):
    """A sentence that a person says yes or no to; a yes keeps the person out."""

    zh: str
    en: str
    basis: Basis
    source: str


Grade = Literal["readings", "proven", "entered", "estimated", "unknown"]


class ReviewTerms(Record):
    """The whole file."""

    review_by: str
    terms: Terms
    uncertainty: Mapping[Grade, Term]
    rests_on: Mapping[str, tuple[str, ...]]
    agreement: tuple[Band, ...] = Field(min_length=1)
    independence: Mapping[str, Declaration] = Field(min_length=1)
    conflict: Mapping[str, Declaration] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_coherent(self) -> ReviewTerms:
        lowers = [band.lower for band in self.agreement]
        if lowers != sorted(set(lowers)) or lowers[0] > -1:
            raise ValueError("bands of agreement must rise from -1")
        if self.terms.panel_seats.count % 2 == 0:
            raise ValueError("panel_seats must be odd")
        return self

    def registers_of(self, fact: str) -> tuple[str, ...]:
        """The registers a fact is computed from; none for what the park sheet says itself."""
        begun = [start for start in self.rests_on if fact.startswith(start)]
        return self.rests_on[max(begun, key=len)] if begun else ()

    def sentence(self, declaration: Declaration, language: str) -> str:
        """The words of a declaration with its years filled in."""
        text = declaration.en if language == "en" else declaration.zh
        return text.format(years=self.terms.independence_years.count)


@cache
def load_review_terms() -> ReviewTerms:
    """The terms as shipped; EditionError with every fault if the file is wrong."""
    return load_record(ReviewTerms, "process", "review.yaml")
