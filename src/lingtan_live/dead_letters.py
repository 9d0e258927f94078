"""Messages that could not be used, set aside: never lost, never in the way of the next.

One file per day, one JSON object per line: when received, topic, payload (base64), why.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lingtan.errors import Fault
from lingtan_live.limits import limit


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and why it, or a part of it, was not used."""

    topic: str
    payload: bytes
    received: datetime
    faults: tuple[Fault, ...]

    def line(self) -> dict[str, Any]:
        """The letter as JSON; of a payload beyond `letter_bytes` only the beginning is kept."""
        kept = self.payload[: limit("letter_bytes")]
        return {
            "received": self.received.isoformat(),
            "topic": self.topic,
            "codes": sorted({fault.code for fault in self.faults}),
            "faults": [fault.as_dict() for fault in self.faults[:20]],
            "size": len(self.payload),
            "sha256": hashlib.sha256(self.payload).hexdigest(),
            "whole": len(kept) == len(self.payload),
            "payload": base64.b64encode(kept).decode("ascii"),
        }


class DeadLetters:
    """The folder of letters; a line is on the disk when `write` returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, letters: Sequence[Letter]) -> None:
        """Add the letters, each to the file of the day it was received; OSError if it cannot be."""
        files = {letter.received.strftime("%Y-%m-%d") for letter in letters}
        for day in sorted(files):
            lines = [json.dumps(one.line(), ensure_ascii=False) for one in letters if _day(one) == day]
            self._append(self.folder / f"{day}.jsonl", "\n".join(lines) + "\n")

    def _append(self, file: Path, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        is_new = not file.exists()
        with file.open("a+b") as lines:
            if lines.tell() and not _ends_with_newline(lines):  # a kill tore the last line
                text = "\n" + text
            lines.write(text.encode())
            lines.flush()
            os.fsync(lines.fileno())
        if is_new:
            _sync_folder(self.folder)


def read_letters(folder: Path) -> Iterator[tuple[str, bytes, datetime]]:
    """Topic, payload and time of each letter kept whole, oldest day first; torn lines are passed over.

    A torn line was never acknowledged: the broker sent its message again.
    """
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_bytes().splitlines():
            try:
                entry = json.loads(line)
                payload = base64.b64decode(entry["payload"], validate=True)
                received = datetime.fromisoformat(entry["received"])
            except (ValueError, KeyError, TypeError):
                continue
            if entry["whole"]:
                yield entry["topic"], payload, received


def _day(letter: Letter) -> str:
    return letter.received.strftime("%Y-%m-%d")


def _ends_with_newline(lines: Any) -> bool:
    lines.seek(-1, os.SEEK_END)
    return bool(lines.read(1) == b"\n")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
