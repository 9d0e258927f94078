"""Values as people write them to whole numbers, exactly: no float between text and store."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from lingtan.metering.importing.verdicts import CODE, TAKEN
from lingtan.metering.importing.words import find_unit, load_words

MOST_DECIMALS = 9
LARGEST = 2**53  # what a value may reach as a whole number: exact in float64 too
_DIGITS = 38
_FULL_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {
    "\u3000": " ",
    "\u00a0": " ",
    "\u202f": " ",
}
_GROUPED = r"^[+-]?\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?$"
_GROUPED_COMMA = r"^[+-]?\d{1,3}(?:[.' ]\d{3})+(?:,\d+)?$"
_WITH_UNIT = re.compile(r"^([+-]?[\d.,' ]*\d(?:[eE][+-]?\d+)?)\s*([^\d\s.,'+-].*)$")


@dataclass(frozen=True, slots=True)
class Numbers:
    """`whole` (Int128) × 10^-`decimals` are the values, null where there is none; `verdict` says why.

    `units` has the unit a cell itself states, null where it states none; None if no cell does.
    Values with more than MOST_DECIMALS are rounded to as many.
    """

    whole: pl.Series
    decimals: int
    verdict: pl.Series
    units: pl.Series | None


def parse_values(raw: pl.Series, mark: str = ".") -> Numbers:
    """`raw` (text, decimal mark `mark`) as numbers: blank words are no values, digits may be full width."""
    text = raw.rename("text")
    decimal, decimals = _decimals_of(_pointed(text, mark))
    odd = decimal.is_null()
    units = None
    verdict = pl.select(
        pl.when(text.is_null()).then(CODE["blank"]).otherwise(TAKEN).cast(pl.UInt8)
    ).to_series()
    if (odd & text.is_not_null()).any():
        rows = (odd & text.is_not_null()).arg_true()
        plain, cell_units = _plain(text.gather(rows), mark)
        better, more = _decimals_of(plain)
        verdict = verdict.scatter(rows, _verdicts(plain, better))
        if more > decimals:
            decimal, decimals = _rescaled(text, mark, more), more
        decimal = decimal.scatter(rows, better.cast(decimal.dtype))
        if cell_units.is_not_null().any():
            units = (
                pl.Series("unit", [None], dtype=pl.String)
                .new_from_index(0, len(text))
                .scatter(rows, cell_units)
            )
    return _stored(decimal, decimals, verdict, units)


def _pointed(text: pl.Series, mark: str) -> pl.Series:
    if mark == ".":
        return text
    grouped = text.str.contains(r"\.\d{3}(?:\D|$)") & ~text.str.contains(r"\.\d{3}\d")
    bare = text.str.replace_all(".", "", literal=True)
    chosen = pl.select(
        pl.when(grouped).then(bare).when(text.str.contains(".", literal=True)).then(None).otherwise(text)
    ).to_series()
    return chosen.str.replace_all(",", ".", literal=True)


def _decimals_of(text: pl.Series) -> tuple[pl.Series, int]:
    """`text` as decimals of the scale its longest fraction needs, at most MOST_DECIMALS."""
    point = text.str.find(".", literal=True)
    places = (text.str.len_bytes() - point - 1).max()
    exponents = any(text.str.contains(letter, literal=True).any() for letter in "eE")
    longest = places if isinstance(places, int) else 0
    decimals = MOST_DECIMALS if exponents else min(longest, MOST_DECIMALS)
    return text.cast(pl.Decimal(_DIGITS, decimals), strict=False), decimals


def _rescaled(text: pl.Series, mark: str, decimals: int) -> pl.Series:
    return _pointed(text, mark).cast(pl.Decimal(_DIGITS, decimals), strict=False)


def _plain(text: pl.Series, mark: str) -> tuple[pl.Series, pl.Series]:
    """Odd cells made plain: full width, blanks, thousands separators, units; blank words are null."""
    folded = text.str.replace_many(_FULL_WIDTH).str.strip_chars().str.strip_chars("'")
    words = [unicodedata.normalize("NFKC", word) for word in load_words().missing]
    folded = pl.select(
        pl.when(folded.str.to_lowercase().is_in(words)).then(None).otherwise(folded)
    ).to_series()
    parts = [_split_unit(cell) for cell in folded.to_list()]
    numbers = pl.Series("text", [number for number, _ in parts], dtype=pl.String)
    units = pl.Series("unit", [unit for _, unit in parts], dtype=pl.String)
    grouped = numbers.str.contains(_GROUPED if mark == "." else _GROUPED_COMMA)
    bare = numbers.str.replace_all("[,' ]" if mark == "." else "[.' ]", "")
    chosen = pl.select(pl.when(grouped).then(bare).otherwise(numbers)).to_series()
    return (chosen if mark == "." else chosen.str.replace_all(",", ".", literal=True)), units


def unit_of_cell(cell: str) -> str | None:
    """The unit written behind a number in its cell (`12.3 kWh`); None if there is none."""
    return _split_unit(unicodedata.normalize("NFKC", cell).strip())[1]


def _split_unit(cell: str | None) -> tuple[str | None, str | None]:
    match = _WITH_UNIT.match(cell) if cell else None
    unit = find_unit(match[2]) if match else None
    return (match[1], unit) if match and unit else (cell, None)


def _verdicts(plain: pl.Series, decimal: pl.Series) -> pl.Series:
    number = plain.cast(pl.Float64, strict=False)
    return pl.select(
        pl.when(plain.is_null())
        .then(CODE["blank"])
        .when(decimal.is_not_null())
        .then(TAKEN)
        .when(number.is_null())
        .then(CODE["bad-value"])
        .when(number.is_finite() & ~plain.str.to_lowercase().str.contains("inf|nan"))
        .then(CODE["too-large"])
        .otherwise(CODE["not-finite"])
        .cast(pl.UInt8)
    ).to_series()


def _stored(decimal: pl.Series, decimals: int, verdict: pl.Series, units: pl.Series | None) -> Numbers:
    """Decimals as whole numbers; values of 2^53 and above are no values of a meter."""
    whole = decimal.to_physical().rename("whole")
    limit = pl.lit(LARGEST * 10**decimals, dtype=pl.Int128)
    frame = pl.DataFrame({"whole": whole, "verdict": verdict}).with_columns(
        pl.when(pl.col("whole").abs() >= limit)
        .then(pl.lit(CODE["too-large"], dtype=pl.UInt8))
        .otherwise(pl.col("verdict"))
        .alias("verdict")
    )
    kept = frame.select(pl.when(pl.col("verdict") == TAKEN).then("whole"))["whole"]
    return Numbers(kept, decimals, frame["verdict"], units)
