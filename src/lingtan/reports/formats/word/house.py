"""Our own Word file without content: styles, fonts, page, header and footer."""

from __future__ import annotations

from typing import cast

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.parts.settings import SettingsPart
from docx.parts.styles import StylesPart
from docx.section import Section

from lingtan.reports.formats.word.lists import Lists
from lingtan.reports.formats.word.markup import TAB, field, paragraph, run
from lingtan.reports.formats.word.shells import Shell, measure
from lingtan.reports.formats.word.styles import adopt_styles, house_defaults
from lingtan.reports.records import Report
from lingtan.reports.words import Words
from lingtan_data import path


def open_house(report: Report) -> Shell:
    """A file in our look, ready for the content of `report`."""
    document = _make_document(report)
    section = document.sections[0]
    room = measure(section)
    lists = Lists(document)
    styles = adopt_styles(document, lists, report.language, room.width)
    _set_header(section, report)
    _set_footer(section, report)
    return Shell(document, styles, lists, room)


def _make_document(report: Report) -> Document:
    package = Package()
    part = DocumentPart(
        PackURI("/word/document.xml"), CONTENT_TYPE.WML_DOCUMENT_MAIN, _shipped("document.xml"), package
    )
    package.relate_to(part, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    styles = StylesPart(
        PackURI("/word/styles.xml"), CONTENT_TYPE.WML_STYLES, house_defaults(report.language), package
    )
    settings = SettingsPart(
        PackURI("/word/settings.xml"), CONTENT_TYPE.WML_SETTINGS, _shipped("settings.xml"), package
    )
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, _file("fontTable.xml"), package)
    part.relate_to(styles, RELATIONSHIP_TYPE.STYLES)
    part.relate_to(settings, RELATIONSHIP_TYPE.SETTINGS)
    part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    return cast(Document, part.document)


def _file(name: str) -> bytes:
    return path("reports", "word", name).read_bytes()


def _shipped(name: str) -> BaseOxmlElement:
    return parse_xml(_file(name))


def _set_header(section: Section, report: Report) -> None:
    section.header.is_linked_to_previous = False
    _replace(section.header._element, paragraph("Header", run(report.park) + TAB + run(report.title)))


def _set_footer(section: Section, report: Report) -> None:
    section.footer.is_linked_to_previous = False
    words = Words(report.language).text("layout.pages", page="\n", pages="\n")
    before, between, after = words.split("\n")
    numbers = run(before) + field("PAGE", "1") + run(between) + field("NUMPAGES", "1")
    _replace(section.footer._element, paragraph("Footer", numbers + (run(after) if after else "")))


def _replace(root: BaseOxmlElement, content: str) -> None:
    for child in list(root):
        root.remove(child)
    root.extend(parse_xml(f"<w:hdr {nsdecls('w')}>{content}</w:hdr>"))
