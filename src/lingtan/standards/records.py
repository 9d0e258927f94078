"""An edition of a standard as data. Every value has unit, basis and clause.

Titles (Chinese) and descriptions (English) of the fields are the words that the JSON Schema for
editors and `edition diff` use.
"""

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

    value: Decimal = Field(title="数值", description="value")
    unit: str = Field(title="单位", description="unit")
    basis: Basis = Field(title="依据类别", description="basis")
    source: str = Field(title="出处", description="source")
    zh: str = Field("", title="中文名称", description="Chinese name")
    en: str = Field("", title="英文名称", description="English name")


class Term(Record):
    """A named quantity: a formula over registers, facts, parameters and other terms."""

    zh: str = Field(title="中文名称", description="Chinese name")
    en: str = Field(title="英文名称", description="English name")
    unit: str = Field("1", title="单位", description="unit")
    formula: str = Field(title="公式", description="formula")


class Case(Record):
    """One expectation beside its rule: given term values (null = missing), what must come out.

    Fields left out are not checked. `missing`: the value is not known.
    """

    name: str = Field(title="情形", description="name")
    given: Mapping[str, Decimal | bool | str | None] = Field(title="给定值", description="given values")
    value: Decimal | None = Field(None, title="应得值", description="expected value")
    earned: Decimal | None = Field(None, title="应得分", description="expected points")
    passed: bool | None = Field(None, title="是否达标", description="passed")
    missing: bool = Field(False, title="缺数据", description="value not known")
    applies: bool = Field(True, title="是否适用", description="applies")


class Gate(Record):
    """A basic requirement. `formula` gives yes or no over terms, facts and parameters."""

    id: str = Field(title="编号", description="id")
    zh: str = Field(title="中文名称", description="Chinese name")
    en: str = Field(title="英文名称", description="English name")
    formula: str = Field(title="公式", description="formula")
    basis: Basis = Field(title="要求的依据类别", description="basis of the requirement")
    rule_basis: Basis = Field(title="判定规则的依据类别", description="basis of its rule")
    clause: str = Field(title="条款", description="clause")
    reason_zh: str = Field(title="未通过的说明（中文）", description="reason in Chinese")
    reason_en: str = Field(title="未通过的说明（英文）", description="reason in English")
    cases: tuple[Case, ...] = Field(min_length=1, title="用例", description="cases")


class Indicator(Record):
    """A third-level indicator.

    With points: linear between `score_none_at` (0) and `score_full_at` (all), clipped;
    a constraint worse than `pass_at` is failed and earns 0. With `target` (an expression in
    `unit`): passed when the value reaches it; no points. `round_to`: digits used when the
    edition compares rounded values. `inapplicable_*`: the stated reason when `applies_when` is no.
    """

    code: str = Field(title="代号", description="code")
    id: str = Field(title="编号", description="id")
    level2: str = Field(title="所属上级指标", description="level above")
    zh: str = Field(title="中文名称", description="Chinese name")
    en: str = Field(title="英文名称", description="English name")
    kind: Kind = Field(title="类型", description="kind")
    kind_basis: Basis = Field(title="类型的依据类别", description="basis of the kind")
    direction: Direction = Field(title="方向", description="direction")
    unit: str = Field(title="单位", description="unit")
    formula: str = Field(title="公式", description="formula")
    formula_basis: Basis = Field(title="公式的依据类别", description="basis of the formula")
    clause: str = Field(title="条款", description="clause")
    points: Decimal | None = Field(None, title="分值", description="points", ge=0)
    points_basis: Basis | None = Field(None, title="分值的依据类别", description="basis of the points")
    score_none_at: Decimal | None = Field(None, title="零分线", description="limit for no points")
    score_full_at: Decimal | None = Field(None, title="满分线", description="limit for all points")
    pass_at: Decimal | None = Field(None, title="合格线", description="pass line")
    target: str | None = Field(None, title="目标值", description="target")
    values_basis: Basis = Field(title="限值的依据类别", description="basis of the limits")
    values_source: str = Field(title="限值的出处", description="source of the limits")
    round_to: int | None = Field(None, title="修约位数", description="digits to round to", ge=0, le=12)
    applies_when: str = Field("", title="适用条件", description="condition to apply")
    inapplicable_zh: str = Field("", title="不适用说明（中文）", description="reason in Chinese")
    inapplicable_en: str = Field("", title="不适用说明（英文）", description="reason in English")
    review_by: str = Field("", title="复核期限", description="review by")
    cases: tuple[Case, ...] = Field(min_length=1, title="用例", description="cases")


