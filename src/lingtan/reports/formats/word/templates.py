"""A park's own Word file as the shell of a report: its styles, header, footer, page and theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import etree

from lingtan.errors import LingtanError, Place, fault
from lingtan.reports.formats.word.lists import Lists
from lingtan.reports.formats.word.packaging import make_mark
from lingtan.reports.formats.word.placeholders import CONTENT, Paragraph, find_placeholders, values_of
from lingtan.reports.formats.word.reading import place_of, read_document, reading
from lingtan.reports.formats.word.shells import Room, Shell, measure
from lingtan.reports.formats.word.styles import HEADINGS, adopt_styles, is_numbered
from lingtan.reports.records import Report

_PREFIXES = {"w": qn("w:p")[1:].partition("}")[0]}


def check_template(template: Path) -> None:
    """LingtanError (report.template-…) if `template` cannot be used, found before anything is computed."""
    open_template(template, Report("", "zh", "", "", "", date.min, "", (), ()))


def open_template(template: Path, report: Report) -> Shell:
    """`template` ready for the content of `report`; LingtanError (report.template-…) if it cannot be."""
    place = place_of(template)
    document = read_document(template)
    with reading(place):
        found = list(find_placeholders(document))
        _check(found, values_of(report), document, place)
        covered = any("title" in item.names and _stands_in(item, document) for item in found)
        new_page = _open_spot(document, found)
        room = _room(document)
        for item in found:
            item.fill({**values_of(report), CONTENT: ""})
        return _make_shell(document, report, room, covered=covered, new_page=new_page)


def _make_shell(document: Document, report: Report, room: Room, *, covered: bool, new_page: bool) -> Shell:
    lists = Lists(document)
    styles = adopt_styles(document, lists, report.language, room.width)
    numbered = {level for level, name in enumerate(HEADINGS, 1) if is_numbered(document, styles[name])}
    listed = frozenset({1, 2, 3} - numbered)
    return Shell(document, styles, lists, room, listed=listed, covered=covered, new_page=new_page)


def _check(found: list[Paragraph], known: Mapping[str, str], document: Document, place: Place) -> None:
    """One spot for the content, in the body itself; no placeholder that nobody knows."""
    counts = Counter(name for item in found for name in item.names)
    faults = []
    unknown = sorted(set(counts) - {*known, CONTENT})
    if unknown:
        names = ", ".join(sorted({*known, CONTENT}))
        faults.append(fault("report.template-placeholder", place, names=", ".join(unknown), known=names))
    body = document.element.body
    spots = [item for item in found if CONTENT in item.names]
    if counts[CONTENT] > 1 or any(item.element.getparent() is not body for item in spots):
        faults.append(fault("report.template-spot", place, count=counts[CONTENT]))
    if faults:
        raise LingtanError(faults)


def _stands_in(item: Paragraph, document: Document) -> bool:
    return any(root is document.element for root in item.element.iterancestors())


def _open_spot(document: Document, found: list[Paragraph]) -> bool:
    """Mark where the content goes; whether it shall begin a page (behind what stands there already)."""
    root, body = document.element, document.element.body
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    prefixes = [name for name in root.nsmap if name]
    etree.cleanup_namespaces(root, top_nsmap=_PREFIXES, keep_ns_prefixes=[*prefixes, *_PREFIXES])
    mark = make_mark()
    for item in found:
        if CONTENT in item.names:
            _mark_paragraph(item, mark)
            return False
    ending = body.find(qn("w:sectPr"))
    filled = any(child.tag != qn("w:sectPr") for child in body)
    if ending is None:
        body.append(mark)
    else:
        ending.addprevious(mark)
    return filled


def _mark_paragraph(item: Paragraph, mark: BaseOxmlElement) -> None:
    """The mark in place of the paragraph; one that says more, or ends a section, stays."""
    item.element.addprevious(mark)
    ends_section = item.element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
    says_more = item.text.replace(" ", "") != f"{{{{{CONTENT}}}}}"
    if says_more and not ends_section:
        item.element.addnext(mark)
    elif not says_more and not ends_section:
        item.element.getparent().remove(item.element)


def _room(document: Document) -> Room:
    """The text area of the section in which the mark stands."""
    before = 0
    for child in document.element.body:
        if child.tag is etree.ProcessingInstruction:
            break
        before += len(child.findall(f"{qn('w:pPr')}/{qn('w:sectPr')}"))
    sections = list(document.sections)
    return measure(sections[min(before, len(sections) - 1)]) if sections else Room(9071, 14004)
