"""Sankey diagrams in plain Vega: places of nodes and ribbons are computed here, always the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lingtan.quantities import add_exactly
from lingtan.reports.charts.drawing import GAP, exact, label_width, tip_name
from lingtan.reports.charts.records import VEGA, Spec
from lingtan.reports.charts.style import Colour, Speaker, load_style
from lingtan.reports.fonts import shortened
from lingtan.texts import number

UNIT = "tce"
"""Of the amounts that flow."""

_TALLEST_PX = 300  # all that flows, without the gaps
_SLOT_PX = 17  # a node has at least the room of its label
_NODE_PX = 9
_MARGIN_PX = 6
_LABEL_PX = 185


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount from a node on the left to one on the right; always positive."""

    source: str
    target: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Nodes:
    """Name and number by node, from above, of one side."""

    labels: Mapping[str, tuple[str, str]]

    def names(self) -> dict[str, str]:
        """What the nodes are called in tips."""
        return {node: tip_name(name) for node, (name, _) in self.labels.items()}

    def tips(self, speaker: Speaker) -> list[str]:
        """The sentence of each node."""
        return [
            speaker.say("tip", name=name, said=said, unit=UNIT)
            for name, (_, said) in zip(self.names().values(), self.labels.values(), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class _Box:
    top: float
    height: float


def draw_sankey(
    flows: Sequence[Flow], left: Nodes, right: Nodes, speaker: Speaker, *, colours: Mapping[str, Colour]
) -> Spec:
    """Ribbons from nodes on the left to nodes on the right (other names), as wide as the amounts (tce)."""
    style = load_style()
    given = [_cut(*label) for label in left.labels.values()]
    taken = [_cut(*label) for label in right.labels.values()]
    scale = _TALLEST_PX / exact(add_exactly(flow.amount for flow in flows))
    sources = _place(left.labels, _sums(flows, "source"), scale)
    targets = _place(right.labels, _sums(flows, "target"), scale)
    begin = label_width(given, style.text_px) + _MARGIN_PX
    end = style.width_px - label_width(taken, style.text_px) - _MARGIN_PX
    bottom = max(box.top + box.height for box in (*sources.values(), *targets.values()))
    bottom = max(bottom, _SLOT_PX * max(len(sources), len(targets)))
    ribbons = _ribbons(
        flows, {**sources, **targets}, ends=(begin + _NODE_PX, end - _NODE_PX), scale=scale, colours=colours
    )
    called = {**left.names(), **right.names()}
    data = {
        "ribbons": [{**ribbon, "tip": _tip(flow, called, speaker)} for flow, ribbon in ribbons],
        "nodes": [
            *_boxes(sources, left.tips(speaker), begin),
            *_boxes(targets, right.tips(speaker), end - _NODE_PX),
        ],
        "labels": [
            *_labels(sources, given, begin - GAP, "right"),
            *_labels(targets, taken, end + GAP, "left"),
        ],
    }
    return _spec(data, height=round(bottom) + 2 * _MARGIN_PX)


def _cut(name: str, said: str) -> str:
    """A label of which the number is never cut off."""
    return f"{shortened(name, _LABEL_PX, load_style().text_px)} {said}"


def _sums(flows: Sequence[Flow], side: str) -> dict[str, Decimal]:
    found: dict[str, list[Decimal]] = {}
    for flow in flows:
        found.setdefault(getattr(flow, side), []).append(flow.amount)
    return {name: add_exactly(amounts) for name, amounts in found.items()}


def _place(
    names: Mapping[str, tuple[str, str]], sums: Mapping[str, Decimal], scale: float
) -> dict[str, _Box]:
    """Boxes from above, each in the middle of a slot that is tall enough for its label."""
    boxes, top = {}, float(_MARGIN_PX)
    for name in names:
        height = exact(sums[name]) * scale
        slot = max(height + 4, _SLOT_PX)
        boxes[name] = _Box(top + (slot - height) / 2, height)
        top += slot
    return boxes


def _ribbons(
    flows: Sequence[Flow],
    boxes: Mapping[str, _Box],
    *,
    ends: tuple[float, float],
    scale: float,
    colours: Mapping[str, Colour],
) -> Iterator[tuple[Flow, dict[str, Any]]]:
    """Ribbons in the order of the nodes on both sides, so that none crosses without need."""
    rank = {name: n for n, name in enumerate(boxes)}
    tops = {name: box.top for name, box in boxes.items()}
    for flow in sorted(flows, key=lambda flow: (rank[flow.source], rank[flow.target])):
        width = exact(flow.amount) * scale
        path = _ribbon(ends, tops[flow.source], tops[flow.target], width)
        tops[flow.source] += width
        tops[flow.target] += width
        fill = load_style().palette[colours[flow.source]].fill
        nodes = {"source": rank[flow.source], "target": rank[flow.target]}  # no ids: names may be masked
        yield flow, {"path": path, "fill": fill, "amount": exact(flow.amount), **nodes}


def _tip(flow: Flow, called: Mapping[str, str], speaker: Speaker) -> str:
    ends = {"source": called[flow.source], "target": called[flow.target]}
    return speaker.say("tip_flow", **ends, said=number(flow.amount, 0), unit=UNIT)


def _ribbon(ends: tuple[float, float], top: float, other: float, width: float) -> str:
    """The outline of a ribbon as an SVG path, to a hundredth of a pixel."""
    begin, end = ends
    middle = (begin + end) / 2
    return (
        f"M{begin:.2f},{top:.2f}C{middle:.2f},{top:.2f},{middle:.2f},{other:.2f},{end:.2f},{other:.2f}"
        f"L{end:.2f},{other + width:.2f}C{middle:.2f},{other + width:.2f},{middle:.2f},{top + width:.2f},"
        f"{begin:.2f},{top + width:.2f}Z"
    )


def _boxes(boxes: Mapping[str, _Box], tips: Sequence[str], x: float) -> list[dict[str, Any]]:
    return [
        {"x": round(x, 2), "y": round(box.top, 2), "height": round(max(box.height, 0.75), 2), "tip": tip}
        for box, tip in zip(boxes.values(), tips, strict=True)
    ]


def _labels(boxes: Mapping[str, _Box], labels: Sequence[str], x: float, align: str) -> list[dict[str, Any]]:
    return [
        {"x": round(x, 2), "y": round(box.top + box.height / 2, 2), "text": label, "align": align}
        for box, label in zip(boxes.values(), labels, strict=True)
    ]


def _spec(data: Mapping[str, list[dict[str, Any]]], *, height: int) -> Spec:
    style = load_style()
    return {
        "$schema": VEGA,
        "width": style.width_px,
        "height": height,
        "padding": 0,
        "autosize": "none",
        "background": "white",
        "data": [{"name": name, "values": values} for name, values in data.items()],
        "marks": _marks(),
    }


def _marks() -> list[Spec]:
    style = load_style()
    place: Spec = {"x": {"field": "x"}, "y": {"field": "y"}}
    ribbon: Spec = {"path": {"field": "path"}, "fill": {"field": "fill"}, "fillOpacity": {"value": 0.6}}
    tip: Spec = {"tooltip": {"signal": "datum.tip"}}
    ribbon |= {**tip, "stroke": {"value": style.soft}, "strokeWidth": {"value": 0.3}}
    node: Spec = {**place, **tip, "height": {"field": "height"}}
    node |= {"width": {"value": _NODE_PX}, "fill": {"value": style.ink}}
    label: Spec = {**place, "text": {"field": "text"}, "align": {"field": "align"}}
    label |= {"baseline": {"value": "middle"}, "fill": {"value": style.ink}}
    label |= {"font": {"value": style.font}, "fontSize": {"value": style.text_px}}
    marks = (("path", "ribbons", ribbon), ("rect", "nodes", node), ("text", "labels", label))
    return [
        {"type": kind, "from": {"data": data}, "aria": False, "encode": {"enter": encoding}}
        for kind, data, encoding in marks
    ]
