"""The columns of a result, and the totals of steps per meter and month, vectorised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from lingtan.metering.kernel.setting import CUMULATIVE, UNKNOWN, Setting
from lingtan.metering.kernel.steps import FALL, NEGATIVE, ROLLED_OVER, TOO_LARGE, Steps


class Column(IntEnum):
    """What a result says per meter and month; sums are whole numbers.

    energy: in stored units (power: times seconds). emissions, cost: energy times intensity or
    price. steps: usable steps that begin in the month; zeros: those without energy. covered_ms:
    time that usable steps explain. spread: energy divided over slots in proportion to time because
    its step is a gap or longer than a slot; spread_ms: for how long. falls, rollovers, negatives,
    too_large: steps that begin in the month. unpriced, uncosted: slots with energy of which no
    intensity or price is known.
    """

    ENERGY = 0
    STEPS = 1
    ZEROS = 2
    COVERED_MS = 3
    EMISSIONS = 4
    COST = 5
    SPREAD = 6
    SPREAD_MS = 7
    FALLS = 8
    ROLLOVERS = 9
    NEGATIVES = 10
    TOO_LARGE = 11
    UNPRICED = 12
    UNCOSTED = 13


class SlotColumn(IntEnum):
    """What a result says per meter and slot."""

    ENERGY = 0
    COVERED_MS = 1
    SPREAD_MS = 2


@dataclass(frozen=True)
class _Parts:
    """What steps put into slots: row of the meter, slot, energy, time, whether it is spread."""

    row: NDArray[np.int64]
    slot: NDArray[np.int64]
    energy: NDArray[np.int64]
    ms: NDArray[np.int64]
    spread: NDArray[np.bool_]


def total_arrays(
    steps: Steps, rows: NDArray[np.int64], codes: NDArray[np.int32], setting: Setting
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Totals `[meters, months, Column]` and `[SlotColumn, meters, slots]`.

    `rows` is the place of each step's meter among `codes`. OverflowError where int64 is too small.
    """
    grid = setting.grid
    totals = np.zeros((len(codes), len(grid.periods), len(Column)), np.int64)
    parts = _parts(steps, rows, setting)
    _refuse_overflow(parts, codes, setting)
    slots = np.stack(
        [
            _per_slot(parts, amounts, len(codes), grid.count)
            for amounts in (parts.energy, parts.ms, np.where(parts.spread, parts.ms, 0))
        ],
    )
    month = grid.period_of[parts.slot[parts.spread]]
    np.add.at(totals[:, :, Column.SPREAD], (parts.row[parts.spread], month), parts.energy[parts.spread])
    _count(totals, steps, rows, setting)
    _sum(totals, slots, codes, setting)
    return totals, slots


def _per_slot(parts: _Parts, amounts: NDArray[np.int64], meters: int, count: int) -> NDArray[np.int64]:
    """Sums by meter and slot; parts lie in that order."""
    found = np.zeros(meters * count, np.int64)
    key = parts.row * count + parts.slot
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]][: len(key)])
    if len(first):
        found[key[first]] = np.add.reduceat(amounts, first)
    return found.reshape(meters, count)


