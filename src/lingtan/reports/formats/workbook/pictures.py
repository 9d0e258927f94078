"""The sheet of charts: caption, picture, what it shows in words."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO

from lingtan.reports.charts.rendering import render_png
from lingtan.reports.formats.plain import shown
from lingtan.reports.formats.workbook.prose import ProseSheet
from lingtan.reports.records import Picture

SCALE = 2.0
"""Pixels of the picture for one of the chart: sharp in print, small in the file."""

_ROW_PX = 20
_SHOWN_PX = 700
"""How wide a picture is drawn, unless it is narrower."""

_DOTS_PER_METRE, _SCREEN_DPI = 39.3701, 96


@dataclass(frozen=True, slots=True)
class _Size:
    width: int
    height: int
    dpi: float


def put_picture(prose: ProseSheet, picture: Picture) -> None:
    """Caption, picture, caption of the chart, note, and its words for those who cannot see it."""
    words, chart = prose.pen.words, picture.chart
    prose.rows[picture.id] = prose.row
    prose.line((f"{prose.pen.names[picture.id]}  {shown(chart.title)}",), "level2")
    png = render_png(chart, scale=SCALE)
    size = _size_of(png)
    scale = min(1 / SCALE, _SHOWN_PX / size.width)
    drawn = scale * size.dpi / _SCREEN_DPI
    place = {"image_data": BytesIO(png), "x_scale": drawn, "y_scale": drawn, "description": shown(chart.alt)}
    prose.sheet.insert_image(prose.row, 0, f"{picture.id}.png", place)
    prose.row += int(size.height * scale) // _ROW_PX + 2
    if chart.caption and chart.caption != prose.pen.text(picture.note):
        prose.line((chart.caption,), "note")
    if picture.note:
        prose.line(picture.note, "note")
    prose.line((words.text("workbook.alt", text=shown(chart.alt)),), "note")
    prose.space()


def _size_of(png: bytes) -> _Size:
    """Width, height and density from the head of a PNG."""
    width, height = struct.unpack(">II", png[16:24])
    at = png.find(b"pHYs", 0, 200)
    per_metre = struct.unpack(">I", png[at + 4 : at + 8])[0] if at > 0 else 0
    return _Size(width, height, per_metre / _DOTS_PER_METRE if per_metre else _SCREEN_DPI)
