"""Files that cannot be templates of reports, and what is said about them."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from report_samples import sample
from test_report_word_templates import changed, codes

from lingtan.errors import LingtanError
from lingtan.reports.formats.word import write_docx

TYPES = "[Content_Types].xml"
RELS = "word/_rels/document.xml.rels"
EXTERNAL = (
    '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"'
    ' Target="http://evil.example/x" TargetMode="External"/></Relationships>'
)


def in_body(parts: dict[str, bytes], xml: str) -> None:
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + xml.encode())


def test_no_file(tmp_path: Path) -> None:
    assert codes(tmp_path / "none.docx") == ["report.template-unreadable"]
    (tmp_path / "folder.docx").mkdir()
    assert codes(tmp_path / "folder.docx") == ["report.template-unreadable"]


@pytest.mark.parametrize("content", [b"", b"hello", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100, b"PK\x03\x04"])
def test_no_word_file(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "old.doc"
    file.write_bytes(content)
    assert codes(file) == ["report.template-not-word"]


def test_a_zip_or_a_workbook_is_no_word_file(tmp_path: Path) -> None:
    def workbook(parts: dict[str, bytes]) -> None:
        parts[TYPES] = parts[TYPES].replace(b"wordprocessingml", b"spreadsheetml")

    def bare(parts: dict[str, bytes]) -> None:
        del parts[TYPES]

    assert codes(changed(tmp_path, workbook)) == ["report.template-not-word"]
    assert codes(changed(tmp_path, bare)) == ["report.template-not-word"]


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/activeX/activeX1.xml", "word/embeddings/oleObject1.bin"]
)
def test_macros_and_controls(name: str, tmp_path: Path) -> None:
    assert codes(changed(tmp_path, lambda parts: parts.update({name: b"x"}))) == ["report.template-active"]


def test_a_docm_without_its_project(tmp_path: Path) -> None:
    def macros(parts: dict[str, bytes]) -> None:
        types = parts[TYPES].replace(b"</Types>", b"<!--macroEnabled--></Types>")
        parts[TYPES] = types

    assert codes(changed(tmp_path, macros)) == ["report.template-active"]


def test_bombs(tmp_path: Path) -> None:
    big = changed(tmp_path, lambda parts: parts.update({"word/media/a.png": b"0" * 120_000_000}))
    assert big.stat().st_size < 1_000_000 and codes(big) == ["report.template-too-large"]
    xml = changed(tmp_path, lambda parts: parts.update({"word/a.xml": b"0" * 40_000_000}))
    assert codes(xml) == ["report.template-too-large"]
    many = changed(tmp_path, lambda parts: parts.update({f"a{n}": b"" for n in range(6000)}))
    assert codes(many) == ["report.template-too-large"]


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    b"<w:t>&b;&f;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/document.xml", b"<w:document"),
        ("word/document.xml", b""),
        ("word/document.xml", b"<a/>"),
        ("word/document.xml", LAUGHS),
        ("word/styles.xml", b"<a>"),
        ("word/numbering.xml", b"\x00"),
        ("_rels/.rels", b"<x/>"),
        (
            TYPES,
            b"wordprocessingml. application/vnd.openxmlformats-officedocument.wordprocessingml.",
        ),
        (RELS, b"<Relationships/>x"),
    ],
)
def test_damaged(name: str, content: bytes, tmp_path: Path) -> None:
    assert codes(changed(tmp_path, lambda parts: parts.update({name: content}))) == [
        "report.template-damaged"
    ]


def test_cut_off(tmp_path: Path) -> None:
    file = changed(tmp_path, lambda parts: None)
    whole = file.read_bytes()
    file.write_bytes(whole[:2000] + b"\x00" * 200 + whole[2200:])
    assert codes(file) == ["report.template-damaged"]


def test_deep_nesting(tmp_path: Path) -> None:
    file = changed(tmp_path, lambda parts: in_body(parts, "<w:p>" * 5000 + "</w:p>" * 5000))
    assert codes(file) == ["report.template-damaged"]


@pytest.mark.parametrize("kind", ["image", "oleObject", "frame", "subDocument"])
def test_content_from_elsewhere(kind: str, tmp_path: Path) -> None:
    def link(parts: dict[str, bytes]) -> None:
        parts[RELS] = parts[RELS].replace(b"</Relationships>", EXTERNAL.format(kind).encode())

    assert codes(changed(tmp_path, link)) == ["report.template-outside"]


def test_fields_that_fetch(tmp_path: Path) -> None:
    pieces = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in (" DD", "EAUTO c:\\\\x "))
    file = changed(tmp_path, lambda parts: in_body(parts, f"<w:p>{pieces}</w:p>"))
    assert codes(file) == ["report.template-outside"]
    simple = '<w:p><w:fldSimple w:instr="INCLUDEPICTURE http://evil.example/x"/></w:p>'
    assert codes(changed(tmp_path, lambda parts: in_body(parts, simple))) == ["report.template-outside"]


def test_links_people_follow_stay_and_the_template_of_the_template_goes(tmp_path: Path) -> None:
    def link(parts: dict[str, bytes]) -> None:
        parts[RELS] = parts[RELS].replace(b"</Relationships>", EXTERNAL.format("hyperlink").encode())
        rels = EXTERNAL.format("attachedTemplate")
        parts["word/_rels/settings.xml.rels"] = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + rels
        ).encode()

    write_docx(sample(), tmp_path / "r.docx", template=changed(tmp_path, link))
    document = docx.Document(str(tmp_path / "r.docx"))
    assert [rel.reltype.rsplit("/")[-1] for rel in document.part.package.iter_rels() if rel.is_external] == [
        "hyperlink"
    ]


def test_unknown_placeholders_and_two_spots_are_said_at_once(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("{{titel}} {{ lingtan }}{{lingtan}} {{config.__class__}}")
    document.save(str(tmp_path / "t.docx"))
    with pytest.raises(LingtanError) as caught:
        write_docx(sample(), tmp_path / "r.docx", template=tmp_path / "t.docx")
    first, second = caught.value.faults
    assert first.code == "report.template-placeholder" and "titel" in first.words("zh").what
    assert first.context["names"] == "config.__class__, titel" and "title" in first.context["known"]
    assert second.code == "report.template-spot" and second.context["count"] == "2"


def test_a_spot_in_a_table_or_header(tmp_path: Path) -> None:
    for place in ("table", "header"):
        document = docx.Document()
        if place == "table":
            document.add_table(1, 1).cell(0, 0).text = "{{lingtan}}"
        else:
            document.sections[0].header.paragraphs[0].text = "{{lingtan}}"
        document.save(str(tmp_path / f"{place}.docx"))
        assert codes(tmp_path / f"{place}.docx") == ["report.template-spot"]
