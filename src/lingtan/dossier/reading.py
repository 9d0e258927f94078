"""Reading a dossier: a folder, the same as one .zip, or one workbook (.xlsx)."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from lingtan.dossier.archives import Files, FolderFiles, ZipFiles
from lingtan.dossier.boundary import check_area, check_boundary
from lingtan.dossier.checks import check_rows
from lingtan.dossier.contents import Content, is_reading, read_files, read_sheets
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.fingerprint import compute_fingerprint
from lingtan.dossier.records import Dossier
from lingtan.dossier.workbooks import read_workbook
from lingtan.errors import DossierError, Fault, Place, fault, has_errors
from lingtan.quantities import exactly

_OTHER_PROGRAMS = frozenset(["content.xml", "xl/workbook.bin", "word/document.xml"])  # .ods, .xlsb, .docx
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Excel files, and new ones under a password


@exactly
def read_dossier(
    path: Path | str, *, readings: Sequence[Path] = (), unpack_to: Path | None = None
) -> Dossier:
    """The dossier at `path`: a folder, a .zip of it, or an .xlsx (known by content, not by ending).

    `readings` are further files or folders of readings. Readings inside a .zip are unpacked to
    `unpack_to`; without it, to a temporary folder that is removed when the program ends.
    DossierError if nothing can be made of it (no dossier, park.yaml missing or wrong), with all
    faults found; every other fault is in `faults` of the result.
    """
    path, findings = Path(path), Findings()
    content = _read(path, findings, unpack_to)
    given = tuple(Path(reading) for reading in readings)
    _check(content, given, findings)
    faults = findings.all()
    if content.park is None:
        raise DossierError(faults)
    return Dossier(
        name=content.name,
        park=content.park,
        rows=content.rows,
        boundary=content.boundary,
        readings=(*content.readings, *given),
        evidence_files=content.evidence_files,
        faults=faults,
        fingerprint=compute_fingerprint(content.park, content.rows, content.boundary, content.evidence_files),
        origin=path,
    )


def check_dossier(path: Path | str, *, readings: Sequence[Path] = ()) -> tuple[Fault, ...]:
    """Every fault of the dossier at `path`, also where it cannot be read at all."""
    try:
        return read_dossier(path, readings=readings).faults
    except DossierError as error:
        return error.faults


def _read(path: Path, findings: Findings, unpack_to: Path | None) -> Content:
    try:
        return _read_kind(path, findings, unpack_to)
    except OSError as error:
        place = Place(shown(path.name))
        raise DossierError([fault("dossier.unreadable", place, reason=error.strerror or error)]) from None


def _read_kind(path: Path, findings: Findings, unpack_to: Path | None) -> Content:
    place = Place(shown(path.name))
    if path.is_dir():
        return _from_folder(path, findings)
    if not path.exists():
        raise DossierError([fault("dossier.not-found", place)])
    if not path.is_file():
        raise DossierError([fault("dossier.not-a-dossier", place)])
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(_OLE):
        raise DossierError([fault("dossier.encrypted-workbook", place)])
    if not start:
        raise DossierError([fault("dossier.empty-file", place)])
    parts = _parts(path) if start.startswith(b"PK") else frozenset()
    if path.suffix.lower() in (".xlsx", ".xlsm") or "xl/workbook.xml" in parts:
        return read_sheets(read_workbook(path), findings)
    if parts & _OTHER_PROGRAMS:
        raise DossierError([fault("dossier.not-a-dossier", place)])
    if start.startswith(b"PK") or path.suffix.lower() == ".zip":
        return _from_zip(path, findings, unpack_to)
    raise DossierError([fault("dossier.not-a-dossier", place)])


def _parts(path: Path) -> frozenset[str]:
    """The names of what is in a zip, also where that is the file of another program."""
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return frozenset()


def _from_folder(folder: Path, findings: Findings) -> Content:
    files = FolderFiles(folder, findings)
    content = read_files(folder.resolve().name, files, findings)
    content.readings = tuple(folder / name for name in _reading_names(files))
    return content


def _from_zip(path: Path, findings: Findings, unpack_to: Path | None) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            files = ZipFiles(archive, findings)
            content = read_files(path.stem, files, findings)
            content.readings = _unpacked_readings(files, unpack_to)
            return content
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        place = Place(shown(path.name))
        raise DossierError([fault("dossier.damaged", place, reason=shown(error))]) from None


def _reading_names(files: Files) -> list[str]:
    return [name for name in files.names if is_reading(name)]


def _unpacked_readings(files: Files, unpack_to: Path | None) -> tuple[Path, ...]:
    names = _reading_names(files)
    if not names:
        return ()
    unpack_to = unpack_to or build_scratch()
    for name in names:
        target = unpack_to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with files.open(name) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
    return tuple(unpack_to / name for name in names)


def build_scratch() -> Path:
    """A new folder of our own, removed when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="lingtan-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _check(content: Content, readings: Sequence[Path], findings: Findings) -> None:
    for reading in readings:
        if not reading.exists():
            findings.add("dossier.readings-not-found", Place(shown(reading)))
    check_rows(content.park, content.rows, content.park_place, findings)
    if content.boundary is not None:
        of_boundary = Findings()
        check_boundary(content.boundary, content.boundary_place, of_boundary)
        if content.park is not None and not has_errors(of_boundary.all()):
            stated = content.park.profile.area_m2
            check_area(content.boundary, stated, content.boundary_place, of_boundary)
        findings.extend(of_boundary.all())
