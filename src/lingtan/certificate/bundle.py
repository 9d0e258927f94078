"""The bundle behind a certificate: frozen dossier, edition and result, each file by its SHA-256.

A certificate carries the SHA-256 of the manifest. A park discloses the whole bundle or a part of it: the
manifest stays whole, so that what is left out is seen, and what is there is proven to be what was judged.
The zip is stored without compression and written in one way only, so that no byte of it is unaccounted for.
"""

from __future__ import annotations

import filecmp
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lingtan.dossier.archives import Files, ZipFiles
from lingtan.dossier.findings import Findings
from lingtan.dossier.writing import new_target, zip_entry
from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.standards.freezing import canonical_json

MANIFEST, EDITION, RESULT, DOSSIER = "manifest.json", "edition.json", "result.json", "dossier/"
FORMAT = "lingtan-bundle-1"
_LARGEST_MANIFEST = 20_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose files are those of its manifest. `withheld` are the files that are not disclosed."""

    sha256: str
    names: frozenset[str]
    withheld: tuple[str, ...]


def write_bundle(target: Path, dossier: Files, *, edition: bytes, result: Mapping[str, Any]) -> str:
    """A new bundle at `target`; the SHA-256 of its manifest. `edition` is a frozen edition, `result` that of
    the assessment `without_traces`.

    LingtanError if the target exists.
    """
    own = {EDITION: edition, RESULT: canonical_json(result).encode()}
    findings = Findings()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in own.items()}
    hashes |= {DOSSIER + name: dossier.sha256(name, findings) or "" for name in dossier.names}
    if faults := findings.all():
        raise LingtanError(faults)
    manifest = canonical_json({"format": FORMAT, "files": hashes}).encode()
    with new_target(target) as draft, zipfile.ZipFile(draft, "w") as archive:
        for name in [MANIFEST, *sorted(hashes)]:
            with _source(name, {MANIFEST: manifest, **own}, dossier) as stream:
                _store(archive, name, stream)
    return hashlib.sha256(manifest).hexdigest()


def without_traces(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result with its figures alone: traces open the numbers of single enterprises.

    Who has the dossier computes them again; who has a part of it has no claim to the others'.
    """
    parts = {
        kind: [{name: value for name, value in one.items() if name != "trace"} for one in result[kind]]
        for kind in ("gates", "indicators")
        if kind in result
    }
    return {**result, **parts}


def disclose(source: Path, target: Path, withheld: Collection[str]) -> tuple[str, ...]:
    """A copy of a bundle without the files `withheld` (names, or folders ending in `/`); their names.

    LingtanError if the source is no sound bundle, or a name means no file of it: a slip in a name must not
    disclose what was to be kept back.
    """
    names = [MANIFEST, *sorted(check_sound(source).names)]
    where = Place(source.name)
    if unknown := [one for one in withheld if not any(_is_in(name, [one]) for name in names)]:
        raise LingtanError([fault("certificate.nothing-withheld", where, name=one) for one in unknown])
    kept = [name for name in names if name == MANIFEST or not _is_in(name, withheld)]
    with (
        zipfile.ZipFile(source) as archive,
        new_target(target) as draft,
        zipfile.ZipFile(draft, "w") as copy,
    ):
        for name in kept:
            with archive.open(name) as stream:
                _store(copy, name, stream)
    return tuple(name for name in names if name not in kept)


def check_bundle(file: Path, expected: str) -> Bundle:
    """The bundle in `file`, which must be the one whose manifest has the SHA-256 `expected`.

    LingtanError names every file that was altered or added, and says if the archive itself was.
    """
    with _opened(file) as (archive, files):
        raw = _read_manifest(archive, file)
        found = hashlib.sha256(raw).hexdigest()
        if found != expected:
            where = Place(file.name, MANIFEST)
            raise LingtanError(
                [fault("certificate.bundle-other", where, found=found[:16], expected=expected[:16])]
            )
        hashes = _read_hashes(raw)
        faults = list(_find_altered(files, hashes, file.name))
        if not faults and not _is_as_we_write(file, archive):
            faults.append(fault("certificate.bundle-container", Place(file.name)))
        if faults:
            raise LingtanError(faults)
        present = frozenset(files.names) - {MANIFEST}
        return Bundle(found, present, tuple(sorted(set(hashes) - present)))


def check_sound(file: Path) -> Bundle:
    """A bundle by its own manifest, whichever certificate it belongs to. LingtanError as `check_bundle`."""
    with _opened(file) as (archive, _):
        raw = _read_manifest(archive, file)
    return check_bundle(file, hashlib.sha256(raw).hexdigest())


def unpack_bundle(file: Path, folder: Path) -> None:
    """The files of a checked bundle below `folder`."""
    with _opened(file) as (_, files):
        for name in files.names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with files.open(name) as source, path.open("wb") as sink:
                shutil.copyfileobj(source, sink, _CHUNK)


def _find_altered(files: Files, hashes: Mapping[str, str], name: str) -> Iterator[Fault]:
    findings = Findings()
    for one in files.names:
        if one == MANIFEST:
            continue
        if one not in hashes:
            yield fault("certificate.bundle-added", Place(name, one))
        elif files.sha256(one, findings) != hashes[one]:
            yield fault("certificate.bundle-altered", Place(name, one))


def _is_as_we_write(file: Path, archive: zipfile.ZipFile) -> bool:
    """Whether the archive is, byte for byte, what we would write of its files."""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder, "again.zip")
        with zipfile.ZipFile(again, "w") as copy:
            for name in [MANIFEST, *sorted(set(archive.namelist()) - {MANIFEST})]:
                with archive.open(name) as stream:
                    _store(copy, name, stream)
        return filecmp.cmp(file, again, shallow=False)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Files]]:
    """The archive and its files; LingtanError where it is none or holds unsafe names."""
    try:
        with zipfile.ZipFile(file) as archive:
            findings = Findings()
            files = ZipFiles(archive, findings, top="")
            if faults := findings.all():
                raise LingtanError(faults)
            yield archive, files
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, KeyError) as error:
        raise LingtanError([fault("certificate.bundle-unreadable", Place(file.name), reason=error)]) from None


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> bytes:
    info = archive.getinfo(MANIFEST)
    if info.file_size > _LARGEST_MANIFEST:
        raise ValueError(f"{MANIFEST}: {info.file_size}")
    return archive.read(info)


def _read_hashes(raw: bytes) -> dict[str, str]:
    """The SHA-256 of each file; ValueError where the manifest is none of ours."""
    try:
        return {str(name): str(sha256) for name, sha256 in json.loads(raw)["files"].items()}
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{MANIFEST}: {type(error).__name__}") from None


@contextmanager
def _source(name: str, own: Mapping[str, bytes], dossier: Files) -> Iterator[BinaryIO]:
    with io.BytesIO(own[name]) if name in own else dossier.open(name.removeprefix(DOSSIER)) as stream:
        yield stream


def _store(archive: zipfile.ZipFile, name: str, stream: Any) -> None:
    info = zip_entry(name)
    info.compress_type = zipfile.ZIP_STORED
    with archive.open(info, "w", force_zip64=True) as sink:
        shutil.copyfileobj(stream, sink, _CHUNK)


def _is_in(name: str, withheld: Collection[str]) -> bool:
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in withheld)
