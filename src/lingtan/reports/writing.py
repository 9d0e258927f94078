"""A document of the results as a file: build, then set in the format asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lingtan.errors import Language, LingtanError, Place, fault
from lingtan.reports.documents.building import BUILDERS, build_report
from lingtan.reports.formats.pdf import write_pdf
from lingtan.reports.progress import Progress, silent
from lingtan.reports.records import Report
from lingtan.reports.results import Results

Format = Literal["docx", "pdf", "xlsx", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set. `template` is the user's own Word file, for docx only."""

    format: Format
    language: Language = "zh"
    template: Path | None = None


def _write_docx(report: Report, file: Path, setting: Setting, progress: Progress) -> None:
    from lingtan.reports.formats.word import write_docx  # each library only when it is asked for

    write_docx(report, file, template=setting.template, progress=progress)


def _write_pdf(report: Report, file: Path, setting: Setting, progress: Progress) -> None:
    write_pdf(report, file, progress=progress)


def _write_xlsx(report: Report, file: Path, setting: Setting, progress: Progress) -> None:
    from lingtan.reports.formats.workbook import write_xlsx

    write_xlsx(report, file, progress=progress)


def _write_html(report: Report, file: Path, setting: Setting, progress: Progress) -> None:
    from lingtan.reports.formats.page import write_html

    write_html(report, file, progress=progress)


WRITERS: Mapping[Format, Callable[[Report, Path, Setting, Progress], None]] = {
    "docx": _write_docx,
    "pdf": _write_pdf,
    "xlsx": _write_xlsx,
    "html": _write_html,
}


def write_report(
    results: Results, kind: str, file: Path, setting: Setting, *, progress: Progress = silent
) -> Path:
    """The document `kind` (a key of BUILDERS) written to `file`, which is replaced when it is done.

    Same results, same setting, same bytes. LingtanError: no such kind, a template that is not given for
    Word, a template or folder that cannot be used.
    """
    if kind not in BUILDERS:
        raise LingtanError([fault("report.unknown-kind", given=kind, known="、".join(BUILDERS))])
    report = build_report(results, kind, language=setting.language)
    return set_report(report, file, setting, progress=progress)


def set_report(report: Report, file: Path, setting: Setting, *, progress: Progress = silent) -> Path:
    """A document that is built already, in the format of `setting`; errors as `write_report`."""
    check_setting(setting)
    return replace_file(file, lambda draft: WRITERS[setting.format](report, draft, setting, progress))


def check_setting(setting: Setting) -> None:
    """LingtanError (report.template-…): a template that cannot be used, or for something but Word."""
    if setting.template is None:
        return
    if setting.format != "docx":
        raise LingtanError([fault("report.template-for-word-only", given=setting.format)])
    from lingtan.reports.formats.word.templates import check_template

    check_template(setting.template)


def replace_file(file: Path, write: Callable[[Path], None]) -> Path:
    """What `write` puts into a draft becomes `file` at once; a failure leaves the old one as it was."""
    try:
        with tempfile.TemporaryDirectory(prefix=".lingtan-", dir=file.parent) as room:
            draft = Path(room) / f"draft{file.suffix}"
            write(draft)
            draft.replace(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LingtanError([fault("dossier.cannot-write", Place(str(file)), reason=reason)]) from None
    return file


def render_report(
    results: Results, kind: str, format: Format, *, language: Language = "zh", template: Path | None = None
) -> bytes:
    """The document `kind` of `results` as the bytes of a file in `format`; errors as `write_report`."""
    with tempfile.TemporaryDirectory(prefix="lingtan-report-") as folder:
        file = Path(folder) / f"report.{format}"
        write_report(results, kind, file, Setting(format, language, template))
        return file.read_bytes()
