"""Word files of others, read with care: no macros, no bombs, nothing fetched from elsewhere."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from lxml import etree

from lingtan.errors import LingtanError, Place, fault
from lingtan.texts import visible

_MOST_FILES = 5_000
_LARGEST_BYTES = 100_000_000  # unpacked, pictures and all
_LARGEST_XML_BYTES = 30_000_000  # unpacked; in memory it takes ten times as much
_LONGEST_REASON = 200

_TYPES = "[Content_Types].xml"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml."
_ATTACHED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
_ACTIVE = re.compile(r"vbaProject|vbaData|activeX|oleObject", re.IGNORECASE)
_FETCHING = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|LINK)\b", re.IGNORECASE)
_FAILURES = (
    OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OpcError,
    etree.LxmlError, KeyError, ValueError, TypeError, AttributeError, IndexError,
)  # fmt: skip
"""What a broken file makes python-docx and lxml raise; our own file goes the same way without this net."""


def place_of(template: Path) -> Place:
    """The template by its name."""
    return Place(visible(template.name))


@contextmanager
def reading(place: Place) -> Iterator[None]:
    """Work on a file of others: LingtanError (report.template-damaged) where it does not hold together."""
    try:
        yield
    except _FAILURES as error:
        reason = visible(str(error) or type(error).__name__)[:_LONGEST_REASON]
        raise LingtanError([fault("report.template-damaged", place, reason=reason)]) from error


def read_document(template: Path) -> Document:
    """The file as a document that is safe to build upon; LingtanError (report.template-…) otherwise."""
    place = place_of(template)
    parts = _read_parts(template, place)
    if active := sorted(name for name in parts if _ACTIVE.search(name)):
        raise LingtanError([fault("report.template-active", place, parts=", ".join(active))])
    if b"macroEnabled" in parts[_TYPES]:
        raise LingtanError([fault("report.template-active", place, parts=_TYPES)])
    with reading(place):
        document = docx.Document(_as_document(parts))
        _detach(document)
        outside = sorted({*_links(document), *_fields(document)})
    if outside:
        raise LingtanError([fault("report.template-outside", place, what=", ".join(outside))])
    return document


def _read_parts(template: Path, place: Place) -> dict[str, bytes]:
    try:
        with template.open("rb") as stream:
            if not zipfile.is_zipfile(stream):
                raise LingtanError([fault("report.template-not-word", place)])
            with zipfile.ZipFile(stream) as archive:
                return _unpack(archive, place)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LingtanError([fault("report.template-unreadable", place, reason=reason)]) from error


def _unpack(archive: zipfile.ZipFile, place: Place) -> dict[str, bytes]:
    infos = archive.infolist()
    size = sum(info.file_size for info in infos)
    text = sum(info.file_size for info in infos if info.filename.lower().endswith((".xml", ".rels")))
    if size > _LARGEST_BYTES or text > _LARGEST_XML_BYTES or len(infos) > _MOST_FILES:
        context = {"size": size, "text": text, "count": len(infos)}
        limits = {"most_size": _LARGEST_BYTES, "most_text": _LARGEST_XML_BYTES, "most_count": _MOST_FILES}
        raise LingtanError([fault("report.template-too-large", place, **context, **limits)])
    with reading(place):
        parts = {info.filename: archive.read(info) for info in infos if not info.is_dir()}
    if _MAIN not in parts.get(_TYPES, b""):
        raise LingtanError([fault("report.template-not-word", place)])
    return parts


def _as_document(parts: dict[str, bytes]) -> io.BytesIO:
    """The parts as a document; a template of Word (.dotx) becomes one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            if name == _TYPES:
                content = content.replace(_MAIN + b"template.main+xml", _MAIN + b"document.main+xml")
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def _detach(document: Document) -> None:
    """The file no longer rests on the template (.dotx) it was itself made from."""
    settings = document.settings
    for pointer in settings.element.findall(qn("w:attachedTemplate")):
        settings.element.remove(pointer)
    rels = settings.part.rels
    for name in [name for name, rel in rels.items() if rel.reltype == _ATTACHED]:
        del rels[name]


def _links(document: Document) -> Iterator[str]:
    """What would be fetched from elsewhere when the file is opened; links that people follow are none."""
    for rel in document.part.package.iter_rels():
        if rel.is_external and rel.reltype != RELATIONSHIP_TYPE.HYPERLINK:
            yield visible(rel.target_ref)[:_LONGEST_REASON]


def _fields(document: Document) -> Iterator[str]:
    """Fields that fetch something from elsewhere."""
    for part in document.part.package.iter_parts():
        if isinstance(part, XmlPart):
            for paragraph in part.element.iter(qn("w:p")):
                words = "".join(piece.text or "" for piece in paragraph.iter(qn("w:instrText")))
                words += " ".join(
                    str(simple.get(qn("w:instr"))) for simple in paragraph.iter(qn("w:fldSimple"))
                )
                yield from (found[1].upper() for found in _FETCHING.finditer(words))
