"""Names of files as people give them: told apart from tricks, never used as paths."""

from __future__ import annotations

import re
import unicodedata

from lingtan.texts import is_steering
from lingtan_web.evidence.kinds import (
    RefusedError,
    inner_endings,
    kind_of_ending,
    limit,
    refused_endings,
    taken_endings,
)

_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|clock\$|conin\$|conout\$)", re.IGNORECASE)
_SHOWN = 60


def shown(name: object) -> str:
    """A name for a message: cut, with characters that steer or hide made visible."""
    text = str(name)
    cut = text[:_SHOWN] + "…" if len(text) > _SHOWN else text
    return "".join(f"<U+{ord(char):04X}>" if is_steering(char) else char for char in cut)


def normal_name(name: str) -> str:
    """The name in one form of Unicode (NFC), as it is kept and compared."""
    return unicodedata.normalize("NFC", name).strip()


def ending_of(name: str) -> str:
    """The last ending in small letters, without its dot; empty if there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def check_name(name: str) -> None:
    """RefusedError if a name could mislead a person or a program about what it names."""
    if any(is_steering(char) for char in name):
        raise RefusedError("evidence.name-hidden", name=shown(name))
    if is_unsafe(name):
        raise RefusedError("evidence.name-unsafe", name=shown(name))
    if len(name) > limit("name_length"):
        raise RefusedError("evidence.name-long", length=len(name), limit=limit("name_length"))
    parts = [part.strip().lower() for part in name.split(".")]
    if inner := next((part for part in parts[1:-1] if part in inner_endings()), None):
        raise RefusedError("evidence.name-two-endings", name=shown(name), inner=inner)


def is_unsafe(name: str) -> bool:
    """Whether a name holds a path, a device, or begins or ends in a way that systems change."""
    device = _DEVICES.fullmatch(name.split(".")[0].strip())
    ends = name != name.strip() or name.startswith(".") or name.endswith(".")
    return not name or bool(_UNSAFE.search(name)) or ".." in name or ends or bool(device)


def check_ending(name: str) -> None:
    """RefusedError if files of this ending are not taken, with the code that says what to do instead."""
    ending = ending_of(name)
    if not ending:
        raise RefusedError("evidence.name-no-ending", name=shown(name), taken=" ".join(taken_endings()))
    if ending in refused_endings():
        raise RefusedError(refused_endings()[ending], ending=ending)
    if ending not in kind_of_ending():
        raise RefusedError("evidence.kind-not-taken", ending=shown(ending), taken=" ".join(taken_endings()))
