"""Carbon-free electricity of the park, matched hour by hour and over the year.

What is made in the park counts in its own hour. Contracts and certificates say how much, not when, so
they count over the year only, however green they are: the two shares side by side show what an
annual claim rests on. No Chinese rule asks for hourly matching yet (accounting/method.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lingtan.dossier.records import Dossier
from lingtan.dossier.registers import carriers
from lingtan.errors import Fault, fault
from lingtan.instruments import Screening, load_rules, screen_green
from lingtan.metering import energy_rows
from lingtan.metering.carbon import UNKNOWN, Matching, compute_matching
from lingtan.metering.importing import ImportOptions
from lingtan.metering.records import Metering
from lingtan.metering.series import compute_series
from lingtan.quantities import scale

WH_PER_MWH = 1_000_000
ON_SITE = "on_site"
_RENEWABLE = "renewable_electricity"
_SIGNS = {"supply": 1, "generation": 1, "export": -1}


@dataclass(frozen=True, slots=True)
class ParkMatching:
    """`matching` in watt-hours; `hours` are those of the year that any meter was read in; `meters` counted.

    `refused`: why instruments or generation do not count as carbon-free.
    """

    matching: Matching
    hours: int
    meters: tuple[str, ...]
    refused: tuple[Fault, ...]


def compute_park_matching(
    dossier: Dossier, metering: Metering, *, options: ImportOptions | None = None
) -> ParkMatching | None:
    """Load is what was bought and made less what was sold; None without hourly readings of electricity.

    An hour in which one of the meters was not read in full is left out and counted. Generation is
    carbon-free where its enterprise reports own generation from sun, wind or biogenic fuel and no other;
    the rest is load that is met, not carbon-free energy. Exports are taken off what is carbon-free.
    """
    roles = _meters(dossier, metering)
    series = compute_series(dossier, by="hour", options=options)
    series = series.filter(pl.col("meter").is_in(list(roles)))
    hours = series.filter(pl.col("covered") > 0)["begin"].unique().sort()
    if hours.is_empty():
        return None
    free, other = _generation(dossier, metering, roles)
    exports = [name for name, role in roles.items() if role == "export"]
    load = _hourly(series, hours, {name: _SIGNS[role] for name, role in roles.items()})
    made = _hourly(series, hours, dict.fromkeys(free, 1) | dict.fromkeys(exports, -1))
    screening = Screening(dossier, load_rules())
    screening.faults += [fault("carbon.generation-not-free", meters="、".join(other))] if other else []
    claims = [claim for claim in screen_green(screening) if not claim.refused]
    undated = sum((claim.offered for claim in claims), Decimal(0)) * WH_PER_MWH
    matching = compute_matching(load, {ON_SITE: np.minimum(made, load)}, undated=int(undated))
    return ParkMatching(matching, len(hours), tuple(sorted(roles)), tuple(screening.faults))


def _meters(dossier: Dossier, metering: Metering) -> dict[str, str]:
    """The meters that make up the park's electricity, each once, by role."""
    roles: dict[str, str] = {}
    for metered in energy_rows(dossier, metering):
        carrier = carriers().get(metered.carrier)
        if carrier is not None and carrier.kind == "electricity":
            roles |= dict.fromkeys(metered.meters, metered.role)
    return roles


def _generation(dossier: Dossier, metering: Metering, roles: dict[str, str]) -> tuple[list[str], list[str]]:
    """Meters of generation that is carbon-free, and the others, by what their enterprises report."""
    reported: dict[str, set[bool]] = {}
    for row in dossier.rows.get("energy_activity", ()):
        carrier = carriers().get(row.text("carrier"))
        if row.text("use") == "own_generation" and carrier is not None:
            is_free = carrier.kind == "biogenic" or carrier.group == _RENEWABLE
            reported.setdefault(row.text("enterprise"), set()).add(is_free)
    owner = {energy.meter: energy.enterprise for energy in metering.meters}
    made = sorted(name for name, role in roles.items() if role == "generation")
    free = [name for name in made if reported.get(owner[name]) == {True}]
    return free, [name for name in made if name not in free]


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
