"""The lists of a Word file: numbers of headings, bullets, numbered items that begin at 1 each time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart

from lingtan_data import path

_EMPTY = f"<w:numbering {nsdecls('w')}/>"
_FILE = ("reports", "word", "numbering.xml")
_HEADINGS, _BULLETS, _ITEMS = 1, 2, 3
"""Numbers of the lists in our file."""


class Lists:
    """The numbering part of a file, with our three lists added under numbers that were free."""

    def __init__(self, document: Document) -> None:
        self._root = _find_root(document)
        ours = parse_xml(path(*_FILE).read_bytes())
        self._shift = greatest(self._root, "w:abstractNum", "w:abstractNumId")
        self._next = greatest(self._root, "w:num", "w:numId")
        self._definitions = ours.findall(qn("w:abstractNum"))
        for definition in self._definitions:
            definition.set(qn("w:abstractNumId"), str(self._abstract(definition)))
            self._add_definition(definition)
        self.numbers = {kind: self._add(self._shift + kind) for kind in (_HEADINGS, _BULLETS, _ITEMS)}

    @property
    def headings(self) -> int:
        """The list of headings, three levels."""
        return self.numbers[_HEADINGS]

    @property
    def bullets(self) -> int:
        """The list with bullets."""
        return self.numbers[_BULLETS]

    def add_ordered(self) -> int:
        """A new list of numbered items, beginning at 1."""
        return self._add(self._shift + _ITEMS, restart=True)

    def link(self, styles: Iterable[tuple[str, str]]) -> None:
        """Tie the levels of headings to styles: pairs of our id and that in this file; no others."""
        ids = dict(styles)
        for level in self._definitions[0].iter(qn("w:pStyle")):
            name = level.get(qn("w:val"))
            if name in ids:
                level.set(qn("w:val"), ids[name])
            else:
                level.getparent().remove(level)

    def _abstract(self, definition: BaseOxmlElement) -> int:
        return self._shift + int(definition.get(qn("w:abstractNumId")) or 0)

    def _add_definition(self, definition: BaseOxmlElement) -> None:
        first = self._root.find(qn("w:num"))
        if first is None:
            self._root.append(definition)
        else:
            first.addprevious(definition)

    def _add(self, abstract: int, *, restart: bool = False) -> int:
        self._next += 1
        start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if restart else ""
        content = f'<w:abstractNumId w:val="{abstract}"/>{start}'
        num = parse_xml(f'<w:num {nsdecls("w")} w:numId="{self._next}">{content}</w:num>')
        last = self._root.find(qn("w:numIdMacAtCleanup"))
        if last is None:
            self._root.append(num)
        else:
            last.addprevious(num)
        return self._next


def greatest(root: BaseOxmlElement, tag: str, attribute: str) -> int:
    """The greatest number in an attribute of the elements of one kind, 0 if there is none."""
    numbers = (element.get(qn(attribute)) or "" for element in root.iter(qn(tag)))
    return max((int(number) for number in numbers if number.isascii() and number.isdigit()), default=0)


def _find_root(document: Document) -> BaseOxmlElement:
    part = document.part
    try:
        made = cast(NumberingPart, part.part_related_by(RELATIONSHIP_TYPE.NUMBERING))
    except KeyError:
        name = PackURI("/word/numbering.xml")
        made = NumberingPart(name, CONTENT_TYPE.WML_NUMBERING, parse_xml(_EMPTY), part.package)
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return cast(BaseOxmlElement, made.element)
