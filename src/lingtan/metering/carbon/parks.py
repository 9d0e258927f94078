"""Load and carbon-free generation of a park by the hour, out of its meters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.dossier.records import Dossier
from lingtan.metering.carbon.matching import UNKNOWN, Matching, compute_matching
from lingtan.metering.importing import ImportOptions
from lingtan.metering.series import compute_series
from lingtan.quantities import scale

WH_PER_MWH = 1_000_000
ON_SITE = "on_site"
_SIGNS = {"supply": 1, "generation": 1, "export": -1}


@dataclass(frozen=True)
class ParkHours:
    """Load and carbon-free generation of a park in watt-hours, int64, one per hour it was read in.

    `begins` are local instants, ascending; UNKNOWN where a meter was not read in full in that hour.
    `free` is at most `load`: what is sold is taken off it.
    """

    begins: tuple[datetime, ...]
    load: NDArray[np.int64]
    free: NDArray[np.int64]


def compute_park_hours(
    dossier: Dossier,
    roles: Mapping[str, str],
    free: Collection[str],
    *,
    options: ImportOptions | None = None,
) -> ParkHours | None:
    """The hours of the year in which any of the meters was read; None without.

    `roles`: meters that make up the park's electricity, each once. Load is what was bought and made
    less what was sold; carbon-free is what the meters of `free` made less what was sold.
    """
    series = compute_series(dossier, by="hour", options=options)
    series = series.filter(pl.col("meter").is_in(list(roles)))
    hours = series.filter(pl.col("covered") > 0)["begin"].unique().sort()
    if hours.is_empty():
        return None
    exports = [name for name, role in roles.items() if role == "export"]
    load = _hourly(series, hours, {name: _SIGNS[role] for name, role in roles.items()})
    made = _hourly(series, hours, dict.fromkeys(free, 1) | dict.fromkeys(exports, -1))
    return ParkHours(tuple(hours.to_list()), load, np.minimum(made, load))


def match_hours(hours: ParkHours, *, undated: int = 0) -> Matching:
    """The match in watt-hours; an hour in which a meter was not read in full is left out and counted."""
    return compute_matching(hours.load, {ON_SITE: hours.free}, undated=undated)


def _hourly(series: pl.DataFrame, hours: pl.Series, signs: dict[str, int]) -> NDArray[np.int64]:
    """Signed sum of meters in watt-hours by hour, never negative; UNKNOWN where one was not read in full."""
    if not signs:
        return np.zeros(len(hours), dtype=np.int64)
    units = {unit: float(scale(unit, "MWh")) * WH_PER_MWH for unit in series["unit"].unique()}
    meter, unit = pl.col("meter"), pl.col("unit")
    read = series.filter(meter.is_in(list(signs))).with_columns(
        wh=pl.col("energy")
        * unit.replace_strict(units, return_dtype=pl.Float64)
        * meter.replace_strict(signs, return_dtype=pl.Float64)
    )
    sums = read.group_by("begin").agg(pl.col("wh").sum(), full=(pl.col("covered") >= 1).sum())
    by_hour = hours.to_frame().join(sums, on="begin", how="left").sort("begin")
    wh = by_hour["wh"].fill_null(0).round().cast(pl.Int64).to_numpy()
    full = by_hour["full"].fill_null(0).to_numpy()
    return np.where(full == len(signs), np.maximum(wh, 0), UNKNOWN).astype(np.int64)
