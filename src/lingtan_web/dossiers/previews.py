"""A plan of an import as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from lingtan.errors import Fault, Language
from lingtan_web.dossiers.plans import Plan, read_faults
from lingtan_web.dossiers.wording import cell_words, column_label, register_label
from lingtan_web.languages import current_language

ROWS_A_PAGE = 100
KINDS = ("added", "changed", "removed", "unchanged")


@dataclass(frozen=True, slots=True)
class PlannedRegister:
    """A register of a plan: how many rows of each kind, and whether it is chosen from the start.

    A register that the file leaves empty is kept, unless the person ticks it.
    """

    name: str
    title: str
    added: int
    changed: int
    removed: int
    unchanged: int
    is_given: bool
    faults: int

    @property
    def has_changes(self) -> bool:
        """Whether carrying it out changes anything."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of a plan, in words."""

    register: str
    title: str
    kind: str
    key: str
    number: int
    cells: Sequence[tuple[str, str, str]]
    faults: Sequence[Fault]


def count_plan(plan: Plan, language: Language) -> list[PlannedRegister]:
    """Each register of the plan."""
    found = []
    for part in plan["registers"]:
        counts: Mapping[str, int] = part["counts"]
        faults = sum(bool(row["faults"]) for row in part["rows"])
        added, changed, removed, unchanged = (counts.get(kind, 0) for kind in KINDS)
        title = register_label(part["name"], language)
        found.append(
            PlannedRegister(part["name"], title, added, changed, removed, unchanged, part["is_given"], faults)
        )
    return found


def find_shown(plan: Plan, register: str, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows to show: of one register and kind if they are named; unchanged ones only when asked for."""
    kinds = {kind} if kind in KINDS else {"added", "changed", "removed"}
    return [
        (part["name"], row)
        for part in plan["registers"]
        if not register or part["name"] == register
        for row in part["rows"]
        if (row["kind"] in kinds if kind != "faults" else row["faults"])
    ]


def page_of(rows: Sequence[tuple[str, Mapping[str, Any]]], number: str | None) -> Page[PlannedRow]:
    """One page of rows, in words."""
    shown: Page[Any] = Paginator(rows, ROWS_A_PAGE).get_page(number)
    shown.object_list = [_row(name, row) for name, row in shown.object_list]
    return shown


def _row(name: str, row: Mapping[str, Any]) -> PlannedRow:
    language = current_language()
    is_gone = row["kind"] == "removed"
    whole = [
        (column, text if is_gone else "", "" if is_gone else text) for column, text in row["line"].items()
    ]
    cells = [
        (
            column_label(name, column, language),
            cell_words(name, column, old, language),
            cell_words(name, column, new, language),
        )
        for column, old, new in whole or row["cells"]
    ]
    faults = read_faults(row["faults"])
    title = register_label(name, language)
    return PlannedRow(name, title, row["kind"], row["key"], row["number"], cells, faults)
