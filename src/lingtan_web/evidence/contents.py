"""What an uploaded file is, by its content, and whether it may be kept.

The ending says what people expect, the content what the file is; they must agree. Every kind is
read strictly from its first byte to its last, so that no second file hides in it; what acts when it
is opened (macros, scripts, actions) is refused. See docs/decisions (evidence) for why SVG, HEIC
and others are not taken at all.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan_web.evidence.archives import read_member, read_members
from lingtan_web.evidence.kinds import Kind, RefusedError, kind_of_ending, kinds, limit, refused_endings
from lingtan_web.evidence.names import check_ending, check_name, ending_of, normal_name, shown
from lingtan_web.evidence.office import check_ofd, check_office, find_family
from lingtan_web.evidence.pictures import check_decodes, check_size, walk_jpeg, walk_png, walk_webp
from lingtan_web.evidence.portable import check_pdf
from lingtan_web.evidence.signatures import check_metadata, check_second, name_content
from lingtan_web.evidence.texts import check_csv, check_json, read_text

_WALKS = {"png": walk_png, "jpeg": walk_jpeg, "webp": walk_webp}
_FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}
_MARKS = {
    "pdf": (b"%PDF-", 0),
    "png": (b"\x89PNG\r\n\x1a\n", 0),
    "jpeg": (b"\xff\xd8\xff", 0),
    "webp": (b"WEBP", 8),
}
_ZIPPED = ("docx", "xlsx", "pptx", "ofd", "zip")
_PRINTED = ("text", "csv", "json")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that may be kept: its kind, and how many files an archive holds."""

    kind: Kind
    members: int = 0


def recognise(data: bytes, name: str) -> Recognised:
    """What the file is; LingtanError with the faults of its name and of its content."""
    faults: list[Fault] = []
    name = normal_name(name)
    found = None
    for check in (check_name, check_ending):
        _collect(lambda check=check: check(name), name, faults)  # type: ignore[misc]
    if not faults or ending_of(name) in kind_of_ending():
        found = _collect(lambda: _recognise(data, ending_of(name), depth=0), name, faults)
    if faults or found is None:
        raise LingtanError(faults)
    return found


def _collect(work: Callable[[], Recognised | None], name: str, faults: list[Fault]) -> Recognised | None:
    try:
        return work()
    except RefusedError as refusal:
        inside = f" › {refusal.member}" if refusal.member else ""
        faults.append(fault(refusal.code, Place(shown(name) + inside), **refusal.context))
        return None


def _recognise(data: bytes, ending: str, *, depth: int) -> Recognised:
    kind = kind_of_ending()[ending]
    _check_amount(data)
    if kind.name in _MARKS:
        mark, at = _MARKS[kind.name]
        if data[at : at + len(mark)] != mark:
            raise _differs(ending, data)
        _check_single(kind.name, data)
        return Recognised(kind)
    if kind.name in _ZIPPED:
        return _recognise_zipped(data, ending, depth)
    _check_printed(kind.name, data, ending)
    return Recognised(kind)


def _check_amount(data: bytes) -> None:
    if not data:
        raise RefusedError("evidence.empty")
    if len(data) > limit("largest_bytes"):
        raise RefusedError("evidence.large", limit=limit("largest_bytes") // 1_048_576)


def _differs(ending: str, data: bytes) -> RefusedError:
    zh, en = name_content(data) or ("无法识别的内容", "something unknown")
    return RefusedError("evidence.content-differs", ending=shown(ending), found_zh=zh, found_en=en)


def _check_single(kind: str, data: bytes) -> None:
    check_second(data, is_pdf=kind == "pdf")
    if kind == "pdf":
        check_pdf(data)
        return
    for words in _WALKS[kind](data):
        check_metadata(words)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what check_size refuses, and of odd EXIF
        try:
            image = Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            raise RefusedError("evidence.damaged", at="head") from None
        with image:
            check_size(image)
            check_decodes(image)


def _recognise_zipped(data: bytes, ending: str, depth: int) -> Recognised:
    if data[:4] != b"PK\x03\x04":
        raise _differs(ending, data)
    check_second(data, is_zip=True)
    members = read_members(data)
    family = find_family(data, members)
    expected = kind_of_ending()[ending]
    if family != expected.name:
        found = kinds()[family]
        raise RefusedError("evidence.content-differs", ending=ending, found_zh=found.zh, found_en=found.en)
    if family == "ofd":
        check_ofd(data, members)
    elif family == "zip":
        return Recognised(expected, _check_inside(data, depth))
    else:
        check_office(data, members)
    return Recognised(expected)


def _check_inside(data: bytes, depth: int) -> int:
    """How many files an archive holds, each of which could have been uploaded by itself."""
    if depth:
        raise RefusedError("evidence.archive-nested")
    files = [one for one in read_members(data) if not one.is_folder]
    if not files:
        raise RefusedError("evidence.empty")
    for one in files:
        base = one.name.rsplit("/", 1)[-1]
        try:
            check_name(normal_name(base))
            check_ending(base)
            _recognise(read_member(data, one), ending_of(base), depth=depth + 1)
        except RefusedError as refusal:
            raise RefusedError(refusal.code, member=shown(one.name), **refusal.context) from None
    return len(files)


def _check_printed(kind: str, data: bytes, ending: str) -> None:
    known = name_content(data)
    if known and not (known[0] == "网页或 SVG" or data[:2] in (b"BM", b"MZ", b"#!")):
        raise _differs(ending, data)
    check_second(data, is_text=True)
    text = read_text(data)
    if data[:2] == b"#!":
        raise _differs(ending, data)
    check_second(text[:4096].encode(), is_text=True)
    if kind == "csv":
        check_csv(text)
    elif kind == "json":
        check_json(text)


def knows_ending(ending: str) -> bool:
    """Whether there is a word to say about an ending: taken, or refused with what to do instead."""
    return ending in kind_of_ending() or ending in refused_endings()
