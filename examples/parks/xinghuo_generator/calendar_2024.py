"""The hours of 2024 in Shanghai and their kind of day.

Holidays and make-up working days are those of the State Council notice for 2024
(国办发明电〔2023〕7号); a short list of constants keeps the example free of a library's version.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

HOURS = 8784
FIRST_UTC_MS = 1704038400000  # 2024-01-01 00:00 in Shanghai = 2023-12-31T16:00Z
HOUR_MS = 3600000

_HOLIDAYS = (
    (date(2024, 1, 1), 1), (date(2024, 2, 10), 8), (date(2024, 4, 4), 3), (date(2024, 5, 1), 5),
    (date(2024, 6, 8), 3), (date(2024, 9, 15), 3), (date(2024, 10, 1), 7),
)  # fmt: skip
_MAKE_UP = ((2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12))

WORKING, WEEKEND, HOLIDAY, SPRING_FESTIVAL = 0, 1, 2, 3


def days() -> list[date]:
    """The 366 days."""
    return [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]


def day_kinds() -> np.ndarray:
    """WORKING, WEEKEND, HOLIDAY or SPRING_FESTIVAL for each day."""
    kinds = {day: WEEKEND if day.weekday() >= 5 else WORKING for day in days()}
    for begin, length in _HOLIDAYS:
        kind = SPRING_FESTIVAL if begin.month == 2 else HOLIDAY
        kinds.update({begin + timedelta(days=n): kind for n in range(length)})
    kinds.update({date(2024, month, day): WORKING for month, day in _MAKE_UP})
    return np.array([kinds[day] for day in days()], dtype=np.int64)


def months_of_hours() -> np.ndarray:
    """The month 1..12 of each hour."""
    return np.repeat(np.array([day.month for day in days()], dtype=np.int64), 24)


def stamps_utc_ms() -> np.ndarray:
    """Begin of each hour in milliseconds since 1970, UTC."""
    return FIRST_UTC_MS + HOUR_MS * np.arange(HOURS, dtype=np.int64)


def hour_index(month: int, day: int, hour: int = 0) -> int:
    """The index of a local hour of 2024."""
    return (date(2024, month, day) - date(2024, 1, 1)).days * 24 + hour
