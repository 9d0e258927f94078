"""Charts of made-up figures, by hand: causes, years, what is sold, clocks that are put back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from test_charts import TREND, restated, rows, said

from lingtan.inventory.records import Inventory, Line, Member
from lingtan.metering.carbon.parks import ParkHours
from lingtan.reports.charts import (
    build_energy_chart,
    build_enterprise_chart,
    build_load_chart,
    build_restatement_chart,
    build_scope_chart,
    build_source_chart,
    build_trend_chart,
)
from lingtan.reports.charts.heat_map import by_hour
from lingtan.trace import Gap, Node

D = Decimal


def inventory(
    totals: Mapping[str, Node], lines: tuple[Line, ...] = (), members: tuple[Member, ...] = ()
) -> Inventory:
    return Inventory("park", 2024, "AR6", totals, lines, members, (), ())


def total(name: str, value: object, *inputs: Node, gaps: tuple[Gap, ...] = (), unit: str = "tCO2e") -> Node:
    labelled = tuple((f"n{n}", node) for n, node in enumerate(inputs, 1))
    known = None if value is None else Decimal(str(value))
    return Node(name, known, unit, rule="sum" if inputs else "", inputs=labelled, gaps=gaps)


def emissions(source: str, scope: Any, amount: object) -> Line:
    node = total(source, amount)
    return Line(source, scope, "E1", "x", D(1), "t", D(1), "t/t", "f", D(str(amount)), node, "both")


def test_causes_from_before_to_after() -> None:
    chart = build_restatement_chart(restated(0, -40, 25, 0, -5), language="en")
    assert chart is not None
    assert said(chart) == ["1,000", "0", "−40", "+25", "0", "−5", "980"]
    assert [(bar["x"], bar["x2"]) for bar in rows(chart, "bars")] == [(1000, 960), (960, 985), (985, 980)]
    assert [point["x"] for point in rows(chart, "levels")] == [1000, 980]  # the axis is cut: points, no bars
    assert "does not begin at nought" in chart.caption
    whole = build_restatement_chart(restated(0, -400, 0, 0, 0))
    assert whole is not None and rows(whole, "levels") == [] and "横轴" not in whole.caption


def test_a_year_that_is_not_known_breaks_the_line() -> None:
    chart = build_trend_chart(TREND, name="总量", unit="tCO2e")
    assert chart is not None
    assert rows(chart, "line") == [] and [row["x"] for row in rows(chart, "marks")] == [2023, 2025]
    assert rows(chart, "targets") == [{"x": 2023, "x2": 2024, "y": 110, "y2": 100}]


def test_what_is_sold_flows_to_a_node_of_its_own() -> None:
    parts = (
        total("energy[2024/E1/natural_gas/combustion]", 100),
        total("energy[2024-01/E1/heat/sold]", -20),
        total("energy[2024-02/E1/heat/sold]", -10),
        total("energy[2024/E/2/heat/purchased]", 10),  # an id with a stroke
        total("energy[2024/E1/electricity/purchased]", 5),
        total("energy[2024/E1/electricity/sold]", -5),  # nothing left: no ribbon
    )
    found = inventory({"energy_tce_calorific": total("energy", 80, *parts, unit="tce")})
    chart = build_energy_chart(found, names={"E1": "甲厂"})
    assert chart is not None
    assert [ribbon["amount"] for ribbon in rows(chart, "ribbons")] == [100, 10, 30]
    assert said(chart, "labels") == ["天然气 100", "热力 10", "甲厂 30", "甲厂 100", "E/2 10", "外供热力 30"]
    assert "合计 80 tce" in chart.caption


def test_what_is_not_whole_is_marked() -> None:
    gap = (Gap("x", "park"),)
    found = inventory(
        {
            "scope1_tco2e": total("scope1", 10, gaps=gap),
            "scope2_location_tco2e": total("scope2", None, gaps=gap),
            "scope2_market_tco2e": total("scope2", -4),
            "biogenic_tco2": total("biogenic", 7),
            "gross_tco2e": total("gross", 10, gaps=gap),
        },
        lines=(
            emissions("combustion", "1", 12),
            emissions("conversion", "1", -2),
            emissions("waste", "biogenic", 7),
        ),
        members=(
            Member("E1", D(12), None, None),
            Member("", D(-2), D(0), None),
            Member("E3", None, None, None),
        ),
    )
    scopes = build_scope_chart(found)
    assert scopes is not None and said(scopes) == ["10*", "6*", "7"]
    assert "不全" in scopes.caption and "范围二（基于位置） 数据缺失" in scopes.alt
    negative = [bar for bar in rows(scopes, "bars") if bar["x2"] < 0]
    assert [(bar["x"], bar["x2"]) for bar in negative] == [(0, -4)]  # left of nought, not on top
    sources = build_source_chart(found)
    assert sources is not None and said(sources) == ["12", "-2"] and "不全" in sources.caption
    enterprises = build_enterprise_chart(found)
    assert enterprises is not None and said(enterprises) == ["12*", "-2"]
    assert (
        said(enterprises, "labels") == ["E1", "园区公共部分"] and "另有 1 家没有数据" in enterprises.caption
    )
    assert [row["tip"] for row in rows(scopes, "bars")] == [
        "基于位置：范围一 10* tCO2e", "基于市场：范围一 10* tCO2e", "基于市场：范围二 -4 tCO2e",
        "生物质 CO2（另列）：另列，不计入合计 7 tCO2e",
    ]  # fmt: skip
    assert [row["tip"] for row in rows(enterprises, "bars")] == [
        "E1：范围一 12 tCO2e", "园区公共部分：范围一 -2 tCO2e",
    ]  # fmt: skip


def test_an_hour_that_the_clock_strikes_twice_is_one_place() -> None:
    zone, utc = ZoneInfo("Europe/London"), ZoneInfo("UTC")
    begins = [datetime(2024, 10, 27, 0, tzinfo=utc) + timedelta(hours=n) for n in range(3)]
    local = [begin.astimezone(zone) for begin in begins]
    assert [begin.hour for begin in local] == [1, 1, 2]
    values = by_hour(local, [Fraction(2), Fraction(4), None])
    assert values == {(300, 1): Fraction(3), (300, 2): None}


def test_a_small_park_is_shown_in_kwh() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    begins = tuple(datetime(2023, 1, 1, hour, tzinfo=zone) for hour in range(3))
    chart = build_load_chart(ParkHours(begins, np.array([9_000, -1, 4_000]), np.zeros(3, np.int64)))
    assert chart is not None
    assert "合计 13 kWh，最大 9 kWh（2023-01-01 00:00），最小 4 kWh" in chart.alt
    assert [(row["y"], row["kind"]) for row in rows(chart, "cells")] == [(0, "9–10"), (2, "4–5")]
    assert sum(row["x2"] - row["x"] for row in rows(chart, "hatches")) == 365 * 24 - 2
