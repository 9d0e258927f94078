"""The results of the invented park have not changed unnoticed. If they changed for a reason: update.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def computed() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("golden_update", HERE / "update.py")
    assert spec and spec.loader
    update = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(update)
    return dict(update.compute_golden())


def test_the_golden_files_are_those_that_are_computed(computed: dict[str, str]) -> None:
    assert set(computed) == {file.name for file in (HERE / "xinghuo").glob("*.json")}


@pytest.mark.parametrize("file", sorted(path.name for path in (HERE / "xinghuo").glob("*.json")))
def test_nothing_changed(file: str, computed: dict[str, str]) -> None:
    golden = (HERE / "xinghuo" / file).read_text(encoding="utf-8")
    assert computed[file] == golden, f"{file} changed: if for a reason, run tests/golden/update.py"
