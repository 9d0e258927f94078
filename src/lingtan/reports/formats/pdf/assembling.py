"""Writes a PDF file object by object, so that none of it stays in memory (ISO 32000-1, 7.5.7 and 7.5.8)."""

from __future__ import annotations

import hashlib
import zlib
from typing import BinaryIO

HEADER = b"%PDF-1.7\n%\x80\x80\x80\x80\n"
PACKED = 200  # objects in an object stream
_STREAM = b"stream\n"


class Assembler:
    """Objects in any order, numbers given out by `reserve`; `finish` writes where they stand."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self._hash = hashlib.sha256()
        self._places: dict[int, tuple[int, int, int]] = {}  # type, offset or stream, generation or index
        self._waiting: list[tuple[int, bytes]] = []
        self._last = 0
        self._write(HEADER)

    def reserve(self, count: int = 1) -> int:
        """The first of `count` new object numbers."""
        first = self._last + 1
        self._last += count
        return first

    def put(self, number: int, body: bytes) -> None:
        """An object; those that are streams are written at once, others packed together."""
        if b">>\n" + _STREAM in body:
            self._put_plain(number, body)
            return
        self._waiting.append((number, body))
        if len(self._waiting) == PACKED:
            self._pack()

    def put_stream(self, number: int, entries: bytes, data: bytes, *, packed: bool = True) -> None:
        """A stream object with further `entries` in its dictionary."""
        content = zlib.compress(data, 9) if packed else data
        kind = b"/Filter/FlateDecode" if packed else b""
        head = b"<<%s%s/Length %d>>\nstream\n" % (entries, kind, len(content))
        self._put_plain(number, head + content + b"\nendstream")

    def finish(self, root: int, info: int) -> None:
        """The cross-reference stream, with an id that is the hash of all that stands before it."""
        if self._waiting:
            self._pack()
        number, start = self.reserve(), self._at
        self._places[number] = (1, start, 0)
        rows = [(0, 0, 65535)] + [self._places.get(one, (0, 0, 0)) for one in range(1, self._last + 1)]
        table = b"".join(
            kind.to_bytes(1, "big") + place.to_bytes(4, "big") + index.to_bytes(2, "big")
            for kind, place, index in rows
        )
        mark = self._hash.hexdigest()[:32].encode()
        entries = b"/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]" % (
            self._last + 1, root, info, mark, mark,
        )  # fmt: skip
        self.put_stream(number, entries, table)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _put_plain(self, number: int, body: bytes) -> None:
        self._places[number] = (1, self._at, 0)
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _pack(self) -> None:
        stream = self.reserve()
        head, bodies, at = [], [], 0
        for index, (number, body) in enumerate(self._waiting):
            self._places[number] = (2, stream, index)
            head.append(b"%d %d" % (number, at))
            bodies.append(body)
            at += len(body) + 1
        first = b" ".join(head) + b"\n"
        entries = b"/Type/ObjStm/N %d/First %d" % (len(self._waiting), len(first))
        self._waiting = []
        self.put_stream(stream, entries, first + b"\n".join(bodies))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self._at += len(data)
