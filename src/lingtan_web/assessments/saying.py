"""The sentences of the cockpit, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from lingtan.assessment.records import Assessment, GateResult, IndicatorResult, MissingDatum
from lingtan.assessment.withheld import KINDS
from lingtan.quantities import exactly
from lingtan.standards.records import Award, Edition, Indicator, Level
from lingtan.trace import Gap
from lingtan_web.assessments.grouping import group_gaps
from lingtan_web.assessments.naming import name_short, say_down, say_up, say_value
from lingtan_web.assessments.records import NOTHING, Said, Step

if TYPE_CHECKING:
    from lingtan_web.assessments.steps import Standing

NAMED_AT_MOST = 3
AT_LEAST = {"higher": Said("不低于", "at least"), "lower": Said("不高于", "at most")}
RAISE = {"higher": Said("提高", "Raise"), "lower": Said("降低", "Lower")}
Pair = tuple[Said, Said]


def say_headline(result: Assessment, edition: Edition, reached: Award | None) -> Said:
    """`四星（创建），82.2 分`: the award and the score, each where the edition has it."""
    if result.score is not None:
        score = say_down(result.score)
        if reached:
            return Said(f"{reached.zh}，{score} 分", f"{reached.en}: {score} points")
        return Said(f"暂无星级，{score} 分", f"No stars yet: {score} points")
    if reached:
        return Said(reached.zh, reached.en)
    applied = [one for one in result.indicators if one.applies]
    passed = sum(one.passed is True for one in applied)
    counted = Said(
        f"{len(applied)} 项指标中 {passed} 项达标",
        f"{passed} of {len(applied)} indicators reach their target",
    )
    if not edition.awards:
        return counted
    first = edition.awards[0]
    return Said(f"尚无“{first.zh}”的结论，{counted.zh}", f"Not yet “{first.en}”: {counted.en}")


def say_because(result: Assessment, reached: Award | None) -> Iterator[Said]:
    """Why the award is held: score, gates, indicators that must be passed, further conditions."""
    if reached is None:
        return
    if reached.from_score is not None and result.score is not None:
        score, line = say_down(result.score), say_down(reached.from_score)
        yield Said(
            f"综合得分 {score} 分，达到 {line} 分的分数线", f"{score} points, at least {line} are needed"
        )
    if reached.all_gates and result.gates:
        many = len(result.gates)
        yield Said(f"{many} 项基本要求全部通过", f"All {many} basic requirements are met")
    for kind in reached.required_kinds:
        many = sum(one.applies and one.kind == kind for one in result.indicators)
        zh, en = KINDS[kind]
        if many:
            yield Said(f"{many} 项{zh}指标全部达标", f"All {many} {en} indicators are passed")
    yield from _say_conditions(result, reached)


def _say_conditions(result: Assessment, reached: Award) -> Iterator[Said]:
    for condition in reached.conditions:
        one = next(one for one in result.indicators if one.id == condition.indicator)
        if one.value is not None:
            now, need = (
                say_value(one.value, one.unit, "higher"),
                say_value(condition.at_least, one.unit, "lower"),
            )
            yield Said(
                f"{one.zh} {now.zh}，达到 {need.zh}", f"{one.en} {now.en}, at least {need.en} is needed"
            )


def say_remark(result: Assessment, edition: Edition, reached: Award | None) -> Said:
    """What there is to say where no further award is to be had."""
    if not edition.awards:
        return Said("该标准不设等级，只逐项对照目标值。", "This standard has no levels, only targets.")
    if reached and reached.id == edition.awards[-1].id:
        return Said("已是该标准的最高等级。", "This is the highest level of this standard.")
    return NOTHING


def say_short(standing: Standing, short: Decimal) -> Said:
    """The points that are short."""
    above, score = standing.above, standing.result.score
    if above is None or above.from_score is None or score is None:
        return NOTHING
    have, need, lack = say_down(score), say_down(above.from_score), say_up(short)
    return Said(
        f"综合得分还差 {lack} 分（现为 {have} 分，须达 {need} 分）",
        f"{lack} more points (now {have}, needed {need})",
    )


def say_mend(count: str) -> Step:
    """Errors of the dossier come before everything else."""
    return Step(
        "mend",
        "dossier",
        Said(f"改正档案中的 {count} 处错误", f"Mend the {count} errors of the dossier"),
        Said(
            "有错误的数据不能作为授星依据，出错的单元格按缺失处理",
            "an award cannot rest on faulty data; faulty cells count as missing",
        ),
        is_blocking=True,
    )


def say_gate(gate: GateResult) -> Pair:
    """A basic requirement that is not met, or cannot be judged."""
    if gate.passed is False:
        title = Said(f"满足基本要求“{gate.zh}”", f"Meet the basic requirement “{gate.en}”")
        return title, Said(gate.reason_zh, gate.reason_en)
    title = Said(
        f"补齐资料，以判定基本要求“{gate.zh}”",
        f"Hand in what the basic requirement “{gate.en}” is judged by",
    )
    return title, _lacking(gate.missing)


def say_required(one: IndicatorResult, declared: Indicator) -> Pair:
    """An indicator that every award wants to be passed: failed, without data, or without a target."""
    kind = Said(*KINDS[one.kind])
    if one.value is None:
        title = Said(f"补交 {one.code} {one.zh}的资料", f"Hand in the data of {one.code} {one.en}")
        lacking = _lacking(one.missing)
        return title, Said(
            f"{kind.zh}指标无数据按不达标处理；{lacking.zh}", f"{kind.en} indicator; {lacking.en}"
        )
    now = say_value(one.value, one.unit, declared.direction)
    if one.passed is None:
        title = Said(
            f"请主管部门确认 {one.code} {one.zh}适用的目标值",
            f"Ask the authority which target of {one.code} {one.en} applies",
        )
        return title, Said(f"现为 {now.zh}，文件未给出本园区情形的目标", f"now {now.en}; no target is stated")
    limit = _limit(one, declared)
    bound = AT_LEAST[declared.direction]
    title = Said(
        f"{one.code} {one.zh}须{bound.zh} {limit.zh}，现为 {now.zh}",
        f"{one.code} {one.en} must be {bound.en} {limit.en}, now {now.en}",
    )
    return title, Said(
        f"{kind.zh}指标不达标，不授任何等级", f"nothing is awarded while a {kind.en} indicator fails"
    )


def _limit(one: IndicatorResult, declared: Indicator) -> Said:
    """The pass line, or the target, that the value has to reach."""
    targets = [node.value for label, node in one.node.inputs if label == "target"]
    limit = targets[0] if declared.pass_at is None and targets else declared.pass_at
    if not isinstance(limit, Decimal):
        return Said("—", "—")
    opposite = "lower" if declared.direction == "higher" else "higher"
    return say_value(limit, one.unit, opposite)


def say_condition(one: IndicatorResult, at_least: Decimal, above: Award) -> Pair:
    """A further condition of an award."""
    needed = say_value(at_least, one.unit, "lower")
    why = Said(f"{above.zh}的附加条件", f"a further condition of {above.en}")
    if one.value is None:
        title = Said(
            f"{one.code} {one.zh}须达到 {needed.zh}，现无数据",
            f"{one.code} {one.en} must reach {needed.en}, not known now",
        )
        lacking = _lacking(one.missing)
        return title, Said(f"{why.zh}；{lacking.zh}", f"{why.en}; {lacking.en}")
    now = say_value(one.value, one.unit, "higher")
    title = Said(
        f"{one.code} {one.zh}须达到 {needed.zh}，现为 {now.zh}",
        f"{one.code} {one.en} must reach {needed.en}, now {now.en}",
    )
    return title, why


def say_group(level: Level, passed: int) -> Pair:
    """A group with too few indicators passed."""
    title = Said(
        f"指标组“{level.zh}”至少 {level.at_least} 项达标，现为 {passed} 项",
        f"At least {level.at_least} indicators of “{level.en}” must be passed, now {passed}",
    )
    return title, Said("改进组内未达标的指标", "bring further indicators of the group to their targets")


def say_supply(first: MissingDatum, count: int) -> Pair:
    """Data that are missing, and the points that hang on them."""
    name, points = name_short(first.datum, count), say_down(first.points_at_stake)
    codes = "、".join(first.indicators), ", ".join(first.indicators)
    title = Said(f"补交{name.zh}", f"Hand in {name.en}")
    return title, Said(f"关系 {codes[0]}，至多可得 {points} 分", f"for {codes[1]}, up to {points} points")


@exactly
def say_improve(one: IndicatorResult, declared: Indicator, left: Decimal) -> Pair:
    """A value that is known and could be better: how far to full points, and what one point takes."""
    verb = RAISE[declared.direction]
    title = Said(f"{verb.zh} {one.code} {one.zh}", f"{verb.en} {one.code} {one.en}")
    full, none = declared.score_full_at, declared.score_none_at
    if one.value is None or full is None or none is None or not one.points:
        return title, Said(f"还可得 {say_down(left)} 分", f"{say_down(left)} points to gain")
    opposite = "lower" if declared.direction == "higher" else "higher"
    now, goal = say_value(one.value, one.unit, declared.direction), say_value(full, one.unit, opposite)
    each = _step_of(abs(full - none) / one.points, one.unit)
    points = say_down(left)
    return title, Said(
        f"现为 {now.zh}，达到 {goal.zh} 可再得 {points} 分；每{verb.zh} {each.zh}，约得 1 分",
        f"now {now.en}; {points} more points at {goal.en}, about one for each {each.en}",
    )


def _step_of(change: Decimal, unit: str) -> Said:
    """A change of a value; of percents in percentage points."""
    if unit != "%":
        return say_value(change, unit, "lower")
    return Said(f"{say_up(change)} 个百分点", f"{say_up(change)} percentage points")


def _lacking(gaps: Sequence[Gap]) -> Said:
    alike = group_gaps(gaps)
    names = [name_short(same[0].datum, len({gap.datum for gap in same})) for same in alike[:NAMED_AT_MOST]]
    more = len(alike) - len(names)
    zh = "缺少" + "、".join(name.zh for name in names) + (f" 等 {len(alike)} 类" if more > 0 else "")
    en = "missing: " + "; ".join(name.en for name in names) + (f" and {more} more" if more > 0 else "")
    return Said(zh, en)
