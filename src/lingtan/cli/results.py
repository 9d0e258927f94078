"""Inventories and assessments as people read them on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rich.text import Text

from lingtan.assessment import Assessment
from lingtan.assessment.naming import kind_of_datum, name_data, name_datum
from lingtan.assessment.records import GateResult, IndicatorResult, MissingDatum
from lingtan.cli.show import print_table, say, sentence, verdict
from lingtan.inventory import load_method
from lingtan.inventory.records import Inventory, Line
from lingtan.standards import facts
from lingtan.texts import number
from lingtan.trace import Node

MISSING_SHOWN = 25
LINES_SHOWN = 25
GAPS_NAMED = 3
MOST_STARS = 5


def show_inventory(result: Inventory) -> None:
    """Totals, the largest lines and what is missing."""
    title = f"清单 Inventory · {result.method} · {result.year} · GWP {result.gwp}"
    prefix = "park" if load_method(result.method).dual_electricity.holds else "ndrc"
    print_totals(title, prefix, result.totals)
    largest = sorted(result.lines, key=lambda line: -abs(line.emissions))[:LINES_SHOWN]
    columns = ("来源 Source", "范围 Scope", "企业 Enterprise", "品种 Carrier", ">活动量 Activity",
               ">因子 Factor", "因子编号 Factor id", ">tCO2e")  # fmt: skip
    title = f"排放最大的 {len(largest)} 行，共 {len(result.lines)} 行 Largest lines"
    print_table(title, columns, [_line(line) for line in largest])
    if result.missing:
        missing = [
            (name_datum(gap.datum, "zh"), name_asked(gap.asked_of)) for gap in result.missing[:MISSING_SHOWN]
        ]
        title = f"缺少的资料 Missing ({len(result.missing)})"
        print_table(title, ("资料 Datum", "由谁提供 Asked of"), missing)


def show_methods(results: Sequence[Inventory]) -> None:
    """Several methods side by side, a column each; a blank is a total the method does not have."""
    names = dict.fromkeys(name for result in results for name in result.totals)
    columns = ("合计 Total", "单位 Unit", *(f">{result.method}" for result in results))
    rows = [_across(name, results) for name in names]
    print_table(f"各方法并列，互不相加 Methods side by side, never added · {results[0].year}", columns, rows)
    for result in results:
        method = load_method(result.method)
        lacking = f" · 缺 missing {len(result.missing)}" if result.missing else ""
        say(f"{result.method}: {method.zh} {method.en} · GWP {result.gwp}{lacking}", "dim")


def _across(name: str, results: Sequence[Inventory]) -> tuple[str, ...]:
    nodes = [result.totals.get(name) for result in results]
    unit = next(node.unit for node in nodes if node is not None)
    return (name, unit, *("" if node is None else number(decimal(node.value), 2) for node in nodes))


def print_totals(title: str, prefix: str, totals: Mapping[str, Node]) -> None:
    """Totals with the Chinese name of the fact `prefix.name` where there is one."""
    rows = [
        (_fact_name(f"{prefix}.{name}"), name, number(decimal(node.value), 4), node.unit)
        for name, node in totals.items()
    ]
    print_table(title, ("合计", "Total", ">数值 Value", "单位 Unit"), rows)


def _fact_name(name: str) -> str:
    fact = facts().get(name)
    return fact.zh if fact else ""


def name_asked(asked_of: str) -> str:
    """Who is asked: the park's operator, or an enterprise by its id."""
    return "园区运营方 park" if asked_of == "park" else asked_of


def _line(line: Line) -> tuple[str, ...]:
    return (
        line.source,
        line.scope,
        line.enterprise,
        line.carrier,
        f"{number(line.activity)} {line.unit}",
        f"{number(line.factor, 6)} {line.factor_unit}",
        line.factor_id,
        number(line.emissions),
    )


def show_assessment(result: Assessment) -> None:
    """Stars, gates, indicators, why not more, what is missing, and by which basis."""
    say()
    say(f"{result.park_zh} · {result.edition_zh} ({result.edition})", "bold")
    prints = f"标准指纹 edition {result.edition_sha256[:12]} · 档案指纹 dossier {result.dossier_sha256[:12]}"
    say(f"评价日期 on {result.on} · {prints}", "dim")
    say(headline(result), "bold")
    columns = ("编号 Id", "基本要求 Basic requirement", "", "原因 Reason")
    print_table("基本要求 Basic requirements", columns, [_gate(gate) for gate in result.gates])
    scored = result.score is not None
    measured = (">得分 Earned", ">满分 Points") if scored else (">目标 Target",)
    columns = ("编号 Code", "指标 Indicator", "性质 Kind", ">数值 Value", "单位 Unit", *measured, "")
    print_table("指标 Indicators", columns, [_indicator(one, scored=scored) for one in result.indicators])
    _show_withheld(result)
    _show_missing(result)
    counts = "  ".join(f"{basis} {count}" for basis, count in result.basis_count.items())
    say(f"结果所用数值按依据性质统计 values behind the result by basis: {counts}", "dim")


