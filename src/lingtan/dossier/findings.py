"""What a reading of a dossier finds: single faults, and notes counted per column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from lingtan.errors import Fault, Place, fault

MOST_ALIKE = 200  # faults of one kind in one column that are told one by one
LONGEST_SHOWN = 60

_Group = tuple[str, str, str, str]


def shown(value: object) -> str:
    """`value` for a message: cut, and invisible characters made visible (`<U+202E>`)."""
    text = str(value)
    cut = text[:LONGEST_SHOWN] + "…" if len(text) > LONGEST_SHOWN else text
    return "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c)[0] == "C" else c for c in cut)


class Findings:
    """Collects faults; every fault is kept or counted, and a long row of equal ones is summed up."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._alike: dict[_Group, int] = {}
        self._counted: dict[_Group, tuple[int, Place, dict[str, object]]] = {}

    def add(self, code: str, place: Place, **context: object) -> None:
        """A fault at its place; beyond MOST_ALIKE of a kind in one column it is only counted."""
        group = (code, place.file, place.sheet, place.column)
        seen = self._alike.get(group, 0) + 1
        self._alike[group] = seen
        if seen <= MOST_ALIKE:
            self._faults.append(fault(code, place, **context))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Faults that were made elsewhere."""
        self._faults.extend(faults)

    def count(self, code: str, place: Place, **context: object) -> None:
        """A note that is told once per column: how many, and the first of them."""
        group = (code, place.file, place.sheet, place.column)
        if group in self._counted:
            number, first, words = self._counted[group]
            self._counted[group] = (number + 1, first, words)
        else:
            self._counted[group] = (1, place, dict(context))

    def all(self) -> tuple[Fault, ...]:
        """Every fault, by file, sheet, row and column."""
        found = list(self._faults)
        for (code, *_), (number, first, words) in self._counted.items():
            found.append(fault(code, first, **words, count=number))
        for (code, file, sheet, column), number in self._alike.items():
            if number > MOST_ALIKE:
                place = Place(file, sheet, 0, column)
                found.append(fault("dossier.more-alike", place, count=number - MOST_ALIKE, of=code))
        return tuple(sorted(found, key=_order))


def _order(found: Fault) -> tuple[Place, str, tuple[tuple[str, str], ...]]:
    return found.place, found.code, tuple(sorted(found.context.items()))
