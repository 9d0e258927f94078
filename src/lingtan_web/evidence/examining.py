"""Letting a process of its own examine files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lingtan.errors import Fault, Place, fault
from lingtan_web.apart import run_apart
from lingtan_web.evidence.kinds import Kind, kinds, limit
from lingtan_web.evidence.names import shown

_STARTING_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept (`kind`), or its faults; `preview` is a picture for the screen."""

    kind: Kind | None
    members: int = 0
    preview: bytes | None = None
    faults: tuple[Fault, ...] = ()


def examine_files(files: Sequence[tuple[Path, str]]) -> list[Examined]:
    """What each file is, given with the name that its owner gave it, in the same order."""
    previews = [file.with_name(f"{file.name}.preview") for file, _ in files]
    asked = [[str(file), name, str(to)] for (file, name), to in zip(files, previews, strict=True)]
    try:
        answers = _ask(asked)
        lines = [*answers, *[None] * (len(files) - len(answers))]
        return [_read(line, name, to) for line, (_, name), to in zip(lines, files, previews, strict=True)]
    finally:
        for preview in previews:
            preview.unlink(missing_ok=True)


def _ask(asked: list[list[str]]) -> list[dict[str, Any] | None]:
    """The lines of the program; none if it did not come to its end."""
    longest = _STARTING_SECONDS + 2 * limit("examine_seconds") * len(asked)
    told = run_apart("lingtan_web.evidence.examine", json.dumps(asked).encode(), seconds=longest)
    return [json.loads(line) for line in (told or b"").splitlines()]


def _read(line: dict[str, Any] | None, name: str, preview: Path) -> Examined:
    if line is None:
        return Examined(None, faults=(fault("evidence.examine-failed", Place(shown(name))),))
    if "faults" in line:
        return Examined(
            None, faults=tuple(fault(code, Place(place), **words) for code, place, words in line["faults"])
        )
    picture = preview.read_bytes() if line["has_preview"] else None
    return Examined(kinds()[line["kind"]], int(line["members"]), picture)
