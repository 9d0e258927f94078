"""Names that formulas may use beside terms and parameters: facts, and the columns of registers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from lingtan.documents import Record, load_shipped
from lingtan.dossier.registers import Column, registers
from lingtan.expressions import Declared, Kind

_KIND_OF_COLUMN: Mapping[str, Kind] = {
    "number": "number",
    "count": "number",
    "year": "number",
    "yes_no": "yes_no",
    "date": "date",
    "period": "period",
}


class FactDeclaration(Record):
    """A fact about the park, computed before the assessment."""

    type: Literal["number", "yes_no", "date"]
    unit: str = "1"
    zh: str
    en: str

    @property
    def declared(self) -> Declared:
        """Kind and unit, for the check of formulas."""
        return Declared(self.type, self.unit)


@cache
def facts() -> Mapping[str, FactDeclaration]:
    """Every fact by name, as `lingtan_data/schema/facts.yaml` declares it."""
    raw = load_shipped("schema", "facts.yaml")
    return {name: FactDeclaration.model_validate(entry) for name, entry in raw.items()}


@cache
def columns(register: str) -> Mapping[str, Declared]:
    """Kind and unit of each column of a register; empty if there is no such register."""
    found = registers().get(register)
    return {name: _declared(column) for name, column in found.columns.items()} if found else {}


def _declared(column: Column) -> Declared:
    kind: Kind = _KIND_OF_COLUMN.get(column.type, "text")
    return Declared(kind, column.unit or "1", tuple(column.choices), column.unit_column)
