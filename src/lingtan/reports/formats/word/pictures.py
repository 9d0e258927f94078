"""Charts as pictures with words for those who do not see them, caption and note below."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from lingtan.reports.charts.rendering import render_png
from lingtan.reports.charts.style import load_style
from lingtan.reports.formats.word.labels import caption_label
from lingtan.reports.formats.word.layout import Layout
from lingtan.reports.formats.word.markup import attribute, paragraph, run
from lingtan.reports.formats.word.tables import GAP, KEEP_NEXT
from lingtan.reports.records import Picture

_SCALE = 3.0
_EMU_PER_TWIP = 635
_TWIPS_PER_MM = 1440 / 25.4
_MOST_OF_HEIGHT = 0.8  # of the page; caption and note need the rest
_CENTRED = '<w:jc w:val="center"/>'
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def set_picture(picture: Picture, layout: Layout) -> Iterator[str]:
    """The picture, its caption and its note."""
    png = render_png(picture.chart, scale=_SCALE)
    relation, number = layout.shell.add_picture(png)
    drawing = _drawing(picture, relation, number, _size(png, layout))
    yield paragraph(layout.style("Picture"), f"<w:r>{drawing}</w:r>")
    words = caption_label(picture, layout.labels[picture.id], layout.language) + run(
        GAP + picture.chart.title
    )
    yield paragraph(layout.style("Caption"), words, KEEP_NEXT if picture.note else "")
    if picture.note:
        yield paragraph(layout.style("Note"), layout.runs(picture.note), _CENTRED)


def _size(png: bytes, layout: Layout) -> tuple[int, int]:
    """Width and height on paper (EMU): as the chart was drawn, or smaller to fit the page."""
    width_px, height_px = struct.unpack(">II", png[16:24])
    style, room = load_style(), layout.shell.room
    pixel = style.width_mm * _TWIPS_PER_MM / style.width_px / _SCALE
    width, height = width_px * pixel, height_px * pixel
    factor = min(1.0, room.width / width, room.height * _MOST_OF_HEIGHT / height)
    return round(width * factor * _EMU_PER_TWIP), round(height * factor * _EMU_PER_TWIP)


def _drawing(picture: Picture, relation: str, number: int, size: tuple[int, int]) -> str:
    width, height = size
    name, alt = attribute(picture.chart.title), attribute(picture.chart.alt)
    return (
        f'<w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"'
        ' distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name={name} descr={alt}/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_DRAWING}/main" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name={name} descr={alt}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{_RELATIONS}" r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
