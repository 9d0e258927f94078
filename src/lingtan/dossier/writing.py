"""Writing a dossier as folder, .zip or workbook: never over anything, and only when it is whole."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from lingtan.dossier.archives import Files, FolderFiles, ZipFiles
from lingtan.dossier.contents import BOUNDARY, PARK, READINGS, is_readme
from lingtan.dossier.evidence import FOLDER, LIST
from lingtan.dossier.findings import Findings, shown
from lingtan.dossier.fingerprint import cell_text
from lingtan.dossier.park_files import park_yaml
from lingtan.dossier.reading import read_dossier
from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import Register, registers
from lingtan.dossier.workbook_writing import write_workbook
from lingtan.errors import DossierError, Fault, Place, fault

_OLDEST = (1980, 1, 1, 0, 0, 0)  # the only date a zip always can hold; equal content, equal bytes
_CHUNK = 1 << 20
_LOSING = frozenset(
    "dossier." + code
    for code in (
        "not-text", "nul-bytes", "broken-quotes", "no-header", "two-tables", "two-files", "unknown-table",
        "foreign-table", "empty-file", "unsafe-name", "damaged", "file-too-large", "example-edited",
        "boundary-not-json", "boundary-no-header", "cell-too-long", "formula-not-calculated",
    )
)  # fmt: skip


def write_dossier(dossier: Dossier, path: Path | str) -> Path:
    """Write `dossier` to `path`: .zip, .xlsx, or without ending a folder. Returns the path.

    Evidence files and readings are taken byte for byte from where the dossier was read
    (`origin`); a workbook cannot hold them. Equal content gives equal bytes. DossierError if
    the target exists, cannot be written, or has another ending.
    """
    target = Path(path)
    with new_target(target) as draft:
        _write(dossier, target, draft)
    return target


def convert_dossier(source: Path | str, target: Path | str) -> tuple[Fault, ...]:
    """The dossier at `source` written to `target`, equal to the last cell; the faults of reading it.

    Cells that cannot be read are carried as they stand; evidence files and readings that a workbook
    cannot hold are a warning. DossierError if whole tables cannot be
    read (they would be lost), if the target exists, or if the copy, read again, is not equal.
    """
    source, target = Path(source), Path(target)
    dossier = read_dossier(source)
    losing = [found for found in dossier.faults if found.code in _LOSING]
    if losing:
        place = Place(shown(source.name))
        raise DossierError([fault("dossier.would-lose", place, count=len(losing)), *losing])
    with new_target(target) as draft:
        _write(dossier, target, draft)
        again = read_dossier(draft)
        if again.fingerprint != dossier.fingerprint:
            place = Place(shown(target.name))
            raise DossierError([fault("dossier.not-equal", place, detail=_difference(dossier, again))])
    return (*_left_behind(dossier, target), *dossier.faults)


def _left_behind(dossier: Dossier, target: Path) -> tuple[Fault, ...]:
    """A warning where the dossier has files that a workbook cannot hold."""
    evidence, readings = len(dossier.evidence_files), len(dossier.readings)
    if target.suffix.lower() != ".xlsx" or not (evidence or readings):
        return ()
    place = Place(shown(target.name))
    return (fault("dossier.files-left-behind", place, evidence=evidence, readings=readings),)


def _difference(one: Dossier, other: Dossier) -> str:
    if one.park != other.park:
        return PARK
    if one.boundary != other.boundary:
        return BOUNDARY
    for name, rows in one.rows.items():
        for row, copy in zip(rows, other.rows[name], strict=False):
            if (row.values, row.extra, row.unread) != (copy.values, copy.extra, copy.unread):
                return str(row.place)
    return ""


@contextmanager
def new_target(target: Path) -> Iterator[Path]:
    """A draft beside `target` that becomes it if all goes well; DossierError if it exists."""
    ending = target.suffix.lower()
    if ending not in ("", ".zip", ".xlsx"):
        raise DossierError([fault("dossier.unknown-ending", Place(shown(target.name)), given=shown(ending))])
    if os.path.lexists(target):
        raise DossierError([fault("dossier.exists", Place(shown(target.name)))])
    try:
        room = Path(tempfile.mkdtemp(prefix=".lingtan-", dir=target.parent))
    except OSError as error:
        raise _cannot_write(target, error) from None
    draft = room / (target.name if len(target.name.encode()) < 200 else f"draft{ending}")
    try:
        yield draft
        _move(draft, target)
    except OSError as error:
        raise _cannot_write(target, error) from None
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _move(draft: Path, target: Path) -> None:
    """Rename without writing over a target that appeared meanwhile."""
    try:
        if draft.is_dir():
            target.mkdir()
            draft.rename(target)
        else:
            os.link(draft, target)
    except FileExistsError:
        raise DossierError([fault("dossier.exists", Place(shown(target.name)))]) from None
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise
        draft.rename(target)


def _cannot_write(target: Path, error: OSError) -> DossierError:
    reason = error.strerror or error
    return DossierError([fault("dossier.cannot-write", Place(shown(target.name)), reason=reason)])


def _write(dossier: Dossier, target: Path, draft: Path) -> None:
    if target.suffix.lower() == ".xlsx":
        write_workbook(dossier, draft)
        return
    with open_files(dossier.origin) as files:
        write_parts(dossier_texts(dossier), target, draft, files)


def write_parts(parts: Mapping[str, bytes], target: Path, draft: Path, files: Files | None = None) -> None:
    """`parts` by path, and the evidence and readings of `files`, as folder or .zip (by `target`)."""
    carried = [name for name in files.names if _is_carried(name)] if files else []
    if target.suffix.lower() == ".zip":
        write_zip(draft, parts, files, carried)
    else:
        _write_folder(draft, parts, files, carried)


def _is_carried(name: str) -> bool:
    below = name.startswith((FOLDER, READINGS)) and name.lower() != LIST
    return below or ("/" not in name and is_readme(name))


@contextmanager
def open_files(origin: Path | None) -> Iterator[Files | None]:
    """The files of the folder or zip a dossier was read from; None if that is gone, or a workbook."""
    if origin is not None and origin.is_dir():
        yield FolderFiles(origin, Findings())
    elif origin is not None and origin.is_file() and zipfile.is_zipfile(origin):
        with zipfile.ZipFile(origin) as archive:
            yield None if "xl/workbook.xml" in archive.namelist() else ZipFiles(archive, Findings())
    else:
        yield None


def dossier_texts(dossier: Dossier) -> dict[str, bytes]:
    """`park.yaml`, `boundary.geojson` and one CSV file per register that has rows, by path."""
    texts = {PARK: park_yaml(dossier.park)}
    if dossier.boundary is not None:
        text = json.dumps(dossier.boundary, ensure_ascii=True, indent=1)
        texts[BOUNDARY] = text.encode() + b"\n"
    for name, register in registers().items():
        rows = dossier.rows.get(name, ())
        if rows:
            file = LIST if name == "evidence" else f"registers/{name}.csv"
            texts[file] = register_csv(register, rows)
    return texts


def register_csv(register: Register, rows: Sequence[Row]) -> bytes:
    """The rows as CSV, UTF-8, all declared columns and then the user's own."""
    further = further_columns(rows)
    lines = ([*_cells(register, row), *(row.extra.get(name, "") for name in further)] for row in rows)
    return csv_bytes([*register.columns, *further], lines)