def headline(result: Assessment) -> str:
    """Stars and score in one line; of an edition without points how many targets are met."""
    if result.score is None:
        applied = [one for one in result.indicators if one.applies]
        met = sum(one.passed is True for one in applied)
        verdict_ = f"达到 met: {result.stage}" if result.stage else "未达到 not met"
        return f"{verdict_} · 达标 targets met {met} / {len(applied)}"
    stars = "未授星 no star"
    if result.stars:
        stars = "★" * result.stars + "☆" * (MOST_STARS - result.stars) + f" {result.stars} 星 stars"
    return f"{stars} · 综合得分 score {number(result.score, 4)} / 100"


def _gate(gate: GateResult) -> tuple[str | Text, ...]:
    reason = f"{gate.reason_zh} {gate.reason_en}" if gate.passed is False else ""
    if gate.passed is None:
        lacking = name_data([gap.datum for gap in gate.missing], "zh")
        reason = f"资料不足，无法判定 not known; 缺 missing: {lacking}"
    return gate.id, f"{gate.zh} {gate.en}", verdict(gate.passed), reason


def _indicator(one: IndicatorResult, *, scored: bool) -> tuple[str | Text, ...]:
    head = (one.code, f"{one.zh} {one.en}", one.kind)
    if not one.applies:
        blanks = ("", "") if scored else ("",)
        return (*head, "不适用 n/a", "", *blanks, Text("–"))
    value = shown_value(one)
    measured = (number(one.earned), number(one.points)) if scored else (number(target_of(one), 3),)
    mark = Text("") if one.passed is None and one.value is not None else verdict(one.passed)
    return (*head, value, one.unit, *measured, mark)


def shown_value(one: IndicatorResult) -> str:
    """The value for people, or that it is missing."""
    return "缺 missing" if one.value is None else number(one.value, 3)


def target_of(one: IndicatorResult) -> Decimal | None:
    """The target an indicator without points had to reach."""
    return next((decimal(node.value) for label, node in one.node.inputs if label == "target"), None)


def _show_withheld(result: Assessment) -> None:
    if result.withheld:
        say("为什么不是更高一级 why not more:", "bold")
    for fault in result.withheld:
        say(f"  · {sentence(fault, 'zh')}")
        say(f"    {sentence(fault, 'en')}", "dim")


def _show_missing(result: Assessment) -> None:
    if not result.missing:
        return
    alike: dict[tuple[str, ...], list[MissingDatum]] = {}
    for datum in result.missing:
        alike.setdefault(_kind_of(datum), []).append(datum)
    title = f"缺少的资料 Missing data ({len(result.missing)})"
    columns = ("资料 Datum", "由谁提供 Asked of", "影响 Affects", ">涉及分值 Points", "会否改变星级 Stars?")
    print_table(title, columns, [_missing(same) for same in list(alike.values())[:MISSING_SHOWN]])
    if len(alike) > MISSING_SHOWN:
        say(f"… 另有 {len(alike) - MISSING_SHOWN} 类，见 --json more, see --json", "dim")


def _kind_of(datum: MissingDatum) -> tuple[str, ...]:
    """Cells of one column that hang on the same things are shown in one line."""
    return (kind_of_datum(datum.datum), *datum.indicators, "", *datum.gates)


def _missing(same: Sequence[MissingDatum]) -> tuple[str, ...]:
    first = same[0]
    asked = list(dict.fromkeys(datum.asked_of for datum in same))
    return (
        name_datum(first.datum, "zh", count=len(same)),
        "、".join(name_asked(one) for one in asked[:GAPS_NAMED])
        + (f" … {len(asked)}" if len(asked) > GAPS_NAMED else ""),
        "、".join((*first.indicators, *first.gates)),
        number(first.points_at_stake),
        "可能 yes" if any(datum.could_change_stars for datum in same) else "",
    )


def decimal(value: object) -> Decimal | None:
    """`value` if it is a number."""
    return value if isinstance(value, Decimal) else None
