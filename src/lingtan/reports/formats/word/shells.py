"""The file around the content: its styles, lists, pictures, page, and the spot where content goes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.parts.image import ImagePart
from docx.section import Section

from lingtan.reports.formats.word.labels import ANCHOR
from lingtan.reports.formats.word.lists import Lists, greatest

_TWIP = 635
_LEAST = 2000  # twentieths of a point; a narrower page is a slip of the template
_UNNUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr><w:ind w:left="0" w:firstLine="0"/>'


@dataclass(frozen=True, slots=True)
class Room:
    """The text area of a page, in twentieths of a point."""

    width: int
    height: int


def measure(section: Section) -> Room:
    """The text area of a section; A4 with margins of 25 mm where it says nothing."""
    inner = [_twips(section.left_margin, 1417), _twips(section.right_margin, 1417), _twips(section.gutter, 0)]
    upright = [_twips(section.top_margin, 1417), _twips(section.bottom_margin, 1417)]
    width = _twips(section.page_width, 11906) - sum(inner)
    height = _twips(section.page_height, 16838) - sum(upright)
    return Room(max(width, _LEAST), max(height, _LEAST))


def _twips(length: int | None, otherwise: int) -> int:
    return otherwise if length is None else abs(round(length / _TWIP))


@dataclass
class Shell:
    """A Word file that lacks the content.

    `styles` are ids by name in small letters. `listed` are the levels of headings whose style brings no
    number along. `covered`: the file has a first page of its own. `new_page`: content begins a page.
    """

    document: Document
    styles: Mapping[str, str]
    lists: Lists
    room: Room
    listed: frozenset[int] = frozenset()
    covered: bool = False
    new_page: bool = False
    _pictures: dict[str, str] = field(default_factory=dict)
    _drawn: int = 0

    def __post_init__(self) -> None:
        package = self.document.part.package
        self._taken = {str(part.partname) for part in package.iter_parts()}
        self._drawn = greatest(self.document.element, "wp:docPr", "id")

    @property
    def first_bookmark(self) -> int:
        """A number from which on neither numbers nor names of bookmarks are taken."""
        root = self.document.element
        names = (str(mark.get(qn("w:name"), "")) for mark in root.iter(qn("w:bookmarkStart")))
        ours = (name.removeprefix(ANCHOR) for name in names if name.startswith(ANCHOR))
        numbers = [int(number) for number in ours if number.isascii() and number.isdigit()]
        return max([greatest(root, "w:bookmarkStart", "w:id"), *numbers]) + 1

    def heading_list(self, level: int, *, numbered: bool) -> str:
        """Properties of a heading's paragraph, where its style is not enough."""
        if not numbered:
            return _UNNUMBERED
        if level not in self.listed:
            return ""
        return f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{self.lists.headings}"/></w:numPr>'

    def add_picture(self, png: bytes) -> tuple[str, int]:
        """The id of the relation to a picture, kept once, and a number for its drawing."""
        self._drawn += 1
        digest = hashlib.sha256(png).hexdigest()
        if digest not in self._pictures:
            part = ImagePart(self._picture_name(), CONTENT_TYPE.PNG, png)
            self._pictures[digest] = self.document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        return self._pictures[digest], self._drawn

    def _picture_name(self) -> PackURI:
        number = len(self._pictures) + 1
        while f"/word/media/lingtan{number}.png" in self._taken:
            number += 1
        self._taken.add(f"/word/media/lingtan{number}.png")
        return PackURI(f"/word/media/lingtan{number}.png")
