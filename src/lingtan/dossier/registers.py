"""The registers of a dossier as declared in `lingtan_data/schema/registers`.

Declared once: the folder reader, the workbook, the checks and the reference page use these.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from pydantic import Field

import lingtan_data
from lingtan.documents import Record, load_shipped

ColumnType = Literal[
    "id", "ref", "text", "number", "count", "yes_no", "choice",
    "date", "period", "year", "unit", "evidence",
]  # fmt: skip


class Column(Record):
    """One column: name, type, unit, limits, words in both languages."""

    type: ColumnType
    zh: str
    en: str
    required: bool = False
    unit: str = ""
    unit_column: str = ""
    min: int | None = None
    max: int | None = None
    to: str = ""
    choices: Mapping[str, tuple[str, str]] = Field(default_factory=dict)
    choices_from: str = Field(default="", alias="from")
    example: str | Decimal | None = None
    name: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether cells hold a decimal (a year is a number without unit)."""
        return self.type in ("number", "count", "year")


class Register(Record):
    """One register: words, key columns, columns in their order.

    `year_of`: the column by which a row belongs to a year; rows of other years do not count.
    """

    zh: str
    en: str
    about_zh: str
    about_en: str
    key: tuple[str, ...]
    year_of: str = ""
    columns: Mapping[str, Column]
    name: str = ""


class Carrier(Record):
    """An energy carrier of `lingtan_data/carriers.yaml`."""

    zh: str
    en: str
    kind: Literal["fossil", "biogenic", "electricity", "heat", "steam", "cold"]
    group: str
    unit: str
    name: str = ""


@cache
def registers() -> Mapping[str, Register]:
    """Every register by name, in the order of the workbook."""
    found: dict[str, Register] = {}
    for file in sorted(lingtan_data.path("schema", "registers").glob("*.yaml")):
        for name, raw in load_shipped("schema", "registers", file.name).items():
            found[name] = _register(name, raw)
    return found


def _register(name: str, raw: Mapping[str, object]) -> Register:
    register = Register.model_validate({**raw, "name": name})
    columns = {
        key: column.model_copy(update={"name": key, "choices": _choices(column)})
        for key, column in register.columns.items()
    }
    return register.model_copy(update={"columns": columns})


def _choices(column: Column) -> Mapping[str, tuple[str, str]]:
    if column.choices_from == "carriers":
        return {name: (carrier.zh, carrier.en) for name, carrier in carriers().items()}
    if column.choices_from == "processes":
        return {name: (raw["zh"], raw["en"]) for name, raw in load_shipped("processes.yaml").items()}
    if column.choices_from in ("keys", "cogeneration"):
        ways = load_shipped("methods", "allocation.yaml")[column.choices_from]
        return {name: (raw["zh"], raw["en"]) for name, raw in ways.items()}
    return column.choices


@cache
def carriers() -> Mapping[str, Carrier]:
    """Every energy carrier by name."""
    raw = load_shipped("carriers.yaml")
    return {name: Carrier.model_validate({**entry, "name": name}) for name, entry in raw.items()}


@cache
def checklist_items() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Words and editions of each item, by checklist, as `schema/checklists.yaml` declares them."""
    items: Mapping[str, Mapping[str, Mapping[str, Any]]] = load_shipped("schema", "checklists.yaml")
    return items
