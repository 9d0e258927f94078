"""The files of a dossier in a folder or in a zip, behind one face; hostile archives are refused."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from lingtan.dossier.findings import Findings, shown
from lingtan.errors import DossierError, Place, fault

MOST_FILES = 50_000
LARGEST_TEXT_BYTES = 512_000_000  # one table, boundary or park file
LARGEST_TOTAL_BYTES = 8_000_000_000  # all files of an archive, unpacked
LARGEST_RATIO = 200  # unpacked to packed; tables of numbers reach about 20
RATIO_COUNTS_FROM = 10_000_000  # bytes; below this a high ratio does no harm
_CHUNK = 1 << 20

_IGNORED = re.compile(r"(^|/)(__MACOSX(/|$)|\.(?!\.(/|$))|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_READ_ERRORS = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Files(ABC):
    """Named files (paths with `/`, relative to the dossier) that can be opened."""

    def __init__(self, names: list[str]) -> None:
        self.names = sorted(names)

    @abstractmethod
    def open(self, name: str) -> BinaryIO:
        """The file for reading bytes."""

    @abstractmethod
    def size(self, name: str) -> int:
        """Bytes of the file, unpacked."""

    def read(self, name: str, findings: Findings) -> bytes | None:
        """The whole file, or None with a fault if it is too large or damaged."""
        if self.size(name) > LARGEST_TEXT_BYTES:
            limit = LARGEST_TEXT_BYTES
            findings.add("dossier.file-too-large", Place(name), size=self.size(name), limit=limit)
            return None
        try:
            with self.open(name) as stream:
                return stream.read()
        except _READ_ERRORS as error:
            findings.add("dossier.damaged", Place(name), reason=shown(error))
            return None

    def sha256(self, name: str, findings: Findings) -> str | None:
        """The SHA-256 of the file in hexadecimal, or None with a fault if it is damaged."""
        digest = hashlib.sha256()
        try:
            with self.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        except _READ_ERRORS as error:
            findings.add("dossier.damaged", Place(name), reason=shown(error))
            return None
        return digest.hexdigest()


class FolderFiles(Files):
    """The files below a folder; links that lead out of it are refused."""

    def __init__(self, folder: Path, findings: Findings) -> None:
        self.folder = folder
        root = folder.resolve()
        names: list[str] = []
        for here, _, files in os.walk(folder):
            for file in files:
                path = Path(here, file)
                name = path.relative_to(folder).as_posix()
                if _IGNORED.search(name) or not path.is_file():
                    continue
                if path.is_symlink() and root not in path.resolve().parents:
                    findings.add("dossier.unsafe-name", Place(shown(name)))
                    continue
                names.append(name)
        super().__init__(names)

    def open(self, name: str) -> BinaryIO:
        return (self.folder / name).open("rb")

    def size(self, name: str) -> int:
        return (self.folder / name).stat().st_size


class ZipFiles(Files):
    """The files of a zip archive below the folder `top`, by default the one a dossier was packed with."""

    def __init__(self, archive: zipfile.ZipFile, findings: Findings, *, top: str | None = None) -> None:
        self._archive = archive
        check_archive(archive)
        found: dict[str, zipfile.ZipInfo] = {}
        for info in archive.infolist():
            name = _name(info)
            if info.is_dir() or _IGNORED.search(name):
                continue
            if _is_unsafe(name, info):
                findings.add("dossier.unsafe-name", Place(shown(name)))
            elif name in found:
                findings.add("dossier.two-files", Place(shown(name)))
            else:
                found[name] = info
        top = _top_folder(list(found)) if top is None else top
        self._found = {name[len(top) :]: info for name, info in found.items() if name.startswith(top)}
        super().__init__(list(self._found))

    def open(self, name: str) -> BinaryIO:
        return cast(BinaryIO, self._archive.open(self._found[name]))

    def size(self, name: str) -> int:
        return self._found[name].file_size


def check_archive(archive: zipfile.ZipFile) -> None:
    """DossierError if the archive has too many files, unpacks to too much, or is encrypted."""
    infos = archive.infolist()
    place = Place(Path(archive.filename or "").name)
    if any(info.flag_bits & 1 for info in infos):
        raise DossierError([fault("dossier.encrypted", place)])
    if len(infos) > MOST_FILES:
        raise DossierError([fault("dossier.too-many-files", place, count=len(infos), limit=MOST_FILES)])
    size = sum(info.file_size for info in infos)
    worst = max((_ratio(info) for info in infos), default=0)
    if size > LARGEST_TOTAL_BYTES or worst > LARGEST_RATIO:
        raise DossierError([fault("dossier.archive-bomb", place, size=size, ratio=worst)])


def _ratio(info: zipfile.ZipInfo) -> int:
    if info.file_size < RATIO_COUNTS_FROM:
        return 0
    return info.file_size // max(info.compress_size, 1)


def _name(info: zipfile.ZipInfo) -> str:
    """The name of an entry; Chinese names packed by older Windows programs are GBK without a mark."""
    if info.flag_bits & 0x800 or info.orig_filename.isascii():
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.orig_filename


def _is_unsafe(name: str, info: zipfile.ZipInfo) -> bool:
    """Whether an entry would leave the dossier when unpacked, or is a link or a device."""
    parts = PurePosixPath(name).parts
    kind = stat.S_IFMT(info.external_attr >> 16)
    return (
        name.startswith("/")
        or ".." in parts
        or "\\" in name
        or ":" in name
        or "\0" in name
        or kind not in (0, stat.S_IFREG)
    )


def _top_folder(names: list[str]) -> str:
    """`xinghuo/` where a folder was packed together with its name, else nothing."""
    tops = {name.split("/")[0] for name in names if "/" in name}
    if "park.yaml" in names or len(tops) != 1:
        return ""
    top = f"{tops.pop()}/"
    return top if f"{top}park.yaml" in names else ""
