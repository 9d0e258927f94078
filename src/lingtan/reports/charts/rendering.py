"""Charts as SVG, PNG and PDF, in this process: no browser, no network, no fonts of the machine."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from xml.sax.saxutils import quoteattr

import vl_convert

from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.style import load_style
from lingtan.reports.fonts import STEERING_MARK, sans_path
from lingtan.texts import visible

VEGA_LITE_VERSION = "6.4"
_NO_ADDRESS: list[str] = []
"""Addresses that a chart may load from: none."""

_MM_PER_INCH, _POINTS_PER_INCH = 25.4, 72.0
_PIXELS_PER_INCH = 72.0  # of vl-convert: a pixel of the chart is a pixel of the picture at scale 1


@cache
def _prepare() -> None:
    vl_convert.register_font_directory(str(sans_path().parent))


def render_svg(chart: Chart) -> str:
    """The chart as SVG; the same chart gives the same text. `alt` is its label for screen readers.

    What steers terminals or the writing direction is drawn as □: the library ends the whole process on
    control characters.
    """
    _prepare()
    spec = _harmless(chart.spec)
    if chart.is_vega_lite:
        spec = vl_convert.vegalite_to_vega(spec, vl_version=VEGA_LITE_VERSION)
    svg: str = vl_convert.vega_to_svg(spec, allowed_base_urls=_NO_ADDRESS)
    return svg.replace("<svg ", f'<svg role="img" aria-label={quoteattr(_harmless(chart.alt))} ', 1)


def _harmless(value: Any) -> Any:
    """`value` with □ in all its strings for what no picture can hold; names of fields alike."""
    if isinstance(value, str):
        return value if value.isprintable() else visible(value, STEERING_MARK)
    if isinstance(value, dict):
        return {_harmless(key): _harmless(inner) for key, inner in value.items()}
    return [_harmless(inner) for inner in value] if isinstance(value, list | tuple) else value


def render_png(chart: Chart, scale: float = 3.0) -> bytes:
    """The chart as PNG; at scale 3 it has 286 dots per inch when 160 mm wide."""
    png: bytes = vl_convert.svg_to_png(render_svg(chart), scale=scale, ppi=_PIXELS_PER_INCH)
    return png


def render_pdf(chart: Chart) -> bytes:
    """The chart as a PDF page as wide as the text column, its text as text with the font within."""
    pdf: bytes = vl_convert.svg_to_pdf(_on_paper(render_svg(chart)))
    return pdf


def _on_paper(svg: str) -> str:
    """The picture with its size in points of paper."""
    style = load_style()
    scale = style.width_mm / _MM_PER_INCH * _POINTS_PER_INCH / style.width_px
    size = re.compile(r'(?<= width=")[0-9.]+(?=")|(?<= height=")[0-9.]+(?=")')
    return size.sub(lambda found: f"{float(found[0]) * scale:.3f}", svg, count=2)


@cache
def browser_bundle() -> str:
    """JavaScript with Vega, Vega-Lite and vega-embed for a page that opens offline (`vegaEmbed(…)`)."""
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE_VERSION)
    return bundle
