"""LibreOffice recalculates every formula of our workbooks to the value that is kept in them."""

from pathlib import Path

import pytest
from report_parks import NDRC, SEESA, results_of
from report_samples import sample
from workbook_office import SOFFICE, formulas_recalculated

from lingtan.reports.formats.workbook import write_xlsx
from lingtan.reports.writing import Setting, write_report

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not here to recalculate")


@pytest.mark.parametrize(("kind", "least"), [("inventory", 1_000), ("improvement", 20)])
def test_every_formula_of_a_document_gives_what_is_kept(kind: str, least: int, tmp_path: Path) -> None:
    file = tmp_path / f"{kind}.xlsx"
    write_report(results_of("xinghuo", SEESA, NDRC), kind, file, Setting("xlsx"))
    assert _compare(file, tmp_path) > least


def test_formulas_of_the_sample(tmp_path: Path) -> None:
    file = tmp_path / "sample.xlsx"
    write_xlsx(sample(rows=3, chapters=2), file)
    assert _compare(file, tmp_path) == 2


def _compare(file: Path, folder: Path) -> int:
    """How many formulas there are; each is what it was."""
    compared = 0
    for cell, kept, fresh in formulas_recalculated(file, folder):
        assert fresh == pytest.approx(kept, rel=1e-9, abs=1e-9), cell
        compared += 1
    return compared
