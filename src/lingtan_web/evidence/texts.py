"""Text files: in a known encoding, nothing but text, no formulas that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import re

from lingtan_web.evidence.kinds import RefusedError, limit
from lingtan_web.evidence.names import shown

_ENCODINGS = ("utf-8-sig", "gb18030")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LITERAL = re.compile(r'="[^"]*"')  # ="00123": how spreadsheets are told to keep zeros; text, no formula
_HARMLESS = re.compile(r"[+\-]?[\d\s.,%eE+\-/:()～~–—]*")
_CALLS = re.compile(r"[|!]|\w\s*\(")
_DIVIDERS = re.compile("[\t;,]")  # which one a spreadsheet takes depends on the country it is set to
_LONGEST_FIELD = 1_000_000


def read_text(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB 18030; RefusedError if it is none."""
    if len(data) > limit("largest_text_bytes"):
        raise RefusedError("evidence.text-large", limit=limit("largest_text_bytes") // 1_048_576)
    mark = _MARKS.get(data[:2])
    for encoding in (mark,) if mark else _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if found := _CONTROL.search(text):
            raise RefusedError("evidence.text-binary", at=found.start())
        return text
    raise RefusedError("evidence.text-encoding")


def check_csv(text: str) -> None:
    """RefusedError at the first cell that a spreadsheet would run as a formula."""
    csv.field_size_limit(_LONGEST_FIELD)
    first = text.split("\n", 1)[0]
    divider = max("\t;,", key=first.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=divider), start=1):
            for cell in (part for whole in row for part in _DIVIDERS.split(whole)):
                if is_formula(cell):
                    raise RefusedError("evidence.text-formula", row=number, cell=shown(cell))
    except csv.Error:
        raise RefusedError("evidence.damaged", at="csv") from None


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute the cell, other than a sign before a number or a remark."""
    text = cell.strip('\ufeff \t\r\n"') if not _LITERAL.fullmatch(cell.strip()) else ""
    if not text or text[0] not in "=+-@＝＋－＠":
        return False
    if text[0] in "=＝":
        return True
    return not _HARMLESS.fullmatch(text) and bool(_CALLS.search(text))


def check_json(text: str) -> None:
    """RefusedError if it is not JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError("evidence.damaged", at="json") from None
