"""Asking a scanner for viruses, where one is configured: a clamd by socket, or a command.

`LINGTAN_SCANNER` is `clamd:/run/clamav/clamd.ctl`, `clamd:host:3310`, or `command:` and a command line
in which `{file}` stands for the file (without it the file comes on standard input); such a command
answers with its exit code, as clamscan and clamdscan do: 0 clean, 1 found, anything else failed.
"""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lingtan.errors import LingtanError, Place, fault
from lingtan.texts import visible
from lingtan_web.evidence.kinds import limit

_BLOCK = 1 << 16
_LONGEST = 200
_LONGEST_ANSWER = 4096

Scanner = Callable[[Path], "Outcome"]


class ScannerError(Exception):
    """The scanner gave no answer that can be used."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the scanner said: nothing found, or the name of what it found."""

    found: str = ""


def build_scanner(setting: str) -> Scanner | None:
    """The scanner of a setting, None if there is none. ValueError for a setting that is no scanner."""
    kind, _, where = setting.strip().partition(":")
    if not setting.strip():
        return None
    if kind == "command" and where.strip():
        return lambda file: _ask_command(where, file)
    if kind == "clamd" and where.startswith("/"):
        return lambda file: _ask_clamd(socket.AF_UNIX, where, file)
    host, _, port = where.rpartition(":")
    if kind == "clamd" and host and port.isdigit():
        return lambda file: _ask_clamd(socket.AF_INET, (host.strip("[]"), int(port)), file)
    raise ValueError("LINGTAN_SCANNER is clamd:/path, clamd:host:port or command:...")


def scan(scanner: Scanner, file: Path, name: str) -> None:
    """LingtanError if the scanner found something in the file, or did not finish."""
    try:
        outcome = scanner(file)
    except (ScannerError, OSError, subprocess.SubprocessError, ValueError) as error:
        reason = visible(str(error) or type(error).__name__)[:_LONGEST]
        raise LingtanError([fault("evidence.scanner-failed", Place(name), reason=reason)]) from None
    if outcome.found:
        raise LingtanError([fault("evidence.scanner-found", Place(name), name=outcome.found)])


def _ask_command(line: str, file: Path) -> Outcome:
    words = [word.replace("{file}", str(file)) for word in shlex.split(line)]
    with file.open("rb") as stream:
        done = subprocess.run(
            words, stdin=stream, capture_output=True, timeout=limit("scan_seconds"), check=False
        )
    said = visible((done.stdout or done.stderr).decode("utf-8", "replace").strip().replace("\n", " "))[
        :_LONGEST
    ]
    if done.returncode == 0:
        return Outcome()
    if done.returncode == 1:
        return Outcome(said or "?")
    raise ScannerError(f"exit code {done.returncode}: {said}")


def _ask_clamd(family: int, address: str | tuple[str, int], file: Path) -> Outcome:
    """INSTREAM of clamd(8): blocks with their length before them, an empty one at the end."""
    with socket.socket(family, socket.SOCK_STREAM) as link, file.open("rb") as stream:
        link.settimeout(limit("scan_seconds"))
        link.connect(address)
        link.sendall(b"zINSTREAM\0")
        while block := stream.read(_BLOCK):
            link.sendall(struct.pack(">I", len(block)) + block)
        link.sendall(struct.pack(">I", 0))
        return _read_answer(link)


def _read_answer(link: socket.socket) -> Outcome:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        block = link.recv(1024)
        if not block:
            break
        answer += block
    text = visible(answer.rstrip(b"\0\n").decode("utf-8", "replace"))
    if text.endswith("FOUND"):
        return Outcome(text.removeprefix("stream: ").removesuffix(" FOUND")[:_LONGEST])
    if text == "stream: OK":
        return Outcome()
    raise ScannerError(text or "no answer")
