"""Pictures for the screen: decoded and written anew, so that nothing of the file itself reaches a browser."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from lingtan_web.evidence.kinds import limit

QUALITY = 80
MEDIA_TYPE = "image/webp"
PREVIEWED = frozenset(("png", "jpeg", "webp"))


def render_preview(data: bytes) -> bytes:
    """The picture as WebP, upright, at most `preview_side` long, without EXIF: no place, no device."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as opened:
            opened.draft("RGB", (limit("preview_side"), limit("preview_side")))
            image = ImageOps.exif_transpose(opened)
            image.thumbnail((limit("preview_side"), limit("preview_side")))
            mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
            plain = Image.new(mode, image.size)
            plain.paste(image.convert(mode))
    stream = io.BytesIO()
    plain.save(stream, "WEBP", quality=QUALITY)
    return stream.getvalue()
