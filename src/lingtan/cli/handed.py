"""What a check is handed: files or standard input, keys, status lists, the moment it is about."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

import typer

from lingtan.certificate import Ring, StatusList, check_root, read_list, read_ring
from lingtan.certificate.credential import ZONE
from lingtan.certificate.papers import LARGEST
from lingtan.errors import LingtanError, Place, fault

_DAY_LENGTH = 10


def read_moment(text: str) -> datetime:
    """A day (its last second, in Shanghai) or a moment; without an offset it is Shanghai's."""
    try:
        if len(text) == _DAY_LENGTH:
            at = datetime.combine(date.fromisoformat(text), time(23, 59, 59), ZONE)
        else:
            at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        said = f"{text!r} 不是日期或时刻 is no date or time: 2026-12-01, 2026-12-01T12:00, 2026-12-01T04:00Z"
        raise typer.BadParameter(said) from None


def read_keys(file: Path, root: str | None) -> Ring:
    """The public keys; LingtanError where their root is not the one expected."""
    ring = read_ring(file)
    if root is not None:
        check_root(ring, root.replace(" ", ""))
    return ring


def read_status(file: Path, ring: Ring) -> StatusList:
    """A signed status list; LingtanError where it is none of the scheme."""
    text = take(file).decode("ascii", errors="replace").strip()
    return read_list(text, ring, Place(file.name))


def take(file: Path) -> bytes:
    """What is in a file, or a byte more than the largest certificate has."""
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise LingtanError([fault("certificate.file-unreadable", Place(file.name), reason=error)]) from None


def name_of(file: Path) -> str:
    """What a file is called in faults and answers."""
    return "stdin" if str(file) == "-" else file.name
