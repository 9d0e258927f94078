"""lingtan report: documents, packages, faults."""

import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from lingtan.cli import main
from lingtan.reports.documents.building import BUILDERS

ROOT = Path(__file__).resolve().parents[2]
XINGHUO = ROOT / "examples" / "parks" / "xinghuo"
CAMBRIDGE = ROOT / "examples" / "parks" / "cambridge-estate"
ON = ("--on", "2025-06-30")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return int(left.value.code or 0), said.out, said.err


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the smaller example, so that a document takes a second."""
    park = tmp_path_factory.mktemp("parks") / "park"
    shutil.copytree(CAMBRIDGE, park)
    return park


@pytest.mark.parametrize("format", ["pdf", "docx", "xlsx", "html"])
def test_the_ending_of_the_file_is_the_format(format, small, tmp_path, capsys):
    file = tmp_path / f"报告.{format}"
    code, out, _ = run(capsys, "report", str(small), "--kind", "improvement", "-o", str(file), *ON, "--json")
    assert code == 0
    told = json.loads(out)
    assert told["file"] == str(file)
    assert told["bytes"] == file.stat().st_size
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_format_wins_over_the_ending_and_a_name_is_made_up(small, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "report", str(small), "--kind", "improvement", "--format", "docx", *ON)
    assert code == 0
    assert zipfile.is_zipfile(tmp_path / "cambridge-estate-improvement.docx")
    assert "cambridge-estate-improvement.docx" in out


def test_english(small, tmp_path, capsys):
    file = tmp_path / "list.html"
    code, *_ = run(
        capsys, "report", str(small), "--kind", "improvement", "--language", "en", "-o", str(file), *ON
    )
    assert code == 0
    assert "Improvement list" in file.read_text("utf-8")


def test_the_day_of_the_document_comes_from_outside(small, tmp_path, capsys):
    file = tmp_path / "list.pdf"
    words = ("report", str(small), "--kind", "improvement", "-o", str(file), *ON, "--dated", "2025-07-15")
    assert run(capsys, *words)[0] == 0
    with pikepdf.open(file) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20250715")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--kind", "poem"), "report.unknown-kind"),
        (("--format", "odt"), "report.unknown-format"),
        (("-o", "x.odt"), "report.unknown-format"),
        (("--kind", "package", "--format", "pdf"), "report.unknown-format"),
        (("--language", "fr"), "report.unknown-language"),
        (("--restated-from", "TEMPLATE"), "report.restatement-elsewhere"),
        (("--format", "pdf", "--template", "TEMPLATE"), "report.template-for-word-only"),
        (("--kind", "package", "--template", "TEMPLATE"), "report.template-for-word-only"),
        (("--format", "docx", "--template", "TEMPLATE"), "report.template-not-word"),
        (("-o", "/nowhere/at/all/x.pdf"), "dossier.cannot-write"),
    ],
)
def test_what_cannot_be_done_is_said(words, code, small, tmp_path, capsys):
    template = tmp_path / "template.docx"
    template.write_text("no Word file")
    given = [str(template) if word == "TEMPLATE" else word for word in words]
    status, _, err = run(capsys, "report", str(small), *given, *ON)
    assert status == 2
    assert code in err
    assert "怎么改" in err


def test_a_failure_leaves_the_old_file_alone(small, tmp_path, capsys):
    file = tmp_path / "list.docx"
    file.write_text("old")
    template = tmp_path / "template.docx"
    template.write_text("no Word file")
    words = ("report", str(small), "-o", str(file), "--template", str(template), *ON)
    assert run(capsys, *words)[0] == 2
    assert file.read_text() == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["list.docx", "template.docx"]


def test_an_unreadable_dossier_is_no_traceback(tmp_path, capsys):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 nothing")
    assert run(capsys, "report", str(bad), "-o", str(tmp_path / "x.pdf"))[0] == 2
    assert not (tmp_path / "x.pdf").exists()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The package of the example with one file of evidence gone, one changed, one not on the list."""
    folder = tmp_path_factory.mktemp("package")
    park = folder / "park"
    shutil.copytree(XINGHUO, park, ignore=shutil.ignore_patterns("readings"))
    (park / "evidence" / "boundary.md").unlink()
    (park / "evidence" / "land-use.md").write_text("another", "utf-8")
    (park / "evidence" / "stray.txt").write_text("stray", "utf-8")
    listed = park / "evidence" / "evidence.csv"
    lines = listed.read_text("utf-8").splitlines()
    secret = next(i for i, line in enumerate(lines) if line.startswith("EV003,"))
    lines[secret] = lines[secret].removesuffix("no") + "yes"
    listed.write_text("\n".join(lines) + "\n", "utf-8")
    for name in ("one.zip", "two.zip"):
        with pytest.raises(SystemExit) as left:
            main(["report", str(park), "--kind", "package", "-o", str(folder / name), *ON])
        assert not left.value.code
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()
    return zipfile.ZipFile(folder / "one.zip")


