"""A figure over years, with its target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lingtan.errors import Language
from lingtan.reports.charts.drawing import exact, frame, points, rules, texts, tip_name
from lingtan.reports.charts.records import Chart, Spec
from lingtan.reports.charts.style import Speaker, load_style
from lingtan.reports.charts.totals import ZERO
from lingtan.reports.fonts import drawable, shortened, text_width
from lingtan.texts import number

_HEIGHT_PX = 220
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A year with its figure and its target; None: not known, or no target for it."""

    year: int
    value: Decimal | None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Series:
    """Points in the order of their years, and what they are."""

    points: Sequence[TrendPoint]
    name: str
    unit: str
    digits: int

    def said(self, value: Decimal) -> str:
        return number(value, self.digits)

    def tip(self, words: str, year: int, value: Decimal, speaker: Speaker) -> str:
        """The sentence for a point; `words`: of a figure or of a target."""
        name, unit = tip_name(self.name), tip_name(self.unit)
        return speaker.say(words, year=year, name=name, said=self.said(value), unit=unit)


def build_trend_chart(
    series: Sequence[TrendPoint], *, name: str, unit: str, digits: int = 0, language: Language = "zh"
) -> Chart | None:
    """The figure called `name` over its years; a year that is not known breaks the line.

    None if no year is known.
    """
    speaker = Speaker("trend", language)
    ordered = sorted(series, key=lambda point: point.year)
    known = [point for point in ordered if point.value is not None]
    if not known:
        return None
    words: dict[str, object] = {"name": drawable(name), "unit": drawable(unit)}
    words |= {"first": ordered[0].year, "last": ordered[-1].year}
    listed = [f"{point.year}: {number(point.value, digits)}" for point in known]
    aims = [f"{one.year}: {number(one.target, digits)}" for one in ordered if one.target is not None]
    target = speaker.say("target_alt", listed=speaker.listed(aims)) if aims else ""
    short = words | {"name": shortened(name, _HEIGHT_PX * 0.7, load_style().text_px)}
    return Chart(
        id="trend",
        title=speaker.say("title", **words),
        caption=speaker.say("caption_target" if aims else "caption", **words),
        spec=_spec(_Series(ordered, name, unit, digits), speaker.say("axis", **short), speaker),
        alt=speaker.say("alt", listed=speaker.listed(listed), **words) + target,
    )


def _spec(series: _Series, title: str, speaker: Speaker) -> Spec:
    ordered = series.points
    layers = [
        rules("line", width=2),
        points("marks", "circle"),
        rules("targets", dash=(5, 3), width=1.5),
        points("target_marks", "diamond", filled=False),
        texts("target_above", align="center", dy=-12),
        texts("target_below", align="center", dy=13),
        texts("numbers", align="center", dy=-12),
    ]
    known = [value for point in ordered for value in (point.value, point.target) if value is not None]
    low, high = min(0.0, exact(min(known))), exact(max(known))
    top = high * 1.12 if high > 0 else 1.0
    wide = max(text_width(f"{end:,.{series.digits}f}", load_style().text_px) for end in (low, top))
    axes = (_year_axis([point.year for point in ordered], speaker), _value_axis(title, low, top))
    data = _data(series, speaker)
    return frame(layers, data, height=_HEIGHT_PX, left=round(wide) + 40, axes=axes)


def _data(series: _Series, speaker: Speaker) -> dict[str, list[dict[str, Any]]]:
    values = [(point.year, point.value) for point in series.points]
    targets = [(point.year, point.target) for point in series.points]
    known = [(year, value) for year, value in values if value is not None]
    numbers = [{"x": year, "y": exact(value), "text": series.said(value)} for year, value in known]
    return {
        "line": list(_pieces(values)),
        "marks": [_mark("tip_figure", year, value, series, speaker) for year, value in known],
        "numbers": numbers if len(numbers) <= _MOST_LABELS else [],
        "targets": list(_pieces(targets)),
        "target_marks": [
            _mark("tip_target", year, value, series, speaker) for year, value in targets if value is not None
        ],
        **_target_name(series.points, speaker),
    }


def _mark(words: str, year: int, value: Decimal, series: _Series, speaker: Speaker) -> dict[str, Any]:
    return {"x": year, "y": exact(value), "tip": series.tip(words, year, value, speaker)}


def _pieces(values: Sequence[tuple[int, Decimal | None]]) -> Iterator[dict[str, Any]]:
    """Lines between neighbours that are both known."""
    for (year, value), (other, later) in pairwise(values):
        if value is not None and later is not None:
            yield {"x": year, "x2": other, "y": exact(value), "y2": exact(later)}


def _target_name(ordered: Sequence[TrendPoint], speaker: Speaker) -> dict[str, list[dict[str, Any]]]:
    """The word at the last target, on the side where the figure is not."""
    found: dict[str, list[dict[str, Any]]] = {"target_above": [], "target_below": []}
    for point in [point for point in ordered if point.target is not None][-1:]:
        is_below = point.value is not None and point.target is not None and point.target < point.value
        side = "target_below" if is_below else "target_above"
        found[side].append({"x": point.year, "y": exact(point.target or ZERO), "text": speaker.say("target")})
    return found


def _year_axis(years: Sequence[int], speaker: Speaker) -> Spec:
    room = max(0.4, (years[-1] - years[0]) * 0.06)
    ends = [years[0] - room, years[-1] + room]
    axis = {
        "title": speaker.say("year"),
        "values": list(years),
        "format": "d",
        "grid": False,
        "labelOverlap": True,
        "labelFlush": True,
    }
    return {"scale": {"domain": ends, "nice": False}, "axis": axis}


def _value_axis(title: str, lowest: float, highest: float) -> Spec:
    axis = {"title": title, "grid": True, "tickCount": 5, "format": ",~f"}
    return {"scale": {"domain": [lowest, highest], "nice": False}, "axis": axis}
