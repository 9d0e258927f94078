"""The list of evidence as the register has it: raw cells of a row, read forgivingly for people.

The register `evidence` of the working dossier is the one list. What a document is called, how long it
is valid, whether it is confidential stands there and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lingtan.dossier.cells import CellError, clean
from lingtan.dossier.cells_dates import parse_date
from lingtan.dossier.cells_words import parse_yes_no

REGISTER = "evidence"
_NUMBERED = re.compile(r"EV(\d{1,6})")


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A row of the list. `valid_to` is None where blank or unreadable; what is unreadable is confidential."""

    row: int
    id: str
    file: str
    sha256: str
    title: str
    supports: str
    page: str
    valid_to: date | None
    is_confidential: bool


def read_entry(row: int, cells: Mapping[str, str]) -> ListEntry:
    """The entry in the cells of row `row`."""
    said = {name: str(value).strip() for name, value in cells.items()}
    return ListEntry(
        row=row,
        id=said.get("id", ""),
        file=said.get("file", ""),
        sha256=said.get("sha256", "").lower(),
        title=said.get("title", ""),
        supports=said.get("supports", ""),
        page=said.get("page", ""),
        valid_to=_day(said.get("valid_to", "")),
        is_confidential=_is_yes(said.get("confidential", "")),
    )


def _day(text: str) -> date | None:
    try:
        cleaned = clean(text, [])
        return None if cleaned is None else parse_date(cleaned, [])
    except CellError:
        return None


def _is_yes(text: str) -> bool:
    """Blank is no; what cannot be read is yes, so that a slip opens nothing."""
    try:
        cleaned = clean(text, [])
        return cleaned is not None and parse_yes_no(cleaned, []) is not False
    except CellError:
        return True


def next_id(taken: Iterable[str]) -> str:
    """The id after the highest of the form EV001; gaps are not filled, an id means one document for good."""
    numbers = [int(found[1]) for one in taken if (found := _NUMBERED.fullmatch(one))]
    return f"EV{max(numbers, default=0) + 1:03}"
