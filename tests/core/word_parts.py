"""What the tests of Word files look at: parts, styles, fields, bookmarks, the order of properties."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from docx.oxml.ns import qn
from lxml import etree

from lingtan.reports.formats.word import write_docx
from lingtan.reports.records import Report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDERS = {  # of ISO/IEC 29500-1, as far as we write them
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs"
    " spacing ind jc outlineLvl",
    "rPr": "rStyle rFonts b bCs color spacing sz szCs lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW gridSpan tcBorders shd vAlign",
    "tcBorders": "top left bottom right",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr tcPr tblStylePr",
    "lvl": "start numFmt pStyle suff lvlText lvlJc pPr rPr",
    "sectPr": "headerReference footerReference pgSz pgMar titlePg",
}


def written(report: Report, folder: Path) -> Path:
    """The report as a file of this folder."""
    write_docx(report, folder / "report.docx")
    return folder / "report.docx"


def read_xml(file: Path, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(file) as archive:
        return etree.fromstring(archive.read(name))


def text_of(element: etree._Element) -> str:
    """The words of an element, tabs as tabs, instructions of fields left out."""
    return "".join(
        piece.text or "" if piece.tag == qn("w:t") else "\t"
        for piece in element.iter(qn("w:t"), qn("w:tab"))
        if piece.tag == qn("w:t") or piece.getparent().tag == qn("w:r")
    )


def style_of(paragraph: etree._Element) -> str:
    return str(paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val"))


def instructions(root: etree._Element) -> list[str]:
    return [(piece.text or "").strip() for piece in root.iter(f"{W}instrText")]


def fields(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Instruction and cached result of each field; AssertionError if marks do not pair up."""
    open_fields: list[list[str]] = []
    for piece in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        kind = piece.get(f"{W}fldCharType")
        if kind == "begin":
            open_fields.append(["begin", "", ""])
        elif kind == "separate":
            assert open_fields[-1][0] == "begin"
            open_fields[-1][0] = "separate"
        elif kind == "end":
            state, instruction, result = open_fields.pop()
            assert state == "separate"
            yield instruction.strip(), result
        elif piece.tag == f"{W}instrText":
            assert open_fields[-1][0] == "begin"
            open_fields[-1][1] += piece.text or ""
        elif open_fields:
            open_fields[-1][2] += piece.text or ""
    assert not open_fields


def bookmarks(root: etree._Element) -> dict[str, str]:
    """The words within each bookmark; AssertionError if a name or a number stands twice."""
    starts = list(root.iter(f"{W}bookmarkStart"))
    ends = [end.get(f"{W}id") for end in root.iter(f"{W}bookmarkEnd")]
    ids = [start.get(f"{W}id") for start in starts]
    assert len(set(ids)) == len(ids) and sorted(ids) == sorted(ends)
    found: dict[str, str] = {}
    for start in starts:
        name = start.get(f"{W}name")
        assert name not in found and len(name) <= 40
        words = ""
        for sibling in start.itersiblings():
            if sibling.tag == f"{W}bookmarkEnd" and sibling.get(f"{W}id") == start.get(f"{W}id"):
                break
            words += text_of(sibling)
        found[name] = words
    return found


def out_of_order(root: etree._Element) -> Iterator[str]:
    """Properties that do not stand in the order of the schema; Word calls such a file damaged."""
    for tag, order in ORDERS.items():
        places = {f"{W}{name}": index for index, name in enumerate(order.split())}
        for element in root.iter(f"{W}{tag}"):
            found = [places.get(child.tag, -1) for child in element if isinstance(child.tag, str)]
            if found != sorted(found) or -1 in found:
                yield etree.tostring(element, encoding="unicode")[:300]


def east_asian_font(styles: etree._Element, style_id: str) -> str:
    """The Chinese font of a style, by itself or by those it is based on."""
    by_id = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    while style_id:
        style = by_id[style_id]
        fonts = style.find(f"{W}rPr/{W}rFonts")
        if fonts is not None and fonts.get(f"{W}eastAsia"):
            return str(fonts.get(f"{W}eastAsia"))
        base = style.find(f"{W}basedOn")
        style_id = "" if base is None else base.get(f"{W}val")
    return ""
