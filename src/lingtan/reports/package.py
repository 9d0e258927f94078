"""The stamp-ready package: documents, annexes, evidence, data in one zip, in a reviewer's order."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lingtan.assessment import export_assessment
from lingtan.dossier.archives import Files
from lingtan.dossier.evidence import FOLDER
from lingtan.dossier.writing import open_files, zip_entry
from lingtan.errors import Language
from lingtan.inventory import export_inventory
from lingtan.inventory.uncertainty import export_uncertainty
from lingtan.ledger import export_ledger
from lingtan.reports.documents.building import build_document, build_report
from lingtan.reports.documents.evidence_state import Attached, find_attached
from lingtan.reports.documents.naming import Names
from lingtan.reports.documents.package_index import Entry, build_index
from lingtan.reports.formats.pdf import write_pdf
from lingtan.reports.progress import Progress, silent
from lingtan.reports.records import Report
from lingtan.reports.results import Results
from lingtan.reports.words import Words
from lingtan.reports.writing import Format, Setting, replace_file, set_report

PACKAGE = "package"
DOCUMENTS = ("self-assessment", "inventory", "factor-annex", "not-applicable", "pathway", "improvement",
             "certificate-annex")  # fmt: skip
WORKBOOKS = ("inventory", "self-assessment")
SUMS = "SHA256SUMS.txt"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the package: its name, its purpose (a key of the words), and how it is written."""

    name: str
    purpose: str
    write: Callable[[Path], None]


def write_package(
    results: Results, file: Path, language: Language = "zh", *, progress: Progress = silent
) -> Path:
    """Everything to hand in as one zip. Same results, same bytes; errors as `write_report`.

    Confidential evidence stays out and is listed so, the exports too if an enterprise is confidential;
    what is missing stands in the first file.
    """
    words = Words(language)
    built = _Built(results, words)
    items = [*_documents(built), *_data(results, built)]
    attached = find_attached(results)

    def write(draft: Path) -> None:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            packer = _Packer(archive, {})
            for done, item in enumerate(items, 1):
                packer.pack(item.name, item.write)
                progress(done, len(items) + 1)
            with open_files(results.dossier.origin) as files:
                _pack_evidence(packer, files, attached, words)
            entries = [Entry(item.name, item.purpose) for item in items]
            index = build_document(results, "package", build_index(results, words, entries, attached), words)
            packer.pack(f"00 {words.text('package.index')}.pdf", lambda out: write_pdf(index, out))
            packer.finish()
        progress(len(items) + 1, len(items) + 1)

    return replace_file(file, write)


@dataclass(frozen=True, slots=True)
class _Packer:
    """Puts files into the zip and remembers their hashes."""

    archive: zipfile.ZipFile
    sums: dict[str, str]

    def pack(self, name: str, write: Callable[[Path], None]) -> None:
        """A file that `write` makes."""
        with tempfile.TemporaryDirectory(prefix="lingtan-package-") as folder:
            file = Path(folder) / f"file{Path(name).suffix}"
            write(file)
            with file.open("rb") as source:
                self.copy(name, source)

    def copy(self, name: str, source: Any) -> None:
        """A file that is there, in chunks."""
        digest = hashlib.sha256()
        with self.archive.open(zip_entry(name), "w", force_zip64=True) as sink:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                sink.write(chunk)
        self.sums[name] = digest.hexdigest()

    def finish(self) -> None:
        """The list of hashes, in the form `sha256sum --check` takes."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.sums.items()))
        self.archive.writestr(zip_entry(SUMS), lines.encode())


class _Built:
    """Documents, each built once for all its formats."""

    def __init__(self, results: Results, words: Words) -> None:
        self.words = words
        self._results = results
        self._reports: dict[str, Report] = {}

    def writer(self, kind: str, format: Format) -> Callable[[Path], None]:
        """What writes the document `kind`, when it comes to it."""

        def write(file: Path) -> None:
            if kind not in self._reports:
                self._reports[kind] = build_report(self._results, kind, language=self.words.language)
            set_report(self._reports[kind], file, Setting(format, self.words.language))

        return write


def _documents(built: _Built) -> Iterator[_Item]:
    for number, kind in enumerate(DOCUMENTS, 1):
        name = f"{number:02} {built.words.text(f'{kind}.title')}.pdf"
        yield _Item(name, "document", built.writer(kind, "pdf"))


def _data(results: Results, built: _Built) -> Iterator[_Item]:
    words = built.words
    folder = f"{len(DOCUMENTS) + 2:02} {words.text('package.folder_data')}"
    for kind in WORKBOOKS:
        name = f"{folder}/{words.text(f'{kind}.title')}.xlsx"
        yield _Item(name, "workbook", built.writer(kind, "xlsx"))
    if Names(results, words).has_confidential:
        return  # the exports name every enterprise and hold its lines
    for name, content in _exports(results).items():
        yield _Item(f"{folder}/{name}.json", "result", _json_writer(content))


def _json_writer(content: Any) -> Callable[[Path], None]:
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def write(file: Path) -> None:
        file.write_text(text, "utf-8")

    return write


def _exports(results: Results) -> Mapping[str, Any]:
    found = {f"assessment-{one.edition}": export_assessment(one) for one in results.assessments}
    return {
        **found,
        "inventory-park": export_inventory(results.inventory),
        "inventory-cn-ndrc-910": export_inventory(results.assessment.national),
        "ledger": export_ledger(results.ledger),
        "uncertainty": export_uncertainty(results.uncertainty),
    }


def _pack_evidence(packer: _Packer, files: Files | None, attached: list[Attached], words: Words) -> None:
    folder = f"{len(DOCUMENTS) + 1:02} {words.text('package.folder_evidence')}"
    for one in attached:
        if one.is_packed and files is not None:
            with files.open(FOLDER + one.file) as source:
                packer.copy(f"{folder}/{one.id} {_plain(one.file)}", source)


def _plain(name: str) -> str:
    """A file name without folders and without what some systems refuse."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f\u202a-\u202e\u2066-\u2069]', "_", name)
