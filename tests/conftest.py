"""What all tests share: where the facts outside the repository lie."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
HOME = tempfile.mkdtemp(prefix="lingtan-tests-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["LINGTAN_HOME"] = HOME  # the application under test keeps its state here, never in one's own
os.environ["DJANGO_SETTINGS_MODULE"] = "lingtan_web.settings"
django.setup()
del os.environ[
    "DJANGO_SETTINGS_MODULE"
]  # or workers would set up too early, in the home of whoever started them
hypothesis.settings.register_profile("house", deadline=None)  # a loaded machine is no fault
hypothesis.settings.load_profile("house")
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
