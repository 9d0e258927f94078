"""A desk with what the reports on the inventory need besides: names of codes, rows by their keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from lingtan.dossier.records import Row
from lingtan.dossier.registers import registers
from lingtan.inventory.annex import UsedFactor
from lingtan.reports.documents.desk import Desk
from lingtan.reports.documents.labels import Labels
from lingtan.trace import Basis

_CELL = re.compile(r"(?P<register>\w+)\[(?P<key>.*)\]\.(?P<column>\w+)")
_METHOD = "methods/"
_SPEAKING = ("enterprise", "owner", "landlord", "tenant", "from", "to")


@dataclass(frozen=True)
class Bench(Desk):
    """Results and words of one document; labels of codes."""

    @cached_property
    def labels(self) -> Labels:
        """Sources, scopes, totals, carriers, registers."""
        return Labels(self.words)

    def basis(self, basis: Basis) -> str:
        """`标准规定`, `推断`, `先例` or `设定值`, as it stands in a cell."""
        return self.labels.basis(basis)

    @property
    def not_given(self) -> str:
        """What stands where nothing was handed in."""
        return self.text("labels.not_given")

    @property
    def comma(self) -> str:
        """What stands between the words of a list."""
        return self.text("verdicts.comma")

    def say_source(self, one: UsedFactor) -> str:
        """Where a factor or a parameter of the method is written; a dash where nowhere."""
        if one.reference.startswith(_METHOD):
            return self.text(f"method.source_{one.reference.rpartition('.')[2]}")
        return self.said(one.source) or "—"

    def unit_name(self, unit: str) -> str:
        """A unit for a table of units: what rounding calls points and scores in words."""
        return self.text(f"labels.unit_{unit}") if unit in ("points", "score") else self.unit(unit)

    @cached_property
    def rows(self) -> dict[tuple[str, str], Row]:
        """Every row of the dossier by register and key."""
        dossier = self.results.dossier
        return {(name, row.key): row for name, rows in dossier.rows.items() for row in rows}

    def find_row(self, reference: str) -> Row | None:
        """The row of a cell as traces name it: `register[key].column`."""
        match = _CELL.fullmatch(reference)
        return self.rows.get((match["register"], match["key"])) if match else None

    def open_rows(self, register: str) -> tuple[Row, ...]:
        """The rows of a register that may be shown: those of no confidential enterprise."""
        rows = self.results.dossier.rows.get(register, ())
        return tuple(row for row in rows if not self.is_covered(row))

    def is_covered(self, row: Row) -> bool:
        """Whether the row speaks of a confidential enterprise."""
        return any(self.names.is_confidential(row.text(column)) for column in _SPEAKING)

    def name_input(self, reference: str) -> str:
        """An input of a result: the cell in words, or the id of a factor as it is."""
        match = _CELL.fullmatch(reference)
        register = registers().get(match["register"]) if match else None
        if match is None or register is None or match["column"] not in register.columns:
            return self.names.clean(reference)
        column = register.columns[match["column"]]
        key = self.names.clean(match["key"])
        named = (self.pick(register.zh, register.en), self.pick(column.zh, column.en))
        return self.text("labels.cell", register=named[0], column=named[1], row=key)
