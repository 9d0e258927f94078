"""Registers, columns and cells in words. No Django here."""

from __future__ import annotations

from collections.abc import Mapping

from lingtan.dossier.registers import registers
from lingtan.errors import Language

_ANSWERS = {"yes": ("是", "yes"), "no": ("否", "no")}


def register_label(name: str, language: Language) -> str:
    """The title of a register; another name as it is."""
    register = registers().get(name)
    return _pick((register.zh, register.en), language) if register else name


def column_label(register: str, name: str, language: Language) -> str:
    """The label of a column; people's own columns as they are."""
    found = registers()[register].columns.get(name) if register in registers() else None
    return _pick((found.zh, found.en), language) if found else name


def cell_words(register: str, name: str, text: str, language: Language) -> str:
    """A cell as people read it: the word of a choice or an answer, else what was written."""
    found = registers()[register].columns.get(name) if register in registers() else None
    if found is None:
        return text
    if found.type == "yes_no" and text in _ANSWERS:
        return _pick(_ANSWERS[text], language)
    return _pick(found.choices[text], language) if text in found.choices else text


def line_words(register: str, cells: Mapping[str, str], language: Language) -> str:
    """A row in one line, in the order of its columns."""
    columns = registers()[register].columns if register in registers() else {}
    names = [*(name for name in columns if name in cells), *(name for name in cells if name not in columns)]
    return " · ".join(cell_words(register, name, str(cells[name]), language) for name in names)


def _pick(pair: tuple[str, str], language: Language) -> str:
    return pair[1] if language == "en" else pair[0]