class Level(Record):
    """A first- or second-level indicator. `at_least`: so many of its indicators must be passed (k of n)."""

    code: str = Field(title="代号", description="code")
    zh: str = Field(title="中文名称", description="Chinese name")
    en: str = Field(title="英文名称", description="English name")
    parent: str = Field("", title="上级代号", description="parent")
    at_least: int | None = Field(None, title="至少达标项数", description="least number passed", ge=1)
    basis: Basis = Field(title="依据类别", description="basis")
    clause: str = Field("", title="条款", description="clause")


class Condition(Record):
    """A further condition of an award: the value of an indicator reaches `at_least` (exact)."""

    indicator: str = Field(title="指标", description="indicator")
    at_least: Decimal = Field(title="至少", description="at least")
    basis: Basis = Field(title="依据类别", description="basis")


class Award(Record):
    """Stars (or an acceptance without stars) and what they need."""

    id: str = Field(title="编号", description="id")
    zh: str = Field(title="中文名称", description="Chinese name")
    en: str = Field(title="英文名称", description="English name")
    stars: int | None = Field(None, title="星级", description="stars", ge=1)
    from_score: Decimal | None = Field(None, title="起始得分", description="from score")
    all_gates: bool = Field(True, title="须满足全部基本要求", description="all gates")
    required_kinds: tuple[Kind, ...] = Field((), title="须全部达标的类型", description="kinds to pass")
    all_groups: bool = Field(False, title="须满足各组项数", description="all groups")
    conditions: tuple[Condition, ...] = Field((), title="附加条件", description="further conditions")
    basis: Basis = Field(title="依据类别", description="basis")
    source: str = Field(title="出处", description="source")


class EditionHead(Record):
    """What `edition.yaml` holds. `complete` false says that the document is known in part only."""

    id: str = Field(title="编号", description="id")
    zh: str = Field(title="中文名称", description="Chinese name")
    en: str = Field(title="英文名称", description="English name")
    issuer: str = Field(title="发布单位", description="issuer")
    issued_on: str = Field(title="发布日期", description="issued on")
    source: str = Field(title="出处", description="source")
    source_url: str = Field("", title="出处网址", description="source address")
    complete: bool = Field(title="是否完整", description="complete")
    remark_zh: str = Field("", title="说明（中文）", description="remark in Chinese")
    remark_en: str = Field("", title="说明（英文）", description="remark in English")
    review_by: str = Field(title="复核期限", description="review by")
    total_points: Decimal | None = Field(None, title="总分", description="total points")
    comparison: Literal["full", "rounded"] = Field("full", title="比较规则", description="comparison rule")
    comparison_basis: Basis = Field(
        "operator-set", title="比较规则的依据类别", description="basis of the comparison rule"
    )
    inventory_method: Literal["park", "cn-ndrc-910"] = Field(
        "park", title="核算方法", description="inventory method"
    )
    principles: tuple[str, ...] = Field((), title="原则", description="principles")
    process: tuple[str, ...] = Field((), title="程序", description="process")
    levels: tuple[Level, ...] = Field(title="上级指标", description="levels")
    awards: tuple[Award, ...] = Field(title="等级", description="awards")
    lifecycle: Mapping[str, Sourced] = Field(
        default_factory=dict, title="有效期与监督", description="lifecycle"
    )


class Edition(EditionHead):
    """A whole edition. `sha256` is the hash of its content, not of its layout or comments."""

    gates: tuple[Gate, ...] = Field(title="基本要求", description="gates")
    indicators: tuple[Indicator, ...] = Field(title="指标", description="indicators")
    parameters: Mapping[str, Sourced] = Field(default_factory=dict, title="参数", description="parameters")
    terms: Mapping[str, Term] = Field(default_factory=dict, title="项", description="terms")
    sha256: str = ""
