"""When a delivery is tried again."""

from __future__ import annotations

from datetime import timedelta

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=24),
)
"""After the first, second, … attempt that failed; after the last one nothing is tried any more."""
ATTEMPTS = len(WAITS) + 1
GONE = 410
"""The answer by which a receiver says that it wants no more."""


def find_wait(attempt: int) -> timedelta | None:
    """How long to wait after attempt number `attempt` (from 1) failed; None: give up."""
    return WAITS[attempt - 1] if attempt <= len(WAITS) else None
