"""Check a PDF of a stranger, as a program of its own: a line of JSON (`ring`, `name`), then the file.

A PDF may unfold to a thousand times its size: here it meets limits of time and memory, and the server
does not. Prints the credential inside if the paper is as it was signed, else the word and the faults.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from lingtan.certificate import parse_ring, read_paper
from lingtan.certificate.verifying import find_word_of
from lingtan.errors import LingtanError, Place
from lingtan_web.apart import confine

SECONDS, MEMORY = 20, 1 << 30


def check(data: bytes, asked: dict[str, str]) -> dict[str, Any]:
    """The credential of a paper that is as it was signed, or why there is none to believe."""
    try:
        return {"credential": read_paper(data, parse_ring(asked["ring"]), Place(asked["name"])).credential}
    except LingtanError as error:
        faults = [[one.code, [one.place.file, one.place.column], dict(one.context)] for one in error.faults]
        return {"word": find_word_of(error.faults), "faults": faults}


if __name__ == "__main__":
    confine(seconds=SECONDS, memory=MEMORY, written=0)
    line = sys.stdin.buffer.readline()
    print(json.dumps(check(sys.stdin.buffer.read(), json.loads(line))))
