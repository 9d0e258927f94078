"""What a row is found by: its key, the id others refer to, its enterprise; and marks for new rows."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence

from lingtan.dossier.lines import read_lines, row_ident
from lingtan.dossier.records import Row
from lingtan.dossier.registers import registers

LONGEST = 200
Index = tuple[str, str, str]


def new_mark() -> str:
    """A name for a row or a preview that nobody can guess."""
    return secrets.token_hex(8)


def index_line(register: str, cells: Mapping[str, str]) -> Index:
    """Key, id and enterprise of one row."""
    return index_lines(register, [cells])[0]


def index_lines(register: str, lines: Sequence[Mapping[str, str]]) -> list[Index]:
    """Key, id and enterprise of each row, as the readers of the core read them; blank where unread."""
    if register not in registers():
        return [("", "", "")] * len(lines)
    return [_index(row) for row in read_lines(registers()[register], lines).rows]


def _index(row: Row | None) -> Index:
    if row is None:
        return "", "", ""
    return _short(row.key), _short(row_ident(row)), _short(row.text("enterprise"))


def _short(text: str) -> str:
    """A text that fits the index; longer ones by their SHA-256, which are still found and told apart."""
    return text if len(text) <= LONGEST else hashlib.sha256(text.encode()).hexdigest()
