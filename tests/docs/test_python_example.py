"""The example in the docstring of the package works, and importing the package loads no documents."""

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import lingtan

ROOT = Path(__file__).resolve().parents[2]


def test_the_calls_of_the_docstring_work(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lingtan.__doc__
    lines = [line for line in lingtan.__doc__.splitlines() if line.startswith("    ")]
    monkeypatch.chdir(ROOT)
    found: dict[str, Any] = {}
    exec(textwrap.dedent("\n".join(lines)), found)
    assert found["result"].stars == 4
    assert found["results"].assessment.score == found["result"].score
    page = found["page"].decode("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert f'<data value="{found["result"].score:f}" data-path="assessment/score">' in page


def test_every_name_of_the_package_is_there() -> None:
    assert all(callable(getattr(lingtan, name)) for name in lingtan.__all__)
    with pytest.raises(AttributeError, match="no attribute 'render_poem'"):
        _ = lingtan.render_poem


def test_documents_are_loaded_when_asked_for() -> None:
    said = "import sys, lingtan; print(*(name for name in sys.modules if name.startswith('lingtan.reports')))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
