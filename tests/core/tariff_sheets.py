"""What tests of prices and bills share: grids of Shanghai and price sheets of May 2025."""

from __future__ import annotations

from lingtan.metering.grid import Grid, build_grid
from lingtan.metering.tariffs import (
    PriceSheet,
)
from lingtan.periods import Period

SHANGHAI = "Asia/Shanghai"
MAY = Period(2025, 5)


def grid_of(first: Period, last: Period | None = None, minutes: int = 60) -> Grid:
    return build_grid(first, last or first, SHANGHAI, slot_minutes=minutes)


def sheet_of(**prices: object) -> PriceSheet:
    return PriceSheet.model_validate({"months": [{"month": "2025-05", **prices}]})


DERIVED = {"floating": "0.6523", "fixed": "0.0757"}
"""What two prices observed in May 2025 leave: 0.4019 - 0.2062 = 0.3 x floating."""