def test_the_package_is_in_the_order_of_a_reviewer(package):
    names = sorted(name for name in package.namelist() if "/" not in name)
    assert [name[:2] for name in names[:-1]] == ["00", "01", "02", "03", "04", "05", "06", "07"]
    assert "自评价报告" in names[1]
    assert "清单" in names[2]
    assert names[-1] == "SHA256SUMS.txt"
    assert any(name.startswith("09 计算数据/") and name.endswith(".xlsx") for name in package.namelist())


def test_the_package_has_the_hash_of_every_file(package):
    lines = package.read("SHA256SUMS.txt").decode().splitlines()
    sums = {line[66:]: line[:64] for line in lines}
    files = set(package.namelist()) - {"SHA256SUMS.txt"}
    assert set(sums) == files
    for name in files:
        assert hashlib.sha256(package.read(name)).hexdigest() == sums[name]


def test_evidence_is_there_but_what_is_confidential_or_not_listed(package):
    evidence = [name for name in package.namelist() if name.startswith("08 证明材料/")]
    assert len(evidence) >= 40
    assert "08 证明材料/EV002 land-use.md" in evidence
    assert not [name for name in evidence if "EV003" in name or "stray" in name or "EV001" in name]
    source = (XINGHUO / "evidence" / "product-energy.md").read_bytes()
    assert package.read("08 证明材料/EV004 product-energy.md") == source


def test_nothing_in_the_package_tells_of_a_confidential_enterprise(package):
    lines = (XINGHUO / "registers" / "enterprises.csv").read_text("utf-8").splitlines()
    column = lines[0].split(",").index("confidential")
    hidden = [line.split(",")[:2] for line in lines if line.split(",")[column] == "yes"]
    assert len(hidden) == 2
    for name in package.namelist():
        if name.startswith("08"):
            continue
        for text in _texts(name, package.read(name)):
            assert not [word for words in hidden for word in words if word in text], name


def _texts(name: str, content: bytes) -> Iterator[str]:
    """Words of a PDF, parts of a workbook, other files as they are."""
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(content) as pdf:
            yield from (page.get_textpage().get_text_range() for page in pdf)
    elif name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            yield from (book.read(part).decode("utf-8", "replace") for part in book.namelist())
    else:
        yield content.decode("utf-8")


def test_the_results_for_programs_come_along_where_nothing_is_confidential(small, tmp_path, capsys):
    file = tmp_path / "package.zip"
    assert run(capsys, "report", str(small), "--kind", "package", "-o", str(file), *ON)[0] == 0
    with zipfile.ZipFile(file) as archive:
        found = [name for name in archive.namelist() if name.startswith("09") and name.endswith(".json")]
        assert len(found) >= 5
        assert all(json.loads(archive.read(name)) for name in found)


def test_the_index_names_what_is_missing(package, tmp_path):
    from report_pages import body_text

    name = next(name for name in package.namelist() if name.startswith("00 "))
    file = tmp_path / "index.pdf"
    file.write_bytes(package.read(name))
    text = body_text(file)
    missing = text[text.rindex("缺件与问题") :]
    assert re.search(r"EV001.*boundary\.md.*没有", missing)
    assert re.search(r"EV002.*SHA-256", missing)
    assert "stray.txt" in missing
    assert "EV003" not in missing
    assert re.search(r"EV003.*保密，另行提供", text)
    assert "绿色制造名单公示" not in text, "the title of confidential evidence"


def test_kinds_of_the_interface_exist():
    assert {"self-assessment", "inventory", "pathway", "evaluation"} <= set(BUILDERS)
