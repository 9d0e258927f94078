"""What killed imports leave behind, and files no reader needs any more."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from lingtan.errors import LingtanError, Place, fault
from lingtan.metering.lake.segments import FOLDER

WORK = "work"
GRACE = timedelta(hours=1)
"""How long readers may go on with the files of an old state."""


@contextmanager
def work_folder(lake: Path) -> Iterator[Path]:
    """A folder for one import, gone afterwards; a lock that dies with the process says it is in use."""
    try:
        (lake / WORK).mkdir(exist_ok=True)
        handle, lock = _lock_new(lake / WORK)
        folder = lock.with_suffix("")
        folder.mkdir()
    except OSError as error:
        raise LingtanError([fault("lake.not-written", Place(str(lake)), reason=error)]) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.unlink(missing_ok=True)
        os.close(handle)


def _lock_new(folder: Path) -> tuple[int, Path]:
    while True:
        handle, name = tempfile.mkstemp(".lock", "import-", folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if Path(name).exists():  # else a sweep came between the two lines above
            return handle, Path(name)
        os.close(handle)


def sweep(connection: sqlite3.Connection, lake: Path, before: datetime | None = None) -> None:
    """Remove leftovers, and files retired up to `before`. Only inside a transaction: no writer is at work."""
    if before is not None:
        connection.execute(
            "DELETE FROM retired WHERE julianday(when_) <= julianday(?)", (before.isoformat(),)
        )
    known = {
        file for (file,) in connection.execute("SELECT file FROM segments UNION SELECT file FROM retired")
    }
    for path in (lake / FOLDER).iterdir():
        if path.name not in known:
            path.unlink(missing_ok=True)
    if (lake / WORK).is_dir():
        for lock in (lake / WORK).glob("*.lock"):
            _remove_dead(lock)
        for folder in (lake / WORK).iterdir():
            if folder.is_dir() and not folder.with_suffix(".lock").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _remove_dead(lock: Path) -> None:
    with suppress(OSError):  # OSError: locked by a living import, or gone meanwhile
        handle = os.open(lock, os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lock.unlink()
        finally:
            os.close(handle)
