"""From a shell and its content to a file: the same content gives the same bytes."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from docx.document import Document

from lingtan.reports.formats.word.markup import shown
from lingtan.reports.records import Report

SPOT = "lingtan-content"
"""The processing instruction in the body that the content takes the place of."""

_MARK = f"<?{SPOT}?>".encode()
_OLDEST = (1980, 1, 1, 0, 0, 0)
_PACKED = (".png", ".jpg", ".jpeg", ".gif")  # packed once is enough
_CHUNK = 1 << 20
_LONGEST = 255  # characters of a core property


def set_properties(document: Document, report: Report) -> None:
    """Title, author, language and dates of the file: all from the report, none from the clock."""
    core = document.core_properties
    dated = datetime.combine(report.dated, time(), UTC)
    core.title = shown(report.title)[:_LONGEST]
    core.subject = shown(report.park)[:_LONGEST]
    core.author = core.last_modified_by = shown(report.software)[:_LONGEST]
    core.language = "zh-CN" if report.language == "zh" else "en"
    core.created = core.modified = dated
    core.revision = 1


def save(document: Document, body: IO[bytes], file: Path) -> None:
    """Write `document` with `body` at its spot; `file` is replaced once all is written."""
    with TemporaryDirectory(prefix=".lingtan-", dir=file.parent) as room:
        plain, draft = Path(room, "plain"), Path(room, "draft")
        document.save(str(plain))
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(draft, "w") as sink:
            for name in source.namelist():
                _copy(source, sink, name, body if name == document.part.partname.membername else None)
        draft.replace(file)


def _copy(source: zipfile.ZipFile, sink: zipfile.ZipFile, name: str, body: IO[bytes] | None) -> None:
    info = zipfile.ZipInfo(name, _OLDEST)
    info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o100644 << 16
    before, _, after = source.read(name).partition(_MARK) if body else (source.read(name), b"", b"")
    with sink.open(info, "w") as target:
        target.write(before)
        if body:
            shutil.copyfileobj(body, target, _CHUNK)
        target.write(after)
