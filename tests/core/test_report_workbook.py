"""The workbook says what the report says: values, words, paths, formulas; nothing in it acts."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from report_samples import HOSTILE, sample

from lingtan.errors import LingtanError
from lingtan.reports.formats.plain import plain, shown
from lingtan.reports.formats.workbook import write_xlsx
from lingtan.reports.formats.workbook import writing as workbook
from lingtan.reports.formats.workbook.names import LONGEST_NAME, pieces, sheet_name, units
from lingtan.reports.formats.workbook.numbers import number_format
from lingtan.reports.numbering import name_blocks
from lingtan.reports.records import (
    UNKNOWN,
    Amount,
    Block,
    Column,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Report,
    Row,
    Runs,
    Table,
)

STEERING = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def report() -> Report:
    return sample(rows=3, chapters=2)


@pytest.fixture(scope="module")
def file(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "report.xlsx"
    write_xlsx(report, path)
    return path


@pytest.fixture(scope="module")
def formulas(file: Path) -> Any:
    return openpyxl.load_workbook(file, rich_text=False)


@pytest.fixture(scope="module")
def values(file: Path) -> Any:
    return openpyxl.load_workbook(file, data_only=True)


def with_blocks(*blocks: Block) -> Report:
    return replace(sample(), front=(), blocks=(Heading("h", "章"), *blocks))


def table(*rows: Row, title: str = "表名", columns: int = 2, id: str = "t") -> Table:
    return Table(id, title, tuple(Column(f"列{n}") for n in range(columns)), rows)


def written(report: Report, path: Path) -> Any:
    write_xlsx(report, path)
    return openpyxl.load_workbook(path)


def sheets_of_tables(report: Report, book: Any) -> Iterator[tuple[Table, Any]]:
    tables = [block for block in report.blocks if isinstance(block, Table) and block.title]
    yield from zip(tables, book.worksheets[2:], strict=False)


def drawn(value: float, number_format: str) -> str:
    """What a spreadsheet prints: ties away from zero, from 15 digits."""
    pattern, _, unit = number_format.split(";")[0].partition('"')
    decimals = len(pattern.partition(".")[2])
    exact = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{abs(exact) if ';' in number_format else exact:,f}{unit.rstrip(chr(34))}"


def test_every_cell_of_every_table_is_there_in_order(report: Report, values: Any) -> None:
    names = name_blocks(report.all_blocks(), "zh")
    seen = 0
    for entry, sheet in sheets_of_tables(report, values):
        assert sheet["A1"].value.startswith(names[entry.id])
        assert [cell.value for cell in sheet[3]] == [column.title for column in entry.columns]
        for row, cells in zip(entry.rows, sheet.iter_rows(min_row=4), strict=False):
            for runs, cell in zip(row.cells, cells, strict=False):
                same_cell(runs, cell, names)
                seen += 1
    assert seen > 60


def same_cell(runs: Runs, cell: Any, names: Any) -> None:
    match runs:
        case (Amount(value=Decimal() as value) as amount,):
            assert cell.value == pytest.approx(float(value), rel=1e-15)
            assert cell.data_type == "n"
            # where a final 5 would be rounded otherwise than by GB/T 8170 it is shown
            assert drawn(float(value), cell.number_format) in (amount.text, f"{value:,f}")
        case _:
            assert (cell.value or "") == plain(runs, names)
            assert cell.data_type in ("s", "n" if not runs else "s")


def test_words_outside_tables_are_on_the_sheets_of_text(report: Report, values: Any) -> None:
    names = name_blocks(report.all_blocks(), "zh")
    sheets = [values.worksheets[0], values.worksheets[1], values.worksheets[-1]]
    words = [str(cell.value) for sheet in sheets for row in sheet for cell in row if cell.value is not None]
    text = "\n".join(words)
    for wanted in (report.title, report.park, report.subtitle, report.software, "2025-06-30"):
        assert wanted in text
    at = 0
    for block in report.blocks:
        for wanted in words_of(block, names):
            at = text.index(shown(wanted), at)


def words_of(block: Block, names: Any) -> list[str]:
    match block:
        case Heading():
            return [block.text]
        case Paragraph():
            return [plain(block.runs, names)]
        case Listing():
            return [plain(item, names) for item in block.items]
        case Table() if block.title:
            return [f"→ {names[block.id]}  {block.title}"]
        case Table():
            return [plain(cell, names) for row in block.rows for cell in row.cells]
        case Picture():
            return [f"→ {names[block.id]}  {block.chart.title}"]


def test_pictures_have_caption_and_words(report: Report, values: Any) -> None:
    sheet = values["图"]
    chart = next(block.chart for block in report.blocks if isinstance(block, Picture))
    text = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    assert f"图 1  {chart.title}" in text
    assert chart.caption in text
    assert f"文字说明：{chart.alt}" in text
    assert len(sheet._images) == 1


def test_formulas_are_live_and_their_kept_values_are_those_of_the_report(formulas: Any, values: Any) -> None:
    live = [cell for sheet in formulas for row in sheet for cell in row if cell.data_type == "f"]
    assert [cell.value for cell in live] == ["=B5*C5", "=SUM(D5:D6)"]
    for cell in live:
        kept = values[cell.parent.title]
        if cell.value == "=B5*C5":
            worth = kept["B5"].value * kept["C5"].value
        else:
            worth = sum(row[0].value for row in kept["D5:D6"] if isinstance(row[0].value, float))
        assert kept[cell.coordinate].value == pytest.approx(worth, rel=1e-12)


def test_sums_pass_over_groups_and_totals_and_reach_other_sheets(tmp_path: Path) -> None:
    def line(value: int, look: Any = "body", formula: str = "") -> Row:
        return Row((("x",), (Amount(Decimal(value), 0, formula=formula),)), look)

    below = table(
        Row((("甲",),), "group"), line(1), line(2), line(3, "total", "=SUM({above})"),
        Row((("乙",),), "group"), line(4), line(7, "total", "=SUM({above})"), id="lines", title="it's",
    )  # fmt: skip
    total = table(line(7, formula="=SUM({lines:c1})"), line(0, "total", "=SUM({c0})*0"))
    book = written(with_blocks(total, below), tmp_path / "a.xlsx")
    assert book.worksheets[2]["B4"].value == "=SUM('表2 it’s'!$B$5:$B$6,'表2 it’s'!$B$9)"
    assert book.worksheets[2]["B5"].value == "=SUM(A5)*0"
    assert book.worksheets[3]["B7"].value == "=SUM(B5:B6)"
    assert book.worksheets[3]["B10"].value == "=SUM(B5:B6,B9)"


def test_a_sum_of_nothing_is_a_number(tmp_path: Path) -> None:
    alone = table(Row(((), (Amount(Decimal(0), 0, formula="=SUM({above})"),)), "total"))
    assert written(with_blocks(alone), tmp_path / "a.xlsx").worksheets[2]["B4"].value == 0


def test_a_formula_that_names_an_unknown_table_is_our_bug(tmp_path: Path) -> None:
    wrong = table(Row(((), (Amount(Decimal(0), 0, formula="=SUM({nothing:c1})"),))))
    with pytest.raises(KeyError):
        write_xlsx(with_blocks(wrong), tmp_path / "a.xlsx")


def test_what_begins_like_a_formula_is_words(formulas: Any) -> None:
    cells = [cell for sheet in formulas for row in sheet for cell in row if cell.data_type == "s"]
    steering = [cell for cell in cells if str(cell.value).startswith(STEERING)]
    assert {shown(text) for text in HOSTILE if text.startswith(STEERING)} <= {cell.value for cell in steering}
    assert all(cell.quotePrefix for cell in steering)


def test_nothing_leads_out_of_the_file(file: Path) -> None:
    with zipfile.ZipFile(file) as parts:
        names = parts.namelist()
        outside = [name for name in names if name.endswith(".rels") and b"External" in parts.read(name)]
    assert not outside
    assert not [name for name in names if "externalLink" in name or "vbaProject" in name]


def test_links_lead_to_cells_that_are_there(formulas: Any) -> None:
    links = [cell.hyperlink for sheet in formulas for row in sheet for cell in row if cell.hyperlink]
    assert len(links) > 10
    for link in links:
        name, _, cell = link.location.rpartition("!")
        assert formulas[name.strip("'").replace("''", "'")][cell].value, link.location


def test_characters_that_steer_are_marked(file: Path) -> None:
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            if name.endswith(".xml"):
                text = parts.read(name).decode("utf-8")
                assert not set(text) & set("\u202e\u2066\u200b\x00\x07"), name
                assert "_x0000_" not in text


def test_sheets_keep_header_filter_and_paper(formulas: Any) -> None:
    sheet = formulas.worksheets[2]
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:D6"  # the total stays below the filter
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0
    assert "&P" in sheet.oddFooter.center.text
    assert "lingtan 0.0.0" in sheet.oddFooter.right.text


def test_a_footer_takes_no_orders_from_names(tmp_path: Path) -> None:
    park = "3号&P园区\n" + "&" * 200
    footer = written(replace(with_blocks(), park=park), tmp_path / "a.xlsx")["正文"].oddFooter
    assert footer.left.text.strip() == "3号＆P园区 " + "＆" * 73
    assert (footer.left.size, footer.center.size, footer.right.size) == (8, 8, 8)


def test_notes_say_where_numbers_stand(formulas: Any) -> None:
    sheet = formulas.worksheets[2]
    noted = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert {place: text.split("\n")[1] for place, text in noted.items()} == {
        "B5": "a", "C5": "b", "D5": "c", "D7": "d",
    }  # fmt: skip


def test_long_tables_have_notes_on_headers_and_totals_only(tmp_path: Path) -> None:
    rows = [Row((("x",), (Amount(Decimal(n), 0, path=f"p/{n}"),))) for n in range(201)]
    last = Row((("合计",), (Amount(Decimal(1), 0, path="p/sum"),)), "total")
    sheet = written(with_blocks(table(*rows, last)), tmp_path / "a.xlsx").worksheets[2]
    noted = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert list(noted) == ["B3", "B205"]
    assert noted["B3"].endswith("p/0")


def test_hostile_titles_make_lawful_names_of_sheets(tmp_path: Path) -> None:
    titles = (*HOSTILE, "[a]:*?/\\'", "'", "History", "𠮷" * 40, "重", "重")
    tables = [table(Row((("x",), ())), title=title, id=f"t{n}") for n, title in enumerate(titles)]
    book = written(with_blocks(*tables), tmp_path / "a.xlsx")
    names = book.sheetnames
    assert len({name.lower() for name in names}) == len(titles) + 2
    for name in names:
        assert units(name) <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\'")


def test_name_of_a_sheet() -> None:
    assert sheet_name("表 3", "排放明细") == "表3 排放明细"
    assert sheet_name("Table 3", "") == "Table3"
    assert sheet_name("Table 8", "Activity data: Fuel combustion") == "Table8 Activit… Fuel combustion"
    assert sheet_name("Table 22", "Totals of emissions and energy use") == "Table22 Totals of emissions…"


def test_a_text_longer_than_a_cell_goes_on_below_it(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(40_000)) + "😀" * 20_000
    number = Amount(Decimal(5), 0)
    rows = (
        Row(((text,), (number,))),
        Row((("末",), (Amount(Decimal(5), 0, formula="=SUM({above})"),)), "total"),
    )
    book = written(with_blocks(table(*rows), Paragraph((text,))), tmp_path / "a.xlsx")
    sheet = book.worksheets[2]
    parts = [sheet.cell(row, 1).value for row in range(4, 7)]
    assert "".join(parts).replace("…", "") == text
    assert [sheet.cell(row, 2).value for row in range(4, 8)] == [5, None, None, "=SUM(B4:B6)"]
    prose = "".join(str(row[0].value or "") for row in book["正文"])
    assert text in prose.replace("…", "")


def test_pieces_lose_nothing() -> None:
    for text in ("", "a", "字" * 100, "😀" * 101, "a😀" * 77):
        parts = list(pieces(text, 10))
        assert "".join(parts).replace("…", "") == text
        assert all(units(part) <= 10 for part in parts)


@pytest.mark.parametrize(
    ("value", "digits", "unit", "wanted"),
    [
        ("1234.5", 2, "", "#,##0.00"),
        ("1234.5", 0, "", "#,##0.0"),  # half to even says 1,234, a spreadsheet 1,235: shown as it is
        ("1235.5", 0, "", "#,##0"),
        ("2.675", 2, "", "#,##0.00"),
        ("0.125", 2, "", "#,##0.000"),
        ("0.0021622", None, "", "#,##0.0000000"),
        ("100", None, "", "#,##0"),
        ("-0.001", 2, "", "#,##0.00;#,##0.00"),
        ("5", 0, "MWh", '#,##0" MWh"'),
        ("5", 0, 'a"b', '#,##0\\ \\a\\"\\b'),
    ],
)
def test_number_formats(value: str, digits: int | None, unit: str, wanted: str) -> None:
    assert number_format(Amount(Decimal(value), digits, unit)) == wanted


def test_what_no_cell_holds_as_a_number_is_words(tmp_path: Path) -> None:
    rows = (
        Row(((Amount(Decimal("1E400"), 0),), (Amount(None, 2),))),
        Row((("约 ", Amount(Decimal("1.25"), 2, "t")), (Amount(Decimal(1), 0, "u" * 90),))),
    )
    sheet = written(with_blocks(table(*rows)), tmp_path / "a.xlsx").worksheets[2]
    assert sheet["A4"].value == "10" + ",000" * 133
    assert sheet["B4"].value == UNKNOWN
    assert sheet["A5"].value == "约 1.25 t"
    assert sheet["B5"].value == "1 " + "u" * 90


def test_equal_reports_give_equal_bytes(report: Report, file: Path, tmp_path: Path) -> None:
    write_xlsx(report, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == file.read_bytes()
    write_xlsx(replace(report, title="另一题"), tmp_path / "other.xlsx")
    assert (tmp_path / "other.xlsx").read_bytes() != file.read_bytes()


def test_the_day_in_the_file_is_that_of_the_report(formulas: Any) -> None:
    assert formulas.properties.created.date().isoformat() == "2025-06-30"
    assert formulas.properties.modified.date().isoformat() == "2025-06-30"


def test_a_table_longer_than_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    long = table(*(Row((("x",), ())) for _ in range(6)))
    with pytest.raises(LingtanError) as caught:
        write_xlsx(with_blocks(long), tmp_path / "a.xlsx")
    assert [found.code for found in caught.value.faults] == ["report.too-many-rows"]
    assert not (tmp_path / "a.xlsx").exists()


def test_progress_counts_every_block(report: Report, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    write_xlsx(report, tmp_path / "a.xlsx", progress=lambda done, total: heard.append((done, total)))
    total = len(report.front) + len(report.blocks)
    assert heard == [(done, total) for done in range(1, total + 1)]


def test_in_english(report: Report, tmp_path: Path) -> None:
    book = written(replace(report, language="en"), tmp_path / "a.xlsx")
    assert book.sheetnames[:3] == ["About", "Text", "Table1 排放明细"]
