"""Whose data a number rests on: so that an enterprise sees its own, and nobody a confidential one's.

A node speaks of an enterprise by its own name (`energy[2024/E001/…]`), by the row its cell stands in,
or because all it is made of does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lingtan.dossier.records import Dossier, Row
from lingtan.dossier.registers import registers
from lingtan.errors import Place
from lingtan.trace import Node

MANY = frozenset({"*"})
"""What stands for more enterprises than it is worth to name."""

MOST = 3
PARK = "park"
"""The owner of data of the park as a whole; factors and limits of documents have no owner."""

_HANDED_IN = ("cell", "profile", "readings", "confirmed", "missing")
_BRACKETS = re.compile(r"\[(.*)\]")
_NOBODY: frozenset[str] = frozenset()


@dataclass
class Owners:
    """The owners of each node, found once, inputs before the nodes that use them."""

    dossier: Dossier
    _found: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.dossier.rows.get("enterprises", ())
        self.enterprises = frozenset(row.key for row in rows)
        self.confidential = frozenset(row.key for row in rows if row.values.get("confidential") is True)
        self._of_place = _find_places(self.dossier, self.enterprises)

    def add(self, node: Node) -> tuple[frozenset[str], bool]:
        """Whom `node` rests on, and whether it gives away a confidential enterprise. Inputs come first."""
        own = self._speaks_of(node)
        inputs = [self._found[id(child)] for _, child in node.inputs]
        of = own.union(*inputs)
        of = MANY if of >= MANY or len(of) > MOST else of
        self._found[id(node)] = of
        whose = of - {PARK}
        is_sealed = bool(own & self.confidential) or bool(whose and whose <= self.confidential)
        return of, is_sealed

    def _speaks_of(self, node: Node) -> frozenset[str]:
        match = _BRACKETS.search(node.name)
        parts = match[1].split("/") if match else []
        named = self.enterprises.intersection(parts)
        if node.origin is None or node.origin.kind not in _HANDED_IN:
            return named
        return (named | self._at(node.origin.place)) or frozenset({PARK})

    def _at(self, place: Place) -> frozenset[str]:
        return self._of_place.get((place.file, place.sheet, place.row), _NOBODY) if place.row else _NOBODY


def _find_places(
    dossier: Dossier, enterprises: frozenset[str]
) -> Mapping[tuple[str, str, int], frozenset[str]]:
    """The enterprises that each row of the dossier speaks of."""
    found = {}
    for name, rows in dossier.rows.items():
        declared = registers().get(name)
        columns = declared.columns.items() if declared else ()
        speaking = [key for key, column in columns if column.to == "enterprises"]
        speaking += ["enterprise"] if name == "enterprises" else []
        for row in rows:
            if of := enterprises.intersection(_cells(row, speaking)):
                found[row.place.file, row.place.sheet, row.place.row] = frozenset(of)
    return found


def _cells(row: Row, columns: Iterable[str]) -> list[str]:
    return [row.text(column) for column in columns]
