"""Carbon intensity as a series to one whole number per slot of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.documents import Record, load_record
from lingtan.errors import Fault, fault
from lingtan.metering.grid import Grid
from lingtan.metering.limits import Limit

UNKNOWN = -1
"""An intensity that is not known."""

INTENSITY_DIGITS = 6
"""Intensities in arrays are whole milligrams of CO2 per kWh: millionths of kgCO2/kWh."""

_MINUTE_MS = 60_000


class CarbonLimits(Record):
    """When an intensity is doubted; see `lingtan_data/methods/carbon.yaml`."""

    largest_intensity: Limit


@cache
def load_carbon_limits() -> CarbonLimits:
    """The shipped limits; EditionError if our file is wrong."""
    return load_record(CarbonLimits, "methods", "carbon.yaml")


@dataclass(frozen=True)
class Factors:
    """Intensity of each slot in mg CO2 per kWh, int64, UNKNOWN where not known; what was wrong with it.

    `step_minutes`: how long a value of the series holds; 0 for a series without a usable value.
    """

    values: NDArray[np.int64]
    step_minutes: int
    faults: tuple[Fault, ...]


def build_factors(series: pl.DataFrame, grid: Grid) -> Factors:
    """`at` (UTC, begin of its interval), `value` (kgCO2/kWh), in any order, as whole numbers by slot.

    A value holds for the commonest distance of instants, the shorter of two as common. A slot has
    the mean of the values over its time, if they cover all of it, rounded once half to even. Equal
    rows are one; of different values for one instant none is used (carbon.conflict), nor negative
    ones and those beyond the limit (carbon.negative).
    """
    faults: list[Fault] = []
    clean = _usable(series, faults)
    at, value = clean["at"].dt.epoch("ms").to_numpy(), clean["value"].to_numpy()
    step = _commonest(at)
    if not step:
        return Factors(np.full(grid.count, UNKNOWN, np.int64), 0, tuple(faults))
    means = _means(at, value, step, grid)
    values = np.where(np.isnan(means), UNKNOWN, np.rint(means * 10**INTENSITY_DIGITS)).astype(np.int64)
    gaps = np.flatnonzero(values == UNKNOWN)
    if len(gaps):
        first = pl.Series([int(grid.starts_ms[gaps[0]])]).cast(pl.Datetime("ms", "UTC"))[0]
        faults.append(fault("carbon.gaps", count=len(gaps), first=_shown(first)))
    return Factors(values, step // _MINUTE_MS, tuple(faults))


def _usable(series: pl.DataFrame, faults: list[Fault]) -> pl.DataFrame:
    """Instants with one value each, in order; what is left out goes to `faults`."""
    rows = series.select(pl.col("at").cast(pl.Datetime("ms", "UTC")), pl.col("value").cast(pl.Float64))
    rows = rows.filter(pl.col("value").is_finite() & pl.col("at").is_not_null()).sort("at")
    largest = float(load_carbon_limits().largest_intensity.value)
    rows = _refuse(rows, pl.col("at").dt.epoch("ms") % _MINUTE_MS != 0, "carbon.off-minute", faults)
    is_doubtful = (pl.col("value") < 0) | (pl.col("value") > largest)
    rows = _refuse(rows, is_doubtful, "carbon.negative", faults, largest=largest)
    each = rows.group_by("at", maintain_order=True).agg(
        pl.col("value").min(), pl.col("value").max().alias("other")
    )
    return _refuse(each, pl.col("value") != pl.col("other"), "carbon.conflict", faults)


def _refuse(
    rows: pl.DataFrame, is_refused: pl.Expr, code: str, faults: list[Fault], **context: object
) -> pl.DataFrame:
    refused = rows.filter(is_refused)
    if refused.height:
        first, last = _shown(refused["at"][0]), _shown(refused["at"][-1])
        faults.append(fault(code, count=refused.height, first=first, last=last, **context))
    return rows.filter(~is_refused)


def _shown(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _commonest(at: NDArray[np.int64]) -> int:
    """The commonest distance (ms); 0 if there are fewer than two instants."""
    if len(at) < 2:
        return 0
    distances, counts = np.unique(np.diff(at), return_counts=True)
    return int(distances[np.argmax(counts)])


def _means(at: NDArray[np.int64], value: NDArray[np.float64], step: int, grid: Grid) -> NDArray[np.float64]:
    """Mean over the time of each slot, NaN where values do not cover it.

    Slots are cut into parts so short that each lies within one value; a part belongs to the last
    value at or before it, if that still holds.
    """
    offsets = np.unique((at - grid.begin_ms) % grid.slot_ms)
    part = int(np.gcd.reduce([grid.slot_ms, step, *offsets.tolist()]))
    parts = grid.slot_ms // part
    starts = grid.begin_ms + np.arange(grid.count * parts, dtype=np.int64) * part
    place = np.searchsorted(at, starts, side="right") - 1
    holds = (place >= 0) & (starts < at[place] + step)
    shares = np.where(holds, value[place], np.nan)
    return np.asarray(shares.reshape(grid.count, parts).mean(axis=1))
