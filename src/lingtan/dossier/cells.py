"""One cell: from what is written to a value, forgiving where the meaning is certain.

A parser takes a cleaned cell and a list it may add note codes to; it returns the value or
raises CellError. Nothing here knows a register.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from lingtan.dossier.findings import shown
from lingtan.dossier.records import Cell

LONGEST_CELL = 32_767  # what a cell of Excel holds
LONGEST_ID = 200
EXCEL_DIGITS = 15  # what a number of Excel holds

Notes = list[str]


class ErrorCell(str):
    """A cell of a workbook that holds an error value (`#REF!`)."""

    __slots__ = ()


class EmptyFormula(str):
    """A cell whose formula was never calculated: its value is not in the file."""

    __slots__ = ()


class PercentCell(float):
    """A number of a workbook that is shown as a percentage: 0.99 for 99 %."""


Raw = str | float | int | bool | date | datetime | time | timedelta
Parser = Callable[[Raw, Notes], Cell]


class CellError(Exception):
    """A cell that cannot be taken, with the code and the values of its words."""

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code = code
        self.context = context


_ERRORS = frozenset(
    ["#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"]
)
_BLANK = frozenset(["-", "--", "—", "——", "–", "−", "－", "/", "n/a", "无数据", "暂无数据", "暂无"])
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def clean(raw: Raw, notes: Notes) -> Raw | None:
    """`raw` without surrounding blanks and invisible characters; None if blank.

    Raises CellError for error values, control characters and cells longer than Excel's.
    """
    if not isinstance(raw, str):
        return raw
    if isinstance(raw, ErrorCell):
        raise CellError("dossier.formula-error", given=raw)
    if isinstance(raw, EmptyFormula):
        raise CellError("dossier.formula-not-calculated", given=raw)
    if len(raw) > LONGEST_CELL:
        raise CellError("dossier.cell-too-long", length=len(raw), limit=LONGEST_CELL)
    text = raw if raw.isprintable() else _visible(raw, notes)
    stripped = text.strip()
    if len(stripped) != len(text) and stripped:
        notes.append("dossier.blanks-trimmed")
    if stripped[:1] == "#" and stripped.upper() in _ERRORS:
        raise CellError("dossier.formula-error", given=stripped)
    return stripped or None


def _visible(raw: str, notes: Notes) -> str:
    """Line breaks as line feeds, characters nobody sees left out; control characters are refused."""
    if _CONTROL.search(raw):
        raise CellError("dossier.control-characters", given=shown(raw))
    text = _INVISIBLE.sub("", raw)
    if text != raw:
        notes.append("dossier.invisible-characters")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_blank_word(text: str) -> bool:
    """Whether `text` is one of the ways people write that there is nothing (`—`, `N/A`, `无数据`)."""
    return text.lower() in _BLANK


def folded_width(text: str, notes: Notes) -> str:
    """Full-width letters and digits as ordinary ones."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    if folded != text:
        notes.append("dossier.full-width")
    return folded


def decimal_of_float(value: float) -> Decimal:
    """The number that was typed: 15 significant digits, without what binary storage adds."""
    return Decimal(format(value, f".{EXCEL_DIGITS}g"))


def plain_number(value: Decimal) -> str:
    """`value` without exponent and without zeros that say nothing: 1.50 is 1.5, 1E+3 is 1000."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def raw_text(raw: Raw) -> str:
    """A cell as text, as it would stand in a CSV file."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, PercentCell):
        return f"{plain_number(decimal_of_float(raw).scaleb(2))}%"
    if isinstance(raw, float):
        return plain_number(decimal_of_float(raw))
    if isinstance(raw, datetime):
        whole_day = raw.time() == time()
        return raw.date().isoformat() if whole_day else raw.isoformat(sep=" ")
    return raw.isoformat() if isinstance(raw, date | time) else str(raw)


def parse_text(raw: Raw, notes: Notes) -> str | None:
    """Words. A formula-like text (`=1+1`) is text; a date of Excel is its ISO form, with a note."""
    if isinstance(raw, str):
        return None if _is_noted_blank(raw, notes) else raw
    if isinstance(raw, date | time | timedelta):
        notes.append("dossier.date-as-text")
    return raw_text(raw)


def _is_noted_blank(text: str, notes: Notes) -> bool:
    if not is_blank_word(text):
        return False
    notes.append("dossier.blank-word")
    return True


def parse_id(raw: Raw, notes: Notes) -> str | None:
    """An id: one line of text, full width folded. What Excel made of it is refused if not certain."""
    if isinstance(raw, date | time | timedelta):
        raise CellError("dossier.id-became-date", given=raw_text(raw))
    if isinstance(raw, float) and abs(raw) >= 10**EXCEL_DIGITS:
        raise CellError("dossier.id-lost-digits", given=f"{raw:.0f}")
    text = folded_width(raw_text(raw), notes)
    if _is_noted_blank(text, notes):
        return None
    if "\n" in text or "\t" in text:
        raise CellError("dossier.id-of-several-lines", given=shown(text))
    if len(text) > LONGEST_ID:
        raise CellError("dossier.id-too-long", length=len(text), limit=LONGEST_ID)
    return text
