"""What people say of a document: the words of its row in the list, and their faults."""

from __future__ import annotations

from dataclasses import dataclass

from lingtan.dossier.cells import CellError, clean
from lingtan.dossier.cells_dates import parse_date
from lingtan.errors import Fault, Place, fault
from lingtan_web.evidence.names import shown

LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Said:
    """The words as they were typed; what is sealed is confidential too."""

    title: str = ""
    supports: str = ""
    page: str = ""
    valid_to: str = ""
    is_confidential: bool = False
    is_sealed: bool = False

    def cells(self) -> dict[str, str]:
        """The cells of the row."""
        confidential = "yes" if self.is_confidential or self.is_sealed else "no"
        return {
            "title": self.title, "supports": self.supports, "page": self.page, "valid_to": self.valid_to,
            "confidential": confidential,
        }  # fmt: skip


def check_words(said: Said) -> list[Fault]:
    """A day that is none, words too long for a cell of a list."""
    faults = []
    try:
        cleaned = clean(said.valid_to, [])
        if cleaned is not None:
            parse_date(cleaned, [])
    except CellError:
        faults.append(fault("evidence.bad-day", Place(column="valid_to"), given=shown(said.valid_to)))
    for name in ("title", "supports", "page"):
        length = len(getattr(said, name))
        if length > LONGEST_WORDS:
            place = Place(column=name)
            faults.append(fault("evidence.words-long", place, length=length, limit=LONGEST_WORDS))
    return faults
