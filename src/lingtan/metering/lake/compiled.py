"""The two passes that cost most, compiled: only large imports load this module.

What they give equals the numpy way in `merging` and `spilling`, row by row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lingtan.metering.lake.merging import AT_BITS, Rows, Whole

_SHIFT = np.int64(AT_BITS)
_PATIENCE = 32  # moves per row; beyond, rows are so disordered that numpy sorts them faster


def part_rows(rows: Rows, part_of: NDArray[np.uint8], parts: int) -> tuple[Rows, Whole]:
    """Rows grouped by the part of their code, in their order, and where each part ends."""
    key, value, ends = _part(rows.key, rows.value, part_of, parts)
    return Rows(key, value), ends


def sort_rows(rows: Rows) -> Rows | None:
    """Rows sorted by key, equal keys in their order; None where they are too disordered to be quick."""
    low = int(rows.key.min() >> AT_BITS)
    count = int(rows.key.max() >> AT_BITS) - low + 1
    key, value, is_done = _sort(rows.key, rows.value, low, count)
    return Rows(key, value) if is_done else None


def _compile(function: Callable[..., Any]) -> Callable[..., Any]:
    try:
        compiled: Callable[..., Any] = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder to keep compiled code in: compiled anew each time
        compiled = njit(nogil=True)(function)
    return compiled


@_compile
def _part(key, value, part_of, parts):  # type: ignore[no-untyped-def]
    ends = np.zeros(parts, np.int64)
    for row in range(len(key)):
        ends[part_of[key[row] >> _SHIFT]] += 1
    place = np.cumsum(ends) - ends
    keys, values = np.empty_like(key), np.empty_like(value)
    for row in range(len(key)):
        part = part_of[key[row] >> _SHIFT]
        keys[place[part]] = key[row]
        values[place[part]] = value[row]
        place[part] += 1
    return keys, values, place


@_compile
def _sort(key, value, low, count):  # type: ignore[no-untyped-def]
    place = np.zeros(count + 1, np.int64)
    for row in range(len(key)):
        place[(key[row] >> _SHIFT) - low + 1] += 1
    place = np.cumsum(place)
    keys, values = np.empty_like(key), np.empty_like(value)
    for row in range(len(key)):
        code = (key[row] >> _SHIFT) - low
        keys[place[code]] = key[row]
        values[place[code]] = value[row]
        place[code] += 1
    moves = 0
    for row in range(1, len(key)):
        if keys[row] >= keys[row - 1]:
            continue
        this_key, this_value, other = keys[row], values[row], row - 1
        while other >= 0 and keys[other] > this_key:
            keys[other + 1] = keys[other]
            values[other + 1] = values[other]
            other -= 1
        keys[other + 1] = this_key
        values[other + 1] = this_value
        moves += row - other
        if moves > _PATIENCE * len(key):
            return keys, values, False
    return keys, values, True
