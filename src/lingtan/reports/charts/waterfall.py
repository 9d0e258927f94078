"""Waterfalls: from one level by changes to another, row by row from above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lingtan.quantities import add_exactly
from lingtan.reports.charts.drawing import (
    GAP,
    Datum,
    bars,
    coloured,
    exact,
    frame,
    points,
    row_labels,
    rows_axis,
    rules,
    texts,
    tip_name,
    value_axis,
)
from lingtan.reports.charts.records import Spec
from lingtan.reports.charts.rows import HALF_BAR, bar, build_labels, longest_with
from lingtan.reports.charts.style import Colour, Speaker, load_style
from lingtan.reports.charts.totals import ZERO

Kind = Literal["level", "more", "less"]


@dataclass(frozen=True, slots=True)
class Step:
    """`amount`: a level (from nought), or a change of what stands above it."""

    label: str
    amount: Decimal
    kind: Kind
    said: str

    @property
    def is_level(self) -> bool:
        return self.kind == "level"


_COLOURS: dict[str, Colour] = {"level": "deep", "more": "warm", "less": "mid"}
"""Labels and signs say the same, so that no legend is needed."""


@dataclass(frozen=True, slots=True)
class _Span:
    begin: Decimal
    end: Decimal


def starts_at_nought(steps: Sequence[Step]) -> bool:
    """Whether changes are large enough to be seen beside the levels; else the axis is cut."""
    changes = sum((abs(step.amount) for step in steps if not step.is_level), ZERO)
    levels = max((abs(step.amount) for step in steps if step.is_level), default=ZERO)
    return not changes or changes * 5 >= levels


def draw_waterfall(steps: Sequence[Step], speaker: Speaker, *, axis: str, unit: str) -> Spec:
    """Levels as bars from nought; where the axis is cut, as points, for a bar's length would mislead."""
    row_px = load_style().row_px
    labels = build_labels([step.label for step in steps], row_px=row_px)
    spans = list(_spans(steps))
    is_whole = starts_at_nought(steps)
    ends = [
        (span.end if step.is_level and not is_whole else max(span.begin, span.end), step.said)
        for span, step in zip(spans, steps, strict=True)
    ]
    tips = [speaker.say("tip", name=tip_name(step.label), said=step.said, unit=unit) for step in steps]
    data = {
        **_bodies(steps, spans, tips, is_whole=is_whole),
        "labels": labels.data,
        "links": list(_links(spans)),
        "numbers": [{"x": exact(end), "y": n, "text": said} for n, (end, said) in enumerate(ends)],
    }
    layers = [
        bars("bars", coloured(_COLOURS, legend=False)),
        rules("links", dash=(3, 2)),
        points("levels", "diamond", size=110),
        row_labels("labels"),
        texts("numbers", dx=GAP),
    ]
    lowest = _lowest(spans, is_whole=is_whole)
    highest = longest_with(ends, left=labels.room, lowest=lowest)
    axes = (value_axis(axis, lowest, highest), rows_axis(len(steps)))
    return frame(layers, data, height=row_px * len(steps), left=labels.room, axes=axes)


def _bodies(
    steps: Sequence[Step], spans: Sequence[_Span], tips: Sequence[str], *, is_whole: bool
) -> dict[str, list[Datum]]:
    """Bars; levels as points where the axis is cut. No change has no bar."""
    found: dict[str, list[Datum]] = {"bars": [], "levels": []}
    for n, (step, span, tip) in enumerate(zip(steps, spans, tips, strict=True)):
        if step.is_level and not is_whole:
            found["levels"].append({"x": exact(span.end), "y": n, "tip": tip})
        elif step.amount:
            found["bars"].append({**bar(n, span.begin, span.end), "kind": step.kind, "tip": tip})
    return found


def _spans(steps: Sequence[Step]) -> Iterator[_Span]:
    stand = ZERO
    for step in steps:
        begin = ZERO if step.is_level else stand
        stand = add_exactly((begin, step.amount))
        yield _Span(begin, stand)


def _lowest(spans: Sequence[_Span], *, is_whole: bool) -> float:
    ends = [exact(span.end) for span in spans]
    if is_whole:
        return min(0.0, *ends)
    low, high = min(ends), max(ends)
    return low - (high - low) * 0.1


def _links(spans: Sequence[_Span]) -> Iterator[dict[str, float]]:
    """A line from the end of each row down to the next."""
    for n, span in enumerate(spans[:-1]):
        x = exact(span.end)
        yield {"x": x, "x2": x, "y": n + HALF_BAR, "y2": n + 1 - HALF_BAR}
