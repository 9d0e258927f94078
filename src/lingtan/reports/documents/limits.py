"""Value, limits and verdict of an indicator as cells."""

from __future__ import annotations

from collections.abc import Iterator

from lingtan.assessment.records import Assessment, IndicatorResult
from lingtan.quantities import less
from lingtan.reports.documents.desk import Desk
from lingtan.reports.records import Amount, Run, Runs
from lingtan.reports.rounding import amount, full
from lingtan.standards.records import Edition, Indicator
from lingtan.trace import Node

LIMITS = ("score_none_at", "score_full_at", "pass_at")


def find_indicator(edition: Edition, code: str) -> Indicator:
    """The indicator of the edition behind a result."""
    return next(one for one in edition.indicators if one.code == code)


def value_runs(result: IndicatorResult, desk: Desk, root: str = "assessment") -> Runs:
    """The value with its unit, `缺资料` where it is not known, a word where the indicator does not apply."""
    if not result.applies:
        return (desk.text("verdicts.not_applicable"),)
    if result.value is None:
        return (desk.text("verdicts.missing"),)
    unit = desk.unit(result.unit)
    path = f"{root}/indicators/{result.code}/value"
    return (amount(result.value, result.unit, shown_unit=unit, path=path),)


def points_run(result: IndicatorResult) -> Amount:
    """The points at stake after redistribution."""
    return amount(result.points, "points", path=f"assessment/indicators/{result.code}/points")


def left_run(result: IndicatorResult, formula: str) -> Amount:
    """The points still to be gained: points less points earned, exactly."""
    path = f"assessment/indicators/{result.code}"
    if result.points is None or result.earned is None:
        return Amount(None, 4, "", f"{path}/points")
    left = less(result.points, result.earned)
    return amount(left, "score", path=f"{path}/points - {path}/earned", formula=formula)


def earned_run(result: IndicatorResult) -> Amount:
    """The points earned."""
    return amount(result.earned, "score", path=f"assessment/indicators/{result.code}/earned")


def limit_run(indicator: Indicator, name: str) -> Amount:
    """One limit of the edition with every digit it has."""
    return full(getattr(indicator, name), path=f"edition/indicators/{indicator.code}/{name}")


def limits_runs(indicator: Indicator) -> Runs:
    """Limit of no points, of all points, and the pass line of a constraint."""
    runs: list[Run] = []
    for name in LIMITS:
        runs.extend([" / "] if runs else [])
        runs.append("—" if getattr(indicator, name) is None else limit_run(indicator, name))
    return tuple(runs)


def target_node(result: IndicatorResult) -> Node | None:
    """The target an indicator without points had to reach."""
    return next((node for label, node in result.node.inputs if label == "target"), None)


def target_runs(result: IndicatorResult, desk: Desk, root: str = "assessment") -> Runs:
    """The target with its direction, or that the edition gives none for this park."""
    node = target_node(result)
    if node is None or node.value is None:
        return (desk.text("verdicts.no_target"),) if result.applies else ("—",)
    path = f"{root}/indicators/{result.code}/trace/inputs/target/value"
    sign = "≥" if ">=" in result.node.rule else "≤"
    return (f"{sign} ", amount(node.value, result.unit, shown_unit=desk.unit(result.unit), path=path))


def verdict_run(result: IndicatorResult, desk: Desk) -> Run:
    """Passed or not; that it does not apply, or that it is only scored."""
    if not result.applies:
        return desk.text("verdicts.not_applicable")
    if result.passed is None and result.value is not None and target_node(result) is None:
        return desk.text("verdicts.only_scored")
    return desk.verdict(result.passed)


def terms_of(result: IndicatorResult) -> Iterator[tuple[str, Node, str]]:
    """The terms of the value as the JSON shows them: label, node, path."""
    base = f"assessment/indicators/{result.code}/trace"
    node = result.node
    if result.applies:
        node = next((child for label, child in node.inputs if label == "value"), node)
        base += "/inputs/value"
    if node.name.endswith(".rounded"):
        return
    for label, child in node.inputs:
        if label != "unit_scale":
            yield label, child, f"{base}/inputs/{label}/value"


def is_short(result: IndicatorResult) -> bool:
    """Whether points are left to gain."""
    return bool(
        result.applies and result.points and result.earned is not None and result.earned < result.points
    )


def find_award(result: Assessment, edition: Edition) -> int:
    """The place of the award given among the edition's awards, -1 if none is."""
    return next((n for n, award in enumerate(edition.awards) if award.id == result.stage), -1)
