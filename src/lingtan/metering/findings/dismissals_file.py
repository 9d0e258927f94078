"""Dismissals of findings: `dismissals.csv` among the readings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
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
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        findings.add("metering.unreadable", Place(file.name), reason=error)
        return ()
    rows = csv.DictReader(text.splitlines())
    lacking = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    for name in lacking:
        findings.add("metering.missing-column", Place(file.name, column=name))
    if lacking:
        return ()
    found = [_dismissal(row, Place(file.name, row=number), findings) for number, row in enumerate(rows, 2)]
    return tuple(one for one in found if one is not None)


def _dismissal(row: dict[str, str], place: Place, findings: Findings) -> Dismissal | None:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    bad = [name for name in _TIMES if not _is_time(cells[name])]
    bad += [name for name in ("who", "why", "fingerprint", "meter") if not cells[name]]
    bad += ["code"] if cells["code"] not in CODES else []
    for name in bad:
        findings.add(
            "quality.bad-dismissal", Place(place.file, row=place.row, column=name), given=shown(cells[name])
        )
    if bad:
        return None
    first, last, when = (datetime.fromisoformat(cells[name]) for name in _TIMES)
    texts = cells["code"], cells["meter"]
    return Dismissal(*texts, first, last, cells["fingerprint"], cells["who"], when, cells["why"])


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
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
