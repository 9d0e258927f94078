"""What documents say: editions, factors, registers, units, glossary. Files only, no logic.

`path("factors", "grid_cn.csv")` is where a shipped file lies.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """The place of a shipped data file or folder, `parts` below this package."""
    return ROOT.joinpath(*parts)
