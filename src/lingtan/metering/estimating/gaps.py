"""Missing intervals of a meter, estimated one gap at a time.

`linear`: gaps up to `linear_hours`; a straight line between the neighbours. `same-hour`: the mean
of the same time of day, on the same kind of day (Monday to Friday or not), in the weeks around.
`year-hour`: the same over the whole year. `none`: too little was read, and nothing is estimated.

The standard uncertainty of an interval is the standard deviation of its donors; for `linear`, that
of the meter's steps from one reading to the next. Within a gap errors go together (a cold week is
cold all week), so they are added; gaps are independent and added in squares:
u² = Σ over gaps (Σ over the gap's intervals of s)².
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.metering.limits import load_limits

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
METHODS = ("linear", "same-hour", "year-hour", "none")
ESTIMATES: dict[str, pl.DataType | type[pl.DataType]] = {
    "meter": pl.String,
    "month": pl.Int8,
    "method": pl.String,
    "missing": pl.Int64,
    "estimated": pl.Float64,
    "variance": pl.Float64,
}
"""Per meter, local month and method: intervals, their estimate and its variance (meter's sums)."""
_MINUTE_MS = 60_000
_DAY_MS = 86_400_000


def estimate_gaps(
    steps: pl.DataFrame, meters: pl.DataFrame, doubted: pl.DataFrame, *, window: tuple[int, int], zone: str
) -> pl.DataFrame:
    """Estimates of everything that interval and power meters did not read in the year: ESTIMATES.

    `steps`: `meter, at, energy` of usable steps; `doubted`: zeros (`meter, at`) that stand for
    missing readings; `meters`: `meter, cumulative, interval` (minutes); `window`: ms since 1970.
    """
    good = steps.join(doubted, on=["meter", "at"], how="anti").select("meter", "at", "energy")
    parts = good.partition_by("meter", as_dict=True, include_key=False)
    rows: list[tuple[object, ...]] = []
    for meter, interval in meters.filter(~pl.col("cumulative")).select("meter", "interval").iter_rows():
        own = parts.get((meter,))
        if own is not None and interval:
            step = interval * _MINUTE_MS
            values = _on_grid(own, *window, step)
            if np.isnan(values).any():
                rows += [
                    (meter, *row) for row in _estimate(values, _Calendar(window[0], step, len(values), zone))
                ]
    return pl.DataFrame(rows, schema=ESTIMATES, orient="row")


def _on_grid(own: pl.DataFrame, begin_ms: int, end_ms: int, step: int) -> Floats:
    """Energy by interval of the year, NaN where there is none."""
    values = np.full((end_ms - begin_ms) // step, np.nan)
    at = own["at"].to_physical().to_numpy()
    place = (at - begin_ms) // step
    inside = (place >= 0) & (place < len(values))
    values[place[inside]] = own["energy"].to_numpy()[inside]
    return values


class _Calendar:
    """Month, and time of week (time of day and kind of day) of each interval, local."""

    def __init__(self, begin_ms: int, step: int, count: int, zone: str) -> None:
        at = pl.Series(begin_ms + np.arange(count, dtype=np.int64) * step).cast(pl.Datetime("ms", "UTC"))
        local = at.dt.convert_time_zone(zone)
        minutes = local.dt.hour().cast(pl.Int64) * 60 + local.dt.minute().cast(pl.Int64)
        self.month = local.dt.month().to_numpy()
        self.kind = (minutes * 2 + (local.dt.weekday() > 5).cast(pl.Int64)).to_numpy()
        self.step, self.per_day = step, max(_DAY_MS // step, 1)


def _estimate(values: Floats, calendar: _Calendar) -> Iterator[tuple[int, str, int, float, float]]:
    """Per month and method: intervals, estimate, variance."""
    limits = load_limits()
    short = int(float(limits.linear_hours.value) * 60 * _MINUTE_MS // calendar.step)
    reach, least = int(limits.donor_days.value) * calendar.per_day, int(limits.least_donors.value)
    changes = np.diff(values)[np.isfinite(np.diff(values))]
    jump = float(changes.std()) if len(changes) else 0.0
    by_kind = _by_kind(values, calendar)
    found: dict[tuple[int, str], list[float]] = {}
    for first, end in _gaps(np.isnan(values)):
        is_short = end - first <= short and first > 0 and end < len(values)
        gap: dict[tuple[int, str], list[float]] = {}
        for place in range(first, end):
            if is_short:
                share = (place - first + 1) / (end - first + 1)
                one = "linear", values[first - 1] * (1 - share) + values[end] * share, jump
            else:
                one = _from_donors(place, by_kind[int(calendar.kind[place])], reach, least)
            cell = gap.setdefault((int(calendar.month[place]), one[0]), [0, 0.0, 0.0])
            cell[0] += 1
            cell[1] += one[1]
            cell[2] += one[2]
        for key, (count, energy, deviation) in gap.items():
            total = found.setdefault(key, [0, 0.0, 0.0])
            total[0] += count
            total[1] += energy
            total[2] += deviation**2
    for (month, method), (count, energy, variance) in sorted(found.items()):
        yield month, method, int(count), energy, variance


def _gaps(missing: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, missing, False]))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _by_kind(values: Floats, calendar: _Calendar) -> dict[int, tuple[Whole, Floats]]:
    """Places and values that were read, by time of day and kind of day."""
    read = np.flatnonzero(np.isfinite(values))
    order = read[np.argsort(calendar.kind[read], kind="stable")]
    kinds, begins = np.unique(calendar.kind[order], return_index=True)
    parts = np.split(order, begins[1:])
    found = {int(kind): (part, values[part]) for kind, part in zip(kinds, parts, strict=True)}
    nothing = np.empty(0, np.int64), np.empty(0)
    return {int(kind): found.get(int(kind), nothing) for kind in np.unique(calendar.kind)}


def _from_donors(
    place: int, donors: tuple[Whole, Floats], reach: int, least: int
) -> tuple[str, float, float]:
    """Method, estimate and standard deviation of one interval."""
    places, values = donors
    low, high = np.searchsorted(places, [place - reach, place + reach + 1])
    for method, near in (("same-hour", values[low:high]), ("year-hour", values)):
        if len(near) >= least:
            return method, float(near.mean()), float(near.std(ddof=1))
    return "none", 0.0, 0.0
