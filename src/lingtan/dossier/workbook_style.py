"""How the workbook looks, and putting values into cells so that they come out the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from lingtan.dossier.cells import EXCEL_DIGITS, LONGEST_CELL, decimal_of_float, plain_number
from lingtan.errors import DossierError, Place, fault
from lingtan.texts import drawn_width

FONT = "Microsoft YaHei"
BLUE, ORANGE, PALE, GREY, YELLOW, RED = "#1F4E79", "#C55A11", "#DDEBF7", "#7F7F7F", "#FFF8E1", "#FFD9D9"
NARROWEST, WIDEST = 11, 36

Look = Mapping[str, Any]

_FORMATS: dict[str, Look] = {
    "title": {"bold": True, "font_size": 14, "font_color": BLUE, "valign": "vcenter"},
    "big": {"bold": True, "font_size": 20, "font_color": BLUE, "valign": "vcenter"},
    "about": {"text_wrap": True, "valign": "vcenter", "font_color": "#404040"},
    "link": {"font_color": "#0563C1", "underline": 1, "valign": "top"},
    "header": {
        "bold": True,
        "font_color": "white",
        "bg_color": BLUE,
        "text_wrap": True,
        "border": 1,
        "valign": "vcenter",
    },
    "required": {
        "bold": True,
        "font_color": "white",
        "bg_color": ORANGE,
        "text_wrap": True,
        "border": 1,
        "valign": "vcenter",
    },
    "english": {"bg_color": PALE, "text_wrap": True, "font_size": 9, "border": 1, "border_color": "#BFBFBF"},
    "unit": {"bg_color": "#F2F2F2", "font_color": GREY, "font_size": 9, "italic": True, "border": 1},
    "example": {"bg_color": YELLOW, "font_color": "#8D6E00", "italic": True, "border": 1, "num_format": "@"},
    "mark": {"font_color": GREY, "font_size": 9, "align": "right"},
    "text": {"num_format": "@", "valign": "top"},
    "wrapped": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "number": {"valign": "top", "align": "right"},
    "date": {"num_format": "yyyy-mm-dd", "align": "right", "valign": "top"},
    "input": {"num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFFFFF"},
    "number_input": {"text_wrap": True, "valign": "top", "align": "left", "border": 1},
    "body": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "step": {"bold": True, "font_color": BLUE, "align": "center", "valign": "top"},
    "missing": {"bg_color": RED},
}


class Style:
    """The formats of one workbook, by what they are for."""

    def __init__(self, book: Workbook, looks: Mapping[str, Look] = _FORMATS) -> None:
        self._book, self._looks = book, looks
        self._variants: dict[tuple[str, tuple[tuple[str, Any], ...]], Format] = {}
        self._formats = {name: self._add(look) for name, look in looks.items()}

    def __getitem__(self, name: str) -> Format:
        return self._formats[name]

    def variant(self, name: str, **more: Any) -> Format:
        """The format `name` with `more` properties, made once."""
        key = (name, tuple(more.items()))
        if key not in self._variants:
            self._variants[key] = self._add({**self._looks[name], **more}) if more else self._formats[name]
        return self._variants[key]

    def _add(self, look: Look) -> Format:
        return self._book.add_format({"font_name": FONT, "font_size": 10, "border_color": "#BFBFBF", **look})


def make_printable(sheet: Worksheet, repeated: int, pages: int = 1, *, landscape: bool = True) -> None:
    """A4, across or upright, `pages` wide, the first `repeated` rows on every page."""
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(pages, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    if repeated:
        sheet.repeat_rows(0, repeated - 1)


def put_text(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """Text that stays text (`=1+1`, `007`); DossierError if a cell cannot hold it."""
    if len(text) > LONGEST_CELL:
        place = Place(sheet=sheet.get_name(), row=row + 1)
        raise DossierError([fault("dossier.cell-too-long", place, length=len(text), limit=LONGEST_CELL)])
    if text:
        sheet.write_string(row, column, text, look)
    else:
        sheet.write_blank(row, column, None, look)


def put_number(sheet: Worksheet, row: int, column: int, value: Decimal, look: Format) -> None:
    """A number if Excel can hold it exactly (15 digits), else its digits as text."""
    digits = len(value.normalize().as_tuple().digits)
    if digits <= EXCEL_DIGITS and decimal_of_float(float(value)) == value:
        sheet.write_number(row, column, float(value), look)
    else:
        sheet.write_string(row, column, plain_number(value), look)


def put_date(sheet: Worksheet, row: int, column: int, value: date, look: Format) -> None:
    """A day as Excel keeps it."""
    sheet.write_datetime(row, column, value, look)


def width_of(*texts: str) -> float:
    """Width of a column that shows `texts`, Chinese characters counting double."""
    return min(max([NARROWEST, *(drawn_width(text) + 2 for text in texts)]), WIDEST)
