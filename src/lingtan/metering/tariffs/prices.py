"""The price of every slot of a grid: the ratio of its period on the level of its month."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

from lingtan.errors import Fault, LingtanError, Place, fault
from lingtan.metering.grid import Grid
from lingtan.metering.tariffs.hours import UNKNOWN
from lingtan.metering.tariffs.loading import state_entries
from lingtan.metering.tariffs.periods import build_local_time, build_periods, find_versions
from lingtan.metering.tariffs.records import PERIODS, PeriodName, Tariff, Version
from lingtan.metering.tariffs.sheets import PriceSheet
from lingtan.periods import Period
from lingtan.quantities import exactly

PRICE_DIGITS = 6
"""Prices in arrays are whole millionths of the currency per kWh."""


@exactly
def compute_price(version: Version, sheet: PriceSheet, month: Period, period: PeriodName) -> Decimal | None:
    """The price of `period` in `month` per kWh: as stated, or fixed + floating x ratio.

    None where the sheet lacks the month or the period, or no document gives the ratio. Not rounded.
    """
    level = sheet.by_month.get(month)
    if level is None:
        return None
    if level.floating is None or level.fixed is None:
        return level.stated(period)
    ratio = version.ratio(period, month.month)
    return None if ratio is None else level.fixed + level.floating * ratio


def build_prices(tariff: Tariff, sheet: PriceSheet, grid: Grid) -> NDArray[np.int64]:
    """The price of each slot in whole millionths of the currency per kWh, UNKNOWN where not known.

    Rounded once, half to even, at the sixth digit. Days of entry into force that the sheet states
    are taken. LingtanError as `build_periods`, and where the sheet is for another tariff.
    """
    if sheet.tariff and sheet.tariff != tariff.id:
        context = {"tariff": tariff.id, "other": sheet.tariff}
        raise LingtanError([fault("tariff.other-sheet", Place(sheet.source), **context)])
    stated = state_entries(tariff, sheet.entries)
    periods = build_periods(stated, grid)
    local = build_local_time(stated, grid)
    known: dict[tuple[tuple[str, ...], Period], list[int]] = {}
    by_day = np.empty((len(local.days), len(PERIODS) + 1), np.int64)
    for index, day in enumerate(local.days):
        versions, month = find_versions(stated, day), Period(day.year, day.month)
        key = (tuple(version.id for version in versions), month)
        if key not in known:
            known[key] = _prices(versions, sheet, month)
        by_day[index] = known[key]
    return by_day[local.day_of[:, 0], periods]


def _prices(versions: tuple[Version, ...], sheet: PriceSheet, month: Period) -> list[int]:
    """Whole numbers by code of period, and UNKNOWN last, where the code UNKNOWN points to."""
    found = []
    for period in PERIODS:
        prices = {compute_price(version, sheet, month, period) for version in versions}
        price = prices.pop() if len(prices) == 1 else None
        found.append(UNKNOWN if price is None else whole_price(price))
    return [*found, UNKNOWN]


def whole_price(price: Decimal) -> int:
    """A price in whole millionths, rounded half to even."""
    return int(price.scaleb(PRICE_DIGITS).to_integral_value(ROUND_HALF_EVEN))


def check_prices(
    tariff: Tariff, sheet: PriceSheet, grid: Grid, *, prices: NDArray[np.int64]
) -> tuple[Fault, ...]:
    """Warnings `tariff.no-price`, one per month of the grid in which slots have no price, with how many."""
    unknown = np.bincount(grid.period_of[prices == UNKNOWN], minlength=len(grid.periods)).tolist()
    hours = grid.slot_minutes / 60
    return tuple(
        fault(
            "tariff.no-price", Place(sheet.source), tariff=tariff.id, month=month, hours=f"{count * hours:g}"
        )
        for month, count in zip(grid.periods, unknown, strict=True)
        if count
    )
