"""Rows of stacked bars with their sum behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lingtan.quantities import add_exactly
from lingtan.reports.charts.drawing import GAP, bars, coloured, exact, frame, row_labels, rows_axis, texts
from lingtan.reports.charts.records import Spec
from lingtan.reports.charts.rows import bar, build_labels, scale_for
from lingtan.reports.charts.style import Colour
from lingtan.reports.charts.totals import ZERO


@dataclass(frozen=True, slots=True)
class Stack:
    """A row: label, parts by kind (a word of the legend) in the order they are stacked, and its number."""

    label: str
    parts: tuple[tuple[str, Decimal], ...]
    said: str


def draw_stacks(rows: Sequence[Stack], legend: Mapping[str, Colour], *, axis: str, row_px: int) -> Spec:
    """The rows from above; kinds that nobody has are not in the legend."""
    labels = build_labels([row.label for row in rows], row_px=row_px)
    segments = [segment for place, row in enumerate(rows) for segment in _segments(place, row)]
    ends = [add_exactly(value for _, value in row.parts if value > 0) for row in rows]
    numbers = [
        {"x": exact(end), "y": n, "text": row.said}
        for n, (end, row) in enumerate(zip(ends, rows, strict=True))
    ]
    used = {segment["kind"] for segment in segments}
    colour = coloured({word: colour for word, colour in legend.items() if word in used})
    lows = [min(segment["x"], segment["x2"]) for segment in segments]
    behind = [(end, row.said) for end, row in zip(ends, rows, strict=True)]
    return frame(
        [bars("bars", colour), row_labels("labels"), texts("numbers", dx=GAP)],
        {"bars": segments, "labels": labels.data, "numbers": numbers},
        height=row_px * len(rows),
        left=labels.room,
        axes=(scale_for(axis, behind, lows, left=labels.room), rows_axis(len(rows))),
    )


def _segments(place: int, row: Stack) -> list[dict[str, Any]]:
    """Parts one after another; what is negative lies left of nought."""
    ends: dict[bool, Decimal] = {True: ZERO, False: ZERO}
    segments = []
    for kind, value in row.parts:
        if value:
            begin = ends[value > 0]
            ends[value > 0] = add_exactly((begin, value))
            segments.append({**bar(place, begin, ends[value > 0]), "kind": kind})
    return segments
