"""Examine files, as a program of its own: reads `[[file, name, preview], …]` as JSON, prints a line for each.

Files of strangers are parsed here and not in the server: each in a process of its own, with limits of
time and memory, without the server's secrets in its surroundings. A line says what the file is, or its
faults; `null` where examining it took too much. Of a picture a preview is written.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from lingtan.errors import LingtanError
from lingtan_web.apart import confine
from lingtan_web.evidence.contents import recognise
from lingtan_web.evidence.kinds import limit
from lingtan_web.evidence.previews import PREVIEWED, render_preview

_LARGEST_WRITTEN = 32 << 20


def confine_examining() -> None:
    """Give the process no more time, memory and files than examining takes."""
    seconds, memory = limit("examine_seconds"), limit("examine_memory_bytes")
    confine(seconds=seconds, memory=memory, written=_LARGEST_WRITTEN)


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


def examine_apart(file: Path, name: str, preview: Path) -> None:
    """Print the line of one file; what kills the process that examines it kills nothing else."""
    child = os.fork()
    if child == 0:
        confine_examining()
        line = json.dumps(examine(file, name, preview)) + "\n"
        os.write(sys.stdout.fileno(), line.encode())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        os.write(sys.stdout.fileno(), b"null\n")


if __name__ == "__main__":
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - of a file that breaks a library nobody reads
    for file, name, preview in json.load(sys.stdin):
        examine_apart(Path(file), name, Path(preview))
