"""What all tests share: where the facts outside the repository lie."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LINGTAN_SHARED", ROOT.parent / "shared"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `shared` are skipped, visibly, where those facts are absent."""
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason=f"facts not found at {SHARED}; set LINGTAN_SHARED")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with accounting cases and measured data."""
    return SHARED
