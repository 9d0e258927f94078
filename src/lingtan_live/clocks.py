"""The time of day, a time that only goes forward, and waiting: handed in, so that tests can set them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

_LONGEST_SLEEP = 1.0  # the time of day may be set while we wait for it


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` in UTC, `monotonic` in seconds, `wait` until an event or so many seconds."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    wait: Callable[[Event, float], bool] = lambda event, seconds: event.wait(seconds)

    def wait_until(self, at: datetime, stop: Event) -> bool:
        """Wait for the time of day `at`; False if `stop` was set before."""
        while not stop.is_set():
            left = (at - self.now()).total_seconds()
            if left <= 0:
                return True
            self.wait(stop, min(left, _LONGEST_SLEEP))
        return False


def find_next_instant(after: datetime, interval_seconds: int) -> datetime:
    """The first instant later than `after` that is a whole number of intervals since 1970 UTC."""
    step = timedelta(seconds=interval_seconds)
    begin = datetime(1970, 1, 1, tzinfo=UTC)
    return begin + ((after - begin) // step + 1) * step
