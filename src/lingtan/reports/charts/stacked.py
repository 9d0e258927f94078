"""Rows of stacked bars with their sum behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lingtan.quantities import add_exactly
from lingtan.reports.charts.drawing import (
    GAP,
    bars,
    coloured,
    exact,
    frame,
    row_labels,
    rows_axis,
    texts,
    tip_name,
)
from lingtan.reports.charts.records import Spec
from lingtan.reports.charts.rows import bar, build_labels, scale_for
from lingtan.reports.charts.style import Colour, Speaker
from lingtan.reports.charts.totals import ZERO, Total


@dataclass(frozen=True, slots=True)
class Stack:
    """A row: label, parts by kind (a word of the legend) in the order they are stacked, and its number."""

    label: str
    parts: tuple[tuple[str, Total], ...]
    said: str


def draw_stacks(
    rows: Sequence[Stack], legend: Mapping[str, Colour], speaker: Speaker, *, row_px: int
) -> Spec:
    """The rows of emissions from above; kinds that nobody has are not in the legend."""
    labels = build_labels([row.label for row in rows], row_px=row_px)
    segments = [segment for place, row in enumerate(rows) for segment in _segments(place, row, speaker)]
    ends = [add_exactly(part.drawn for _, part in row.parts if part.drawn > 0) for row in rows]
    numbers = [
        {"x": exact(end), "y": n, "text": row.said}
        for n, (end, row) in enumerate(zip(ends, rows, strict=True))
    ]
    used = {segment["kind"] for segment in segments}
    colour = coloured({word: colour for word, colour in legend.items() if word in used})
    lows = [min(segment["x"], segment["x2"]) for segment in segments]
    axis = speaker.say("emissions_axis")
    behind = [(end, row.said) for end, row in zip(ends, rows, strict=True)]
    return frame(
        [bars("bars", colour), row_labels("labels"), texts("numbers", dx=GAP)],
        {"bars": segments, "labels": labels.data, "numbers": numbers},
        height=row_px * len(rows),
        left=labels.room,
        axes=(scale_for(axis, behind, lows, left=labels.room), rows_axis(len(rows))),
    )


def _segments(place: int, row: Stack, speaker: Speaker) -> list[dict[str, Any]]:
    """Parts one after another; what is negative lies left of nought."""
    ends: dict[bool, Decimal] = {True: ZERO, False: ZERO}
    segments = []
    name = tip_name(row.label)
    for kind, part in row.parts:
        if value := part.drawn:
            begin = ends[value > 0]
            ends[value > 0] = add_exactly((begin, value))
            tip = speaker.say("tip_part", name=name, kind=kind, said=part.said(""))
            segments.append({**bar(place, begin, ends[value > 0]), "kind": kind, "tip": tip})
    return segments
