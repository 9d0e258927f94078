"""Files are examined in a process of their own: one that kills it takes no other along."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import evidence_samples as samples

from lingtan_web.evidence.examining import examine_files


def test_what_cannot_be_examined_is_refused_and_the_next_one_is_not(tmp_path: Path) -> None:
    good, picture = tmp_path / "1", tmp_path / "2"
    good.write_bytes(samples.pdf())
    picture.write_bytes(samples.picture("JPEG"))
    gone = tmp_path / "gone"
    found = examine_files([(gone, "a.pdf"), (good, "b.pdf"), (good, "c.png"), (picture, "d.jpg")])
    assert [[fault.code for fault in one.faults] for one in found] == [
        ["evidence.examine-failed"], [], ["evidence.content-differs"], [],
    ]  # fmt: skip
    assert [one.kind.name if one.kind else "" for one in found] == ["", "pdf", "", "jpeg"]
    assert found[1].preview is None
    assert found[3].preview is not None and found[3].preview[8:12] == b"WEBP"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["1", "2"]  # no preview is left lying


def run(code: str) -> subprocess.CompletedProcess[str]:
    before = "from lingtan_web.evidence.examine import confine_examining; confine_examining()\n"
    return subprocess.run([sys.executable, "-c", before + code], capture_output=True, text=True, check=False)


def test_the_process_has_no_more_memory_than_examining_takes() -> None:
    assert "MemoryError" in run("bytearray(3 << 30)").stderr
    assert run("bytearray(1 << 28)").returncode == 0


def test_the_process_writes_no_large_files(tmp_path: Path) -> None:
    done = run(f"open({str(tmp_path / 'x')!r}, 'wb').write(bytes(33 << 20))")
    assert done.returncode != 0
    assert (tmp_path / "x").stat().st_size <= 32 << 20


def test_the_process_does_not_know_our_secrets(tmp_path: Path) -> None:
    """What it is started with, as its own /proc has it, holds nothing of LINGTAN_ or DJANGO_."""
    probe = tmp_path / "sitecustomize.py"
    probe.write_text(f"import os\nopen({str(tmp_path / 'seen')!r}, 'w').write(' '.join(os.environ))\n")
    kept = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = f"{tmp_path}:{kept}"
    os.environ["LINGTAN_SECRET_KEY"] = "secret"
    try:
        file = tmp_path / "1"
        file.write_bytes(b"text")
        assert examine_files([(file, "a.txt")])[0].kind is not None
    finally:
        os.environ["PYTHONPATH"] = kept
        del os.environ["LINGTAN_SECRET_KEY"]
    seen = (tmp_path / "seen").read_text().split()
    assert "PATH" in seen and not [name for name in seen if name.startswith(("LINGTAN_", "DJANGO_"))]
