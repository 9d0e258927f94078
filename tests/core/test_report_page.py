"""The page says what the report says, loads nothing, and only our own scripts act."""

import hashlib
import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from report_samples import CHART, HOSTILE, sample

from lingtan.reports.charts.rendering import browser_bundle
from lingtan.reports.formats.page import write_html
from lingtan.reports.formats.page import writing as page
from lingtan.reports.formats.plain import plain, shown
from lingtan.reports.numbering import name_blocks
from lingtan.reports.records import (
    Amount,
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Report,
    Row,
    Run,
    Table,
    Verdict,
)

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
LOADING = ("src", "href", "data", "action", "formaction", "poster", "srcset", "background", "xlink:href")


@pytest.fixture(scope="module")
def report() -> Report:
    return sample(rows=3, chapters=2)


@pytest.fixture(scope="module")
def file(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_html(report, path)
    return path


@pytest.fixture(scope="module")
def html(file: Path) -> str:
    return file.read_text("utf-8")


@pytest.fixture(scope="module")
def tree(html: str) -> Any:
    return lxml.html.document_fromstring(html)


def words(node: Any) -> str:
    for line_end in node.iter("br"):
        line_end.tail = "\n" + (line_end.tail or "").removeprefix("\n")
    return str(node.text_content())


def runs_in_order(blocks: tuple[Block, ...]) -> Iterator[Run]:
    """Runs as they stand on the page: the words of a picture are below it."""
    for block in blocks:
        match block:
            case Paragraph():
                yield from block.runs
            case Listing():
                for item in block.items:
                    yield from item
            case Table():
                for row in block.rows:
                    for cell in row.cells:
                        yield from cell
                yield from block.note
            case Picture():
                yield from block.note


def test_every_number_stands_there_exactly_and_in_order(report: Report, tree: Any) -> None:
    wanted = [run for run in runs_in_order((*report.front, *report.blocks)) if isinstance(run, Amount)]
    found = tree.xpath("//main//data | //main//span[@class='unknown']")
    assert len(found) == len(wanted) > 40
    for amount, node in zip(wanted, found, strict=True):
        assert node.text_content() == amount.text
        assert node.get("data-path", "") == amount.path
        assert (Decimal(node.get("value")) if node.tag == "data" else None) == amount.value


def test_every_cell_stands_in_its_place(report: Report, tree: Any) -> None:
    names = name_blocks(report.all_blocks(), "zh")
    for table in (block for block in report.blocks if isinstance(block, Table)):
        [node] = tree.xpath(f"//div[@id='{table.id}']//table")
        if table.title:
            assert words(node.find("caption")) == f"{names[table.id]} {shown(table.title)}"
        heads = [column.title for column in table.columns] if table.headed else []
        assert [head.text_content() for head in node.xpath("thead//th[@scope='col']")] == heads
        rows = node.xpath("tbody/tr")
        assert len(rows) == len(table.rows)
        for row, found in zip(table.rows, rows, strict=True):
            assert [words(cell) for cell in found] == [plain(cell, names) for cell in row.cells]
            assert found.get("class", "body") == row.look


def test_headings_paragraphs_and_listings_stand_there(report: Report, tree: Any) -> None:
    names = name_blocks(report.all_blocks(), "zh")
    text = words(tree.find(".//main"))
    at = 0
    for block in report.all_blocks():
        match block:
            case Heading():
                at = text.index(shown(block.text), at)
            case Paragraph():
                at = text.index(plain(block.runs, names), at)
            case Listing():
                for item in block.items:
                    at = text.index(plain(item, names), at)
    heads = [
        (node.tag, node.text_content()) for node in tree.xpath("//main//*[self::h2 or self::h3 or self::h4]")
    ]
    assert heads[:3] == [("h2", "1 总则"), ("h3", "1.1 排放"), ("h2", "2 不寻常的名称")]
    assert heads[3:5] == [("h3", "2.1 二级标题"), ("h4", "2.1.1 三级标题")]
    assert [node.text_content() for node in tree.xpath("//h1")] == [report.title]


def test_verdicts_have_word_and_look(tree: Any) -> None:
    found = {node.get("class"): node.text_content() for node in tree.xpath("//strong[@class]")}
    assert found == {"verdict passed": "通过", "verdict failed": "未通过", "verdict unknown": "未知"}


def test_ids_are_unique_and_links_lead_somewhere(tree: Any) -> None:
    ids = [node.get("id") for node in tree.iter() if isinstance(node.tag, str) and node.get("id")]
    assert len(ids) == len(set(ids))
    links = tree.xpath("//a/@href")
    assert len(links) > 12
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert set(tree.xpath("//@aria-labelledby")) <= set(ids)


def test_hostile_ids_are_replaced(tmp_path: Path) -> None:
    blocks = (
        Heading('a" onclick="x', "一"),
        Heading("page-main", "二"),
        Heading("block-0", "三"),
        Heading("正 文", "四"),
    )
    write_html(replace(sample(), front=(), blocks=blocks), tmp_path / "a.html")
    tree = lxml.html.parse(tmp_path / "a.html").getroot()
    assert tree.xpath("//main/section[@aria-labelledby]/@id") == ["block-0", "block-1", "block-2", "block-3"]
    assert not tree.xpath("//*[@onclick]")


def test_parts_of_two_pictures_have_ids_of_their_own(report: Report, tmp_path: Path) -> None:
    clipped = {**CHART.spec, "mark": {"type": "bar", "clip": True}}
    blocks = tuple(Picture(f"p{n}", replace(CHART, id=f"p{n}", spec=clipped)) for n in range(2))
    write_html(replace(report, blocks=blocks), tmp_path / "a.html")
    tree = lxml.html.parse(tmp_path / "a.html").getroot()
    clips = tree.xpath("//*[local-name()='clippath']/@id")
    assert len(clips) == len(set(clips)) >= 2
    used = re.findall(r"url\(#([^)]+)\)", (tmp_path / "a.html").read_text("utf-8"))
    assert set(clips) <= set(used)


class Sections(HTMLParser):
    """Checks that what is opened is closed, in order."""

    EMPTY = ("meta", "link", "br", "wbr", "col", "path", "rect", "line")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


def test_what_is_opened_is_closed(html: str) -> None:
    parser = Sections()
    parser.feed(html)
    assert parser.open == []


def test_nothing_is_loaded_from_elsewhere(tree: Any) -> None:
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        assert node.tag not in ("iframe", "object", "embed", "base", "img", "audio", "video", "form"), (
            node.tag
        )
        for name in LOADING:
            assert node.get(name, "#").startswith("#") or node.get(name) == "data:,", (node.tag, name)
        assert not [name for name in node.attrib if name.startswith("on")]
    style = tree.findtext(".//style")
    assert "url(" not in style
    assert "@import" not in style


def test_only_our_scripts_and_style_may_act(html: str, tree: Any) -> None:
    [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    acting = [node.text for node in tree.xpath("//script[not(@type)]")]
    assert acting[0] == browser_bundle().strip()
    hashes = [digest(script) for script in acting]
    style = digest(tree.findtext(".//style"))
    assert policy == (
        f"default-src 'none'; script-src {hashes[0]} {hashes[1]}; style-src {style}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "unsafe" not in policy
    assert html.index("Content-Security-Policy") < html.index("<style")


def digest(script: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(script.encode('utf-8')).digest()).decode()}'"


def test_hostile_words_are_words(html: str, tree: Any) -> None:
    text = words(tree.find(".//main"))
    for hostile in HOSTILE:
        assert shown(hostile) in text
    assert "<script>alert" not in html
    assert not set(html) & set("\u202e\u2066\u200b\x00\x07")


def test_charts_come_drawn_and_as_data(html: str, report: Report, tree: Any) -> None:
    [definition] = tree.xpath("//figure//script[@type='application/json']")
    assert json.loads(definition.text) == CHART.spec
    assert len(tree.xpath("//figure//div[@class='drawn']/svg")) == 1
    assert tree.xpath("//figure//*[@role='img']/@aria-label") == [CHART.alt] * 2
    caption = tree.xpath("//figcaption")[0].text_content()
    assert "图 1 各范围排放" in caption
    assert CHART.caption in caption
    assert html.count(browser_bundle().strip()) == 1


def test_data_of_charts_cannot_end_their_script(tmp_path: Path, report: Report) -> None:
    spec = {**CHART.spec, "data": {"values": [{"scope": text, "t": 1} for text in HOSTILE]}}
    write_html(replace(report, blocks=(Picture("p", replace(CHART, spec=spec)),)), tmp_path / "a.html")
    tree = lxml.html.parse(tmp_path / "a.html").getroot()
    [definition] = tree.xpath("//script[@type='application/json']")
    assert json.loads(definition.text) == spec


def test_without_pictures_there_is_no_drawing_library(tmp_path: Path, report: Report) -> None:
    write_html(replace(report, blocks=report.blocks[:3]), tmp_path / "a.html")
    assert (tmp_path / "a.html").stat().st_size < 40_000


def test_a_script_that_would_end_its_element_is_our_bug() -> None:
    for wrong in ("x='</script>'", "</STYLE", "<!-- x"):
        with pytest.raises(ValueError, match="ends its element"):
            page._inline(wrong)


def test_language_title_and_ways_in(tree: Any, report: Report, tmp_path: Path) -> None:
    assert tree.get("lang") == "zh-CN"
    assert tree.findtext(".//title") == f"{report.title} · {report.park}"
    assert tree.xpath("//body/a[1]/@href") == ["#page-main"]
    assert len(tree.xpath("//nav")) == len(tree.xpath("//main")) == 1
    links = tree.xpath("//nav/details/ul//a")
    assert [link.text_content() for link in links][:3] == ["概要", "1 总则", "1.1 排放"]
    write_html(replace(report, language="en"), tmp_path / "a.html")
    assert lxml.html.parse(tmp_path / "a.html").getroot().get("lang") == "en"


def test_contents_nest_whatever_the_levels(tmp_path: Path, report: Report) -> None:
    levels = (1, 2, 2, 1, 2, 3, 2, 1, 1, 2, 3)
    blocks = tuple(Heading(f"h{n}", f"题{n}", level) for n, level in enumerate(levels))
    write_html(replace(report, blocks=blocks), tmp_path / "a.html")
    parser = Sections()
    parser.feed((tmp_path / "a.html").read_text("utf-8"))
    assert parser.open == []


def test_lines_and_empty_values(tmp_path: Path, report: Report) -> None:
    row = Row((("一\r\n二",), (Amount(None, 2, path="p"),)))
    table = Table("t", "", (*report.blocks[4].columns[:2],), (row,), headed=False)  # type: ignore[union-attr]
    write_html(replace(report, blocks=(table, Paragraph((Verdict(True, "甲"),)))), tmp_path / "a.html")
    html = (tmp_path / "a.html").read_text("utf-8")
    assert "一<br>二" in html
    assert '<span class="unknown" data-path="p">—</span>' in html


def test_equal_reports_give_equal_bytes(report: Report, file: Path, tmp_path: Path) -> None:
    write_html(report, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == file.read_bytes()


def test_progress_counts_every_block(report: Report, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    write_html(report, tmp_path / "a.html", progress=lambda done, total: heard.append((done, total)))
    total = len(report.front) + len(report.blocks)
    assert heard == [(done, total) for done in range(1, total + 1)]


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_can_be_read_in_the_light_and_in_the_dark(tree: Any) -> None:
    style = tree.findtext(".//style")
    sets = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part))
        for part in re.findall(r":root {(.*?)}", style, re.S)
    ]
    assert len(sets) == 2
    pairs = [
        ("ink", "ground"), ("ink", "raised"), ("soft", "ground"), ("soft", "raised"), ("accent", "ground"),
        ("accent", "accent-ground"), ("ink", "accent-ground"), ("on-accent", "accent"), ("on-head", "head"),
        ("passed", "ground"), ("failed", "ground"), ("passed", "raised"), ("failed", "raised"),
    ]  # fmt: skip
    for colours in sets:
        for one, other in pairs:
            assert contrast(colours[one], colours[other]) >= 4.5, (one, other)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here to open the page")
def test_a_browser_draws_the_charts_and_refuses_nothing(file: Path, tmp_path: Path) -> None:
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    options += [
        "--virtual-time-budget=8000",
        "--enable-logging=stderr",
        "--window-size=1280,3000",
        "--dump-dom",
    ]
    command = [str(CHROMIUM), *options, file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=240, check=True)
    tree = lxml.html.document_fromstring(done.stdout)
    assert tree.xpath("//figure/@class") == ["alive"]
    assert tree.xpath("//div[@class='live']//*[local-name()='path']")
    assert "CONSOLE" not in done.stderr
