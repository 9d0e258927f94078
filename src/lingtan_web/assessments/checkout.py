"""A version of a dossier as a folder, for as long as it is read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from lingtan_web.dossiers.models import DossierVersion
from lingtan_web.storage import path_of


@contextmanager
def check_out(version: DossierVersion) -> Iterator[Path]:
    """The files of `version` by its manifest, linked from the store where the disk allows it."""
    with tempfile.TemporaryDirectory(prefix="lingtan-version-") as folder:
        root = Path(folder) / "dossier"
        root.mkdir()
        for name, sha256 in version.manifest.items():
            target = _below(root, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            _place(path_of(sha256), target)
        yield root


def _below(root: Path, name: str) -> Path:
    """A path of a manifest; ValueError for one that leads out of the folder."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts:
        raise ValueError(f"not a path below the dossier: {name!r}")
    return root.joinpath(*parts.parts)


def _place(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
