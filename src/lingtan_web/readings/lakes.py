"""The lake of a park: where its pushed readings are, and how a version of its dossier takes them along."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.parks.models import Park
from lingtan_web.readings.models import FrozenReadings
from lingtan_web.storage import path_of, put

if TYPE_CHECKING:
    from lingtan.metering.lake import Snapshot

PATIENCE = 20.0  # seconds a push waits for the one before it
BEFORE, AFTER = timedelta(days=31), timedelta(days=1)
"""Around a year a version takes along a register's last reading before it, and the first one after."""


def folder_of(park: Park) -> Path:
    """Where the lake of `park` lies, or would lie."""
    return Path(settings.HOME) / "lakes" / park.slug


def lake_of(park: Park) -> Path | None:
    """The lake of `park`, for `read_dossier(..., readings=[lake])`; None where nothing was pushed yet."""
    from lingtan.metering.lake.manifest import NAME as MANIFEST

    folder = folder_of(park)
    return folder if (folder / MANIFEST).is_file() else None


def freeze_readings(park: Park, year: int) -> dict[str, str]:
    """What was pushed for `year`, put into the store: path in the dossier → SHA-256, for a manifest.

    Empty where nothing was pushed. LingtanError for a damaged lake.
    """
    folder = lake_of(park)
    if folder is None:
        return {}
    from lingtan.metering.lake import open_lake

    snapshot = open_lake(folder).snapshot()
    kept = FrozenReadings.objects.filter(park=park, year=year, generation=snapshot.generation).first()
    if kept is not None and all(path_of(sha256).is_file() for sha256 in kept.files.values()):
        return dict(kept.files)
    files = _export(snapshot, year)
    FrozenReadings.objects.update_or_create(
        park=park, year=year, defaults={"generation": snapshot.generation, "files": files}
    )
    return files


def _export(snapshot: Snapshot, year: int) -> dict[str, str]:
    from lingtan.metering.lake import export_readings

    zone = timezone.get_default_timezone()
    since, until = (datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
    with tempfile.TemporaryDirectory(prefix="lingtan-lake-") as scratch:
        files = export_readings(snapshot, Path(scratch), since=since - BEFORE, until=until + AFTER)
        return {f"readings/{file.name}": _put(file) for file in files}


def _put(file: Path) -> str:
    with file.open("rb") as stream:
        return put(stream)


@contextmanager
def one_at_a_time(park: Park) -> Iterator[None]:
    """Pushes to one park wait for each other, across processes; a lock dies with its process.

    LingtanError (lake.other-writer) after `PATIENCE` seconds.
    """
    folder = Path(settings.HOME) / "lakes"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / f"{park.slug}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(handle)
        yield
    finally:
        os.close(handle)


def _wait(handle: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                told = fault("lake.other-writer", Place(), seconds=f"{PATIENCE:g}")
                raise LingtanError([told]) from None
            time.sleep(0.02)
