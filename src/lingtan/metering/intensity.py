"""Files of hourly carbon intensity among those of readings: told by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from lingtan.dossier.findings import Findings
from lingtan.errors import LingtanError, Place
from lingtan.metering import stamps
from lingtan.metering.csv_files import load_csv
from lingtan.metering.importing.opening import DAMAGE, Source, find_sources
from lingtan.quantities import UnitError, scale

SERIES: dict[str, pl.DataType | type[pl.DataType]] = {"at": stamps.UTC, "value": pl.Float64}
"""Intensity as a frame: instants, kgCO2/kWh."""
_NAME = re.compile(r"intensity", re.IGNORECASE)
_UNIT = re.compile(r"(kg|g|t)CO2e?_?(?:_per_|/)(kWh|MWh|GWh)", re.IGNORECASE)


@dataclass(slots=True)
class Intensity:
    """What the files say of carbon intensity; `names` are the files that say it."""

    series: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SERIES))
    findings: Findings = field(default_factory=Findings)
    digests: dict[str, str] = field(default_factory=dict)
    paths: set[Path] = field(default_factory=set)


def read_intensity(paths: Iterable[Path]) -> Intensity:
    """Every column of carbon intensity in the CSV and Parquet files below `paths`, kgCO2/kWh.

    Of other files only the names of columns are read.
    """
    found = Intensity()
    for source in find_sources(paths, Findings()):
        try:
            columns = [] if source.member else [n for n in column_names(source.path) if _NAME.search(n)]
            if columns:
                _take(source, columns, found)
        except LingtanError as error:
            found.findings.extend(error.faults)
        except (*DAMAGE, pl.exceptions.PolarsError, UnicodeError, ValueError):
            continue  # told by whoever reads the file's readings
    return found


def column_names(path: Path) -> list[str]:
    """The names of columns of a CSV (first line) or Parquet file; none of others."""
    name = path.name.lower()
    if name.endswith(".parquet"):
        return list(pl.read_parquet_schema(path))
    if name.endswith((".csv", ".csv.gz")):
        with Source(path, path.name).open() as stream:
            first = stream.read(4096).partition(b"\n")[0].decode("utf-8", "replace")
        return [cell.strip() for cell in first.split(",")]
    return []


def _take(source: Source, columns: list[str], found: Intensity) -> None:
    faults = found.findings
    frame = _load(source, faults)
    time = stamps.time_column(frame)
    if time is None:
        return
    at, troubles = stamps.instants(frame[time], source.name)
    faults.extend(troubles)
    found.digests[source.name] = source.digest()
    found.paths.add(source.path.resolve())
    for column in columns:
        factor = _per_kwh(column)
        if factor is None:
            faults.add("metering.intensity-unit", Place(source.name, column=column))
            continue
        value = frame[column].cast(pl.Float64, strict=False) * factor
        series = pl.DataFrame({"at": at, "value": value}, schema=SERIES).drop_nulls()
        found.series = pl.concat([found.series, series])


def _load(source: Source, findings: Findings) -> pl.DataFrame:
    if source.name.lower().endswith(".parquet"):
        return pl.read_parquet(source.path)
    troubles: list[object] = []
    frame = load_csv(source.path, Place(source.name), troubles)  # type: ignore[arg-type]
    findings.extend(troubles)  # type: ignore[arg-type]
    return frame


def _per_kwh(column: str) -> float | None:
    """What values of `column` are multiplied by to be kgCO2/kWh, from the unit in its name."""
    match = _UNIT.search(column)
    if match is None:
        return None
    try:
        return float(scale(f"{match[1].lower()}CO2 / {match[2]}", "kgCO2 / kWh"))
    except UnitError:
        return None
