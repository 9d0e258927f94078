"""Where files are kept: by the SHA-256 of their content, outside of anything a web server hands out."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

BLOCK = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Readable(Protocol):
    """A stream of bytes, such as an uploaded file."""

    def read(self, size: int, /) -> bytes: ...


def put(stream: Readable) -> str:
    """Keep the content of `stream`; its SHA-256 in hexadecimal. The same content is kept once.

    The file appears whole or not at all: it is written aside, flushed to disk, then renamed.
    """
    digest = hashlib.sha256()
    descriptor, name = tempfile.mkstemp(dir=_aside())
    try:
        with os.fdopen(descriptor, "wb") as sink:
            while block := stream.read(BLOCK):
                digest.update(block)
                sink.write(block)
            sink.flush()
            os.fsync(sink.fileno())
        return _settle(Path(name), digest.hexdigest())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _settle(aside: Path, sha256: str) -> str:
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside.chmod(0o400)
    aside.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return sha256


def take_away(sha256: str, *, put_before: float) -> bool:
    """Remove content that was last put before a moment (seconds since 1970); False if it stays or is gone.

    Put again just now it stays: what was moved aside is looked at once more.
    """
    kept, aside = path_of(sha256), _aside() / f"gone-{secrets.token_hex(8)}"
    try:
        if kept.stat().st_mtime >= put_before:
            return False
        kept.replace(aside)
    except FileNotFoundError:
        return False
    if aside.stat().st_mtime >= put_before:
        aside.replace(kept)
        return False
    aside.unlink()
    return True


def path_of(sha256: str) -> Path:
    """Where content of this SHA-256 lies, or would lie. ValueError for what is no SHA-256."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return _root() / sha256[:2] / sha256


def open_stored(sha256: str) -> BinaryIO:
    """The content with this SHA-256, for reading. FileNotFoundError if it is not kept."""
    return path_of(sha256).open("rb")


def _aside() -> Path:
    """Where files are before they have their place, or after."""
    aside = _root() / "incoming"
    aside.mkdir(parents=True, exist_ok=True, mode=0o700)
    return aside


def _root() -> Path:
    return Path(settings.HOME) / "store"
