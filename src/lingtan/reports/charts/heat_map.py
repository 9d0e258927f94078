"""Hours of a year as a map: days across, hours of the day upwards, a few classes of colour.

Days on which an hour is of one class, following each other, are one rectangle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from lingtan.reports.charts.drawing import TIP, field, frame, rules
from lingtan.reports.charts.records import Spec
from lingtan.reports.charts.style import Speaker, load_style

HOURS = 24
_HOUR_PX = 9  # whole pixels: no seams between hours
_HEIGHT_PX = HOURS * _HOUR_PX
_LEFT_PX = 46
_SEAM_DAYS, _SEAM_HOURS = 0.4, 0.1  # laid under the next rectangle, so that no white shows between them

Values = Mapping[tuple[int, int], Fraction | None]
"""By day of the year (from 0) and local hour; None: not known."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Values of a year, the words of the classes, and which class a value belongs to."""

    year: int
    values: Values
    unit: str
    classes: Sequence[str]
    class_of: Callable[[Fraction], int]

    @property
    def days(self) -> int:
        """Days of the year."""
        return (date(self.year + 1, 1, 1) - date(self.year, 1, 1)).days

    @property
    def unknown(self) -> int:
        """Hours without a value."""
        return sum(self.values.get((day, hour)) is None for day in range(self.days) for hour in range(HOURS))


def by_hour(
    begins: Sequence[datetime], values: Sequence[Fraction | None]
) -> dict[tuple[int, int], Fraction | None]:
    """Values by day and local hour; an hour that the clock strikes twice has the mean of both."""
    found: defaultdict[tuple[int, int], list[Fraction | None]] = defaultdict(list)
    for begin, value in zip(begins, values, strict=True):
        found[begin.timetuple().tm_yday - 1, begin.hour].append(value)
    return {key: _mean(some) for key, some in found.items()}


def _mean(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if len(known) == len(values) else None


def draw_heat_map(heat: HeatMap, speaker: Speaker) -> Spec:
    """The map with months below, hours on the left and the classes above."""
    style = load_style()
    steps = style.steps[-len(heat.classes) :]
    scale = {"domain": list(heat.classes), "range": list(steps)}
    edged = {"symbolStrokeColor": style.soft, "symbolStrokeWidth": 0.5}
    runs = list(_runs(heat))
    hatches = rules("hatches", width=0.6, colour=style.soft, tips=True)
    cells: Spec = {
        "data": {"name": "cells"},
        "mark": {"type": "rect"},
        "encoding": {
            "x": field("x"), "x2": {"field": "x2"}, "y": field("y"), "y2": {"field": "y2"},
            "color": field("kind", "nominal", scale=scale, legend={"title": None, "orient": "top", **edged}),
            **TIP,
        },
    }  # fmt: skip
    return frame(
        [
            {**cells, "transform": [_tips("tip_cell", heat, speaker)]},
            {**hatches, "transform": [_tips("tip_hatch", heat, speaker)]},
            _month_names(),
        ],
        {
            "cells": [run.cell(heat) for run in runs if run.kind is not None],
            "hatches": [run.hatch() for run in runs if run.kind is None],
            "months": _months(heat.year, speaker),
        },
        height=_HEIGHT_PX,
        left=_LEFT_PX,
        axes=(_day_axis(heat, speaker), _hour_axis(speaker)),
    )


def _tips(name: str, heat: HeatMap, speaker: Speaker) -> Spec:
    """The field `tip`, made by Vega from x, x2, y and kind: there are thousands of runs.

    Our words and units hold no quotation marks, so that an expression can be made of them.
    """
    first, last, hour = "datum.x", "floor(datum.x2)-1", "floor(datum.y)"  # x2 may lie under the next run
    day = f"utcFormat(utc({heat.year},0,1+{{}}),'{speaker.say('tip_day')}')"
    days = f"{day.format(first)}+({last}>{first}?'–'+{day.format(last)}:'')"
    parts = {"days": days, "hour": hour, "next": f"{hour}+1", "kind": "datum.kind"}
    words = speaker.say(name, **{part: f"'+({value})+'" for part, value in parts.items()}, unit=heat.unit)
    return {"calculate": f"'{words}'", "as": "tip"}


@dataclass(frozen=True, slots=True)
class _Run:
    """Days on which an hour is of one class (None: not known)."""

    hour: int
    begin: int
    end: int
    kind: int | None
    is_before_known: bool

    def cell(self, heat: HeatMap) -> dict[str, Any]:
        assert self.kind is not None
        seam = _SEAM_DAYS if self.is_before_known else 0
        upper = min(self.hour + 1 + _SEAM_HOURS, HOURS)
        kind = heat.classes[self.kind]
        return {"x": self.begin, "x2": self.end + seam, "y": self.hour, "y2": upper, "kind": kind}

    def hatch(self) -> dict[str, Any]:
        middle = self.hour + 0.5
        return {"x": self.begin, "x2": self.end, "y": middle, "y2": middle}


def _runs(heat: HeatMap) -> Iterator[_Run]:
    """Runs of each hour, from midnight on."""
    for hour in range(HOURS):
        values = [heat.values.get((day, hour)) for day in range(heat.days)]
        kinds = [None if value is None else heat.class_of(value) for value in values]
        day = 0
        for kind, group in groupby(kinds):
            end = day + len(list(group))
            is_before_known = end < heat.days and kinds[end] is not None
            yield _Run(hour, day, end, kind, is_before_known)
            day = end


def _starts(year: int) -> list[int]:
    """Day of the year on which each month begins, and that after the last day."""
    ends = [*(date(year, month, 1) for month in range(1, 13)), date(year + 1, 1, 1)]
    return [(day - date(year, 1, 1)).days for day in ends]


def _months(year: int, speaker: Speaker) -> list[dict[str, Any]]:
    starts, names = _starts(year), speaker.say("months").split()
    return [{"x": (starts[n] + starts[n + 1]) / 2, "text": name} for n, name in enumerate(names)]


def _month_names() -> Spec:
    style = load_style()
    mark = {
        "type": "text",
        "baseline": "top",
        "align": "center",
        "fontSize": style.text_px,
        "color": style.ink,
    }
    encoding = {"x": field("x"), "y": {"value": _HEIGHT_PX + 7}, "text": {"field": "text"}}
    return {"data": {"name": "months"}, "mark": mark, "encoding": encoding}


def _day_axis(heat: HeatMap, speaker: Speaker) -> Spec:
    axis = {
        "title": speaker.say("day_axis", year=heat.year), "values": _starts(heat.year), "labels": False,
        "grid": False, "titlePadding": 20,
    }  # fmt: skip
    return {"scale": {"domain": [0, heat.days], "nice": False}, "axis": axis}


def _hour_axis(speaker: Speaker) -> Spec:
    axis = {"title": speaker.say("hour_axis"), "values": [0, 6, 12, 18, 24], "grid": False}
    return {"scale": {"domain": [0, HOURS], "nice": False}, "axis": axis}
