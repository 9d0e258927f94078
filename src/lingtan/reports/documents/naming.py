"""What enterprises, people asked and missing data are called; a confidential enterprise stays unnamed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lingtan.assessment.naming import name_datum
from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import registers
from lingtan.errors import Fault
from lingtan.reports.results import Results
from lingtan.reports.words import Words

PARK = "park"
TELLING_DIGITS = 6  # an id like `1` tells nobody who it is, and stands in every other number


class Names:
    """Names for one document; in all of them the same `保密企业 1`, numbered by register."""

    def __init__(self, results: Results, words: Words) -> None:
        self._words = words
        self._rows = results.enterprises
        hidden = [id for id, row in self._rows.items() if row.values.get("confidential") is True]
        self._covers: Mapping[str, str] = {
            id: words.text("naming.confidential", number=number) for number, id in enumerate(hidden, 1)
        }
        self._telling = _find_telling(self._rows, self._covers)
        self._places = _find_places(results.dossier, self._covers)

    @property
    def has_confidential(self) -> bool:
        """Whether the park has any confidential enterprise."""
        return bool(self._covers)

    def is_confidential(self, id: str) -> bool:
        """Whether neither the name nor the detail figures of this enterprise may leave the park."""
        return id in self._covers

    def enterprise(self, id: str) -> str:
        """The name of an enterprise, its id where it has no name; `园区整体` for the park as a whole."""
        if id in ("", PARK):
            return self._words.text("naming.whole_park")
        if id in self._covers:
            return self._covers[id]
        return (self._rows[id].text("name") if id in self._rows else "") or id

    def asked(self, asked_of: str) -> str:
        """Who can supply a datum: the park's operator, or an enterprise."""
        return self._words.text("naming.operator") if asked_of == PARK else self.enterprise(asked_of)

    def clean(self, text: str) -> str:
        """`text` with ids and names of confidential enterprises covered."""
        for pattern, cover in self._telling:
            text = pattern.sub(cover, text)
        return text

    def datum(self, datum: str, *, count: int = 1) -> str:
        """What a datum, or `count` cells of its column, is called on the form."""
        return self.clean(name_datum(datum, self._words.language, count=count))

    def is_about_confidential(self, fault: Fault) -> bool:
        """Whether a fault speaks of the row, or names the id, of a confidential enterprise."""
        if (fault.place.file, fault.place.sheet, fault.place.row) in self._places:
            return True
        spoken = " ".join((*fault.context.values(), str(fault.place)))
        return self.clean(spoken) != spoken


def _find_telling(
    rows: Mapping[str, Row], covers: Mapping[str, str]
) -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for id, cover in covers.items():
        if name := rows[id].text("name"):
            found.append((re.compile(re.escape(name)), cover))
        if any(c.isalpha() for c in id) or len(id) >= TELLING_DIGITS:
            found.append((re.compile(rf"(?<![0-9A-Za-z]){re.escape(id)}(?![0-9A-Za-z])"), cover))
    return tuple(found)


def _find_places(dossier: Dossier, covers: Mapping[str, str]) -> frozenset[tuple[str, str, int]]:
    """File, sheet and row of everything that a confidential enterprise handed in."""
    found = set()
    for name, rows in dossier.rows.items():
        register = registers().get(name)
        columns = [] if register is None else list(register.columns.items())
        speaking = [key for key, column in columns if column.to == "enterprises"]
        speaking += ["enterprise"] if name == "enterprises" else []
        for row in rows:
            if any(row.text(column) in covers for column in speaking):
                found.add((row.place.file, row.place.sheet, row.place.row))
    return frozenset(found)
