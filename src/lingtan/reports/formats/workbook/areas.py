"""Where the body cells of a table stand on its sheet, and formulas that name them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from xlsxwriter.utility import (  # type: ignore[import-untyped]
    quote_sheetname,
    xl_range,
    xl_range_abs,
    xl_rowcol_to_cell,
)

LONGEST_FORMULA = 8_000  # Excel takes 8,192 characters
MOST_PARTS = 250  # and 255 arguments
_NAMED = re.compile(r"\{(?:(?P<table>[^{}:]+):)?(?P<what>above|c\d+)\}")


@dataclass(slots=True)
class Area:
    """The body rows of a table so far, as first and last rows, and the sheet columns of its columns.

    Group rows do not part the body (they hold words, which sums pass over), rows of totals do.
    """

    sheet: str
    columns: tuple[int, ...]
    body: list[tuple[int, int]] = field(default_factory=list)
    _parted: bool = True

    def add_body(self, first: int, last: int) -> None:
        """A further row of the body, which stands in `first` and, if it is long, down to `last`."""
        if self._parted or not self.body:
            self.body.append((first, last))
        else:
            self.body[-1] = (self.body[-1][0], last)
        self._parted = False

    def part(self) -> None:
        """A row of totals: what comes below is another part of the body."""
        self._parted = True

    def cells_above(self, column: int) -> str:
        """`D5:D9`, in a sum."""
        place = self.columns[column]
        return ",".join(xl_range(first, place, last, place) for first, last in self.body)

    def cells_from_elsewhere(self, column: int) -> str:
        """`'表3 排放明细'!$D$5:$D$9`, in a formula of another sheet."""
        place, sheet = self.columns[column], quote_sheetname(self.sheet)
        parts = (xl_range_abs(first, place, last, place) for first, last in self.body)
        return ",".join(f"{sheet}!{part}" for part in parts)


@dataclass(frozen=True, slots=True)
class Here:
    """The cell of a formula: its row and column (of the table), and the table above it."""

    row: int
    column: int
    area: Area


def resolve(template: str, here: Here, areas: Mapping[str, Area]) -> str:
    """The formula with the names of cells; empty where it would have nothing to add up or be too long.

    KeyError if a table is named that has no sheet of its own: our own bug.
    """
    empty = False

    def cells(found: re.Match[str]) -> str:
        nonlocal empty
        text = _cells(found, here, areas)
        empty = empty or not text
        return text

    formula = _NAMED.sub(cells, template)
    too_long = len(formula) > LONGEST_FORMULA or formula.count(",") > MOST_PARTS
    return "" if empty or too_long else formula


def _cells(found: re.Match[str], here: Here, areas: Mapping[str, Area]) -> str:
    what = found["what"]
    if found["table"]:
        return areas[found["table"]].cells_from_elsewhere(int(what[1:]))
    if what == "above":
        return here.area.cells_above(here.column)
    return str(xl_rowcol_to_cell(here.row, here.area.columns[int(what[1:])]))
