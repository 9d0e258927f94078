"""Telling how far the writing of a document is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Hears how many blocks are done, of how many."""


def silent(done: int, total: int) -> None:
    """Nobody watches."""
