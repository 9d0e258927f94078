"""The sheet of one register: headings in two languages, units, example, drop-downs, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from lingtan.dossier.cells_words import known_units
from lingtan.dossier.checks import id_column
from lingtan.dossier.fingerprint import cell_text
from lingtan.dossier.headers import MARKS, unit_hint
from lingtan.dossier.records import Row
from lingtan.dossier.registers import Column, Register, registers
from lingtan.dossier.tables import example_text
from lingtan.dossier.workbook_style import Style, make_printable, put_date, put_number, put_text, width_of

TITLE, CHINESE, ENGLISH, UNITS, FIRST = range(5)  # rows from 0; the example stands at FIRST if no data do
SPARE_ROWS = 1_000  # below the last row, with drop-downs and checks
WIDE_PAGE = 12  # columns on a printed page
_TEXT_TYPES = ("id", "ref", "text", "choice", "yes_no", "period", "unit", "evidence")
_CHOICES = "选项 choices"
_START = "开始 start"


def sheet_title(register: Register) -> str:
    """The title of a register's sheet, in both languages."""
    return f"{register.zh} {register.name}"


class Sheets:
    """The sheets of the registers, and the lists of words that their drop-downs share."""

    def __init__(self, by_name: Mapping[str, Worksheet]) -> None:
        self.by_name = by_name
        self._lists: dict[tuple[str, ...], int] = {}

    def range_of(self, words: tuple[str, ...]) -> str:
        """Where the list `words` stands on the sheet of choices."""
        column = xl_col_to_name(self._lists.setdefault(words, len(self._lists)))
        return f"='{_CHOICES}'!${column}$1:${column}${len(words)}"

    def write_choices(self, sheet: Worksheet) -> None:
        """Write every list that was asked for."""
        for words, column in self._lists.items():
            for row, word in enumerate(words):
                sheet.write_string(row, column, word)


