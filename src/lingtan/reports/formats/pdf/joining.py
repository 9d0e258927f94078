"""Joins typeset parts to one PDF/A: pages, destinations, bookmarks, page labels, links and tags."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, String

SCHEME = "lingtan:"
_ID = re.compile(rb"\(U(?=\d+x\d+y\d+\))")
_LETTERS = bytes(code for code in range(0x22, 0x7F) if code not in b"()\\")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A heading: its level, its words, the anchor of its place."""

    level: int
    title: str
    anchor: str


def read_anchors(file: Path) -> tuple[int, Mapping[str, int]]:
    """How many pages a part has, and on which of them (from 0) each heading stands."""
    with Pdf.open(file) as pdf:
        pages = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        found = {name: pages[place[0].objgen] for name, place in _destinations(pdf.Root)}
        return len(pdf.pages), found


def rename_cells(pdf: bytes, index: int) -> bytes:
    """The part with ids of header cells that no other part has: their first letter stands for `index`.

    Typst numbers tables from 1 in every part. The length stays, so that no offset moves.
    """
    if index >= len(_LETTERS):
        raise ValueError("a report has at most ninety parts")
    return _ID.sub(b"(" + _LETTERS[index : index + 1], pdf)


def join_parts(
    parts: Sequence[Path], output: Path, bookmarks: Sequence[Bookmark], names: Mapping[str, str]
) -> None:
    """Write the parts one behind the other; the first (the front) gives title, language and metadata.

    `names`: what a link to an anchor is called, for screen readers.
    """
    with ExitStack() as open_files:
        pdfs = [open_files.enter_context(Pdf.open(part)) for part in parts]
        whole = pdfs[0]
        front_pages = len(whole.pages)
        places = dict(_destinations(whole.Root))
        next_key = int(whole.Root.StructTreeRoot.ParentTreeNextKey)
        for other in pdfs[1:]:
            next_key = _append(whole, other, places, next_key)
        whole.Root.StructTreeRoot.ParentTreeNextKey = next_key
        _name_destinations(whole, places)
        _link(whole, names)
        _bookmark(whole, bookmarks, places)
        _label_pages(whole, front_pages)
        _describe(whole, parts)
        whole.save(
            output, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )


def _destinations(catalogue: Object) -> Iterator[tuple[str, Object]]:
    if Name.Names in catalogue and Name.Dests in catalogue.Names:
        flat = catalogue.Names.Dests.Names
        for index in range(0, len(flat), 2):
            place = flat[index + 1]
            yield str(flat[index]), place.D if isinstance(place, Dictionary) else place


def _append(whole: Pdf, other: Pdf, places: dict[str, Object], next_key: int) -> int:
    """Pages and tags of `other` behind those of `whole`; the next free key of the parent tree."""
    before = len(whole.pages)
    whole.pages.extend(other.pages)
    for index in range(before, len(whole.pages)):
        _shift(whole.pages[index].obj, next_key)
    kept = Dictionary(Tree=other.Root.StructTreeRoot)
    if Name.Names in other.Root:
        kept.Names = other.Root.Names
    copied = whole.copy_foreign(other.make_indirect(kept))
    places.update(_destinations(copied))
    _graft(whole.Root.StructTreeRoot, copied.Tree, next_key)
    return next_key + int(copied.Tree.ParentTreeNextKey)


def _shift(page: Object, by: int) -> None:
    """Move the keys by which a page and its annotations are found in the parent tree."""
    if Name.StructParents in page:
        page.StructParents = int(page.StructParents) + by
    for annotation in page.get(Name.Annots, ()):
        if Name.StructParent in annotation:
            annotation.StructParent = int(annotation.StructParent) + by


def _graft(tree: Object, other: Object, by: int) -> None:
    """Hang the tags of another part below the document of the first."""
    document = tree.K[0] if isinstance(tree.K, Array) else tree.K
    added = other.K[0] if isinstance(other.K, Array) else other.K
    for element in added.K:
        element.P = document
        document.K.append(element)
    numbers = other.ParentTree.Nums
    for index in range(0, len(numbers), 2):
        tree.ParentTree.Nums.extend([int(numbers[index]) + by, numbers[index + 1]])
    if Name.IDTree in other:
        if Name.IDTree not in tree:
            tree.IDTree = Dictionary(Names=Array())
        tree.IDTree.Names.extend(other.IDTree.Names)


def _name_destinations(whole: Pdf, places: Mapping[str, Object]) -> None:
    flat: list[Any] = []
    for name in sorted(places):
        flat += [String(name), places[name]]
    whole.Root.Names = Dictionary(Dests=Dictionary(Names=Array(flat)))


def _link(whole: Pdf, names: Mapping[str, str]) -> None:
    """Links to other parts were written as addresses of ours: make them places of this file."""
    for page in whole.pages:
        for annotation in page.obj.get(Name.Annots, ()):
            address = str(annotation.A.get(Name.URI, "")) if Name.A in annotation else ""
            if address.startswith(SCHEME):
                anchor = address.removeprefix(SCHEME)
                del annotation.A
                annotation.Dest = String(anchor)
                annotation.Contents = String(names.get(anchor, anchor))


def _bookmark(whole: Pdf, bookmarks: Sequence[Bookmark], places: Mapping[str, Object]) -> None:
    if Name.Outlines in whole.Root:
        del whole.Root.Outlines
    with whole.open_outline() as outline:
        above: list[list[OutlineItem]] = [outline.root]
        for bookmark in bookmarks:
            item = OutlineItem(bookmark.title, destination=places[bookmark.anchor], is_closed=True)
            level = min(bookmark.level, len(above))
            del above[level:]
            above[-1].append(item)
            above.append(item.children)
    whole.Root.PageMode = Name.UseOutlines


def _label_pages(whole: Pdf, front_pages: int) -> None:
    """Roman numbers before the first chapter, then from 1."""
    roman, decimal = Dictionary(S=Name.r), Dictionary(S=Name.D)
    whole.Root.PageLabels = Dictionary(Nums=Array([0, roman, front_pages, decimal]))


def _describe(whole: Pdf, parts: Sequence[Path]) -> None:
    """Number of pages and ids in the metadata; the ids are a hash of the parts."""
    mark = hashlib.sha256()
    for part in parts:
        mark.update(part.read_bytes())
    own = base64.b64encode(mark.digest()[:16])
    text = bytes(whole.Root.Metadata.read_bytes())
    for tag, value in ((b"xmpTPg:NPages", b"%d" % len(whole.pages)), (b"xmpMM:DocumentID", own)):
        text = re.sub(b"<%b>[^<]*</%b>" % (tag, tag), b"<%b>%b</%b>" % (tag, value, tag), text)
    old = re.search(rb"<xmpMM:InstanceID>([^<]*)<", text)
    if old:
        text = text.replace(old[1], own)
    whole.Root.Metadata.write(text)
