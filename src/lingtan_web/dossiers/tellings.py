"""Changes of cells in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lingtan.errors import Language
from lingtan_web.dossiers.models import CellChange
from lingtan_web.dossiers.wording import cell_words, column_label, line_words, register_label


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
    old, new = (_said(one, text, language) for text in (one.old, one.new))
    title = register_label(one.register, language)
    label = column_label(one.register, one.column, language)
    return Told(title, label, old, new, not one.column, one.user, one.at, one.revision)


def _said(one: CellChange, text: str, language: Language) -> str:
    if one.column:
        return cell_words(one.register, one.column, text, language)
    return line_words(one.register, json.loads(text)["cells"], language) if text else ""
