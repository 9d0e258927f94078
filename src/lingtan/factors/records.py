"""A factor as a document has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lingtan.trace import Basis


@dataclass(frozen=True, slots=True)
class Factor:
    """A number from a document.

    `value` None is "not found": the document was looked for and the number is not known.
    `second_hand` marks a transcription that was not checked against the document.
    `year` is the vintage (0 if the source has none); valid_from / valid_to bound its use.
    """

    id: str
    activity: str
    kind: str
    name_zh: str
    name_en: str
    value: Decimal | None
    unit: str
    gas: str
    region: str
    year: int
    valid_from: int
    valid_to: int
    published_on: str
    source: str
    source_url: str
    basis: Basis
    second_hand: bool
    review_by: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class FoundFactor:
    """The factor chosen, why this vintage, and what to know about it (`warnings` are fault codes' text)."""

    factor: Factor
    because: str
    warnings: tuple[str, ...] = ()
