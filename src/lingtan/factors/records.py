"""A factor as a document has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from lingtan.errors import Fault
from lingtan.trace import Basis

GwpSet = Literal["AR4", "AR5", "AR6"]


@dataclass(frozen=True, slots=True)
class Factor:
    """A number from a document.

    `value` None is "not found": the document was looked for and the number is not known.
    `second_hand` marks a transcription that was not checked against the document.
    `year` is the vintage (0 if the source has none); valid_from / valid_to bound its use
    (reporting years, 0 = unbounded). `replaced_by`: the id to use instead; such a factor is
    found by its id only. `method`: the accounting method it belongs to, "" = any.
    `overrides`: of a factor of one's own, the shipped id whose place it takes.
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
    replaced_by: str = ""
    method: str = ""
    overrides: str = ""


@dataclass(frozen=True, slots=True)
class FoundFactor:
    """The factor chosen, why this vintage, and what to know about it.

    `factor.value` is never None here. `because` is the Chinese reason; `faults` are warnings
    and notes, `warnings` the codes of those that are warnings.
    """

    factor: Factor
    because: str
    warnings: tuple[str, ...] = ()
    because_zh: str = ""
    because_en: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class FactorKind:
    """What a kind of factor measures. `ages`: a `yearly` series warns when more than two years
    old, a `document` stays until revised (note only). `units`: one unit for each dimension."""

    id: str
    zh: str
    en: str
    ages: Literal["yearly", "document"]
    units: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Region:
    """A place that factors are for, and the wider one it lies in (`world` has none)."""

    id: str
    zh: str
    en: str
    parent: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gwp:
    """GWP100 of a gas or blend in kgCO2e/kg: the Kyoto gases and the others apart, never summed here.

    `parts`: mass share and factor of each component (share 1 for a single gas).
    """

    gas: str
    name: str
    gwp_set: GwpSet
    kyoto: Decimal
    non_kyoto: Decimal
    parts: tuple[tuple[Decimal, Factor], ...]
    because_zh: str
    because_en: str
    unit: str = "kgCO2e/kg"


@dataclass(frozen=True, slots=True)
class Equipment:
    """A type of cooling or switchgear equipment; its id is the activity of `leak_*`."""

    id: str
    zh: str
    en: str
    aliases: tuple[str, ...]
