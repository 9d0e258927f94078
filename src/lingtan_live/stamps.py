"""Stamps and values of live messages: which instant, which exact number."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any, Literal
from zoneinfo import ZoneInfo

from lingtan_live.limits import RefusalError, limit, shown

TimeFormat = Literal["iso", "epoch_s", "epoch_ms"]

_ISO = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE
)
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_LATEST_MS = 253_402_300_799_999  # 9999-12-31: no datetime after it
_SIZE = Decimal(2**53)  # as `lingtan.metering.coded`: no register of a meter reaches it


def read_stamp(raw: Any, form: TimeFormat, zone: ZoneInfo | None) -> datetime:
    """The instant in UTC, cut to the millisecond.

    RefusalError for a stamp that cannot be read, has no offset where no `zone` is stated, or falls
    into an hour that the zone has twice or not at all.
    """
    if form == "iso":
        return _cut(_read_iso(raw, zone))
    number = _read_number(raw)
    if number is None:
        raise RefusalError("live.time-not-readable", given=shown(raw))
    factor = 1000 if form == "epoch_s" else 1
    if not 0 <= number <= _LATEST_MS // factor:  # compared before it is multiplied: it may be 1e999999
        raise RefusalError("live.time-implausible", given=shown(raw), **_span())
    return _EPOCH + int(number * factor) * _MS


def check_plausible(at: datetime, received: datetime) -> None:
    """RefusalError for a stamp before `earliest_year` or further ahead than `future_minutes`."""
    ahead = timedelta(minutes=limit("future_minutes"))
    if at.year < limit("earliest_year") or at > received + ahead:
        raise RefusalError("live.time-implausible", given=at.isoformat(), **_span())


def read_value(raw: Any, decimals: int) -> Decimal:
    """The value as an exact decimal of at most `decimals` places (half to even beyond).

    Numbers and strings that hold a number; RefusalError for all else, and for a size no register
    has (2^53).
    """
    number = _read_number(raw)
    if number is None:
        raise RefusalError("live.value-not-a-number", given=shown(raw))
    if number.copy_abs() >= _SIZE:
        raise RefusalError("live.value-too-large", given=shown(raw))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= decimals:
        return number
    with localcontext(prec=60) as context:
        context.rounding = ROUND_HALF_EVEN
        return number.quantize(Decimal(1).scaleb(-decimals))


def _read_number(raw: Any) -> Decimal | None:
    if isinstance(raw, Decimal):
        return raw if raw.is_finite() else None
    if isinstance(raw, str) and _NUMBER.fullmatch(raw):
        return Decimal(raw)
    return None


def _read_iso(raw: Any, zone: ZoneInfo | None) -> datetime:
    if not isinstance(raw, str) or not _ISO.fullmatch(raw):
        raise RefusalError("live.time-not-readable", given=shown(raw))
    try:
        stamp = datetime.fromisoformat(raw.upper().replace(",", "."))
        if stamp.tzinfo is not None:
            return stamp.astimezone(UTC)
        if zone is None:
            raise RefusalError("live.time-without-offset", given=shown(raw))
        return _in_zone(stamp, zone)
    except (ValueError, OverflowError):
        raise RefusalError("live.time-not-readable", given=shown(raw)) from None


def _in_zone(stamp: datetime, zone: ZoneInfo) -> datetime:
    first, second = (stamp.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:  # twice in the night clocks go back, never in the night they go forward
        raise RefusalError("live.time-ambiguous", given=stamp.isoformat(), zone=zone.key)
    return first


def _cut(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _span() -> dict[str, int]:
    return {"year": limit("earliest_year"), "minutes": limit("future_minutes")}
