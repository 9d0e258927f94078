"""PDF: from `%PDF-` at the first byte to `%%EOF` at the last, no actions, no files inside."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf

from lingtan_web.evidence.kinds import RefusedError
from lingtan_web.evidence.pictures import trailing

_DEEPEST = 40
_ACTIVE = frozenset(("/JS", "/JavaScript", "/RichMedia", "/XFA", "/Rendition"))
_ACTIONS = frozenset(("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE"))
_FILES = frozenset(("/EmbeddedFiles", "/EmbeddedFile", "/EF"))


def check_pdf(data: bytes) -> None:
    """RefusedError if a PDF has something behind its end, is locked, acts, or carries files."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise RefusedError("evidence.damaged", at=len(data))
    behind = data[end + 5 :].strip(b"\0\t\r\n\f ")
    if behind:
        raise trailing(len(behind))
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            _check_objects(pdf)
            if not len(pdf.pages):
                raise RefusedError("evidence.damaged", at="pages")
    except pikepdf.PasswordError:
        raise RefusedError("evidence.pdf-locked") from None
    except (pikepdf.PdfError, ValueError, OverflowError, RecursionError, TypeError, KeyError):
        raise RefusedError("evidence.damaged", at="pdf") from None


def _check_objects(pdf: pikepdf.Pdf) -> None:
    for one in pdf.objects:
        for key, value in _entries(one, _DEEPEST):
            if key in _FILES or (key == "/Type" and value == "/EmbeddedFile"):
                raise RefusedError("evidence.pdf-files")
            if key in _ACTIVE or (key == "/S" and value in _ACTIONS):
                raise RefusedError("evidence.pdf-active", what=(value or key).lstrip("/"))


def _entries(item: pikepdf.Object, depth: int) -> Iterator[tuple[str, str]]:
    """Every key with its name (empty if it has none), in dictionaries that stand within one another."""
    kind = getattr(item, "_type_code", None)
    if depth == 0:
        raise RefusedError("evidence.damaged", at="pdf")
    if kind in (pikepdf.ObjectType.dictionary, pikepdf.ObjectType.stream):
        table = item.stream_dict if kind == pikepdf.ObjectType.stream else item
        for key, value in table.items():
            is_name = isinstance(value, pikepdf.Name)
            yield key, str(value) if is_name else ""
            if not getattr(value, "is_indirect", False):
                yield from _entries(value, depth - 1)
    elif kind == pikepdf.ObjectType.array:
        for value in item:
            if not getattr(value, "is_indirect", False):
                yield from _entries(value, depth - 1)
