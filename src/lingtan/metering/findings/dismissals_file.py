"""Dismissals of findings: `dismissals.csv` among the readings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from lingtan.dossier.findings import Findings, shown
from lingtan.errors import Place
from lingtan.metering.findings.records import CODES, Dismissal

NAME = "dismissals.csv"
COLUMNS = ("code", "meter", "first", "last", "fingerprint", "who", "when", "why")
_TIMES = ("first", "last", "when")


def read_dismissals(file: Path, findings: Findings) -> tuple[Dismissal, ...]:
    """The dismissals that can be applied; what is wrong goes to `findings`."""
    try:
        rows = list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        findings.add("metering.unreadable", Place(file.name), reason=shown(error))
        return ()
    header = [name.strip() for name in rows[0]] if rows else []
    if not _is_header(header, file.name, findings):
        return ()
    found = [
        _dismissal(header, row, Place(file.name, row=number), findings)
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]
    return tuple(one for one in found if one is not None)


def _is_header(header: list[str], file: str, findings: Findings) -> bool:
    """Whether every column stands once and no other; faults name those that do not."""
    lacking = [name for name in COLUMNS if name not in header]
    for name in lacking:
        findings.add("metering.missing-column", Place(file, column=name))
    strange = {name for name in header if header.count(name) > 1 or name not in COLUMNS}
    for name in sorted(strange):
        findings.add("quality.strange-column", Place(file, row=1, column=shown(name)), given=shown(name))
    return not lacking and not strange


def _dismissal(header: list[str], row: list[str], place: Place, findings: Findings) -> Dismissal | None:
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
    cells = {name: cells.get(name, "") for name in COLUMNS}
    bad = [name for name in _TIMES if not _is_time(cells[name])]
    bad += [name for name in ("who", "why", "fingerprint", "meter") if not cells[name]]
    bad += ["code"] if cells["code"] not in CODES else []
    for name in bad:
        at = Place(place.file, row=place.row, column=name)
        findings.add("quality.bad-dismissal", at, given=shown(cells[name]))
    if len(row) > len(header):
        findings.add("quality.bad-dismissal", place, given=shown(", ".join(row[len(header) :])))
    if bad or len(row) > len(header):
        return None
    first, last, when = (datetime.fromisoformat(cells[name]) for name in _TIMES)
    texts = cells["code"], cells["meter"]
    return Dismissal(*texts, first, last, cells["fingerprint"], cells["who"], when, cells["why"])


def _is_time(text: str) -> bool:
    """With an offset, and not at the ends of the calendar, where it has no UTC."""
    try:
        instant = datetime.fromisoformat(text)
        return instant.utcoffset() is not None and bool(instant.astimezone(UTC))
    except (ValueError, OverflowError):
        return False


def render_dismissals(dismissals: Iterable[Dismissal]) -> str:
    """As CSV text with a header."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in dismissals:
        cells = (getattr(one, name) for name in COLUMNS)
        writer.writerow([cell.isoformat() if isinstance(cell, datetime) else cell for cell in cells])
    return sink.getvalue()
