"""ZIP archives read strictly: every byte belongs to an entry, every entry stands once in the directory.

Readers of ZIP disagree where a file is ambiguous (two directories, entries that overlap, names that
differ between entry and directory), and bombs and polyglots live in that room. Here there is none:
entries follow one another from the first byte, then the directory, then the end.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from lingtan_web.evidence.kinds import RefusedError, limit
from lingtan_web.evidence.names import shown
from lingtan_web.evidence.pictures import damaged, trailing

_END = struct.Struct("<4s4H2IH")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_DESCRIPTORS = (12, 16, 20, 24)
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Member:
    """An entry: name as people read it, where its bytes are, how they are packed."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int
    raw_name: bytes

    @property
    def is_folder(self) -> bool:
        """Whether it only makes a folder."""
        return self.name.endswith("/") and self.size == 0


def read_members(data: bytes) -> tuple[Member, ...]:
    """Every entry; RefusedError if the archive is ambiguous, encrypted, too large, or names are unsafe."""
    end, directory, count = _find_end(data)
    members = tuple(_directory(data, directory, end, count))
    _check_amount(members)
    _check_layout(data, sorted(members, key=lambda one: one.offset), directory)
    _check_names(members)
    return members


def _find_end(data: bytes) -> tuple[int, int, int]:
    """Where the end record, the directory and how many entries there are."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(data):
        raise damaged(len(data))
    _, disk, first, here, count, size, directory, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data):
        raise trailing(len(data) - at - _END.size - comment)
    if disk or first or here != count or count == 0xFFFF or directory + size != at:
        raise damaged(at)
    return at, directory, count


def _directory(data: bytes, at: int, end: int, count: int) -> Iterator[Member]:
    if count > limit("archive_members"):
        raise RefusedError("evidence.archive-many", count=count, limit=limit("archive_members"))
    for _ in range(count):
        if at + _ENTRY.size > end:
            raise damaged(at)
        fields = _ENTRY.unpack_from(data, at)
        mark, flags, method, crc, packed, size = fields[0], *fields[3:5], *fields[7:10]
        lengths, mode, offset = fields[10:13], fields[15] >> 16, fields[16]
        raw = data[at + _ENTRY.size : at + _ENTRY.size + lengths[0]]
        if mark != b"PK\x01\x02" or 0xFFFFFFFF in (packed, size, offset):
            raise damaged(at)
        yield Member(_decoded(raw, flags), method, flags, crc, packed, size, mode, offset, raw)
        at += _ENTRY.size + sum(lengths)
    if at != end:
        raise damaged(at)


def _decoded(raw: bytes, flags: int) -> str:
    """The name of an entry; Chinese names packed by Windows programs are GBK without a mark."""
    try:
        return raw.decode("utf-8" if flags & 0x800 else "gb18030")
    except UnicodeError:
        raise RefusedError("evidence.archive-name", name=shown(raw)) from None


def _check_amount(members: tuple[Member, ...]) -> None:
    total = sum(one.size for one in members)
    heavy = [one for one in members if one.size >= limit("archive_ratio_from_bytes")]
    ratio = max((one.size // max(one.packed, 1) for one in heavy), default=0)
    if total > limit("archive_bytes") or ratio > limit("archive_ratio"):
        most = limit("archive_bytes") // 1_048_576
        raise RefusedError("evidence.archive-bomb", size=total // 1_048_576, limit=most, ratio=ratio)
    for one in members:
        if one.flags & 0x2041:
            raise RefusedError("evidence.archive-encrypted", name=shown(one.name))
        if one.method not in (_STORED, _DEFLATED):
            raise RefusedError("evidence.archive-method", name=shown(one.name))


def _check_layout(data: bytes, members: list[Member], directory: int) -> None:
    """Entries one behind the other, each as the directory says."""
    expected = 0
    for one in members:
        if one.offset != expected:
            raise damaged(min(one.offset, expected))
        begin = _begin(data, one)
        expected = begin + one.packed + (_descriptor(data, one, begin + one.packed) if one.flags & 8 else 0)
    if expected != directory:
        raise damaged(expected)


def _begin(data: bytes, one: Member) -> int:
    """Where the bytes of an entry begin, if its own head says the same as the directory."""
    if one.offset + _LOCAL.size > len(data):
        raise damaged(one.offset)
    name: int
    extra: int
    mark, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack_from(data, one.offset)
    begin = one.offset + _LOCAL.size + name + extra
    same = data[one.offset + _LOCAL.size : begin - extra] == one.raw_name and method == one.method
    told = flags & 8 or (crc, packed, size) == (one.crc, one.packed, one.size) or 0xFFFFFFFF in (packed, size)
    if mark != b"PK\x03\x04" or not same or not told or flags & 9 != one.flags & 9:
        raise damaged(one.offset)
    return begin


def _descriptor(data: bytes, one: Member, at: int) -> int:
    """The length of what says size and checksum behind an entry that was written in one go."""
    short = struct.pack("<3I", one.crc, one.packed, one.size)
    wide = struct.pack("<I2Q", one.crc, one.packed, one.size)
    for form in (b"PK\x07\x08" + short, short, b"PK\x07\x08" + wide, wide):
        if data.startswith(form, at):
            return len(form)
    raise damaged(at)


def _check_names(members: tuple[Member, ...]) -> None:
    seen: set[str] = set()
    for one in members:
        kind = stat.S_IFMT(one.mode)
        if is_unsafe_path(one.name) or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise RefusedError("evidence.archive-name", name=shown(one.name))
        if one.name.casefold() in seen:
            raise RefusedError("evidence.archive-twice", name=shown(one.name))
        seen.add(one.name.casefold())


def is_unsafe_path(name: str) -> bool:
    """Whether an entry would leave its folder when unpacked."""
    parts = PurePosixPath(name).parts
    return not name or name.startswith("/") or ".." in parts or any(char in name for char in "\\:\0")


def read_member(data: bytes, one: Member) -> bytes:
    """The bytes of an entry, unpacked to exactly the size it states."""
    begin = _begin(data, one)
    packed = data[begin : begin + one.packed]
    unpacked = packed if one.method == _STORED else _inflate(packed, one)
    if len(unpacked) != one.size or zlib.crc32(unpacked) != one.crc:
        raise damaged(one.offset)
    return unpacked


def _inflate(packed: bytes, one: Member) -> bytes:
    inflater = zlib.decompressobj(-15)
    try:
        unpacked = inflater.decompress(packed, one.size + 1)
    except zlib.error:
        raise damaged(one.offset) from None
    if len(unpacked) > one.size or not inflater.eof or inflater.unused_data:
        raise damaged(one.offset)
    return unpacked
