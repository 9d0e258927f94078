"""One gate and one indicator judged, with the trace of its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from lingtan.assessment.records import GateResult
from lingtan.assessment.standing import Judged, as_decimal
from lingtan.assessment.values import Values
from lingtan.expressions import evaluate_plain
from lingtan.standards import compute_points, score_indicator
from lingtan.standards.records import Edition, Gate, Indicator
from lingtan.trace import Gap, Node, Origin, gaps_below, gaps_of

_EARNED = "points * max(0, min(1, (value - score_none_at) / (score_full_at - score_none_at)))"
_WORSE = {"higher": "value < pass_at", "lower": "value > pass_at"}
_REACHES = {"higher": "value >= target", "lower": "value <= target"}


def judge_gates(edition: Edition, values: Values) -> tuple[GateResult, ...]:
    """Every basic requirement: passed, failed, or (None) not known for want of data."""
    return tuple(_judge_gate(gate, values) for gate in edition.gates)


def _judge_gate(gate: Gate, values: Values) -> GateResult:
    node = values.evaluate(values.compiled.gates[gate.id], f"gate.{gate.id}", "1")
    node = replace(node, basis=gate.basis, clause=gate.clause, note=gate.zh)
    passed = node.value if isinstance(node.value, bool) else None
    missing = () if passed else gaps_of(node)
    return GateResult(gate.id, gate.zh, gate.en, passed, gate.reason_zh, gate.reason_en, missing, node)


def judge_indicators(edition: Edition, values: Values) -> tuple[Judged, ...]:
    """Every indicator: what does not apply is taken out and its points are spread (7.1, 7.2)."""
    applies = {i.code: _applies(i, values) for i in edition.indicators}
    points = compute_points(edition, applies)
    judged = [_judge(i, values, applies[i.code], points) for i in edition.indicators]
    gaps = gaps_below([one.node for one in judged])
    return tuple(
        replace(one, gaps=lacking or _undefined(one)) if one.applies else one
        for one, lacking in zip(judged, gaps, strict=True)
    )


def _undefined(judged: Judged) -> tuple[Gap, ...]:
    """A value that is unknown though all its data are there (a division by nothing) is said so."""
    formula = f"{judged.indicator.id} = {judged.indicator.formula}"
    return (Gap(formula, "park"),) if judged.value is None else ()


def _applies(indicator: Indicator, values: Values) -> bool:
    """Only a known no takes an indicator out; data that are missing do not."""
    condition = values.compiled.applies.get(indicator.code)
    if condition is None:
        return True
    return values.evaluate(condition, f"{indicator.code}.applies", "1").value is not False


def _judge(indicator: Indicator, values: Values, applies: bool, points: Mapping[str, Fraction]) -> Judged:
    value = values.evaluate(values.compiled.indicators[indicator.code], indicator.id, indicator.unit)
    value = replace(value, basis=indicator.formula_basis, clause=indicator.clause, note=indicator.zh)
    known = value.value if isinstance(value.value, Decimal) else None
    if not applies:
        zero = Fraction(0)
        return Judged(indicator, False, known, zero, zero, None, value, reason=indicator.inapplicable_zh)
    comparison = values.compiled.edition.comparison
    compared = _compared_node(indicator, value, comparison)
    if indicator.target is not None:
        return _judge_target(indicator, value, compared, values)
    scored = score_indicator(indicator, known, comparison=comparison)
    worth = points.get(indicator.code, Fraction(0))
    share = scored.earned / Fraction(indicator.points) if indicator.points else Fraction(0)
    node = _earned_node(indicator, compared, worth)
    return Judged(indicator, True, known, worth, worth * share, scored.passed, node)


def _compared_node(indicator: Indicator, value: Node, comparison: str) -> Node:
    """The value as it is compared: as it stands, or rounded (GB/T 8170) where the edition says so."""
    if comparison == "full" or indicator.round_to is None:
        return value
    digits = Node(
        "digits", Decimal(indicator.round_to), origin=Origin("parameter", f"{indicator.code}.round_to")
    )
    rounded = evaluate_plain("rounded(value, digits)", {"value": value.value, "digits": digits.value})
    inputs = (("value", value), ("digits", digits))
    return Node(f"{indicator.id}.rounded", rounded, value.unit, rule="rounded(value, digits)", inputs=inputs)


def _judge_target(indicator: Indicator, value: Node, compared: Node, values: Values) -> Judged:
    """An indicator without points: passed when the value reaches the target; else not known."""
    name = f"{indicator.code}.target"
    target = values.evaluate(values.compiled.targets[indicator.code], name, indicator.unit)
    target = replace(target, basis=target.basis or indicator.values_basis)
    inputs = (("value", compared), ("target", target))
    rule = _REACHES[indicator.direction]
    reached = evaluate_plain(rule, {label: node.value for label, node in inputs})
    node = Node(f"{indicator.code}.passed", reached, rule=rule, inputs=inputs)
    known = value.value if isinstance(value.value, Decimal) else None
    passed = reached if isinstance(reached, bool) else None
    return Judged(indicator, True, known, Fraction(0), Fraction(0), passed, node)


def _earned_node(indicator: Indicator, value: Node, worth: Fraction) -> Node:
    """The points earned as a rule over value, limits and points; missing data earn nothing."""
    rule = _EARNED
    limits = ["score_none_at", "score_full_at"]
    if indicator.pass_at is not None and indicator.kind == "constraint":
        rule = f"if {_WORSE[indicator.direction]} then 0 else {rule}"
        limits.append("pass_at")
    inputs = (
        ("value", value),
        ("points", _points_node(indicator, worth)),
        *((name, _limit_node(indicator, name)) for name in limits),
    )
    rule = f"if known(value) then ({rule}) else 0"
    earned = evaluate_plain(rule, {label: node.value for label, node in inputs})
    return Node(f"{indicator.code}.earned", earned, rule=rule, inputs=inputs, clause=indicator.clause)


def _points_node(indicator: Indicator, worth: Fraction) -> Node:
    redistributed = worth != Fraction(indicator.points or 0)
    note = f"{indicator.points} before redistribution" if redistributed else ""
    origin = Origin("parameter", f"{indicator.code}.points")
    basis = indicator.points_basis or "operator-set"
    return Node("points", as_decimal(worth), origin=origin, basis=basis, note=note)


def _limit_node(indicator: Indicator, name: str) -> Node:
    detail = {"source": indicator.values_source}
    origin = Origin("parameter", f"{indicator.code}.{name}", detail=detail)
    limit: Decimal | None = getattr(indicator, name)
    return Node(name, limit, indicator.unit, origin=origin, basis=indicator.values_basis)
