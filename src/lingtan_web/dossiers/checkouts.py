"""A dossier as the folder that the core reads: the working one, or a frozen version."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from lingtan.dossier.contents import BOUNDARY, PARK
from lingtan.dossier.evidence import LIST
from lingtan.dossier.lines import lines_csv
from lingtan.dossier.park_files import park_yaml
from lingtan.dossier.registers import registers
from lingtan_web import storage
from lingtan_web.dossiers.models import DossierVersion, RegisterRow, WorkingDossier
from lingtan_web.dossiers.profiles import read_profile
from lingtan_web.dossiers.scopes import WHOLE, Scope

LINKED_FROM = 1_000_000  # bytes; smaller files are copied
FileSource = Callable[[WorkingDossier], Mapping[str, str]]


def _stored(dossier: WorkingDossier) -> Mapping[str, str]:
    return dict(dossier.files.order_by("path").values_list("path", "sha256"))


FILES: list[FileSource] = [_stored]
"""Who knows files of a dossier, by path with their SHA-256; the later ones prevail (the evidence library)."""

PUSHED: list[FileSource] = []
"""Who knows readings that were pushed; asked only where a dossier is laid out whole, for it may take long."""


def find_files(dossier: WorkingDossier, *, with_pushed: bool = True) -> dict[str, str]:
    """Every file beside park.yaml, boundary and registers: path to SHA-256 in the store."""
    found: dict[str, str] = {}
    for source in (*(PUSHED if with_pushed else ()), *FILES):
        found |= source(dossier)
    return dict(sorted(found.items()))


def find_texts(dossier: WorkingDossier, scope: Scope = WHOLE) -> dict[str, bytes]:
    """park.yaml, boundary and registers as they stand, by path; only rows in `scope`."""
    texts = {PARK: park_yaml(read_profile(dossier.facts))}
    if dossier.boundary is not None and scope.is_whole:
        texts[BOUNDARY] = json.dumps(dossier.boundary, ensure_ascii=True, indent=1).encode() + b"\n"
    for name, lines in find_lines(dossier, scope).items():
        path = LIST if name == "evidence" else f"registers/{name}.csv"
        texts[path] = lines_csv(registers()[name], lines)
    return texts


def find_lines(dossier: WorkingDossier, scope: Scope = WHOLE) -> dict[str, list[dict[str, str]]]:
    """The cells of every row in `scope`, by register, in order: one question to the database."""
    rows = RegisterRow.objects.filter(dossier=dossier)
    if scope.keys is not None:
        rows = rows.filter(enterprise__in=scope.keys, register__in=[*scope.registers()])
    found: dict[str, list[dict[str, str]]] = {}
    for register, cells in rows.order_by("position", "pk").values_list("register", "cells").iterator():
        if register in registers():
            found.setdefault(register, []).append(cells)
    return found


@contextmanager
def check_out_working(
    dossier: WorkingDossier,
    scope: Scope = WHOLE,
    *,
    with_files: bool = True,
    files: Mapping[str, str] | None = None,
) -> Iterator[Path]:
    """The working dossier as a folder, for as long as it is read; without files for an enterprise's part.

    `files`: those that were found before, so that nothing that is pushed meanwhile comes between.
    """
    if files is None:
        files = find_files(dossier) if with_files and scope.is_whole else {}
    with _folder(dossier.park.slug) as folder:
        for path, content in find_texts(dossier, scope).items():
            target = _below(folder, path)
            target.write_bytes(content)
        for path, sha256 in files.items():
            _place(sha256, _below(folder, path))
        yield folder


@contextmanager
def check_out(version: DossierVersion) -> Iterator[Path]:
    """The files of a version as a folder that `lingtan.read_dossier` reads, removed afterwards."""
    with _folder(version.dossier.park.slug) as folder:
        for path, sha256 in version.manifest.items():
            _place(sha256, _below(folder, path))
        yield folder


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lingtan-dossier-") as room:
        folder = Path(room) / name
        folder.mkdir()
        yield folder


def _below(folder: Path, path: str) -> Path:
    """Where a file of the dossier lies below `folder`; ValueError for a path that leads elsewhere."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts:
        raise ValueError(f"not a path within a dossier: {path!r}")
    target = folder.joinpath(*parts.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _place(sha256: str, target: Path) -> None:
    """A file of the store under its own name: large ones linked (they are read-only), small ones copied."""
    source = storage.path_of(sha256)
    if source.stat().st_size >= LINKED_FROM:
        try:
            os.link(source, target)
        except OSError:  # another disk
            pass
        else:
            return
    shutil.copyfile(source, target)
