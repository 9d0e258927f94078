"""The result of an assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lingtan.errors import Fault
from lingtan.inventory.records import Inventory
from lingtan.ledger.records import Ledger
from lingtan.trace import Basis, Gap, Node


@dataclass(frozen=True, slots=True)
class GateResult:
    """passed None = not known (data missing), which does not open the gate."""

    id: str
    zh: str
    en: str
    passed: bool | None
    reason_zh: str
    reason_en: str
    missing: tuple[Gap, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """`points` are the points at stake after redistribution; `passed` None = no pass line, or not known."""

    code: str
    id: str
    zh: str
    en: str
    kind: str
    value: Decimal | None
    unit: str
    points: Decimal | None
    earned: Decimal | None
    passed: bool | None
    applies: bool
    inapplicable_reason: str
    missing: tuple[Gap, ...]
    basis: Basis
    node: Node


@dataclass(frozen=True, slots=True)
class LevelResult:
    """Points and points earned of a first- or second-level indicator; `passed` of a k-of-n group."""

    code: str
    zh: str
    en: str
    points: Decimal
    earned: Decimal
    passed: bool | None


@dataclass(frozen=True, slots=True)
class MissingDatum:
    """A datum to ask for, how many points hang on it, and whether the stars could change with it."""

    datum: str
    asked_of: str
    indicators: tuple[str, ...]
    gates: tuple[str, ...]
    points_at_stake: Decimal
    could_change_stars: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """A park under one edition on one date. Same dossier, edition and date: same bytes."""

    park: str
    park_zh: str
    edition: str
    edition_zh: str
    edition_sha256: str
    dossier_sha256: str
    readings_sha256: str
    software: str
    on: date
    stars: int | None
    stage: str | None
    score: Decimal | None
    gates: tuple[GateResult, ...]
    indicators: tuple[IndicatorResult, ...]
    levels: tuple[LevelResult, ...]
    missing: tuple[MissingDatum, ...]
    basis_count: dict[Basis, int]
    withheld: tuple[Fault, ...]
    faults: tuple[Fault, ...]
    inventory: Inventory
    national: Inventory
    ledger: Ledger
    score_node: Node
