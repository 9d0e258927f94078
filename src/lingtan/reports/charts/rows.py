"""Rows of horizontal bars: their places, labels and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lingtan.reports.charts.drawing import GAP, Datum, exact, label_width, plot_width, value_axis
from lingtan.reports.charts.records import Spec
from lingtan.reports.charts.style import load_style
from lingtan.reports.fonts import text_width, wrapped

HALF_BAR = 0.31
"""Half the thickness of a bar, in rows."""

LABEL_SHARE = 0.4  # of the width of the picture, for labels
_LINE_PX = 12.5


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of rows as data (one per line of text), and the room they need in pixels."""

    data: tuple[Datum, ...]
    room: int


def build_labels(
    texts: Sequence[str],
    *,
    row_px: int,
    places: Sequence[float] | None = None,
    widest: float = LABEL_SHARE,
) -> Labels:
    """Labels in one line or two, made drawable; row n stands at y = n unless `places` say otherwise.

    `widest`: share of the width of the picture that they may take.
    """
    style = load_style()
    size, room = style.text_px, style.width_px * widest
    data, lines = [], []
    for place, text in zip(places or range(len(texts)), texts, strict=True):
        found = wrapped(text, room, size, lines=2 if row_px >= 2 * _LINE_PX else 1)
        for index, line in enumerate(found):
            offset = (index - (len(found) - 1) / 2) * _LINE_PX / row_px
            data.append({"y": place + offset, "text": line})
            lines.append(line)
    return Labels(tuple(data), label_width(lines, size))


def bar(place: float, begin: Decimal, end: Decimal, *, half: float = HALF_BAR) -> dict[str, Any]:
    """A bar of the row from `begin` to `end`."""
    return {"x": exact(begin), "x2": exact(end), "y": place - half, "y2": place + half}


def longest_with(ends: Sequence[tuple[Decimal, str]], *, left: float, lowest: float = 0) -> float:
    """Where the scale must end so that each text fits behind its bar; `left`: room taken by labels."""
    style = load_style()
    plot = plot_width(left)
    highest = max([exact(end) for end, _ in ends] + [lowest])
    for end, text in ends:
        wide = text_width(text, style.text_px) + GAP
        needed = lowest + (exact(end) - lowest) * plot / max(plot - wide, plot / 5)
        highest = max(highest, needed)
    return highest or 1.0


def scale_for(
    title: str, ends: Sequence[tuple[Decimal, str]], lows: Sequence[float] = (), *, left: float
) -> Spec:
    """The axis of bars from nought (or their lowest begin), long enough for the text behind each."""
    lowest = min([0.0, *lows])
    return value_axis(title, lowest, longest_with(ends, left=left, lowest=lowest))
