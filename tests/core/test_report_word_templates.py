"""Templates of parks: their look stays, the content goes where it shall, hostile files are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from report_samples import sample
from word_parts import W, bookmarks, fields, read_xml, style_of, text_of

from lingtan.errors import LingtanError
from lingtan.reports.formats.word import write_docx

REPORT = sample()
Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def template(tmp_path: Path) -> docx.document.Document:
    """A document of python-docx: its own styles, theme, Letter paper."""
    return docx.Document()


def filled(template: docx.document.Document, folder: Path) -> Path:
    template.save(str(folder / "模板.docx"))
    write_docx(REPORT, folder / "report.docx", template=folder / "模板.docx")
    return folder / "report.docx"


def changed(folder: Path, change: Change, name: str = "模板.docx") -> Path:
    """A template with its parts changed by hand."""
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return folder / name


def codes(template: Path) -> list[str]:
    with pytest.raises(LingtanError) as caught:
        write_docx(REPORT, template.with_name("report.docx"), template=template)
    assert not template.with_name("report.docx").exists()
    assert all(fault.place.file == template.name for fault in caught.value.faults)
    for fault in caught.value.faults:
        assert fault.words("zh").mend and fault.words("en").what
    return [fault.code for fault in caught.value.faults]


def test_page_styles_header_and_theme_of_the_template_stay(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    section = template.sections[0]
    section.page_width, section.left_margin, section.right_margin = Mm(200), Mm(20), Mm(20)
    section.header.paragraphs[0].text = "某市示范园区"
    template.styles["Heading 1"].font.size = Pt(31)
    template.styles["Normal"].font.name = "FangSong"
    file = filled(template, tmp_path)
    document = docx.Document(str(file))
    assert document.styles["Heading 1"].font.size == Pt(31)
    assert document.styles["Normal"].font.name == "FangSong"
    assert document.sections[0].header.paragraphs[0].text == "某市示范园区"
    grid = [int(c.get(f"{W}w")) for c in next(read_xml(file).iter(f"{W}tblGrid"))]
    assert abs(sum(grid) - round(160 / 25.4 * 1440)) <= 2
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(tmp_path / "模板.docx") as before:
        assert archive.read("word/theme/theme1.xml") == before.read("word/theme/theme1.xml")


def test_missing_styles_are_added_once_and_rest_on_theirs(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = filled(template, tmp_path)
    styles = read_xml(file, "word/styles.xml")
    names = [s.find(f"{W}name").get(f"{W}val").casefold() for s in styles.iter(f"{W}style")]
    ids = [s.get(f"{W}styleId") for s in styles.iter(f"{W}style")]
    assert len(set(names)) == len(names) and len(set(ids)) == len(ids)
    assert {"lingtan table", "callout", "toc 1", "verdict failed"} <= set(names)
    assert {b.get(f"{W}val") for b in styles.iter(f"{W}basedOn", f"{W}next", f"{W}link")} <= set(ids)
    assert sum(s.get(f"{W}default") == "1" for s in styles.iter(f"{W}style")) == 4
    used = {t.get(f"{W}val") for t in read_xml(file).iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")}
    assert used <= set(ids)


def test_a_style_of_another_kind_with_our_name_is_no_obstacle(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    template.styles.add_style("Note", WD_STYLE_TYPE.CHARACTER)
    file = filled(template, tmp_path)
    notes = [p for p in read_xml(file).iter(f"{W}p") if text_of(p) == "小字说明"]
    styles = {s.get(f"{W}styleId"): s for s in read_xml(file, "word/styles.xml").iter(f"{W}style")}
    assert styles[style_of(notes[0])].get(f"{W}type") == "paragraph"


def test_headings_without_numbers_get_ours(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = filled(template, tmp_path)
    numbering = read_xml(file, "word/numbering.xml")
    headings = [p for p in read_xml(file).iter(f"{W}p") if p.find(f"{W}pPr/{W}pStyle") is not None
                and style_of(p) == "Heading1"]  # fmt: skip
    ids = [p.find(f".//{W}numId").get(f"{W}val") for p in headings]
    assert ids[0] == ids[1] != "0" and ids[-1] == "0"
    num = next(n for n in numbering.iter(f"{W}num") if n.get(f"{W}numId") == ids[0])
    wanted = num.find(f"{W}abstractNumId").get(f"{W}val")
    abstract = next(a for a in numbering.iter(f"{W}abstractNum") if a.get(f"{W}abstractNumId") == wanted)
    assert [t.get(f"{W}val") for t in abstract.iter(f"{W}lvlText")] == ["%1", "%1.%2", "%1.%2.%3"]
    order = [child.tag for child in numbering if child.tag in (f"{W}abstractNum", f"{W}num")]
    assert order == sorted(order)  # all definitions before all lists


def test_headings_with_numbers_keep_theirs(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    style = template.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f"<w:numPr {nsdecls('w')}><w:numId w:val='1'/></w:numPr>"))
    file = filled(template, tmp_path)
    headings = [p for p in read_xml(file).iter(f"{W}p") if text_of(p) == "总则" and style_of(p) == "Heading1"]
    assert headings[0].find(f".//{W}numId") is None


def test_content_stands_at_its_placeholder(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    template.add_paragraph("前言")
    template.add_paragraph("{{lingtan}}")
    template.add_paragraph("附注")
    texts = [p.text for p in docx.Document(str(filled(template, tmp_path))).paragraphs]
    assert texts[0] == "前言" and texts[1] == REPORT.title and texts[-1] == "附注"
    assert not any("{{lingtan}}" in text for text in texts)


def test_words_beside_the_placeholder_stay(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    template.add_paragraph("正文如下：{{ lingtan }}")
    texts = [p.text for p in docx.Document(str(filled(template, tmp_path))).paragraphs]
    assert texts[:2] == ["正文如下：", REPORT.title]


def test_the_section_of_the_placeholder_gives_the_width(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    template.sections[0].page_width = Mm(150)
    template.add_paragraph("{{lingtan}}")
    template.add_section().page_width = Mm(400)
    file = filled(template, tmp_path)
    grid = [int(c.get(f"{W}w")) for c in next(read_xml(file).iter(f"{W}tblGrid"))]
    assert sum(grid) < 150 / 25.4 * 1440
    assert len(docx.Document(str(file)).sections) == 2


def test_without_placeholder_content_follows_on_a_new_page(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    template.add_paragraph("封面")
    paragraphs = docx.Document(str(filled(template, tmp_path))).paragraphs
    assert [p.text for p in paragraphs[:2]] == ["封面", REPORT.title]
    assert paragraphs[1].paragraph_format.page_break_before


def test_placeholders_in_pieces_headers_and_tables(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    title = template.add_paragraph()
    for piece in ("报告：{", "{ti", "tle}", "}，", "{{ dated }}。"):
        title.add_run(piece)
    template.add_table(1, 1).cell(0, 0).text = "{{park}}"
    template.sections[0].footer.paragraphs[0].text = "{{software}} {{subtitle}}"
    document = docx.Document(str(filled(template, tmp_path)))
    assert document.paragraphs[0].text == "报告：温室气体清单报告，2025-06-30。"
    assert document.tables[0].cell(0, 0).text == "示例园区"
    assert document.sections[0].footer.paragraphs[0].text == "lingtan 0.0.0 2024 年"
    assert "Title" not in [p.style.name for p in document.paragraphs]  # it has a first page of its own


def test_values_are_words_not_placeholders(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    template.add_paragraph("{{park}}{{title}}")
    template.save(str(tmp_path / "t.docx"))
    report = replace(REPORT, park="{{title}}<w:p/>\u202e", title="{{lingtan}}{% x %}")
    write_docx(report, tmp_path / "r.docx", template=tmp_path / "t.docx")
    first = docx.Document(str(tmp_path / "r.docx")).paragraphs[0].text
    assert first == "{{title}}<w:p/>□{{lingtan}}{% x %}"


def test_a_report_is_itself_a_template(tmp_path: Path) -> None:
    write_docx(REPORT, tmp_path / "one.docx")
    document = docx.Document(str(tmp_path / "one.docx"))
    for paragraph in document.paragraphs:  # `{{x}}` of the hostile names
        for run in paragraph.runs:
            if "{{x}}" in run.text:
                run.text = run.text.replace("{{x}}", "")
    for cell in document.tables[1].columns[0].cells:
        cell.text = cell.text.replace("{{x}}", "")
    file = filled(document, tmp_path)
    root = read_xml(file)
    assert len(bookmarks(root)) == 2 * len(bookmarks(read_xml(tmp_path / "one.docx")))
    assert len(list(fields(root))) > 20
    ids = [mark.get("id") for mark in root.iter("{*}docPr")]
    assert len(set(ids)) == len(ids) == 2
    with zipfile.ZipFile(file) as archive:
        assert len(set(archive.namelist())) == len(archive.namelist())


def test_same_template_same_bytes(template, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first = filled(template, tmp_path).read_bytes()
    assert filled(template, tmp_path).read_bytes() == first


def test_templates_of_word_dotx(tmp_path: Path) -> None:
    def as_dotx(parts: dict[str, bytes]) -> None:
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(b"document.main+xml", b"template.main+xml")

    write_docx(REPORT, tmp_path / "r.docx", template=changed(tmp_path, as_dotx, "模板.dotx"))
    with zipfile.ZipFile(tmp_path / "r.docx") as archive:
        assert b"template.main" not in archive.read("[Content_Types].xml")


def test_comments_and_marks_in_the_template_do_not_catch_the_content(tmp_path: Path) -> None:
    def fool(parts: dict[str, bytes]) -> None:
        mark = b"<?lingtan-content here?>"
        words = b"<w:p><w:r><w:t>&lt;?lingtan-content here?&gt;</w:t></w:r></w:p>"
        body = b"<w:body><!-- " + mark + b" -->" + mark + words
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", body)

    write_docx(REPORT, tmp_path / "r.docx", template=changed(tmp_path, fool))
    texts = [p.text for p in docx.Document(str(tmp_path / "r.docx")).paragraphs]
    assert texts[:2] == ["<?lingtan-content here?>", REPORT.title] and texts.count(REPORT.title) == 1


def test_a_body_with_other_prefixes(tmp_path: Path) -> None:
    def other(parts: dict[str, bytes]) -> None:
        w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        text = f'<x:document xmlns:x="{w}"><x:body><x:p><x:r><x:t>前</x:t></x:r></x:p></x:body></x:document>'
        parts["word/document.xml"] = text.encode()

    write_docx(REPORT, tmp_path / "r.docx", template=changed(tmp_path, other))
    texts = [p.text for p in docx.Document(str(tmp_path / "r.docx")).paragraphs]
    assert texts[:2] == ["前", REPORT.title]


def test_a_template_without_lists_or_settings(tmp_path: Path) -> None:
    def bare(parts: dict[str, bytes]) -> None:
        for name in ("numbering", "settings", "styles"):
            del parts[f"word/{name}.xml"]
            rels = parts["word/_rels/document.xml.rels"].decode()
            kept = [rel for rel in rels.split("<Relationship ") if f'"{name}.xml"' not in rel]
            end = "" if kept[-1].endswith("</Relationships>") else "</Relationships>"
            parts["word/_rels/document.xml.rels"] = ("<Relationship ".join(kept) + end).encode()

    write_docx(REPORT, tmp_path / "r.docx", template=changed(tmp_path, bare))
    assert docx.Document(str(tmp_path / "r.docx")).paragraphs[0].text == REPORT.title
