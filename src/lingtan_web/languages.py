"""Chinese first, English by a switch: every text of a page stands in both languages where it is used."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import get_language

from lingtan.errors import Language

COOKIE = "lingtan-language"
DJANGO_CODES: dict[Language, str] = {"zh": "zh-hans", "en": "en"}


def current_language() -> Language:
    """The language of the page that is being made."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def say(zh: str, en: str) -> str:
    """`zh` or `en`, by the language of the page."""
    return en if current_language() == "en" else zh


def html_language() -> Literal["zh-Hans", "en"]:
    """The language as `<html lang>` has it."""
    return "en" if current_language() == "en" else "zh-Hans"
