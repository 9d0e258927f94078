"""An edition of a standard as data. Every value has unit, basis and clause."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from lingtan.documents import Record
from lingtan.trace import Basis

Kind = Literal["constraint", "guiding", "core", "mandatory"]
Direction = Literal["higher", "lower"]


class Sourced(Record):
    """A number of the edition: value, unit, basis, where it stands."""

    value: Decimal
    unit: str
    basis: Basis
    source: str
    zh: str = ""
    en: str = ""


class Term(Record):
    """A named quantity: a formula over registers, facts, parameters and other terms.

    `asked_of`: who can supply it when it is missing: `park` or `enterprise`.
    """

    zh: str
    en: str
    unit: str = "1"
    formula: str
    asked_of: Literal["park", "enterprise"] = "park"


class Case(Record):
    """One expectation beside its rule: given term values (null = missing), what must come out.

    Fields left out are not checked. `missing`: the value is not known.
    """

    name: str
    given: Mapping[str, Decimal | bool | str | None]
    value: Decimal | None = None
    earned: Decimal | None = None
    passed: bool | None = None
    missing: bool = False
    applies: bool = True


class Gate(Record):
    """A basic requirement. `formula` gives yes or no over terms, facts and parameters."""

    id: str
    zh: str
    en: str
    formula: str
    basis: Basis
    rule_basis: Basis
    clause: str
    reason_zh: str
    reason_en: str
    cases: tuple[Case, ...] = Field(min_length=1)


class Indicator(Record):
    """A third-level indicator.

    With points: linear between `score_none_at` (0) and `score_full_at` (all), clipped;
    a constraint worse than `pass_at` is failed and earns 0. With `target` (an expression in
    `unit`): passed when the value reaches it; no points. `round_to`: digits used when the
    edition compares rounded values. `inapplicable_*`: the stated reason when `applies_when` is no.
    """

    code: str
    id: str
    level2: str
    zh: str
    en: str
    kind: Kind
    kind_basis: Basis
    direction: Direction
    unit: str
    formula: str
    formula_basis: Basis
    clause: str
    points: Decimal | None = None
    points_basis: Basis | None = None
    score_none_at: Decimal | None = None
    score_full_at: Decimal | None = None
    pass_at: Decimal | None = None
    target: str | None = None
    values_basis: Basis
    values_source: str
    round_to: int | None = None
    applies_when: str = ""
    inapplicable_zh: str = ""
    inapplicable_en: str = ""
    review_by: str = ""
    cases: tuple[Case, ...] = Field(min_length=1)


class Level(Record):
    """A first- or second-level indicator. `at_least`: so many of its indicators must be passed (k of n)."""

    code: str
    zh: str
    en: str
    parent: str = ""
    at_least: int | None = None
    basis: Basis
    clause: str = ""


class Condition(Record):
    """A further condition of an award: the value of an indicator reaches `at_least` (exact)."""

    indicator: str
    at_least: Decimal
    basis: Basis


class Award(Record):
    """Stars (or an acceptance without stars) and what they need."""

    id: str
    zh: str
    en: str
    stars: int | None = None
    from_score: Decimal | None = None
    all_gates: bool = True
    required_kinds: tuple[Kind, ...] = ()
    all_groups: bool = False
    conditions: tuple[Condition, ...] = ()
    basis: Basis
    source: str


class Edition(Record):
    """A whole edition. `complete` false says that the document is known in part only."""

    id: str
    zh: str
    en: str
    issuer: str
    issued_on: str
    source: str
    source_url: str = ""
    complete: bool
    remark_zh: str = ""
    remark_en: str = ""
    review_by: str
    total_points: Decimal | None = None
    comparison: Literal["full", "rounded"] = "full"
    comparison_basis: Basis = "operator-set"
    inventory_method: Literal["park", "cn-ndrc-910"] = "park"
    principles: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    levels: tuple[Level, ...]
    gates: tuple[Gate, ...]
    indicators: tuple[Indicator, ...]
    parameters: Mapping[str, Sourced] = Field(default_factory=dict)
    terms: Mapping[str, Term] = Field(default_factory=dict)
    awards: tuple[Award, ...]
    lifecycle: Mapping[str, Sourced] = Field(default_factory=dict)
    sha256: str = ""
