"""The rows of a register as an edition's formulas see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lingtan.dossier.records import Cell, Dossier, Row
from lingtan.dossier.registers import checklist_items, registers
from lingtan.errors import Place
from lingtan.periods import Period

CHECKLISTS = "checklists"


def find_rows(dossier: Dossier, register: str) -> tuple[Row, ...] | None:
    """Rows that belong to the reporting year; None if the register was not handed in.

    Rows that all belong to other years are no data of this year. A checklist has a row for each
    item it may have: one that was not handed in stands there unanswered, so that it can be named.
    """
    if not dossier.is_supplied(register):
        return None
    rows = dossier.rows.get(register, ())
    column = registers()[register].year_of
    kept = tuple(row for row in rows if _is_of(row.values.get(column), dossier.park.reporting.year))
    if rows and not kept:
        return None
    return (*kept, *_unanswered(dossier)) if register == CHECKLISTS and rows else kept


def _is_of(when: Cell, year: int) -> bool:
    """Whether a row's period, date or year lies in `year`; one without any is taken as of the year."""
    if isinstance(when, Period | date):
        return when.year == year
    return when == Decimal(year) if isinstance(when, Decimal) else True


def _unanswered(dossier: Dossier) -> Iterator[Row]:
    given = {(row.text("checklist"), row.text("item")) for row in dossier.rows[CHECKLISTS]}
    place = dossier.rows[CHECKLISTS][0].place
    blank: dict[str, Cell] = dict.fromkeys(registers()[CHECKLISTS].columns)
    for checklist, items in checklist_items().items():
        for item in items:
            if (checklist, item) not in given:
                values = {**blank, "checklist": checklist, "item": item}
                yield Row(CHECKLISTS, f"{checklist}/{item}", values, Place(place.file, place.sheet))
