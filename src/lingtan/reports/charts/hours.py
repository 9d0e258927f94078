"""Load and carbon-free share of a park, hour by day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import count, pairwise

from lingtan.errors import Language
from lingtan.inventory.matching import ParkMatching
from lingtan.metering.carbon.parks import WH_PER_MWH, ParkHours
from lingtan.quantities import exactly
from lingtan.reports.charts.heat_map import HeatMap, by_hour, draw_heat_map
from lingtan.reports.charts.records import Chart
from lingtan.reports.charts.style import Speaker, load_style
from lingtan.texts import number

_WH_PER_KWH = 1000
_IN_MWH_FROM = 10 * WH_PER_MWH  # a largest hour below is shown in kWh
_ROUND = (1, 2, 3, 4, 5, 6, 8)
_SHARE_LIMITS = (0, 20, 40, 60, 80, 100)


def build_load_chart(hours: ParkHours, *, language: Language = "zh") -> Chart | None:
    """Electricity used in each hour, in MWh (kWh in a small park); None if no hour is known."""
    speaker = Speaker("load", language)
    load = [value for value in hours.load.tolist() if value >= 0]
    if not any(load):
        return None
    per_unit, unit = (WH_PER_MWH, "MWh") if max(load) >= _IN_MWH_FROM else (_WH_PER_KWH, "kWh")
    limits = find_limits(min(load), max(load), most=len(load_style().steps))
    names = [_said(limit, per_unit) for limit in limits]
    classes = [f"{one}–{other}" for one, other in pairwise(names)]
    values = [Fraction(value) if value >= 0 else None for value in hours.load.tolist()]
    by_day = by_hour(hours.begins, values)
    heat = HeatMap(hours.begins[0].year, by_day, f"{unit}/h", classes, lambda v: bisect_right(limits, v) - 1)
    peak = hours.load.tolist().index(max(load))
    words = {
        "year": heat.year, "unit": unit, "known": number(len(load), 0), "unknown": number(heat.unknown, 0),
        "highest": _said(max(load), per_unit), "lowest": _said(min(load), per_unit),
        "when": f"{hours.begins[peak]:%Y-%m-%d %H:%M}", "sum": _said(sum(load), per_unit, 0),
    }  # fmt: skip
    return _chart("load", heat, words, speaker)


def build_matching_chart(found: ParkMatching, *, language: Language = "zh") -> Chart | None:
    """Carbon-free share of the load of each hour, in percent; None if no hour has a load that is known."""
    speaker = Speaker("matching", language)
    hours, one = found.hours, found.matching
    pairs = zip(hours.load.tolist(), hours.free.tolist(), strict=True)
    shares = [Fraction(100 * free, load) if load > 0 and free >= 0 else None for load, free in pairs]
    known = [share for share in shares if share is not None]
    if not known:
        return None
    heat = HeatMap(hours.begins[0].year, by_hour(hours.begins, shares), "%", _share_classes(), _share_class)
    words = {
        "year": heat.year, "unit": "%", "known": number(len(known), 0), "unknown": number(heat.unknown, 0),
        "full": number(sum(share >= 100 for share in known), 0),
        "none": number(sum(share == 0 for share in known), 0),
        "hourly": _percent(one.hourly_share), "annual": _percent(one.annual_share),
    }  # fmt: skip
    return _chart("matching", heat, words, speaker)


def _chart(name: str, heat: HeatMap, words: dict[str, object], speaker: Speaker) -> Chart:
    hatched = speaker.say("hatched", **words) if heat.unknown else ""
    return Chart(
        id=name,
        title=speaker.say("title", **words),
        caption=speaker.say("caption", **words) + hatched,
        spec=draw_heat_map(heat, speaker),
        alt=speaker.say("alt", **words),
    )


def find_limits(lowest: int, highest: int, *, most: int) -> list[int]:
    """Round limits of at most so many equal classes that hold all from `lowest` to `highest`."""
    for power in count():
        for digits in _ROUND:
            step = digits * 10**power
            first, last = lowest // step, highest // step + 1
            if last - first <= most:
                return [step * n for n in range(first, last + 1)]
    raise AssertionError("never reached")


def _share_classes() -> Sequence[str]:
    """Nought apart, then five classes, each with its upper limit."""
    pairs = pairwise(_SHARE_LIMITS)
    return ["0", *(f"{one or '>0'}–{other}" for one, other in pairs)]


def _share_class(share: Fraction) -> int:
    return next(n for n, limit in enumerate(_SHARE_LIMITS) if share <= limit)


@exactly
def _said(watt_hours: int, per_unit: int, digits: int = 2) -> str:
    return number(Decimal(watt_hours) / per_unit, digits)


@exactly
def _percent(share: Decimal | None) -> str:
    return number(None if share is None else share * 100, 1)
