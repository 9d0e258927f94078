"""The same totals in one pass over the readings, compiled by Numba: for large inputs.

Slots are filled one after the other and closed when the next begins, so that a meter needs the
numbers of one slot only. Written without helpers that allocate: this loop sees every reading.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lingtan.metering.kernel.setting import CUMULATIVE, POWER, UNKNOWN, Setting
from lingtan.metering.kernel.steps import LONGEST_S
from lingtan.metering.kernel.totals import ROOM, Column, SlotColumn

_ENERGY, _EMISSIONS, _COST = int(Column.ENERGY), int(Column.EMISSIONS), int(Column.COST)
_STEPS, _ZEROS, _COVERED = int(Column.STEPS), int(Column.ZEROS), int(Column.COVERED_MS)
_SPREAD, _SPREAD_MS = int(Column.SPREAD), int(Column.SPREAD_MS)
_FALLS, _ROLLOVERS = int(Column.FALLS), int(Column.ROLLOVERS)
_NEGATIVES, _TOO_LARGE = int(Column.NEGATIVES), int(Column.TOO_LARGE)
_UNPRICED, _UNCOSTED = int(Column.UNPRICED), int(Column.UNCOSTED)
_SLOT_ENERGY, _SLOT_COVERED, _SLOT_SPREAD = (
    int(SlotColumn.ENERGY),
    int(SlotColumn.COVERED_MS),
    int(SlotColumn.SPREAD_MS),
)


def _compiled(function: Any) -> Any:
    """`function` compiled on first use; kept on disk where a folder can be written."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


