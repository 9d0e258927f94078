"""A park whose names are hostile: every document in every format stays whole, and nothing of them acts."""

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import docx
import lxml.html
import openpyxl
import pikepdf
import pypdfium2
import pytest
from report_pages import body_text, missing_glyphs, squeezed
from report_samples import HOSTILE

from lingtan.dossier.reading import read_dossier
from lingtan.reports.documents.building import BUILDERS, build_report
from lingtan.reports.fonts import drawable
from lingtan.reports.results import Results, compute_results
from lingtan.reports.writing import Setting, set_report
from lingtan.standards import load_edition

ROOT = Path(__file__).resolve().parents[2]
CAMBRIDGE = ROOT / "examples" / "parks" / "cambridge-estate"
MM = 72 / 25.4
NAMES = [name for name in HOSTILE if "\x00" not in name]  # no file format of dossiers takes a NUL


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    park = tmp_path_factory.mktemp("hostile") / "park"
    shutil.copytree(CAMBRIDGE, park)
    _rename_enterprises(park / "registers" / "enterprises.csv")
    text = (park / "park.yaml").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("name_zh:", "name_en:"))]
    quoted = NAMES[5].replace("'", "''")
    lines += [f"name_zh: '{'园' * 150}{quoted}'", f"name_en: '{'Park' * 75}'"]
    (park / "park.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    dossier = read_dossier(park)
    return compute_results(dossier, [load_edition("sh-seesa-zctp-2024")], on=date(2025, 6, 30))


def _rename_enterprises(file: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    first = dict(rows[0])
    for index, name in enumerate(NAMES):
        if index < len(rows):
            rows[index]["name"] = name
        else:
            rows.append({**first, "enterprise": f"H{index:03d}", "name": name})
    with file.open("w", newline="", encoding="utf-8") as sink:
        writer = csv.DictWriter(sink, list(first))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


def made(results: Results, folder: Path, kind: str, format: str) -> Path:
    file = folder / f"{kind}.{format}"
    if not file.exists():
        set_report(build_report(results, kind), file, Setting(format))  # type: ignore[arg-type]
    return file


@pytest.mark.parametrize("kind", BUILDERS)
def test_no_word_leaves_the_page_of_a_pdf(kind, results, folder):
    file = made(results, folder, kind, "pdf")
    with pypdfium2.PdfDocument(file) as pdf:
        for page in pdf:
            width, height = page.get_size()
            assert (round(width), round(height)) == (595, 842)
            words = page.get_textpage()
            for index in range(words.count_rects()):
                left, bottom, right, top = words.get_rect(index)
                assert left >= 24 * MM
                assert right <= width - 23 * MM  # a space at the end of a line may stand in the margin
                assert bottom >= 8 * MM
                assert top <= height - 8 * MM
    with pikepdf.open(file) as pdf:
        assert missing_glyphs(pdf) == []


@pytest.mark.parametrize("kind", BUILDERS)
def test_nothing_of_the_names_is_a_formula(kind, results, folder):
    book = openpyxl.load_workbook(made(results, folder, kind, "xlsx"))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert "HYPERLINK" not in cell.value
                    assert "1+1" not in cell.value
        links = [link.target for link in getattr(sheet, "_hyperlinks", [])]
        assert not [target for target in links if target and "evil" in target]


@pytest.mark.parametrize("kind", BUILDERS)
def test_nothing_of_the_names_is_markup_of_the_page(kind, results, folder):
    text = made(results, folder, kind, "html").read_text("utf-8")
    page = lxml.html.fromstring(text.encode())
    assert not [one for one in page.iter("script") if "alert(1)" in (one.text or "")]
    assert "<script>alert" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("kind", BUILDERS)
def test_word_opens_them(kind, results, folder):
    document = docx.Document(str(made(results, folder, kind, "docx")))
    assert document.paragraphs
    assert "\u202e" not in "".join(paragraph.text for paragraph in document.paragraphs)


def test_the_names_can_be_read(results, folder):
    text = body_text(made(results, folder, "self-assessment", "pdf"))
    for row in results.enterprises.values():
        assert squeezed(drawable(" ".join(row.text("name").splitlines()))) in text
