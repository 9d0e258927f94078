"""Scanners as processes: clamd by socket and by port, commands; what fails lets nothing in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import evidence_samples as samples
import pytest

from lingtan.errors import LingtanError
from lingtan_web.evidence.scanning import build_scanner, scan

SMALL = Path(__file__).with_name("small_clamd.py")


@contextmanager
def clamd(address: str, *answer: str) -> Iterator[str]:
    """A scanner that runs; the address it listens at."""
    command = [sys.executable, str(SMALL), address, *answer]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.readline().strip()
        try:
            yield told
        finally:
            process.terminate()


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    file = tmp_path / "clean"
    file.write_bytes(samples.pdf() * 2000)  # more than one block
    return file


@pytest.fixture
def eicar(tmp_path: Path) -> Path:
    file = tmp_path / "eicar"
    file.write_bytes(samples.EICAR)
    return file


def code(setting: str, file: Path) -> str:
    scanner = build_scanner(setting)
    assert scanner is not None
    with pytest.raises(LingtanError) as refused:
        scan(scanner, file, "bill.pdf")
    return refused.value.faults[0].code


def passes(setting: str, file: Path) -> None:
    scanner = build_scanner(setting)
    assert scanner is not None
    scan(scanner, file, "bill.pdf")


def test_clamd_at_a_socket(tmp_path: Path, clean: Path, eicar: Path) -> None:
    with clamd(str(tmp_path / "clamd.ctl")) as address:
        passes(f"clamd:{address}", clean)
        assert code(f"clamd:{address}", eicar) == "evidence.scanner-found"


def test_clamd_at_a_port(clean: Path, eicar: Path) -> None:
    with clamd("tcp") as port:
        passes(f"clamd:127.0.0.1:{port}", clean)
        assert code(f"clamd:127.0.0.1:{port}", eicar) == "evidence.scanner-found"


@pytest.mark.parametrize("answer", ["silent", "INSTREAM size limit exceeded. ERROR", "stream: maybe", "OK"])
def test_an_answer_that_is_none_lets_nothing_in(answer: str, clean: Path) -> None:
    with clamd("tcp", answer) as port:
        assert code(f"clamd:127.0.0.1:{port}", clean) == "evidence.scanner-failed"


def test_a_scanner_that_is_not_there(tmp_path: Path, clean: Path) -> None:
    assert code(f"clamd:{tmp_path}/nobody", clean) == "evidence.scanner-failed"
    assert code("clamd:127.0.0.1:1", clean) == "evidence.scanner-failed"
    assert code(f"command:{tmp_path}/nobody", clean) == "evidence.scanner-failed"


@pytest.mark.parametrize("tail", ["", " {file}"])
def test_a_command(tail: str, tmp_path: Path, clean: Path, eicar: Path) -> None:
    script = tmp_path / "look"
    script.write_text('#!/bin/sh\nif grep -q EICAR "${1:--}"; then echo "Eicar FOUND"; exit 1; fi\n')
    script.chmod(0o700)
    passes(f"command:{script}{tail}", clean)
    assert code(f"command:{script}{tail}", eicar) == "evidence.scanner-found"


def test_a_command_that_fails(tmp_path: Path, clean: Path) -> None:
    script = tmp_path / "look"
    script.write_text("#!/bin/sh\necho broken >&2; exit 2\n")
    script.chmod(0o700)
    assert code(f"command:{script}", clean) == "evidence.scanner-failed"


def test_settings() -> None:
    assert build_scanner("") is None
    assert build_scanner("  ") is None
    for wrong in ("clamav", "clamd:", "clamd:host", "clamd:host:x", "command:", "http://x"):
        with pytest.raises(ValueError, match="LINGTAN_SCANNER"):
            build_scanner(wrong)
