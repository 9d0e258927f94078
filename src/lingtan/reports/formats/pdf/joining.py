"""Joins typeset parts to one PDF/A: pages, tags, destinations, bookmarks, page labels.

Part after part is written out as it comes; only numbers are kept. (A library would hold every tag of
every table cell in memory: 2.6 MB a page. It reads the parts here, and checks the whole in the tests.)
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lingtan.reports.formats.pdf.assembling import Assembler
from lingtan.reports.formats.pdf.reading import Part

SCHEME = b"lingtan:"
_NESTED = rb"\((?:\\.|[^()\\]|\((?:\\.|[^()\\]|\([^()]*\))*\))*\)"
_TOKEN = re.compile(
    rb"(?P<text>" + _NESTED + rb")|(?P<hex><[0-9A-Fa-f\s]*>)"
    rb"|/StructParents?\s(?P<key>\d+)|(?P<ref>\d+) 0 R\b",
    re.DOTALL,
)
_LINK = re.compile(rb"/A<<[^<>]*/URI\(" + SCHEME + rb"(?P<anchor>[\w+-]+)\)[^<>]*>>")
_ADDRESS = re.compile(rb"/Contents\(" + SCHEME + rb"(?P<anchor>[\w+-]+)\)")
_CELL = re.compile(rb"U\d+x\d+y\d+")
_STREAM = b">>\nstream\n"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A heading: its level, its words, the anchor of its place."""

    level: int
    title: str
    anchor: str


class Joiner:
    """The PDF that grows. Parts are added in the order they are typeset, the front last."""

    def __init__(self, file: BinaryIO, names: Mapping[str, str]) -> None:
        """`names`: what a link to an anchor is called, for screen readers."""
        self._out = Assembler(file)
        self._names = names
        roots = ("catalogue", "pages", "tree", "document", "metadata")
        self._roots = {name: self._out.reserve() for name in roots}
        self._pages: list[int] = []
        self._children: list[bytes] = []
        self._parents: list[tuple[int, bytes]] = []
        self._cells: list[tuple[bytes, bytes]] = []
        self._next_parent = 0
        self._places: dict[str, bytes] = {}
        self._parts = 0
        self._mark = hashlib.sha256()

    def add(self, part: Part) -> None:
        """Write the objects of a part behind all others."""
        self._take(part)

    def finish(self, front: Part, bookmarks: Sequence[Bookmark]) -> None:
        """Write the front, which comes first in the file's order of pages, and what holds all together."""
        body_pages, body_children = self._pages, self._children
        self._pages, self._children = [], []
        renumber = self._take(front)
        front_pages = len(self._pages)
        self._pages += body_pages
        self._children += body_children
        self._put_roots(front, renumber, front_pages, self._put_bookmarks(bookmarks))
        self._out.finish(self._roots["catalogue"], renumber.number(front.roots["info"]))

    def _take(self, part: Part) -> _Renumbering:
        first = self._out.reserve(max(part.objects) + 1)
        renumber = _Renumbering(part, first, self._roots, self._next_parent, self._parts, self._names)
        for number, body in part.objects.items():
            self._out.put(renumber.number(number), renumber.body(body))
        self._pages += [renumber.number(page) for page in part.pages]
        self._children += [renumber.plain(child) for child in part.children]
        self._parents += [(key + self._next_parent, renumber.plain(one)) for key, one in part.parents]
        self._cells += [(renumber.cell(id), renumber.plain(one)) for id, one in part.cells]
        self._places |= {name: renumber.plain(place) for name, (_, place) in part.places.items()}
        self._next_parent += part.next_parent
        self._parts += 1
        self._mark.update(b"".join(part.objects.values()))
        return renumber

    def _put_roots(self, front: Part, renumber: _Renumbering, front_pages: int, bookmarks: int) -> None:
        kept = b"".join(key.encode() + b" " + renumber.plain(value) for key, value in front.catalogue.items())
        intents = next(renumber.number(n) for n, body in front.objects.items() if b"/GTS_PDFA1" in body)
        names = _tree((_string(name), place) for name, place in sorted(self._places.items()))
        labels = b"0<</S/r>>%d<</S/D>>" % front_pages
        self._put("catalogue", b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R%b"
                  b"/OutputIntents[%d 0 R]/Outlines %d 0 R/PageMode/UseOutlines/PageLabels<</Nums[%b]>>"
                  b"/Names<</Dests<</Names[%b]>>>>>>"
                  % (self._roots["pages"], self._roots["tree"], self._roots["metadata"], kept, intents,
                     bookmarks, labels, names))  # fmt: skip
        self._put("pages", b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self._pages), _refs(self._pages)))
        self._put_tags()
        text = self._describe(front.metadata)
        self._out.put_stream(self._roots["metadata"], b"/Type/Metadata/Subtype/XML", text, packed=False)

    def _put_tags(self) -> None:
        tree, document = self._roots["tree"], self._roots["document"]
        roles = b"<</Datetime/Span/Terms/Part/Title/P/Strong/Span/Em/Span>>"
        parents = _tree((b"%d" % key, one) for key, one in self._parents)
        cells = _tree((_literal(id), one) for id, one in sorted(self._cells))
        ids = b"/IDTree<</Names[%b]>>" % cells if cells else b""
        entries = b"/RoleMap%b/K[%d 0 R]/ParentTree<</Nums[%b]>>%b" % (roles, document, parents, ids)
        self._put("tree", b"<</Type/StructTreeRoot%b/ParentTreeNextKey %d>>" % (entries, self._next_parent))
        children = b" ".join(self._children)
        self._put("document", b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (tree, children))

    def _put_bookmarks(self, bookmarks: Sequence[Bookmark]) -> int:
        root = self._out.reserve()
        first = self._out.reserve(len(bookmarks))
        parents, below = _outline([bookmark.level for bookmark in bookmarks])
        for index, bookmark in enumerate(bookmarks):
            siblings = below[parents[index]]
            at = siblings.index(index)
            above = root if parents[index] is None else first + (parents[index] or 0)
            entries = b"/Title%b/Parent %d 0 R/Dest %b" % (
                _string(bookmark.title), above, self._places[bookmark.anchor],
            )  # fmt: skip
            if at:
                entries += b"/Prev %d 0 R" % (first + siblings[at - 1])
            if at + 1 < len(siblings):
                entries += b"/Next %d 0 R" % (first + siblings[at + 1])
            self._out.put(first + index, b"<<%b%b>>" % (entries, _ends(below[index], first, -1)))
        self._out.put(root, b"<</Type/Outlines%b>>" % _ends(below[None], first, 1))
        return root

    def _describe(self, text: bytes) -> bytes:
        """Number of pages and ids in the metadata; the ids are a hash of the parts."""
        own = base64.b64encode(self._mark.digest()[:16])
        old = re.search(rb"<xmpMM:InstanceID>([^<]*)<", text)
        for tag, value in ((b"xmpTPg:NPages", b"%d" % len(self._pages)), (b"xmpMM:DocumentID", own)):
            text = re.sub(b"<%b>[^<]*</%b>" % (tag, tag), b"<%b>%b</%b>" % (tag, value, tag), text)
        return text.replace(old[1], own) if old else text

    def _put(self, root: str, body: bytes) -> None:
        self._out.put(self._roots[root], body)


