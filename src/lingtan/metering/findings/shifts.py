"""A clock that is wrong for a while: weeks whose mean day fits the meter's other weeks when moved."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from lingtan.metering.findings.series import DAY_MS, HOUR_MS, Bools, Floats, Series, Whole, Window
from lingtan.metering.limits import Limits

_HOURS = 24
_FURTHEST = 6  # hours to either side
_VARIED = 0.2  # standard deviation over mean: a flat profile fits any shift
_FITS = 0.9  # correlation of the moved week with the others
_GAIN = 0.02  # less is the difference of one week from another
_LEAST_WEEKS = 6  # to compare with
_LEAST_DAYS = 4  # of a week that are read
_MOVES = np.arange(-_FURTHEST, _FURTHEST + 1)
_ROLLED = (np.arange(_HOURS)[None, :] + _MOVES[:, None]) % _HOURS


def find_shifts(series: Series, window: Window, zone: str, limits: Limits) -> pl.DataFrame:
    """Weeks of electricity whose daily profile lies some hours later (+) or earlier (-) than usual.

    Use of electricity, hourly or finer, only: the hours of heating and of the sun change with the
    seasons. Weeks are counted from the window's begin; `shift_weeks` or more in a row that are moved
    alike are one finding.
    """
    begin, end = (round(one.timestamp() * 1000) for one in window)
    weeks = -(-(end - begin) // (7 * DAY_MS))
    is_fine = (series.interval > 0) & (series.interval <= HOUR_MS)
    is_use = (series.meters["carrier"] == "electricity") & series.meters["role"].is_in(["supply", "sub"])
    asked = is_fine & is_use.to_numpy()
    kept = series.only(asked[series.code])
    if not len(kept.code):
        return kept.rows("clock-shift", kept.code, kept.code, count=kept.code)
    local = (
        kept.at
        + _offsets(begin, end, zone)[np.clip((kept.at - begin) // HOUR_MS, 0, (end - begin) // HOUR_MS)]
    )
    origin = begin + int(_offsets(begin, begin + HOUR_MS, zone)[0])
    week = np.clip((local - origin) // (7 * DAY_MS), 0, weeks - 1)
    cell = kept.code * weeks + week
    profiles, is_read = _profiles(kept, cell, local % DAY_MS // HOUR_MS, weeks)
    moved = _moves(profiles, is_read, float(limits.shift_rest.value) / 100)
    return _told(kept, cell, moved, int(limits.shift_weeks.value))


def _offsets(begin: int, end: int, zone: str) -> Whole:
    """What is added to UTC for local time, by the hour from `begin` on (milliseconds)."""
    place = ZoneInfo(zone)
    hours = range(begin, end + HOUR_MS, HOUR_MS)
    offsets = (datetime.fromtimestamp(one / 1000, UTC).astimezone(place).utcoffset() for one in hours)
    return np.array([0 if one is None else round(one.total_seconds() * 1000) for one in offsets], np.int64)


def _profiles(series: Series, cell: Whole, hour: Whole, weeks: int) -> tuple[Floats, Bools]:
    """Mean day of each meter and week (meters, weeks, 24), and whether enough of it was read."""
    shape = (series.meters.height, weeks, _HOURS)
    place = cell * _HOURS + hour
    sums = np.bincount(place, weights=series.energy, minlength=int(np.prod(shape)))
    counts = np.bincount(place, minlength=int(np.prod(shape))).reshape(shape)
    ms = np.maximum(series.interval, 1)[:, None]
    is_read = counts.min(axis=2) * ms >= _LEAST_DAYS * HOUR_MS
    return sums.reshape(shape) / np.maximum(counts, 1), is_read


def _moves(profiles: Floats, is_read: Bools, rest: float) -> Whole:
    """Hours by which each week (meters, weeks) is moved; 0 for those that are not, or cannot be told."""
    mean, deviation = profiles.mean(axis=2), profiles.std(axis=2)
    is_told = is_read & (deviation >= _VARIED * mean) & (deviation > 0)
    shape = np.where(is_told[:, :, None], profiles / np.where(mean > 0, mean, 1)[:, :, None], np.nan)
    enough = is_told.sum(axis=1) >= _LEAST_WEEKS
    usual = np.full((len(profiles), _HOURS), np.nan)
    usual[enough] = np.nanmedian(shape[enough], axis=1)
    spread = usual.std(axis=1)
    is_told &= (enough & (spread >= _VARIED))[:, None]
    normal = (usual - usual.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)[:, None]
    own = (profiles - mean[:, :, None]) / np.where(deviation > 0, deviation, 1)[:, :, None]
    fits = np.stack([np.einsum("mwh,mh->mw", own[:, :, one], normal) for one in _ROLLED], axis=2) / _HOURS
    fits = np.where(is_told[:, :, None], fits, 0.0)
    best, unmoved = fits.max(axis=2), fits[:, :, _FURTHEST]
    is_moved = (best >= _FITS) & (1 - best <= rest * (1 - unmoved)) & (best - unmoved >= _GAIN)
    return np.where(is_moved, _MOVES[fits.argmax(axis=2)], 0)


def _told(series: Series, cell: Whole, moved: Whole, least: int) -> pl.DataFrame:
    """Weeks in a row that are moved alike as one row each."""
    weeks = moved.shape[1]
    flat = moved.ravel()
    changes = np.ones(len(flat), bool)
    changes[1:] = flat[1:] != flat[:-1]
    changes[::weeks] = True
    run = (np.cumsum(changes) - 1)[cell]
    is_long = np.diff(np.append(np.flatnonzero(changes), len(flat))) >= least
    hours = np.where(is_long, flat[changes], 0)
    places = np.flatnonzero(hours[run] != 0)
    found, first, count = np.unique(run[places], return_index=True, return_counts=True)
    begin = places[first]
    return series.rows(
        "clock-shift",
        begin,
        places[first + count - 1],
        count=count,
        measure=[f"{hours[n]:+d}" for n in found],
    )
