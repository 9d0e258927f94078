"""An edition that was used does not change: hash of its content, frozen copy, lock file.

The hash is over the parsed content (canonical JSON, defaults left out), so that comments, layout and
the order of keys do not change it, and a field that a later version of the software adds does not either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lingtan.errors import EditionError, Fault, Place, fault
from lingtan.standards.reading import LOCK
from lingtan.standards.records import Edition

FORMAT = "lingtan-edition-1"
MOST_DIGITS = 1000
_NUL = "\\u0000"


@dataclass(frozen=True, slots=True)
class FrozenEdition:
    """A whole edition as bytes that carry their own hash."""

    id: str
    sha256: str
    content: bytes


def compute_sha256(edition: Edition) -> str:
    """The hash of an edition's content (64 hexadecimal digits)."""
    return _hash(_content(edition))


def _content(edition: Edition) -> Any:
    return edition.model_dump(mode="python", exclude={"sha256"}, exclude_defaults=True)


def _hash(content: Any) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no blanks, and exact numbers written in one way (3.50 and 3.5 alike).

    ValueError for a number that would be written with more than `MOST_DIGITS` digits, or with none at all.
    """
    if isinstance(value, Mapping):
        pairs = sorted((str(key), canonical_json(below)) for key, below in value.items())
        return "{" + ",".join(f"{_text(key)}:{below}" for key, below in pairs) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ",".join(canonical_json(below) for below in value) + "]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int | Decimal):
        return _number(Decimal(value))
    return _text(str(value))


def _number(number: Decimal) -> str:
    """A few bytes from a stranger, as 1e-999999999, must not become a text of gigabytes."""
    if not number.is_finite() or (number and abs(number.adjusted()) > MOST_DIGITS):
        raise ValueError(f"{number!s:.40} cannot be written digit by digit")
    return f"{number.normalize():f}" if number else "0"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def freeze_edition(edition: Edition) -> FrozenEdition:
    """The whole edition as canonical JSON with its hash, to travel with results."""
    content = _content(edition)
    sha256 = _hash(content)
    frozen = canonical_json({"format": FORMAT, "sha256": sha256, "edition": content})
    return FrozenEdition(edition.id, sha256, frozen.encode() + b"\n")


def load_frozen(content: bytes) -> Edition:
    """The edition that was frozen. EditionError if the bytes are not one, or were changed."""
    try:
        data = json.loads(content, parse_float=Decimal, parse_int=Decimal)
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        stored, sha256 = data["edition"], str(data["sha256"])
        text = canonical_json(stored)
        if _NUL in text:
            raise ValueError("a NUL, which no file of an edition can hold")
        found = hashlib.sha256(text.encode()).hexdigest()
        edition = Edition.model_validate({**stored, "sha256": sha256})
    except (ValueError, KeyError, TypeError, RecursionError, InvalidOperation) as error:
        raise EditionError([fault("edition.not-frozen", reason=type(error).__name__)]) from None
    if found != sha256 or compute_sha256(edition) != sha256:
        raise EditionError([fault("edition.frozen-changed", Place(edition.id), sha256=sha256[:12])])
    return edition


def lock_text(edition: Edition) -> str:
    """What `edition.lock` says of an edition that was used."""
    return canonical_json({"id": edition.id, "sha256": edition.sha256 or compute_sha256(edition)}) + "\n"


def check_lock(raw: bytes, edition: Edition, sha256: str) -> list[Fault]:
    """Whether the edition is still the one its lock file was written for."""
    try:
        locked = str(json.loads(raw)["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return [fault("edition.bad-lock", Place(LOCK))]
    if locked == sha256:
        return []
    context = {"id": edition.id, "locked": locked[:12], "found": sha256[:12]}
    return [fault("edition.changed-after-use", Place(LOCK), **context)]


def write_lock(folder: Path, edition: Edition) -> Path:
    """Write `edition.lock` into the folder of an edition."""
    file = folder / LOCK
    file.write_text(lock_text(edition), encoding="utf-8")
    return file
