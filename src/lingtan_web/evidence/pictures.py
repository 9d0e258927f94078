"""Pictures walked from the first byte to the last: nothing before, between or behind their parts.

Each walk returns what the picture says about itself in words (comments, EXIF, XMP), which is then
searched for code; pixel data are compressed and nobody reads them as anything else.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator

from PIL import Image

from lingtan_web.evidence.kinds import RefusedError, limit

_PNG = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IDAT", b"fdAT")
_STANDALONE = {0x01, *range(0xD0, 0xD8)}  # markers of JPEG without a length
_LONGEST_TRAILER = 1 << 20  # what Samsung telephones write behind a picture has some kilobytes


def damaged(at: int) -> RefusedError:
    """A file that breaks off or breaks its own rules at a byte."""
    return RefusedError("evidence.damaged", at=at)


def trailing(count: int) -> RefusedError:
    """Bytes behind the end of a file."""
    return RefusedError("evidence.trailing", count=count)


def walk_png(data: bytes) -> Iterator[bytes]:
    """The chunks of a PNG other than pixels; RefusedError where its structure breaks."""
    at = len(_PNG)
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(data) or not name.isalpha():
            raise damaged(at)
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise damaged(at)
        if name not in _PIXELS:
            yield data[at + 8 : end - 4]
        at = end
        if name == b"IEND":
            if at != len(data):
                raise trailing(len(data) - at)
            return
    raise damaged(at)


def walk_webp(data: bytes) -> Iterator[bytes]:
    """The chunks of a WebP other than pixels; RefusedError where its structure breaks."""
    stated = int.from_bytes(data[4:8], "little") + 8
    if stated > len(data):
        raise damaged(4)
    if stated < len(data):
        raise trailing(len(data) - stated)
    at = 12
    while at < len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if end > len(data) or len(name) < 4:
            raise damaged(at)
        if name not in (b"VP8 ", b"VP8L", b"ALPH", b"ANMF"):
            yield data[at + 8 : end]
        at = end


def walk_jpeg(data: bytes) -> Iterator[bytes]:
    """The segments of a JPEG; further pictures behind it (of several sizes or exposures) are walked alike."""
    at = 0
    while data[at : at + 3] == b"\xff\xd8\xff":
        at = yield from _walk_one_jpeg(data, at)
        padding = len(data[at:]) - len(data[at:].lstrip(b"\0"))
        at += padding
    rest = data[at:]
    if rest and not _is_samsung(rest):
        raise trailing(len(rest))
    yield rest


def _is_samsung(rest: bytes) -> bool:
    """Whether it is the block of facts that Samsung telephones put behind a picture."""
    framed = rest.endswith(b"SEFT") and b"SEFH" in rest and b"ftyp" not in rest  # ftyp: a video
    return framed and len(rest) <= _LONGEST_TRAILER


def _walk_one_jpeg(data: bytes, start: int) -> Generator[bytes, None, int]:
    at = start + 2
    while True:
        if data[at : at + 1] != b"\xff":
            raise damaged(at)
        marker = data[at + 1] if at + 1 < len(data) else -1
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 2 or at + 2 + size > len(data):
            raise damaged(at)
        yield data[at + 4 : at + 2 + size]
        at += 2 + size
        if marker == 0xDA:
            at = _behind_scan(data, at)


def _behind_scan(data: bytes, at: int) -> int:
    """The next marker behind compressed pixels, in which FF is followed by 00 or a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise damaged(len(data))
        if data[at + 1] not in (0x00, *range(0xD0, 0xD8)):
            return at
        at += 2


def check_size(image: Image.Image) -> None:
    """RefusedError if a picture would take too much memory once decoded, over all its frames."""
    width, height = image.size
    pixels = width * height * getattr(image, "n_frames", 1)
    if pixels > limit("most_pixels") or max(width, height) > limit("longest_side"):
        raise RefusedError(
            "evidence.picture-large", width=width, height=height, million=limit("most_pixels") // 1_000_000
        )


def check_decodes(image: Image.Image) -> None:
    """RefusedError if the pixels cannot be decoded to the last row."""
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, zlib.error):
        raise RefusedError("evidence.damaged", at="pixels") from None
