"""Charts on a page: drawn already for paper and where scripts are off, alive where they run."""

from __future__ import annotations

import re

from lingtan.reports.charts.rendering import render_svg
from lingtan.reports.formats.page.markup import Markup, attribute, text
from lingtan.reports.formats.plain import plain
from lingtan.reports.records import Picture

_NAMESPACES = re.compile(r' xmlns(?::xlink)?="[^"]*"')
_IDS = re.compile(r'(\bid="|url\(#|href="#)')


def write_picture(picture: Picture, markup: Markup) -> str:
    """The figure: picture, its definition, number and title, caption and note below."""
    chart, anchor = picture.chart, markup.anchors[picture.id]
    caption = [markup.caption(picture, chart.title)]
    if chart.caption and chart.caption != plain(picture.note, markup.names):
        caption.append(f'<span class="note">{text(chart.caption)}</span>')
    if picture.note:
        caption.append(f'<span class="note">{markup.runs(picture.note)}</span>')
    return (
        f'<figure id="{anchor}">\n<div class="plate">\n<div class="drawn">{_drawn(picture, anchor)}</div>\n'
        f'<div class="live" role="img" aria-label={attribute(chart.alt)}><div></div></div>\n</div>\n'
        f'<script type="application/json">{chart.to_json()}</script>\n'
        f"<figcaption>{'<br>'.join(caption)}</figcaption>\n</figure>\n"
    )


def _drawn(picture: Picture, anchor: str) -> str:
    """The SVG as a part of this page, its ids its own."""
    svg = _NAMESPACES.sub("", render_svg(picture.chart), count=2)
    return _IDS.sub(lambda found: f"{found[1]}{anchor}-", svg)
