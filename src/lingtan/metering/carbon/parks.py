"""Load and carbon-free generation of a park by the hour, out of its meters."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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


def match_meters(
    dossier: Dossier,
    roles: Mapping[str, str],
    free: Collection[str],
    *,
    undated: int = 0,
    options: ImportOptions | None = None,
) -> tuple[Matching, int] | None:
    """The match in watt-hours and the hours of the year any of the meters was read in; None without.

    `roles`: meters that make up the park's electricity, each once. Load is what was bought and made
    less what was sold; carbon-free is what the meters of `free` made less what was sold. An hour in
    which a meter was not read in full is left out and counted.
    """
    series = compute_series(dossier, by="hour", options=options)
    series = series.filter(pl.col("meter").is_in(list(roles)))
    hours = series.filter(pl.col("covered") > 0)["begin"].unique().sort()
    if hours.is_empty():
        return None
    exports = [name for name, role in roles.items() if role == "export"]
    load = _hourly(series, hours, {name: _SIGNS[role] for name, role in roles.items()})
    made = _hourly(series, hours, dict.fromkeys(free, 1) | dict.fromkeys(exports, -1))
    return compute_matching(load, {ON_SITE: np.minimum(made, load)}, undated=undated), len(hours)


def _hourly(series: pl.DataFrame, hours: pl.Series, signs: dict[str, int]) -> NDArray[np.int64]:
    """Signed sum of meters in watt-hours by hour, never negative; UNKNOWN where one was not read in full."""
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