@dataclass(frozen=True, slots=True)
class _Renumbering:
    """Puts the numbers of the whole into the bytes of a part."""

    part: Part
    first: int
    roots: Mapping[str, int]
    parents_before: int
    index: int
    names: Mapping[str, str]

    def number(self, number: int) -> int:
        """The number in the whole of an object of the part."""
        for name in ("pages", "tree", "document"):
            if number == self.part.roots[name]:
                return self.roots[name]
        return self.first + number

    def body(self, body: bytes) -> bytes:
        """An object with its references, links and ids; the data of a stream stay as they are."""
        head, stream, data = body.partition(_STREAM)
        head = _LINK.sub(lambda found: b"/Dest(%b)" % found["anchor"], head)
        head = _ADDRESS.sub(self._name, head)
        return self.plain(head) + stream + data

    def plain(self, text: bytes) -> bytes:
        """Bytes without a stream."""
        return _TOKEN.sub(self._token, text)

    def cell(self, id: bytes) -> bytes:
        """The id of a header cell; Typst counts the tables of every part from 1."""
        return b"P%dx%b" % (self.index, id)

    def _token(self, found: re.Match[bytes]) -> bytes:
        if found["ref"] is not None:
            return b"%d 0 R" % self.number(int(found["ref"]))
        if found["key"] is not None:
            return found[0][: found.start("key") - found.start()] + b"%d" % (
                int(found["key"]) + self.parents_before
            )
        if found["text"] is not None and _CELL.fullmatch(found["text"][1:-1]):
            return b"(%b)" % self.cell(found["text"][1:-1])
        return found[0]

    def _name(self, found: re.Match[bytes]) -> bytes:
        anchor = found["anchor"].decode()
        return b"/Contents" + _string(self.names.get(anchor, anchor))


def _outline(levels: Sequence[int]) -> tuple[list[int | None], dict[int | None, list[int]]]:
    """Of each bookmark the one above it, and of each (None: the root) those below it."""
    parents: list[int | None] = []
    below: dict[int | None, list[int]] = {None: []}
    path: list[int] = []
    for index, level in enumerate(levels):
        while path and levels[path[-1]] >= level:
            path.pop()
        above = path[-1] if path else None
        parents.append(above)
        below[above].append(index)
        below[index] = []
        path.append(index)
    return parents, below


def _ends(children: Sequence[int], first: int, sign: int) -> bytes:
    if not children:
        return b""
    ends = (first + children[0], first + children[-1], sign * len(children))
    return b"/First %d 0 R/Last %d 0 R/Count %d" % ends


def _tree(pairs: object) -> bytes:
    return b" ".join(key + b" " + value for key, value in pairs)  # type: ignore[attr-defined]


def _refs(numbers: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _literal(text: bytes) -> bytes:
    return b"(" + text + b")"


def _string(text: str) -> bytes:
    """Text as a PDF string: plain letters as they are (names of places), else UTF-16."""
    if re.fullmatch(r"[\w+-]+", text, re.ASCII):
        return _literal(text.encode())
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"
