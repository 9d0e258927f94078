"""CSV files as people save them: their encodings, their separators, their broken quotes."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from lingtan.dossier.findings import Findings
from lingtan.dossier.headers import SEARCHED_ROWS, find_header
from lingtan.dossier.registers import Register
from lingtan.dossier.tables import Table
from lingtan.errors import Place

_SEPARATORS = (",", ";", "\t")
_MARKED_ENCODINGS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def csv_table(register: Register, raw: bytes, place: Place, findings: Findings) -> Table | None:
    """The bytes of a CSV file as a table; None with a fault if they are no text."""
    text = decoded(raw, place, findings)
    if text is None:
        return None
    separator = _separator(register, text)
    if separator != ",":
        name = {";": "; ", "\t": "Tab"}[separator].strip()
        findings.count("dossier.other-separator", place, given=name)
    return Table(register, place, _rows(text, separator, place, findings))


def decoded(raw: bytes, place: Place, findings: Findings) -> str | None:
    """UTF-8, UTF-16 with its mark, or GB 18030 (with a note) as text; None with a fault if neither."""
    if not raw.strip():
        findings.add("dossier.empty-file", place)
        return None
    marked = next((name for mark, name in _MARKED_ENCODINGS if raw.startswith(mark)), "")
    if b"\0" in raw and marked != "utf-16":
        row = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        findings.add("dossier.nul-bytes", Place(place.file, place.sheet, row))
        return None
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            row = raw.count(b"\n", 0, error.start) + 1
            continue
        if encoding in ("gb18030", "utf-16"):
            findings.count("dossier.other-encoding", place, given=encoding.upper().replace("GB", "GB "))
        return text
    findings.add("dossier.not-text", Place(place.file, place.sheet, row))
    return None


def _separator(register: Register, text: str) -> str:
    """The separator under which the first rows have most known headings."""
    best, most = ",", 0
    head = "\n".join(islice(io.StringIO(text[:200_000]), SEARCHED_ROWS)).replace("\n\n", "\n")
    for separator in _SEPARATORS:
        rows = _readable(csv.reader(io.StringIO(head), delimiter=separator))
        known = find_header(register, rows)
        width = len(rows[known]) if known is not None else 0
        if width > most:
            best, most = separator, width
    return best


def _readable(reader: Iterator[list[str]]) -> list[list[str]]:
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        rows.extend(islice(reader, SEARCHED_ROWS))
    return rows


def _rows(text: str, separator: str, place: Place, findings: Findings) -> Iterator[Sequence[str]]:
    """The records of the file; a quote that is never closed ends them with a fault at its row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    read = 0
    try:
        for cells in reader:
            yield cells
            read += 1
    except csv.Error as error:
        findings.add("dossier.broken-quotes", Place(place.file, place.sheet, read + 1), reason=error)
