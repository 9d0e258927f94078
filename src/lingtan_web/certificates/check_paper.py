"""Check a PDF of a stranger, as a program of its own: a line of JSON (`ring`, `at`, `name`), then the file.

A PDF may unfold to a thousand times its size: here it meets limits of time and memory, and the server
does not. Prints the credential inside if the paper is as it was signed, else the word and the faults.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

from lingtan.certificate import parse_ring, read_paper, verify_file
from lingtan.certificate.papers import Paper
from lingtan.errors import Place

SECONDS, MEMORY = 20, 1 << 30


def confine() -> None:
    """No more time, memory and files than a certificate takes."""
    for kind, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system that has no such limit
            resource.setrlimit(kind, (most, most))


def check(data: bytes, asked: dict[str, str]) -> dict[str, Any]:
    """The credential, or why there is none to believe."""
    ring = parse_ring(asked["ring"])
    verdict = verify_file(data, ring, (), at=datetime.fromisoformat(asked["at"]), name=asked["name"])
    if verdict.certificate is not None:
        paper: Paper = read_paper(data, ring, Place(asked["name"]))
        return {"credential": paper.credential}
    faults = [[one.code, [one.place.file, one.place.column], dict(one.context)] for one in verdict.faults]
    return {"word": verdict.word, "faults": faults}


if __name__ == "__main__":
    confine()
    line = sys.stdin.buffer.readline()
    print(json.dumps(check(sys.stdin.buffer.read(), json.loads(line))))
