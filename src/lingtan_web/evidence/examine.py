"""Examine one file, as a program of its own: `python -m lingtan_web.evidence.examine FILE NAME PREVIEW`.

Files of strangers are parsed here and not in the server: with limits of time and memory, without the
server's secrets in its surroundings. Prints what it found as JSON, writes a preview of pictures.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

from lingtan.errors import LingtanError
from lingtan_web.evidence.contents import recognise
from lingtan_web.evidence.kinds import limit
from lingtan_web.evidence.previews import PREVIEWED, render_preview

_LARGEST_WRITTEN = 32 << 20


def confine() -> None:
    """Give the process no more time, memory and files than examining takes."""
    seconds, memory = limit("examine_seconds"), limit("examine_memory_bytes")
    limits = (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, _LARGEST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        with suppress(ValueError, OSError):  # a system that has no such limit
            resource.setrlimit(kind, (most, most))


def examine(file: Path, name: str, preview: Path) -> dict[str, object]:
    """What the file is, or its faults, as plain data."""
    data = file.read_bytes()
    try:
        found = recognise(data, name)
    except LingtanError as refusal:
        return {"faults": [[one.code, one.place.file, dict(one.context)] for one in refusal.faults]}
    has_preview = found.kind.name in PREVIEWED
    if has_preview:
        preview.write_bytes(render_preview(data))
    return {"kind": found.kind.name, "members": found.members, "has_preview": has_preview}


if __name__ == "__main__":
    confine()
    file, name, preview = sys.argv[1:4]
    print(json.dumps(examine(Path(file), name, Path(preview))))
