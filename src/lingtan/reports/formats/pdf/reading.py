"""Takes a typeset part apart: its objects as bytes, and what must be joined with other parts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Pdf

_XREF = re.compile(rb"xref\s+0 (\d+)\s+")
_HEAD = re.compile(rb"\d+ 0 obj\s")
_ENTRY = 20  # bytes of a line of the cross-reference table


@dataclass(frozen=True, slots=True)
class Part:
    """A part with the numbers its own objects have.

    `objects` are all but the ones that a joined file has once (`roots`: catalogue and so on, by name).
    `places`: by anchor the index of the page and the token of the destination. `parents`: key and token of
    the parent tree. `cells`: ids of header cells with their tokens. `children`: tokens below the document.
    """

    objects: Mapping[int, bytes]
    roots: Mapping[str, int]
    catalogue: Mapping[str, bytes]
    pages: tuple[int, ...]
    places: Mapping[str, tuple[int, bytes]]
    parents: tuple[tuple[int, bytes], ...]
    next_parent: int
    cells: tuple[tuple[bytes, bytes], ...]
    children: tuple[bytes, ...]
    metadata: bytes


def read_part(data: bytes) -> Part:
    """The part that Typst wrote as `data`."""
    with Pdf.open(io.BytesIO(data)) as pdf:
        root, tree = pdf.Root, pdf.Root.StructTreeRoot
        document = tree.K[0]
        pages = tuple(page.obj.objgen[0] for page in pdf.pages)
        roots = {"catalogue": root, "info": pdf.trailer.Info, "pages": root.Pages, "tree": tree,
                 "document": document, "metadata": root.Metadata}  # fmt: skip
        single = {name: one.objgen[0] for name, one in roots.items()}
        dropped = {*single.values(), *_once(root)} - {single["info"]}
        numbers = tree.ParentTree.Nums
        names = tree.IDTree.Names if Name.IDTree in tree else Array()
        return Part(
            objects={number: body for number, body in _bodies(data) if number not in dropped},
            roots=single,
            catalogue={key: _token(root[key]) for key in ("/Lang", "/MarkInfo", "/ViewerPreferences")},
            pages=pages,
            places=dict(_places(root, pages)),
            parents=tuple((int(numbers[at]), _token(numbers[at + 1])) for at in range(0, len(numbers), 2)),
            next_parent=int(tree.ParentTreeNextKey),
            cells=tuple((bytes(names[at]), _token(names[at + 1])) for at in range(0, len(names), 2)),
            children=tuple(_token(element) for element in document.K),
            metadata=root.Metadata.read_bytes(),
        )


def _token(value: Object) -> bytes:
    """`12 0 R`, or the value as it is written."""
    return b"%d 0 R" % value.objgen[0] if value.is_indirect else bytes(value.unparse())


def _places(root: Object, pages: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, bytes]]]:
    if Name.Names not in root:
        return
    flat = root.Names.Dests.Names
    for at in range(0, len(flat), 2):
        place = flat[at + 1]
        target = place.D if isinstance(place, Dictionary) else place
        yield str(flat[at]), (pages.index(target[0].objgen[0]), _token(target))


def _once(root: Object) -> Iterator[int]:
    """Objects that are written anew for the whole: bookmarks, page labels, names of places."""
    for key in (Name.Outlines, Name.PageLabels, Name.Names):
        if key in root:
            yield root[key].objgen[0]
    if Name.PageLabels in root:
        yield from (one.objgen[0] for one in root.PageLabels.Nums if isinstance(one, Dictionary))
    if Name.Outlines in root:
        yield from _bookmarks(root.Outlines)


def _bookmarks(above: Object) -> Iterator[int]:
    item = above.get(Name.First)
    while item is not None:
        yield item.objgen[0]
        yield from _bookmarks(item)
        item = item.get(Name.Next)


def _bodies(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and body of every object, by the cross-reference table."""
    start = int(data[data.rindex(b"startxref") :].split()[1])
    head = _XREF.match(data, start)
    assert head is not None, "Typst writes a plain cross-reference table"
    offsets = {}
    for number in range(int(head[1])):
        entry = data[head.end() + number * _ENTRY :][:_ENTRY]
        if entry[17:18] == b"n":
            offsets[int(entry[:10])] = number
    ends = [*sorted(offsets)[1:], start]
    for offset, end in zip(sorted(offsets), ends, strict=True):
        opened = _HEAD.match(data, offset)
        assert opened is not None
        yield offsets[offset], data[opened.end() : data.rindex(b"endobj", offset, end)].rstrip()
