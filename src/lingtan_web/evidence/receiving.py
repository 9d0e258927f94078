"""Taking an uploaded file in: examined, scanned, then kept; nothing is seen of it before all is done.

A process that is killed on the way leaves a file aside that nothing points to; `remove_left_over`
takes such files away.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from lingtan.errors import Fault, LingtanError
from lingtan_web import storage
from lingtan_web.dossiers.uploads import LARGEST_UPLOAD
from lingtan_web.evidence.examining import Examined, examine_files
from lingtan_web.evidence.kinds import limit
from lingtan_web.evidence.names import normal_name, shown
from lingtan_web.evidence.scanning import Scanner, build_scanner, scan

MOST_AT_ONCE = 20
"""Files in one go; a request is never larger than so many of the largest."""
_STALE_SECONDS = 24 * 3600
_OF_STRANGERS = 1 << 20  # bytes of a form: what nobody signed in for may send, and what stands beside files
_OWN_PATH = "/evidence/"
BLOCK = storage.BLOCK


class Upload(Protocol):
    """A file as Django hands it on."""

    @property
    def name(self) -> str | None:
        """As its owner calls it."""
        ...

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Its bytes, block by block."""
        ...


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
    """Uploads go to files beside the store; a request that is too large is cut off before it fills the disk.

    The form's mark is looked for before anybody asks who sends it, and for that the whole body is read:
    so strangers may send next to nothing, and documents no more than the library takes.
    """

    largest_file = LARGEST_UPLOAD

    def handle_raw_input(self, *given: Any, **named: Any) -> None:
        """Refuse by the length that is told, before the first byte is read."""
        length = int(given[2] if len(given) > 2 else named["content_length"])
        if length > self._largest_request():
            raise RequestDataTooBig("the upload is too large")

    def _largest_request(self) -> int:
        path = getattr(self.request, "path", "")
        is_known = path.startswith("/api/") or getattr(self.request, "user", AnonymousUser()).is_authenticated
        if not is_known:
            return _OF_STRANGERS
        if _OWN_PATH in f"{path}/":
            self.largest_file = limit("largest_bytes")
            return largest_request()
        return LARGEST_UPLOAD + _OF_STRANGERS

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Refuse a single file as soon as it is too large."""
        if start + len(raw_data) > self.largest_file + 1:
            self.file.close()  # nobody else does, of a file that is not whole
            raise RequestDataTooBig("the file is too large")
        return super().receive_data_chunk(raw_data, start)


def largest_request() -> int:
    """Bytes of the largest request that hands in documents: two of the largest files."""
    return 2 * limit("largest_bytes") + _OF_STRANGERS


def receive(uploads: Sequence[Upload], faults: list[Fault]) -> list[Received]:
    """Examine, scan and keep uploads, each content once. What is refused goes to `faults`.

    LingtanError is not raised: whoever calls has faults of other things to tell beside these.
    """
    scanner = build_scanner(settings.SCANNER)
    names = [normal_name(upload.name or "") for upload in uploads]
    with ExitStack() as waiting:
        files = [waiting.enter_context(_on_disk(upload)) for upload in uploads]
        examined = examine_files(list(zip(files, names, strict=True))) if files else []
        received: dict[str, Received] = {}
        for file, name, found in zip(files, names, examined, strict=True):
            one = _keep(file, name, found, scanner, faults)
            if one is not None:
                received.setdefault(one.sha256, one)  # the same file chosen twice is one document
    return list(received.values())


def _keep(
    file: Path, name: str, found: Examined, scanner: Scanner | None, faults: list[Fault]
) -> Received | None:
    faults.extend(found.faults)
    if found.kind is None or not _is_clean(file, name, scanner, faults):
        return None
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


def _is_clean(file: Path, name: str, scanner: Scanner | None, faults: list[Fault]) -> bool:
    try:
        if scanner is not None:
            scan(scanner, file, shown(name))
    except LingtanError as refusal:
        faults.extend(refusal.faults)
        return False
    return True


@contextmanager
def _on_disk(upload: Upload) -> Iterator[Path]:
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
