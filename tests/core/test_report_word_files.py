"""Word files of reports as files: styles, pages, properties, the same bytes."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from lxml import etree
from report_samples import sample
from word_parts import (
    W,
    east_asian_font,
    fields,
    out_of_order,
    read_xml,
    style_of,
    text_of,
    written,
)

from lingtan.reports.formats.word import write_docx
from lingtan.reports.records import (
    Heading,
    Paragraph,
    Row,
    Table,
    Verdict,
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


def test_every_style_in_use_is_there_with_a_chinese_font(file: Path, body: etree._Element) -> None:
    styles = read_xml(file, "word/styles.xml")
    ids = {style.get(f"{W}styleId"): style.get(f"{W}type") for style in styles.iter(f"{W}style")}
    roots = [body, read_xml(file, "word/header1.xml"), read_xml(file, "word/footer1.xml")]
    used = {
        tag.get(f"{W}val") for root in roots for tag in root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
    }
    assert used <= set(ids) and len(used) > 20
    fonts = {style: east_asian_font(styles, style) for style, kind in ids.items() if kind == "paragraph"}
    assert set(fonts.values()) == {"SimSun", "SimHei"}
    assert fonts["Heading1"] == "SimHei" and fonts["BodyText"] == "SimSun"
    stand_ins = [name.get(f"{W}val") for name in read_xml(file, "word/fontTable.xml").iter(f"{W}altName")]
    assert stand_ins == ["宋体,Noto Serif SC", "黑体,Noto Sans SC"]


def test_properties_stand_in_the_order_of_the_schema(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith("word/") and name.endswith(".xml")]
    wrong = [found for name in names for found in out_of_order(read_xml(file, name))]
    assert len(names) == 7 and not wrong


def test_page_header_footer(file: Path) -> None:
    section = docx.Document(str(file)).sections[0]
    measures = (section.page_width, section.page_height, section.left_margin, section.top_margin)
    assert [round(length.mm) for length in measures if length] == [210, 297, 25, 25]
    assert section.different_first_page_header_footer
    assert section.first_page_header.is_linked_to_previous  # to nothing: the first page has none
    assert section.header.paragraphs[0].text == f"{SAMPLE.park}\t{SAMPLE.title}"
    assert section.footer.paragraphs[0].text == "第 1 页，共 1 页"
    assert [words for words, _ in fields(section.footer._element)] == ["PAGE", "NUMPAGES"]


def test_same_report_same_bytes_and_no_clock(file: Path, tmp_path: Path) -> None:
    assert written(SAMPLE, tmp_path).read_bytes() == file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml" and archive.testzip() is None
    core = docx.Document(str(file)).core_properties
    assert core.created == core.modified and str(core.created.date()) == "2025-06-30"
    assert (core.title, core.author, core.language) == (SAMPLE.title, SAMPLE.software, "zh-CN")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.docx"]


def test_progress_hears_every_block(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    write_docx(SAMPLE, tmp_path / "a.docx", progress=lambda done, of: heard.append((done, of)))
    many = sum(1 for _ in SAMPLE.all_blocks())
    assert heard == [(done, many) for done in range(1, many + 1)]


def test_a_fault_of_a_builder_leaves_no_file(tmp_path: Path) -> None:
    uneven = Table("u", "u", SAMPLE.blocks[4].columns, (Row((("x",),)),))  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="zip"):
        written(replace(SAMPLE, blocks=(*SAMPLE.blocks, uneven)), tmp_path)
    assert not list(tmp_path.iterdir())


def test_english(tmp_path: Path) -> None:
    file = written(replace(SAMPLE, language="en"), tmp_path)
    body, styles = read_xml(file), read_xml(file, "word/styles.xml")
    captions = [text_of(p) for p in body.iter(f"{W}p") if style_of(p) == "Caption"]
    assert captions[0] == "Table 1\u3000排放明细" and captions[1] == "Figure 1\u3000各范围排放"
    assert "Contents" in text_of(body) and "chapter 1" in text_of(body)
    assert next(styles.iter(f"{W}lang")).get(f"{W}val") == "en-GB"
    text = next(s for s in styles.iter(f"{W}style") if s.get(f"{W}styleId") == "BodyText")
    assert text.find(f".//{W}ind") is None and text.find(f".//{W}jc") is None
    assert docx.Document(str(file)).sections[0].footer.paragraphs[0].text == "Page 1 of 1"


@pytest.mark.parametrize("passed", [True, False, None])
def test_verdicts_differ_by_style_not_by_colour_alone(passed: bool | None, tmp_path: Path) -> None:
    report = replace(SAMPLE, blocks=(Heading("h", "h"), Paragraph((Verdict(passed, "结论"),))))
    names = {True: "VerdictPassed", False: "VerdictFailed", None: "VerdictUnknown"}
    (look,) = read_xml(written(report, tmp_path)).iter(f"{W}rStyle")
    assert look.get(f"{W}val") == names[passed]


def test_lists_of_codes_break_between_them_and_entries_of_the_contents_reach_the_margin(
    tmp_path: Path,
) -> None:
    chain = "EV006、EV007、甲、乙、EV008"
    file = written(replace(SAMPLE, blocks=(Heading("h", "h"), Paragraph((chain,)))), tmp_path)
    assert text_of(read_xml(file)).endswith("EV006、\u200bEV007、甲、乙、EV008")
    for style in read_xml(file, "word/styles.xml").iter(f"{W}style"):
        if str(style.get(f"{W}styleId")).startswith("TOC"):  # LibreOffice drops numbers beyond an indent
            assert all(f"{W}right" not in indent.attrib for indent in style.iter(f"{W}ind"))
    assert read_xml(file, "word/settings.xml").find(f"{W}updateFields") is not None


def test_what_belongs_together_stays_on_one_page(body: etree._Element) -> None:
    tables = list(body.iter(f"{W}tbl"))
    blocks = [block for block in SAMPLE.blocks if isinstance(block, Table)]
    for table, block in zip(tables, blocks, strict=True):
        rows = table.findall(f"{W}tr")[block.headed :]
        keeps = [row.find(f".//{W}keepNext") is not None for row in rows]
        ends = {0, len(rows) - 2} if len(rows) > 8 else set(range(len(rows) - 1))  # no row stands alone
        assert keeps == [*(at in ends for at in range(len(rows) - 1)), bool(block.note)]
    callout = next(p for p in body.iter(f"{W}p") if style_of(p) == "Callout")
    assert callout.find(f"{W}pPr/{W}keepNext") is not None  # it speaks of the table below
    heights = [row.find(f".//{W}trHeight").get(f"{W}val") for row in tables[-1].iter(f"{W}tr")]
    assert heights == ["794", "794"]  # fields to sign in
