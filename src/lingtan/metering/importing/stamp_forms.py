"""Stamps of every common form by their parts, before any zone comes into it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from lingtan.metering.importing.verdicts import CODE, TAKEN

UTC_MS: Final = pl.Datetime("ms", "UTC")
NAIVE: Final = pl.Datetime("ms")
_EXCEL_EPOCH_DAYS = 25_569  # 1970-01-01 as Excel counts days
_DAYS_TO_1904 = 1_462
_EPOCH_MS_FROM = 100_000_000_000  # ten digits are seconds, thirteen milliseconds
_EXCEL_BELOW = 200_000
_DATES: Final = (
    (r"\d{4}-\d{1,2}-\d{1,2}", "%Y-%m-%d"),
    (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    (r"\d{1,2}/\d{1,2}/\d{4}", "%{a}/%{b}/%Y"),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", "%{a}.%{b}.%Y"),
    (r"\d{1,2}-\d{1,2}-\d{4}", "%{a}-%{b}-%Y"),
)
_TIMES: Final = (
    (r"\d{1,2}:\d\d:\d\d", "%H:%M:%S"),
    (r"\d{1,2}:\d\d", "%H:%M"),
    (r"\d\d:\d\d:\d\d[+-]\d\d:\d\d", "%H:%M:%S%:z"),
)
_SHAPES: Final = tuple(
    (date + blank + clock, f"{date_form}{blank}{clock_form}")
    for date, date_form in _DATES
    for blank in (" ", "T")
    for clock, clock_form in _TIMES
)
_MONTHS = dict(
    zip(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        (f"{month:02d}" for month in range(1, 13)),
        strict=True,
    )
)
_PARTS = (
    r"^(?:(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"|(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<yy>\d{4}|\d{2})"
    r"|(?P<cy>(?:19|20)\d\d)(?P<cm>\d\d)(?P<cd>\d\d))"
    r"(?:[t\s,]*(?P<half>上午|下午|am|pm)?\s*(?P<h>\d{1,2})(?:[:时点h]?(?P<i>\d{2}|\d)?)分?(?::?(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?秒?)?"
    r"\s*(?P<half2>am|pm)?)?\s*(?P<z>z|utc|[+-]\d{2}(?::?\d{2})?)?$"
)
_WIDTH = {"（": "(", "：": ":", "／": "/", "－": "-", "．": ".", "　": " ", " ": " "} | {
    chr(0xFF10 + digit): str(digit) for digit in range(10)
}


def as_text(series: pl.Series) -> pl.Series:
    """Any column as text."""
    if isinstance(series.dtype, pl.Time):
        return series.dt.to_string("%H:%M:%S")
    return series.cast(pl.String)


def is_counted(text: pl.Series) -> bool:
    """Whether stamps are counts: of seconds, milliseconds or days (not 20240101 nor 202401010015)."""
    first = text.drop_nulls().head(1)
    if first.is_empty():
        return False
    cell = first[0].strip()
    return re.fullmatch(r"\d{5}(\.\d+)?|1\d{9}(\.\d+)?|1\d{12}", cell) is not None


def _frame(local: pl.Series, at: pl.Series | None = None) -> pl.DataFrame:
    empty = pl.Series("at", [None], dtype=UTC_MS).new_from_index(0, len(local))
    return pl.DataFrame(
        {"local": local.cast(NAIVE), "at": empty if at is None else at.cast(UTC_MS)}
    ).with_columns(pl.lit(False).alias("late"))


def read_typed(stamps: pl.Series) -> pl.DataFrame:
    """Stamps that are dates and times already, naive or aware."""
    zone = stamps.dtype.time_zone if isinstance(stamps.dtype, pl.Datetime) else None
    if zone is None:
        frame = _frame(stamps)
    else:
        utc = stamps.dt.convert_time_zone("UTC")
        frame = _frame(utc.dt.replace_time_zone(None), utc)
    known = pl.col("local").is_not_null()
    return frame.with_columns(
        pl.when(known).then(TAKEN).otherwise(CODE["bad-time"]).cast(pl.UInt8).alias("verdict")
    )


def read_counted(numbers: pl.Series, days_1904: bool) -> pl.DataFrame:
    """Epoch seconds or milliseconds (UTC), or days as Excel counts them (local)."""
    epoch_days = _EXCEL_EPOCH_DAYS - (_DAYS_TO_1904 if days_1904 else 0)
    excel = numbers < _EXCEL_BELOW
    seconds = (numbers - epoch_days) * 86_400
    epoch = pl.select(pl.when(numbers < _EPOCH_MS_FROM).then(numbers * 1000).otherwise(numbers)).to_series()
    frame = pl.DataFrame({"excel": excel, "s": seconds, "e": epoch}).select(
        pl.when("excel")
        .then(pl.col("s").round(0) * 1000)
        .otherwise("e")
        .round(0)
        .cast(pl.Int64)
        .cast(NAIVE)
        .alias("local"),
        pl.when(~pl.col("excel"))
        .then(pl.col("e").round(0))
        .cast(pl.Int64)
        .cast(NAIVE)
        .dt.replace_time_zone("UTC")
        .alias("at"),
        pl.lit(False).alias("late"),
    )
    known = pl.col("local").is_not_null()
    return frame.with_columns(
        pl.when(known).then(TAKEN).otherwise(CODE["bad-time"]).cast(pl.UInt8).alias("verdict")
    )


def read_alike(text: pl.Series, day_first: bool | None) -> pl.DataFrame:
    """Stamps of the form of the first one; null where they have another."""
    first = next(iter(text.drop_nulls().head(1).to_list()), "")
    for shape, form in _SHAPES:
        if not re.fullmatch(shape, first) or ("{a}" in form and day_first is None):
            continue
        a, b = ("d", "m") if day_first else ("m", "d")
        form = form.replace("{a}", a).replace("{b}", b)
        if form.endswith("%:z"):
            at = text.str.to_datetime(form, time_unit="ms", time_zone="UTC", strict=False)
            return _frame(at.dt.replace_time_zone(None), at)
        return _frame(text.str.to_datetime(form, time_unit="ms", strict=False))
    return _frame(pl.Series("local", [None], dtype=NAIVE).new_from_index(0, len(text)))


def read_parts(text: pl.Series, day_first: bool | None) -> pl.DataFrame:
    """Stamps of any form by their parts."""
    plain = text.str.replace_many(_WIDTH).str.strip_chars().str.to_lowercase()
    plain = plain.str.replace(
        r"^(\d{1,2})[- ]([a-z]{3})[a-z]*[- ](\d{4})", "${3}-${2}-${1}"
    ).str.replace_many(_MONTHS)
    parts = plain.str.extract_groups(_PARTS).struct.unnest()
    number = {name: parts[name].cast(pl.Int32, strict=False) for name in "ymdabhis"}
    day, month = ("a", "b") if day_first else ("b", "a")
    unknown = day_first is None
    frame = (
        pl.DataFrame(number)
        .with_columns(
            parts["cy"].cast(pl.Int32),
            parts["cm"].cast(pl.Int32),
            parts["cd"].cast(pl.Int32),
            parts["yy"].cast(pl.Int32),
            parts["f"],
            parts["z"],
            pl.coalesce(parts["half"], parts["half2"]).alias("half"),
        )
        .with_columns(
            pl.coalesce(
                "y", pl.when(pl.col("yy") < 100).then(pl.col("yy") + 2000).otherwise("yy"), "cy"
            ).alias("y"),
            pl.coalesce("m", pl.lit(None) if unknown else pl.col(month), "cm").alias("m"),
            pl.coalesce("d", pl.lit(None) if unknown else pl.col(day), "cd").alias("d"),
        )
    )
    return _assembled(frame)


def _assembled(frame: pl.DataFrame) -> pl.DataFrame:
    """Year, month, day and time to an instant; 24:00 is the begin of the next day."""
    hour, minute, second = (pl.col(name).fill_null(0) for name in "his")
    noon = pl.col("half").is_in(["pm", "下午"])
    hour = (
        pl.when(pl.col("half").is_not_null() & (hour == 12))
        .then(pl.when(noon).then(12).otherwise(0))
        .when(noon & (hour < 12))
        .then(hour + 12)
        .otherwise(hour)
    )
    late = (hour == 24) & (minute == 0) & (second == 0)
    valid = ((hour < 24) | late) & (minute < 60) & (second < 60)
    clock = ((hour * 60 + minute) * 60 + second).cast(pl.Int64) * 1000
    fraction = pl.col("f").str.pad_end(3, "0").str.slice(0, 3).cast(pl.Int64).fill_null(0)
    text = pl.format(
        "{}-{}-{}",
        pl.col("y"),
        pl.col("m").cast(pl.String).str.zfill(2),
        pl.col("d").cast(pl.String).str.zfill(2),
    )
    day = text.str.to_date("%Y-%m-%d", strict=False).cast(NAIVE)
    sign = pl.when(pl.col("z").str.starts_with("-")).then(-1).otherwise(1)
    digits = pl.col("z").str.replace_all(r"\D", "").str.pad_end(4, "0")
    offset = (
        pl.when(pl.col("z").is_in(["z", "utc"]))
        .then(0)
        .otherwise(
            sign
            * (
                digits.str.slice(0, 2).cast(pl.Int64, strict=False) * 60
                + digits.str.slice(2, 2).cast(pl.Int64, strict=False)
            )
        )
    )
    whole = frame.select(
        pl.when(valid).then(day + pl.duration(milliseconds=clock + fraction)).alias("local"),
        offset.alias("offset"),
        late.alias("late"),
    )
    at = (pl.col("local") - pl.duration(minutes=pl.col("offset"))).dt.replace_time_zone("UTC").cast(UTC_MS)
    return whole.select(pl.col("local").cast(NAIVE), at.alias("at"), pl.col("late").fill_null(False))


def find_day_first(stamps: Sequence[str] | pl.Series) -> bool | str | None:
    """Whether the day comes first: True or False; "unclear" if both could be; None if years come first."""
    text = pl.Series(stamps, dtype=pl.String).str.replace_many(_WIDTH).str.strip_chars()
    pairs = text.str.extract_groups(r"^(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?:\D|$)").struct.unnest()
    a, b = (pairs[name].cast(pl.Int32).max() for name in pairs.columns)
    if a is None or b is None:
        return None
    if (a > 12) == (b > 12):  # type: ignore[operator]
        return "unclear"
    return bool(a > 12)  # type: ignore[operator]