def total_one_pass(  # noqa: PLR0913
    meter: NDArray[np.int32],
    at: NDArray[np.int64],
    value: NDArray[np.int64],
    starts: NDArray[np.int64],
    setting: Setting,
    *,
    with_slots: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """As `totals.total_arrays`; `starts` is where each meter begins, and the end."""
    grid, meters = setting.grid, len(starts) - 1
    totals = np.zeros((meters, len(grid.periods), len(Column)), np.int64)
    slots = np.zeros((meters if with_slots else 0, grid.count, len(SlotColumn)), np.int64)
    facts = (setting.kind, setting.interval_ms, setting.capacity, setting.largest)
    tables = (setting.intensity, setting.intensity_of, setting.prices, setting.price_of)
    limits = (grid.begin_ms, grid.slot_ms, setting.gap_tenths, setting.rollover_percent)
    fits = _total(meter, at, value, starts, facts, tables, limits, grid.period_of, totals, slots)
    if not fits:
        raise OverflowError("energy times intensity or price is beyond int64: use coarser units")
    return totals, slots


@_compiled
def _close(  # noqa: PLR0913
    energy: int, is_used: bool, slot: int, month: Any, intensity: Any, prices: Any, has: tuple[bool, bool]
) -> None:
    """Give the energy of a finished slot to its month, weighed by intensity and price."""
    month[_ENERGY] += energy
    if has[0]:
        if intensity[slot] != UNKNOWN:
            month[_EMISSIONS] += energy * intensity[slot]
        elif is_used:
            month[_UNPRICED] += 1
    if has[1]:
        if prices[slot] != UNKNOWN:
            month[_COST] += energy * prices[slot]
        elif is_used:
            month[_UNCOSTED] += 1


@_compiled
def _share(energy: int, seconds: int, span: int) -> int:
    """The energy of the first `seconds` of `span`, rounded down (see `totals`)."""
    return energy // span * seconds + energy % span * seconds // span


@_compiled
def _total(  # noqa: PLR0913
    meter: Any, at: Any, value: Any, starts: Any, facts: Any, tables: Any, limits: Any, period_of: Any,
    totals: Any, slots: Any,
) -> bool:  # fmt: skip
    """Fill `totals` and `slots`; False where a sum would leave int64."""
    for row in range(starts.size - 1):
        first, end = starts[row], starts[row + 1]
        out = slots[row] if slots.shape[0] else slots.reshape(-1, slots.shape[2])
        if not _total_meter(meter[first], at[first:end], value[first:end], facts, tables, limits, period_of,
                            totals[row], out):  # fmt: skip
            return False
    return True


@_compiled
def _total_meter(  # noqa: PLR0913
    code: int,
    at: Any,
    value: Any,
    facts: Any,
    tables: Any,
    limits: Any,
    period_of: Any,
    months: Any,
    slots: Any,
) -> bool:
    """One meter: read, step, slot."""
    kind, interval = facts[0][code], facts[1][code]
    capacity, largest = facts[2][code], facts[3][code]
    begin, slot_ms, gap_tenths, rollover_percent = limits
    end = begin + slot_ms * period_of.size
    has = (tables[1][code] != UNKNOWN, tables[3][code] != UNKNOWN)
    intensity = tables[0][max(tables[1][code], 0)] if has[0] else period_of.astype(np.int64)
    prices = tables[2][max(tables[3][code], 0)] if has[1] else intensity
    weight = 1.0
    if has[0]:
        weight = max(weight, float(intensity.max()))
    if has[1]:
        weight = max(weight, float(prices.max()))
    keeps_slots = slots.shape[0] > 0
    gap = interval * gap_tenths // 10 if interval > 0 and kind == CUMULATIVE else slot_ms
    gap = min(gap, slot_ms) if kind == CUMULATIVE else slot_ms
    slot, slot_end, energy, is_used, size = -1, begin, 0, False, 0.0
    count = at.size
    for i in range(count):
        start = at[i]
        has_next = i + 1 < count
        if kind == CUMULATIVE:
            if not has_next:
                break
            until = at[i + 1]
            step = value[i + 1] - value[i]
        else:
            until = start + interval
            if has_next and at[i + 1] < until:
                until = at[i + 1]
            step = value[i]
        seconds = (until - start) // 1000
        is_inside = start >= begin
        if start >= end or (not is_inside and (until <= begin or seconds == 0)):
            continue
        # move on to the slot in which the step begins
        if start >= slot_end or slot < 0:
            at_slot = max(start - begin, 0) // slot_ms
            if slot >= 0 and at_slot != slot:
                _close(energy, is_used, slot, months[period_of[slot]], intensity, prices, has)
                if keeps_slots:
                    slots[slot, _SLOT_ENERGY] += energy
                energy, is_used = 0, False
            slot, slot_end = at_slot, begin + (at_slot + 1) * slot_ms
        month = months[period_of[slot]]
        # what the step is
        rolled = False
        if step < 0 and kind == CUMULATIVE:
            wrapped = step + capacity
            if capacity > 0 and 0 <= wrapped <= capacity // 100 * rollover_percent:
                rolled = True
                step = wrapped
        held = seconds if kind == POWER else 1
        if float(step) * held > largest or seconds >= LONGEST_S:
            if is_inside:
                month[_TOO_LARGE] += 1
            continue
        step *= held
        if step < 0:
            if is_inside:
                month[_FALLS if kind == CUMULATIVE else _NEGATIVES] += 1
            continue
        if is_inside:
            month[_STEPS] += 1
            if step == 0:
                month[_ZEROS] += 1
            if rolled:
                month[_ROLLOVERS] += 1
        size += float(step) * weight
        if size >= ROOM:
            return False
        if is_inside and (until <= slot_end or seconds == 0):
            # a step within one slot: nearly all are
            stays = min(until, slot_end) - start
            energy += step
            is_used = is_used or step > 0 or stays > 0
            month[_COVERED] += stays
            if keeps_slots:
                slots[slot, _SLOT_COVERED] += stays
            continue
        is_spread = until - start > gap
        low = max(start, begin)
        done = _share(step, (low - start) // 1000, seconds)
        while True:
            high = min(slot_end, until)
            upto = step if high == until else _share(step, (high - start) // 1000, seconds)
            part = upto - done
            done = upto
            energy += part
            is_used = True
            month = months[period_of[slot]]
            month[_COVERED] += high - low
            if is_spread:
                month[_SPREAD] += part
                month[_SPREAD_MS] += high - low
            if keeps_slots:
                slots[slot, _SLOT_COVERED] += high - low
                if is_spread:
                    slots[slot, _SLOT_SPREAD] += high - low
            if until <= slot_end or slot + 1 >= period_of.size:
                break
            _close(energy, is_used, slot, month, intensity, prices, has)
            if keeps_slots:
                slots[slot, _SLOT_ENERGY] += energy
            energy, is_used = 0, False
            slot, slot_end, low = slot + 1, slot_end + slot_ms, slot_end
    if slot >= 0:
        _close(energy, is_used, slot, months[period_of[slot]], intensity, prices, has)
        if keeps_slots:
            slots[slot, _SLOT_ENERGY] += energy
    return True