def further_columns(rows: Iterable[Row]) -> list[str]:
    """The user's own columns, in the order they appear."""
    return list(dict.fromkeys(name for row in rows for name in row.extra))


def _cells(register: Register, row: Row) -> list[str]:
    unread = row.unread
    return [unread[name] if name in unread else cell_text(row.values[name]) for name in register.columns]


def csv_bytes(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """Header and lines as CSV, UTF-8, lines ended by a line feed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return stream.getvalue().encode("utf-8", errors="replace")


def zip_entry(name: str) -> zipfile.ZipInfo:
    """A packed file of a zip that carries no date and no machine: equal content gives equal bytes."""
    info = zipfile.ZipInfo(name, _OLDEST)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100644 << 16
    return info


def write_zip(
    draft: Path, parts: Mapping[str, bytes], files: Files | None = None, carried: Sequence[str] = ()
) -> None:
    """`parts`, and the files `carried` from `files`, as a zip whose bytes rest on their content alone."""
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted([*parts, *carried]):
            info = zip_entry(name)
            if name in parts:
                archive.writestr(info, parts[name])
            elif files is not None:
                with files.open(name) as source, archive.open(info, "w", force_zip64=True) as sink:
                    shutil.copyfileobj(source, sink, _CHUNK)


def _write_folder(draft: Path, parts: Mapping[str, bytes], files: Files | None, carried: list[str]) -> None:
    draft.mkdir()
    for name in [*parts, *carried]:
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name in parts:
            target.write_bytes(parts[name])
        elif files is not None:
            with files.open(name) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink, _CHUNK)
