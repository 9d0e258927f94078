"""Files that a dossier carries beside its tables: evidence, readings. No Django here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lingtan.dossier.contents import READINGS, is_reading
from lingtan.dossier.evidence import FOLDER, LIST
from lingtan.dossier.writing import open_files

LONGEST_PATH = 255


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file of a dossier: its path, its SHA-256, its size in bytes."""

    path: str
    sha256: str
    size: int


def is_carried(path: str) -> bool:
    """Whether a file of a dossier is kept with it: files of evidence and of readings."""
    if len(path) > LONGEST_PATH or path.lower() == LIST:
        return False
    return path.startswith(FOLDER) or (path.startswith(READINGS) and is_reading(path))


def find_carried(origin: Path | None, put: Callable[[BinaryIO], str]) -> tuple[CarriedFile, ...]:
    """The files that the dossier at `origin` carries, each handed to `put`; none for a workbook."""
    with open_files(origin) as files:
        if files is None:
            return ()
        found = []
        for name in files.names:
            if is_carried(name):
                with files.open(name) as stream:
                    found.append(CarriedFile(name, put(stream), files.size(name)))
        return tuple(found)
