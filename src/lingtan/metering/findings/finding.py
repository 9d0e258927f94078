"""All findings of a block of meters, with fingerprints of the data they rest on."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from lingtan.metering.findings.drifts import find_drifts, sum_months
from lingtan.metering.findings.records import Finding, fingerprint
from lingtan.metering.findings.series import Series, Window, lay_out
from lingtan.metering.findings.shifts import find_shifts
from lingtan.metering.findings.spans import find_dead, find_edges, find_gaps, find_zeros
from lingtan.metering.findings.values import find_clipped, find_flat, find_spikes
from lingtan.metering.limits import load_limits


def find_quality(
    steps: pl.DataFrame, meters: pl.DataFrame, doubted: pl.DataFrame, *, window: Window, zone: str
) -> tuple[Finding, ...]:
    """Everything that people must look at in the readings of `meters`, sorted.

    `steps`: `meter, at, until` (ms, UTC), `energy`, `scaled` (in one unit per carrier), `month`
    (local), usable ones in order of meter and instant; `meters`: `meter, carrier, role, parent,
    cumulative, interval` (minutes); `doubted`: zeros that quality doubts (`meter, at`); `window` is
    the year. Work grows linearly with the readings. Drift is found among the meters given: where a
    park comes in several blocks, use `find_meter_quality` per block and `find_drifts` once.
    """
    found = find_meter_quality(steps, meters, doubted, window=window, zone=zone)
    return tuple(sorted((*found, *find_drifts(sum_months(steps, doubted), meters))))


def find_meter_quality(
    steps: pl.DataFrame, meters: pl.DataFrame, doubted: pl.DataFrame, *, window: Window, zone: str
) -> tuple[Finding, ...]:
    """What is found in each meter by itself; as `find_quality`, without drift against submeters."""
    if steps.is_empty():
        return ()
    limits = load_limits()
    series = lay_out(steps, meters, doubted)
    ordinary = series.only(series.ordinary)
    believed = series.only(series.ordinary & series.good)
    tables = [
        find_gaps(series, window, limits),
        find_edges(series, window, limits),
        find_zeros(series),
        find_dead(series, limits),
        find_flat(ordinary, limits),
        find_clipped(series, limits),
        find_spikes(believed, limits),
        find_shifts(believed, window, zone, limits),
    ]
    prints = _Fingerprints(series)
    return tuple(
        sorted(
            Finding(r["meter"], r["first"], r["last"], r["code"], r["count"], r["measure"],
                    prints.of(r["meter"], r["first"], r["last"]))
            for r in pl.concat(tables).iter_rows(named=True)
        )
    )  # fmt: skip


class _Fingerprints:
    """Of the readings of a meter in a span, and of those just before and after it."""

    def __init__(self, series: Series) -> None:
        self._series = series
        self._codes = {meter: code for code, meter in enumerate(series.meters["meter"])}

    def of(self, meter: str, first: datetime, last: datetime) -> str:
        """Sixteen hex digits."""
        rows = self._series.of(self._codes[meter])
        at, energy = self._series.at[rows], self._series.energy[rows]
        begin, end = (round(one.timestamp() * 1000) for one in (first, last))
        inside = slice(max(int(at.searchsorted(begin)) - 1, 0), int(at.searchsorted(end, "right")) + 1)
        return fingerprint(zip(at[inside].tolist(), energy[inside].tolist(), strict=True))
