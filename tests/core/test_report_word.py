"""Word files of reports: every block stands in them as real Word means it, and nothing else does."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from lxml import etree
from report_samples import CHART, HOSTILE, sample
from word_parts import (
    W,
    bookmarks,
    fields,
    instructions,
    read_xml,
    style_of,
    text_of,
    written,
)

from lingtan.reports.formats.widths import count_lines, fit, share
from lingtan.reports.formats.word import write_docx
from lingtan.reports.formats.word.markup import shown
from lingtan.reports.numbering import name_blocks, number_blocks
from lingtan.reports.records import (
    Amount,
    Column,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Reference,
    Report,
    Row,
    Table,
    runs_of,
)

SAMPLE = sample(rows=3, chapters=2)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("word") / "报告.docx"
    write_docx(SAMPLE, target)
    return target


@pytest.fixture(scope="module")
def body(file: Path) -> etree._Element:
    return read_xml(file)


def spoken(report: Report) -> list[str]:
    """Every run of the report as it shall read, in order."""
    names = name_blocks(report.all_blocks(), report.language)
    words = []
    for block in report.all_blocks():
        for run in runs_of(block):
            match run:
                case str():
                    words.append(run)
                case Reference():
                    words.append(names[run.target])
                case _:
                    words.append(run.text)
    return [shown(text) for text in words if text]


def test_every_word_and_number_reads_back_in_order(body: etree._Element) -> None:
    text, at = text_of(body), 0
    table_titles = {block.title for block in SAMPLE.blocks if isinstance(block, Table)}
    at = text.index(SAMPLE.blocks[0].text, text.index("真实性声明"))  # type: ignore[union-attr]
    for words in spoken(replace(SAMPLE, front=())):
        if words in table_titles | {CHART.title}:
            continue  # captions are looked at by themselves: a picture's stands below it
        assert words in text[at:], words
        at = text.index(words, at) + len(words)
    amounts = [run.text for block in SAMPLE.all_blocks() for run in runs_of(block) if isinstance(run, Amount)]
    assert len(amounts) > 50


def test_python_docx_reads_each_kind_of_block(file: Path) -> None:
    document = docx.Document(str(file))
    by_style: dict[str, list[str]] = {}
    for paragraph in document.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["Title"] == [SAMPLE.title] and by_style["Subtitle"] == [SAMPLE.subtitle]
    assert by_style["Cover Park"] == [SAMPLE.park]
    assert by_style["Heading 1"] == [b.text for b in SAMPLE.blocks if isinstance(b, Heading) and b.level == 1]
    assert by_style["Heading 2"] == ["排放", "二级标题"] and by_style["Heading 3"] == ["三级标题"]
    assert by_style["Callout"] == ["注意：见表 1与图 1。"]
    assert by_style["List Bullet"] == [shown(text) for text in HOSTILE]
    assert by_style["List Number"] == ["第一项 1,234,567.89 MWh", "第二项"]
    assert by_style["Note"] == ["首页说明", "来源：园区清单；见第 1 章。", "单位：tCO2e", "小字说明"]
    tables = [block for block in SAMPLE.blocks if isinstance(block, Table)]
    for table, block in zip(document.tables, tables, strict=True):
        assert len(table.rows) == len(block.rows) + block.headed
        assert table.style.name == "Lingtan Table"
    first = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert first[0] == ["来源", "活动量", "因子", "tCO2e"] and first[1] == ["一号厂区"] * 4
    assert first[3] == ["柴油", "-12.34", "3.1", "—"] and first[4] == ["合计", "", "", "2.16"]


def test_captions_count_by_fields_and_keep_with_their_table(body: etree._Element) -> None:
    captions = [p for p in body.iter(f"{W}p") if style_of(p) == "Caption"]
    names = name_blocks(SAMPLE.all_blocks(), "zh")
    blocks = [b for b in SAMPLE.blocks if isinstance(b, Picture) or (isinstance(b, Table) and b.title)]
    for caption, block in zip(captions, blocks, strict=True):
        title = block.title if isinstance(block, Table) else block.chart.title
        assert text_of(caption) == f"{names[block.id]}\u3000{title}"
        kind = "表" if isinstance(block, Table) else "图"
        number = names[block.id].split()[1]
        assert list(fields(caption)) == [(f"SEQ {kind} \\* ARABIC", number)]
        neighbour = caption.getnext() if isinstance(block, Table) else caption.getprevious()
        assert (
            neighbour.tag == f"{W}tbl"
            if isinstance(block, Table)
            else neighbour.find(f".//{W}drawing") is not None
        )
        keeps = caption.find(f"{W}pPr/{W}keepNext") is not None
        assert keeps is (isinstance(block, Table) or bool(block.note))


def test_contents_are_filled_and_point_to_their_headings(body: etree._Element) -> None:
    entries = [p for p in body.iter(f"{W}p") if style_of(p).startswith("TOC") and style_of(p) != "TOCHeading"]
    numbers = number_blocks(SAMPLE.all_blocks())
    headings = [b for b in SAMPLE.blocks if isinstance(b, Heading) and b.level <= 2]
    marks = bookmarks(body)
    for entry, heading in zip(entries, headings, strict=True):
        number = f"{numbers[heading.id]}\t" if numbers[heading.id] else ""
        assert text_of(entry) == f"{number}{heading.text}\t"
        assert style_of(entry) == f"TOC{heading.level}"
        anchor = entry.find(f"{W}hyperlink").get(f"{W}anchor")
        assert marks[anchor] == heading.text
        assert f"PAGEREF {anchor} \\h" in instructions(entry)
    first = next(body.iter(f"{W}fldChar"))
    assert first.get(f"{W}dirty") == "true"
    assert instructions(body)[0] == 'TOC \\o "1-2" \\h \\z \\u'


def test_fields_pair_up_and_references_say_what_stands_at_their_target(body: etree._Element) -> None:
    marks, numbers = bookmarks(body), number_blocks(SAMPLE.all_blocks())
    by_text = {b.text: numbers[b.id] for b in SAMPLE.blocks if isinstance(b, Heading)}
    references = [(words.split(), result) for words, result in fields(body) if words.startswith("REF ")]
    assert len(references) == 3
    for words, result in references:
        target = marks[words[1]]
        assert result == (by_text[target] if "\\r" in words else target)


def test_a_reference_to_an_unnumbered_heading_says_its_words(tmp_path: Path) -> None:
    blocks = (*SAMPLE.blocks, Paragraph(("见", Reference("sign"), "与", Reference("sign-table"))))
    root = read_xml(written(replace(SAMPLE, blocks=blocks), tmp_path))
    assert text_of(root).endswith("见真实性声明与表 ")
    assert ("真实性声明") in [result for words, result in fields(root) if words.startswith("REF ")]


def test_headings_are_numbered_by_one_list(file: Path, body: etree._Element) -> None:
    styles, numbering = read_xml(file, "word/styles.xml"), read_xml(file, "word/numbering.xml")
    nums = {n.get(f"{W}numId"): n.find(f"{W}abstractNumId").get(f"{W}val") for n in numbering.iter(f"{W}num")}
    used = set()
    for level in range(3):
        style = next(s for s in styles.iter(f"{W}style") if s.get(f"{W}styleId") == f"Heading{level + 1}")
        used.add(nums[style.find(f".//{W}numId").get(f"{W}val")])
        assert style.find(f".//{W}outlineLvl").get(f"{W}val") == str(level)
    (abstract,) = used
    levels = next(a for a in numbering.iter(f"{W}abstractNum") if a.get(f"{W}abstractNumId") == abstract)
    assert [text.get(f"{W}val") for text in levels.iter(f"{W}lvlText")] == ["%1", "%1.%2", "%1.%2.%3"]
    assert [p.get(f"{W}val") for p in levels.iter(f"{W}pStyle")] == ["Heading1", "Heading2", "Heading3"]
    unnumbered = [
        p for p in body.iter(f"{W}p") if style_of(p) == "Heading1" and p.find(f".//{W}numId") is not None
    ]
    assert [text_of(p) for p in unnumbered] == ["真实性声明"]
    assert unnumbered[0].find(f".//{W}numId").get(f"{W}val") == "0"


def test_numbered_items_begin_at_one_each_time(tmp_path: Path) -> None:
    twice = (Listing((("a",), ("b",)), ordered=True), Listing((("c",),), ordered=True))
    file = written(replace(SAMPLE, blocks=(*SAMPLE.blocks, *twice)), tmp_path)
    items = [p for p in read_xml(file).iter(f"{W}p") if style_of(p) == "ListNumber"]
    ids = [p.find(f".//{W}numId").get(f"{W}val") for p in items]
    assert ids[0] == ids[1] and ids[2] == ids[3] and len(set(ids)) == 3
    starts = {n.get(f"{W}numId") for n in read_xml(file, "word/numbering.xml").iter(f"{W}num")
              if n.find(f".//{W}startOverride") is not None}  # fmt: skip
    assert set(ids) <= starts


def test_tables_repeat_their_header_and_hold_their_width(body: etree._Element) -> None:
    tables = list(body.iter(f"{W}tbl"))
    for table, block in zip(tables, (b for b in SAMPLE.blocks if isinstance(b, Table)), strict=True):
        rows = table.findall(f"{W}tr")
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        headers = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert headers == [block.headed, *[False] * (len(rows) - 1)]
        assert table.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"
        grid = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        assert sum(grid) == 9072 and len(grid) == len(block.columns)
        assert table.getnext().tag == f"{W}p"  # two tables in a row would become one
    looks = [row.findall(f".//{W}pStyle")[0].get(f"{W}val") for row in tables[0].findall(f"{W}tr")]
    assert looks == ["TableHeading", "TableGroup", "TableText", "TableText", "TableTotal"]
    sides = [p.find(f"{W}pPr/{W}jc") for p in tables[0].findall(f"{W}tr")[2].iter(f"{W}p")]
    assert [None if side is None else side.get(f"{W}val") for side in sides] == [
        None,
        "right",
        "right",
        "right",
    ]


def test_widths_add_up() -> None:
    assert share(100, [1, 1, 1]) == [33, 34, 33]
    assert sum(share(9071, [0.1, 3.3, 7, 1e-9])) == 9071


def test_no_word_is_broken_while_another_column_has_room() -> None:
    columns = (Column("判定", 1), Column("情况说明", 3), Column("数量", 1, "right"), Column("填写", 3))
    rows = (Row((("unknowable constraint",), ("符合要求",), ("1,234,567.89 MWh",), ())),)
    before = share(9072, [1, 3, 1, 3])
    widths = fit(9072, Table("t", "", columns, rows))
    assert sum(widths) == 9072 and widths[1] < before[1]
    assert widths[3] >= 0.95 * before[3]  # what is to be filled in keeps its room
    assert widths[0] > 10 * 80 + 170 and widths[2] > 16 * 80 + 170
    assert count_lines(rows[0], widths) <= 2
    assert fit(9072, Table("t", "", columns, rows, headed=False)) == before


def test_pictures_say_what_they_show(file: Path, body: etree._Element) -> None:
    (shape,) = docx.Document(str(file)).inline_shapes
    assert shape._inline.docPr.get("descr") == CHART.alt
    assert 80 < shape.width.mm < 160
    with zipfile.ZipFile(file) as archive:
        assert archive.read("word/media/lingtan1.png").startswith(b"\x89PNG")


def test_one_picture_twice_is_kept_once(tmp_path: Path) -> None:
    blocks = (*SAMPLE.blocks, Picture("again", CHART))
    file = written(replace(SAMPLE, blocks=blocks), tmp_path)
    with zipfile.ZipFile(file) as archive:
        assert [name for name in archive.namelist() if "media" in name] == ["word/media/lingtan1.png"]
    ids = [mark.get("id") for mark in read_xml(file).iter("{*}docPr")]
    assert ids == ["1", "2"]


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    for text in (*HOSTILE, "\ufffe\uffff", "\u2028x", "]]>", "\"'&<>"):
        report = replace(sample(), title=text * 300, subtitle=text, park=text, software=text)
        file = written(report, tmp_path)
        document = docx.Document(str(file))
        assert document.paragraphs[0].text == shown(text * 300)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", text_of(read_xml(file)))
        assert document.core_properties.author == shown(text)[:255]
