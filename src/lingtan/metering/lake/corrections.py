"""Corrections: checked when recorded, applied when read, never over the originals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from lingtan.errors import Fault, Place, fault
from lingtan.metering.coded import FINEST
from lingtan.metering.lake.exponents import LARGEST, add
from lingtan.metering.lake.merging import AT_BITS, AT_END, Rows, merge, sort
from lingtan.metering.lake.records import Change, Correction, State

_MOST = 2**53  # as for readings
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC, exactly (floats of seconds are not)."""
    since = moment - _EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def check_correction(correction: Correction, state: State) -> list[Fault]:
    """Why a correction cannot be recorded; nothing where it can."""
    place = Place(sheet=correction.meter)
    if correction.meter not in state.codes:
        return [fault("lake.unknown-meter", place, meter=correction.meter)]
    found = []
    if not correction.who.strip() or not correction.why.strip():
        found.append(fault("lake.unsigned-correction", place, meter=correction.meter))
    reason = _find_contradiction(correction)
    if reason:
        found.append(fault("lake.bad-correction", place, meter=correction.meter, reason=reason))
    return found


def _find_contradiction(c: Correction) -> str:
    times = [moment for moment in (c.at, c.when, c.until) if moment is not None]
    if any(moment.utcoffset() is None for moment in times):
        return "时间没有时区偏移 a time without offset"
    if not 0 <= milliseconds(c.at) < AT_END:
        return "时间不在 1970 至 2109 年之间 a time outside 1970 to 2109"
    if c.until is not None and c.action not in ("remove", "restore"):
        return "只有 remove 和 restore 可填 until / only remove and restore have until"
    if c.until is not None and c.until <= c.at:
        return "until 须晚于 at / until is not later than at"
    return _find_bad_value(c)


def _find_bad_value(c: Correction) -> str:
    if c.action in ("replace", "add") and c.value is None:
        return "replace 和 add 须填 value / replace and add need a value"
    if c.action in ("remove", "restore") and c.value is not None:
        return "remove 和 restore 不填 value / remove and restore have no value"
    if c.action != "exchange" and c.value_after is not None:
        return "只有 exchange 可填 value_after / only exchange has value_after"
    for number in (c.value, c.value_after):
        if number is not None and not (number.is_finite() and abs(number) < _MOST):
            return "数值不是有限的数，或过大 a value is not finite or too large"
        if number is not None and _places(number) > -FINEST:
            return "数值最多九位小数 a value has at most nine decimals"
    return ""


def _places(number: Decimal) -> int:
    return -int(number.normalize().as_tuple().exponent)


def check_room(state: State) -> list[Fault]:
    """Corrections whose values leave int64 in the exponents of `state`."""
    found = []
    for c in state.corrections:
        exponent = state.exponents[c.meter]
        if any(n is not None and abs(n.scaleb(-exponent)) > LARGEST for n in (c.value, c.value_after)):
            found.append(fault("lake.too-fine", Place(sheet=c.meter)))
    return found


def find_exponent(correction: Correction) -> int:
    """The exponent its values need, 0 or below."""
    numbers = [number for number in (correction.value, correction.value_after) if number is not None]
    return min([0, *(-_places(number) for number in numbers)])


def build_changes(state: State) -> dict[int, list[Change]]:
    """Per meter code the corrections as readers apply them, in order of decision."""
    changes = defaultdict(list)
    for c in sorted(state.corrections, key=lambda c: (c.when, c.id)):
        code, exponent = state.codes[c.meter], state.exponents[c.meter]
        numbers = (None if n is None else int(n.scaleb(-exponent)) for n in (c.value, c.value_after))
        at = milliseconds(c.at)
        until = at + 1 if c.until is None else min(milliseconds(c.until), AT_END)
        changes[code].append(Change(code, at, c.action, until, *numbers))
    return changes


def find_exchanges(changes: Iterable[Change]) -> dict[tuple[int, int], Change]:
    """The exchanges that stand, by code and instant: the last decision of each."""
    standing: dict[tuple[int, int], Change] = {}
    for change in changes:
        if change.action == "exchange":
            standing[change.code, change.at] = change
        elif change.action == "restore":
            for place in [p for p in standing if p[0] == change.code and change.at <= p[1] < change.until]:
                del standing[place]
    return standing


def find_breaks(changes: Iterable[Change]) -> tuple[tuple[int, int], ...]:
    """(code, ms) where a register was exchanged and a reading of the event is unknown."""
    standing = find_exchanges(changes).items()
    return tuple(sorted(p for p, c in standing if c.value is None or c.value_after is None))


def apply_changes(rows: Rows, changes: tuple[Change, ...]) -> Rows:
    """Settled sorted `rows` with the corrections applied, each instant once.

    A register goes on over an exchange: later values are raised by final less initial reading.
    LingtanError where one of them leaves int64.
    """
    kept = np.ones(len(rows), np.bool_)
    placed: dict[int, int] = {}
    for change in changes:
        first, end = change.code << AT_BITS | change.at, change.code << AT_BITS | change.until
        if change.action in ("replace", "add") and change.value is not None:
            placed[first] = change.value
        elif change.action != "exchange":
            low, high = np.searchsorted(rows.key, [first, end])
            kept[low:high] = change.action == "restore"
            for key in [key for key in placed if first <= key < end]:
                del placed[key]
    decided = Rows(np.array(list(placed), np.int64), np.array(list(placed.values()), np.int64))
    decided = sort(decided)
    low, high = np.searchsorted(rows.key, decided.key), np.searchsorted(rows.key, decided.key, side="right")
    kept[low[low < high]] = False
    return _join_registers(merge([rows if kept.all() else rows.pick(kept), decided]), changes)


def _join_registers(rows: Rows, changes: tuple[Change, ...]) -> Rows:
    exchanges = sorted(find_exchanges(changes).items())
    if not exchanges:
        return rows
    value = rows.value.copy()
    for (code, at), change in exchanges:
        if change.value is not None and change.value_after is not None:
            low, high = np.searchsorted(rows.key, [code << AT_BITS | at, (code + 1) << AT_BITS])
            value[low:high] = add(value[low:high], change.value - change.value_after)
    return Rows(rows.key, value)
