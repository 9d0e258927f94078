"""Uploaded files: kept in the store, and laid out under a harmless name for the readers of the core."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from lingtan.dossier.findings import shown
from lingtan.errors import LingtanError, Place, fault
from lingtan_web import storage
from lingtan_web.dossiers.limits import limit

LARGEST_UPLOAD = 2_000_000_000
LONGEST_NAME = 80
MOST_READ = 100 * storage.BLOCK
"""Bytes of tables that are looked through for their cells."""
_BAD = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


class Upload(Protocol):
    """An uploaded file."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self, size: int, /) -> bytes: ...


def harmless(name: str) -> str:
    """The last part of a file name, without characters that mean something to a file system."""
    last = name.replace("\\", "/").rpartition("/")[2]
    text = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    text = _BAD.sub("_", text).strip(" .") or "upload"
    stem, dot, ending = text.rpartition(".")
    if not dot:
        return text[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - 10]}.{ending[:9]}"


def keep_upload(upload: Upload | None) -> tuple[str, str]:
    """The upload in the store: a harmless name, its SHA-256. LingtanError if there is none, or too large."""
    if upload is None or not upload.size:
        raise LingtanError([fault("dossiers.no-file")])
    name = harmless(upload.name or "")
    if upload.size > LARGEST_UPLOAD:
        place = Place(shown(name))
        context = {"size": upload.size, "limit": LARGEST_UPLOAD}
        raise LingtanError([fault("dossiers.upload-too-large", place, **context)])
    return name, storage.put(upload)


def has_many_cells(path: Path) -> bool:
    """Whether the tables of an upload have more cells than are read while a person waits.

    A file that is no zip or workbook has none: its fault is found at once.
    """
    cells, read = 0, 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                marks = _cell_marks(member.filename)
                with archive.open(member) as stream:
                    while marks and (block := stream.read(storage.BLOCK)):
                        read += len(block)
                        cells += sum(block.count(mark) for mark in marks)
                        if cells > limit("import_cells") or read > MOST_READ:
                            return True
    except (OSError, RuntimeError, NotImplementedError, ValueError, zipfile.BadZipFile, zlib.error):
        return False
    return False


def _cell_marks(name: str) -> tuple[bytes, ...]:
    """What stands once for each cell in a table of a zip or workbook."""
    if name.endswith(".csv"):
        return (b",", b"\n")
    return (b"<v>",) if name.startswith("xl/worksheets/") else ()


@contextmanager
def laid_out(name: str, sha256: str) -> Iterator[Path]:
    """A file of the store under `name`, in a room of its own."""
    with tempfile.TemporaryDirectory(prefix="lingtan-upload-") as room:
        target = Path(room) / name
        try:
            os.link(storage.path_of(sha256), target)
        except OSError:
            shutil.copyfile(storage.path_of(sha256), target)
        yield target
