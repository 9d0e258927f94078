"""Photographs of a site visit: made anew from their pixels, so that nothing hidden comes along.

EXIF goes, with it the place where the picture was taken; time and place are kept beside it only where
the person asked for that. The turn of the camera is put into the pixels first.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.storage import put

LARGEST_BYTES = 20_000_000
LARGEST_PIXELS = 60_000_000
LONGEST_SIDE = 2400  # enough to read a name plate; a phone's picture is halved
MOST = 12
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Photo:
    """A kept picture: where it lies, how large, and what was kept of when and where it was taken."""

    sha256: str
    width: int
    height: int
    taken_at: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def keep_photo(stream: BinaryIO, name: str, *, keeps_place: bool = False) -> Photo:
    """The picture as a new JPEG in the store; LingtanError for what is no picture or too large."""
    raw = stream.read(LARGEST_BYTES + 1)
    if len(raw) > LARGEST_BYTES:
        raise _too_large(name, f"{LARGEST_BYTES // 1_000_000} MB")
    image, marks = _decode(raw, name)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    sink = io.BytesIO()
    image.save(sink, "JPEG", quality=85, optimize=True)
    sink.seek(0)
    return Photo(put(sink), *image.size, **(_place(marks) if keeps_place else {}))


def _decode(raw: bytes, name: str) -> tuple[Image.Image, Image.Exif]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                if opened.width * opened.height > LARGEST_PIXELS:
                    raise _too_large(name, f"{LARGEST_PIXELS // 1_000_000} MP")
                marks = opened.getexif()
                turned = ImageOps.exif_transpose(opened)
                return _flattened(turned), marks
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise LingtanError(
            [fault("review.photo-unreadable", Place(column="photos"), name=name[:80])]
        ) from None


def _flattened(image: Image.Image) -> Image.Image:
    """Red, green, blue on white: what was transparent is not black."""
    rgba = image.convert("RGBA")
    ground = Image.new("RGB", rgba.size, "white")
    ground.paste(rgba, mask=rgba.getchannel("A"))
    return ground


def _too_large(name: str, limit: str) -> LingtanError:
    return LingtanError(
        [fault("review.photo-too-large", Place(column="photos"), name=name[:80], limit=limit)]
    )


def _place(marks: Image.Exif) -> dict[str, Any]:
    """When and where, of what the camera wrote; nothing that cannot be read."""
    gps = marks.get_ifd(ExifTags.IFD.GPSInfo)
    taken = marks.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
    return {
        "taken_at": str(taken)[:25],
        "latitude": _degrees(gps, ExifTags.GPS.GPSLatitude, "S", 90),
        "longitude": _degrees(gps, ExifTags.GPS.GPSLongitude, "W", 180),
    }


def _degrees(gps: Mapping[int, Any], tag: int, negative: str, most: int) -> Decimal | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[tag])
        value = degrees + minutes / 60 + seconds / 3600
        signed = -value if gps.get(tag - 1) == negative else value
        return Decimal(f"{signed:.6f}") if abs(signed) <= most else None
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
