"""The same totals in one pass over the readings, compiled by Numba: for large inputs.

Slots are filled one after the other and closed when the next begins, so that a meter needs the
numbers of one slot only. Written without helpers that allocate: this loop sees every reading. What
happens to each reading stays in `_total_meter`, long as it is: with calls for that as well (arrays and
tuples handed over) the job ran at 41 million readings a second, inlined by Numba at 59, as it stands
at 250 and more (2 cores, 2026-11-26).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lingtan.metering.kernel.setting import CUMULATIVE, POWER, UNKNOWN, Setting
from lingtan.metering.kernel.steps import LONGEST_S, UnorderedError
from lingtan.metering.kernel.totals import ROOM, Column, SlotColumn

_ENERGY, _EMISSIONS, _COST = int(Column.ENERGY), int(Column.EMISSIONS), int(Column.COST)
_STEPS, _ZEROS, _COVERED = int(Column.STEPS), int(Column.ZEROS), int(Column.COVERED_MS)
_SPREAD, _SPREAD_MS = int(Column.SPREAD), int(Column.SPREAD_MS)
_FALLS, _ROLLOVERS = int(Column.FALLS), int(Column.ROLLOVERS)
_NEGATIVES, _TOO_LARGE = int(Column.NEGATIVES), int(Column.TOO_LARGE)
_UNPRICED, _UNCOSTED = int(Column.UNPRICED), int(Column.UNCOSTED)
_DONE, _TOO_BIG, _UNORDERED = range(3)
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
    slots = np.zeros((len(SlotColumn), meters, grid.count if with_slots else 0), np.int64)
    facts = (setting.kind, setting.interval_ms, setting.capacity, setting.largest)
    intensity, prices = (_with_nothing(table, grid.count) for table in (setting.intensity, setting.prices))
    heaviest = (intensity.max(axis=1), prices.max(axis=1))
    tables = (intensity, setting.intensity_of, prices, setting.price_of, *heaviest)
    limits = (grid.begin_ms, grid.slot_ms, setting.gap_tenths, setting.rollover_percent)
    answer = _total(meter, at, value, starts, facts, tables, limits, grid.period_of, totals, slots)
    if answer == _TOO_BIG:
        raise OverflowError("energy times intensity or price is beyond int64: use coarser units")
    if answer == _UNORDERED:
        raise UnorderedError
    return totals, slots


def _with_nothing(table: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """`table` with a row of zeros at its end, where UNKNOWN points: a meter that has none."""
    return np.vstack([table.reshape(len(table), count), np.zeros((1, count), np.int64)])


@_compiled
def _share(energy: int, seconds: int, span: int) -> int:
    """The energy of the first `seconds` of `span`, rounded down (see `totals`)."""
    return energy // span * seconds + energy % span * seconds // span


@_compiled
def _close(months: Any, period: int, energy: int, is_used: bool, weights: tuple[int, int]) -> None:
    """Give the energy of a finished slot to its month, weighed by intensity and price."""
    intensity, price = weights
    months[period, _ENERGY] += energy
    if intensity != UNKNOWN:
        months[period, _EMISSIONS] += energy * intensity
    elif is_used:
        months[period, _UNPRICED] += 1
    if price != UNKNOWN:
        months[period, _COST] += energy * price
    elif is_used:
        months[period, _UNCOSTED] += 1


@_compiled
def _gap_of(kind: int, interval: int, slot_ms: int, gap_tenths: int) -> int:
    """From which length on it is not known when within a step its energy was used."""
    if kind == CUMULATIVE and interval > 0:
        return min(slot_ms, interval * gap_tenths // 10)
    return slot_ms


@_compiled
def _run(first: int, at: Any, value: Any, slot_end: int, largest: int) -> tuple[int, int]:
    """The last of the ordinary steps from reading `first` on ends at this reading; how many used nothing."""
    i, zeros, step = first, 0, value[first + 1] - value[first]
    while True:
        zeros += step == 0
        i += 1
        if i + 1 >= at.size:
            return i, zeros
        if at[i + 1] <= at[i]:
            return -1, zeros
        step = value[i + 1] - value[i]
        if at[i + 1] > slot_end or step < 0 or step > largest:
            return i, zeros


@_compiled
def _judge(  # noqa: PLR0913
    step: int, length: int, kind: int, largest: int, capacity: int, wrap_up_to: int
) -> tuple[int, int, bool]:
    """The energy of a step, the column of what is wrong with it (-1: nothing), and whether it rolled over."""
    rolled = step < 0 and kind == CUMULATIVE and capacity > 0 and 0 <= step + capacity <= wrap_up_to
    if rolled:
        step += capacity
    is_large = step > largest
    if kind == POWER:
        seconds = length // 1000
        is_large = float(step) * seconds > largest
        step = 0 if is_large else step * seconds
    if step < 0:
        return step, _FALLS if kind == CUMULATIVE else _NEGATIVES, rolled
    if is_large or length >= LONGEST_S * 1000:
        return step, _TOO_LARGE, rolled
    return step, -1, rolled


@_compiled
def _spread(  # noqa: PLR0913
    span: tuple[int, int, int, int], step: int, is_spread: bool, place: Any, rates: Any, weight: float,
    period_of: Any, months: Any, slots: Any,
) -> Any:  # fmt: skip
    """A step over several slots, divided by time: the slot left open, its end, its energy, the size."""
    start, until, begin, slot_ms = span
    slot, slot_end, energy, size = place
    low, seconds = max(start, begin), (until - start) // 1000
    done = _share(step, (low - start) // 1000, seconds)
    while True:
        period = period_of[slot]
        high = min(slot_end, until)
        upto = step if high == until else _share(step, (high - start) // 1000, seconds)
        energy += upto - done
        months[period, _COVERED] += high - low
        if is_spread:
            months[period, _SPREAD] += upto - done
            months[period, _SPREAD_MS] += high - low
        if slots.shape[1] > 0:
            slots[_SLOT_COVERED, slot] += high - low
            slots[_SLOT_SPREAD, slot] += high - low if is_spread else 0
        if until <= slot_end or slot + 1 >= period_of.size:
            return slot, slot_end, energy, size
        size += float(energy) * weight
        if size >= ROOM:
            return slot, slot_end, energy, size
        _close(months, period, energy, True, (rates[0][slot], rates[1][slot]))
        if slots.shape[1] > 0:
            slots[_SLOT_ENERGY, slot] += energy
        energy, done, low = 0, upto, slot_end
        slot, slot_end = slot + 1, slot_end + slot_ms


@_compiled
def _total(  # noqa: PLR0913
    meter: Any, at: Any, value: Any, starts: Any, facts: Any, tables: Any, limits: Any, period_of: Any,
    totals: Any, slots: Any,
) -> int:  # fmt: skip
    """Fill `totals` and `slots`; _TOO_BIG where a sum would leave int64, _UNORDERED readings."""
    for row in range(starts.size - 1):
        first, end = starts[row], starts[row + 1]
        if row > 0 and meter[first] < meter[first - 1]:
            return _UNORDERED
        if row > 0 and meter[first] == meter[first - 1] and at[first] <= at[first - 1]:
            return _UNORDERED
        answer: int = _total_meter(
            meter[first],
            at[first:end],
            value[first:end],
            facts,
            tables,
            limits,
            period_of,
            totals[row],
            slots[:, row],
        )
        if answer != _DONE:
            return answer
    return _DONE


@_compiled
def _total_meter(  # noqa: PLR0913
    code: int, at: Any, value: Any, facts: Any, tables: Any, limits: Any, period_of: Any, months: Any,
    slots: Any,
) -> int:  # fmt: skip
    """One meter: read, step, slot. The rules are those of `steps` and `totals`."""
    kind, interval = facts[0][code], facts[1][code]
    capacity, largest = facts[2][code], facts[3][code]
    begin, slot_ms, gap_tenths, rollover_percent = limits
    wrap_up_to = capacity // 100 * rollover_percent
    end = begin + slot_ms * period_of.size
    intensity, prices = tables[0][tables[1][code]], tables[2][tables[3][code]]
    weight = max(1.0, float(tables[4][tables[1][code]]), float(tables[5][tables[3][code]]))
    gap = _gap_of(kind, interval, slot_ms, gap_tenths)
    keeps_slots = slots.shape[1] > 0
    slot, slot_end, energy, is_used, size = -1, begin, 0, False, 0.0
    period = 0
    count, i = at.size, -1
    while i + 1 < count:
        i += 1
        start = at[i]
        has_next = i + 1 < count
        if has_next and at[i + 1] <= start:
            return _UNORDERED
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
        length = until - start
        is_inside = start >= begin
        if start >= end or (not is_inside and (until <= begin or length < 1000)):
            continue
        if start >= slot_end or slot < 0:  # move on to the slot in which the step begins
            if slot >= 0:
                size += float(energy) * weight
                if size >= ROOM:
                    return _TOO_BIG
                _close(months, period, energy, is_used, (intensity[slot], prices[slot]))
                if keeps_slots:
                    slots[_SLOT_ENERGY, slot] += energy
            energy, is_used = 0, False
            if slot >= 0 and start < slot_end + slot_ms:
                slot, slot_end = slot + 1, slot_end + slot_ms
            else:
                slot = max(start - begin, 0) // slot_ms
                slot_end = begin + (slot + 1) * slot_ms
            period = period_of[slot]
        if kind == CUMULATIVE and is_inside and until <= slot_end and 0 <= step <= largest:
            # ordinary steps of a register, nearly all there are: to the end of the slot they are one rise
            first, state = i, value[i]
            i, zeros = _run(i, at, value, slot_end, largest)
            if i < 0:
                return _UNORDERED
            energy += value[i] - state
            months[period, _STEPS] += i - first
            months[period, _ZEROS] += zeros
            months[period, _COVERED] += at[i] - at[first]
            if keeps_slots:
                slots[_SLOT_COVERED, slot] += at[i] - at[first]
            is_used = True
            i -= 1
            continue
        step, wrong, rolled = _judge(step, length, kind, largest, capacity, wrap_up_to)
        if wrong >= 0:
            if is_inside:
                months[period, wrong] += 1
            continue
        if is_inside:
            months[period, _STEPS] += 1
            months[period, _ZEROS] += step == 0
            if rolled:
                months[period, _ROLLOVERS] += 1
        if is_inside and (until <= slot_end or length < 1000):
            stays = min(until, slot_end) - start  # a step within one slot: nearly all are
            energy += step
            months[period, _COVERED] += stays
            if keeps_slots:
                slots[_SLOT_COVERED, slot] += stays
            is_used = is_used or step > 0 or stays > 0
            continue
        slot, slot_end, energy, size = _spread(
            (start, until, begin, slot_ms), step, length > gap, (slot, slot_end, energy, size),
            (intensity, prices), weight, period_of, months, slots,
        )  # fmt: skip
        if size >= ROOM:
            return _TOO_BIG
        period, is_used = period_of[slot], True
    if slot >= 0:
        size += float(energy) * weight
        if size >= ROOM:
            return _TOO_BIG
        _close(months, period, energy, is_used, (intensity[slot], prices[slot]))
        if keeps_slots:
            slots[_SLOT_ENERGY, slot] += energy
    return _DONE
