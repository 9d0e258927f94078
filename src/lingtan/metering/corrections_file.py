"""Corrections handed in with a dossier: `corrections.csv` among its readings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import get_args

from lingtan.dossier.findings import Findings, shown
from lingtan.errors import Place
from lingtan.metering.lake.corrections import check_correction
from lingtan.metering.lake.records import Action, Correction, Meter, State

NAME = "corrections.csv"
COLUMNS = ("meter_id", "at", "action", "value", "value_after", "until", "who", "when", "why")


def read_corrections(file: Path, meters: Iterable[Meter], findings: Findings) -> tuple[Correction, ...]:
    """The corrections that can be applied, in order of decision; what is wrong goes to `findings`.

    Columns COLUMNS; see `lake.records.Correction` for what they mean. Times are ISO 8601 with
    offset, values in the unit of the meter.
    """
    import csv

    text = _text(file, findings)
    if text is None:
        return ()
    rows = csv.DictReader(text.splitlines())
    lacking = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    for name in lacking:
        findings.add("metering.missing-column", Place(file.name, column=name))
    if lacking:
        return ()
    state = State(meters=tuple(meters))
    found = []
    for number, row in enumerate(rows, 2):
        correction = _correction(row, Place(file.name, row=number), findings)
        if correction is None:
            continue
        faults = check_correction(correction, state)
        for one in faults:
            findings.add(one.code, Place(file.name, row=number), **one.context)
        if not faults:
            found.append(correction)
    return tuple(sorted(found, key=lambda one: (one.when, one.id)))


def _text(file: Path, findings: Findings) -> str | None:
    try:
        raw = file.read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        findings.count("dossier.other-encoding", Place(file.name), given="GB 18030")
        return raw.decode("gb18030", "replace")
    except OSError as error:
        findings.add("metering.unreadable", Place(file.name), reason=error.strerror or error)
        return None


def _correction(row: dict[str, str], place: Place, findings: Findings) -> Correction | None:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    bad = [name for name in ("at", "when", "until") if not _is_time(cells[name], name == "until")]
    bad += [name for name in ("value", "value_after") if not _is_number(cells[name])]
    bad += ["action"] if cells["action"] not in get_args(Action) else []
    for name in bad:
        where = Place(place.file, row=place.row, column=name)
        findings.add("metering.bad-correction", where, given=shown(cells[name]))
    if bad:
        return None
    return Correction(
        meter=cells["meter_id"],
        at=datetime.fromisoformat(cells["at"]),
        action=cells["action"],  # type: ignore[arg-type]
        who=cells["who"],
        when=datetime.fromisoformat(cells["when"]),
        why=cells["why"],
        value=Decimal(cells["value"]) if cells["value"] else None,
        value_after=Decimal(cells["value_after"]) if cells["value_after"] else None,
        until=datetime.fromisoformat(cells["until"]) if cells["until"] else None,
    )


def _is_time(text: str, may_be_blank: bool) -> bool:
    try:
        return datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
        return may_be_blank and not text


def _is_number(text: str) -> bool:
    try:
        return not text or Decimal(text).is_finite()
    except InvalidOperation:
        return False
