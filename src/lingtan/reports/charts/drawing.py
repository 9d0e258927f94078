"""Parts that Vega-Lite charts are made of: bars, texts and rules at exact places, and the frame.

Rows and columns are placed by numbers of ours, not by a layout of the library's: two rows of the same
name stay two, and nothing is cut off that we have measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lingtan.reports.charts.records import VEGA_LITE, Spec
from lingtan.reports.charts.style import Colour, load_style
from lingtan.reports.fonts import shortened, text_width

Datum = Mapping[str, Any]
GAP = 8
"""Pixels between a label and what it belongs to."""

RIGHT_PX = 8
TIP: Spec = {"tooltip": {"field": "tip"}}
"""The sentence that a page shows where the pointer rests on a mark: the field `tip`, never drawn."""

_TIP_NAME_PX = 480  # as much of a name as two lines of labels hold
_MARGIN_PX = 8
_AXIS_PX = 42  # ticks, numbers and title below the plot
_LEGEND_PX = 30


def exact(value: Decimal) -> float:
    """The number as it is drawn: the double nearest to it."""
    return float(value)


def field(name: str, kind: str = "quantitative", **more: Any) -> Spec:
    """An encoding by a field of the data."""
    return {"field": name, "type": kind, **more}


def bars(data: str, colour: Spec | Colour) -> Spec:
    """Rectangles with tips from x to x2 and y to y2, in a colour of the palette or by a `coloured` field."""
    encoding: Spec = {"x": field("x"), "x2": {"field": "x2"}, "y": field("y"), "y2": {"field": "y2"}}
    encoding |= TIP
    mark: Spec = {"type": "rect"}
    if isinstance(colour, str):
        fill = load_style().palette[colour]
        mark |= {"color": fill.fill, "stroke": fill.edge, "strokeWidth": 0.75}
    else:
        encoding["color"] = colour
        mark |= {"stroke": load_style().soft, "strokeWidth": 0.5}
    return {"data": {"name": data}, "mark": mark, "encoding": encoding}


def coloured(words: Mapping[str, Colour], *, legend: bool = True) -> Spec:
    """Colour by the field `kind`, one of `words`, with a legend above if asked for."""
    palette = load_style().palette
    scale = {"domain": list(words), "range": [palette[colour].fill for colour in words.values()]}
    edged = {"symbolStrokeColor": load_style().soft, "symbolStrokeWidth": 0.5}
    look = {"title": None, "orient": "top", **edged} if legend else None
    return field("kind", "nominal", scale=scale, legend=look)


def texts(data: str, *, align: str = "left", dx: float = 0, **mark: Any) -> Spec:
    """The field `text` at x, y."""
    style = load_style()
    look = {"type": "text", "align": align, "baseline": "middle", "dx": dx, "color": style.ink}
    look |= {"fontSize": style.text_px, **mark}
    encoding = {"x": field("x"), "y": field("y"), "text": {"field": "text"}}
    return {"data": {"name": data}, "mark": look, "encoding": encoding}


def row_labels(data: str) -> Spec:
    """The field `text` left of the plot, at y."""
    style = load_style()
    mark: Spec = {"type": "text", "align": "right", "baseline": "middle", "color": style.ink}
    mark |= {"fontSize": style.text_px}
    encoding = {"x": {"value": -GAP}, "y": field("y"), "text": {"field": "text"}}
    return {"data": {"name": data}, "mark": mark, "encoding": encoding}


def rules(
    data: str, *, dash: Sequence[int] = (), width: float = 1, colour: str = "", tips: bool = False
) -> Spec:
    """Lines from x, y to x2, y2; with `tips` if they say something of their own."""
    mark: Spec = {"type": "rule", "strokeWidth": width, "color": colour or load_style().ink}
    mark |= {"strokeDash": list(dash)} if dash else {}
    encoding = {"x": field("x"), "x2": {"field": "x2"}, "y": field("y"), "y2": {"field": "y2"}}
    encoding |= TIP if tips else {}
    return {"data": {"name": data}, "mark": mark, "encoding": encoding}


def points(data: str, shape: str, *, size: int = 60, filled: bool = True) -> Spec:
    """Marks of one shape with tips at x, y."""
    mark = {"type": "point", "shape": shape, "size": size, "filled": filled, "opacity": 1}
    mark |= {"color": load_style().ink, "strokeWidth": 1.2}
    return {"data": {"name": data}, "mark": mark, "encoding": {"x": field("x"), "y": field("y"), **TIP}}


def frame(
    layers: Sequence[Spec],
    data: Mapping[str, Sequence[Datum]],
    *,
    height: float,
    left: float,
    axes: tuple[Spec, Spec],
) -> Spec:
    """Layers over one pair of axes as a whole chart; `left` is the room for labels of rows.

    `axes` are scale and axis of x and of y, which all layers share. The picture is exactly
    `width_px` wide: the plot is what `left` leaves.
    """
    first, *rest = layers
    x, y = axes
    encoding = {**first["encoding"]}
    encoding["x"], encoding["y"] = {**encoding["x"], **x}, {**encoding["y"], **y}
    has_legend = any((layer["encoding"].get("color") or {}).get("legend") for layer in layers)
    bottom = _AXIS_PX if x["axis"] else _MARGIN_PX
    top = _LEGEND_PX if has_legend else _MARGIN_PX
    return {
        "$schema": VEGA_LITE,
        "width": plot_width(left),
        "height": height,
        "autosize": {"type": "none"},
        "padding": {"left": left, "right": RIGHT_PX, "top": top, "bottom": bottom},
        "datasets": {name: list(rows) for name, rows in data.items()},
        "layer": [{**first, "encoding": encoding}, *rest],
        "config": config(),
    }


def plot_width(left: float) -> float:
    """The width of the plot beside labels of that width."""
    return load_style().width_px - left - RIGHT_PX


def config() -> Spec:
    """Font, sizes and colours of axes and legends."""
    style = load_style()
    ink, soft, size = style.ink, style.soft, style.text_px
    axis = {
        "labelFontSize": size, "titleFontSize": size, "labelColor": ink, "titleColor": soft,
        "titleFontWeight": "normal", "gridColor": style.grid, "domainColor": soft, "tickColor": soft,
    }  # fmt: skip
    legend = {
        "labelFontSize": size, "labelColor": ink, "labelLimit": style.width_px, "symbolType": "square",
        "symbolOpacity": 1, "columnPadding": 16, "offset": 8,
    }  # fmt: skip
    return {
        "background": "white",
        "font": style.font,
        "aria": False,
        "axis": axis,
        "legend": legend,
        "view": {"stroke": None},
    }


def value_axis(title: str, lowest: float, highest: float, *, ticks: int = 6) -> Spec:
    """A scale of exactly that range with grid, numbers and a title with the unit."""
    labels = {"labelOverlap": True, "labelFlush": True, "format": ",~f"}
    axis = {"title": title, "grid": True, "tickCount": ticks, **labels}
    return {"scale": {"domain": [lowest, highest], "nice": False}, "axis": axis}


def hidden_axis(lowest: float, highest: float) -> Spec:
    """A scale of exactly that range, not drawn."""
    return {"scale": {"domain": [lowest, highest], "nice": False}, "axis": None}


def rows_axis(count: float) -> Spec:
    """Rows 0, 1, 2 … from above; row 1 fills y from 0.5 to 1.5."""
    return hidden_axis(count - 0.5, -0.5)


def label_width(labels: Sequence[str], size: int) -> int:
    """Room for the widest label left of the plot, in whole pixels."""
    return round(max(text_width(label, size) for label in labels)) + GAP + 4


def tip_name(name: str) -> str:
    """A name as a tip has it: drawable, and longer than on a label, but not without end."""
    return shortened(name, _TIP_NAME_PX, load_style().text_px)
