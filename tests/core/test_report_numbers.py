"""Every number of every document of the example park, read back out of every format.

The expected text of a number is its value in the JSON of the results, found by its path and rounded here
with `round` of decimals (half to even), not by the code that printed it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import docx
import lxml.html
import openpyxl
import pikepdf
import pytest
from docx.oxml.ns import qn
from report_pages import body_text, missing_glyphs, squeezed
from report_parks import NDRC, SEESA, results_of
from report_paths import Indices, amounts_of, export_results, resolve

from lingtan.reports.documents.building import BUILDERS, build_report
from lingtan.reports.records import Amount, Report, Table
from lingtan.reports.results import Results
from lingtan.reports.writing import FORMATS, Setting, set_report, write_report

WIDE = Context(prec=2000, rounding=ROUND_HALF_EVEN)
TEXT = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


@cache
def results() -> Results:
    return results_of("xinghuo", SEESA, NDRC)


@cache
def data() -> tuple[dict[str, Any], Indices]:
    return export_results(results()), {}


@cache
def report(kind: str) -> Report:
    return build_report(results(), kind)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


def file_of(folder: Path, kind: str, format: str) -> Path:
    """The document, written once for all tests of this module."""
    file = folder / f"{kind}.{format}"
    if not file.exists():
        set_report(report(kind), file, Setting(format))  # type: ignore[arg-type]
    return file


def expected(kind: str, *, front: bool = True) -> list[str]:
    """The numbers that must be printed, from the results, in reading order, without units."""
    shown = report(kind)
    blocks = tuple(shown.all_blocks()) if front else shown.blocks
    exported, indices = data()
    return [_printed(one, resolve(exported, one.path, indices)) for one in amounts_of(blocks) if one.path]


def _printed(amount: Amount, exact: Decimal | None) -> str:
    if exact is None:
        return "—"
    if amount.digits is None:
        return f"{Decimal(f'{exact.normalize(WIDE):f}'):,f}"
    rounded = exact.quantize(Decimal(1).scaleb(-amount.digits), context=WIDE)
    return f"{rounded if rounded else abs(rounded):,f}"


def in_order(words: list[str], text: str) -> str:
    """The first of `words` that does not follow the ones before it in `text`; empty if all do."""
    at = 0
    for word in words:
        found = text.find(word, at)
        if found < 0:
            return f"{word!r} after …{text[max(0, at - 60) : at]}"
        at = found + len(word)
    return ""


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_documents_speak_in_numbers(kind: str) -> None:
    assert len(expected(kind)) >= 10


@pytest.mark.parametrize("kind", BUILDERS)
def test_word_has_every_number(kind: str, folder: Path) -> None:
    body = docx.Document(str(file_of(folder, kind, "docx"))).element.body
    text = "".join(one.text or "" for one in body.iter(qn("w:t")))
    assert in_order(expected(kind), text) == ""


@pytest.mark.parametrize("kind", BUILDERS)
def test_pdf_has_every_number_as_often_as_the_results(kind: str, folder: Path) -> None:
    """Tall pictures may move, so that order is not that of the report: numbers are counted."""
    text = body_text(file_of(folder, kind, "pdf"))
    runs = [squeezed(one.text) for one in amounts_of(report(kind).blocks)]
    numbers = Counter(runs)
    short = {word: text.count(word) for word, times in numbers.items() if text.count(word) < times}
    assert short == {}
    assert Counter(expected(kind, front=False)) == Counter(
        one.text.removesuffix(f" {one.unit}") if one.unit else one.text
        for one in amounts_of(report(kind).blocks)
        if one.path
    )


@pytest.mark.parametrize("kind", BUILDERS)
def test_html_has_every_number_with_its_exact_value(kind: str, folder: Path) -> None:
    page = lxml.html.fromstring(file_of(folder, kind, "html").read_bytes())
    found = [(one.get("data-path"), one.text_content(), one.get("value")) for one in page.iter("data")]
    exported, indices = data()
    with_path = [one for one in amounts_of(tuple(report(kind).all_blocks())) if one.path]
    known = [one for one in with_path if one.value is not None]
    assert [path for path, _, value in found if path and value] == [one.path for one in known]
    for path, text, value in found:
        if path and value:
            exact = resolve(exported, path, indices)
            assert Decimal(value) == exact, path
            assert TEXT.search(text), path
    shown = [TEXT.search(text)[0] for path, text, value in found if path and value]  # type: ignore[index]
    assert shown == [word for word in expected(kind) if word != "—"]


@pytest.mark.parametrize("kind", BUILDERS)
def test_workbook_has_every_number_as_a_number(kind: str, folder: Path) -> None:
    book = openpyxl.load_workbook(file_of(folder, kind, "xlsx"), data_only=True)
    cells = Counter(_digits(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
                    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool))  # fmt: skip
    words = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
                      if isinstance(cell.value, str))  # fmt: skip
    alone = Counter(_digits(one.value) for one in _alone(report(kind)) if one.value is not None)
    assert {value: n for value, n in alone.items() if cells[value] < n} == {}
    for one in amounts_of(tuple(report(kind).all_blocks())):
        assert one.value is None or cells[_digits(one.value)] or one.text in words


def _digits(value: Decimal | float) -> str:
    """Fourteen significant digits; Excel keeps fifteen, and the last may be off by one in its text."""
    return f"{float(value):.13e}"


def _alone(shown: Report) -> Iterator[Amount]:
    """Amounts that fill a cell of a captioned table: numbers in the workbook."""
    for block in shown.all_blocks():
        if isinstance(block, Table) and block.title:
            for row in block.rows:
                if row.look != "group":
                    yield from (
                        cell[0] for cell in row.cells if len(cell) == 1 and isinstance(cell[0], Amount)
                    )


@pytest.mark.parametrize("kind", BUILDERS)
def test_live_formulas_of_the_workbook_give_what_the_result_has(kind: str, folder: Path) -> None:
    file = file_of(folder, kind, "xlsx")
    formulas, values = openpyxl.load_workbook(file), openpyxl.load_workbook(file, data_only=True)
    wrong = []
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "f":
                    stated = values[sheet.title][cell.coordinate].value
                    found = _evaluate(cell.value, values[sheet.title])
                    if abs(found - stated) > 1e-9 * max(1.0, abs(stated)):
                        wrong.append(f"{sheet.title}!{cell.coordinate} {cell.value}: {found} != {stated}")
    assert wrong == []


def _evaluate(formula: str, sheet: Any) -> float:
    """A formula of sums, products and differences over cells of its own sheet."""

    def cell(found: re.Match[str]) -> str:
        return f"({sheet[found[0].replace('$', '')].value or 0})"

    def total(found: re.Match[str]) -> str:
        values = []
        for part in found[1].split(","):
            area = sheet[part.replace("$", "")]
            rows = area if isinstance(area, tuple) else ((area,),)
            values += [one.value for row in rows for one in (row if isinstance(row, tuple) else (row,))]
        return repr(sum(value for value in values if isinstance(value, int | float)))

    text = re.sub(r"SUM\(([^()]*)\)", total, formula.removeprefix("="))
    text = re.sub(r"\$?[A-Z]{1,3}\$?\d+", cell, text)
    assert re.fullmatch(r"[\d.eE+\-*/() ]+", text), formula
    return float(eval(text))  # digits and signs only, checked above


@pytest.mark.parametrize("kind", BUILDERS)
def test_no_character_of_the_pdf_lacks_a_glyph(kind: str, folder: Path) -> None:
    with pikepdf.open(file_of(folder, kind, "pdf")) as pdf:
        assert missing_glyphs(pdf) == []


@pytest.mark.parametrize("format", FORMATS)
def test_same_results_same_bytes_another_day_others(format: str, folder: Path, tmp_path: Path) -> None:
    first = file_of(folder, "certificate-annex", format).read_bytes()
    again, later = tmp_path / f"again.{format}", tmp_path / f"later.{format}"
    write_report(results(), "certificate-annex", again, Setting(format))  # type: ignore[arg-type]
    assert again.read_bytes() == first
    moved = replace(results(), dated=results().dated.replace(year=2026))
    write_report(moved, "certificate-annex", later, Setting(format))  # type: ignore[arg-type]
    assert later.read_bytes() != first


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_first_page_has_edition_software_prints_and_the_count_by_basis(kind: str, folder: Path) -> None:
    import pypdfium2

    result = results().assessment
    with pypdfium2.PdfDocument(file_of(folder, kind, "pdf")) as pdf:
        first = squeezed(pdf[0].get_textpage().get_text_range())
    wanted = (result.edition, result.edition_sha256, result.dossier_sha256, result.readings_sha256,
              squeezed(result.software), *map(str, result.basis_count.values()))  # fmt: skip
    assert [one for one in wanted if one not in first] == []
