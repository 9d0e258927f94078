"""The lakes of pushed readings in a backup: each as of one moment, also while readings come in."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from django.conf import settings

from lingtan.errors import LingtanError, Place, fault, has_errors
from lingtan.metering.lake import open_lake
from lingtan.metering.lake.manifest import NAME as MANIFEST
from lingtan.metering.lake.segments import FOLDER

PREFIX = "lakes/"
_MEMBER = re.compile(
    rf"lakes/(?P<park>[A-Za-z0-9][\w-]{{0,59}})/(?P<file>{re.escape(MANIFEST)}|{FOLDER}/\w[\w.-]{{0,200}})",
    re.ASCII,
)


def find_lakes() -> list[Path]:
    """The folders of all lakes of the site."""
    return sorted(file.parent for file in (Path(settings.HOME) / "lakes").glob(f"*/{MANIFEST}"))


def write_lakes(archive: tarfile.TarFile) -> None:
    """Add every lake: its manifest as of now, and the files this one names (they stay for an hour)."""
    for lake in find_lakes():
        with tempfile.TemporaryDirectory(dir=settings.HOME) as scratch:
            manifest = Path(scratch) / MANIFEST
            for name in _copy(lake / MANIFEST, manifest):
                archive.add(lake / FOLDER / name, f"{PREFIX}{lake.name}/{FOLDER}/{name}")
            archive.add(manifest, f"{PREFIX}{lake.name}/{MANIFEST}")


def _copy(source: Path, target: Path) -> list[str]:
    """A copy of a manifest as of one moment; the files it names."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        return [name for (name,) in new.execute("SELECT file FROM segments ORDER BY file")]


def read_lakes(archive: tarfile.TarFile, aside: Path) -> None:
    """Bring all lakes back into the empty folder `aside` and prove them.

    ValueError for a name that is none of ours, or a file that is not what its manifest says.
    """
    if find_lakes():
        raise LingtanError([fault("web.site-not-empty", Place(str(settings.HOME)))])
    for member in archive.getmembers():
        if member.name.startswith(PREFIX):
            _read(archive, member, aside)
    for lake in sorted(aside.iterdir()):
        found = open_lake(lake).check()
        if has_errors(found):
            raise ValueError(f"{lake.name}: {found[0].code}")


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo, aside: Path) -> None:
    named = _MEMBER.fullmatch(member.name)
    stream = archive.extractfile(member) if member.isreg() else None
    if named is None or stream is None:
        raise ValueError(f"{member.name!r} is no file of a lake")
    target = aside / named["park"] / named["file"]
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as sink:
        shutil.copyfileobj(stream, sink)


def place_lakes(aside: Path) -> None:
    """The lakes in `aside` become those of the site."""
    root = Path(settings.HOME) / "lakes"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    for lake in sorted(aside.iterdir()):
        lake.rename(root / lake.name)
