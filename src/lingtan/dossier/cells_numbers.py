"""Cells that hold numbers: decimals, whole numbers, years."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal

from lingtan.dossier.cells import (
    CellError,
    Notes,
    Parser,
    PercentCell,
    Raw,
    decimal_of_float,
    folded_width,
    is_blank_word,
    plain_number,
    raw_text,
)
from lingtan.dossier.findings import shown
from lingtan.dossier.registers import Column
from lingtan.quantities import is_unit

FIRST_YEAR, LAST_YEAR = 1990, 2100
WHOLE = 100  # per cent
LARGEST_EXPONENT = 20  # 50 digits are computed exactly; a datum with more than these is a mistake

_SIMPLE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([, \u00a0\u202f'])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
_WITH_COMMA = re.compile(r"[+-]?[0-9][0-9.,]*")
_WITH_WORDS = re.compile(r"([+-]?[0-9][0-9.,]*)\s*(\D.*)", re.DOTALL)
_YEAR = re.compile(r"([0-9]{4})\s*年度?")


def number_parser(column: Column) -> Parser:
    """A parser for a `number`, `count` or `year` column: a Decimal within the column's limits."""
    percent = column.unit in ("percent", "%")
    is_year = column.type == "year"
    low = FIRST_YEAR if is_year and column.min is None else column.min
    high = LAST_YEAR if is_year and column.max is None else column.max
    whole = column.type != "number"

    def parse(raw: Raw, notes: Notes) -> Decimal | None:
        value = _decimal(raw, notes, percent=percent, is_year=is_year)
        if value is None:
            return None
        if whole and value != value.to_integral_value():
            raise CellError("dossier.not-whole", given=plain_number(value))
        if low == 0 and value < 0:
            raise CellError(
                "dossier.negative-number", given=plain_number(value), positive=plain_number(-value)
            )
        if low is not None and value < low:
            raise CellError("dossier.too-small", given=plain_number(value), limit=low)
        if percent and high == WHOLE and value > WHOLE:
            raise _above_whole(value)
        if high is not None and value > high:
            raise CellError("dossier.too-large-number", given=plain_number(value), limit=high)
        return value

    return parse


def _above_whole(value: Decimal) -> CellError:
    """A percentage over 100: with too many digits (9500 for 95, 985 for 98.5), or more than the whole."""
    given, digits = plain_number(value), value
    while digits > WHOLE:
        digits = digits.scaleb(-1)
    by = int(value / digits)
    if value <= WHOLE + WHOLE:
        return CellError("dossier.percent-above-100", given=given, over=plain_number(value - WHOLE))
    return CellError("dossier.percent-misplaced", given=given, likely=plain_number(digits), by=by)


def _decimal(raw: Raw, notes: Notes, *, percent: bool, is_year: bool) -> Decimal | None:
    if isinstance(raw, str):
        return read_decimal(raw, notes, percent=percent, is_year=is_year)
    if isinstance(raw, bool):
        raise CellError("dossier.not-a-number", given=raw_text(raw))
    if isinstance(raw, PercentCell):
        if not percent:
            raise CellError("dossier.percent-not-expected", given=f"{plain_number(_hundredfold(raw))}%")
        notes.append("dossier.percent-sign")
        return _hundredfold(raw)
    if isinstance(raw, date | time | timedelta):
        raise CellError("dossier.number-became-date", given=raw_text(raw))
    return _bounded(decimal_of_float(raw), str(raw)) if isinstance(raw, float) else Decimal(raw)


def _hundredfold(value: float) -> Decimal:
    return decimal_of_float(value).scaleb(2)


def read_decimal(text: str, notes: Notes, *, percent: bool = False, is_year: bool = False) -> Decimal | None:
    """A number as people write it, None if blank; CellError where it could be two numbers or none."""
    if _SIMPLE.fullmatch(text):
        return Decimal(text)
    if _PLAIN.fullmatch(text):
        return _bounded(Decimal(text), text)
    if is_blank_word(text):
        notes.append("dossier.blank-word")
        return None
    folded = folded_width(text, notes)
    if folded.endswith("%"):
        if not percent:
            raise CellError("dossier.percent-not-expected", given=shown(text))
        notes.append("dossier.percent-sign")
        folded = folded[:-1].rstrip()
    year = _YEAR.fullmatch(folded) if is_year else None
    if year:
        notes.append("dossier.year-word")
        return Decimal(year[1])
    grouped = _GROUPED.fullmatch(folded)
    if grouped:
        notes.append("dossier.thousands-separators")
        folded = folded.replace(grouped[1], "")
    if _PLAIN.fullmatch(folded):
        return _bounded(Decimal(folded), text)
    raise _refused(folded, text)


def _refused(folded: str, text: str) -> CellError:
    if _NOT_FINITE.fullmatch(folded):
        return CellError("dossier.not-finite", given=shown(text))
    if _WITH_COMMA.fullmatch(folded):
        return CellError("dossier.ambiguous-number", given=shown(text))
    worded = _WITH_WORDS.fullmatch(folded)
    if worded and is_unit(worded[2][:20]):
        return CellError("dossier.number-with-unit", given=shown(text), unit=shown(worded[2]))
    return CellError("dossier.not-a-number", given=shown(text))


def _bounded(value: Decimal, text: str) -> Decimal:
    exponent = value.as_tuple().exponent
    smallest = exponent if isinstance(exponent, int) else 0
    if value and (value.adjusted() > LARGEST_EXPONENT or smallest < -LARGEST_EXPONENT):
        raise CellError("dossier.number-out-of-range", given=shown(text), limit=LARGEST_EXPONENT)
    return value
