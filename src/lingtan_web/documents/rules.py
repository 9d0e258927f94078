"""Which documents there are: kinds, formats, languages; what their files are called. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from lingtan.errors import Language, LingtanError, fault
from lingtan.reports.documents.building import BUILDERS
from lingtan.reports.package import PACKAGE
from lingtan.reports.words import Words
from lingtan.reports.writing import FORMATS

LANGUAGES: tuple[Language, ...] = get_args(Language)
ZIP = "zip"
KINDS = (*BUILDERS, PACKAGE)
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """A document: its kind, format, language."""

    kind: str
    format: str
    language: Language


def formats_of(kind: str) -> tuple[str, ...]:
    """The formats a kind is made in: the package is a zip, everything else four."""
    return (ZIP,) if kind == PACKAGE else tuple(FORMATS)


def read_wanted(kind: str, format: str, language: str) -> Wanted:
    """A document by its three words; LingtanError (cockpit.unknown-document) for one that there is not."""
    known = next((one for one in LANGUAGES if one == language), None)
    if kind not in KINDS or format not in formats_of(kind) or known is None:
        given = f"{kind} / {format} / {language}"
        raise LingtanError([fault("cockpit.unknown-document", given=given[:100])])
    return Wanted(kind, format, known)


def title_of(kind: str, language: Language) -> str:
    """What a kind of document is called."""
    if kind == PACKAGE:
        return "申报材料包" if language == "zh" else "Package to hand in"
    return Words(language).text(f"{kind}.title")


def file_name(park: str, year: int, version: int, wanted: Wanted) -> str:
    """A readable name for the file that a person saves."""
    title = title_of(wanted.kind, wanted.language).replace("/", "-")
    return f"{park}-{year}-v{version} {title}.{wanted.format}"
