"""Writing runs into cells of a workbook: numbers as numbers, words as words and never as formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from lingtan.dossier.workbook_style import FONT, Look, Style
from lingtan.reports.formats.plain import Names, plain, word
from lingtan.reports.formats.workbook.areas import Area, Here, resolve
from lingtan.reports.formats.workbook.numbers import cell_value, number_format
from lingtan.reports.records import Align, Amount, Runs, Strong, Verdict
from lingtan.reports.words import Words

TEAL, PALE, LINE, SOFT = "#0B5D5E", "#E6F0F0", "#B8C9C9", "#5A6666"
_CELL: Look = {
    "valign": "vcenter",
    "text_wrap": True,
    "border": 1,
    "border_color": LINE,
    "align": "left",
    "indent": 1,
}
_VERDICTS = {True: "#1B6B3A", False: "#B3261E", None: SOFT}
_STEERING = ("=", "+", "-", "@", "\t", "\r")
MOST_NOTES = 4_000
"""Notes on cells in one workbook: each is a drawing, and thousands make it slow to open."""

LOOKS: Mapping[str, Look] = {
    "big": {"bold": True, "font_size": 20, "font_color": TEAL, "valign": "vcenter", "text_wrap": True},
    "level1": {"bold": True, "font_size": 14, "font_color": TEAL, "valign": "vcenter", "text_wrap": True},
    "level2": {"bold": True, "font_size": 12, "font_color": TEAL, "valign": "vcenter", "text_wrap": True},
    "level3": {"bold": True, "font_size": 11, "font_color": TEAL, "valign": "vcenter", "text_wrap": True},
    "caption": {"bold": True, "font_size": 13, "font_color": TEAL, "valign": "vcenter"},
    "words": {"text_wrap": True, "valign": "top"},
    "note": {"text_wrap": True, "valign": "top", "font_size": 9, "font_color": SOFT},
    "callout": {"text_wrap": True, "valign": "vcenter", "align": "left", "indent": 1, "bg_color": PALE,
                "left": 5, "left_color": TEAL},
    "link": {"font_color": TEAL, "underline": 1, "valign": "top"},
    "header": {**_CELL, "bold": True, "font_color": "white", "bg_color": TEAL},
    "body": _CELL,
    "group": {"bold": True, "font_color": TEAL, "bg_color": PALE, "align": "left", "indent": 1,
              "valign": "vcenter", "top": 1, "bottom": 1, "top_color": LINE, "bottom_color": LINE},
    "total": {**_CELL, "bold": True, "bg_color": "#F1F5F5", "top": 2, "top_color": TEAL},
}  # fmt: skip


@dataclass(slots=True)
class Pen:
    """What writing takes: styles, words, names of blocks, and where tables stand."""

    style: Style
    words: Words
    names: Names
    areas: dict[str, Area] = field(default_factory=dict)
    notes_left: int = MOST_NOTES

    def text(self, runs: Runs) -> str:
        """The plain words of the runs."""
        return plain(runs, self.names)

    def note(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """A note on a cell, while there are any left."""
        if self.notes_left > 0:
            self.notes_left -= 1
            lines = 1 + sum(1 + len(line) // 44 for line in text.split("\n"))
            size = {"width": 320, "height": 18 * lines, "font_name": FONT, "font_size": 9}
            sheet.write_comment(row, column, text, {"author": "lingtan", **size})


@dataclass(frozen=True, slots=True)
class Cell:
    """Which cell, and how it looks."""

    sheet: Worksheet
    row: int
    column: int
    look: str = "body"
    align: Align = "left"


def put_words(pen: Pen, cell: Cell, text: str, **more: Any) -> None:
    """Words that stay words, whatever they begin with."""
    if text.startswith(_STEERING):
        more["quote_prefix"] = True
    look = _format(pen, cell, **more)
    if text:
        cell.sheet.write_string(cell.row, cell.column, text, look)
    else:
        cell.sheet.write_blank(cell.row, cell.column, None, look)


def put_link(pen: Pen, cell: Cell, target: str, text: str) -> None:
    """A link within the workbook; `target` is `'sheet'!A1`."""
    cell.sheet.write_url(cell.row, cell.column, f"internal:{target}", pen.style[cell.look], text)


def put_runs(pen: Pen, cell: Cell, runs: Runs, area: Area | None = None, index: int = 0) -> None:
    """A number alone as a number or formula, anything else as words.

    `area` is the table above, `index` the column of the table.
    """
    match runs:
        case (Amount() as amount,) if cell_value(amount) is not None:
            _put_number(pen, cell, amount, Here(cell.row, index, area) if area else None)
        case (Verdict() as verdict,):
            colour = _VERDICTS[verdict.passed]
            put_words(pen, cell, word(verdict, pen.names), bold=True, font_color=colour)
        case (Strong() as strong,):
            put_words(pen, cell, word(strong, pen.names), bold=True)
        case _:
            put_words(pen, cell, pen.text(runs))


def _put_number(pen: Pen, cell: Cell, amount: Amount, here: Here | None) -> None:
    value = cell_value(amount)
    look = _format(pen, cell, num_format=number_format(amount), text_wrap=False)
    formula = resolve(amount.formula, here, pen.areas) if here and amount.formula else ""
    if formula:
        cell.sheet.write_formula(cell.row, cell.column, formula, look, value)
    else:
        cell.sheet.write_number(cell.row, cell.column, value, look)


def _format(pen: Pen, cell: Cell, **more: Any) -> Format:
    if cell.align != "left":
        more = {"align": cell.align, "indent": 1 if cell.align == "right" else 0} | more
    return pen.style.variant(cell.look, **more)
