"""Text and numbers for people, the same on terminals, pages and paper."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

REPLACED = "\ufffd"
"""What stands for a character that must not be passed on."""


def is_steering(char: str) -> bool:
    """Whether a character could steer a terminal or turn the writing direction (Unicode Cc, Cf, Cs)."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs")


def visible(text: str, mark: str = REPLACED) -> str:
    """`text` with `mark` for each character that could steer a terminal or turn the writing direction."""
    return "".join(mark if is_steering(char) else char for char in text)


def number(value: Decimal | float | None, digits: int = 2) -> str:
    """A number for people with thousands separators; a dash where it is not known."""
    if value is None:
        return "—"
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def drawn_width(text: str) -> int:
    """How many Latin characters wide the text is drawn."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
