"""The generated pages say what the program says.

If not fresh: `python -m lingtan.cli.reference docs/reference`.
"""

from pathlib import Path

import pytest

from lingtan.cli.reference import render_commands, render_faults

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.mark.parametrize(
    ("page", "rendered"), [("commands.md", render_commands), ("faults.md", render_faults)]
)
def test_the_page_is_fresh(page: str, rendered: object) -> None:
    assert callable(rendered)
    assert (REFERENCE / page).read_text(encoding="utf-8") == rendered()
