"""Files of readings below paths, also in zip and gzip: told by content, hostile ones refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from lingtan.dossier.archives import (
    LARGEST_RATIO,
    LARGEST_TEXT_BYTES,
    RATIO_COUNTS_FROM,
    FolderFiles,
    ZipFiles,
)
from lingtan.dossier.findings import Findings, shown
from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.importing.lines import read_head

ENDINGS = (".csv", ".tsv", ".txt", ".dat", ".xlsx", ".xlsm", ".xls", ".parquet", ".zip")
DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
_BLOCK = 1 << 20
_MAGIC = ((b"PAR1", "parquet"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "gzip"))
_FOREIGN = ((b"%PDF", "PDF"), (b"{", "JSON"), (b"[", "JSON"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"))
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<body", b"<meta")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a member of a zip archive, with the name people know it by."""

    path: Path
    name: str
    member: str = ""

    def open(self) -> BinaryIO:
        """Its bytes, unpacked if gzip. LingtanError while reading a gzip bomb."""
        raw = self._raw()
        start = raw.read(2)
        raw.seek(0)
        return cast(BinaryIO, _Unpacked(raw, self.name)) if start == b"\x1f\x8b" else raw

    def _raw(self) -> BinaryIO:
        if not self.member:
            return self.path.open("rb")
        findings = Findings()
        return ZipFiles(zipfile.ZipFile(self.path), findings).open(self.member)

    def seekable(self) -> BinaryIO:
        """Its bytes for readers that jump; a member of an archive is unpacked into memory."""
        stream = self.open()
        if not self.member and not isinstance(stream, _Unpacked):
            return stream
        with stream:
            data = stream.read(LARGEST_TEXT_BYTES + 1)
        if len(data) > LARGEST_TEXT_BYTES:
            size, limit = f"> {LARGEST_TEXT_BYTES}", LARGEST_TEXT_BYTES
            raise LingtanError([fault("dossier.file-too-large", Place(self.name), size=size, limit=limit)])
        return io.BytesIO(data)

    def digest(self) -> str:
        """SHA-256 of the bytes as they lie in the file or archive, in hexadecimal."""
        digest = hashlib.sha256()
        with self._raw() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()


class _Unpacked(io.RawIOBase):
    """A gzip stream that refuses to grow beyond what tables of numbers can."""

    def __init__(self, packed: BinaryIO, name: str) -> None:
        self._packed, self._name = packed, name
        self._stream = gzip.GzipFile(fileobj=packed)
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._size += len(piece)
        if self._size > RATIO_COUNTS_FROM and self._size > LARGEST_RATIO * max(self._packed.tell(), 1):
            place = Place(self._name)
            raise LingtanError([fault("import.bomb", place, size=self._size, ratio=LARGEST_RATIO)])
        return piece

    def close(self) -> None:
        self._stream.close()
        self._packed.close()
        super().close()


def find_sources(paths: Iterable[Path], findings: Findings) -> Iterator[Source]:
    """Every file below `paths` that may hold readings, members of zip archives too, each once.

    Links that lead out of a folder, unsafe names in archives, archives within archives and
    damaged archives go to `findings`; so do files of other kinds, as notes.
    """
    seen: set[Path] = set()
    for path, name in _files(paths, findings):
        real = path.resolve()
        if real in seen:
            continue
        seen.add(real)
        if not _may_hold(name):
            findings.add("metering.file-ignored", Place(name), columns="-")
            continue
        try:
            yield from _with_members(Source(path, name), findings)
        except LingtanError as error:
            findings.extend(error.faults)
        except DAMAGE as error:
            findings.add("metering.unreadable", Place(name), reason=shown(error))


def _files(paths: Iterable[Path], findings: Findings) -> Iterator[tuple[Path, str]]:
    """Files with the names people know them by; two of one name are told apart by their folders."""
    named: list[tuple[Path, str]] = []
    roots = sorted(paths)
    several = sum(root.is_dir() for root in roots) > 1
    for root in roots:
        if root.is_dir():
            names = FolderFiles(root, findings).names
            named += [(root / name, f"{root.name}/{name}" if several else name) for name in names]
        elif root.is_file():
            named.append((root, root.name))
        else:
            findings.add("metering.unreadable", Place(root.name), reason="not found")
    times = Counter(name for _, name in named)
    reals = [path.resolve() for path, _ in named]
    for (path, name), real in zip(named, reals, strict=True):
        yield path, name if times[name] == 1 else _longer_name(real, name, reals)


def _longer_name(real: Path, name: str, others: Iterable[Path]) -> str:
    """The name with as many folders before it as tell the file from those of the same name."""
    different = {other for other in others if other != real}
    for depth in range(name.count("/") + 2, len(real.parts)):
        if all(other.parts[-depth:] != real.parts[-depth:] for other in different):
            return "/".join(real.parts[-depth:])
    return real.as_posix()


def _may_hold(name: str) -> bool:
    lower = name.lower()
    return lower.removesuffix(".gz").endswith(ENDINGS) or lower.endswith(".gz")


def _with_members(source: Source, findings: Findings) -> Iterator[Source]:
    if find_kind(source) != "zip":
        yield source
        return
    with zipfile.ZipFile(source.path) as archive:
        names = ZipFiles(archive, findings).names
    for name in names:
        if _may_hold(name):
            yield Source(source.path, f"{source.name}/{name}", name)
        else:
            findings.add("metering.file-ignored", Place(f"{source.name}/{name}"), columns="-")


def find_kind(source: Source) -> str:
    """`text`, `parquet`, `xlsx` or `zip`, by content. LingtanError for anything else."""
    with source.open() as stream:
        head = read_head(stream)
    place = Place(source.name)
    if not head.strip():
        raise LingtanError([fault("import.empty", place)])
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "text")
    if kind == "gzip":
        raise LingtanError([fault("import.nested-archive", place)])
    if kind == "zip":
        return _kind_of_zip(source)
    if head.startswith(_OLD_OFFICE):
        raise LingtanError([fault("dossier.encrypted-workbook", place)])
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:100].lower()
    if start.startswith(_MARKUP):
        raise LingtanError([fault("import.html", place)])
    foreign = next((kind for magic, kind in _FOREIGN if head.startswith(magic)), None)
    if foreign:
        raise LingtanError([fault("import.no-table", place, kind=foreign)])
    return kind


def _kind_of_zip(source: Source) -> str:
    with source.seekable() as stream, zipfile.ZipFile(stream) as archive:
        names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.bin" in names:
        raise LingtanError([fault("import.no-table", Place(source.name), kind="xlsb")])
    return "xlsx" if "xl/workbook.xml" in names else "zip"
