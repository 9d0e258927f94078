"""Findings in the values of a meter: spikes, flat lines, values cut off."""

from __future__ import annotations

import numpy as np
import polars as pl

from lingtan.metering.findings.series import DAY_MS, HOUR_MS, Bools, Floats, Series, Whole, plain
from lingtan.metering.limits import Limits

_HIGH, _TIMES_HIGH = 0.99, 2  # a meter that often peaks has no spikes
_FEWEST = 12  # readings in a row, so that daily readings are not called flat for one day
_FINE = 200  # different values: of a meter with fewer a day says nothing
_CHANCE = 1e-6


def find_spikes(series: Series, limits: Limits) -> pl.DataFrame:
    """One or two intervals far above the meter's median and its high values, and above their neighbours."""
    energy = series.energy
    least = _per_meter(series, lambda own: _least_spike(own, float(limits.spike_multiple.value)))
    high = energy >= least[series.code]
    beside = float(limits.spike_neighbours.value)
    before, before2, after, after2 = (_is_far_above(series, n, beside) for n in (1, 2, -1, -2))
    spike = high & ((before & after) | (before & after2) | (before2 & after))
    same = np.zeros(len(spike), bool)
    same[1:] = spike[1:] == spike[:-1]
    first, length = series.find_runs(same)
    first, length = first[spike[first]], length[spike[first]]
    last = first + length - 1
    highest = np.maximum(energy[first], energy[last])
    return series.rows("spike", first, last, count=length, measure=plain(highest))


def _least_spike(own: Floats, multiple: float) -> float:
    positive = own[own > 0]
    if not len(positive):
        return np.inf
    return max(float(np.median(positive)) * multiple, float(np.quantile(own, _HIGH)) * _TIMES_HIGH)


def _per_meter(series: Series, of: object) -> Floats:
    found = np.full(series.meters.height, np.inf)
    for code in range(len(found)):
        own = series.energy[series.of(code)]
        if len(own):
            found[code] = of(own)  # type: ignore[operator]
    return found


def _is_far_above(series: Series, places: int, times: float) -> Bools:
    """Whether a step is `times` that of so many places before (or after: negative), of the same meter."""
    found = np.zeros(len(series.code), bool)
    here, there = (slice(places, None), slice(None, -places)) if places > 0 else (
        slice(None, places), slice(-places, None)
    )  # fmt: skip
    same = series.code[here] == series.code[there]
    found[here] = same & (series.energy[here] >= series.energy[there] * times)
    return found


def find_flat(series: Series, limits: Limits) -> pl.DataFrame:
    """One value other than zero repeated for a day or longer, where that is hardly chance.

    A meter that idles repeats itself often: how often this value was followed by itself outside the
    run says how likely so long a run is. Of a meter of coarse steps only `dead_days` without any
    change are told.
    """
    same = np.zeros(len(series.energy), bool)
    same[1:] = series.energy[1:] == series.energy[:-1]
    first, length = series.find_runs(same)
    code = series.code[first]
    time = length * series.interval[code]
    is_day = time >= float(limits.flat_run.value) * HOUR_MS
    kept = is_day & (length >= _FEWEST) & (series.energy[first] > 0)
    first, length, code = first[kept], length[kept], code[kept]
    told = time[kept] >= int(limits.dead_days.value) * DAY_MS
    for meter in np.unique(code[~told]).tolist():
        own = series.energy[series.of(meter)]
        if len(np.unique(own)) >= _FINE:
            for run in np.flatnonzero((code == meter) & ~told):
                told[run] = _is_hardly_chance(own, series.energy[first[run]], int(length[run]))
    first, length = first[told], length[told]
    measure = plain(series.energy[first])
    return series.rows("flat", first, first + length - 1, count=length, measure=measure)


def _is_hardly_chance(own: Floats, value: float, length: int) -> bool:
    """Whether a value that repeats itself as often as elsewhere in `own` seldom does so `length` times."""
    equal = own == value
    runs = int(equal[0]) + int(np.count_nonzero(equal[1:] & ~equal[:-1]))
    others = int(np.count_nonzero(equal)) - length
    again = (others - (runs - 1)) / others if others else 0.0
    return bool(again ** (length - 1) * runs < _CHANCE)


def find_clipped(series: Series, limits: Limits) -> pl.DataFrame:
    """A maximum far above the mean that stands more than once."""
    if not len(series.code):
        return series.rows("clipped", series.code, series.code, count=series.code)
    begins = _filled(series)
    codes = series.code[begins]
    top = np.full(series.meters.height, np.inf)
    top[codes] = np.maximum.reduceat(series.energy, begins)
    counts = np.diff(np.append(begins, len(series.code)))
    mean = np.zeros_like(top)
    mean[codes] = np.add.reduceat(series.energy, begins) / counts
    at_top = np.flatnonzero(series.energy == top[series.code])
    found, first, times = np.unique(series.code[at_top], return_index=True, return_counts=True)
    last = at_top[first + times - 1]
    kept = (times > 1) & (top[found] > 0) & (top[found] >= mean[found] * float(limits.clip_multiple.value))
    return series.rows(
        "clipped", at_top[first][kept], last[kept], count=times[kept], measure=plain(top[found][kept])
    )


def _filled(series: Series) -> Whole:
    """Where the meters that have steps begin."""
    return np.unique(series.starts[:-1][np.diff(series.starts) > 0])