def write_register_sheet(
    sheets: Sheets, register: Register, style: Style, rows: Sequence[Row], hashes: Mapping[str, str]
) -> None:
    """Headings, then `rows`; the example row only where there are none."""
    sheet = sheets.by_name[register.name]
    further = list(dict.fromkeys(name for row in rows for name in row.extra))
    _write_title(sheet, register, style)
    _write_marks(sheet, style, with_example=not rows)
    for index, column in enumerate(register.columns.values(), start=1):
        _write_heading(sheet, index, column, style, with_example=not rows)
    for index, name in enumerate(further, start=1 + len(register.columns)):
        put_text(sheet, CHINESE, index, name, style["header"])
        sheet.set_column(index, index, width_of(name), style["text"])
    first = FIRST if rows else FIRST + 1
    last = first + len(rows) + SPARE_ROWS
    for number, row in enumerate(rows, start=first):
        _write_row(sheet, number, row, style, hashes)
        for index, name in enumerate(further, start=1 + len(register.columns)):
            put_text(sheet, number, index, row.extra.get(name, ""), style["text"])
    for index, column in enumerate(register.columns.values(), start=1):
        rule = _rule(sheets, column)
        if rule:
            sheet.data_validation(first, index, last, index, rule)
        if column.required:
            look = _red_if_blank(index, len(register.columns), first, style)
            sheet.conditional_format(first, index, last, index, look)
    sheet.freeze_panes(first, 2)
    make_printable(sheet, FIRST, -(-len(register.columns) // WIDE_PAGE))


def _write_title(sheet: Worksheet, register: Register, style: Style) -> None:
    sheet.set_row(TITLE, 48)
    sheet.write_url(TITLE, 0, f"internal:'{_START}'!A1", style["link"], "← 开始")
    text = f"{register.zh} {register.en}\n{register.about_zh}\n{register.about_en}"
    sheet.merge_range(TITLE, 1, TITLE, max(7, 2), text, style["about"])
    sheet.set_tab_color("#C55A11" if any(c.required for c in register.columns.values()) else "#1F4E79")


def _write_marks(sheet: Worksheet, style: Style, *, with_example: bool) -> None:
    """Our own first column: what each of the heading rows is. The reader skips marked rows."""
    sheet.set_column(0, 0, 13, style["mark"])
    sheet.set_row(CHINESE, 32)
    sheet.set_row(ENGLISH, 26)
    for row, mark in ((CHINESE, "zh"), (ENGLISH, "en"), (UNITS, "unit")):
        sheet.write_string(row, 0, MARKS[mark], style["mark"])
    if with_example:
        sheet.write_string(FIRST, 0, MARKS["example"], style["example"])


def _write_heading(sheet: Worksheet, index: int, column: Column, style: Style, *, with_example: bool) -> None:
    label = f"{column.zh} *" if column.required else column.zh
    put_text(sheet, CHINESE, index, label, style["required" if column.required else "header"])
    put_text(sheet, ENGLISH, index, column.en, style["english"])
    put_text(sheet, UNITS, index, unit_hint(column), style["unit"])
    sheet.write_comment(CHINESE, index, _explained(column), {"x_scale": 2, "y_scale": 1.4, "font_size": 9})
    example = example_text(column)
    if with_example:
        put_text(sheet, FIRST, index, example, style["example"])
    halves = label[: -(-len(label) // 2)], column.en[: -(-len(column.en) // 2)]  # headings take two lines
    sheet.set_column(index, index, width_of(*halves, unit_hint(column), example), _look(column, style))


def _explained(column: Column) -> str:
    need = "必填 required" if column.required else "选填 optional"
    lines = [f"{column.name}（{need}）", column.en]
    if column.unit:
        lines.append(f"单位 unit: {unit_hint(column)}")
    if column.unit_column:
        lines.append(f"单位见 unit in: {column.unit_column}")
    if column.min is not None or column.max is not None:
        low, high = ("" if limit is None else str(limit) for limit in (column.min, column.max))
        lines.append(f"范围 range: {low} … {high}")
    if column.to:
        lines.append(f"须先登记于 must be in: {registers()[column.to].zh} {column.to}")
    if column.choices and len(column.choices) <= 12:
        lines.extend(f"{zh} = {word}" for word, (zh, _) in column.choices.items())
    return "\n".join(lines)


def _look(column: Column, style: Style) -> Any:
    if column.type == "date":
        return style["date"]
    return style["text" if column.type in _TEXT_TYPES else "number"]


def _write_row(sheet: Worksheet, number: int, row: Row, style: Style, hashes: Mapping[str, str]) -> None:
    for index, column in enumerate(registers()[row.register].columns.values(), start=1):
        value, look = row.values[column.name], _look(column, style)
        if column.name in row.unread:
            put_text(sheet, number, index, row.unread[column.name], style["text"])
        elif isinstance(value, Decimal):
            put_number(sheet, number, index, value, look)
        elif isinstance(value, bool):
            put_text(sheet, number, index, "是" if value else "否", look)
        elif isinstance(value, date):
            put_date(sheet, number, index, value, look)
        elif column.type == "choice" and value is not None:
            put_text(sheet, number, index, column.choices[str(value)][0], look)
        elif value is not None:
            put_text(sheet, number, index, cell_text(value), look)
        elif (row.register, column.name) == ("evidence", "sha256"):
            put_text(sheet, number, index, hashes.get(row.text("file"), ""), look)


def _red_if_blank(index: int, width: int, first: int, style: Style) -> dict[str, Any]:
    """A required cell turns red if it is blank although its row is begun."""
    here = f"{xl_col_to_name(index)}{first + 1}"
    begun = f"COUNTA($B{first + 1}:${xl_col_to_name(width)}{first + 1})>0"
    return {"type": "formula", "criteria": f'=AND(TRIM({here})="",{begun})', "format": style["missing"]}


def _rule(sheets: Sheets, column: Column) -> dict[str, Any] | None:
    """The drop-down or the check of a column."""
    told = {"ignore_blank": True, "error_title": column.zh[:32]}
    if column.type == "yes_no":
        return {
            **told,
            "validate": "list",
            "source": ["是", "否"],
            "error_message": "请填“是”或“否”。Yes or no.",
        }
    if column.type == "choice":
        labels = tuple(zh for zh, _ in column.choices.values())
        message = "请从下拉列表中选择。Choose from the list."
        return {**told, "validate": "list", "source": sheets.range_of(labels), "error_message": message}
    if column.type == "unit":
        units = (str(column.example), *(unit for unit in known_units() if unit != str(column.example)))
        return {**told, "validate": "list", "source": sheets.range_of(units), "show_error": False}
    if column.type == "ref":
        target = registers()[column.to]
        letter = xl_col_to_name(1 + list(target.columns).index(id_column(target)))
        source = f"='{sheet_title(target)}'!${letter}${FIRST + 1}:${letter}${FIRST + SPARE_ROWS}"
        return {**told, "validate": "list", "source": source, "show_error": False}
    return _range_rule(column, told)


def _range_rule(column: Column, told: dict[str, Any]) -> dict[str, Any] | None:
    if column.type == "date":
        days = {"minimum": date(1990, 1, 1), "maximum": date(2100, 12, 31)}
        message = "请填日期，如 2024-03-01。A date, like 2024-03-01."
        return {**told, "validate": "date", "criteria": "between", **days, "error_message": message}
    if not column.is_numeric or (column.type == "number" and column.min is None):
        return None
    kind = "decimal" if column.type == "number" else "integer"
    low = column.min if column.min is not None else 1990 if column.type == "year" else 0
    high = column.max if column.max is not None else 2100 if column.type == "year" else None
    message = f"请填不小于 {low} 的数。A number of at least {low}."
    if high is None:
        return {**told, "validate": kind, "criteria": ">=", "value": low, "error_message": message}
    message = f"请填 {low} 至 {high} 之间的数。A number from {low} to {high}."
    limits = {"minimum": low, "maximum": high, "error_message": message}
    return {**told, "validate": kind, "criteria": "between", **limits}
