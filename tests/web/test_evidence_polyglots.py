"""Whatever of a second format is put before, behind or into a file: refused, or no reader finds it.

The readers that judge are not ours: zipfile, tarfile, qpdf, Pillow, libmagic.
"""

from __future__ import annotations

import io
import tarfile
import zipfile

import evidence_samples as samples
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lingtan.errors import LingtanError
from lingtan_web.evidence.contents import recognise
from lingtan_web.evidence.kinds import kind_of_ending

GOOD, SECOND = samples.good(), samples.second()
ZIPPED = ("docx", "xlsx", "pptx", "ofd", "zip")
PICTURES = ("png", "jpeg", "webp")


def kind(name: str) -> str:
    return kind_of_ending()[name.rsplit(".", 1)[1]].name


def can_unzip(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


def can_untar(data: bytes) -> bool:
    return tarfile.is_tarfile(io.BytesIO(data))


def is_portable(data: bytes) -> bool:
    """Whether a reader that looks in the first kilobyte, as Acrobat does, finds a PDF."""
    if b"%PDF-" not in data[:1024]:
        return False
    try:
        pikepdf.open(io.BytesIO(data), suppress_warnings=True).close()
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return False
    return True


def pictured(data: bytes) -> str:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return str(image.format)
    except (OSError, ValueError, SyntaxError):
        return ""


def is_sniffed_as_page(data: bytes) -> bool:
    """As browsers sniff: the first thing other than blanks is a tag of a page."""
    head = data[:1445].lstrip(b"\t\n\x0c\r \xef\xbb\xbf").lower()
    return head.startswith(
        (b"<!doctype html", b"<html", b"<script", b"<body", b"<iframe", b"<svg", b"<?php", b"<!--")
    )


def assert_harmless(data: bytes, name: str) -> None:
    """No reader of another format takes a file that was accepted."""
    expected = kind(name)
    assert can_unzip(data) is (expected in ZIPPED)
    assert not can_untar(data)
    assert is_portable(data) is (expected == "pdf")
    assert bool(pictured(data)) is (expected in PICTURES)
    assert not is_sniffed_as_page(data)
    magic = pytest.importorskip(
        "magic", reason="libmagic is a second opinion; it is not installed", exc_type=ImportError
    )
    told = magic.from_buffer(data, mime=True)
    if expected in PICTURES or expected == "pdf":
        assert told == kind_of_ending()[name.rsplit(".", 1)[1]].media_type
    assert told not in ("text/html", "application/x-dosexec", "application/java-archive", "image/svg+xml")


def is_taken(data: bytes, name: str) -> bool:
    try:
        recognise(data, name)
    except LingtanError:
        return False
    return True


@pytest.mark.parametrize("name", GOOD)
def test_sound_files_are_what_other_readers_say(name: str) -> None:
    assert_harmless(GOOD[name], name)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("other", SECOND)
def test_before_behind_and_on_both_sides(name: str, other: str) -> None:
    one, two = GOOD[name], SECOND[other]
    printed = kind(name) in ("text", "csv", "json")
    for data in (two + one, one + two, one + b"\n" + two, one + bytes(300) + two, two + one + two):
        if is_taken(data, name):
            assert printed, f"{name} with {other} was taken"
            assert_harmless(data, name)


@pytest.mark.parametrize("other", SECOND)
def test_in_what_a_picture_says_about_itself(other: str) -> None:
    words = SECOND[other]
    for name, data in (("a.png", samples.png_said(words)), ("a.jpg", samples.jpeg_said(words))):
        if is_taken(data, name):
            assert_harmless(data, name)


@pytest.mark.parametrize("other", SECOND)
def test_in_a_stream_of_a_pdf(other: str) -> None:
    data = samples.pdf(content=SECOND[other], compress_streams=False)
    if is_taken(data, "a.pdf"):
        assert_harmless(data, "a.pdf")


@pytest.mark.parametrize("other", SECOND)
def test_in_the_comment_and_before_the_entries_of_an_archive(other: str) -> None:
    files = {"a.txt": b"x"}
    commented = samples.archive(files, comment=SECOND[other])
    shifted = SECOND[other] + samples.archive(files)
    with zipfile.ZipFile(
        stream := io.BytesIO(SECOND[other]), "a"
    ) as out:  # offsets that are right all the same
        stream.seek(0, io.SEEK_END)
        out.writestr("a.txt", b"x")
    for data in (commented, shifted, stream.getvalue()):
        if is_taken(data, "a.zip"):
            assert_harmless(data, "a.zip")
            assert data.startswith(b"PK\x03\x04")


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(GOOD)),
    other=st.sampled_from(sorted(SECOND)),
    place=st.floats(0, 1),
    filling=st.binary(max_size=40),
    more=st.booleans(),
)
def test_anywhere(name: str, other: str, place: float, filling: bytes, more: bool) -> None:
    """A second file put into, over or around the first at any place, with any bytes between."""
    one, two = GOOD[name], SECOND[other]
    at = int(len(one) * place)
    data = one[:at] + filling + two + one[at if more else min(at + len(two), len(one)) :]
    if is_taken(data, name):
        assert_harmless(data, name)


@settings(max_examples=400, deadline=None)
@given(
    name=st.sampled_from(sorted(GOOD)),
    at=st.floats(0, 1),
    value=st.binary(min_size=1, max_size=6),
)
def test_any_change_of_bytes_raises_nothing_but_faults(name: str, at: float, value: bytes) -> None:
    data = bytearray(GOOD[name])
    place = int(len(data) * at)
    data[place : place + len(value)] = value
    if is_taken(bytes(data), name):
        assert_harmless(bytes(data), name)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300), name=st.sampled_from(sorted(GOOD)))
def test_any_bytes_raise_nothing_but_faults(data: bytes, name: str) -> None:
    head = GOOD[name][:12]
    for tried in (data, head + data):
        if is_taken(tried, name):
            assert_harmless(tried, name)
