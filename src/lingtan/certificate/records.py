"""What a certificate says: facts alone, the same on paper, on the page and in the credential."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["unissued", "valid", "suspended", "withdrawn", "exited", "superseded"]
"""What the scheme says of a certificate; whether it has expired follows from its days alone."""
STATES: tuple[State, ...] = ("unissued", "valid", "suspended", "withdrawn", "exited", "superseded")
"""In the order of their codes in the status list: the order never changes, new ones come last."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DASHES = re.compile(r"[\u2010-\u2015\u2212\uFE58]")
_NUMBER = re.compile(r"([A-Z][A-Z0-9]{1,11})-(\d{4})-(\d{5,7})-([0-9A-Z])\Z")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A star of one park, with the fingerprints of everything it rests on.

    Days are the park's (Asia/Shanghai), both ends included. `score` is an exact decimal as text.
    Fingerprints are SHA-256 in hexadecimal; `bundle_sha256` is over the manifest of the bundle
    (see `bundle`), so that any byte of the frozen dossier, edition or result is behind it.
    """

    number: str
    scheme: str
    scheme_name: str
    park: str
    park_name: str
    park_name_en: str
    boundary_sha256: str
    edition: str
    edition_name: str
    edition_sha256: str
    stars: int
    stage: str
    stage_en: str
    score: str
    year: int
    on: date
    decided_on: date
    issued_on: date
    valid_from: date
    valid_until: date
    dossier_sha256: str
    result_sha256: str
    bundle_sha256: str
    software: str
    status_index: int
    supersedes: str | None = None


def compute_check_character(text: str) -> str:
    """The check character of ISO/IEC 7064 MOD 37,36 of letters and digits; all else is passed over.

    It finds every single wrong character, and most neighbours that changed places.
    """
    remainder = 36
    for character in text.upper():
        if character not in _DIGITS:
            continue
        remainder = (remainder + _DIGITS.index(character)) % 36 or 36
        remainder = remainder * 2 % 37
    return _DIGITS[(37 - remainder) % 36]


def make_number(prefix: str, year: int, count: int) -> str:
    """The number of the `count`-th certificate of a year, as `LZC-2026-00001-K`; the last is its check."""
    body = f"{prefix}-{year}-{count:05d}"
    return f"{body}-{compute_check_character(body)}"


def read_number(text: str) -> str:
    """A number as people type it (any case, full width, blanks, other dashes) in its one spelling."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    return _DASHES.sub("-", plain)


def is_number(text: str) -> bool:
    """Whether `text` is shaped as a number and its check character holds."""
    found = _NUMBER.match(text)
    return bool(found) and compute_check_character(text[:-2]) == text[-1]
