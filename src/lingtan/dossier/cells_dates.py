"""Cells that hold dates and periods."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from lingtan.dossier.cells import (
    CellError,
    Notes,
    Raw,
    decimal_of_float,
    folded_width,
    is_blank_word,
    plain_number,
    raw_text,
)
from lingtan.dossier.cells_numbers import FIRST_YEAR, LAST_YEAR
from lingtan.dossier.findings import shown
from lingtan.periods import Period, read_period

LONGEST_DATE = 40  # characters; anything longer is prose
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial dates after its invented 29 February 1900
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WRITTEN = re.compile(
    r"([0-9]{4})(?:\s*[-/.]\s*|\s*年\s*)([0-9]{1,2})(?:\s*[-/.]\s*|\s*月\s*)([0-9]{1,2})\s*[日号]?"
    r"(?:[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)
_DENSE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
_OTHER_ORDER = re.compile(r"[0-9]{1,2}\s*[-/.]\s*[0-9]{1,2}\s*[-/.]\s*(?:[0-9]{2}|[0-9]{4})")
_LOST_ZERO = re.compile(r"[0-9]{4}\.1")
_FIRST_SERIAL = (date(FIRST_YEAR, 1, 1) - _EPOCH).days
_LAST_SERIAL = (date(LAST_YEAR, 12, 31) - _EPOCH).days


def parse_date(raw: Raw, notes: Notes) -> date | None:
    """A day of the calendar, from ISO form, the Chinese forms, or what Excel stores."""
    if isinstance(raw, datetime):
        if raw.time() != time():
            notes.append("dossier.time-dropped")
        return _in_range(raw.date())
    if isinstance(raw, date):
        return _in_range(raw)
    if isinstance(raw, bool | time | timedelta):
        raise CellError("dossier.not-a-date", given=raw_text(raw))
    text = raw if isinstance(raw, str) else plain_number(decimal_of_float(raw))
    if len(text) > LONGEST_DATE:
        raise CellError("dossier.not-a-date", given=shown(text))
    match = _ISO.fullmatch(text)
    return _calendar_day(match, text) if match else _written_date(text, notes)


def _written_date(text: str, notes: Notes) -> date | None:
    if is_blank_word(text):
        notes.append("dossier.blank-word")
        return None
    folded = folded_width(text, notes)
    match = _WRITTEN.fullmatch(folded) or _DENSE.fullmatch(folded)
    if match:
        if ":" in folded and not re.search(r"[ T]0?0:00(?::00(?:\.0+)?)?$", folded):
            notes.append("dossier.time-dropped")
        return _calendar_day(match, text)
    if _SERIAL.fullmatch(folded):
        return _serial(float(folded), text, notes)
    code = "dossier.date-ambiguous" if _OTHER_ORDER.fullmatch(folded) else "dossier.not-a-date"
    raise CellError(code, given=shown(text))


def _serial(days: float, text: str, notes: Notes) -> date:
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        raise CellError("dossier.not-a-date", given=shown(text))
    notes.append("dossier.excel-serial")
    return _EPOCH + timedelta(days=int(days))


def _calendar_day(match: re.Match[str], text: str) -> date:
    year, month, day = (int(part) for part in match.groups())
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellError("dossier.not-in-calendar", given=shown(text)) from None
    return _in_range(found)


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError("dossier.year-out-of-range", given=day.isoformat(), first=FIRST_YEAR, last=LAST_YEAR)
    return day


def parse_period(raw: Raw, notes: Notes) -> Period | None:
    """A year or a month; a date of Excel stands for its month if it is the first of it."""
    if isinstance(raw, date):
        return _month_of(raw, notes)
    if isinstance(raw, bool | time | timedelta):
        raise CellError("dossier.not-a-period", given=raw_text(raw))
    text = raw if isinstance(raw, str) else plain_number(decimal_of_float(raw))
    if len(text) > LONGEST_DATE:
        raise CellError("dossier.not-a-period", given=shown(text))
    if _LOST_ZERO.fullmatch(text):
        raise CellError("dossier.period-ambiguous", given=text)
    period = read_period(text) if text.isascii() or "年" in text else None
    return _known_year(period, text) if period else _written_period(text, notes)


def _written_period(text: str, notes: Notes) -> Period | None:
    if is_blank_word(text):
        notes.append("dossier.blank-word")
        return None
    folded = folded_width(text, notes)
    period = read_period(folded)
    if period:
        return _known_year(period, text)
    match = _WRITTEN.fullmatch(folded)
    if match:
        return _month_of(_calendar_day(match, text), notes)
    if _SERIAL.fullmatch(folded):
        return _month_of(_serial(float(folded), text, notes), notes)
    raise CellError("dossier.not-a-period", given=shown(text))


def _month_of(day: date, notes: Notes) -> Period:
    if day.day != 1:
        raise CellError("dossier.period-is-day", given=day.strftime("%Y-%m-%d"))
    notes.append("dossier.period-from-date")
    return _known_year(Period(day.year, day.month), str(day))


def _known_year(period: Period, text: str) -> Period:
    if not FIRST_YEAR <= period.year <= LAST_YEAR:
        raise CellError("dossier.year-out-of-range", given=shown(text), first=FIRST_YEAR, last=LAST_YEAR)
    return period
