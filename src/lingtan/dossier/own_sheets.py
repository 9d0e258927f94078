"""The sheets that are no registers: start, park, boundary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from lingtan.documents import load_shipped
from lingtan.dossier.boundary_sheet import HEADINGS, LABELS, TEXT_HEADING, boundary_rows, boundary_text
from lingtan.dossier.headers import MARKS
from lingtan.dossier.park_files import HEADINGS as PARK_HEADINGS
from lingtan.dossier.park_files import LABELS as PARK_LABELS
from lingtan.dossier.park_files import ParkKey, park_keys, park_rows
from lingtan.dossier.records import Park, Row
from lingtan.dossier.register_sheet import FIRST, SPARE_ROWS, sheet_title
from lingtan.dossier.registers import Register, registers
from lingtan.dossier.workbook_style import Style, make_printable, put_number, put_text
from lingtan.texts import drawn_width

_START_WIDTHS = (6, 30, 52, 52, 30, 26, 10)
_TABLE = (
    "",
    "工作表 sheet",
    "填什么",
    "What it holds",
    "必填列 required",
    "用于指标 indicators",
    "已填 rows",
)

_OWN = (
    (
        "园区 park",
        "园区名称、位置、报告年度、概况数据、负责人",
        "Name, place, reporting year, profile, people",
    ),
    ("边界 boundary", "园区物理边界的拐点，经纬度 WGS 84", "Corners of the boundary, WGS 84"),
)


def start_words() -> Mapping[str, object]:
    """The words of the start sheet and of the README of an empty folder."""
    words: Mapping[str, object] = load_shipped("schema", "start.yaml")
    return words


def write_start(
    sheet: Worksheet, style: Style, rows: Mapping[str, Sequence[Row]], uses: Mapping[str, Sequence[str]]
) -> None:
    """What this workbook is, what to do, and every sheet with a link to it."""
    words = start_words()
    for column, width in enumerate(_START_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 40)
    sheet.write_string(0, 1, f"{words['title_zh']}  {words['title_en']}", style["big"])
    line = 2
    steps = words["steps"]
    assert isinstance(steps, list)
    for number, step in enumerate(steps, start=1):
        sheet.write_number(line, 0, number, style["step"])
        sheet.merge_range(line, 1, line, 2, step["zh"], style["about"])
        sheet.merge_range(line, 3, line, 6, step["en"], style["about"])
        sheet.set_row(line, 18 * max(-(-drawn_width(step["zh"]) // 84), -(-len(step["en"]) // 110), 1) + 4)
        line += 1
    line = _write_legend(sheet, style, line + 1)
    _write_contents(sheet, style, line + 1, rows, uses)
    make_printable(sheet, 1)


def _write_legend(sheet: Worksheet, style: Style, line: int) -> int:
    legend = (
        ("required", "橙色、带 * 的列必填 orange, with *: required"),
        ("header", "蓝色的列选填，不清楚就留空 blue: optional, blank if not known"),
        ("example", "示例行，系统不读 example row, never read"),
        ("missing", "漏填的必填格会变红 a required cell left blank turns red"),
    )
    for number, (look, words) in enumerate(legend, start=line):
        sheet.write_blank(number, 0, None, style[look])
        sheet.merge_range(number, 1, number, 3, words, style["about"])
    return line + len(legend)


def _write_contents(
    sheet: Worksheet,
    style: Style,
    line: int,
    rows: Mapping[str, Sequence[Row]],
    uses: Mapping[str, Sequence[str]],
) -> None:
    for column, heading in enumerate(_TABLE):
        sheet.write_string(line, column, heading, style["header"])
    for number, (title, zh, en) in enumerate(_OWN, start=1):
        _write_entry(sheet, style, line + number, (number, title, zh, en, "", ""))
    line += len(_OWN)
    for number, register in enumerate(registers().values(), start=1):
        codes = "、".join(uses.get(register.name, ()))
        title = sheet_title(register)
        entry = (number + len(_OWN), title, register.about_zh, register.about_en, _required(register), codes)
        _write_entry(sheet, style, line + number, entry)
        _write_count(sheet, style, line + number, register, len(rows.get(register.name, ())))


def _write_count(sheet: Worksheet, style: Style, line: int, register: Register, rows: int) -> None:
    """A formula that counts the filled rows as the person goes on."""
    first = FIRST + 1 if rows else FIRST + 2
    key = xl_col_to_name(1 + list(register.columns).index(register.key[0]))
    formula = f"=COUNTA('{sheet_title(register)}'!{key}{first}:{key}{first + rows + SPARE_ROWS})"
    sheet.write_formula(line, 6, formula, style["body"], rows)


def _required(register: Register) -> str:
    return "、".join(column.zh for column in register.columns.values() if column.required)


def _write_entry(
    sheet: Worksheet, style: Style, line: int, entry: tuple[int, str, str, str, str, str]
) -> None:
    number, title, *texts = entry
    sheet.write_number(line, 0, number, style["body"])
    sheet.write_url(line, 1, f"internal:'{title}'!A1", style["link"], title)
    for column, text in enumerate(texts, start=2):
        put_text(sheet, line, column, text, style["body"])
    sheet.write_blank(line, 6, None, style["body"])
    lines = [-(-drawn_width(text) // (w + 2)) for text, w in zip(texts, _START_WIDTHS[2:], strict=False)]
    sheet.set_row(line, 15 * max(1, *lines) + 3)


def write_park(sheet: Worksheet, style: Style, park: Park | None, preset: Mapping[str, str]) -> None:
    """One row per key: words, key, value, example, remark; `preset` fills an empty sheet."""
    for column, width in enumerate((34, 40, 46, 40, 28, 50)):
        sheet.set_column(column, column, width)
    headings = ("项目", "Item", *(f"{zh} {en}" for zh, en in zip(PARK_LABELS, PARK_HEADINGS, strict=True)))
    for column, heading in enumerate((*headings, "示例 example", "说明 remark")):
        look = "required" if heading.endswith("value") else "header"
        sheet.write_string(0, column, heading, style[look])
    given: dict[str, str | Decimal] = dict(park_rows(park)) if park else dict(preset)
    keys = [*park_keys().values(), *(ParkKey(key, "", "") for key in given if key not in park_keys())]
    for row, key in enumerate(keys, start=1):
        _write_key(sheet, style, row, key, given.get(key.key, ""))
    sheet.freeze_panes(1, 3)
    make_printable(sheet, 1)


def _write_key(sheet: Worksheet, style: Style, row: int, key: ParkKey, value: str | Decimal) -> None:
    star = " *" if key.is_required else ""
    sheet.set_row(row, 16 * max(1, -(-drawn_width(key.about) // 46), -(-len(key.en) // 38)))
    put_text(sheet, row, 0, key.zh + star, style["required" if key.is_required else "body"])
    for column, text in ((1, key.en), (2, key.key), (5, key.about)):
        put_text(sheet, row, column, text, style["body"])
    put_text(sheet, row, 4, key.example, style["example"])
    if key.key == "boundary_confirmed":
        sheet.data_validation(row, 3, row, 3, {"validate": "list", "source": ["是", "否"]})
    if isinstance(value, Decimal):
        put_number(sheet, row, 3, value, style["number_input"])
    else:
        put_text(sheet, row, 3, value, style["input"])


def write_boundary(sheet: Worksheet, style: Style, boundary: Mapping[str, object] | None) -> None:
    """The corners, one a row; a boundary that says more than corners as GeoJSON text."""
    sheet.set_column(0, 0, 14, style["mark"])
    sheet.set_column(1, 4, 16)
    sheet.set_row(0, 46)
    make_printable(sheet, 2)
    words = start_words()
    about = f"{words['boundary_zh']}\n{words['boundary_en']}"
    sheet.merge_range(0, 1, 0, 9, about, style["about"])
    rows = boundary_rows(boundary) if boundary is not None else []
    if rows is None and boundary is not None:
        sheet.write_string(1, 1, TEXT_HEADING, style["header"])
        for number, piece in enumerate(boundary_text(boundary), start=2):
            put_text(sheet, number, 1, piece, style["text"])
        return
    for column, (zh, en) in enumerate(zip(LABELS, HEADINGS, strict=True), start=1):
        sheet.write_string(1, column, f"{zh} {en}", style["required" if column > 2 else "header"])
    if boundary is None:
        _write_example_corners(sheet, style)
    for number, row in enumerate(rows or [], start=2):
        for column, cell in enumerate(row, start=1):
            if isinstance(cell, str):
                put_text(sheet, number, column, cell, style["text"])
            else:
                sheet.write_number(number, column, cell, style["number"])
    sheet.freeze_panes(2, 0)


def _write_example_corners(sheet: Worksheet, style: Style) -> None:
    corners = ((121.47, 30.92), (121.49, 30.92), (121.49, 30.91), (121.47, 30.91))
    for number, corner in enumerate(corners, start=2):
        sheet.write_string(number, 0, MARKS["example"], style["example"])
        for column, value in enumerate((1, 1, *corner), start=1):
            sheet.write_number(number, column, value, style["example"])
