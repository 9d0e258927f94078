"""Taking an uploaded file in: examined, scanned, then kept; nothing is seen of it before all is done.

A process that is killed on the way leaves a file aside that nothing points to; `remove_left_over`
takes such files away.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from lingtan_web import storage
from lingtan_web.evidence.examining import examine_file
from lingtan_web.evidence.kinds import limit
from lingtan_web.evidence.names import normal_name, shown
from lingtan_web.evidence.scanning import build_scanner, scan

MOST_AT_ONCE = 20
"""Files in one go; a request is never larger than so many of the largest."""
_STALE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is kept in the store. `scanner`: who looked at it, empty if nobody is configured."""

    name: str
    kind: str
    sha256: str
    size: int
    members: int
    preview_sha256: str
    scanner: str


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Uploads go to files beside the store, and a request that is too large is cut off, signed in or not."""

    def handle_raw_input(  # noqa: PLR0913 - Django's own shape
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: Any,
        encoding: Any = None,  # noqa: N803
    ) -> None:
        """Refuse by the length that is told, before the first byte is read."""
        if content_length > largest_request():
            raise RequestDataTooBig("the upload is too large")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Refuse a single file as soon as it is too large."""
        if start + len(raw_data) > limit("largest_bytes") + 1:
            raise RequestDataTooBig("the file is too large")
        return super().receive_data_chunk(raw_data, start)


def largest_request() -> int:
    """Bytes of the largest request that is read at all: two of the largest files."""
    return 2 * limit("largest_bytes") + (1 << 20)


def receive(upload: UploadedFile) -> Received:
    """Examine, scan and keep one upload. LingtanError with every fault of name or content."""
    name = normal_name(upload.name or "")
    scanner = build_scanner(settings.SCANNER)
    with _on_disk(upload) as file:
        found = examine_file(file, name)
        if scanner is not None:
            scan(scanner, file, shown(name))
        with file.open("rb") as stream:
            sha256 = storage.put(stream)
        return Received(
            name=name,
            kind=found.kind.name,
            sha256=sha256,
            size=file.stat().st_size,
            members=found.members,
            preview_sha256="" if found.preview is None else storage.put(BytesIO(found.preview)),
            scanner=settings.SCANNER.partition(":")[0] if scanner is not None else "",
        )


@contextmanager
def _on_disk(upload: UploadedFile) -> Iterator[Path]:
    """The upload as a file of our own with no name of a stranger; gone afterwards."""
    folder = waiting_room()
    descriptor, name = tempfile.mkstemp(dir=folder, suffix=".upload")
    file = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as sink:
            for block in upload.chunks():
                sink.write(block)
        yield file
    finally:
        file.unlink(missing_ok=True)


def waiting_room() -> Path:
    """Where files wait while they are examined."""
    folder = Path(settings.HOME) / "store" / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def remove_left_over(older_than_seconds: float = _STALE_SECONDS) -> int:
    """Take away what killed processes left aside; how many files. Nothing points to them."""
    before = time.time() - older_than_seconds
    found = [*waiting_room().glob("*"), *Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*")]
    stale = [file for file in found if file.is_file() and file.stat().st_mtime < before]
    for file in stale:
        file.unlink(missing_ok=True)
    return len(stale)
