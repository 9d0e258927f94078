"""How charts are drawn: our fonts only, the same bytes, hostile names, colours that print in grey."""

from __future__ import annotations

import json
import re
import socket
import string
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lingtan.errors import LingtanError
from lingtan.inventory.records import Inventory, Member
from lingtan.reports import fonts
from lingtan.reports.charts import (
    Chart,
    TrendPoint,
    browser_bundle,
    build_enterprise_chart,
    build_trend_chart,
    render_pdf,
    render_png,
    render_svg,
)
from lingtan.reports.charts.hours import find_limits
from lingtan.reports.charts.style import load_style, load_words
from lingtan.reports.fonts import drawable, has_glyph, sans_path, shortened, text_width, wrapped

HOSTILE = {
    "E1": '<b>甲</b> & "乙" </script><script>alert(1)</script>',
    "E2": "\u202eevil\u200fname\u2066",
    "E3": "长" * 300,
    "E4": "行一\n行二\x1b[31m\x00",
    "E5": "𠮷野家\u0301 datum.x'\\",
    "E6": "",
}


def members(names: dict[str, str]) -> Chart:
    found = tuple(Member(id, Decimal(10 + n), Decimal(5), None) for n, id in enumerate(names))
    inventory = Inventory("park", 2024, "AR6", {}, (), found, (), ())
    chart = build_enterprise_chart(inventory, names=names)
    assert chart is not None
    return chart


def labels(chart: Chart) -> list[str]:
    return [row["text"] for row in chart.spec["datasets"]["labels"]]


@pytest.fixture(scope="module")
def plain() -> Chart:
    chart = build_trend_chart(
        [TrendPoint(2023, Decimal(3)), TrendPoint(2024, Decimal(2))], name="排放", unit="t"
    )
    assert chart is not None
    return chart


def test_hostile_names_are_drawn_and_harmless() -> None:
    chart = members(HOSTILE)
    assert all(has_glyph(char) for label in labels(chart) for char in label)
    shown = dict(zip(reversed(HOSTILE), labels(chart), strict=True))  # the largest is the last
    assert shown["E2"] == "□evil□name□"
    assert shown["E3"] == "长" * 19 + "…"  # 240 px hold nineteen of 12 px and the mark
    assert shown["E4"].startswith("行一□行二□[31m□")
    assert shown["E6"] == "E6"  # an id where there is no name
    assert shown["E5"].startswith("[U+20BB7]野家[U+0301]")
    assert "</script" not in chart.to_json() and json.loads(chart.to_json()) == chart.spec
    svg = render_svg(chart)
    assert "<script" not in svg and "<b>" not in svg
    assert "长" * 30 not in svg and "\u202e" not in svg + chart.alt


def test_two_enterprises_of_one_name_stay_two() -> None:
    assert labels(members({"E1": "同名", "E2": "同名"})) == ["同名", "同名"]


def test_labels_stay_within_the_picture() -> None:
    chart = members(HOSTILE)
    room = chart.spec["padding"]["left"]
    assert all(text_width(label, load_style().text_px) <= room - 8 for label in labels(chart))
    style = load_style()
    assert room + chart.spec["width"] + chart.spec["padding"]["right"] == style.width_px
    high = chart.spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1]
    for row in chart.spec["datasets"]["numbers"]:
        end = row["x"] / high * chart.spec["width"] + 8 + text_width(row["text"], style.text_px)
        assert end <= chart.spec["width"] + 1e-6


def test_drawable_shows_what_the_fonts_lack() -> None:
    assert drawable("零碳 A0") == "零碳 A0"
    assert drawable("𠮷") == "[U+20BB7]" and drawable("한") == "[U+D55C]" and drawable("₂") == "[U+2082]"
    assert drawable("a\u200fb\n") == "a□b□" and drawable("\ud800") == "□"
    assert all(has_glyph(char) for char in string.printable[:95] + "，。（）《》“”…—·×±≤≥−→★◆□")
    assert all(has_glyph(char) for word in words() for char in re.sub(r"\{\w+\}", "", word))


def words() -> list[str]:
    return [
        text for chart in load_words().charts.values() for one in chart.values() for text in (one.zh, one.en)
    ]


def test_both_languages_fill_in_the_same() -> None:
    for chart, named in load_words().charts.items():
        for name, one in named.items():
            zh, en = ({f for _, f, _, _ in string.Formatter().parse(text) if f} for text in (one.zh, one.en))
            assert zh == en, f"{chart}.{name}"
            assert not re.search("[\u4e00-\u9fff]", one.en), f"{chart}.{name}"


def test_text_is_measured_and_broken_where_it_may() -> None:
    assert text_width("零碳", 12) == 24
    assert shortened("零碳园区", 36, 12) == "零碳…" and shortened("零碳园区", 48, 12) == "零碳园区"
    assert wrapped("零碳园区评价", 36, 12) == ["零碳园", "区评价"]
    assert wrapped("Energy and carbon", 70, 12) == ["Energy and", "carbon"]
    assert wrapped("x" * 400, 60, 12)[0].endswith("…")
    assert wrapped("面积（％）。", 36, 12)[1][0] not in "）。％"


