"""Time-of-use tariffs as dated data: periods and prices by the hour, demand, bills."""

from lingtan.metering.tariffs.billing import (
    Bill,
    BillLine,
    Contract,
    PeriodEnergy,
    Usage,
    compute_bill,
    compute_usage,
)
from lingtan.metering.tariffs.demand import Lookback, Peak, compute_billed, find_peaks
from lingtan.metering.tariffs.hours import UNKNOWN
from lingtan.metering.tariffs.loading import (
    check_tariffs,
    load_tariff,
    load_tariffs,
    read_tariffs,
    state_entries,
)
from lingtan.metering.tariffs.periods import build_periods, check_validity
from lingtan.metering.tariffs.prices import PRICE_DIGITS, build_prices, check_prices
from lingtan.metering.tariffs.records import PERIODS, Tariff, load_words
from lingtan.metering.tariffs.sheets import PriceSheet, SheetMonth, read_price_sheet

__all__ = [
    "PERIODS",
    "PRICE_DIGITS",
    "UNKNOWN",
    "Bill",
    "BillLine",
    "Contract",
    "Lookback",
    "Peak",
    "PeriodEnergy",
    "PriceSheet",
    "SheetMonth",
    "Tariff",
    "Usage",
    "build_periods",
    "build_prices",
    "check_prices",
    "check_tariffs",
    "check_validity",
    "compute_bill",
    "compute_billed",
    "compute_usage",
    "find_peaks",
    "load_tariff",
    "load_tariffs",
    "load_words",
    "read_price_sheet",
    "read_tariffs",
    "state_entries",
]
