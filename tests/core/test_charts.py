"""Charts say what results say: values to the last digit, words in both languages, no empty picture."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import altair
import pytest
import vl_convert

import lingtan
from lingtan.assessment import Assessment, compute_groundwork
from lingtan.inventory.matching import ParkMatching, compute_park_matching
from lingtan.inventory.records import Inventory
from lingtan.inventory.restatement import Restatement
from lingtan.inventory.restatement.causes import CAUSES, Share
from lingtan.reports.charts import (
    Chart,
    TrendPoint,
    build_cancellation_chart,
    build_energy_chart,
    build_enterprise_chart,
    build_indicator_chart,
    build_level_chart,
    build_load_chart,
    build_matching_chart,
    build_restatement_chart,
    build_scope_chart,
    build_source_chart,
    build_star_chart,
    build_trend_chart,
    render_svg,
)
from lingtan.reports.charts.energy_flows import sum_energy
from lingtan.reports.charts.enterprises import total_of
from lingtan.reports.charts.indicators import pass_share
from lingtan.reports.charts.rendering import VEGA_LITE_VERSION
from lingtan.texts import number

PARK = Path(__file__).resolve().parents[2] / "examples" / "parks" / "xinghuo"
ON = date(2025, 6, 30)
TREND = (
    TrendPoint(2023, Decimal(120), Decimal(110)),
    TrendPoint(2024, None, Decimal(100)),
    TrendPoint(2025, Decimal(90)),
)


def restated(*changes: int, before: int = 1000) -> Restatement:
    shares = tuple(Share(cause, Decimal(change), {}) for cause, change in zip(CAUSES, changes, strict=True))
    after = Decimal(before + sum(changes))
    return Restatement("gross_tco2e", 2023, "tCO2e", Decimal(before), after, shares, None, Decimal(5), True)


class Results:
    """What xinghuo came to, once for all tests."""

    def __init__(self) -> None:
        ground = compute_groundwork(lingtan.read_dossier(PARK), on=ON)
        self.edition = lingtan.load_edition("sh-seesa-zctp-2024")
        self.result: Assessment = lingtan.assess(ground.dossier, self.edition, on=ON, groundwork=ground)
        self.national_edition = lingtan.load_edition("cn-ndrc-910-2025")
        self.national = lingtan.assess(ground.dossier, self.national_edition, on=ON, groundwork=ground)
        found = compute_park_matching(ground.dossier, ground.metering)
        assert found is not None
        self.matching: ParkMatching = found

    @property
    def inventory(self) -> Inventory:
        return self.result.inventory

    def builders(self) -> dict[str, Callable[..., Chart | None]]:
        of, edition = self.result, self.edition
        return {
            "levels": lambda **k: build_level_chart(of, edition, **k),
            "indicators": lambda **k: build_indicator_chart(of, edition, **k),
            "stars": lambda **k: build_star_chart(of, edition, **k),
            "scopes": lambda **k: build_scope_chart(of.inventory, **k),
            "sources": lambda **k: build_source_chart(of.inventory, **k),
            "enterprises": lambda **k: build_enterprise_chart(of.inventory, **k),
            "cancellation": lambda **k: build_cancellation_chart(of.ledger, **k),
            "energy": lambda **k: build_energy_chart(of.inventory, **k),
            "load": lambda **k: build_load_chart(self.matching.hours, **k),
            "matching": lambda **k: build_matching_chart(self.matching, **k),
            "restatement-gross_tco2e": lambda **k: build_restatement_chart(restated(0, -40, 25, 0, -5), **k),
            "trend": lambda **k: build_trend_chart(TREND, name="Gross 总量", unit="tCO2e", **k),
        }


@pytest.fixture(scope="module")
def xinghuo() -> Results:
    return Results()


NAMES = (
    "levels", "indicators", "stars", "scopes", "sources", "enterprises", "cancellation", "energy", "load",
    "matching", "restatement-gross_tco2e", "trend",
)  # fmt: skip


def built(xinghuo: Results, name: str, language: str = "zh") -> Chart:
    chart = xinghuo.builders()[name](language=language)
    assert chart is not None and chart.id == name
    return chart


def rows(chart: Chart, name: str) -> list[Mapping[str, Any]]:
    if chart.is_vega_lite:
        return list(chart.spec["datasets"][name])
    return next(list(data["values"]) for data in chart.spec["data"] if data["name"] == name)


def said(chart: Chart, name: str = "numbers") -> list[str]:
    return [row["text"] for row in rows(chart, name)]


@pytest.mark.parametrize("name", NAMES)
def test_specs_are_valid_and_always_the_same(xinghuo: Results, name: str) -> None:
    assert set(NAMES) == set(xinghuo.builders())
    one, other = built(xinghuo, name), built(xinghuo, name)
    assert one.to_json() == other.to_json()
    assert json.loads(one.to_json()) == one.spec
    assert not {"url", "href"} & set(keys(one.spec))  # nothing is fetched
    if one.is_vega_lite:
        altair.Chart.from_dict(one.spec, validate=True)
    else:
        assert one.spec["$schema"] == "https://vega.github.io/schema/vega/v6.json"


def keys(value: Any) -> Iterator[str]:
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(inner)
    yield from value if isinstance(value, dict) else ()


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_title_unit_source_and_a_sentence(xinghuo: Results, name: str) -> None:
    zh, en = built(xinghuo, name, "zh"), built(xinghuo, name, "en")
    assert zh.title != en.title and zh.spec != en.spec
    assert "单位" in zh.caption and "来源" in zh.caption and zh.alt.endswith("。")
    assert en.caption.startswith("Unit") and "Source" in en.caption and en.alt.endswith(".")
    assert "{" not in zh.title + zh.caption + zh.alt + en.title + en.caption + en.alt
    assert zh.title not in json.dumps(zh.spec, ensure_ascii=False)  # the document sets it


def test_levels_are_those_of_the_result(xinghuo: Results) -> None:
    chart = built(xinghuo, "levels")
    levels = [level for level in xinghuo.result.levels if len(level.code) == 1]
    assert [row["x2"] for row in rows(chart, "earned")] == [float(level.earned) for level in levels]
    assert [row["x2"] for row in rows(chart, "full")] == [float(level.points) for level in levels]
    assert said(chart)[0] == "23.51 / 28"  # the golden result says 23.50772…
    assert "A 基础设施要求 23.51 / 28" in chart.alt


def test_pass_lines_by_hand(xinghuo: Results) -> None:
    by_code = {indicator.code: indicator for indicator in xinghuo.edition.indicators}
    third, fifths = Decimal(100) / 3, Decimal(200) / 11
    expected = {  # (pass line - nought) / (full - nought)
        "A1.1": third, "A1.2": 50, "A2.4": third / 2, "B1.1": 60, "B1.2": 80, "B2.1": fifths * 2,
        "C1.4": 75, "D1.2": 100, "E1.2": 40,
    }  # fmt: skip
    found = {code: pass_share(one) for code, one in by_code.items()}
    assert {code for code, share in found.items() if share is not None} == set(expected)
    for code, share in expected.items():
        assert float(found[code] or 0) == pytest.approx(float(share), abs=1e-12)
    lines = rows(built(xinghuo, "indicators"), "lines")
    assert [line["x"] for line in lines] == [
        float(found[one.code] or 0) for one in by_code.values() if one.pass_at
    ]


def test_indicators_in_groups_with_what_is_missing(xinghuo: Results) -> None:
    chart = built(xinghuo, "indicators")
    assert len(rows(chart, "full")) == 32 and len(rows(chart, "heads")) == 5
    assert said(chart, "notes") == ["不适用，分值转给同组指标", "数据缺失，不得分"]
    assert len(rows(chart, "earned")) == 30
    result = {one.code: one for one in xinghuo.result.indicators}["A1.1"]
    assert result.earned is not None
    assert rows(chart, "earned")[0]["x2"] == pytest.approx(float(result.earned) / 3 * 100, abs=1e-12)
    assert said(chart)[0] == "2.88 / 3" and said(chart)[6] == "— / 2"


def test_a_failed_constraint_says_so(xinghuo: Results) -> None:
    failed = tuple(
        replace(one, passed=False, earned=Decimal(0)) if one.code == "C1.4" else one
        for one in xinghuo.result.indicators
    )
    chart = build_indicator_chart(replace(xinghuo.result, indicators=failed), xinghuo.edition)
    assert chart is not None
    assert "未达合格线，不得分" in said(chart, "notes") and "1 项约束性指标未达合格线" in chart.alt


def test_stars_and_the_distance_to_the_next(xinghuo: Results) -> None:
    chart = built(xinghuo, "stars")
    assert [row["x"] for row in rows(chart, "limits")] == [60, 80, 90]
    assert rows(chart, "mark")[0]["x"] == float(xinghuo.result.score or 0)
    assert "82.2 分（满分 100 分），评定：四星（创建）；距五星（标杆）差 7.8 分" in chart.alt
    held = build_star_chart(replace(xinghuo.result, stars=None, stage=None), xinghuo.edition, language="en")
    assert held is not None and "award: no stars" in held.alt and "other conditions are not met" in held.alt


def test_scopes_and_sources_are_totals(xinghuo: Results) -> None:
    scopes, sources = built(xinghuo, "scopes"), built(xinghuo, "sources")
    totals = {name: node.value for name, node in xinghuo.inventory.totals.items()}
    gross, market = totals["gross_tco2e"], totals["scope2_market_tco2e"]
    one = totals["scope1_tco2e"]
    assert isinstance(gross, Decimal) and isinstance(market, Decimal) and isinstance(one, Decimal)
    assert [row["x2"] for row in rows(scopes, "bars")] == [
        float(one), pytest.approx(float(gross)), float(one), pytest.approx(float(one + market)),
    ]  # fmt: skip
    assert said(scopes) == ["117,334", "21,599"]
    assert sum(row["x2"] for row in rows(sources, "bars")) == pytest.approx(float(gross))
    assert said(sources)[0] == "95,735" and "117,334" in sources.alt


def test_the_largest_enterprises_and_the_others(xinghuo: Results) -> None:
    chart = built(xinghuo, "enterprises")
    totals = sorted((total_of(one) or Decimal(0) for one in xinghuo.inventory.members), reverse=True)
    assert len(rows(chart, "numbers")) == 16
    assert [row["x"] for row in rows(chart, "numbers")][:15] == [float(total) for total in totals[:15]]
    assert rows(chart, "numbers")[15]["x"] == pytest.approx(float(sum(totals[15:])))
    assert said(chart, "labels")[15] == "其他 47 家"
    masked = build_enterprise_chart(
        xinghuo.inventory, names={one.enterprise: "企业甲" for one in xinghuo.inventory.members}
    )
    assert (
        masked is not None and said(masked, "labels")[:15] == ["企业甲"] * 15 and "E0" not in masked.to_json()
    )


def test_the_cancellation_comes_down_to_what_remains(xinghuo: Results) -> None:
    chart = built(xinghuo, "cancellation")
    assert said(chart) == ["117,334", "−370", "−95,735", "−15,500", "5,729"]
    bars = rows(chart, "bars")
    assert [bar["x2"] for bar in bars[:-1]] == pytest.approx(
        [117334.363121547, 116964.363121547, 21229.024123847, 5729.024123847]
    )
    assert bars[-1]["x"] == 0 and bars[-1]["x2"] == pytest.approx(bars[-2]["x2"])


def test_energy_flows_are_the_energy_of_the_park(xinghuo: Results) -> None:
    amounts = sum_energy(xinghuo.inventory)
    total = xinghuo.inventory.totals["energy_tce_calorific"].value
    assert isinstance(total, Decimal)
    assert abs(sum(map(Fraction, amounts.values())) - Fraction(total)) < Fraction(1, 10**40)
    by_member = {one.enterprise: one.energy_tce for one in xinghuo.inventory.members}
    for user in {user for _, user in amounts}:
        assert user in by_member
    chart = built(xinghuo, "energy")
    ribbons = rows(chart, "ribbons")
    assert sum(ribbon["amount"] for ribbon in ribbons) == pytest.approx(float(total))
    assert said(chart, "labels")[:3] == ["电力 20,509", "天然气 8,106", "光伏电力 2,166"]
    assert len({ribbon["target"] for ribbon in ribbons}) == 11


def test_hours_of_the_year(xinghuo: Results) -> None:
    hours = xinghuo.matching.hours
    known = sum(1 for value in hours.load.tolist() if value >= 0)
    for name in ("load", "matching"):
        chart = built(xinghuo, name)
        filled = sum(round(one["x2"] - one["x"]) for one in rows(chart, "cells"))
        assert filled == known
        assert sum(one["x2"] - one["x"] for one in rows(chart, "hatches")) == 366 * 24 - known
        assert f"{known:,}" in chart.alt
    peak = max(hours.load.tolist())
    assert f"{peak / 1e6:.2f} MWh" in built(xinghuo, "load").alt


def test_nothing_to_draw_is_no_chart(xinghuo: Results) -> None:
    national, edition = xinghuo.national, xinghuo.national_edition
    assert build_level_chart(national, edition) is None
    assert build_indicator_chart(national, edition) is None
    assert build_star_chart(national, edition) is None
    nothing = replace(xinghuo.inventory, totals={}, lines=(), members=())
    assert build_scope_chart(nothing) is None and build_source_chart(nothing) is None
    assert build_enterprise_chart(nothing) is None and build_energy_chart(nothing) is None
    assert build_cancellation_chart(replace(xinghuo.result.ledger, totals={})) is None
    hours = xinghuo.matching.hours
    unread = replace(hours, load=hours.load * 0 - 1, free=hours.free * 0 - 1)
    assert build_load_chart(unread) is None
    assert build_matching_chart(replace(xinghuo.matching, hours=unread)) is None
    assert build_restatement_chart(restated(0, 0, 0, 0, 0)) is None
    assert build_trend_chart([TrendPoint(2024, None, Decimal(1))], name="x", unit="t") is None


WITHOUT_TIPS = {"line", "targets", "links"}
"""Lines that only join what has tips of its own."""


def tipped(chart: Chart) -> Iterator[tuple[str, Any, list[Mapping[str, Any]]]]:
    """Marks that carry data: the name of the data, the tooltip they encode, and the data."""
    if chart.is_vega_lite:
        layers = [(one["data"]["name"], one["mark"]["type"], one["encoding"]) for one in chart.spec["layer"]]
    else:
        marks = chart.spec["marks"]
        layers = [(one["from"]["data"], one["type"], one["encode"]["enter"]) for one in marks]
    for name, kind, encoding in layers:
        if kind != "text" and name not in WITHOUT_TIPS:
            yield name, encoding.get("tooltip"), rows(chart, name)


def tips(chart: Chart, name: str) -> list[str]:
    return [row["tip"] for row in rows(chart, name)]


def made_tips(chart: Chart, name: str) -> list[str]:
    """Tips that Vega makes of the data, read as descriptions of the marks."""
    layer = next(one for one in chart.spec["layer"] if one["data"]["name"] == name)
    encoding = {**layer["encoding"], "description": layer["encoding"]["tooltip"]}
    config = {key: value for key, value in chart.spec["config"].items() if key != "aria"}
    spec = {**chart.spec, "layer": [{**layer, "encoding": encoding}], "config": config}
    spec["encoding"] = {}
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE_VERSION)
    return re.findall(r'<(?:path|line) aria-label="([^"]*)" role="graphics-symbol"', svg)


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_that_carries_data_has_a_tip_in_its_language(xinghuo: Results, name: str) -> None:
    for language in ("zh", "en"):
        chart = built(xinghuo, name, language)
        found = list(tipped(chart))
        assert found
        for data, tooltip, some in found:
            assert tooltip == ({"field": "tip"} if chart.is_vega_lite else {"signal": "datum.tip"}), data
            sentences = made_tips(chart, data) if data in ("cells", "hatches") else tips(chart, data)
            assert len(sentences) == len(some)
            for sentence in sentences:
                assert sentence and "{" not in sentence and any(char.isdigit() for char in sentence)
                assert ("：" in sentence) == (language == "zh"), sentence
                assert (": " in sentence) == (language == "en"), sentence
            if language == "en" and name != "trend":  # whose name is given in both
                assert not re.search("[\u4e00-\u9fff]", "".join(sentences))


@pytest.mark.parametrize("name", NAMES)
def test_tips_are_not_drawn_and_do_not_bloat(xinghuo: Results, name: str) -> None:
    chart = built(xinghuo, name)
    bare = replace(chart, spec=without_tips(chart.spec))
    assert not {"tip", "tooltip"} & set(keys(bare.spec))
    assert render_svg(chart) == render_svg(bare)
    assert len(chart.to_json().encode()) <= 1.6 * len(bare.to_json().encode())


def without_tips(value: Any) -> Any:
    if isinstance(value, dict):
        left = {key: inner for key, inner in value.items() if key not in ("tip", "tooltip", "transform")}
        return {key: without_tips(inner) for key, inner in left.items()}
    return [without_tips(inner) for inner in value] if isinstance(value, list) else value


def test_tips_of_points_are_those_of_the_result(xinghuo: Results) -> None:
    levels = [level for level in xinghuo.result.levels if len(level.code) == 1]
    found = tips(built(xinghuo, "levels"), "earned")
    assert found == tips(built(xinghuo, "levels"), "full")
    assert [tip.partition("：得分 ")[2] for tip in found] == [
        f"{number(level.earned)} / {number(level.points)} 分" for level in levels
    ]
    chart = built(xinghuo, "indicators")
    by_code = {one.code: one for one in xinghuo.result.indicators}
    for tip in tips(chart, "earned"):
        one = by_code[tip.split()[0]]
        assert tip.endswith(f"：得分 {number(one.earned)} / {number(one.points)} 分")
    full = tips(chart, "full")
    assert "C1.1 可再生能源电力消费占比：得分 6 / 6 分" in full
    assert sum(tip.endswith("分（不适用，分值转给同组指标）") for tip in full) == 1
    assert sum(tip.endswith("分（数据缺失，不得分）") for tip in full) == 1
    assert set(tips(chart, "earned")) == {tip for tip in full if not tip.endswith("）")}
    assert tips(chart, "lines")[0] == "A1.1 合格线：得分率 33.3 %"


def test_tips_of_stars(xinghuo: Results) -> None:
    chart = built(xinghuo, "stars", "en")
    bands = [tips(chart, f"band{n}")[0].rpartition(": ") for n in range(4)]
    assert [words for *_, words in bands] == [
        "0–60 points", "60–80 points", "80–90 points", "90–100 points",
    ]  # fmt: skip
    assert bands[0][0] == "no stars"
    assert [tip.partition(": from ")[0] for tip in tips(chart, "limits")] == [name for name, *_ in bands[1:]]
    assert tips(chart, "mark") == tips(chart, "score")
    assert tips(chart, "mark")[0].startswith(
        f"Score: {number(xinghuo.result.score)} / 100 points; 7.8 points"
    )


def test_tips_of_emissions_are_those_of_the_result(xinghuo: Results) -> None:
    totals = {name: node.value for name, node in xinghuo.inventory.totals.items()}
    one, place, market = (
        f"{totals[name]:,.0f} tCO2e"
        for name in ("scope1_tco2e", "scope2_location_tco2e", "scope2_market_tco2e")
    )
    assert tips(built(xinghuo, "scopes"), "bars") == [
        f"基于位置：范围一 {one}", f"基于位置：范围二 {place}", f"基于市场：范围一 {one}",
        f"基于市场：范围二 {market}",
    ]  # fmt: skip
    sources = built(xinghuo, "sources")
    assert [tip.split()[-2] for tip in tips(sources, "bars")] == said(sources)
    scope1 = {one.enterprise: number(one.scope1_tco2e, 0) for one in xinghuo.inventory.members}
    enterprises = [tip.split() for tip in tips(built(xinghuo, "enterprises", "en"), "bars")]
    of_one = [words for words in enterprises if words[1:3] == ["Scope", "1"] and words[0][:-1] in scope1]
    assert len(of_one) > 5
    assert all(words[3].rstrip("*") == scope1[words[0][:-1]] for words in of_one)
    cancellation = built(xinghuo, "cancellation")
    assert [tip.partition("：")[2] for tip in tips(cancellation, "bars")] == [
        f"{text} tCO2e" for text in said(cancellation)
    ]


def test_tips_of_causes_and_years(xinghuo: Results) -> None:
    restated_en = built(xinghuo, "restatement-gross_tco2e", "en")
    assert tips(restated_en, "bars") == ["Boundary: −40 tCO2e", "Data: +25 tCO2e", "Factors: −5 tCO2e"]
    assert tips(restated_en, "levels") == ["Before: 1,000 tCO2e", "After: 980 tCO2e"]
    trend = built(xinghuo, "trend")
    assert tips(trend, "marks") == ["2023 年Gross 总量：120 tCO2e", "2025 年Gross 总量：90 tCO2e"]
    assert tips(trend, "target_marks")[1] == "2024 年Gross 总量目标：100 tCO2e"


def test_tips_of_energy_flows(xinghuo: Results) -> None:
    chart = built(xinghuo, "energy")
    for ribbon in rows(chart, "ribbons"):
        assert ribbon["tip"].endswith(f"：{ribbon['amount']:,.0f} tce") and " → " in ribbon["tip"]
    assert [tip.replace("：", " ") for tip in tips(chart, "nodes")] == [
        f"{label} tce" for label in said(chart, "labels")
    ]


@pytest.mark.parametrize("name", ["load", "matching"])
def test_tips_of_hours_say_days_hour_and_class(xinghuo: Results, name: str) -> None:
    unit = {"load": "MWh/h", "matching": "%"}[name]
    for language, day, words in (
        ("zh", lambda on: f"{on.month}月{on.day}日", "{days}，{hour}–{next} 时：{kind} {unit}"),
        ("en", lambda on: f"{on.day} {on:%b}", "{days}, {hour}:00–{next}:00: {kind} {unit}"),
    ):
        chart = built(xinghuo, name, language)
        expected = []
        for cell in rows(chart, "cells"):
            first = date(2024, 1, 1) + timedelta(days=cell["x"])
            last = date(2024, 1, 1) + timedelta(days=int(cell["x2"]) - 1)
            days = day(first) if first == last else f"{day(first)}–{day(last)}"
            parts = {"days": days, "hour": cell["y"], "next": cell["y"] + 1, "kind": cell["kind"]}
            expected.append(words.format(**parts, unit=unit))
        found = [html.unescape(tip) for tip in made_tips(chart, "cells")]
        assert found == expected and len(set(found)) == len(found)
