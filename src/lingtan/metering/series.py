"""Energy by the hour or the day, with the share of time that readings cover and the share that is spread."""

from __future__ import annotations

from typing import Literal

import polars as pl

from lingtan.dossier.records import Dossier
from lingtan.metering.gathering import Block, gather_readings, read_blocks
from lingtan.metering.grid import build_grid
from lingtan.metering.importing import ImportOptions
from lingtan.metering.kernel import compute_energy
from lingtan.metering.measuring import Year, block_setting, find_factor
from lingtan.metering.register import meter_rows
from lingtan.periods import Period

SERIES: dict[str, pl.DataType | type[pl.DataType]] = {
    "meter": pl.String,
    "begin": pl.Datetime("ms", "UTC"),
    "energy": pl.Float64,
    "unit": pl.String,
    "covered": pl.Float64,
    "spread": pl.Float64,
}


def compute_series(
    dossier: Dossier, *, by: Literal["hour", "day"], options: ImportOptions | None = None
) -> pl.DataFrame:
    """One row per meter and local hour or day of the year: columns SERIES.

    `begin` is in the park's time zone; `energy` in `unit`, multiplied; `covered` and `spread` are
    shares of the time: what is not covered was not read and is not in the energy.
    """
    rows, zone = meter_rows(dossier), dossier.park.location.timezone
    period = Period(dossier.park.reporting.year)
    year = Year(rows, build_grid(period, period, zone), None)
    gathered = gather_readings(dossier.readings, rows, options or ImportOptions())
    parts = [_series(block, year) for block in read_blocks(gathered)]
    local = pl.col("begin").dt.convert_time_zone(zone)
    frame = pl.concat([pl.DataFrame(schema=SERIES), *parts]).with_columns(local)
    if by == "day":
        frame = frame.with_columns(pl.col("begin").dt.truncate("1d"))
    sums = pl.col("energy").sum(), pl.col("unit").first(), pl.col("covered").mean(), pl.col("spread").mean()
    return frame.group_by("meter", "begin").agg(*sums).sort("meter", "begin")


def _series(block: Block, year: Year) -> pl.DataFrame:
    slots = compute_energy(
        block.readings, block_setting(block, year), breaks=block.breaks, with_slots=True
    ).slots
    assert slots is not None
    known = [(code, meter) for code, meter in enumerate(block.meters) if meter in year.rows]
    facts = {code: find_factor(year.rows[meter], block.exponents[code]) for code, meter in known}
    factors = {code: float(factor) for code, (_, factor) in facts.items()}
    units = {code: unit for code, (unit, _) in facts.items()}
    names = dict(known)
    code, length = pl.col("meter"), year.grid.slot_ms
    return slots.filter(code.is_in(list(names))).select(
        code.replace_strict(names, return_dtype=pl.String),
        pl.col("at").alias("begin"),
        pl.col("energy") * code.replace_strict(factors, return_dtype=pl.Float64),
        code.replace_strict(units, return_dtype=pl.String).alias("unit"),
        (pl.col("covered_ms") / length).round(9).alias("covered"),
        (pl.col("spread_ms") / length).round(9).alias("spread"),
    )