def _parts(steps: Steps, rows: NDArray[np.int64], setting: Setting) -> _Parts:
    """Usable steps cut at the limits of slots, only what lies inside the grid."""
    grid = setting.grid
    chosen = np.flatnonzero(steps.usable & _is_inside(steps, setting))
    at, until, energy = steps.at[chosen], steps.until[chosen], steps.energy[chosen]
    span = (until - at) // 1000
    first = np.maximum((at - grid.begin_ms) // grid.slot_ms, 0)
    last = np.minimum(np.maximum((until - 1 - grid.begin_ms) // grid.slot_ms, first), grid.count - 1)
    last = np.where(span == 0, first, last)
    lengths = last - first + 1
    of = np.repeat(np.arange(len(chosen)), lengths)
    slot = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    starts = grid.begin_ms + slot * grid.slot_ms
    low = np.maximum(starts, at[of])
    high = np.minimum(starts + grid.slot_ms, until[of])
    done = [_share(energy[of], (edge - at[of]) // 1000, span[of]) for edge in (low, high)]
    is_whole = (span == 0) | ((first == last) & (at >= grid.begin_ms) & (until <= grid.end_ms))
    part = np.where(is_whole[of], energy[of], done[1] - done[0])
    spread = ~is_whole & _is_long(steps, chosen, setting)
    return _Parts(rows[chosen][of], slot, part, np.maximum(high - low, 0), spread[of])


def _is_inside(steps: Steps, setting: Setting) -> NDArray[np.bool_]:
    """Steps of which a part lies in the grid; one below a second lies where it begins."""
    begins: NDArray[np.bool_] = (steps.at >= setting.grid.begin_ms) & (steps.at < setting.grid.end_ms)
    runs_in = (steps.at < setting.grid.begin_ms) & (steps.until > setting.grid.begin_ms)
    begins |= runs_in & (steps.until - steps.at >= 1000)
    return begins


def _share(
    energy: NDArray[np.int64], seconds: NDArray[np.int64], span: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The energy of the first `seconds` of `span`, rounded down; all of it at the end."""
    whole = np.maximum(span, 1)
    quotient, rest = np.divmod(energy, whole)
    return quotient * seconds + rest * seconds // whole


def _is_long(steps: Steps, chosen: NDArray[np.int64], setting: Setting) -> NDArray[np.bool_]:
    """Steps longer than a slot, and those of registers over a gap."""
    meter, length = steps.meter[chosen], (steps.until - steps.at)[chosen]
    interval = setting.interval_ms[meter]
    is_register = setting.kind[meter] == CUMULATIVE
    is_gap = (interval > 0) & (length * 10 > interval * setting.gap_tenths)
    is_long: NDArray[np.bool_] = (length > setting.grid.slot_ms) | (is_register & is_gap)
    return is_long


def _count(totals: NDArray[np.int64], steps: Steps, rows: NDArray[np.int64], setting: Setting) -> None:
    """Steps by what they are, in the month in which they begin."""
    grid = setting.grid
    inside = (steps.at >= grid.begin_ms) & (steps.at < grid.end_ms)
    for column, chosen in (
        (Column.STEPS, steps.usable),
        (Column.ZEROS, steps.usable & (steps.energy == 0)),
        (Column.FALLS, steps.flag == FALL),
        (Column.ROLLOVERS, steps.flag == ROLLED_OVER),
        (Column.NEGATIVES, steps.flag == NEGATIVE),
        (Column.TOO_LARGE, steps.flag == TOO_LARGE),
    ):
        found = np.flatnonzero(chosen & inside)
        slot = (steps.at[found] - grid.begin_ms) // grid.slot_ms
        np.add.at(totals[:, :, column], (rows[found], grid.period_of[slot]), 1)


def _sum(
    totals: NDArray[np.int64], slots: NDArray[np.int64], codes: NDArray[np.int32], setting: Setting
) -> None:
    """Months out of slots: energy, time, emissions and cost."""
    edges = np.searchsorted(setting.grid.period_of, np.arange(len(setting.grid.periods)))
    energy = slots[SlotColumn.ENERGY]
    for column, slot_column in (
        (Column.ENERGY, SlotColumn.ENERGY),
        (Column.COVERED_MS, SlotColumn.COVERED_MS),
        (Column.SPREAD_MS, SlotColumn.SPREAD_MS),
    ):
        totals[:, :, column] = np.add.reduceat(slots[slot_column], edges, axis=1)
    is_covered = (slots[SlotColumn.COVERED_MS] > 0) | (energy != 0)
    for column, lacking, table, table_of in (
        (Column.EMISSIONS, Column.UNPRICED, setting.intensity, setting.intensity_of),
        (Column.COST, Column.UNCOSTED, setting.prices, setting.price_of),
    ):
        for row, which in enumerate(table_of[codes].tolist()):
            if which == UNKNOWN:
                continue
            known = table[which] != UNKNOWN
            product = energy[row] * np.where(known, table[which], 0)
            totals[row, :, column] = np.add.reduceat(product, edges)
            totals[row, :, lacking] = np.add.reduceat((is_covered[row] & ~known).astype(np.int64), edges)


def _refuse_overflow(parts: _Parts, codes: NDArray[np.int32], setting: Setting) -> None:
    size = np.bincount(parts.row, weights=parts.energy, minlength=len(codes))
    for table, table_of in ((setting.intensity, setting.intensity_of), (setting.prices, setting.price_of)):
        largest = np.array([1, *(row.max(initial=1) for row in table)], np.float64)
        if np.any(size * largest[table_of[codes] + 1] >= ROOM):
            raise OverflowError("energy times intensity or price is beyond int64: use coarser units")


ROOM = 2.0**62
"""Sums stay below; int64 holds twice as much."""
