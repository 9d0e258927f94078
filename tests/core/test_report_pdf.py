"""PDF reports: words read back, tags, bookmarks, links, fonts, long tables, same bytes."""

import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from report_pages import body_text, elements, missing_glyphs, squeezed
from report_samples import HOSTILE, sample

from lingtan.reports.fonts import drawable
from lingtan.reports.formats.pdf import write_pdf
from lingtan.reports.formats.pdf.markup import anchor, breakable, literal
from lingtan.reports.formats.pdf.parts import cut_parts
from lingtan.reports.numbering import name_blocks
from lingtan.reports.records import Amount, Column, Heading, Paragraph, Row, Table, runs_of


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pdf") / "short.pdf"
    write_pdf(sample(), file)
    return file


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several parts."""
    file = tmp_path_factory.mktemp("pdf") / "long.pdf"
    report = sample(rows=60, chapters=75)
    assert len(list(cut_parts(report.blocks))) == 4
    write_pdf(report, file)
    return file


def _expected(report):
    for block in report.blocks:
        for run in runs_of(block):
            text = run if isinstance(run, str) else getattr(run, "text", "")
            yield squeezed(drawable(text))


@pytest.mark.parametrize("which", ["short", "long"])
def test_all_words_and_numbers_stand_in_the_pdf_in_order(which, request):
    file = request.getfixturevalue(which)
    report = sample() if which == "short" else sample(rows=60, chapters=75)
    text, at = body_text(file), 0
    for words in _expected(report):
        found = text.find(words, at)
        assert found >= 0, f"{words!r} is not behind {text[max(0, at - 80) : at]!r}"
        at = found + len(words)


def test_hostile_names_are_shown_and_nothing_of_them_is_obeyed(short):
    text = body_text(short)
    for name in HOSTILE:
        assert squeezed(drawable(name)) in text
    with pikepdf.open(short) as pdf:
        assert all(tuple(map(round, map(float, page.mediabox[2:]))) == (595, 842) for page in pdf.pages)
        assert "/JavaScript" not in pdf.Root.get("/Names", {})


def test_every_page_holds_its_words_within_the_margins(long):
    import pypdfium2

    with pypdfium2.PdfDocument(long) as pdf:
        for page in pdf:
            width, _ = page.get_size()
            words = page.get_textpage()
            for index in range(words.count_rects()):
                left, _, right, _ = words.get_rect(index)
                assert left >= 24 * 72 / 25.4
                assert right <= width - 24 * 72 / 25.4


@pytest.mark.parametrize("which", ["short", "long"])
def test_every_character_has_a_glyph_of_an_embedded_font(which, request):
    with pikepdf.open(request.getfixturevalue(which)) as pdf:
        assert missing_glyphs(pdf) == []


@pytest.mark.parametrize("which", ["short", "long"])
def test_it_says_that_it_is_pdf_a_and_is_tagged(which, request):
    with pikepdf.open(request.getfixturevalue(which)) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["dc:title"] == "温室气体清单报告"
            assert metadata["xmp:CreateDate"].startswith("2025-06-30")
        assert f"<xmpTPg:NPages>{len(pdf.pages)}<".encode() in pdf.Root.Metadata.read_bytes()
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-CN"
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.docinfo.Title == "温室气体清单报告"
        assert not pdf.is_encrypted


def test_tags_of_all_parts_hang_in_one_tree(long):
    with pikepdf.open(long) as pdf:
        tree = pdf.Root.StructTreeRoot
        numbers = tree.ParentTree.Nums
        keys = [int(numbers[at]) for at in range(0, len(numbers), 2)]
        assert keys == sorted(set(keys))
        assert max(keys) < tree.ParentTreeNextKey
        parents = {key: numbers[2 * at + 1] for at, key in enumerate(keys)}
        for page in pdf.pages:
            assert len(parents[int(page.obj.StructParents)])
            for annotation in page.obj.get("/Annots", ()):
                assert parents[int(annotation.StructParent)].S == "/Link"
        kinds = [str(one.S) for one in elements(pdf)]
        assert kinds.count("/H1") >= 77
        assert kinds.count("/Table") >= 77
        assert "/Figure" in kinds
        ids = [bytes(tree.IDTree.Names[at]) for at in range(0, len(tree.IDTree.Names), 2)]
        assert ids == sorted(set(ids))
        assert all(one.P.objgen[0] for one in elements(pdf))


def test_header_cells_that_cells_name_exist(long):
    with pikepdf.open(long) as pdf:
        names = pdf.Root.StructTreeRoot.IDTree.Names
        ids = {bytes(names[at]) for at in range(0, len(names), 2)}
        named = [
            bytes(header)
            for one in elements(pdf)
            if one.S == "/TD"
            for attribute in one.get("/A", ())
            for header in attribute.get("/Headers", ())
        ]
        assert named
        assert set(named) <= ids


def test_pictures_have_words(short):
    with pikepdf.open(short) as pdf:
        figures = [one for one in elements(pdf) if one.S == "/Figure"]
        assert [str(one.Alt) for one in figures] == ["范围一 10.50 tCO2e，范围二 20.25 tCO2e"]


def test_bookmarks_are_the_headings_and_lead_to_their_pages(long):
    report = sample(rows=60, chapters=75)
    headings = [block for block in report.blocks if isinstance(block, Heading)]
    with pikepdf.open(long) as pdf, pdf.open_outline() as outline:

        def titles(items):
            for item in items:
                yield item.title
                yield from titles(item.children)

        found = list(titles(outline.root))
        assert [title.split("\u3000")[-1] for title in found] == [one.text for one in headings]
        assert [child.title for child in outline.root[0].children] == ["1.1\u3000排放"]
        pages = [page.obj.objgen for page in pdf.pages]
        last = outline.root[-1].destination
        assert pages.index(last[0].objgen) >= len(pages) - 2


def test_contents_and_references_lead_to_what_they_name(long):
    names = name_blocks(sample(rows=60, chapters=75).all_blocks(), "zh")
    with pikepdf.open(long) as pdf:
        flat = pdf.Root.Names.Dests.Names
        places = {str(flat[at]): flat[at + 1] for at in range(0, len(flat), 2)}
        links = [one for page in pdf.pages for one in page.obj.get("/Annots", ())]
        assert not [one for one in links if "/A" in one], "nothing leads out of the file"
        named = [str(one.Dest) for one in links if isinstance(one.Dest, pikepdf.String)]
        assert len(named) >= 78
        assert set(named) <= set(places)
        assert anchor("intro") in named
        assert names["chapter-74"] in {str(one.Contents) for one in links}


def test_contents_tell_the_page_that_is_printed_on_it(long):
    import pypdfium2

    with pypdfium2.PdfDocument(long) as pdf:
        texts = [squeezed(page.get_textpage().get_text_range()) for page in pdf]
    contents = next(text for text in texts if "目录" in text)
    start = next(index for index, text in enumerate(texts) if "第1页" in text)
    for chapter in (0, 7, 20):
        title = f"企业{chapter}"
        page = next(i for i in range(start, len(texts)) if f"{chapter + 3}{title}表" in texts[i])
        entry = contents[contents.index(f"{chapter + 3}{title}") :]
        shown = entry.removeprefix(f"{chapter + 3}{title}").lstrip(".")
        assert shown.startswith(str(page - start + 1))
        assert f"第{page - start + 1}页" in texts[page]


def test_page_labels_are_roman_before_the_first_chapter(short):
    with pikepdf.open(short) as pdf:
        assert pdf.Root.PageLabels.Nums[1].S == "/r"
        assert int(pdf.Root.PageLabels.Nums[2]) == 2
        assert pdf.pages[0].label == "i"
        assert pdf.pages[2].label == "1"


def test_same_report_same_bytes(short, tmp_path):
    again = tmp_path / "again.pdf"
    write_pdf(sample(), again)
    assert again.read_bytes() == short.read_bytes()
    other = tmp_path / "other.pdf"
    write_pdf(replace(sample(), title="另一份"), other)
    assert other.read_bytes() != short.read_bytes()


def test_a_table_of_many_pages_goes_on_in_the_next_part(tmp_path):
    rows = tuple(Row(((f"行 {n}",), (Amount(Decimal(n), 0),))) for n in range(3000))
    table = Table("all", "长表", (Column("名", 1), Column("数", 1, "right")), rows, ("来源",))
    report = replace(sample(), blocks=(Heading("one", "一"), table, Paragraph(("尾",))))
    parts = list(cut_parts(report.blocks))
    assert sum(len(b.rows) for part in parts for b in part if isinstance(b, Table)) == 3000
    assert len(parts) >= 2
    write_pdf(report, tmp_path / "long.pdf")
    text = body_text(tmp_path / "long.pdf")
    assert text.count("表1长表") == 1
    assert all(f"行{n}{n:,}" in text for n in (0, 1, 1599, 1600, 1601, 2999))


def test_a_cell_longer_than_a_page_is_not_cut(tmp_path):
    words = "".join(chr(0x4E00 + n % 500) for n in range(6000)) + "完"
    table = Table("t", "表", (Column("名", 1), Column("数", 1)), (Row(((words,), ("右",))),))
    report = replace(sample(), blocks=(Heading("one", "一"), table))
    write_pdf(report, tmp_path / "cell.pdf")
    assert "完" in body_text(tmp_path / "cell.pdf")


def test_progress_reaches_the_end(tmp_path):
    steps = []
    write_pdf(sample(), tmp_path / "p.pdf", progress=lambda done, of: steps.append((done, of)))
    assert steps[-1][0] == steps[-1][1] == len(sample().blocks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('say "x" \\ #set', '"say \\"x\\" \\\\ #set"'),
        ("a\nb\x07", '"a b□"'),
        ("1,234,567,890.12", '"1,234,567,890.12"'),
    ],
)
def test_text_is_a_literal(text, expected):
    assert literal(text) == expected


@pytest.mark.parametrize("text", ["A" * 300, "registers/energy_activity.csv", "0123abcd" * 8])
def test_long_words_can_break_and_read_back_the_same(text):
    assert "\u200b" in breakable(text)
    assert breakable(text).replace("\u200b", "") == text
    assert max(map(len, breakable(text).split("\u200b"))) <= 8


@pytest.mark.parametrize(
    "word", ["characteristic", "responsibilities,", "1,234,567,890.12", "non-conforming"]
)
def test_words_and_numbers_are_not_cut(word):
    assert breakable(word) == word


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not on this machine")
@pytest.mark.parametrize("which", ["short", "long"])
def test_an_independent_reader_finds_no_fault(which, request):
    done = subprocess.run(
        ["qpdf", "--check", str(request.getfixturevalue(which))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
