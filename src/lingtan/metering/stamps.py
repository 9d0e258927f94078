"""Time stamps of readings as UTC instants. A stamp without offset is refused, never guessed.

The one exception is a column whose own name says `utc`.
"""

from __future__ import annotations

import polars as pl

from lingtan.errors import Fault, Place, fault

UTC = pl.Datetime("us", "UTC")
_NAMES = ("at", "timestamp_utc", "timestamp", "time_utc", "time", "datetime_utc", "datetime")
_ISO = "%Y-%m-%dT%H:%M:%S%.f%:z"


def time_column(frame: pl.DataFrame) -> str | None:
    """The column with the stamps: by name, else the only column of dates and times."""
    by_name = [column for name in _NAMES for column in frame.columns if column.lower() == name]
    by_type = [column for column, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    return by_name[0] if by_name else by_type[0] if len(by_type) == 1 else None


def instants(stamps: pl.Series, file: str) -> tuple[pl.Series, list[Fault]]:
    """`stamps` as UTC instants, null where not readable, with one fault per kind of trouble."""
    place, says_utc = Place(file, column=stamps.name), "utc" in stamps.name.lower()
    if isinstance(stamps.dtype, pl.Datetime):
        if stamps.dtype.time_zone is None and not says_utc:
            return _nothing(stamps), [_bare(place, stamps)]
        if stamps.dtype.time_zone is None:
            stamps = stamps.dt.replace_time_zone("UTC")
        return stamps.dt.convert_time_zone("UTC").cast(UTC), []
    return _from_text(stamps.cast(pl.String), place, says_utc)


def _from_text(stamps: pl.Series, place: Place, says_utc: bool) -> tuple[pl.Series, list[Fault]]:
    text = (
        stamps.str.strip_chars()
        .str.replace(r"^(\d{4}-\d\d-\d\d)[ t]+", "${1}T")
        .str.replace(r"\s*[zZ]$", "+00:00")
        .str.replace(r"^([^T]+T\d\d:\d\d)([+-]|$)", "${1}:00${2}")
        .str.replace(r"([+-]\d\d)(\d\d)?$", "${1}:${2}")
        .str.replace(r"(T.*[+-]\d\d):$", "${1}:00")
    )
    bare = text.str.contains(r"^\d{4}-\d\d-\d\dT[\d:.]+$").fill_null(False)
    if says_utc:
        text = pl.select(pl.when(bare).then(text + "+00:00").otherwise(text)).to_series()
    at = text.str.to_datetime(_ISO, time_unit="us", time_zone="UTC", strict=False)
    faults = [] if says_utc or not bare.any() else [_bare(place, stamps.filter(bare))]
    unreadable = at.is_null() & (~bare if not says_utc else pl.Series([True]).new_from_index(0, len(at)))
    if unreadable.any():
        first = int(unreadable.arg_true()[0])
        example = stamps[first] or ""
        at_row = Place(place.file, row=first + 2, column=place.column)
        faults.append(fault("metering.bad-time", at_row, count=unreadable.sum(), example=example))
    return at.alias(place.column), faults


def _bare(place: Place, stamps: pl.Series) -> Fault:
    return fault("metering.time-without-offset", place, count=len(stamps), example=stamps.cast(pl.String)[0])


def _nothing(stamps: pl.Series) -> pl.Series:
    return pl.Series(stamps.name, [None] * len(stamps), dtype=UTC)
