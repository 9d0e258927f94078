"""Letting a process of its own examine a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.evidence.kinds import Kind, kinds, limit
from lingtan_web.evidence.names import shown

_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept; `preview` is a picture for the screen, None for what is no picture."""

    kind: Kind
    members: int
    preview: bytes | None


def examine_file(file: Path, name: str) -> Examined:
    """What the file is; LingtanError with its faults, or where examining it took too much."""
    preview = file.with_name(f"{file.name}.preview")
    try:
        found = _answer(file, name, preview)
        if "faults" in found:
            raise LingtanError([fault(code, Place(place), **words) for code, place, words in found["faults"]])
        picture = preview.read_bytes() if found["has_preview"] else None
        return Examined(kinds()[found["kind"]], int(found["members"]), picture)
    finally:
        preview.unlink(missing_ok=True)


def _answer(file: Path, name: str, preview: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "lingtan_web.evidence.examine", str(file), name, str(preview)]
    surroundings = {key: os.environ[key] for key in _KEPT if key in os.environ}
    try:
        done = subprocess.run(
            command, env=surroundings, capture_output=True, timeout=2 * limit("examine_seconds"), check=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        raise LingtanError([fault("evidence.examine-failed", Place(shown(name)))]) from None
