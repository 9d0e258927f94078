"""The free Chinese fonts that come by package, what they can draw, and how wide it is.

Noto Sans SC is for charts and headings, Noto Serif SC for running text; nothing relies on the fonts
of the machine. Text from users is made `drawable` before it is drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lingtan.errors import LingtanError, fault
from lingtan.texts import is_steering

SANS = "Noto Sans SC"
SERIF = "Noto Serif SC"
STEERING_MARK = "□"
"""Drawn for a character that could turn the writing direction."""

ELLIPSIS = "…"


def sans_path() -> Path:
    """The file of Noto Sans SC; LingtanError (report.no-chinese-font) if it is not there."""
    return _find(SANS, "sans_path")


def serif_path() -> Path:
    """The file of Noto Serif SC; LingtanError (report.no-chinese-font) if it is not there."""
    return _find(SERIF, "serif_path")


def _find(name: str, finder: str) -> Path:
    try:
        import pylopdf_fonts_zh_cn as package  # only here: its absence is a fault with words
    except ImportError:
        raise LingtanError([fault("report.no-chinese-font", name=name)]) from None
    path = Path(getattr(package, finder)())
    if not path.is_file():
        raise LingtanError([fault("report.no-chinese-font", name=name)])
    return path


@cache
def _advances(path: Path) -> dict[int, float]:
    """Advance widths by code point of every character of a font, as shares of the font size."""
    from fontTools.ttLib import TTFont  # 0.1 s: only when text is drawn

    with TTFont(path, lazy=True) as font:
        metrics, size = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: metrics[name][0] / size for code, name in font.getBestCmap().items()}


@cache
def _drawn_by_both() -> frozenset[str]:
    codes = _advances(sans_path()).keys() & _advances(serif_path()).keys()
    return frozenset(
        char for char in map(chr, codes) if not (is_steering(char) or unicodedata.combining(char))
    )


def has_glyph(char: str) -> bool:
    """Whether both fonts can draw the character."""
    return ord(char) in _advances(sans_path()) and ord(char) in _advances(serif_path())


def drawable(text: str) -> str:
    """`text` with nothing that our fonts lack: `[U+20BB7]` for it, □ for what steers the direction."""
    if _drawn_by_both().issuperset(text):
        return text
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """What is drawn for each character."""
    for char in text:
        if is_steering(char):
            yield STEERING_MARK
        else:
            is_drawn = has_glyph(char) and not unicodedata.combining(char)  # marks pile up
            yield char if is_drawn else f"[U+{ord(char):04X}]"


def text_width(text: str, size: float) -> float:
    """How wide drawable text is in the sans font at `size`, in the unit of `size`, without kerning."""
    advances = _advances(sans_path())
    return size * sum(advances[ord(char)] for char in text)


def shortened(text: str, width: float, size: float) -> str:
    """`text` made drawable and cut to `width` at `size`, ending in … where it was cut."""
    pieces = list(_pieces(text[: 2 * round(width) + 2]))  # a character is wider than half a unit
    whole = len(pieces) == len(text)
    if whole and text_width("".join(pieces), size) <= width:
        return "".join(pieces)
    room, kept = width - text_width(ELLIPSIS, size), ""
    for piece in pieces:
        room -= text_width(piece, size)
        if room < 0:
            break
        kept += piece
    return kept.rstrip() + ELLIPSIS


def wrapped(text: str, width: float, size: float, *, lines: int = 2) -> list[str]:
    """`text` made drawable in at most so many lines of `width`, broken at spaces or after any Chinese
    character; the last is `shortened`.
    """
    done: list[str] = []
    left = text
    while len(done) < lines - 1 and not _fits(left, width, size):
        cut = _break_at(left, width, size)
        if not cut:
            break
        done.append(drawable(left[:cut].rstrip()))
        left = left[cut:].lstrip()
    return [*done, shortened(left, width, size)]


def _fits(text: str, width: float, size: float) -> bool:
    return len(text) <= 2 * width and text_width(drawable(text), size) <= width


def _break_at(text: str, width: float, size: float) -> int:
    """After how many characters the first line ends; 0 if no place to break fits into `width`."""
    used, best = 0.0, 0
    for index, char in enumerate(text):
        if char == " ":
            best = index
        used += text_width(drawable(char), size)
        if used > width:
            break
        if ord(char) >= _FIRST_WIDE and text[index + 1 : index + 2] not in _NOT_FIRST:
            best = index + 1
    return best


_FIRST_WIDE = 0x2E80
_NOT_FIRST = tuple("，。、；：？！）》」』】%％")
