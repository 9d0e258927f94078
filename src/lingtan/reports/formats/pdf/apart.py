"""Typesetting in a process of its own, since Typst keeps what it has laid out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from lingtan.reports.fonts import sans_path
from lingtan.reports.formats.pdf import typesetting


def typeset_apart(files: Mapping[str, str], standard: str) -> bytes:
    """The PDF of `main.typ` among `files`, by our fonts alone; what does not compile is our own bug."""
    task = {"fonts": str(sans_path().parent), "standard": standard, "files": dict(files)}
    done = subprocess.run(
        [sys.executable, "-I", typesetting.__file__],
        input=json.dumps(task).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"typesetting failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
