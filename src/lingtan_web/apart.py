"""Files of strangers are read by programs of their own: without our secrets, within limits."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from contextlib import suppress

_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "TMPDIR")


def run_apart(module: str, given: bytes, *, seconds: float) -> bytes | None:
    """What `python -m module` printed of `given`; None where it failed, was stopped or took too long."""
    surroundings = {key: os.environ[key] for key in _KEPT if key in os.environ}
    command = [sys.executable, "-m", module]
    try:
        done = subprocess.run(
            command, env=surroundings, input=given, capture_output=True, timeout=seconds, check=True
        )
    except subprocess.SubprocessError:
        return None
    return done.stdout


def confine(*, seconds: int, memory: int, written: int) -> None:
    """Give this process no more than `seconds` of work, `memory` bytes, and files of `written` bytes."""
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system that has no such limit
            resource.setrlimit(kind, (most, most))
