"""LibreOffice opens our Word files, prints them, and fills their contents with page numbers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from report_samples import sample
from word_parts import fields, read_xml, written

from lingtan.reports.numbering import number_blocks
from lingtan.reports.records import Heading

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
SAMPLE = sample(rows=60, chapters=4)


def find_python() -> str:
    """A Python that can speak to LibreOffice, or nothing."""
    for name in ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", sys.executable):
        if (
            Path(name).exists()
            and not subprocess.run([name, "-c", "import uno"], capture_output=True).returncode
        ):
            return name
    return ""


@needs_office
def test_it_prints_without_a_page_too_many(tmp_path: Path) -> None:
    file, profile = written(SAMPLE, tmp_path), (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    done = subprocess.run([*command, "--outdir", str(tmp_path), str(file)], capture_output=True, timeout=180)
    assert done.returncode == 0, done.stderr
    pdf = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    assert 9 <= len(pdf) <= 16
    texts = [page.get_textpage().get_text_range() for page in pdf]
    assert all(text.strip() for text in texts), "an empty page"
    assert "页" not in texts[0].replace("首页说明", "")  # the first page has no footer
    last = len(texts)
    assert all(f"第 {page} 页，共 {last} 页" in text for page, text in enumerate(texts[1:], 2))
    assert all(page.get_size() == pytest.approx((595.3, 841.9), abs=0.5) for page in pdf)
    pdf.close()


@needs_office
def test_contents_and_references_hold_when_they_are_updated(tmp_path: Path) -> None:
    python = find_python()
    if not python:
        pytest.skip("no Python with the module uno of LibreOffice")
    file = written(SAMPLE, tmp_path)
    script = Path(__file__).with_name("office_update.py")
    command = [python, str(script), str(file), str(tmp_path / "profile")]
    done = subprocess.run(command, capture_output=True, timeout=180, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    numbers = number_blocks(SAMPLE.all_blocks())
    headings = [b for b in SAMPLE.blocks if isinstance(b, Heading) and b.level <= 2]
    entries = [line.rsplit("\t", 1) for line in found["contents"]]
    assert [words for words, _ in entries] == [f"{numbers[b.id]} {b.text}".strip() for b in headings]
    pages = [int(page) for _, page in entries]
    assert pages == sorted(pages) and pages[0] >= 3 and pages[-1] <= found["pages"]
    cached = [text for words, text in fields(read_xml(file)) if words.startswith("REF ")]
    assert sorted(found["references"]) == sorted(cached) and len(cached) == 3
