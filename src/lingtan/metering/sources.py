"""Files of readings: found, recognised by their columns, brought into one form.

The one form of readings is a frame `meter` (text), `at` (UTC), `value` (float64); of carbon
intensity `at`, `value` (kgCO2/kWh). Two layouts are read: long (`meter_id, at, value`) and wide
(a column per meter, named like its id in the register).
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.metering import stamps
from lingtan.metering.csv_files import load_csv
from lingtan.quantities import UnitError, scale

Schema = dict[str, pl.DataType | type[pl.DataType]]
LONG = ("meter_id", "at", "value")
READINGS: Schema = {"meter": pl.String, "at": stamps.UTC, "value": pl.Float64}
INTENSITY: Schema = {"at": stamps.UTC, "value": pl.Float64}
_INTENSITY_NAME = re.compile(r"intensity", re.IGNORECASE)
_INTENSITY_UNIT = re.compile(r"(kg|g|t)CO2e?_?(?:_per_|/)(kWh|MWh|GWh)", re.IGNORECASE)
_BLOCK = 1 << 20


@dataclass(slots=True)
class Found:
    """What the files hold; grows while they are read."""

    readings: list[pl.DataFrame] = field(default_factory=list)
    intensity: list[pl.DataFrame] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    def all_readings(self) -> pl.DataFrame:
        """Readings of all files, in no particular order."""
        return pl.concat([pl.DataFrame(schema=READINGS), *self.readings])

    def all_intensity(self) -> pl.DataFrame:
        """Carbon intensity of all files, kgCO2/kWh, in no particular order."""
        return pl.concat([pl.DataFrame(schema=INTENSITY), *self.intensity])

    def fingerprint(self) -> str:
        """SHA-256 over the hashes of the files used, whatever their names and places."""
        joined = "\n".join(sorted(self.digests.values()))
        return hashlib.sha256(joined.encode()).hexdigest() if self.digests else ""


def read_sources(paths: Iterable[Path], meters: Collection[str]) -> Found:
    """Every file below `paths` that holds readings of `meters`, or carbon intensity.

    Files of neither kind are left out with a note; unreadable ones are errors.
    """
    found = Found()
    for path, name in _files(paths, found.faults):
        try:
            frame = _load(path, name, found.faults)
        except LingtanError as error:
            found.faults.extend(error.faults)
            continue
        except (OSError, EOFError, zlib.error, pl.exceptions.PolarsError, UnicodeDecodeError) as error:
            found.faults.append(fault("metering.unreadable", Place(name), reason=_first_line(error)))
            continue
        if frame is None:
            found.faults.append(fault("metering.file-ignored", Place(name), columns="-"))
        elif _take(frame, name, frozenset(meters), found):
            found.digests[name] = _digest(path)
    return found


def _files(paths: Iterable[Path], faults: list[Fault]) -> Iterator[tuple[Path, str]]:
    """Files below `paths` with the names people know them by, each once."""
    named: dict[Path, tuple[Path, str]] = {}
    for root in sorted(paths):
        if not root.exists():
            faults.append(fault("metering.unreadable", Place(root.name), reason="not found"))
        inside = sorted(file for file in root.rglob("*") if file.is_file()) if root.is_dir() else [root]
        for file in inside:
            if file.is_file():
                name = file.relative_to(root).as_posix() if root.is_dir() else file.name
                named.setdefault(file.resolve(), (file, name))
    times = Counter(name for _, name in named.values())
    for real, (file, name) in named.items():
        yield file, name if times[name] == 1 else _longer_name(real, name, named)


def _longer_name(real: Path, name: str, others: Iterable[Path]) -> str:
    """The name with as many folders before it as tell the file from those of the same name."""
    for depth in range(name.count("/") + 2, len(real.parts)):
        longer = "/".join(real.parts[-depth:])
        if sum(other.parts[-depth:] == real.parts[-depth:] for other in others) == 1:
            return longer
    return real.as_posix()


def _load(path: Path, name: str, faults: list[Fault]) -> pl.DataFrame | None:
    """A table as it lies in the file (CSV: all text); None if it is no table."""
    endings = [ending.lower() for ending in path.suffixes[-2:]]
    if endings[-1:] == [".parquet"]:
        return pl.read_parquet(path)
    if endings[-1:] == [".csv"] or endings == [".csv", ".gz"]:
        return load_csv(path, Place(name), faults)
    return None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _take(frame: pl.DataFrame, name: str, meters: frozenset[str], found: Found) -> bool:
    """Add what `frame` holds to `found`; whether it held anything."""
    frame = frame.rename(_known_names(frame.columns))
    if "meter_id" in frame.columns:
        return _take_long(frame, name, meters, found)
    time = stamps.time_column(frame)
    intensities = [column for column in frame.columns if _INTENSITY_NAME.search(column)]
    known = [column for column in frame.columns if column in meters]
    columns = ", ".join(frame.columns[:5])
    if time is None and known:
        meters_named = ", ".join(known[:5])
        found.faults.append(
            fault("metering.no-time-column", Place(name), columns=columns, meters=meters_named)
        )
        return False
    if time is None or not (intensities or known):
        found.faults.append(fault("metering.file-ignored", Place(name), columns=columns))
        return False
    at, faults = stamps.instants(frame[time], name)
    found.faults.extend(faults)
    frame = frame.with_columns(at.alias(time))
    _take_intensity(frame, time, intensities, name, found)
    unknown = [column for column in frame.columns if column not in {time, *intensities, *known}]
    if known and unknown:
        found.faults.append(_unknown(name, unknown))
    for column in known:
        part = frame.select(
            pl.lit(column).alias("meter"), pl.col(time).alias("at"), pl.col(column).alias("value")
        )
        found.readings.append(_numbers(part, name, column, found))
    return bool(known or intensities)


def _known_names(columns: Sequence[str]) -> dict[str, str]:
    """Columns without blanks around them; those of a long table in whatever capitals they are."""
    names = {column: column.strip() for column in columns}
    folded = {column: name.lower() for column, name in names.items()}
    if sorted(name for name in folded.values() if name in LONG) == sorted(LONG):
        names |= {column: name for column, name in folded.items() if name in LONG}
    return names


def _take_long(frame: pl.DataFrame, name: str, meters: frozenset[str], found: Found) -> bool:
    lacking = [column for column in LONG if column not in frame.columns]
    if lacking:
        found.faults += [fault("metering.missing-column", Place(name, column=column)) for column in lacking]
        return False
    at, faults = stamps.instants(frame["at"], name)
    found.faults.extend(faults)
    meter = frame["meter_id"].cast(pl.String).str.strip_chars()
    part = pl.DataFrame({"meter": meter, "at": at, "value": frame["value"]})
    unknown = sorted(
        part.filter(~pl.col("meter").is_in(sorted(meters)))["meter"].unique().drop_nulls().to_list()
    )
    if unknown:
        found.faults.append(_unknown(name, unknown))
    part = part.filter(pl.col("meter").is_in(sorted(meters)))
    found.readings.append(_numbers(part, name, "value", found))
    return True


def _unknown(name: str, meters: list[str]) -> Fault:
    shown = ", ".join(meters[:5]) + (" …" if len(meters) > 5 else "")
    return fault("metering.unknown-meter", Place(name), count=len(meters), meters=shown)


def _numbers(part: pl.DataFrame, name: str, column: str, found: Found) -> pl.DataFrame:
    """`part` with `value` as float64; text that is no number is an error, blanks are left out."""
    part = part.filter(pl.col("value").is_not_null())
    cast = part.with_columns(pl.col("value").cast(pl.Float64, strict=False).alias("number"))
    bad = cast.filter(pl.col("number").is_null())
    if bad.height:
        context = {"count": bad.height, "example": bad["value"].cast(pl.String).min()}
        found.faults.append(fault("metering.bad-value", Place(name, column=column), **context))
    good = cast.filter(pl.col("number").is_not_null() & pl.col("at").is_not_null())
    return good.select("meter", "at", pl.col("number").alias("value"))


def _take_intensity(frame: pl.DataFrame, time: str, columns: list[str], name: str, found: Found) -> None:
    for column in columns:
        place = Place(name, column=column)
        factor = _per_kwh(column)
        if factor is None:
            found.faults.append(fault("metering.intensity-unit", place))
            continue
        part = frame.select(
            pl.lit(column).alias("meter"), pl.col(time).alias("at"), pl.col(column).alias("value")
        )
        numbers = _numbers(part, name, column, found)
        found.intensity.append(numbers.select("at", pl.col("value") * factor))


def _per_kwh(column: str) -> float | None:
    """What values of `column` are multiplied by to be kgCO2/kWh, from the unit in its name."""
    match = _INTENSITY_UNIT.search(column)
    if match is None:
        return None
    mass, energy = match[1].lower(), match[2]
    try:
        return float(scale(f"{mass}CO2 / {energy}", "kgCO2 / kWh"))
    except UnitError:
        return None