def test_no_font_is_a_fault_with_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pylopdf_fonts_zh_cn", None)
    with pytest.raises(LingtanError) as raised:
        fonts.serif_path()
    (one,) = raised.value.faults
    assert one.code == "report.no-chinese-font" and "Noto Serif SC" in one.words("zh").what


def test_the_same_chart_gives_the_same_bytes(plain: Chart) -> None:
    assert render_svg(plain) == render_svg(plain)
    assert render_png(plain, 1) == render_png(plain, 1)
    assert render_pdf(plain) == render_pdf(plain)
    assert b"CreationDate" not in render_pdf(plain) and b"/ID" not in render_pdf(plain)


def test_sizes_on_screen_and_paper(plain: Chart) -> None:
    style, png, pdf = load_style(), render_png(plain, 2), render_pdf(plain)
    assert int.from_bytes(png[16:20], "big") == 2 * style.width_px
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+)", pdf)
    assert box and float(box[1]) == pytest.approx(160 / 25.4 * 72, abs=0.01)
    points = style.text_px * style.width_mm / style.width_px / 25.4 * 72
    assert points >= 8


def test_only_our_font_is_in_the_picture(plain: Chart) -> None:
    assert set(re.findall(r'font-family="([^"]*)"', render_svg(plain))) == {load_style().font}
    names = set(re.findall(rb"/FontName\s*/\w+\+(\S+)", render_pdf(plain)))
    assert names == {b"NotoSansSC-Regular"}  # a Chinese character from another font would bring its name
    assert load_style().font.split(",")[0] == fonts.SANS and sans_path().is_file()
    assert f'aria-label="{plain.alt}"' in render_svg(plain)


def test_nothing_is_fetched(plain: Chart) -> None:
    spec: dict[str, Any] = {**plain.spec, "data": {"url": "https://example.com/a.json"}}
    spec["layer"] = [{"mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}]
    with pytest.raises(ValueError, match="not allowed"):
        render_svg(Chart("x", "", "", spec, ""))


STEERING = ("\x00", "\x07", "\x1b", "\ud800", "\u202e")


@pytest.mark.parametrize("char", STEERING)
def test_control_characters_in_a_spec_are_drawn_as_a_mark(plain: Chart, char: str) -> None:
    """Some of them ended the whole process."""
    datasets = {**plain.spec["datasets"], "numbers": [{"x": 2023, "y": 3, "text": f"a{char}b"}]}
    spec = {**plain.spec, "datasets": {**datasets, f"n{char}": [{f"k{char}": [f"a{char}b"]}]}}
    chart = replace(plain, spec=spec, alt=f"c{char}d")
    svg = render_svg(chart)
    assert char not in svg and "a□b" in svg and 'aria-label="c□d"' in svg
    assert chart.spec["datasets"]["numbers"][0]["text"] == f"a{char}b"  # the chart is as it was
    assert render_png(chart, 1)[:4] == b"\x89PNG" and render_pdf(chart)[:4] == b"%PDF"


def test_tips_have_names_made_drawable_and_not_without_end() -> None:
    tips = [row["tip"] for row in members(HOSTILE).spec["datasets"]["bars"]]
    assert all(has_glyph(char) for tip in tips for char in tip)
    assert all(text_width(tip, load_style().text_px) <= 480 + 150 for tip in tips)
    assert "长" * 39 + "…：范围一 12 tCO2e" in tips and "E6：范围二 5 tCO2e" in tips


def test_the_bundle_is_for_pages_without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    bundle = browser_bundle()
    assert "vegaEmbed" in bundle and "</script" not in bundle.lower() and len(bundle) > 500_000
    assert browser_bundle() is bundle


def luminance(colour: str) -> float:
    """Relative luminance of sRGB (WCAG 2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness(colour: str) -> float:
    """L* of CIE Lab."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def contrast(colour: str) -> float:
    """Contrast to white (WCAG 2)."""
    return 1.05 / (luminance(colour) + 0.05)


def test_colours_stay_apart_in_grey_and_from_white() -> None:
    style = load_style()
    fills = sorted(lightness(fill.fill) for fill in style.palette.values())
    assert all(lighter - darker >= 12 for darker, lighter in pairwise(fills))
    assert all(contrast(fill.edge) >= 3 for fill in style.palette.values())  # WCAG 1.4.11
    assert contrast(style.ink) >= 7 and contrast(style.soft) >= 4.5
    steps = [lightness(step) for step in style.steps]
    assert all(one - other >= 8 for one, other in pairwise(steps))


@pytest.mark.parametrize(
    ("lowest", "highest", "limits"),
    [
        (0, 5, [0, 1, 2, 3, 4, 5, 6]),
        (1363, 2782, [1200, 1500, 1800, 2100, 2400, 2700, 3000]),
        (7, 7, [7, 8]),
        (0, 100, [0, 20, 40, 60, 80, 100, 120]),
    ],
)
def test_limits_are_round_and_hold_all(lowest: int, highest: int, limits: list[int]) -> None:
    assert find_limits(lowest, highest, most=6) == limits
