"""Changes of cells in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lingtan.dossier.registers import registers
from lingtan.errors import Language
from lingtan_web.dossiers.models import CellChange


@dataclass(frozen=True, slots=True)
class Told:
    """One change: where, what stood there, what came, who, when."""

    register: str
    column: str
    old: str
    new: str
    is_row: bool
    user: object
    at: datetime
    revision: int


def tell_changes(changes: Iterable[CellChange], language: Language) -> list[Told]:
    """Each change with the words of its register, its column and the choices in it."""
    return [_tell(one, language) for one in changes]


def _tell(one: CellChange, language: Language) -> Told:
    register = registers().get(one.register)
    index = 1 if language == "en" else 0
    title = (register.zh, register.en)[index] if register else one.register
    column = register.columns.get(one.column) if register else None
    label = (column.zh, column.en)[index] if column else one.column
    old, new = (_whole(text) if not one.column else text for text in (one.old, one.new))
    if column is not None and column.choices:
        words = {word: labels[index] for word, labels in column.choices.items()}
        old, new = words.get(old, old), words.get(new, new)
    return Told(title, label, old, new, not one.column, one.user, one.at, one.revision)


def _whole(text: str) -> str:
    """A row in one line."""
    if not text:
        return ""
    return " · ".join(str(cell) for cell in json.loads(text)["cells"].values())
