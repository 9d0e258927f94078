"""Whether the lake is what its manifest says: nothing is taken on trust."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.metering.coded import is_ordered
from lingtan.metering.lake.merging import Rows, are_distinct, instants_of, to_frame
from lingtan.metering.lake.placing import bucket_of_code
from lingtan.metering.lake.records import LATE, Piece, Segment, State
from lingtan.metering.lake.segments import FOLDER, read_codes, read_rows


def check_segment(folder: Path, segment: Segment, state: State) -> list[Fault]:
    """Faults of one file: gone, another hash, another order or other figures than recorded."""
    path = folder / FOLDER / segment.file
    place = Place(str(path))
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [fault("lake.missing-file", place)]
    if sha256(content).hexdigest() != segment.sha256:
        return [fault("lake.other-hash", place)]
    try:
        rows = read_rows(Piece(path, segment.kind), LATE)
        codes = read_codes(path)
    except LingtanError as error:
        return list(error.faults)
    found = []
    ordered = is_ordered(to_frame(rows)) if segment.kind == "base" else are_distinct(rows)
    if not (ordered and segment.ordered):
        found.append(fault("lake.not-ordered", place))
    if _figures(rows) != (segment.rows, segment.first, segment.last, segment.largest):
        found.append(fault("lake.other-figures", place))
    known = {meter.code for meter in state.meters}
    strange = [c for c in codes if c not in known or segment.bucket not in (LATE, bucket_of_code(c))]
    if strange:
        found.append(fault("lake.strange-meter", place, count=len(strange)))
    return found


def _figures(rows: Rows) -> tuple[int, int, int, int]:
    if not len(rows):
        return (0, 0, 0, 0)
    at = instants_of(rows.key)
    return (len(rows), int(at.min()), int(at.max()), max(int(rows.value.max()), -int(rows.value.min())))


def find_orphans(connection: sqlite3.Connection, folder: Path) -> list[Fault]:
    """Files the manifest does not know. Only inside a transaction: no writer is at work."""
    known = {
        file for (file,) in connection.execute("SELECT file FROM segments UNION SELECT file FROM retired")
    }
    names = sorted(path for path in (folder / FOLDER).iterdir() if path.name not in known)
    return [fault("lake.orphan-file", Place(str(path))) for path in names]


def check_manifest(connection: sqlite3.Connection, folder: Path) -> list[Fault]:
    """Whether SQLite finds its own pages sound."""
    answer = connection.execute("PRAGMA quick_check").fetchall()
    if answer == [("ok",)]:
        return []
    return [fault("lake.damaged-manifest", Place(str(folder)), reason=answer[0][0])]
