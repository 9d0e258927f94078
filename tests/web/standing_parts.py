"""Results and editions made by hand, of one award system: 60, 80, 90 points, gates, constraints."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from inventory_parks import park

from lingtan.assessment import Assessment, assess
from lingtan.assessment.records import GateResult, IndicatorResult, MissingDatum
from lingtan.standards import load_edition
from lingtan.standards.records import Condition, Edition, Indicator
from lingtan.trace import Gap, Node

D = Decimal


def gate(id: str, passed: bool | None, *missing: Gap) -> GateResult:
    """A basic requirement judged."""
    return GateResult(
        id, f"要求{id}", f"Gate {id}", passed, "不满足的原因", "why not", missing, Node(id, passed)
    )


def indicator(
    code: str,
    value: str | None,
    points: str | None,
    earned: str | None,
    *,
    kind: str = "guiding",
    passed: bool | None = None,
    applies: bool = True,
    missing: tuple[Gap, ...] = (),
) -> IndicatorResult:
    """An indicator judged; its id is its code in lower case."""
    return IndicatorResult(
        code=code, id=code.lower(), zh=f"指标{code}", en=f"Indicator {code}", kind=kind,
        value=None if value is None else D(value), unit="%", points=None if points is None else D(points),
        earned=None if earned is None else D(earned), passed=passed, applies=applies, inapplicable_reason="",
        missing=missing, basis="operator-set", node=Node(code, None),
    )  # fmt: skip


def datum(name: str, points: str, *codes: str, gates: tuple[str, ...] = (), of: str = "park") -> MissingDatum:
    """A missing datum."""
    return MissingDatum(name, of, codes, gates, D(points), False)


@cache
def _blank() -> tuple[Assessment, Edition, Indicator]:
    """A real result of an empty park, to be filled by hand."""
    edition = load_edition("sh-seesa-zctp-2024")
    return assess(park(), edition, on=date(2025, 6, 30)), edition, edition.indicators[0]


def standing(
    score: str | None,
    *indicators: IndicatorResult,
    stage: str | None = None,
    gates: tuple[GateResult, ...] = (),
    missing: tuple[MissingDatum, ...] = (),
    condition: str = "",
    **declared: Any,
) -> tuple[Assessment, Edition]:
    """A result with these parts, and an edition that declares them from 0 to 100 %.

    `condition`: the indicator that must reach 100 for the highest award.
    """
    blank, edition, pattern = _blank()
    made = tuple(
        pattern.model_copy(
            update={"code": one.code, "id": one.id, "zh": one.zh, "en": one.en, "kind": one.kind, "unit": "%",
                    "points": one.points, "score_none_at": D(0), "score_full_at": D(100), "pass_at": D(50),
                    "direction": "higher", **declared.get(one.code, {})}
        )
        for one in indicators
    )  # fmt: skip
    conditions = (Condition(indicator=condition, at_least=D(100), basis="operator-set"),) if condition else ()
    *lower, highest = edition.awards
    awards = (*lower, highest.model_copy(update={"conditions": conditions}))
    result = replace(
        blank, stage=stage, stars={"basic": 3, "creation": 4, "benchmark": 5}.get(stage or ""),
        score=None if score is None else D(score), gates=gates, indicators=indicators, missing=missing,
        withheld=(),
    )  # fmt: skip
    return result, edition.model_copy(update={"awards": awards, "indicators": made})
