"""What a question reopens: one cell, one row, new rows of a register, or a key of the park sheet.

Written as a trace writes a cell: `energy_activity[2024-01/E001/electricity/purchased].quantity`,
`buildings[B07]`, `evidence[+]` (rows may be added, none changed), `park.profile.area_m2`, `boundary`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lingtan.dossier.park_files import park_keys
from lingtan.dossier.registers import registers
from lingtan.errors import Fault, fault

PARK, BOUNDARY, NEW_ROWS = "park", "boundary", "+"
_ROW = re.compile(r"(?P<register>[a-z_]+)\[(?P<row>.+)\](?:\.(?P<column>[^.\[\]]+))?")


@dataclass(frozen=True, slots=True, order=True)
class Field:
    """`register` may be `park` (then `column` is the key) or `boundary`; `row` "+" is new rows."""

    register: str
    row: str = ""
    column: str = ""

    def __str__(self) -> str:
        if self.register == PARK:
            return f"{PARK}.{self.column}"
        if self.register == BOUNDARY:
            return BOUNDARY
        return f"{self.register}[{self.row}]" + (f".{self.column}" if self.column else "")

    def is_within(self, other: Field) -> bool:
        """Whether this place is the other, or lies in it (a key below a key, a cell of a row)."""
        if self.register != other.register:
            return False
        if self.register == PARK:
            return self.column == other.column or self.column.startswith(f"{other.column}.")
        return self.row == other.row and other.column in ("", self.column)


def read_field(text: str) -> Field | None:
    """The field that `text` names; None if it is not written as one."""
    text = text.strip()
    if text == BOUNDARY:
        return Field(BOUNDARY)
    if text.startswith(f"{PARK}.") and len(text) > len(PARK) + 1:
        return Field(PARK, column=text.removeprefix(f"{PARK}."))
    found = _ROW.fullmatch(text)
    return Field(found["register"], found["row"], found["column"] or "") if found else None


def check_fields(texts: Iterable[str]) -> list[Fault]:
    """A question names at least one field, and only fields that a dossier has."""
    named = [text for text in texts if text.strip()]
    if not named:
        return [fault("review.question-without-field")]
    return [fault("review.unknown-field", field=text) for text in named if not _is_known(read_field(text))]


def _is_known(field: Field | None) -> bool:
    if field is None:
        return False
    if field.register == BOUNDARY:
        return True
    if field.register == PARK:
        return any(key == field.column or key.startswith(f"{field.column}.") for key in _keys())
    register = registers().get(field.register)
    if register is None or (field.row == NEW_ROWS and field.column):
        return False
    return not field.column or field.column in register.columns


def _keys() -> Iterable[str]:
    return park_keys()


def is_open(field: Field, opened: Iterable[Field]) -> bool:
    """Whether `field` lies in one of the opened ones."""
    return any(field.is_within(one) for one in opened)
