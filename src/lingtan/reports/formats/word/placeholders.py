"""Placeholders in a template, `{{title}}`: plain text for plain text, nothing is computed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docx.document import Document
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from lingtan.reports.formats.word.markup import shown
from lingtan.reports.records import Report

CONTENT = "lingtan"
"""The placeholder that the content takes the place of."""

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def values_of(report: Report) -> Mapping[str, str]:
    """What can stand in a template, by name."""
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "park": report.park,
        "dated": report.dated.isoformat(),
        "software": report.software,
    }


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with placeholders; its words may be split into any pieces."""

    element: BaseOxmlElement
    pieces: tuple[BaseOxmlElement, ...]

    @property
    def text(self) -> str:
        """All its words."""
        return "".join(piece.text or "" for piece in self.pieces)

    @property
    def names(self) -> list[str]:
        """The placeholders in it."""
        return _PLACEHOLDER.findall(self.text)

    def fill(self, values: Mapping[str, str]) -> None:
        """Put values for placeholders; the first piece of one takes the value, in its own look."""
        for found in reversed(list(_PLACEHOLDER.finditer(self.text))):
            self._put(found.start(), found.end(), shown(values[found[1]]))

    def _put(self, start: int, end: int, value: str) -> None:
        at = 0
        for piece in self.pieces:
            words = piece.text or ""
            first, last = max(start - at, 0), min(end - at, len(words))
            at += len(words)
            if first < last:
                piece.text = words[:first] + value + words[last:]
                piece.set(_SPACE, "preserve")
                value = ""


def find_placeholders(document: Document) -> Iterator[Paragraph]:
    """Every paragraph with placeholders, of the body, of headers and footers, of boxes and tables."""
    for part in document.part.package.iter_parts():
        if isinstance(part, XmlPart):
            for element in part.element.iter(qn("w:p")):
                found = Paragraph(element, tuple(_pieces(element)))
                if found.names:
                    yield found


def _pieces(paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The words of a paragraph, not those of paragraphs in boxes within it."""
    for piece in paragraph.iter(qn("w:t")):
        if next(piece.iterancestors(qn("w:p"))) is paragraph:
            yield piece
