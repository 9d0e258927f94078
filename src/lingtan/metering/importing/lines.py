"""Text of any size as blocks of whole lines in UTF-8: bounded memory, every line kept or told.

Lines that cannot be read are blanked, so that rows keep their numbers, and counted.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lingtan.dossier.findings import Findings, shown
from lingtan.errors import Place

BLOCK_BYTES = 8 << 20
LONGEST_LINE = 8 << 20  # bytes; ten thousand columns of twenty digits are 0.2 MB
_HEAD_BYTES = 1 << 18
_NUL_RUN = 16  # bytes; a power cut leaves whole blocks of them in a text
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_OTHER = {"utf-8": "gb18030", "gb18030": "utf-8"}


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines in UTF-8 and the number of the first (the first of a file is 1)."""

    first: int
    data: bytes
    count: int


def find_encoding(head: bytes) -> tuple[str, int] | None:
    """The encoding of a text that begins with `head`, and the length of its mark; None if no text."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    for encoding, odd in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = head[odd::2].count(0), head[1 - odd :: 2].count(0)
        if zeros * 5 > len(head) and others * 20 < zeros:
            return encoding, 0
    head = head.replace(bytes(_NUL_RUN), b"")
    if head.count(0) > len(head) // 4:
        return None
    lines = [line for line in head.replace(b"\r", b"\n").split(b"\n")[:-1] if not line.isascii()]
    good = {encoding: sum(_decodes(line, encoding) for line in lines) for encoding in _OTHER}
    if len(lines) * 2 > head.count(b"\n") and not any(good.values()):
        return None
    return max(good, key=lambda encoding: good[encoding]), 0


class LineReader:
    """Blocks of whole lines of one stream. What is wrong with lines goes to `findings`."""

    def __init__(self, encoding: str, mark: int, place: Place, findings: Findings) -> None:
        self._encoding, self._mark = encoding, mark
        self._place, self._findings = place, findings
        self.lost = 0

    def read(self, stream: BinaryIO) -> Iterator[Lines]:
        """Every line of `stream`, in blocks of about BLOCK_BYTES."""
        stream.read(self._mark)
        rest, row = b"", 1
        pieces = self._pieces(stream)
        for piece in pieces:
            data = rest + piece
            cut = data.rfind(b"\n") + 1
            if not cut and len(data) > LONGEST_LINE:
                self.lose("import.line-too-long", row, limit=LONGEST_LINE)
                rest, row = _after_newline(pieces), row + 1
                continue
            rest = data[cut:]
            if cut:
                yield self._checked(data[:cut], row)
                row += data.count(b"\n", 0, cut)
        if rest:
            yield self._checked(rest + b"\n", row)

    def _pieces(self, stream: BinaryIO) -> Iterator[bytes]:
        wide = self._encoding.startswith("utf-16")
        decoder = codecs.getincrementaldecoder(self._encoding)(errors="replace") if wide else None
        only_returns: bool | None = None  # lines of very old programs end so
        while piece := stream.read(BLOCK_BYTES):
            if decoder is not None:
                piece = decoder.decode(piece).encode("utf-8", errors="replace")
            if only_returns is None:
                only_returns = b"\r" in piece and b"\n" not in piece
            yield piece.replace(b"\r", b"\n") if only_returns else piece

    def _checked(self, data: bytes, row: int) -> Lines:
        count = data.count(b"\n")
        text = self._as_utf8(data)
        if text is None:
            lines = (self._line(line, row + i) for i, line in enumerate(data[:-1].split(b"\n")))
            text = b"\n".join(lines) + b"\n"
        return Lines(row, text, count)

    def _as_utf8(self, data: bytes) -> bytes | None:
        """The block in UTF-8, or None if it must be looked at line by line."""
        if b"\0" in data:
            return None
        if self._encoding != "gb18030":
            return data if data.isascii() or _decodes(data, "utf-8") else None
        try:
            return data.decode("gb18030").encode()
        except UnicodeError:
            return None

    def _line(self, line: bytes, row: int) -> bytes:
        if b"\0" in line:
            return self.lose("import.nul", row)
        own = "utf-8" if self._encoding != "gb18030" else "gb18030"
        for encoding in (own, _OTHER[own]):
            try:
                text = line.decode(encoding).encode()
            except UnicodeError:
                continue
            if encoding != own:
                place = Place(self._place.file, row=row)
                self._findings.count("import.mixed-encoding", place, file=own, line=encoding)
            return text
        return self.lose("import.undecodable", row, example=shown(line[:40].decode("utf-8", "replace")))

    def lose(self, code: str, row: int, **context: object) -> bytes:
        """Tell that a line was left out; the blank it leaves."""
        self.lost += 1
        self._findings.count(code, Place(self._place.file, row=row), **context)
        return b""


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _after_newline(pieces: Iterator[bytes]) -> bytes:
    """What follows the end of a line that is thrown away."""
    for piece in pieces:
        if b"\n" in piece:
            return piece[piece.index(b"\n") + 1 :]
    return b""


def read_head(stream: BinaryIO) -> bytes:
    """The first bytes of a stream, whatever it hands out at a time."""
    parts, size = [], 0
    while size < _HEAD_BYTES and (piece := stream.read(_HEAD_BYTES - size)):
        parts.append(piece)
        size += len(piece)
    return b"".join(parts)
