"""All findings of a block of meters, with fingerprints of the data they rest on."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import numpy as np
import polars as pl

from lingtan.metering.findings.profiles import find_drifts, find_shifts
from lingtan.metering.findings.records import Finding
from lingtan.metering.findings.spans import (
    Window,
    find_clipped,
    find_dead,
    find_edges,
    find_flat,
    find_gaps,
    find_spikes,
    find_zeros,
)
from lingtan.metering.limits import load_limits


def find_quality(
    steps: pl.DataFrame, meters: pl.DataFrame, doubted: pl.DataFrame, *, window: Window, zone: str
) -> tuple[Finding, ...]:
    """Everything that people must look at in the readings of `meters`, sorted.

    `steps`: `meter, at, until, energy, scaled` (in one unit per carrier), `month`, usable ones in
    order; `meters`: see `spans`; `doubted`: zeros that quality doubts (`meter, at`). Work grows
    linearly with the readings.
    """
    limits = load_limits()
    doubtless = steps.join(doubted, on=["meter", "at"], how="anti")
    tables = [
        find_gaps(steps, meters, window),
        find_zeros(doubted, steps),
        find_spikes(doubtless, limits),
        find_flat(steps, meters, limits),
        find_dead(doubtless, meters, limits),
        find_clipped(steps, limits),
        find_edges(steps, window, limits),
        find_shifts(doubtless, meters, zone, limits),
        find_drifts(doubtless, meters, limits),
    ]
    rows = pl.concat(tables).sort("meter", "first", "last", "code")
    prints = _Fingerprints(steps)
    return tuple(
        Finding(r["meter"], r["first"], r["last"], r["code"], r["count"], r["measure"],
                prints.of(r["meter"], r["first"], r["last"]))
        for r in rows.iter_rows(named=True)
    )  # fmt: skip


class _Fingerprints:
    """Hashes of the readings of a meter in a span, and of those just before and after it."""

    def __init__(self, steps: pl.DataFrame) -> None:
        self._at = steps["at"].to_physical().to_numpy()
        self._energy = np.ascontiguousarray(steps["energy"].to_numpy())
        ends = steps.with_row_index("place").group_by("meter").agg(
            pl.col("place").min().alias("low"), pl.col("place").max().alias("high")
        )  # fmt: skip
        self._place = {meter: (low, high + 1) for meter, low, high in ends.iter_rows()}

    def of(self, meter: str, first: datetime, last: datetime) -> str:
        """Sixteen hex digits."""
        low, high = self._place.get(meter, (0, 0))
        at = self._at[low:high]
        begin, end = (round(one.timestamp() * 1000) for one in (first, last))
        before = low + max(int(np.searchsorted(at, begin)) - 1, 0)
        after = low + int(np.searchsorted(at, end, "right")) + 1
        digest = sha256(self._at[before:after].tobytes())
        digest.update(self._energy[before:after].tobytes())
        return digest.hexdigest()[:16]
