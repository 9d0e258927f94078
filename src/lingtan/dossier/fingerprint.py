"""The SHA-256 of what a dossier says, whatever file carries it and in whatever order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from lingtan.dossier.cells import plain_number
from lingtan.dossier.park_files import park_data
from lingtan.dossier.records import Cell, Park, Row


def compute_fingerprint(
    park: Park,
    rows: Mapping[str, Sequence[Row]],
    boundary: Mapping[str, object] | None,
    evidence_files: Mapping[str, str],
) -> str:
    """SHA-256 in hexadecimal over park, rows (sorted), boundary and hashes of listed evidence.

    A file of evidence counts by its SHA-256: the one stated in the list, else that of the file.
    """
    digest = hashlib.sha256()
    digest.update(_json(park_data(park)))
    for name in sorted(rows):
        for line in sorted(_line(row, evidence_files) for row in rows[name]):
            digest.update(name.encode() + b"\t" + line + b"\n")
    digest.update(_json(boundary))
    return digest.hexdigest()


def _json(value: object) -> bytes:
    text = json.dumps(_canonical(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode() + b"\n"


def _canonical(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return plain_number(value if isinstance(value, Decimal) else Decimal(repr(value)))


def _line(row: Row, evidence_files: Mapping[str, str]) -> bytes:
    """A row as canonical text: columns by name, blank ones left out."""
    cells = [
        f"{name}={value if type(value) is str else cell_text(value)}"
        for name, value in row.values.items()
        if value is not None
    ]
    cells += [f"{name}?{text}" for name, text in row.unread.items()]
    cells += [f"+{name}={text}" for name, text in row.extra.items() if text]
    if row.register == "evidence" and row.values.get("sha256") is None:
        digest = evidence_files.get(row.text("file"))
        cells += [f"sha256={digest}"] if digest else []
    return json.dumps(sorted(cells), ensure_ascii=True).encode()


def cell_text(value: Cell) -> str:
    """A value as a CSV file has it: plain decimals, yes/no, ISO dates, words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain_number(value)
    return value.isoformat() if isinstance(value, date) else str(value)
